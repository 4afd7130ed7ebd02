// How the labels of a picture stand: beside their marks where all of them find
// room there on the whole clip; else near them wherever it is free, with
// leaders; a crowd in columns at the margin; else, where the picture is too
// small, as numbers with the words below. Chosen once for a view, so that
// nothing hops while frames go by.
/** @import { Box, Mark, Placement } from "./types.d.ts" */
/** @import { Scaled } from "./drawing/types.d.ts" */
/** @import { Shape } from "./marks.js" */
/** @import { Rect, Seen, Slot, Wish } from "./mark_labels.js" */
/** @import { Berth, Tied } from "./mark_columns.js" */
/** @import { Mooring } from "./label_float.js" */
import { floatLabels, moorOf } from "./label_float.js";
import { columnsOf, leadersCross, mooring } from "./mark_columns.js";
import { Ink, labelSlots, numberSlots, spotIn } from "./mark_labels.js";
import { longestMeasure } from "./mark_measure.js";
import { anchorsOf, isClosed, shapesOn } from "./marks.js";

/** @typedef {Rect & {mark_id: string, lines: readonly string[], number: number | null, leader: readonly number[] | null}} Label  leader: points of its line, from the label to the mark */
/** @typedef {{place: Placement, box: Box, reserved: readonly Rect[], region?: Rect | null, font_px: number, measure: (text: string) => number, clip: Scaled}} View  region: the picture proper, beside which the margin is dark; measure: width of a text; clip: gives the scale */
/** @typedef {{mode: "beside" | "margin" | "afloat" | "numbers", names: readonly string[], berths: readonly Berth[], slots: ReadonlyMap<string, Slot>, moorings: ReadonlyMap<string, Mooring>}} Plan  berths at the margin, slots beside marks, moorings anywhere */

/** More labels than this no picture holds; the list of marks names the rest. */
export const LABELS_MAX = 40;
const SAMPLES = 6;
/** More labels than this are not even tried beside their marks. */
const BESIDE_MAX = 14;
/** An outline that takes more of the box, or of its width, than this is anatomy, not the finding. */
const FINDING_SHARE = 0.2;
const FINDING_WIDTH = 0.6;
/** A column takes no more than this share of the width: the middle belongs to the picture. */
const COLUMN_SHARE = 0.26;
/** A narrower picture has no columns. */
const COLUMNS_FROM_PX = 480;
/** A longer label is broken up, into so many lines at most; in heights of its letters. */
const LONGEST = 10.5;
const LONGEST_AFLOAT = 8;
const LINES_MAX = 3;
/** Labels that would take more of the picture than this hide it; numbers do not. */
const AFLOAT_SHARE = 0.24;
/** More labels than this stand in columns where there is room for them. */
const AFLOAT_MAX = 12;
/** A leader that would be shorter is left out. */
const LEADER_FROM_PX = 5;
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
  const plan = { mode: "numbers", names, berths: [], slots: new Map(), moorings: new Map() };
  const slots = marks.length <= BESIDE_MAX ? labelSlots(frames.map((shapes) => seenOn(shapes, wishesOf(shapes, view), view)), view.box) : null;
  if (slots !== null) return { ...plan, mode: "beside", slots };
  /** @returns {Plan | null} */
  const afloat = () => {
    const moorings = mooringsOf(marks, frames, view);
    return moorings === null ? null : { ...plan, mode: "afloat", moorings };
  };
  /** @returns {Plan | null} */
  const margin = () => {
    const berths = marginBerths(marks, frames, view);
    return berths === null ? null : { ...plan, mode: "margin", berths };
  };
  const found = marks.length <= AFLOAT_MAX ? afloat() ?? margin() : margin() ?? afloat();
  return found ?? { ...plan, slots: numberSlots(frames.map((shapes) => seenOn(shapes, numberWishes(plan, shapes, view), view)), view.box) };
}

/** @param {readonly Mark[]} marks @param {number} frame_index @returns {number[]} the one on screen first, then some over the clip */
function samplesOf(marks, frame_index) {
  const count = marks[0]?.places_px.length ?? 0;
  return [frame_index, ...Array.from({ length: Math.min(SAMPLES, count) }, (_, at) => Math.round((at * (count - 1)) / Math.max(SAMPLES - 1, 1)))];
}

