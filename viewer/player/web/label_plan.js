// How the labels of a picture stand: beside their marks where all of them find
// room there on the whole clip; else in columns at the margin; else, where the
// picture is too small, as numbers with the words below. Chosen once for a
// view, so that nothing hops while frames go by.
/** @import { Box, Mark, Placement } from "./types.d.ts" */
/** @import { Scaled } from "./drawing/types.d.ts" */
/** @import { Shape } from "./marks.js" */
/** @import { Rect, Wish } from "./mark_labels.js" */
/** @import { Berth, Tied } from "./mark_columns.js" */
import { columnsOf, leadersCross, mooring } from "./mark_columns.js";
import { Ink, placeLabels, placeNumbers } from "./mark_labels.js";
import { longestMeasure } from "./mark_measure.js";
import { anchorsOf, isClosed, shapesOn } from "./marks.js";

/** @typedef {Rect & {mark_id: string, lines: readonly string[], number: number | null, leader: readonly number[] | null}} Label  leader: points of its line, from the label to the mark */
/** @typedef {{place: Placement, box: Box, reserved: readonly Rect[], font_px: number, measure: (text: string) => number, clip: Scaled}} View  measure: width of a text; clip: gives the scale */
/** @typedef {{mode: "beside" | "margin" | "numbers", names: readonly string[], berths: readonly Berth[]}} Plan */

/** More labels than this no picture holds; the list of marks names the rest. */
export const LABELS_MAX = 40;
const SAMPLES = 6;
/** More labels than this are not even tried beside their marks. */
const BESIDE_MAX = 14;
/** An outline that takes more of the box than this is anatomy, not the finding. */
const FINDING_SHARE = 0.2;
/** A column takes no more than this share of the width: the middle belongs to the picture. */
const COLUMN_SHARE = 0.26;
/** A longer label is broken up; in heights of its letters. */
const LONGEST = 10.5;
/** A leader meets its mark at least so far from its column. */
const CLEAR_PX = 8;
const LOWEST_PX = 230;
const EDGE_PX = 4;
const BAR_PX = 4;
const PAD_PX = 4;

/** Size of a label. @param {readonly number[]} widths_px  of its lines @param {number} font_px */
export function labelSize(widths_px, font_px) {
  const lead = Math.ceil(font_px * 1.15) * (widths_px.length - 1);
  return { width: Math.ceil(Math.max(...widths_px) + BAR_PX + PAD_PX * 2.5), height: Math.ceil(font_px + PAD_PX * 1.6) + lead };
}

/** Words of a label; a place that is not sure says so. @param {Pick<Shape, "mark" | "unsure" | "measure">} shape */
export function labelText({ mark, unsure, measure }) {
  const text = [mark.label, measure].filter((part) => part !== "").join(" ");
  return text === "" ? "" : `${text}${unsure ? " (?)" : ""}`;
}

/** Marks that are labelled, as far as a picture can: by their word, or by what they measure. @param {readonly Mark[]} marks @param {readonly string[]} off @param {Scaled} clip */
export function labelled(marks, off, clip) {
  return marks.filter((mark) => (mark.label !== "" || longestMeasure(mark, clip) !== "") && !off.includes(mark.mark_id)).slice(0, LABELS_MAX);
}

/**
 * Chooses how labels stand on all frames of a view.
 * @param {readonly Mark[]} marks  the labelled ones @param {number} frame_index @param {View} view
 * @returns {Plan}
 */
export function planLabels(marks, frame_index, view) {
  const frames = samplesOf(marks, frame_index).map((index) => shapesOn(marks, index, view.place, [], view.clip));
  const names = marks.map((mark) => mark.mark_id);
  /** @type {Plan} */
  const beside = { mode: "beside", names, berths: [] };
  if (marks.length <= BESIDE_MAX && frames.every((shapes) => besideAll(shapes, view))) return beside;
  return marginPlan(marks, frames, view) ?? { ...beside, mode: "numbers" };
}

