// From what the hand does to the points of a mark: how many clicks a kind
// takes, what a drag makes of it, and fewer points from a line drawn freely.
/** @import { Kind, PointPx, PointsPx } from "./types.d.ts" */
import { isOpenEnded, kindOf } from "./kinds.js";

/** How many places the hand shows; an ellipse is shown by two corners. @param {Kind} kind */
export function clicksOf(kind) {
  return kind === "ellipse" ? 2 : kindOf(kind).most;
}

/** Points of a mark from the places that the hand has shown. @param {Kind} kind @param {PointsPx} shown @returns {PointsPx} */
export function pointsOf(kind, shown) {
  if (kind !== "ellipse") return shown;
  const [[x0, y0] = [0, 0], [x1, y1] = [x0, y0]] = shown;
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return [[x, y], [Math.max(x0, x1), y], [x, Math.max(y0, y1)]];
}

/** Whether places that were shown make a mark. @param {Kind} kind @param {PointsPx} shown */
export function isEnough(kind, shown) {
  const distinct = new Set(shown.map((point) => point.join())).size;
  return distinct >= (kind === "ellipse" ? 2 : kindOf(kind).fewest);
}

/** Whether nothing more can be shown. @param {Kind} kind @param {PointsPx} shown */
export function isFull(kind, shown) {
  return !isOpenEnded(kind) && shown.length >= clicksOf(kind);
}

/**
 * The fewest points of a line that keep within a distance of it (Ramer 1972, Douglas and Peucker 1973).
 * @param {PointsPx} points @param {number} tolerance_px
 * @returns {PointsPx}
 */
export function simplified(points, tolerance_px) {
  const kept = new Set([0, points.length - 1]);
  const waiting = [[0, points.length - 1]];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const [first = 0, last = 0] = part;
    const { at, distance_px } = farthest(points, first, last);
    if (distance_px <= tolerance_px) continue;
    kept.add(at);
    waiting.push([first, at], [at, last]);
  }
  return points.filter((_, at) => kept.has(at));
}

/** @param {PointsPx} points @param {number} first @param {number} last */
function farthest(points, first, last) {
  const [from, to] = /** @type {[PointPx, PointPx]} */ ([points[first], points[last]]);
  let best = { at: first, distance_px: 0 };
  for (let at = first + 1; at < last; at += 1) {
    const distance_px = distanceToSegment(/** @type {PointPx} */ (points[at]), from, to);
    if (distance_px > best.distance_px) best = { at, distance_px };
  }
  return best;
}

/** @param {PointPx} point @param {PointPx} from @param {PointPx} to @returns {number} */
export function distanceToSegment([x, y], [x0, y0], [x1, y1]) {
  const square = (x1 - x0) ** 2 + (y1 - y0) ** 2;
  const share = square === 0 ? 0 : Math.min(Math.max(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / square, 0), 1);
  return Math.hypot(x - x0 - (x1 - x0) * share, y - y0 - (y1 - y0) * share);
}