/** What labels have to do with on one frame. @param {readonly Shape[]} shapes @param {readonly Wish[]} wishes @param {View} view @returns {Seen} */
function seenOn(shapes, wishes, { box, reserved }) {
  return { wishes: wishes.filter(({ anchors }) => anyInside(anchors, box)), ink: inkOf(shapes, box), reserved, findings: findingsOf(shapes, box) };
}

/** @param {readonly Shape[]} shapes @param {View} view @returns {Wish[]} */
export function wishesOf(shapes, { font_px, measure, clip }) {
  return shapes.filter((shape) => labelText(shape) !== "").map((shape) => ({
    mark_id: shape.mark.mark_id, anchors: anchorsOf(shape), on_it: shape.mark.kind === "text",
    ...labelSize([Math.max(measure(labelText(shape)), measure(labelText({ ...shape, measure: longestMeasure(shape.mark, clip) })))], font_px),
  }));
}

/** @param {readonly Mark[]} marks @param {readonly (readonly Shape[])[]} frames @param {View} view @returns {Berth[] | null} */
function marginBerths(marks, frames, view) {
  const { box, font_px, measure, reserved } = view;
  if (box.width < COLUMNS_FROM_PX || box.height < LOWEST_PX) return null;
  const sizes = marks.map((mark) => labelSize(linesOf(longestText(mark, view.clip), view, LONGEST).map(measure), font_px));
  const size = { width: Math.max(...sizes.map(({ width }) => width)), height: Math.max(...sizes.map(({ height }) => height)) };
  if (size.width > COLUMN_SHARE * box.width) return null;
  const room = roomOf(box, reserved);
  return columnsOf(firstSeen(marks, frames, { box, room, width: size.width }), size, room, frames.flatMap((shapes) => findingsOf(shapes, box)));
}

/** Places anywhere in the picture that are off the finding on every frame. @param {readonly Mark[]} marks @param {readonly (readonly Shape[])[]} frames @param {View} view @returns {Map<string, Mooring> | null} */
function mooringsOf(marks, frames, view) {
  const { box, font_px, measure, reserved, region = null } = view;
  if (box.height < LOWEST_PX) return null;
  // The frame with the largest finding and the one with the smallest: between them lies what leaders have to do.
  const sizes = frames.map((shapes) => findingsOf(shapes, box).reduce((sum, { width, height }) => sum + width * height, 0));
  const ends = [sizes.indexOf(Math.max(...sizes)), sizes.indexOf(Math.min(...sizes))].map((at) => frames[at] ?? []);
  const labels = marks.filter(({ kind }) => kind !== "text").map((mark) => ({
    mark_id: mark.mark_id, ...labelSize(linesOf(longestText(mark, view.clip), view, LONGEST_AFLOAT).map(measure), font_px),
    feet: feetOf(mark, [...ends, ...frames], box),
  })).filter(({ feet }) => feet.length > 0);
  if (labels.reduce((sum, { width, height }) => sum + width * height, 0) > AFLOAT_SHARE * box.width * box.height) return null;
  const texts = frames.flatMap((shapes) => wishesOf(shapes.filter(({ mark }) => mark.kind === "text"), view).map((wish) => spotIn(undefined, wish, box)));
  const ink = new Ink(box);
  for (const shapes of frames) for (const { mark, points } of shapes) if (mark.kind !== "text") ink.add(points, isClosed(mark));
  const kept_free = [...reserved, ...texts, ...frames.flatMap((shapes) => findingsOf(shapes, box))];
  const found = floatLabels(labels, { box, ink, kept_free, region, findings: ends.map((shapes) => findingsOf(shapes, box)) });
  return found === null ? null : new Map(found.map((each) => [each.mark_id, each]));
}

/** Where leaders may meet a mark on the first two frames that show it in the box. @param {Mark} mark @param {readonly (readonly Shape[])[]} frames @param {Box} box */
function feetOf({ mark_id }, frames, box) {
  const shown = frames.flatMap((shapes) => shapes.filter(({ mark }) => mark.mark_id === mark_id)).map((shape) => pairsOf(anchorsOf(shape)));
  return shown.filter((feet) => feet.some(([x, y]) => isInside(x, y, box))).slice(0, 2);
}

/** The longest words that a mark has on some frame. @param {Mark} mark @param {Scaled} clip */
function longestText(mark, clip) {
  return labelText({ mark, unsure: mark.unsure_frame_indices.length > 0, measure: longestMeasure(mark, clip) });
}

/** @param {string} text @param {View} view @param {number} longest  in heights of the letters */
const linesOf = (text, { font_px, measure }, longest) => brokenUp(text, longest * font_px, measure);

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

