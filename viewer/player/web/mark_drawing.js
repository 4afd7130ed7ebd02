// Marks on a canvas, in CSS px of the box: each line in its colour between a
// light and a dark outline, so that it reads on speckle.
/** @import { Box } from "./types.d.ts" */
/** @import { Shape } from "./marks.js" */
/** @import { Label } from "./label_plan.js" */
import { isClosed } from "./marks.js";

/** @typedef {CanvasRenderingContext2D} Context */

const DARK = "rgba(0,0,0,.8)";
const LIGHT = "rgba(255,255,255,.85)";
const DIM = "rgba(0,0,0,.66)";
const PAD_PX = 4;
const BAR_PX = 4;
const DASHES = Object.freeze({ solid: [], dashed: [7, 6], dotted: [1.5, 5.5] });
const UNSURE_DASH = [2, 9];
/** Of a ring, in widths of its line: four pieces. */
const UNSURE_RING = 2;

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

/** @param {Context} context @param {Shape} shape @param {number} width  of the coloured line @param {boolean} [plainly]  in a crowd: a dark outline alone, and corners as they come */
export function drawMark(context, shape, width, plainly = false) {
  if (shape.mark.kind === "text") return; // its label is all
  context.globalAlpha = shape.opacity;
  const broken = shape.unsure && shape.mark.kind === "point" ? [width * UNSURE_RING, width * UNSURE_RING] : []; // a ring is too short for dots on a whole line
  const dash = broken.length > 0 ? broken : shape.unsure ? UNSURE_DASH : DASHES[shape.mark.line];
  context.lineJoin = plainly ? "bevel" : "round";
  context.beginPath();
  path(context, shape, width);
  /** @type {[string, number, number[]][]} */
  const outlines = plainly ? [[DARK, width + 2, broken]] : [[DARK, width + 3, broken], [LIGHT, width + 1.2, broken]];
  for (const [colour, line_px, pattern] of /** @type {[string, number, number[]][]} */ ([...outlines, [shape.mark.colour, width, dash]])) {
    context.lineCap = pattern.length === 0 && !plainly ? "round" : "butt";
    context.setLineDash(pattern);
    context.strokeStyle = colour;
    context.lineWidth = line_px;
    context.stroke();
  }
  context.setLineDash([]);
  if (shape.unsure && shape.mark.label === "" && shape.measure === "") ask(context, shape, width);
  context.globalAlpha = 1;
}

/** A question mark beside an unsure mark that has no words to say so. @param {Context} context @param {Shape} shape @param {number} width */
function ask(context, { mark, points }, width) {
  const [x = 0, y = 0] = points;
  context.font = `700 ${Math.round(width * 8)}px system-ui, sans-serif`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  context.lineWidth = width * 2;
  context.strokeStyle = DARK;
  context.fillStyle = mark.colour;
  context.strokeText("?", x + width * 4, y - width * 3);
  context.fillText("?", x + width * 4, y - width * 3);
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

/** @param {Context} context @param {Shape} shape @param {Label} label @param {number} font_px */
export function drawLabel(context, shape, { x, y, width, height, lines, number }, font_px) {
  context.globalAlpha = shape.opacity;
  context.fillStyle = number === null ? "rgba(0,0,0,.72)" : "rgba(0,0,0,.86)";
  context.beginPath();
  context.roundRect(x, y, width, height, number === null ? 3 : height / 2);
  context.fill();
  if (number === null) {
    context.fillStyle = shape.mark.colour;
    context.fillRect(x + 1.5, y + 2, BAR_PX - 1, height - 4);
  } else {
    context.strokeStyle = shape.mark.colour;
    context.lineWidth = 1.6;
    context.stroke();
  }
  context.fillStyle = "#fff";
  context.textAlign = number === null ? "left" : "center";
  context.textBaseline = "middle";
  const lead = Math.ceil(font_px * 1.15);
  const middle = y + height / 2 + font_px * 0.06 - ((lines.length - 1) * lead) / 2;
  lines.forEach((line, at) => context.fillText(line, number === null ? x + BAR_PX + PAD_PX : x + width / 2, middle + at * lead));
  context.globalAlpha = 1;
}

/** The line from a label that stands off its mark, and the dot where it meets it. @param {Context} context @param {Shape} shape @param {readonly number[]} leader */
export function drawLeader(context, { mark: { colour }, opacity }, leader) {
  context.globalAlpha = opacity;
  context.lineJoin = "round";
  context.beginPath();
  run(context, leader, false);
  for (const [stroke, line_px] of /** @type {[string, number][]} */ ([[DARK, 3.2], [colour, 1.2]])) {
    context.strokeStyle = stroke;
    context.lineWidth = line_px;
    context.stroke();
  }
  context.beginPath();
  context.arc(leader.at(-2) ?? 0, leader.at(-1) ?? 0, 2.4, 0, Math.PI * 2);
  context.fillStyle = colour;
  context.strokeStyle = DARK;
  context.lineWidth = 1;
  context.fill();
  context.stroke();
  context.globalAlpha = 1;
}
