// What is on screen at a moment: the clock leads, frames follow, nothing drifts.
/** @import { PlayMode } from "./types.d.ts" */

/** Speeds that can be asked for, as multiples of the recorded rate. */
export const SPEEDS = Object.freeze([0.25, 0.5, 1, 2]);

/**
 * Last index whose start is not after the moment.
 * @param {readonly number[]} starts_s  ascending, the first is the earliest
 * @param {number} time_s
 * @returns {number} 0 when the moment lies before the first start
 */
export function indexAt(starts_s, time_s) {
  const t_s = time_s + 1e-6; // starts summed from rounded intervals differ in the last bits
  let low = 0;
  let high = starts_s.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts_s[middle] ?? Infinity) <= t_s) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

/**
 * Position on the axis after some time of playing.
 * @param {{start_s: number, end_s: number, mode: PlayMode, from_s: number, travelled_s: number}} run
 *   from_s lies in [start_s, end_s]; for a sweep it may lie in the way back, up to end_s + length;
 *   travelled_s is elapsed time times speed, at least 0
 * @returns {{time_s: number, phase_s: number, ended: boolean}}
 *   time_s in [start_s, end_s); phase_s is what from_s has to be to go on from here
 */
export function positionAt({ start_s, end_s, mode, from_s, travelled_s }) {
  const length_s = end_s - start_s;
  if (!(length_s > 0)) return { time_s: start_s, phase_s: start_s, ended: mode === "once" };
  const raw_s = from_s - start_s + travelled_s;
  if (mode === "once") {
    const ended = raw_s >= length_s;
    const time_s = ended ? lastMoment(end_s) : start_s + Math.max(raw_s, 0);
    return { time_s, phase_s: time_s, ended };
  }
  if (mode === "loop") {
    const time_s = start_s + modulo(raw_s, length_s);
    return { time_s, phase_s: time_s, ended: false };
  }
  const phase_s = modulo(raw_s, 2 * length_s);
  const there = phase_s < length_s;
  const time_s = there ? start_s + phase_s : lastMoment(end_s - (phase_s - length_s));
  return { time_s: Math.max(time_s, start_s), phase_s: start_s + phase_s, ended: false };
}

/**
 * Where playing starts so that a frame shown keeps its place: half a display
 * interval into it, so that a timer that trembles neither skips nor doubles.
 * @param {number} frame_start_s @param {number} frame_s  length of the frame, seconds of the axis
 * @param {number} speed
 * @returns {number}
 */
export function startInside(frame_start_s, frame_s, speed) {
  const display_s = speed / 60;
  return frame_start_s + Math.min(display_s, frame_s) / 2;
}

/**
 * The next speed in a direction; the ends hold.
 * @param {number} speed @param {1 | -1} direction
 * @returns {number}
 */
export function nextSpeed(speed, direction) {
  const at = SPEEDS.indexOf(speed);
  return SPEEDS[Math.min(Math.max((at < 0 ? 2 : at) + direction, 0), SPEEDS.length - 1)] ?? 1;
}

/** @param {number} end_s */
function lastMoment(end_s) {
  return end_s - 2e-6;
}

/** @param {number} value @param {number} length */
function modulo(value, length) {
  return ((value % length) + length) % length;
}