/** @param {readonly Mark[]} marks @param {number} frame_index @returns {number[]} the one on screen first, then some over the clip */
function samplesOf(marks, frame_index) {
  const count = marks[0]?.places_px.length ?? 0;
  return [frame_index, ...Array.from({ length: Math.min(SAMPLES, count) }, (_, at) => Math.round((at * (count - 1)) / Math.max(SAMPLES - 1, 1)))];
}

/** Whether every label that can be seen finds room beside its mark. @param {readonly Shape[]} shapes @param {View} view */
function besideAll(shapes, view) {
  const wishes = wishesOf(shapes, view).filter(({ anchors }) => anyInside(anchors, view.box));
  return placeLabels(wishes, view.box, inkOf(shapes, view.box), view.reserved, new Map()).length === wishes.length;
}

/** @param {readonly Shape[]} shapes @param {View} view @returns {Wish[]} */
export function wishesOf(shapes, { font_px, measure, clip }) {
  return shapes.filter((shape) => labelText(shape) !== "").map((shape) => ({
    mark_id: shape.mark.mark_id, anchors: anchorsOf(shape), on_it: shape.mark.kind === "text",
    ...labelSize([Math.max(measure(labelText(shape)), measure(labelText({ ...shape, measure: longestMeasure(shape.mark, clip) })))], font_px),
  }));
}

/** @param {readonly Mark[]} marks @param {readonly (readonly Shape[])[]} frames @param {View} view @returns {Plan | null} */
function marginPlan(marks, frames, view) {
  const { box, font_px, measure, reserved } = view;
  const lines = new Map(marks.map((mark) => [mark.mark_id, linesOf(longestText(mark, view.clip), view)]));
  const sizes = [...lines.values()].map((each) => labelSize(each.map(measure), font_px));
  const size = { width: Math.max(...sizes.map(({ width }) => width)), height: Math.max(...sizes.map(({ height }) => height)) };
  if (size.width > COLUMN_SHARE * box.width || box.height < LOWEST_PX) return null;
  const room = roomOf(box, reserved);
  const tied = firstSeen(marks, frames, { box, room, width: size.width });
  const berths = columnsOf(tied, size, room, frames.flatMap((shapes) => findingsOf(shapes, box)));
  return berths === null ? null : { mode: "margin", names: marks.map((mark) => mark.mark_id), berths };
}

/** The longest words that a mark has on some frame. @param {Mark} mark @param {Scaled} clip */
function longestText(mark, clip) {
  return labelText({ mark, unsure: mark.unsure_frame_indices.length > 0, measure: longestMeasure(mark, clip) });
}

/** @param {string} text @param {View} view */
const linesOf = (text, { font_px, measure }) => brokenUp(text, LONGEST * font_px, measure);

/** @typedef {{box: Box, room: import("./mark_columns.js").Room, width: number}} Margin  width: of a column */

/** Where each mark is met by a leader, on the first of these frames on which it is in the box. @param {readonly Mark[]} marks @param {readonly (readonly Shape[])[]} frames @param {Margin} margin */
function firstSeen(marks, frames, margin) {
  return marks.flatMap(({ mark_id }) => {
    const shape = frames.map((shapes) => shapes.find(({ mark }) => mark.mark_id === mark_id)).find((each) => each !== undefined && anyInside(anchorsOf(each), margin.box));
    return shape === undefined ? [] : [tiedOf(shape, margin)];
  });
}

/** @param {Shape} shape @param {Margin} margin @returns {Tied} */
function tiedOf(shape, { box, room, width }) {
  const inside = pairsOf(anchorsOf(shape)).filter(([x, y]) => isInside(x, y, box)).sort((one, other) => one[0] - other[0]);
  const [left_x, left_y] = inside.find(([x]) => x >= room.left + width + CLEAR_PX) ?? inside.at(-1) ?? [0, 0];
  const [right_x, right_y] = inside.findLast(([x]) => x <= room.right - width - CLEAR_PX) ?? inside[0] ?? [0, 0];
  return { mark_id: shape.mark.mark_id, x: (left_x + right_x) / 2, y: (left_y + right_y) / 2, left_x, left_y, right_x, right_y };
}

