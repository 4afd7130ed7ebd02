// The marks over one picture: a canvas of their own that is drawn anew when a
// frame, the view or the choice of marks changes, and that is not there
// where a clip has none.
/** @import { Box, Mark, Panel, Placement, PlayerState } from "./types.d.ts" */
/** @import { Shape } from "./marks.js" */
/** @import { Rect } from "./mark_labels.js" */
/** @import { Plan, View } from "./label_plan.js" */
import { element, hide, write } from "./dom.js";
import { longestMeasure } from "./mark_measure.js";
import { drawLabel, drawLeader, drawMark, drawSpotlight } from "./mark_drawing.js";
import { labelled, labelsOn, planLabels } from "./label_plan.js";
import { isCrowd, StillMarks } from "./crowd.js";
import { mainRegion, toScreen } from "./geometry.js";
import { isClosed, looksAlike, marksOf, saidOf, shapesOn } from "./marks.js";
import { fitCanvas } from "./picture.js";
import { words } from "./words.js";

const REST_MS = 150;
const SMALLEST_PX = 11;
/** @type {readonly string[]} */
const NOBODY = Object.freeze([]);
/** @type {readonly string[]} */
const CROWD = Object.freeze([""]);

/** @typedef {{place: Placement, box: Box, frame_index: number, font_px: number, ratio: number, place_key: string}} Sight */

export class MarkLayer {
  canvas = element("canvas", { class: "msus-overlay msus-marks", "aria-hidden": "true", hidden: true });
  #panel;
  /** @type {CanvasRenderingContext2D | null} */
  #context = null;
  #key = "";
  #frame_index = -1;
  /** @type {readonly string[] | null} */
  #off = null;
  /** @type {readonly Mark[] | null} */
  #marks = null;
  /** @type {PlayerState["draft"]} */
  #draft = null;
  #still = new StillMarks();
  /** Words of the numbers on a picture that is too small for labels. */
  legend = element("ol", { class: "msus-legend-marks", hidden: true });
  /** @type {Plan | null} */
  #plan = null;
  #plan_key = "";
  /** Place, marks and draft that labels were planned for. @type {readonly unknown[]} */
  #planned_for = [];
  /** Whether the view or a mark moves, so that labels are not planned yet. */
  #waits = false;
  #timer = 0;
  /** @type {{state: PlayerState, sight: Sight} | null} */
  #last = null;
  /** @type {readonly string[] | null} */
  #legend_names = null;
  /** @type {Map<string, number>} width of each text that was measured */
  #widths = new Map();

  /** @param {Panel} panel */
  constructor(panel) {
    this.#panel = panel;
  }

