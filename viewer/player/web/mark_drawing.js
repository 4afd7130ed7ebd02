// Marks on a canvas, in CSS px of the box: each line in its colour between a
// light and a dark outline, so that it reads on speckle.
/** @import { Box } from "./types.d.ts" */
/** @import { Shape } from "./marks.js" */
/** @import { Spot } from "./mark_labels.js" */
import { isClosed } from "./marks.js";

/** @typedef {CanvasRenderingContext2D} Context */

const DARK = "rgba(0,0,0,.8)";
const LIGHT = "rgba(255,255,255,.85)";
const DIM = "rgba(0,0,0,.66)";
const PAD_PX = 4;
const BAR_PX = 4;
const DASHES = Object.freeze({ solid: [], dashed: [7, 6], dotted: [1.5, 5.5] });
const UNSURE_DASH = [2, 9];

/** Size of a label for a text of this width. @param {number} text_px @param {number} font_px */
export function labelSize(text_px, font_px) {
  return { width: Math.ceil(text_px + BAR_PX + PAD_PX * 2.5), height: Math.ceil(font_px + PAD_PX * 1.6) };
}

/** @param {Shape} shape @returns {string} words of a label; a place that is not sure says so */
export function labelText({ mark, unsure, measure }) {
  const text = [mark.label, measure].filter((part) => part !== "").join("  ");
  return text === "" ? "" : `${text}${unsure ? " (?)" : ""}`;
}

/** Dims all but the inside of one mark. @param {Context} context @param {Shape} shape @param {Box} box */
export function drawSpotlight(context, { points, opacity }, box) {
  context.save();
  context.globalAlpha = opacity;
  context.fillStyle = DIM;
  context.beginPath();
  context.rect(0, 0, box.width, box.height);
  run(context, points, true);
  context.fill("evenodd");
  context.restore();
}

/** @param {Context} context @param {Shape} shape @param {number} width  of the coloured line */
export function drawMark(context, shape, width) {
  if (shape.mark.kind === "text") return; // its label is all
  context.globalAlpha = shape.opacity;
  const dash = shape.unsure ? UNSURE_DASH : DASHES[shape.mark.line];
  context.lineJoin = "round";
  context.beginPath();
  path(context, shape, width);
  for (const [colour, line_px, pattern] of /** @type {[string, number, number[]][]} */ ([[DARK, width + 3, []], [LIGHT, width + 1.2, []], [shape.mark.colour, width, dash]])) {
    context.lineCap = pattern.length === 0 ? "round" : "butt";
    context.setLineDash(pattern);
    context.strokeStyle = colour;
    context.lineWidth = line_px;
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** @param {Context} context @param {Shape} shape @param {number} width */
function path(context, { mark, points }, width) {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = points;
  if (mark.kind === "point") return ring(context, x0, y0, width * 2.5);
  run(context, points, isClosed(mark));
  if (mark.kind === "arrow") head(context, x0, y0, x1, y1, 5 + width * 2);
  if (mark.kind === "caliper") for (const [x, y] of /** @type {[number, number][]} */ ([[x0, y0], [x1, y1]])) bar(context, x, y, Math.atan2(y1 - y0, x1 - x0), 3 + width * 2);
}

/** @param {Context} context @param {readonly number[]} points @param {boolean} closed */
function run(context, points, closed) {
  context.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let at = 2; at < points.length; at += 2) context.lineTo(points[at] ?? 0, points[at + 1] ?? 0);
  if (closed) context.closePath();
}

/** A ring with a gap in its middle, so that the place itself is seen. @param {Context} context @param {number} x @param {number} y @param {number} radius */
function ring(context, x, y, radius) {
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, Math.PI * 2);
  for (const [dx, dy] of /** @type {[number, number][]} */ ([[1, 0], [-1, 0], [0, 1], [0, -1]])) {
    context.moveTo(x + dx * radius, y + dy * radius);
    context.lineTo(x + dx * radius * 2, y + dy * radius * 2);
  }
}

/** @param {Context} context @param {number} x0 @param {number} y0 @param {number} x1  tip @param {number} y1 @param {number} size */
function head(context, x0, y0, x1, y1, size) {
  const along = Math.atan2(y1 - y0, x1 - x0);
  for (const turn of [2.6, -2.6]) {
    context.moveTo(x1 + size * Math.cos(along + turn), y1 + size * Math.sin(along + turn));
    context.lineTo(x1, y1);
  }
}

/** @param {Context} context @param {number} x @param {number} y @param {number} along @param {number} half */
function bar(context, x, y, along, half) {
  context.moveTo(x - half * Math.sin(along), y + half * Math.cos(along));
  context.lineTo(x + half * Math.sin(along), y - half * Math.cos(along));
}

/** @param {Context} context @param {Shape} shape @param {Spot} spot @param {number} font_px */
export function drawLabel(context, shape, spot, font_px) {
  context.globalAlpha = shape.opacity;
  context.fillStyle = "rgba(0,0,0,.72)";
  context.beginPath();
  context.roundRect(spot.x, spot.y, spot.width, spot.height, 3);
  context.fill();
  context.fillStyle = shape.mark.colour;
  context.fillRect(spot.x + 1.5, spot.y + 2, BAR_PX - 1, spot.height - 4);
  context.fillStyle = "#fff";
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(labelText(shape), spot.x + BAR_PX + PAD_PX, spot.y + spot.height / 2 + font_px * 0.06);
  context.globalAlpha = 1;
}

/** The line from a mark to a label that stands off it. @param {Context} context @param {Shape} shape @param {Spot} spot */
export function drawLeader(context, { mark: { colour }, opacity }, { x, y, width, height, from_x, from_y }) {
  context.globalAlpha = opacity;
  context.beginPath();
  context.moveTo(from_x, from_y);
  context.lineTo(Math.min(Math.max(from_x, x), x + width), Math.min(Math.max(from_y, y), y + height));
  for (const [stroke, line_px] of /** @type {[string, number][]} */ ([[DARK, 3.5], [colour, 1.2]])) {
    context.strokeStyle = stroke;
    context.lineWidth = line_px;
    context.stroke();
  }
  context.globalAlpha = 1;
}
