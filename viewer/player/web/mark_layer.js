// The marks over one picture: a canvas of their own that is drawn anew when a
// frame, the view or the choice of marks changes, and that is not there
// where a clip has none.
/** @import { Box, Mark, Panel, Placement, PlayerState } from "./types.d.ts" */
/** @import { Shape } from "./marks.js" */
/** @import { Rect, Wish } from "./mark_labels.js" */
import { element } from "./dom.js";
import { drawLabel, drawLeader, drawMark, drawSpotlight, labelSize, labelText } from "./mark_drawing.js";
import { Ink, placeLabels } from "./mark_labels.js";
import { mainRegion, toScreen } from "./geometry.js";
import { anchorsOf, isClosed, marksOf, saidOf, shapesOn } from "./marks.js";
import { fitCanvas } from "./picture.js";

/** More labels than this no picture holds. */
const LABELS_MAX = 40;
const SMALLEST_PX = 10;
/** An outline that takes more of the box than this is anatomy, not the finding. */
const FINDING_SHARE = 0.2;

/** @typedef {{place: Placement, box: Box, frame_index: number, font_px: number, ratio: number, place_key: string}} Sight */

export class MarkLayer {
  canvas = element("canvas", { class: "msus-overlay msus-marks", "aria-hidden": "true", hidden: true });
  #panel;
  /** @type {CanvasRenderingContext2D | null} */
  #context = null;
  #key = "";
  /** @type {readonly string[] | null} */
  #off = null;
  /** @type {readonly Mark[] | null} */
  #marks = null;
  /** @type {PlayerState["draft"]} */
  #draft = null;
  /** @type {Map<string, string>} slot of each label, by mark */
  #slots = new Map();

  /** @param {Panel} panel */
  constructor(panel) {
    this.#panel = panel;
  }

  /** @param {PlayerState} state @param {Sight} sight */
  draw(state, sight) {
    const { marks } = saidOf(state, this.#panel.clip_id);
    const { draft } = state;
    const hidden = (marks.length === 0 && draft?.clip_id !== this.#panel.clip_id) || state.marks_hidden;
    if (this.canvas.hidden !== hidden) this.canvas.hidden = hidden;
    if (hidden) return;
    const key = `${sight.place_key} ${sight.box.width} ${sight.box.height} ${sight.ratio} ${sight.font_px} ${sight.frame_index} ${state.text_hidden} ${state.spotlight}`;
    if (key === this.#key && state.marks_off === this.#off && marks === this.#marks && draft === this.#draft) return;
    this.#key = key;
    this.#off = state.marks_off;
    this.#marks = marks;
    this.#draft = draft;
    const context = this.#context ??= this.canvas.getContext("2d");
    if (context === null) return;
    if (!fitCanvas(this.canvas, sight.box, sight.ratio)) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    }
    context.setTransform(sight.ratio, 0, 0, sight.ratio, 0, 0);
    this.paint(context, state, sight);
  }

  /** Draws the marks on any canvas whose transform maps CSS px of the box. @param {CanvasRenderingContext2D} context @param {PlayerState} state @param {Pick<Sight, "place" | "box" | "frame_index" | "font_px">} sight */
  paint(context, state, { place, box, frame_index, font_px }) {
    const marks = marksOf(state, this.#panel.clip_id);
    if (marks.length === 0 || state.marks_hidden) return;
    const shapes = shapesOn(marks, frame_index, place, state.marks_off);
    const lit = shapes.find(({ mark }) => mark.mark_id === state.spotlight && isClosed(mark));
    if (lit !== undefined) drawSpotlight(context, lit, box);
    const width = Math.max(font_px / 7, 1.6);
    for (const shape of shapes) drawMark(context, shape, width);
    if (!state.text_hidden) this.#label(context, shapes, { place, box, font_px });
  }

  /** @param {CanvasRenderingContext2D} context @param {readonly Shape[]} shapes @param {Pick<Sight, "place" | "box" | "font_px">} sight */
  #label(context, shapes, { place, box, font_px: overlay_px }) {
    const font_px = Math.max(overlay_px - 2, SMALLEST_PX);
    context.font = `600 ${font_px}px system-ui, sans-serif`;
    const named = shapes.filter((shape) => labelText(shape) !== "").slice(0, LABELS_MAX);
    /** @type {Wish[]} */
    const wishes = named.map((shape) => ({
      mark_id: shape.mark.mark_id, anchors: anchorsOf(shape), on_it: shape.mark.kind === "text",
      ...labelSize(context.measureText(labelText(shape)).width, font_px),
    }));
    const spots = placeLabels(wishes, box, inkOf(shapes, box), reservedIn(this.#panel, place, box, overlay_px), this.#slots);
    this.#slots = new Map(spots.map((spot) => [spot.mark_id, spot.slot]));
    const by_id = new Map(named.map((shape) => [shape.mark.mark_id, shape]));
    const pairs = spots.map((spot) => /** @type {const} */ ([by_id.get(spot.mark_id), spot]));
    for (const [shape, spot] of pairs) if (shape !== undefined && spot.moved) drawLeader(context, shape, spot);
    for (const [shape, spot] of pairs) if (shape !== undefined) drawLabel(context, shape, spot, font_px);
  }
}

/** What labels should not cover: lines, and the whole of a gap or a small tissue, which is the finding. @param {readonly Shape[]} shapes @param {Box} box */
function inkOf(shapes, box) {
  const ink = new Ink(box);
  for (const { mark, points } of shapes) {
    if (mark.kind === "text") continue;
    ink.add(points, isClosed(mark));
    if (mark.kind !== "caliper" && !isClosed(mark)) continue;
    const rect = boundsOf(points);
    if (rect.width * rect.height < FINDING_SHARE * box.width * box.height) ink.fill(rect);
  }
  return ink;
}

/** @param {readonly number[]} points @returns {Rect} */
function boundsOf(points) {
  const xs = points.filter((_, at) => at % 2 === 0);
  const ys = points.filter((_, at) => at % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
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
