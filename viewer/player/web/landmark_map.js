// From a place in the ultrasound picture to the place in the static view, and
// back, by the case's pairs of landmarks: the affine map that fits them best
// with up to four pairs, a thin plate through all of them with more.
/** @import { Landmark, Point } from "./types.d.ts" */
/** @import { Affine } from "./affine.js" */
import { inverse, mapped } from "./affine.js";
import { thinPlate } from "./thin_plate.js";

/** @typedef {readonly [number, number]} Pair */
/** @typedef {(point: Point) => Point} Way */
/** @typedef {{toStatic: Way, toClip: Way, slice_index: number, frame_index: number, pairs: number, error_px: number | null}} LandmarkMap  error: how far on average a landmark lies from where the others put it, px of the static view; null with three pairs */

const PAIRS_MIN = 3;
const AFFINE_MAX = 4;

/**
 * @param {readonly Landmark[]} landmarks  of one static view @param {string} clip_id
 * @returns {LandmarkMap | null} null with fewer than three pairs in one slice and one frame, or all in one line
 */
export function mapOf(landmarks, clip_id) {
  const first = landmarks.find((each) => each.clip_id === clip_id);
  const pairs = landmarks.filter((each) => each.clip_id === clip_id && each.slice_index === first?.slice_index && each.frame_index === first.frame_index);
  if (first === undefined || pairs.length < PAIRS_MIN) return null;
  const [clip, still] = [pairs.map((each) => each.clip_px), pairs.map((each) => each.static_px)];
  const [toStatic, toClip] = [wayOf(clip, still), wayOf(still, clip)];
  if (toStatic === null || toClip === null) return null;
  return { toStatic, toClip, slice_index: first.slice_index, frame_index: first.frame_index, pairs: pairs.length, error_px: leftOut(clip, still) };
}

/** @param {readonly Pair[]} from @param {readonly Pair[]} to @returns {Way | null} */
function wayOf(from, to) {
  const affine = fit(from, to);
  if (affine === null || inverse(affine) === null) return null;
  return from.length > AFFINE_MAX ? thinPlate(from, to) : (point) => mapped(affine, point);
}

/** Mean distance of each landmark from where the others put it. @param {readonly Pair[]} from @param {readonly Pair[]} to @returns {number | null} */
function leftOut(from, to) {
  if (from.length <= PAIRS_MIN) return null;
  const missed = from.flatMap(([x_px, y_px], at) => {
    const without = (/** @type {readonly Pair[]} */ pairs) => pairs.filter((_, index) => index !== at);
    const there = wayOf(without(from), without(to))?.({ x_px, y_px });
    const [x = 0, y = 0] = to[at] ?? [];
    return there === undefined ? [] : [Math.hypot(there.x_px - x, there.y_px - y)];
  });
  return missed.length === 0 ? null : missed.reduce((sum, each) => sum + each, 0) / missed.length;
}

/** Least squares about the middle of the points. @param {readonly Pair[]} from @param {readonly Pair[]} to @returns {Affine | null} */
function fit(from, to) {
  const mean = (/** @type {readonly Pair[]} */ points, /** @type {0 | 1} */ axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [mx, my, nx, ny] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)];
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0];
  from.forEach(([px, py], at) => {
    const [x, y, u, v] = [px - mx, py - my, (to[at]?.[0] ?? 0) - nx, (to[at]?.[1] ?? 0) - ny];
    [xx, xy, yy, xu, yu, xv, yv] = [xx + x * x, xy + x * y, yy + y * y, xu + x * u, yu + y * u, xv + x * v, yv + y * v];
  });
  const size = xx * yy - xy * xy;
  if (size <= 1e-6 * (xx + yy) ** 2) return null;
  const [a, b, d, e] = [(xu * yy - yu * xy) / size, (yu * xx - xu * xy) / size, (xv * yy - yv * xy) / size, (yv * xx - xv * xy) / size];
  return [a, b, nx - a * mx - b * my, d, e, ny - d * mx - e * my];
}
