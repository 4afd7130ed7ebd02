// The torn ends of a muscle through a clip: their outline at rest, and the way
// that they took, in image pixels of the frame on which they are drawn.
/** @import { Mark, Panel } from "./types.d.ts" */
/** @import { Affine } from "./affine.js" */
import { inverse, mapped, then } from "./affine.js";
import { mainCurve } from "./curve.js";
import { heldStill } from "./held_still.js";

/** A longer way is cut: of a clip of minutes nobody can tell one effort from the next. */
export const TRAIL_FRAMES_MAX = 150;

/** @typedef {{paths: readonly (readonly (readonly [number, number] | null)[])[], source: string}} Ways  one place a frame for each end */

/**
 * Where the ends are on every frame: as followed by the computer, else the middle of their marked outlines.
 * @param {Panel} panel @param {readonly Mark[]} marks  of its clip
 * @returns {Ways | null} null where nobody has marked or followed them
 */
export function waysOf({ clip }, marks) {
  if (clip.stumps !== null) {
    const { left_px, right_px, source_label } = clip.stumps;
    return { paths: [left_px, right_px].map(pairs), source: source_label };
  }
  const stumps = stumpsOf(marks);
  if (stumps.length === 0) return null;
  return { paths: stumps.map((mark) => mark.places_px.map((place) => (place === null ? null : middle(place)))), source: sourceOf(stumps) };
}

/** @param {readonly Mark[]} marks @returns {readonly Mark[]} outlines of torn ends */
export function stumpsOf(marks) {
  return marks.filter((mark) => mark.stump);
}

/** @param {readonly Mark[]} stumps */
function sourceOf(stumps) {
  return `marks of “${[...new Set(stumps.map((mark) => mark.layer))].join("”, “")}”`;
}

/** Whether anything is known of the ends. @param {Panel} panel @param {readonly Mark[]} marks */
export function hasEnds(panel, marks) {
  return panel.role !== "static" && waysOf(panel, marks) !== null;
}

/** Frame at which the muscle rests. @param {Panel} panel */
export function restFrame({ clip, first_frame_index }) {
  return mainCurve(clip)?.rest_frame_index ?? clip.chapters.find((each) => each.name === "rest")?.first_frame_index ?? first_frame_index;
}

/**
 * Outlines of the ends at rest: as marked, else a bar across the muscle at each followed end.
 * @param {Panel} panel @param {readonly Mark[]} marks @param {number} bar_px  half the length of such a bar
 * @returns {{outlines: readonly (readonly number[])[], source: string}} flat lists of points
 */
export function outlinesAtRest(panel, marks, bar_px) {
  const at = restFrame(panel);
  const stumps = stumpsOf(marks);
  const outlines = stumps.map(({ places_px }) => places_px[at] ?? places_px.find((place) => place !== null) ?? []).filter((place) => place.length > 0);
  if (outlines.length > 0) return { outlines, source: sourceOf(stumps) };
  const ways = waysOf(panel, marks);
  const [one, other] = (ways?.paths ?? []).map((path) => path[at] ?? null);
  if (ways === null || !one || !other) return { outlines: [], source: "" };
  const length = Math.max(Math.hypot(other[0] - one[0], other[1] - one[1]), 1e-6);
  const [dx, dy] = [(-(other[1] - one[1]) / length) * bar_px, ((other[0] - one[0]) / length) * bar_px];
  return { outlines: [one, other].map(([x, y]) => [x - dx, y - dy, x + dx, y + dy]), source: ways.source };
}

/**
 * The way of one end up to a frame, as it lies in that frame's picture.
 * @param {Panel} panel @param {readonly (readonly [number, number] | null)[]} path @param {number} now @param {boolean} still  the motion of the probe is taken out
 * @returns {number[]} flat
 */
export function trailOf(panel, path, now, still) {
  const first = Math.max(panel.first_frame_index, now - TRAIL_FRAMES_MAX);
  const points = [];
  for (let frame = first; frame <= now; frame += 1) {
    const place = path[frame];
    if (place) points.push(...carried(place, still ? fromFrame(panel, frame, now) : null));
  }
  return points;
}

/** Moves points of one frame to where they lie under the probe of another. @param {Panel} panel @param {readonly number[]} flat @param {number} from @param {number} now @param {boolean} still */
export function underProbe(panel, flat, from, now, still) {
  return carried(flat, still ? fromFrame(panel, from, now) : null);
}

/** @param {Panel} panel @param {number} from @param {number} now @returns {Affine | null} */
function fromFrame(panel, from, now) {
  const [there, here] = [heldStill(panel, from), heldStill(panel, now)];
  const back = here === null ? null : inverse(here);
  return there === null || back === null ? null : then(there, back);
}

/** @param {readonly number[]} flat @param {Affine | null} map @returns {number[]} */
function carried(flat, map) {
  if (map === null) return [...flat];
  return pairs(flat).flatMap(([x_px, y_px]) => Object.values(mapped(map, { x_px, y_px })));
}

/** @param {readonly number[]} flat @returns {(readonly [number, number])[]} */
function pairs(flat) {
  return Array.from({ length: flat.length >> 1 }, (_, at) => /** @type {const} */ ([flat[2 * at] ?? 0, flat[2 * at + 1] ?? 0]));
}

/** @param {readonly number[]} flat @returns {readonly [number, number]} point in the middle of a line */
function middle(flat) {
  const points = pairs(flat);
  return points[points.length >> 1] ?? [0, 0];
}
