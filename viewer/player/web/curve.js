// The curve of the contraction: the gap of each frame, its band, and what is
// said of it. Values are in mm, or in px where the clip has no scale.
/** @import { Clip, Curve, Panel, Timeline } from "./types.d.ts" */
import { frameOn } from "./timeline.js";
import { words } from "./words.js";

const HEADROOM = 1.06;
/** Steps of an axis: 1, 2 or 5 times a power of ten. */
const STEPS = Object.freeze([1, 2, 5, 10]);

/** The curve that the handle sits on: what was tracked, on a simulated clip else its truth. @param {Pick<Clip, "curve" | "truth_curve">} clip @returns {Curve | null} */
export function mainCurve(clip) {
  return clip.curve ?? clip.truth_curve ?? null;
}

/**
 * Upper end of an axis from 0, and the step between its ticks.
 * @param {readonly (Curve | null)[]} curves
 * @returns {{top: number, step: number}} top is at least every value and bound
 */
export function axisOf(curves) {
  const highest = Math.max(0, ...curves.flatMap((curve) => (curve === null ? [] : [...curve.values, ...(curve.upper ?? [])])));
  if (!(highest > 0)) return { top: 1, step: 1 };
  const power = 10 ** Math.floor(Math.log10(highest / 2));
  const step = (STEPS.find((each) => each * power >= highest / 4) ?? 10) * power;
  return { top: highest * HEADROOM, step };
}

/**
 * Value at every stop of an axis that a panel leads.
 * @param {readonly number[]} values @param {Timeline} timeline
 * @returns {number[]}
 */
export function atStops(values, timeline) {
  return timeline.stops_s.map((start_s) => values[frameOn(timeline, timeline.leader_id, start_s) ?? 0] ?? 0);
}

/** Half the width of the band; null where none is known. @param {Curve} curve @param {number} frame_index */
export function plusMinus(curve, frame_index) {
  const { lower, upper } = curve;
  if (lower === null || upper === null) return null;
  return ((upper[frame_index] ?? 0) - (lower[frame_index] ?? 0)) / 2;
}

/** @param {Curve} curve @param {number} frame_index @returns {string} such as "8.1 ± 0.3 mm" */
export function valueText(curve, frame_index) {
  const digits = curve.unit === "mm" ? 1 : 0;
  const about = plusMinus(curve, frame_index);
  return `${(curve.values[frame_index] ?? 0).toFixed(digits)}${about === null ? "" : ` ± ${about.toFixed(digits)}`} ${curve.unit}`;
}

/**
 * What the readout says of a curve: now, at rest, at peak, and where it comes from.
 * @param {Curve} curve @param {number} frame_index
 * @returns {{now: string, rest: string, peak: string, source: string}} "" where not known
 */
export function curveTexts(curve, frame_index) {
  const at = (/** @type {number | null} */ index) => (index === null ? "" : valueText(curve, index));
  return { now: valueText(curve, frame_index), rest: at(curve.rest_frame_index), peak: at(curve.peak_frame_index), source: curve.source_label };
}

/**
 * Frame of the part shown at which the curve is at rest or at its peak.
 * @param {Panel} panel @param {"rest" | "peak"} which
 * @returns {number | null}
 */
export function turningFrame(panel, which) {
  const curve = mainCurve(panel.clip);
  const frame_index = (which === "rest" ? curve?.rest_frame_index : curve?.peak_frame_index) ?? null;
  return frame_index === null || frame_index < panel.first_frame_index || frame_index > panel.last_frame_index ? null : frame_index;
}

/** What a listener hears of the curve. @param {Panel} panel @param {number} frame_index */
export function spokenCurve(panel, frame_index) {
  const curve = mainCurve(panel.clip);
  if (curve === null) return "";
  return `, ${words.gap.toLowerCase()} ${valueText(curve, frame_index)}, ${curve.source_label}`;
}
