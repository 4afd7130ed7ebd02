// The picture to save or copy: as shown, with its marks and its caption.
// SIMULATED stays in the pixels whatever is hidden on screen.
/** @import { Placement, PlayerState } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Part } from "./ways.js" */
import { setTransform, then } from "./affine.js";
import { stackedPair } from "./curtain.js";
import { frameText, rateText, scaleText, timeText } from "./labels.js";
import { drawOverlay } from "./overlay.js";

const FONT_PX = 13;
const LINE_PX = 19;
const GAP_PX = 8;
const RATIO = 2;

/** @param {PanelView} view @returns {string[]} */
function captionOf(view) {
  const { panel, drawn } = view;
  const frame = drawn === null ? "" : [frameText(panel, drawn), timeText(panel, drawn), rateText(panel)].filter((part) => part !== "").join(" · ");
  return [[panel.title, panel.simulated ? "SIMULATED" : ""].filter((part) => part !== "").join(" · "), frame, scaleText(panel)];
}

/** @typedef {readonly PanelView[]} Tile  one picture on the screen: a panel, or two that lie over each other, the upper one last */

/**
 * What lies where on the screen.
 * @param {readonly PanelView[]} views @param {PlayerState} state @returns {Tile[]}
 */
function tilesOf(views, state) {
  const drawn = views.filter((view) => view.drawn !== null && view.place !== null);
  const pair = stackedPair(state)?.map((panel) => panel.panel_id) ?? [];
  const over = drawn.filter((view) => pair.includes(view.panel.panel_id));
  const alone = drawn.filter((view) => over.length < 2 || !over.includes(view)).map((view) => [view]);
  return over.length < 2 ? alone : [...alone, over];
}

/**
 * The pictures as they are on the screen, with their captions, at twice its size.
 * @param {readonly PanelView[]} views @param {PlayerState} state @param {readonly Part[]} parts  of the ways to compare
 * @returns {HTMLCanvasElement}
 */
export function compose(views, state, parts) {
  const tiles = tilesOf(views, state);
  const width = Math.max(tiles.reduce((sum, tile) => sum + widthOf(tile) + GAP_PX, GAP_PX), 320);
  const strips = parts.flatMap((part) => part.strip ?? []);
  const sheet = document.createElement("canvas");
  const context = sheet.getContext("2d");
  if (context === null) throw new Error("This browser gives no canvas.");
  context.font = `400 ${FONT_PX}px system-ui, sans-serif`;
  const texts = parts.flatMap((part) => part.texts ?? []).flatMap((text) => wrapped(context, text, width - 2 * GAP_PX));
  const captions = Math.max(1, ...tiles.map((tile) => tile.length));
  const pictures = Math.max(0, ...tiles.flatMap((tile) => tile.map((view) => view.box.height)));
  const under = GAP_PX + pictures + 3 * LINE_PX * captions + GAP_PX;
  const strip_px = strips.reduce((sum, { box }) => sum + (box.height / box.width) * (width - 2 * GAP_PX) + GAP_PX, 0);
  sheet.width = Math.round(width * RATIO);
  sheet.height = Math.round((under + strip_px + texts.length * LINE_PX + GAP_PX) * RATIO);
  context.fillStyle = "#0b0d10";
  context.fillRect(0, 0, sheet.width, sheet.height);
  let left = GAP_PX;
  for (const tile of tiles) {
    drawTile(context, tile, state, { parts, left, pictures });
    left += widthOf(tile) + GAP_PX;
  }
  let top = under;
  context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  for (const { canvas, box } of strips) {
    const height = (box.height / box.width) * (width - 2 * GAP_PX);
    context.drawImage(canvas, GAP_PX, top, width - 2 * GAP_PX, height);
    top += height + GAP_PX;
  }
  write(context, texts, { left: GAP_PX, top, width });
  return sheet;
}

/** @param {Tile} tile */
function widthOf(tile) {
  return tile.at(-1)?.box.width ?? 0;
}

