// Pointing in the ultrasound at rest shows the place in the static view, and
// back; elsewhere nothing is shown, because tissue that has moved lies elsewhere.
/** @import { Panel, PlayerState } from "./types.d.ts" */
/** @import { LandmarkMap } from "./landmark_map.js" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./store.js" */
import { element, write } from "./dom.js";
import { insidePicture, mainRegion, toImage, toScreen } from "./geometry.js";
import { mapOf, mapped } from "./landmark_map.js";

export class CursorLink {
  #store;
  #label = element("span");
  #cross = element("div", { class: "msus-cross", "aria-hidden": "true" }, this.#label);

  /** @param {Stage} stage @param {Store<PlayerState>} store */
  constructor(stage, store) {
    this.#store = store;
    const views = [...stage.views.values()];
    const still = views.find((view) => view.panel.landmarks.length > 0);
    if (still === undefined) return;
    for (const view of views) {
      const map = mapOf(still.panel.landmarks, view.panel.clip_id);
      if (view === still || map === null) continue;
      this.#listen(view, still, map, "toStatic");
      this.#listen(still, view, map, "toClip");
    }
  }

  /** @param {PanelView} from @param {PanelView} to @param {LandmarkMap} map @param {"toStatic" | "toClip"} way */
  #listen(from, to, map, way) {
    const [clip, still] = way === "toStatic" ? [from, to] : [to, from];
    from.stage.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0 || from.place === null || to.place === null || to.element.hidden) return;
      if (this.#store.state().marks_hidden || still.drawn !== map.slice_index || clip.drawn === null || !isAtRest(clip.panel, clip.drawn, map.frame_index)) {
        if (to.stage.contains(this.#cross)) this.#cross.remove();
        return;
      }
      const { left, top } = from.stage.getBoundingClientRect();
      const there = mapped(map[way], toImage(from.place, { x: event.clientX - left, y: event.clientY - top }));
      const inside = insidePicture(there, to.panel.clip);
      if (inside.x_px !== there.x_px || inside.y_px !== there.y_px) return this.#cross.remove();
      const { x, y } = toScreen(to.place, there);
      this.#cross.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      write(this.#label, errorText(still.panel, map));
      if (!to.stage.contains(this.#cross)) to.stage.append(this.#cross);
    });
    from.stage.addEventListener("pointerleave", () => to.stage.contains(this.#cross) && this.#cross.remove());
  }
}

/** Whether a frame shows the tissue where the landmarks were placed. @param {Panel} panel @param {number} frame_index @param {number} placed_at */
export function isAtRest({ clip }, frame_index, placed_at) {
  const chapter = clip.chapters.find((each) => placed_at >= each.first_frame_index && placed_at <= each.last_frame_index);
  if (chapter === undefined) return frame_index === placed_at;
  return frame_index >= chapter.first_frame_index && frame_index <= chapter.last_frame_index;
}

/** @param {Panel} still @param {LandmarkMap} map */
function errorText({ clip }, map) {
  const region = mainRegion(clip);
  const error = region === null ? map.error_px : (map.error_px * (region.mm_per_px_x + region.mm_per_px_y)) / 2;
  return `landmark error ${error < 0.1 ? "< 0.1" : error.toFixed(1)} ${region === null ? "px" : "mm"}`;
}
