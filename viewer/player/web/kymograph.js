// M-mode: the samples under a line in every frame, side by side on the true
// axis of time. The line stays where it was drawn in the picture.
/** @import { Clip, Decoded, Point, Track } from "./types.d.ts" */
import { mainRegion } from "./geometry.js";

const SAMPLES_MAX = 512;

/** @typedef {{readonly start: Point, readonly end: Point}} Line  image px */

/** How many samples a line has: one a pixel of its way. @param {Line} line */
export function sampleCount({ start, end }) {
  return Math.min(Math.max(Math.round(Math.hypot(end.x_px - start.x_px, end.y_px - start.y_px)), 2), SAMPLES_MAX);
}

/**
 * Line across the upper third of the calibrated part, where the torn muscle is sought first, or down its middle.
 * @param {Clip} clip @param {"across" | "down"} way
 * @returns {Line}
 */
export function firstLine(clip, way) {
  const { x0, y0, x1, y1 } = mainRegion(clip) ?? { x0: 0, y0: 0, x1: clip.columns - 1, y1: clip.rows - 1 };
  const [x, y] = [(x0 + x1 + 1) / 2, way === "across" ? y0 + (y1 + 1 - y0) / 3 : (y0 + y1 + 1) / 2];
  const [dx, dy] = way === "across" ? [(x1 + 1 - x0) * 0.4, 0] : [0, (y1 + 1 - y0) * 0.4];
  return { start: { x_px: x - dx, y_px: y - dy }, end: { x_px: x + dx, y_px: y + dy } };
}

/**
 * Greys under a line, between the four nearest pixels.
 * @param {Decoded} frame @param {{rows: number, columns: number}} size @param {Line} line @param {number} count
 * @returns {Uint8ClampedArray} from the start of the line to its end
 */
export function greysUnder(frame, { rows, columns }, { start, end }, count) {
  const greys = new Uint8ClampedArray(count);
  const at = (/** @type {number} */ column, /** @type {number} */ row) => greyAt(frame, row * columns + column);
  const inside = (/** @type {number} */ value, /** @type {number} */ last) => Math.min(Math.max(value, 0), last);
  for (let index = 0; index < count; index += 1) {
    const part = index / (count - 1);
    const x = inside(start.x_px + (end.x_px - start.x_px) * part - 0.5, columns - 1);
    const y = inside(start.y_px + (end.y_px - start.y_px) * part - 0.5, rows - 1);
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, bottom] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
    const [across, down] = [x - left, y - top];
    const upper = at(left, top) * (1 - across) + at(right, top) * across;
    const lower = at(left, bottom) * (1 - across) + at(right, bottom) * across;
    greys[index] = upper * (1 - down) + lower * down;
  }
  return greys;
}

/** Grey of a pixel; of a coloured one its green. @param {Decoded} frame @param {number} pixel */
function greyAt(frame, pixel) {
  if (frame.kind === "rgba") return frame.samples[pixel * 4 + 1] ?? 0;
  return frame.kind === "grey8" ? frame.samples[pixel] ?? 0 : 0;
}

/**
 * Where a frame lies on the axis of time.
 * @param {Track} track @param {number} step  frame counted from the start of the part
 * @returns {{left: number, right: number}} parts of the axis, from 0 to 1
 */
export function columnOf(track, step) {
  return { left: (track.starts_s[step] ?? 0) / track.end_s, right: (track.starts_s[step + 1] ?? track.end_s) / track.end_s };
}

/** Times at which the axis is marked. @param {number} end_s @param {number} most @returns {number[]} seconds */
export function timeTicks(end_s, most) {
  const step_s = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300].find((each) => end_s / each <= most) ?? end_s;
  return Array.from({ length: Math.floor(end_s / step_s + 1e-9) + 1 }, (_, at) => at * step_s);
}
