// A revision as a small picture: its mark drawn on the frame that tells most of it.
/** @import { Panel, Placement } from "../types.d.ts" */
/** @import { FrameStore } from "../frame_store.js" */
/** @import { Content } from "./types.d.ts" */
import { element } from "../dom.js";
import { drawMark } from "../mark_drawing.js";
import { ellipse, onScreen } from "../marks.js";
import { Picture } from "../picture.js";
import { PLAIN } from "../tone.js";

const WIDTH_PX = 200;
const RATIO = 2;
const LINE_PX = 1.8;
const COLOURS = Object.freeze({
  "sky-blue": "#56b4e9", orange: "#e69f00", "bluish-green": "#009e73", yellow: "#f0e442",
  blue: "#0072b2", vermillion: "#d55e00", "reddish-purple": "#cc79a7", white: "#ffffff",
});

/** @typedef {{frame_index: number, points_px: readonly (readonly number[])[]}} Seen */

/**
 * Where a revision is best looked at: where it differs from the one before it, else where it is first seen.
 * @param {Content} content @param {Content | null | undefined} before
 * @returns {Seen}
 */
export function tellingPlace(content, before) {
  if (content.place === undefined) return { frame_index: content.frame_index ?? 0, points_px: [] };
  const keys = seenKeys(content.place);
  const earlier = before?.place === undefined ? [] : seenKeys(before.place).map((key) => JSON.stringify(key));
  const changed = earlier.length === 0 ? undefined : keys.find((key) => !earlier.includes(JSON.stringify(key)));
  return changed ?? keys[0] ?? { frame_index: 0, points_px: [] };
}

/** @param {any} place @returns {Seen[]} */
function seenKeys(place) {
  if (place.on === "frame") return [{ frame_index: place.frame_index, points_px: place.points_px }];
  if (place.on === "range") return [{ frame_index: place.first_frame_index, points_px: place.points_px }];
  return place.keys.filter((/** @type {any} */ key) => !key.outside).map((/** @type {Seen} */ { frame_index, points_px }) => ({ frame_index, points_px }));
}

/**
 * @param {Content | null} content @param {Content | null | undefined} before
 * @param {{panels: readonly Panel[], frames: FrameStore}} room
 * @returns {HTMLElement}
 */
export function revisionPicture(content, before, { panels, frames }) {
  const shown = content ?? before ?? null;
  const panel = panels.find(({ clip_id }) => clip_id === shown?.clip);
  if (shown === null || panel === undefined) return element("div", { class: "msus-revision-blank" }, shown === null ? "nothing" : "on a clip that is not shown here");
  const { clip } = panel;
  const seen = tellingPlace(shown, before);
  const frame_index = Math.min(seen.frame_index, clip.frames - 1);
  const height = Math.round((WIDTH_PX * clip.rows) / clip.columns);
  const canvas = element("canvas", { class: "msus-revision-picture", width: WIDTH_PX * RATIO, height: height * RATIO, role: "img" });
  canvas.setAttribute("aria-label", `${panel.title}, frame ${frame_index + 1}${content === null ? ", before it was deleted" : ""}`);
  const context = canvas.getContext("2d");
  const decoded = frames.frame(clip.sha256, frame_index);
  if (context === null) return canvas;
  if (decoded !== null) {
    const picture = new Picture(clip);
    picture.put(decoded, PLAIN);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture.canvas, 0, 0, canvas.width, canvas.height);
  }
  /** @type {Placement} */
  const place = { left: 0, top: 0, scale_x: WIDTH_PX / clip.columns, scale_y: height / clip.rows, columns: clip.columns, rows: clip.rows, flip: false };
  if (content !== null && seen.points_px.length > 0) paint(context, content, seen, place);
  return canvas;
}

/** @param {CanvasRenderingContext2D} context @param {Content} content @param {Seen} seen @param {Placement} place */
function paint(context, { kind, style, label }, { points_px }, place) {
  const flat = points_px.flat();
  const points = onScreen(kind === "ellipse" ? ellipse(flat) : flat, place);
  const colour = COLOURS[/** @type {keyof typeof COLOURS} */ (style?.colour)] ?? COLOURS.yellow;
  const mark = { mark_id: "", kind: kind === "text" ? "point" : kind, label, note: "", layer: "", colour, line: style?.line ?? "solid", places_px: [], unsure_frame_indices: [], stump: false };
  context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
  drawMark(context, { mark, points, opacity: 1, unsure: false, measure: "" }, LINE_PX);
}
