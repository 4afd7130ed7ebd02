// What a mark measures, with its uncertainty: the same rules and the same
// words as annotations/measurement.py. Pure; a test holds the two equal.
/** @import { Region } from "../types.d.ts" */
/** @import { Kind, Measurement, PointPx, PointsPx, Scaled } from "./types.d.ts" */
import { isOpenEnded, isOutline } from "./kinds.js";

/** Standard uncertainty of a click and of a pixel's size along each axis, image px. */
const POINT_PX = Math.hypot(1, 1 / Math.sqrt(12));
/** Relative standard uncertainty of a scale, by where it came from. @type {Readonly<Record<string, number>>} */
const SCALE_UNCERTAINTY = Object.freeze({ ultrasound_regions: 0.01, pixel_spacing: 0.01, manifest: 0.02, user: 0.02, none: 0 });
const STEP_PX = 0.01;

/** @type {Readonly<Partial<Record<Kind, Measurement["quantity"]>>>} */
const QUANTITIES = Object.freeze({ caliper: "length", polyline: "length", polygon: "area", area: "area", tissue: "area", ellipse: "area", angle: "angle" });
const UNITS = Object.freeze({ length: ["mm", "px"], area: ["mm²", "px²"], angle: ["°", "°"] });
const SCALE_POWER = Object.freeze({ length: 1, area: 2, angle: 0 });

/**
 * @param {Kind} kind @param {PointsPx} points_px @param {Scaled} clip
 * @returns {Measurement | null} null for marks that measure nothing and for outlines that cross themselves
 */
export function measure(kind, points_px, clip) {
  const quantity = QUANTITIES[kind];
  if (quantity === undefined || (isOutline(kind) && crossesItself(points_px))) return null;
  const { steps, reason } = scaleUnder(points_px, clip.regions);
  const [x_step, y_step] = steps ?? [1, 1];
  const points = points_px.map(([x, y]) => /** @type {const} */ ([x * x_step, y * y_step]));
  const value = numberOf(kind, points);
  let standard = propagated(kind, points, [x_step, y_step], value);
  if (steps !== null) standard = Math.hypot(standard, value * (SCALE_UNCERTAINTY[clip.scale_source] ?? 0.02) * SCALE_POWER[quantity]);
  const unit = /** @type {Measurement["unit"]} */ (UNITS[quantity][steps === null ? 1 : 0]);
  return { quantity, value, unit, uncertainty: 2 * standard, in_px_because: steps === null ? reason : null };
}

/**
 * The scale that holds under every point; where regions overlap, one of high priority, and of these the smallest.
 * @param {PointsPx} points_px @param {readonly Region[]} regions
 * @returns {{steps: readonly [number, number] | null, reason: string | null}} mm per px along x and y
 */
export function scaleUnder(points_px, regions) {
  if (regions.length === 0) return { steps: null, reason: "the clip carries no scale" };
  const under = points_px.map((point) => regionUnder(regions, point));
  const [region = null] = under;
  if (region === null || under.includes(null)) return { steps: null, reason: "a point lies outside the calibrated part of the picture" };
  if (under.some((other) => other !== null && !isSame(region, other))) return { steps: null, reason: "the points lie in different regions of the picture" };
  const [across = false, down = false] = [0, 1].map((axis) => new Set(points_px.map((point) => point[axis])).size > 1);
  const { mm_per_px_x: x, mm_per_px_y: y } = region;
  if ((across && x === null) || (down && y === null) || (x === null && y === null)) return { steps: null, reason: "the region is not calibrated along both axes" };
  return { steps: [x ?? 1, y ?? 1], reason: null };
}

/** @param {readonly Region[]} regions @param {PointPx} point @returns {Region | null} */
function regionUnder(regions, [x, y]) {
  const under = regions.filter(({ x0, y0, x1, y1 }) => x0 <= x && x < x1 + 1 && y0 <= y && y < y1 + 1);
  const size = (/** @type {Region} */ { x0, y0, x1, y1 }) => (x1 - x0 + 1) * (y1 - y0 + 1);
  return under.toSorted((a, b) => Number(a.is_low_priority) - Number(b.is_low_priority) || size(a) - size(b))[0] ?? null;
}

/** @param {Region} one @param {Region} other */
function isSame(one, other) {
  return one.x0 === other.x0 && one.y0 === other.y0 && one.x1 === other.x1 && one.y1 === other.y1 && one.mm_per_px_x === other.mm_per_px_x && one.mm_per_px_y === other.mm_per_px_y;
}

/** Standard uncertainty of a number from that of each coordinate of each point. @param {Kind} kind @param {PointsPx} points  in the unit of the number @param {readonly [number, number]} steps  that unit per px @param {number} value  the number */
function propagated(kind, points, steps, value) {
  const many = isOpenEnded(kind) && points.length > 3;
  let total = 0;
  for (let at = 0; at < points.length; at += 1) {
    for (const axis of /** @type {const} */ ([0, 1])) {
      const slope = many ? localSlope(kind, points, at, axis, steps[axis], value) : slopeOf((moved) => numberOf(kind, moved), points, at, axis, steps[axis]);
      total += (slope * POINT_PX) ** 2;
    }
  }
  return Math.sqrt(total);
}

