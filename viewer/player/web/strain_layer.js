// Strain along the fascicles as colours over the picture: one cell for each
// point of the tissue that was followed, where it is on this frame; cells whose
// strain cannot be relied on are left out.
/** @import { Panel, Placement, PlayerState } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { TissueMap } from "./tissue_map.js" */
/** @import { Room } from "./ways.js" */
import { element, write } from "./dom.js";
import { toScreen } from "./geometry.js";
import { fitCanvas, pixelRatio } from "./picture.js";
import { shownPanels } from "./position.js";
import { LIMIT, strainColour, strainGradient } from "./strain_colours.js";
import { placeOf, strainOf } from "./tissue_map.js";
import { tissueMap } from "./tissue_maps.js";
import { words } from "./words.js";

/** How strongly the colours cover the picture. */
const OPACITY = 0.55;

/** Cells overlap: points were thinned from a finer grid, lie up to 4/3 of a cell apart, and part a little more where they wander. */
const COVER = 1.5;

/** @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, key: string}} Sheet */

export class StrainLayer {
  #room;
  /** @type {Map<string, Sheet>} by panel */
  #sheets = new Map();
  #note = element("span");
  #legend;

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    const bar = element("span", { class: "msus-strain-bar", "aria-hidden": "true" });
    bar.style.background = strainGradient();
    const end = `${Math.round(LIMIT * 100)} %`;
    this.#legend = element("div", { class: "msus-legend", "data-strain": true }, element("span", {}, `Strain along the fascicles: −${end} shorter`), bar, element("span", {}, `+${end} longer`), this.#note);
  }

  draw() {
    const { stage, store } = this.#room;
    const state = store.state();
    for (const view of stage.views.values()) this.#drawView(state, view);
    this.#say(state);
  }

  /** @param {Panel} panel @returns {TissueMap | null} */
  #mapOf({ clip }) {
    return tissueMap(clip.maps_url, () => this.#room.stage.schedule());
  }

  /** @param {PlayerState} state @param {PanelView} view */
  #drawView(state, view) {
    const { panel, place, drawn } = view;
    const map = isAsked(state) && panel.role !== "static" ? this.#mapOf(panel) : null;
    const sheet = this.#sheets.get(panel.panel_id) ?? (map === null ? undefined : this.#addSheet(view));
    if (sheet === undefined) return;
    if (sheet.canvas.hidden !== (map === null)) sheet.canvas.hidden = map === null;
    if (map === null || place === null || drawn === null) return;
    const ratio = pixelRatio();
    const key = `${JSON.stringify(place)} ${view.box.width} ${view.box.height} ${ratio} ${drawn}`;
    if (key === sheet.key) return;
    sheet.key = key;
    const { canvas, context } = sheet;
    if (!fitCanvas(canvas, view.box, ratio)) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintStrain(context, map, place, drawn);
  }

  /** Draws on a picture to save what is on the screen. @param {CanvasRenderingContext2D} context @param {PanelView} view */
  paint(context, { panel, box }) {
    const sheet = this.#sheets.get(panel.panel_id);
    if (sheet === undefined || sheet.canvas.hidden) return;
    context.save();
    context.globalAlpha = OPACITY;
    context.drawImage(sheet.canvas, 0, 0, box.width, box.height);
    context.restore();
  }

  /** What is said of it. @returns {string[]} */
  get texts() {
    return this.#legend.isConnected ? [[...this.#legend.children].map((each) => each.textContent).filter((each) => each !== "").join(" … ")] : [];
  }

  /** @param {PanelView} view @returns {Sheet} */
  #addSheet(view) {
    const canvas = element("canvas", { class: "msus-overlay msus-strain", "aria-hidden": "true" });
    canvas.style.opacity = String(OPACITY);
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("This browser gives no canvas.");
    (view.stage.querySelector(".msus-tissue") ?? view.marks.canvas).before(canvas);
    const sheet = { canvas, context, key: "" };
    this.#sheets.set(view.panel.panel_id, sheet);
    return sheet;
  }

  /** @param {PlayerState} state */
  #say(state) {
    if (!isAsked(state)) return this.#legend.remove();
    if (!this.#legend.isConnected) this.#room.stage.element.after(this.#legend);
    const panels = shownPanels(state).filter((panel) => panel.clip.maps_url !== null);
    const rests = [...new Set(panels.flatMap((panel) => this.#mapOf(panel)?.rest_frame_index ?? []))];
    write(this.#note, rests.length === 0 ? words.strain_loading : `since rest (frame ${rests.map((rest) => rest + 1).join(", ")}), measured by following the speckle; left out where it cannot be relied on`);
  }

  destroy() {
    for (const { canvas } of this.#sheets.values()) canvas.remove();
    this.#legend.remove();
  }
}

/** @param {PlayerState} state */
function isAsked(state) {
  return state.strain && !state.marks_hidden;
}

/** @param {CanvasRenderingContext2D} context @param {TissueMap} map @param {Placement} place @param {number} frame_index */
function paintStrain(context, map, place, frame_index) {
  const [wide, high] = [COVER * map.cell_px * place.scale_x, COVER * map.cell_px * place.scale_y];
  for (let point = 0; point < map.points; point += 1) {
    const strain = strainOf(map, point, frame_index);
    const at = strain === null ? null : placeOf(map, point, frame_index);
    if (strain === null || at === null) continue;
    const { x, y } = toScreen(place, at);
    context.fillStyle = strainColour(strain);
    context.fillRect(x - wide / 2, y - high / 2, wide, high);
  }
}
