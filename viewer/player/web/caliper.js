// The caliper: two points of the picture and what lies between them. A length
// is in mm only where both ends lie in one region that has a scale.
/** @import { Caliper, Clip, Length, Point, Region } from "./types.d.ts" */
import { insidePicture, regionAt } from "./geometry.js";
import { words } from "./words.js";

/**
 * @param {Clip} clip @param {Point} start @param {Point} end
 * @returns {Length}
 */
export function lengthOf(clip, start, end) {
  const dx = end.x_px - start.x_px;
  const dy = end.y_px - start.y_px;
  const px = Math.hypot(dx, dy);
  const region = regionAt(clip, start);
  const because = refusal(clip, region, regionAt(clip, end), dx, dy);
  if (because !== null || region === null) return { px, mm: null, px_because: because };
  return { px, mm: Math.hypot(dx * (region.mm_per_px_x ?? 0), dy * (region.mm_per_px_y ?? 0)), px_because: null };
}

/**
 * @param {Clip} clip @param {Region | null} start @param {Region | null} end @param {number} dx @param {number} dy
 * @returns {string | null} why the length has no mm
 */
function refusal(clip, start, end, dx, dy) {
  if (clip.regions.length === 0) return clip.scale_refused_because ?? words.no_scale;
  if (start === null || end === null) return words.caliper_outside;
  if (start !== end) return words.caliper_two_regions;
  const missing_x = start.mm_per_px_x === null && dx !== 0;
  const missing_y = start.mm_per_px_y === null && dy !== 0;
  return missing_x || missing_y ? clip.scale_refused_because ?? words.no_scale : null;
}

/** @param {Length} length @returns {string} such as "12.3 mm" or "140 px" */
export function lengthText(length) {
  return length.mm === null ? `${length.px.toFixed(0)} px` : `${length.mm.toFixed(1)} mm`;
}

/**
 * A caliper with one end moved; the end stays in the picture.
 * @param {Caliper} caliper @param {"start" | "end"} end @param {Point} to
 * @param {{rows: number, columns: number}} size
 * @returns {Caliper}
 */
export function moveEnd(caliper, end, to, size) {
  return { ...caliper, [end]: insidePicture(to, size) };
}

/**
 * Step of an arrow key on the picture: one px, ten with Shift; a flipped
 * picture moves the way the eye expects.
 * @param {string} key @param {boolean} shift @param {boolean} flip
 * @returns {Point | null}
 */
export function nudge(key, shift, flip) {
  const step = shift ? 10 : 1;
  const across = flip ? -step : step;
  if (key === "ArrowLeft") return { x_px: -across, y_px: 0 };
  if (key === "ArrowRight") return { x_px: across, y_px: 0 };
  if (key === "ArrowUp") return { x_px: 0, y_px: -step };
  if (key === "ArrowDown") return { x_px: 0, y_px: step };
  return null;
}
