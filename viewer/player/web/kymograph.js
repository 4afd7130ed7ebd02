// M-mode: the samples under a line in every frame, side by side on the true
// axis of time. A line has two points or more.
/** @import { Clip, Decoded, MLine, Point, Timeline, Track } from "./types.d.ts" */
import { mainRegion } from "./geometry.js";
import { shareOf } from "./timeline.js";

const SAMPLES_MAX = 512;

/** How many samples a line has: one a pixel of its way. @param {readonly Point[]} points */
export function sampleCount(points) {
  return Math.min(Math.max(Math.round(lengthsOf(points).at(-1) ?? 0), 2), SAMPLES_MAX);
}

/** Way from the first point to each, in px. @param {readonly Point[]} points @returns {number[]} */
function lengthsOf(points) {
  let way = 0;
  return points.map((point, at) => (way += at === 0 ? 0 : Math.hypot(point.x_px - (points[at - 1]?.x_px ?? 0), point.y_px - (points[at - 1]?.y_px ?? 0))));
}

/**
 * Line across the upper third of the calibrated part, where the torn muscle is sought first, or down its middle.
 * @param {Clip} clip @param {"across" | "down"} way
 * @returns {MLine}
 */
export function firstLine(clip, way) {
  const { x0, y0, x1, y1 } = mainRegion(clip) ?? { x0: 0, y0: 0, x1: clip.columns - 1, y1: clip.rows - 1 };
  const [x, y] = [(x0 + x1 + 1) / 2, way === "across" ? y0 + (y1 + 1 - y0) / 3 : (y0 + y1 + 1) / 2];
  const [dx, dy] = way === "across" ? [(x1 + 1 - x0) * 0.4, 0] : [0, (y1 + 1 - y0) * 0.4];
  return { points: [{ x_px: x - dx, y_px: y - dy }, { x_px: x + dx, y_px: y + dy }], frame_index: 0, follows: false };
}

/** The line with one more point, in the middle of its longest piece. @param {readonly Point[]} points @returns {Point[]} */
export function withPoint(points) {
  const ways = lengthsOf(points);
  const pieces = points.slice(1).map((_, at) => (ways[at + 1] ?? 0) - (ways[at] ?? 0));
  const at = pieces.indexOf(Math.max(...pieces));
  const [from, to] = [points[at], points[at + 1]];
  if (from === undefined || to === undefined) return [...points];
  return [...points.slice(0, at + 1), { x_px: (from.x_px + to.x_px) / 2, y_px: (from.y_px + to.y_px) / 2 }, ...points.slice(at + 1)];
}

/** Evenly spaced places on a line. @param {readonly Point[]} points @param {number} count @returns {Point[]} */
export function placesAlong(points, count) {
  const ways = lengthsOf(points);
  let piece = 0;
  return Array.from({ length: count }, (_, index) => {
    const way = (index / (count - 1)) * (ways.at(-1) ?? 0);
    while (piece < points.length - 2 && way > (ways[piece + 1] ?? 0)) piece += 1;
    const [from, to] = [points[piece] ?? { x_px: 0, y_px: 0 }, points[piece + 1] ?? { x_px: 0, y_px: 0 }];
    const length = (ways[piece + 1] ?? 0) - (ways[piece] ?? 0);
    const part = length > 0 ? (way - (ways[piece] ?? 0)) / length : 0;
    return { x_px: from.x_px + (to.x_px - from.x_px) * part, y_px: from.y_px + (to.y_px - from.y_px) * part };
  });
}

/**
 * Greys under a line, between the four nearest pixels.
 * @param {Decoded} frame @param {{rows: number, columns: number}} size @param {readonly Point[]} points @param {number} count
 * @returns {Uint8ClampedArray} from the start of the line to its end
 */
export function greysUnder(frame, { rows, columns }, points, count) {
  const greys = new Uint8ClampedArray(count);
  const at = (/** @type {number} */ column, /** @type {number} */ row) => greyAt(frame, row * columns + column);
  const inside = (/** @type {number} */ value, /** @type {number} */ last) => Math.min(Math.max(value, 0), last);
  placesAlong(points, count).forEach(({ x_px, y_px }, index) => {
    const [x, y] = [inside(x_px - 0.5, columns - 1), inside(y_px - 0.5, rows - 1)];
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, bottom] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
    const [across, down] = [x - left, y - top];
    const upper = at(left, top) * (1 - across) + at(right, top) * across;
    const lower = at(left, bottom) * (1 - across) + at(right, bottom) * across;
    greys[index] = upper * (1 - down) + lower * down;
  });
  return greys;
}

/** Grey of a pixel; of a coloured one its green. @param {Decoded} frame @param {number} pixel */
function greyAt(frame, pixel) {
  if (frame.kind === "rgba") return frame.samples[pixel * 4 + 1] ?? 0;
  return frame.kind === "grey8" ? frame.samples[pixel] ?? 0 : 0;
}

/**
 * Where a frame of the panel that leads lies on the axis of the scrubber.
 * @param {Timeline} timeline @param {Track} track  of that panel @param {number} step  frame counted from the start of the part
 * @returns {{left: number, right: number}} parts of the axis, from 0 to 1
 */
export function columnOf(timeline, track, step) {
  return { left: shareOf(timeline, track.starts_s[step] ?? 0), right: shareOf(timeline, track.starts_s[step + 1] ?? track.end_s) };
}

/** Times at which the axis is marked. @param {number} end_s @param {number} most @returns {number[]} seconds */
export function timeTicks(end_s, most) {
  const step_s = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300].find((each) => end_s / each <= most) ?? end_s;
  return Array.from({ length: Math.floor(end_s / step_s + 1e-9) + 1 }, (_, at) => at * step_s);
}

/** Lengths at which a line is marked, from its start. @param {number} length @param {number} most @returns {number[]} in its unit */
export function lengthTicks(length, most) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((each) => length / each <= most) ?? length;
  return Array.from({ length: Math.floor(length / step + 1e-9) }, (_, at) => (at + 1) * step);
}
