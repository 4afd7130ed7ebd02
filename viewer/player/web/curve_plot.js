// The curve over the bands of the chapters, painted once for a size: the gap
// of every stop with its band, the truth of a simulated clip dashed, an axis.
/** @import { Box, Clip, Timeline } from "./types.d.ts" */
import { atStops, axisOf, mainCurve } from "./curve.js";
import { ownAxis, secondAtStops } from "./second_curve.js";
import { middleOf } from "./timeline.js";

/** @typedef {{box: Box, top: number, bottom: number, font_px: number, text: boolean, truth: boolean}} Frame  top and bottom of the plot, CSS px */
/** @import { Second } from "./second_curve.js" */
/** @typedef {{ys: Float32Array, unit: string}} Heights  of the main curve at every stop, CSS px */

const LINE = "#fff";
const TRUTH = "#ffe08a";
const SECOND = "#7fd0ff";
const DARK = "rgba(0,0,0,.75)";
/** Below a curve where no chapter colours the plot: its lines and numbers are bright. */
const GROUND = "#3a4048";
const GROUND_MARGIN_PX = 5;

/**
 * Where the main curve lies at every stop.
 * @param {Clip} clip @param {Timeline} timeline @param {Frame} frame
 * @returns {Heights | null}
 */
export function heightsOf(clip, timeline, frame) {
  const curve = mainCurve(clip);
  if (curve === null) return null;
  const y = yOf(clip, frame);
  return { ys: Float32Array.from(atStops(curve.values, timeline), y), unit: curve.unit };
}

/** @param {Clip} clip @param {Frame} frame @returns {(value: number) => number} */
function yOf(clip, { top, bottom }) {
  const axis = axisOf([clip.curve, clip.truth_curve]);
  return (value) => bottom - (Math.min(Math.max(value, 0), axis.top) / axis.top) * (bottom - top);
}

/**
 * @param {CanvasRenderingContext2D} context  in CSS px @param {Clip} clip @param {Timeline} timeline @param {Frame} frame @param {Second | null} second  laid over it
 */
export function paintCurve(context, clip, timeline, frame, second) {
  const y = yOf(clip, frame);
  const x = (/** @type {number} */ stop) => middleOf(timeline, stop) * frame.box.width;
  const points = (/** @type {readonly number[]} */ values) => atStops(values, timeline).map((value, stop) => /** @type {const} */ ([x(stop), y(value)]));
  if (clip.chapters.length === 0) paintGround(context, frame);
  if (mainCurve(clip) !== null) paintAxis(context, clip, frame, y);
  const { curve, truth_curve } = clip;
  if (curve !== null && curve.lower !== null && curve.upper !== null) paintBand(context, points(curve.upper), points(curve.lower));
  if (curve !== null) paintLine(context, points(curve.values), LINE, []);
  if (truth_curve !== null && frame.truth) paintLine(context, points(truth_curve.values), TRUTH, curve === null ? [] : [5, 4]);
  if (second !== null) paintSecond(context, second, timeline, { frame, x, y });
}

/** Dots, on the axis of the gap or on one of its own at the right. @param {CanvasRenderingContext2D} context @param {Second} second @param {Timeline} timeline @param {{frame: Frame, x: (stop: number) => number, y: (value: number) => number}} places */
function paintSecond(context, second, timeline, { frame, x, y: shared }) {
  const values = secondAtStops(second, timeline);
  const { low, high, ticks } = ownAxis(values);
  const own = (/** @type {number} */ value) => frame.bottom - ((value - low) / (high - low)) * (frame.bottom - frame.top);
  const y = second.shares_axis ? shared : own;
  context.lineCap = "round";
  paintLine(context, values.flatMap((value, stop) => (value === null ? [] : [/** @type {const} */ ([x(stop), y(value)])])), SECOND, [0.1, 7]);
  context.lineCap = "butt";
  if (second.shares_axis || !frame.text) return;
  context.font = `600 ${frame.font_px - 1}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  ticks.forEach((tick, at) => outlined(context, `${tick}${at === ticks.length - 1 ? ` ${second.unit}` : ""}`, frame.box.width - 4, own(tick), SECOND));
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame */
function paintGround(context, { box, bottom }) {
  context.fillStyle = GROUND;
  context.beginPath();
  context.roundRect(0.5, 0, Math.max(box.width - 1, 1), bottom + GROUND_MARGIN_PX, 3);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {Clip} clip @param {Frame} frame @param {(value: number) => number} y */
function paintAxis(context, clip, frame, y) {
  const { top, step } = axisOf([clip.curve, clip.truth_curve]);
  context.fillStyle = "rgba(255,255,255,.28)";
  for (let value = step; value <= top; value += step) context.fillRect(0, y(value) - 0.5, frame.box.width, 1);
}

/** The numbers of the axis, on a canvas over the handle: half of a number were another number. @param {CanvasRenderingContext2D} context @param {Clip} clip @param {Frame} frame */
export function paintNumbers(context, clip, frame) {
  const curve = mainCurve(clip);
  if (!frame.text || curve === null) return;
  const y = yOf(clip, frame);
  const { top, step } = axisOf([clip.curve, clip.truth_curve]);
  context.font = `600 ${frame.font_px - 1}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (let value = step; value <= top; value += step) {
    const label = `${Number(value.toPrecision(3))}${value + step > top ? ` ${curve.unit}` : ""}`;
    outlined(context, label, 4, y(value), "#fff");
  }
}

/** @param {CanvasRenderingContext2D} context @param {(readonly [number, number])[]} upper @param {(readonly [number, number])[]} lower */
function paintBand(context, upper, lower) {
  context.fillStyle = "rgba(255,255,255,.34)";
  context.beginPath();
  for (const [x, y] of upper) context.lineTo(x, y);
  for (const [x, y] of lower.reverse()) context.lineTo(x, y);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {(readonly [number, number])[]} points @param {string} colour @param {number[]} dash */
function paintLine(context, points, colour, dash) {
  context.lineJoin = "round";
  for (const [stroke, width, pattern] of /** @type {[string, number, number[]][]} */ ([[DARK, 4, []], [colour, colour === SECOND ? 4 : 2, dash]])) {
    if (pattern === dash && dash.length > 0 && stroke === DARK) continue;
    context.setLineDash(pattern);
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.stroke();
  }
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {string} colour */
function outlined(context, text, x, y, colour) {
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = DARK;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}
