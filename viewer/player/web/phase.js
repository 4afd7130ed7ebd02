// Phases: two efforts of different length line up, each chapter with its own
// share of the way. A clip's anchors are the moments at which its chapters
// begin; between two anchors the way is even.
/** @import { Chapter, Panel } from "./types.d.ts" */

const EFFORT = Object.freeze(/** @type {const} */ (["contracting", "hold"]));

/** @typedef {readonly [Chapter, Chapter, Chapter, Chapter | null]} Effort  rest, contracting, hold, and relaxing if the clip does not end before */

/**
 * The first effort that a panel shows whole: rest and what follows it.
 * @param {Panel} panel
 * @returns {Effort | null} null where rest, contracting or hold is not marked in its part
 */
export function effortOf(panel) {
  const { clip: { chapters }, first_frame_index, last_frame_index } = panel;
  const shown = chapters.filter((each) => each.first_frame_index >= first_frame_index && each.last_frame_index <= last_frame_index);
  const at = shown.findIndex((each, index) => each.name === "rest" && EFFORT.every((name, step) => shown[index + 1 + step]?.name === name));
  const [rest, contracting, hold, after] = at < 0 ? [] : shown.slice(at);
  return rest === undefined || contracting === undefined || hold === undefined ? null : [rest, contracting, hold, after?.name === "relaxing" ? after : null];
}

/**
 * Moments between which a panel's way is even.
 * @param {Panel} panel @param {readonly number[]} starts_s  of the frames of its part @param {number} end_s
 * @returns {readonly number[] | null} start of the part, of the four chapters, end of the last of them and of the part; without relaxing, it begins and ends with the hold's end
 */
export function anchorsOf(panel, starts_s, end_s) {
  const effort = effortOf(panel);
  if (effort === null) return null;
  const at = (/** @type {number} */ frame_index) => starts_s[frame_index - panel.first_frame_index] ?? end_s;
  const [rest, contracting, hold, relaxing] = effort;
  const let_go = at(hold.last_frame_index + 1);
  return Object.freeze([0, ...[rest, contracting, hold].map((chapter) => at(chapter.first_frame_index)), let_go, relaxing === null ? let_go : at(relaxing.last_frame_index + 1), end_s]);
}

/**
 * The moment of one clip that belongs to a moment of another.
 * @param {readonly number[]} from  anchors of the clip that leads @param {readonly number[]} to  anchors of the other, as many
 * @param {number} time_s  of the clip that leads
 * @returns {number} seconds of the other; a part that the other lacks holds it where it is
 */
export function sameMoment(from, to, time_s) {
  let piece = from.length - 2;
  while (piece > 0 && time_s < (from[piece] ?? 0) - 1e-9) piece -= 1;
  while (piece > 0 && (from[piece + 1] ?? 0) === (from[piece] ?? 0)) piece -= 1;
  const [a = 0, b = 0, into = 0, out = 0] = [from[piece], from[piece + 1], to[piece], to[piece + 1]];
  const share = b > a ? Math.min(Math.max((time_s - a) / (b - a), 0), 1) : 0;
  return into + share * (out - into);
}
