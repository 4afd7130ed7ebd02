// Pointing in the ultrasound shows the place in the static view, and back. The
// pairs of landmarks hold at rest; on contracted frames the tissue that was
// followed tells where the place lies at rest; elsewhere it is said why not.
/** @import { Panel, PlayerState, Point } from "./types.d.ts" */
/** @import { LandmarkMap } from "./landmark_map.js" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./store.js" */
import { element, write } from "./dom.js";
import { insidePicture, mainRegion, toImage, toScreen } from "./geometry.js";
import { mapOf } from "./landmark_map.js";
import { words } from "./words.js";

/** @typedef {{from: PanelView, to: PanelView, clip: PanelView, still: PanelView, map: LandmarkMap}} Link */

export class CursorLink {
  #store;
  #label = element("span");
  #cross = element("div", { class: "msus-cross", "aria-hidden": "true" }, this.#label);
  /** @type {(() => void) | null} shows the cross anew for the pointer as it was last */
  #again = null;
  /** Comes when somebody first points at a contracted frame. @type {typeof import("./tissue_maps.js") | null} */
  #maps = null;

  /** @param {Stage} stage @param {Store<PlayerState>} store */
  constructor(stage, store) {
    this.#store = store;
    const views = [...stage.views.values()];
    const still = views.find((view) => view.panel.landmarks.length > 0);
    if (still === undefined) return;
    stage.after_draw.add(() => this.#again?.());
    for (const view of views) {
      const map = mapOf(still.panel.landmarks, view.panel.clip_id);
      if (view === still || map === null) continue;
      this.#listen({ from: view, to: still, clip: view, still, map });
      this.#listen({ from: still, to: view, clip: view, still, map });
    }
  }

  /** @param {Link} link */
  #listen(link) {
    const { from, to } = link;
    from.stage.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0 || from.place === null) return;
      const { left, top } = from.stage.getBoundingClientRect();
      const place = toImage(from.place, { x: event.clientX - left, y: event.clientY - top });
      this.#again = () => this.#show(link, place);
      this.#again();
    });
    from.stage.addEventListener("pointerleave", () => {
      this.#again = null;
      if (to.stage.contains(this.#cross)) this.#cross.remove();
    });
  }

  /** @param {Link} link @param {Point} place */
  #show(link, place) {
    const { to, still, map } = link;
    if (to.place === null || to.element.hidden) return;
    const there = this.#store.state().marks_hidden ? null : this.#across(link, place);
    if (there === null) {
      if (to.stage.contains(this.#cross)) this.#cross.remove();
      return;
    }
    const why = typeof there === "string" ? there : isIn(there, to.panel.clip) ? "" : words.link_outside;
    const { x, y } = typeof there === "string" || why !== "" ? { x: to.box.width / 2, y: to.box.height * 0.8 } : toScreen(to.place, there);
    this.#cross.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    const past = x > to.box.width * 0.6;
    if (this.#cross.hasAttribute("data-past") !== past) this.#cross.toggleAttribute("data-past", past);
    if (this.#cross.hasAttribute("data-why") !== (why !== "")) this.#cross.toggleAttribute("data-why", why !== "");
    write(this.#label, why === "" ? errorText(still.panel, map) : why);
    if (!to.stage.contains(this.#cross)) to.stage.append(this.#cross);
  }

  /** The same place in the other picture, a sentence why there is none, or null while that is not known. @param {Link} link @param {Point} place @returns {Point | string | null} */
  #across({ from, clip, still, map }, place) {
    const { panel, drawn } = clip;
    if (drawn === null || still.drawn === null) return null;
    if (still.drawn !== map.slice_index) return `The ultrasound shows slice ${map.slice_index + 1}.`;
    if (isAtRest(panel, drawn, map.frame_index)) return from === still ? map.toClip(place) : map.toStatic(place);
    if (panel.clip.maps_url === null) return words.link_at_rest_only;
    const tissue = this.#tissueOf(panel);
    if (tissue === null || this.#maps === null) return null;
    if (from === still) return this.#maps.carry(tissue, map.toClip(place), map.frame_index, drawn) ?? words.link_lost;
    const at_rest = this.#maps.carry(tissue, place, drawn, map.frame_index);
    return at_rest === null ? words.link_lost : map.toStatic(at_rest);
  }

  /** @param {Panel} panel */
  #tissueOf({ clip: { maps_url } }) {
    const again = () => this.#again?.();
    if (maps_url === null || this.#maps !== null) return this.#maps?.tissueMap(maps_url, again) ?? null;
    void import("./tissue_maps.js").then((maps) => {
      this.#maps = maps;
      again();
    });
    return null;
  }
}

/** @param {Point} place @param {Panel["clip"]} clip */
function isIn(place, clip) {
  const inside = insidePicture(place, clip);
  return inside.x_px === place.x_px && inside.y_px === place.y_px;
}

/** Whether a frame shows the tissue where the landmarks were placed. @param {Panel} panel @param {number} frame_index @param {number} placed_at */
export function isAtRest({ clip }, frame_index, placed_at) {
  const chapter = clip.chapters.find((each) => placed_at >= each.first_frame_index && placed_at <= each.last_frame_index);
  if (chapter === undefined) return frame_index === placed_at;
  return frame_index >= chapter.first_frame_index && frame_index <= chapter.last_frame_index;
}

/** @param {Panel} still @param {LandmarkMap} map */
function errorText({ clip }, { error_px, pairs }) {
  if (error_px === null) return `${pairs} landmarks: too few to tell their error`;
  const region = mainRegion(clip);
  const error = region === null ? error_px : (error_px * (region.mm_per_px_x + region.mm_per_px_y)) / 2;
  return `landmark error ${error < 0.1 ? "< 0.1" : error.toFixed(1)} ${region === null ? "px" : "mm"}`;
}
