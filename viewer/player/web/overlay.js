// What is drawn over the picture: ticks of depth, which way is proximal, the
// badge of the chapter, SIMULATED, the scan plane.
/** @import { Box, Panel, Placement } from "./types.d.ts" */
import { mainRegion, toScreen } from "./geometry.js";
import { CHAPTERS, chapterAt } from "./labels.js";
import { words } from "./words.js";

/**
 * @typedef {object} OverlayModel
 * @property {Panel} panel
 * @property {number} frame_index  the frame drawn
 * @property {Placement} place
 * @property {Box} box
 * @property {number} font_px
 * @property {boolean} marks @property {boolean} text @property {boolean} scan_plane
 * @property {string} side  left or right of the curtain, whose half alone is seen; else own
 */

/** @typedef {CanvasRenderingContext2D} Context */

/** @param {Context} context @param {OverlayModel} model  the transform maps CSS px of the box to the canvas */
export function drawOverlay(context, model) {
  context.font = `600 ${model.font_px}px system-ui, sans-serif`;
  context.lineJoin = "round";
  context.lineCap = "round";
  if (model.marks) {
    drawTicks(context, model);
    if (model.scan_plane) drawScanPlanes(context, model);
  }
  if (model.text) drawLabels(context, model);
  // The word stays whatever is hidden: nobody may take a simulated picture for a patient's.
  if (model.panel.simulated) cornerLine(context, model, words.simulated, 0);
}

/** A line of the upper corner that is free: the right one, left of a curtain the left one. @param {Context} context @param {OverlayModel} model @param {string} text @param {number} line */
function cornerLine(context, model, text, line) {
  const edge = margin(model);
  const below_words = model.side === "left" ? model.font_px * 2.3 : 0; // the clip's own, at the upper left
  const y = edge + below_words + line * model.font_px * 1.3;
  label(context, text, model.side === "left" ? edge : model.box.width - edge, y, model.side === "left" ? "left" : "right", model.font_px);
}

/** @param {{font_px: number}} model */
const margin = (model) => Math.round(model.font_px * 0.6);

/** White on a dark outline reads on speckle. @param {Context} context @param {() => void} path @param {number} width */
function stroke(context, path, width) {
  for (const [colour, line_px] of /** @type {[string, number][]} */ ([["rgba(0,0,0,.85)", width + 2.5], ["#fff", width]])) {
    context.strokeStyle = colour;
    context.lineWidth = line_px;
    context.beginPath();
    path();
    context.stroke();
  }
}

/** @param {Context} context @param {string} text @param {number} x @param {number} y  top @param {"left" | "right" | "center"} align @param {number} font_px */
function label(context, text, x, y, align, font_px) {
  context.textAlign = align;
  context.textBaseline = "top";
  context.lineWidth = Math.max(3, font_px / 4);
  context.strokeStyle = "rgba(0,0,0,.8)";
  context.strokeText(text, x, y);
  context.fillStyle = "#fff";
  context.fillText(text, x, y);
}

/** A tick each centimetre at the edge of the calibrated region. @param {Context} context @param {OverlayModel} model */
function drawTicks(context, { panel, place, box, font_px, text, side }) {
  if (side === "left") return; // the right panel's ticks are seen, at the same scale
  const region = mainRegion(panel.clip);
  if (region === null) return;
  const edges = [region.x0, region.x1 + 1].map((x_px) => toScreen(place, { x_px, y_px: region.y0 }).x);
  const x = Math.min(Math.max(...edges), box.width - 2);
  const step_px = 10 / region.mm_per_px_y;
  const apart = step_px * place.scale_y;
  if (apart < 4) return;
  const every = apart < font_px * 1.4 ? 5 : 1;
  const small_px = Math.max(font_px - 2, 10);
  context.save();
  context.font = `600 ${small_px}px system-ui, sans-serif`;
  for (let cm = 1; region.y0 + cm * step_px <= region.y1 + 1; cm += 1) {
    const { y } = toScreen(place, { x_px: 0, y_px: region.y0 + cm * step_px });
    if (y < font_px * (text ? 3.4 : 0) || y > box.height - font_px * (text ? 2.4 : 0)) continue; // the corners have their labels
    const long = cm % 5 === 0;
    stroke(context, () => { context.moveTo(x - (long ? 12 : 7), y); context.lineTo(x - 1, y); }, 1.5);
    if (cm % every === 0) label(context, `${cm}${cm === every || (y - apart * every < font_px * 3.4) ? " cm" : ""}`, x - 15, y - small_px / 2, "right", small_px);
  }
  context.restore();
}