  /** @param {PlayerState} state @param {Sight} sight */
  draw(state, sight) {
    this.#last = { state, sight };
    const { marks } = saidOf(state, this.#panel.clip_id);
    const { draft } = state;
    const hidden = (marks.length === 0 && draft?.clip_id !== this.#panel.clip_id) || state.marks_hidden;
    hide(this.canvas, hidden);
    if (hidden || state.text_hidden) hide(this.legend, true);
    if (hidden) return;
    const key = `${sight.place_key} ${sight.box.width} ${sight.box.height} ${sight.ratio} ${sight.font_px} ${state.text_hidden} ${state.spotlight}`;
    const before = this.#frame_index;
    this.#frame_index = sight.frame_index;
    const same_view = key === this.#key && state.marks_off === this.#off && marks === this.#marks && draft === this.#draft;
    if (same_view && looksAlike(marksOf(state, this.#panel.clip_id), before, sight.frame_index, state.marks_off)) return;
    const moved = (key !== this.#key && this.#key !== "") || marks !== this.#marks || draft !== this.#draft;
    if (moved && this.#plan !== null) this.#planAtRest();
    this.#key = key;
    this.#off = state.marks_off;
    this.#marks = marks;
    this.#draft = draft;
    const context = this.#context ??= this.canvas.getContext("2d");
    if (context === null) return;
    const crowd = isCrowd(marksOf(state, this.#panel.clip_id), state.marks_off) ? { still: this.#still, key: `${key} ${state.marks_off.join()}`, ratio: sight.ratio } : null;
    if (!fitCanvas(this.canvas, sight.box, sight.ratio) && crowd === null) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    }
    context.setTransform(sight.ratio, 0, 0, sight.ratio, 0, 0);
    this.paint(context, state, sight, crowd);
  }

  /** To plan labels anew takes several frames: while the view or a mark moves they keep their places, and get new ones once it stands. */
  #planAtRest() {
    clearTimeout(this.#timer);
    this.#waits = true;
    this.#timer = window.setTimeout(() => {
      this.#waits = false;
      this.#key = "";
      if (this.#last !== null) this.draw(this.#last.state, this.#last.sight);
    }, REST_MS);
  }

  /** Draws the marks on any canvas whose transform maps CSS px of the box. @param {CanvasRenderingContext2D} context @param {PlayerState} state @param {Pick<Sight, "place" | "box" | "frame_index" | "font_px">} sight @param {{still: StillMarks, key: string, ratio: number} | null} [crowd]  what is kept of it from frame to frame */
  paint(context, state, { place, box, frame_index, font_px }, crowd = null) {
    const marks = marksOf(state, this.#panel.clip_id);
    if (marks.length === 0 || state.marks_hidden) return;
    const shapes = shapesOn(marks, frame_index, place, state.marks_off, this.#panel.clip);
    const lit = shapes.find(({ mark }) => mark.mark_id === state.spotlight && isClosed(mark));
    const width = Math.max(font_px / 7, 1.6);
    /** @type {readonly Shape[]} */
    let left = shapes;
    if (crowd !== null) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      left = crowd.still.lay(context, marks, shapes, { ...crowd, box, width });
      context.setTransform(crowd.ratio, 0, 0, crowd.ratio, 0, 0);
    }
    if (lit !== undefined) drawSpotlight(context, lit, box);
    const plainly = isCrowd(marks, state.marks_off);
    for (const shape of left) drawMark(context, shape, width, plainly && shape !== lit);
    if (!state.text_hidden) this.#label(context, state, shapes, { place, box, font_px, frame_index });
  }

  /** @param {CanvasRenderingContext2D} context @param {PlayerState} state @param {readonly Shape[]} shapes @param {Pick<Sight, "place" | "box" | "font_px" | "frame_index">} sight */
  #label(context, state, shapes, { place, box, font_px: overlay_px, frame_index }) {
    const all = marksOf(state, this.#panel.clip_id);
    const crowd = isCrowd(all, state.marks_off);
    const marks = labelled(crowd ? all.filter(({ mark_id }) => mark_id === state.spotlight) : all, state.marks_off, this.#panel.clip);
    const font_px = Math.max(overlay_px - 2, SMALLEST_PX);
    context.font = `600 ${font_px}px system-ui, sans-serif`;
    /** @type {View} */
    const view = { place, box, font_px, clip: this.#panel.clip, reserved: reservedIn(this.#panel, place, box, overlay_px), region: regionIn(this.#panel, place), measure: (text) => this.#widthOf(context, text, font_px) };
    const key = `${box.width} ${box.height} ${font_px} ${marks.map((mark) => `${mark.mark_id} ${mark.label}`).join("|")}`;
    const place_key = JSON.stringify(place);
    const planned = [place_key, saidOf(state, this.#panel.clip_id).marks, state.draft];
    const moved = planned.some((part, at) => part !== this.#planned_for[at]);
    if (this.#plan === null || key !== this.#plan_key || (moved && !this.#waits)) {
      this.#plan = planLabels(marks, frame_index, view);
      this.#plan_key = key;
      this.#planned_for = planned;
    }
    const { labels, plan } = labelsOn(this.#plan, shapes, view);
    this.#plan = plan;
    const by_id = new Map(shapes.map((shape) => [shape.mark.mark_id, shape]));
    const pairs = labels.map((label) => /** @type {const} */ ([by_id.get(label.mark_id), label]));
    for (const [shape, { leader }] of pairs) if (shape !== undefined && leader !== null) drawLeader(context, shape, leader);
    for (const [shape, label] of pairs) if (shape !== undefined) drawLabel(context, shape, label, font_px);
    if (crowd) this.#tellCrowd();
    else this.#tellLegend(marks, shapes);
  }

  /** That labels are left out is said where their words would stand. */
  #tellCrowd() {
    hide(this.legend, false);
    if (this.#legend_names === CROWD) return;
    this.#legend_names = CROWD;
    this.legend.replaceChildren(element("li", { class: "is-note" }, words.crowd));
  }

  /** @param {CanvasRenderingContext2D} context @param {string} text @param {number} font_px */
  #widthOf(context, text, font_px) {
    const key = `${font_px} ${text}`;
    const width = this.#widths.get(key) ?? context.measureText(text).width;
    this.#widths.set(key, width);
    return width;
  }

  /** The words of numbers, below the picture: all of the clip, so that nothing moves from frame to frame. @param {readonly Mark[]} marks @param {readonly Shape[]} shapes */
  #tellLegend(marks, shapes) {
    const names = this.#plan?.mode === "numbers" ? this.#plan.names : NOBODY;
    hide(this.legend, names.length === 0);
    if (names !== this.#legend_names) {
      this.#legend_names = names;
      const by_id = new Map(marks.map((mark) => [mark.mark_id, mark]));
      this.legend.replaceChildren(...names.map((name) => legendItem(by_id.get(name), this.#panel.clip)));
    }
    names.forEach((name, at) => tellItem(this.legend.children[at], shapes.find(({ mark }) => mark.mark_id === name)));
  }
}

/** @param {Element | undefined} item @param {Shape | undefined} shape  undefined where the frame does not show the mark */
function tellItem(item, shape) {
  item?.toggleAttribute("data-seen", shape !== undefined);
  const measure = item?.querySelector(".msus-legend-measure");
  if (measure instanceof HTMLElement) write(measure, shape?.measure ?? "");
}

/** @param {Mark | undefined} mark @param {Panel["clip"]} clip */
function legendItem(mark, clip) {
  const item = element("li", {}, mark?.label || (mark?.kind ?? ""));
  const longest = mark === undefined ? "" : longestMeasure(mark, clip);
  if (longest !== "") {
    const measure = element("span", { class: "msus-legend-measure" });
    measure.style.minWidth = `${longest.length}ch`; // so that nothing moves from frame to frame
    item.append(measure);
  }
  item.style.setProperty("--mark", mark?.colour ?? "transparent");
  return item;
}

/** The picture proper, beside which the margin is dark. @param {Panel} panel @param {Placement} place @returns {Rect | null} */
function regionIn({ clip }, place) {
  const region = mainRegion(clip);
  if (region === null) return null;
  const [one, other] = [toScreen(place, { x_px: region.x0, y_px: region.y0 }), toScreen(place, { x_px: region.x1 + 1, y_px: region.y1 + 1 })];
  return { x: Math.min(one.x, other.x), y: one.y, width: Math.abs(other.x - one.x), height: other.y - one.y };
}

/** Where the overlay writes: upper edge, right upper corner, lower edge, ticks. @param {Panel} panel @param {Placement} place @param {Box} box @param {number} font_px @returns {Rect[]} */
function reservedIn({ clip }, place, box, font_px) {
  const corners = [
    { x: 0, y: 0, width: box.width, height: font_px * 2.9 },
    { x: box.width - font_px * 9, y: 0, width: font_px * 9, height: font_px * 3.3 },
    { x: 0, y: box.height - font_px * 2, width: box.width, height: font_px * 2 },
  ];
  const region = mainRegion(clip);
  if (region === null) return corners;
  const edges = [region.x0, region.x1 + 1].map((x_px) => toScreen(place, { x_px, y_px: region.y0 }).x);
  const right = Math.min(Math.max(...edges), box.width);
  return [...corners, { x: right - font_px * 3.9, y: 0, width: font_px * 3.9, height: box.height }];
}