/** @param {CanvasRenderingContext2D} context @param {Tile} tile @param {PlayerState} state @param {{parts: readonly Part[], left: number, pictures: number}} where */
function drawTile(context, tile, state, { parts, left, pictures }) {
  const front = tile.length < 2 || state.layout !== "blink" ? null : tile[0]?.element.closest("[data-front]")?.getAttribute("data-front");
  const seen = front === "left" ? tile.slice(0, 1) : front === "right" ? tile.slice(1) : state.layout === "curtain" ? tile : tile.slice(-1);
  seen.forEach((view, at) => {
    const { box } = view;
    const canvas = pictureOf(view, state, parts, tile.length > 1 && state.layout !== "blink");
    if (canvas === null) return;
    context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
    const from = tile.length > 1 && state.layout === "curtain" && at === 1 ? state.curtain * box.width : 0;
    context.save();
    context.beginPath();
    context.rect(left + from, GAP_PX, box.width - from, box.height);
    context.clip();
    context.drawImage(canvas, left, GAP_PX, box.width, box.height);
    context.restore();
    if (from > 0) {
      context.fillStyle = "#fff";
      context.fillRect(left + from - 1, GAP_PX, 2, box.height);
    }
  });
  context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  tile.forEach((view, at) => write(context, captionOf(view), { left, top: GAP_PX + pictures + 6 + at * 3 * LINE_PX, width: widthOf(tile), title: true }));
}

/** One picture with all that lies over it. @param {PanelView} view @param {PlayerState} state @param {readonly Part[]} parts @param {boolean} stacked @returns {HTMLCanvasElement | null} */
function pictureOf(view, state, parts, stacked) {
  const { print, place, box, panel } = view;
  if (print === null || place === null || view.drawn === null) return null;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(box.width * RATIO);
  canvas.height = Math.round(box.height * RATIO);
  const own = canvas.getContext("2d", { alpha: false });
  if (own === null) return null;
  paint(own, print, place, RATIO);
  own.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  const blended = stacked ? parts.map((part) => part.blended ?? null).find((each) => each !== null) : undefined;
  if (blended) {
    setTransform(own, then(blended.to_box, [RATIO, 0, 0, 0, RATIO, 0]));
    own.drawImage(blended.canvas, 0, 0);
    own.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  }
  for (const part of parts) part.paint?.(own, view);
  view.marks.paint(own, { ...state, text_hidden: false }, { place, box, frame_index: view.drawn, font_px: FONT_PX });
  const side = stacked && state.layout === "curtain" ? view.element.dataset.side ?? "own" : "own";
  drawOverlay(own, {
    panel, frame_index: view.drawn, place, box, font_px: FONT_PX, marks: !state.marks_hidden, text: true, scan_plane: state.scan_plane_shown, side,
  });
  return canvas;
}

/** Lines of text. @param {CanvasRenderingContext2D} context @param {readonly string[]} lines @param {{left: number, top: number, width: number, title?: boolean}} where */
function write(context, lines, { left, top, width, title = false }) {
  context.fillStyle = "#f2f4f7";
  context.textAlign = "left";
  context.textBaseline = "top";
  lines.forEach((line, at) => {
    context.font = `${at === 0 && title ? 600 : 400} ${FONT_PX}px system-ui, sans-serif`;
    context.fillText(line, left, top + at * LINE_PX, width);
  });
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} width @returns {string[]} lines that fit */
function wrapped(context, text, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length === 0 || context.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/**
 * Paints a print where it belongs.
 * @param {CanvasRenderingContext2D} context @param {HTMLCanvasElement} print
 * @param {Placement} place @param {number} ratio  canvas px per CSS px
 */
function paint(context, print, place, ratio) {
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  const { scale_x, scale_y } = place;
  const left = place.flip ? place.left + place.columns * scale_x : place.left;
  context.setTransform((place.flip ? -scale_x : scale_x) * ratio, 0, 0, scale_y * ratio, left * ratio, place.top * ratio);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(print, 0, 0);
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
function toPng(canvas) {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png"));
}

/** @param {HTMLCanvasElement} canvas @param {string} name  without extension */
export async function savePng(canvas, name) {
  const url = URL.createObjectURL(await toPng(canvas));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = `${name.replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "") || "picture"}.png`;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<boolean>} false where the browser refuses */
export async function copyPng(canvas) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": toPng(canvas) })]);
    return true;
  } catch {
    return false;
  }
}