/** @param {Context} context @param {OverlayModel} model */
function drawLabels(context, model) {
  const { panel, box, font_px, frame_index } = model;
  const edge = margin(model);
  const chapter = chapterAt(panel, frame_index);
  if (chapter !== null) drawBadge(context, chapter.name, model);
  const where = [panel.side, panel.plane].filter((part) => part !== "").join(" · ");
  const [left, right] = model.place.flip ? [panel.screen_right, panel.screen_left] : [panel.screen_left, panel.screen_right];
  const bottom = box.height - edge - font_px;
  if (model.side !== "left") cornerLine(context, model, where, panel.simulated ? 1 : 0);
  else { // clips have their grey scale below their words at the upper left
    const below = chapter === null ? bottom : badgePlace(context, badgeWidth(context, CHAPTERS[chapter.name].word, font_px), model).y;
    label(context, where, edge, below - font_px * 1.4, "left", font_px);
  }
  if (left !== "") label(context, `◂ ${left}`, edge, bottom, "left", font_px);
  if (right !== "") label(context, `${right} ▸`, box.width - edge, bottom, "right", font_px);
  if (model.side === "own" && panel.clip.chapters.length === 0) drawCalibration(context, model, bottom, left, right);
}

/** Part of the width that the lower right corner may take. */
const CORNER_PART = 0.45;

/** Where the scale comes from, if there is room between the directions and no badge; the line below the picture says it always. @param {Context} context @param {OverlayModel} model @param {number} y @param {string} left @param {string} right */
function drawCalibration(context, { panel, box, font_px }, y, left, right) {
  const text = mainRegion(panel.clip) === null ? "" : panel.clip.scale_label;
  const taken = Math.max(context.measureText(`◂ ${left}`).width, context.measureText(`${right} ▸`).width) + font_px;
  if (text === "" || context.measureText(text).width > box.width - 2 * taken) return;
  // Clips carry words of their own at the lower left; without directions the right corner is free, and of it less than a half.
  if (right === "" && context.measureText(text).width > box.width * CORNER_PART) return;
  if (right === "") label(context, text, box.width - margin({ font_px }), y, "right", font_px);
  else label(context, text, box.width / 2, y, "center", font_px);
}

/** @param {Context} context @param {keyof typeof CHAPTERS} name @param {OverlayModel} model */
function drawBadge(context, name, model) {
  const { word, shape } = CHAPTERS[name];
  const { font_px } = model;
  const pad = font_px * 0.4;
  const width = badgeWidth(context, word, font_px);
  const { x, y } = badgePlace(context, width, model);
  context.fillStyle = "rgba(0,0,0,.72)";
  context.beginPath();
  context.roundRect(x, y, width, font_px + pad * 2, font_px * 0.35);
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = "#fff";
  context.stroke();
  context.fillStyle = "#fff";
  drawShape(context, shape, x + pad + font_px / 2, y + pad + font_px / 2, font_px * 0.42);
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(word, x + font_px + pad * 2, y + pad + font_px * 0.06);
}

/** @param {Context} context @param {string} word @param {number} font_px */
const badgeWidth = (context, word, font_px) => font_px * 2.2 + context.measureText(word).width;

/**
 * Clips have words of their own along the upper edge: the badge stands between the directions at the lower one, and
 * above them where the longest of its words would not fit.
 * @param {Context} context @param {number} width @param {OverlayModel} model
 */
function badgePlace(context, width, model) {
  const { panel, box, font_px, side } = model;
  const edge = margin(model);
  if (side === "right") return { x: box.width - edge - width, y: edge + font_px * 2.8 }; // of the curtain: its left corner is covered
  const beside = Math.max(...[`◂ ${panel.screen_left}`, `${panel.screen_right} ▸`].map((text) => context.measureText(text).width)) + edge + font_px * 0.6;
  const widest = badgeWidth(context, CHAPTERS.contracting.word, font_px);
  const fits = 2 * beside + widest < box.width;
  const y = box.height - edge - font_px * (fits ? 1.4 : 3.4);
  if (side === "left") return { x: fits ? beside : edge, y };
  return { x: (box.width - width) / 2, y };
}

/** @param {Context} context @param {string} shape @param {number} x  centre @param {number} y @param {number} size */
export function drawShape(context, shape, x, y, size) {
  context.beginPath();
  if (shape === "circle") context.arc(x, y, size, 0, Math.PI * 2);
  else if (shape === "square") context.rect(x - size, y - size, 2 * size, 2 * size);
  else {
    const tip = shape === "up" ? -size : size;
    context.moveTo(x, y + tip);
    context.lineTo(x + size, y - tip);
    context.lineTo(x - size, y - tip);
    context.closePath();
  }
  context.fill();
}

/** @param {Context} context @param {OverlayModel} model */
function drawScanPlanes(context, model) {
  for (const plane of model.panel.scan_planes) {
    if (plane.frame_index !== model.frame_index) continue;
    const points = plane.outline_px.map(([x_px, y_px]) => toScreen(model.place, { x_px, y_px }));
    const [first] = points;
    if (first === undefined) continue;
    context.setLineDash([6, 5]);
    stroke(context, () => {
      for (const point of points) context.lineTo(point.x, point.y);
      if (points.length > 2) context.closePath();
    }, 2);
    context.setLineDash([]);
    label(context, plane.label, first.x, first.y - model.font_px * 1.4, "left", model.font_px);
  }
}