/** What is left of the box between the places that the overlay writes to. @param {Box} box @param {readonly Rect[]} reserved */
function roomOf(box, reserved) {
  const room = { left: EDGE_PX, right: box.width - EDGE_PX, top: EDGE_PX, bottom: box.height - EDGE_PX };
  for (const { x, y, width, height } of reserved) {
    if (width >= box.width - 1 && y <= 0) room.top = Math.max(room.top, height + EDGE_PX);
    else if (width >= box.width - 1) room.bottom = Math.min(room.bottom, y - EDGE_PX);
    else if (height >= box.height - 1) room.right = Math.min(room.right, x - EDGE_PX);
    else room.top = Math.max(room.top, y + height + EDGE_PX);
  }
  return room;
}

/** Two lines where one is too long, broken at the space nearest to the middle. @param {string} text @param {number} limit_px @param {(text: string) => number} measure */
function brokenUp(text, limit_px, measure) {
  if (measure(text) <= limit_px || !text.includes(" ")) return [text];
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  const at = spaces.reduce((best, space) => (Math.abs(space - text.length / 2) < Math.abs(best - text.length / 2) ? space : best));
  return [text.slice(0, at), text.slice(at + 1)];
}

/**
 * The labels of one frame.
 * @param {Plan} plan @param {readonly Shape[]} shapes @param {View} view @param {Map<string, string>} slots  of the frame before; brought up to date
 * @returns {{labels: Label[], plan: Plan}}  another plan where leaders would have crossed
 */
export function labelsOn(plan, shapes, view, slots) {
  const named = shapes.filter(({ mark }) => plan.names.includes(mark.mark_id));
  if (plan.mode === "margin") return marginLabels(plan, named, view);
  const ink = inkOf(shapes, view.box);
  const spots = plan.mode === "beside" ? placeLabels(wishesOf(named, view), view.box, ink, view.reserved, slots) : numbersOn(numberWishes(plan, named, view), shapes, { ink, view, slots });
  slots.clear();
  for (const spot of spots) slots.set(spot.mark_id, spot.slot);
  const text = new Map(named.map((shape) => [shape.mark.mark_id, plan.mode === "numbers" ? numberOf(plan, shape) : labelText(shape)]));
  const labels = spots.map(({ mark_id, x, y, width, height, from_x, from_y, moved }) => {
    const number = plan.mode === "numbers" ? plan.names.indexOf(mark_id) + 1 : null;
    return {
      mark_id, x, y, width, height, number, lines: [text.get(mark_id) ?? ""],
      leader: moved ? [x + width / 2, y + height / 2, from_x, from_y] : null,
    };
  });
  return { labels, plan };
}

/** What the mark is called and what it measures stands in the legend. @param {Plan} plan @param {Shape} shape */
function numberOf(plan, { mark }) {
  return String(plan.names.indexOf(mark.mark_id) + 1);
}

/** Numbers stand off the finding; only those that find no room beside it stand on it. @param {readonly Wish[]} wishes @param {readonly Shape[]} shapes @param {{ink: Ink, view: View, slots: ReadonlyMap<string, string>}} room */
function numbersOn(wishes, shapes, { ink, view, slots }) {
  const off = placeNumbers(wishes, view.box, ink, [...view.reserved, ...findingsOf(shapes, view.box)], slots);
  const left = wishes.filter(({ mark_id }) => !off.some((spot) => spot.mark_id === mark_id));
  return left.length === 0 ? off : [...off, ...placeNumbers(left, view.box, ink, [...view.reserved, ...off], slots)];
}

/** @param {Plan} plan @param {readonly Shape[]} named @param {View} view @returns {Wish[]} */
function numberWishes(plan, named, { font_px, measure }) {
  const height = Math.ceil(font_px * 1.5);
  return named.map((shape) => ({
    mark_id: shape.mark.mark_id, anchors: anchorsOf(shape), on_it: false, height,
    width: Math.max(height, Math.ceil(measure(numberOf(plan, shape)) + 10)),
  }));
}

