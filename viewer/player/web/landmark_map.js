// From a place in the ultrasound picture to the place in the static view, and
// back: the affine map that fits the case's pairs of landmarks best.
/** @import { Landmark, Point } from "./types.d.ts" */

/** @typedef {readonly [number, number, number, number, number, number]} Affine  x' = a x + b y + c, y' = d x + e y + f */
/** @typedef {{toStatic: Affine, toClip: Affine, slice_index: number, frame_index: number, error_px: number}} LandmarkMap  error: mean distance of the landmarks from their places, px of the static view */

const PAIRS_MIN = 3;

/**
 * @param {readonly Landmark[]} landmarks  of one static view @param {string} clip_id
 * @returns {LandmarkMap | null} null with fewer than three pairs in one slice and one frame, or all in one line
 */
export function mapOf(landmarks, clip_id) {
  const first = landmarks.find((each) => each.clip_id === clip_id);
  const pairs = landmarks.filter((each) => each.clip_id === clip_id && each.slice_index === first?.slice_index && each.frame_index === first.frame_index);
  if (first === undefined || pairs.length < PAIRS_MIN) return null;
  const toStatic = fit(pairs.map((each) => each.clip_px), pairs.map((each) => each.static_px));
  const toClip = toStatic === null ? null : inverse(toStatic);
  if (toStatic === null || toClip === null) return null;
  const missed = pairs.map(({ clip_px: [x_px, y_px], static_px }) => {
    const there = mapped(toStatic, { x_px, y_px });
    return Math.hypot(there.x_px - static_px[0], there.y_px - static_px[1]);
  });
  return { toStatic, toClip, slice_index: first.slice_index, frame_index: first.frame_index, error_px: missed.reduce((sum, each) => sum + each, 0) / missed.length };
}

/** @param {Affine} map @param {Point} point @returns {Point} */
export function mapped([a, b, c, d, e, f], { x_px, y_px }) {
  return { x_px: a * x_px + b * y_px + c, y_px: d * x_px + e * y_px + f };
}

/** Least squares about the middle of the points. @param {(readonly [number, number])[]} from @param {(readonly [number, number])[]} to @returns {Affine | null} */
function fit(from, to) {
  const mean = (/** @type {(readonly [number, number])[]} */ points, /** @type {0 | 1} */ axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
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

/** @param {Affine} map @returns {Affine | null} */
function inverse([a, b, c, d, e, f]) {
  const size = a * e - b * d;
  if (Math.abs(size) < 1e-9) return null;
  return [e / size, -b / size, (b * f - e * c) / size, -d / size, a / size, (d * c - a * f) / size];
}