/** As few lines as hold a text, each as short as can be. @param {string} text @param {number} limit_px @param {(text: string) => number} measure @returns {string[]} */
function brokenUp(text, limit_px, measure) {
  // A number and its unit stay together.
  const words = text.replace(/(\d|±) (?=\S)/g, "$1\u00a0").split(" ").map((word) => word.replaceAll("\u00a0", " "));
  let best = [text];
  for (let count = 1; count <= Math.min(LINES_MAX, words.length); count += 1) {
    best = evenly(words, count, measure);
    if (Math.max(...best.map(measure)) <= limit_px) return best;
  }
  return best;
}

/** @param {readonly string[]} words @param {number} count  of lines @param {(text: string) => number} measure @returns {string[]} */
function evenly(words, count, measure) {
  if (count === 1) return [words.join(" ")];
  let best = [words.join(" ")];
  for (let at = 1; at <= words.length - count + 1; at += 1) {
    const lines = [words.slice(0, at).join(" "), ...evenly(words.slice(at), count - 1, measure)];
    if (Math.max(...lines.map(measure)) < Math.max(...best.map(measure))) best = lines;
  }
  return best;
}

/**
 * The labels of one frame.
 * @param {Plan} plan @param {readonly Shape[]} shapes @param {View} view
 * @returns {{labels: Label[], plan: Plan}}  another plan where leaders would have crossed
 */
export function labelsOn(plan, shapes, view) {
  const named = shapes.filter((shape) => plan.names.includes(shape.mark.mark_id) && anyInside(anchorsOf(shape), view.box));
  if (plan.mode === "margin") return marginLabels(plan, named, view);
  if (plan.mode === "afloat") return { labels: floatingLabels(plan, named, view), plan };
  const wishes = plan.mode === "beside" ? wishesOf(named, view) : numberWishes(plan, named, view);
  const text = new Map(named.map((shape) => [shape.mark.mark_id, plan.mode === "numbers" ? numberOf(plan, shape) : labelText(shape)]));
  const labels = wishes.map((wish) => {
    const { mark_id, x, y, width, height, from_x, from_y, moved } = spotIn(plan.slots.get(wish.mark_id), wish, view.box);
    const number = plan.mode === "numbers" ? plan.names.indexOf(mark_id) + 1 : null;
    return {
      mark_id, x, y, width, height, number, lines: [text.get(mark_id) ?? ""],
      // The line that a number stands next to may be that of another mark, drawn over its own.
      leader: moved || (number !== null && !wish.on_it) ? [x + width / 2, y + height / 2, from_x, from_y] : null,
    };
  });
  return { labels, plan };
}

/** @param {Plan} plan @param {readonly Shape[]} named @param {View} view @returns {Label[]} */
function floatingLabels(plan, named, view) {
  return named.flatMap((shape) => {
    const { mark_id, kind } = shape.mark;
    const text = labelText(shape);
    if (text === "") return [];
    if (kind === "text") return wishesOf([shape], view).map((wish) => ({ ...spotIn(undefined, wish, view.box), number: null, lines: [text], leader: null }));
    const berth = plan.moorings.get(mark_id);
    if (berth === undefined) return [];
    const feet = pairsOf(anchorsOf(shape));
    const foot = feet[berth.at] ?? feet[0] ?? [0, 0];
    const lines = linesOf(text, view, LONGEST_AFLOAT);
    const size = labelSize(lines.map(view.measure), view.font_px);
    const own = { x: berth.x + (berth.width - size.width) / 2, y: berth.y + (berth.height - size.height) / 2, ...size };
    const moor = moorOf(own, foot);
    const far = Math.hypot(moor[0] - foot[0], moor[1] - foot[1]);
    return [{ mark_id, ...own, number: null, lines, leader: far < LEADER_FROM_PX ? null : [...moor, ...foot] }];
  });
}

/** What the mark is called and what it measures stands in the legend. @param {Pick<Plan, "names">} plan @param {Shape} shape */
function numberOf(plan, { mark }) {
  return String(plan.names.indexOf(mark.mark_id) + 1);
}

/** @param {Pick<Plan, "names">} plan @param {readonly Shape[]} named @param {View} view @returns {Wish[]} */
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
    const lines = linesOf(text, view, LONGEST);
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
    .filter(({ width, height }) => width < FINDING_WIDTH * box.width && width * height < FINDING_SHARE * box.width * box.height);
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
