// The picture to save or copy: as shown, with its marks and its caption.
// SIMULATED stays in the pixels whatever is hidden on screen.
/** @import { Placement, PlayerState } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
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

/**
 * Panels beside each other with their captions, at twice the size on screen.
 * @param {readonly PanelView[]} views @param {PlayerState} state
 * @returns {HTMLCanvasElement}
 */
export function compose(views, state) {
  const drawn = views.filter((view) => view.drawn !== null && view.place !== null);
  const width = drawn.reduce((sum, view) => sum + view.box.width + GAP_PX, GAP_PX);
  const height = Math.max(0, ...drawn.map((view) => view.box.height)) + 3 * LINE_PX + 2 * GAP_PX;
  const sheet = document.createElement("canvas");
  sheet.width = Math.round(width * RATIO);
  sheet.height = Math.round(height * RATIO);
  const context = sheet.getContext("2d");
  if (context === null) throw new Error("This browser gives no canvas.");
  context.fillStyle = "#0b0d10";
  context.fillRect(0, 0, sheet.width, sheet.height);
  let left = GAP_PX;
  for (const view of drawn) {
    drawPanel(context, view, state, left);
    left += view.box.width + GAP_PX;
  }
  return sheet;
}

/** @param {CanvasRenderingContext2D} context @param {PanelView} view @param {PlayerState} state @param {number} left */
function drawPanel(context, view, state, left) {
  const { print, place, box, panel } = view;
  if (print === null || place === null || view.drawn === null) return;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(box.width * RATIO);
  canvas.height = Math.round(box.height * RATIO);
  const own = canvas.getContext("2d", { alpha: false });
  if (own === null) return;
  paint(own, print, place, RATIO);
  own.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  view.marks.paint(own, { ...state, text_hidden: false }, { place, box, frame_index: view.drawn, font_px: FONT_PX });
  drawOverlay(own, {
    panel, frame_index: view.drawn, place, box, font_px: FONT_PX, marks: !state.marks_hidden, text: true, scan_plane: state.scan_plane_shown,
    side: "own",
  });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(canvas, Math.round(left * RATIO), GAP_PX * RATIO);
  context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  context.fillStyle = "#f2f4f7";
  context.textBaseline = "top";
  captionOf(view).forEach((line, at) => {
    context.font = `${at === 0 ? 600 : 400} ${FONT_PX}px system-ui, sans-serif`;
    context.fillText(line, left, GAP_PX + box.height + 6 + at * LINE_PX, box.width);
  });
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