/** How a number changes with one coordinate of one point, per px. @param {(points: PointsPx) => number} number @param {PointsPx} points @param {number} at @param {0 | 1} axis @param {number} step */
function slopeOf(number, points, at, axis, step) {
  const moved = (/** @type {number} */ by) => points.with(at, [(points[at]?.[0] ?? 0) + (axis === 0 ? by * step : 0), (points[at]?.[1] ?? 0) + (axis === 1 ? by * step : 0)]);
  return (number(moved(STEP_PX)) - number(moved(-STEP_PX))) / (2 * STEP_PX);
}

/** The same from the neighbours of the point alone, which is all that a length or an area feels of it. @param {Kind} kind @param {PointsPx} points @param {number} at @param {0 | 1} axis @param {number} step @param {number} value */
function localSlope(kind, points, at, axis, step, value) {
  if (!isOutline(kind)) return slopeOf(path, points.slice(Math.max(at - 1, 0), at + 2), Math.min(at, 1), axis, step);
  const before = points[(at + points.length - 1) % points.length] ?? [0, 0];
  const after = points[(at + 1) % points.length] ?? [0, 0];
  const slope = Math.abs(((after[1 - axis] ?? 0) - (before[1 - axis] ?? 0)) * step) / 2;
  return Math.min(slope, value / STEP_PX); // an area that vanishes grows both ways
}

/** @param {Kind} kind @param {PointsPx} points @returns {number} */
function numberOf(kind, points) {
  if (kind === "angle") return betweenArms(points);
  if (kind === "ellipse") return elliptic(points);
  return isOutline(kind) ? enclosed(points) : path(points);
}

/** @param {PointsPx} points */
function path(points) {
  return points.slice(1).reduce((sum, [x, y], at) => sum + Math.hypot(x - (points[at]?.[0] ?? 0), y - (points[at]?.[1] ?? 0)), 0);
}

/** @param {PointsPx} points */
function enclosed(points) {
  const count = points.length;
  const [mx, my] = [0, 1].map((axis) => points.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / count);
  let twice = 0;
  for (const [at, [x, y]] of points.entries()) {
    const [px = 0, py = 0] = points[(at + count - 1) % count] ?? [];
    twice += (x - (mx ?? 0)) * (py - (my ?? 0)) - (y - (my ?? 0)) * (px - (mx ?? 0));
  }
  return Math.abs(twice) / 2;
}

/** @param {PointsPx} points */
function elliptic([[x, y] = [0, 0], [x1, y1] = [0, 0], [x2, y2] = [0, 0]]) {
  return Math.PI * Math.abs((x1 - x) * (y2 - y) - (y1 - y) * (x2 - x));
}

/** @param {PointsPx} points @returns {number} degrees */
function betweenArms([[x1, y1] = [0, 0], [x, y] = [0, 0], [x2, y2] = [0, 0]]) {
  const cross = (x1 - x) * (y2 - y) - (y1 - y) * (x2 - x);
  return (Math.abs(Math.atan2(cross, 0 + (x1 - x) * (x2 - x) + (y1 - y) * (y2 - y))) * 180) / Math.PI;
}

/** Whether two sides of a closed outline that share no corner meet. @param {PointsPx} points_px */
export function crossesItself(points_px) {
  const count = points_px.length;
  const corner = (/** @type {number} */ at) => /** @type {PointPx} */ (points_px[at % count]);
  for (let side = 0; side < count - 2; side += 1) {
    for (let other = side + 2; other < count - (side === 0 ? 1 : 0); other += 1) {
      if (meet(corner(side), corner(side + 1), corner(other), corner(other + 1))) return true;
    }
  }
  return false;
}

/** @param {PointPx} a @param {PointPx} b @param {PointPx} c @param {PointPx} d */
function meet(a, b, c, d) {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** @param {PointPx} p @param {PointPx} q @param {PointPx} r */
function turn(p, q, r) {
  return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
}

/** With as many decimals as the uncertainty deserves. @param {Measurement} measurement @returns {string} such as "18.0 ± 0.4 mm" */
export function measureText({ value, uncertainty, unit }) {
  const decimals = uncertainty >= 3 ? 0 : 1;
  return `${fixed(value, decimals)} ± ${fixed(uncertainty, decimals)}${unit === "°" ? "" : " "}${unit}`;
}

/** For listeners, each number with its unit. @param {Measurement} measurement @returns {string} such as "18.0 mm ± 0.4 mm" */
export function spokenMeasure({ value, uncertainty, unit }) {
  const decimals = uncertainty >= 3 ? 0 : 1;
  const space = unit === "°" ? "" : " ";
  return `${fixed(value, decimals)}${space}${unit} ± ${fixed(uncertainty, decimals)}${space}${unit}`;
}

/** As Python writes it: exactly half way goes to the even digit. @param {number} value  at least 0 @param {number} decimals */
function fixed(value, decimals) {
  const scaled = value * 10 ** decimals;
  const half_way = decimals === 0 ? scaled % 1 === 0.5 : (value * 4) % 1 === 0 && scaled % 1 === 0.5;
  return half_way ? (2 * Math.round(scaled / 2) / 10 ** decimals).toFixed(decimals) : value.toFixed(decimals);
}