/** @param {Plan} plan @param {readonly Shape[]} named @param {View} view @returns {{labels: Label[], plan: Plan}} */
function marginLabels(plan, named, view) {
  let { berths } = plan;
  const margin = { box: view.box, room: roomOf(view.box, view.reserved), width: berths[0]?.width ?? 0 };
  const tied = named.filter((shape) => anyInside(anchorsOf(shape), view.box)).map((shape) => tiedOf(shape, margin));
  if (anyCross(berths, tied)) {
    const own = berths[0];
    const anew = own === undefined ? null : columnsOf(tied, own, margin.room, findingsOf(named, view.box));
    // Labels of marks that are not seen here keep their place where it is free.
    if (anew !== null) berths = [...anew, ...berths.filter((berth) => !anew.some((other) => other.mark_id === berth.mark_id))];
  }
  const feet = new Map(tied.map((each) => [each.mark_id, each]));
  const texts = new Map(named.map((shape) => [shape.mark.mark_id, labelText(shape)]));
  const labels = berths.flatMap((berth) => {
    const foot = feet.get(berth.mark_id);
    const text = texts.get(berth.mark_id) ?? "";
    if (foot === undefined || text === "") return [];
    const lines = linesOf(text, view);
    const size = labelSize(lines.map(view.measure), view.font_px);
    const x = berth.side === "left" ? berth.x : berth.x + berth.width - size.width;
    const y = berth.y + (berth.height - size.height) / 2;
    const edge = berth.side === "left" ? x + size.width : x;
    const [moor_x, moor_y] = mooring(berth);
    const [foot_x, foot_y] = footOf(berth, foot);
    return [{ mark_id: berth.mark_id, x, y, ...size, lines, number: null, leader: [edge, moor_y, moor_x, moor_y, foot_x, foot_y] }];
  });
  return { labels, plan: berths === plan.berths ? plan : { ...plan, berths } };
}

/** @param {Berth} berth @param {Tied} tied @returns {[number, number]} */
function footOf({ side }, { left_x, left_y, right_x, right_y }) {
  return side === "left" ? [left_x, left_y] : [right_x, right_y];
}

/** @param {readonly Berth[]} berths @param {readonly Tied[]} tied */
function anyCross(berths, tied) {
  const seen = berths.flatMap((berth) => {
    const own = tied.find((each) => each.mark_id === berth.mark_id);
    return own === undefined ? [] : [/** @type {const} */ ([berth, footOf(berth, own)])];
  });
  return seen.some(([one, foot], at) => seen.slice(at + 1).some(([other, other_foot]) => leadersCross(one, foot, other, other_foot)));
}

/** What labels should not cover: lines, and the whole of the finding. @param {readonly Shape[]} shapes @param {Box} box */
export function inkOf(shapes, box) {
  const ink = new Ink(box);
  for (const { mark, points } of shapes) if (mark.kind !== "text") ink.add(points, isClosed(mark));
  for (const rect of findingsOf(shapes, box)) ink.fill(rect);
  return ink;
}

/** A gap or a small tissue is the finding. @param {readonly Shape[]} shapes @param {Box} box @returns {Rect[]} */
function findingsOf(shapes, box) {
  return shapes.filter(({ mark }) => mark.kind === "caliper" || isClosed(mark)).map(({ points }) => boundsOf(points))
    .filter(({ width, height }) => width * height < FINDING_SHARE * box.width * box.height);
}

/** @param {readonly number[]} points @returns {Rect} */
function boundsOf(points) {
  const xs = points.filter((_, at) => at % 2 === 0);
  const ys = points.filter((_, at) => at % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** @param {readonly number[]} flat @returns {[number, number][]} */
function pairsOf(flat) {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[at * 2] ?? 0, flat[at * 2 + 1] ?? 0]);
}

/** @param {number} x @param {number} y @param {Box} box */
const isInside = (x, y, box) => x >= 0 && x <= box.width && y >= 0 && y <= box.height;

/** @param {readonly number[]} anchors @param {Box} box */
const anyInside = (anchors, box) => pairsOf(anchors).some(([x, y]) => isInside(x, y, box));
