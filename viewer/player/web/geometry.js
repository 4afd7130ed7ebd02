// Screen pixels and image pixels. Nothing but image pixels ever leaves the
// player: origin at the top-left corner of the top-left pixel.
/** @import { Box, Clip, Placement, Point, Region, View } from "./types.d.ts" */

export const FIT = Object.freeze({ zoom: 1, centre_x: 0.5, centre_y: 0.5, flip: false });
export const ZOOM_MIN = 1;
export const ZOOM_MAX = 16;

/**
 * Largest region with a scale along both axes.
 * @param {Clip} clip
 * @returns {Region & {mm_per_px_x: number, mm_per_px_y: number} | null}
 */
export function mainRegion(clip) {
  let best = null;
  let best_px = 0;
  for (const region of clip.regions) {
    const { mm_per_px_x, mm_per_px_y } = region;
    if (mm_per_px_x === null || mm_per_px_y === null) continue;
    const size_px = (region.x1 - region.x0 + 1) * (region.y1 - region.y0 + 1);
    if (size_px > best_px) [best, best_px] = [{ ...region, mm_per_px_x, mm_per_px_y }, size_px];
  }
  return best;
}

/**
 * Size of an image pixel relative to its width; screen pixels are square.
 * @param {Clip} clip
 * @returns {{x: number, y: number, mm: boolean}} mm per px where known, else 1
 */
function pitch(clip) {
  const region = mainRegion(clip);
  return region === null ? { x: 1, y: 1, mm: false } : { x: region.mm_per_px_x, y: region.mm_per_px_y, mm: true };
}

/**
 * Scale in CSS px per image px at which each picture fits its box; with
 * same_scale, every calibrated picture shows a millimetre equally long.
 * @param {readonly {clip: Clip, box: Box, comparable: boolean}[]} panels
 * @param {boolean} same_scale
 * @returns {{x: number, y: number}[]}
 */
export function fitScales(panels, same_scale) {
  const fits = panels.map(({ clip, box }) => {
    const unit = pitch(clip);
    return { unit, scale: Math.min(box.width / (clip.columns * unit.x), box.height / (clip.rows * unit.y)) };
  });
  const shared = fits.filter((fit, index) => fit.unit.mm && panels[index]?.comparable).map((fit) => fit.scale);
  const common = Math.min(...shared);
  return fits.map((fit, index) => {
    const scale = same_scale && fit.unit.mm && panels[index]?.comparable && shared.length > 1 ? common : fit.scale;
    return { x: scale * fit.unit.x, y: scale * fit.unit.y };
  });
}

/**
 * Where a picture lies in its box.
 * @param {Clip} clip @param {Box} box @param {{x: number, y: number}} fit @param {View} view
 * @returns {Placement}
 */
export function placementOf(clip, box, fit, view) {
  const scale_x = fit.x * view.zoom;
  const scale_y = fit.y * view.zoom;
  const centre_x = view.flip ? 1 - view.centre_x : view.centre_x;
  return {
    left: box.width / 2 - centre_x * clip.columns * scale_x,
    top: box.height / 2 - view.centre_y * clip.rows * scale_y,
    scale_x, scale_y, columns: clip.columns, rows: clip.rows, flip: view.flip,
  };
}

/** @param {Placement} place @param {Point} point @returns {{x: number, y: number}} CSS px in the box */
export function toScreen(place, point) {
  const x_px = place.flip ? place.columns - point.x_px : point.x_px;
  return { x: place.left + x_px * place.scale_x, y: place.top + point.y_px * place.scale_y };
}

/** @param {Placement} place @param {{x: number, y: number}} at  CSS px in the box @returns {Point} */
export function toImage(place, at) {
  const x_px = (at.x - place.left) / place.scale_x;
  return { x_px: place.flip ? place.columns - x_px : x_px, y_px: (at.y - place.top) / place.scale_y };
}

/** @param {Point} point @param {{rows: number, columns: number}} size @returns {Point} the nearest point of the picture */
export function insidePicture(point, size) {
  return { x_px: Math.min(Math.max(point.x_px, 0), size.columns), y_px: Math.min(Math.max(point.y_px, 0), size.rows) };
}

/**
 * Zoom so that the image point under the pointer stays there.
 * @param {View} view @param {Point} at  image px @param {number} factor
 * @param {{rows: number, columns: number}} size
 * @returns {View}
 */
export function zoomAbout(view, at, factor, size) {
  const zoom = Math.min(Math.max(view.zoom * factor, ZOOM_MIN), ZOOM_MAX);
  const kept = view.zoom / zoom;
  const x = at.x_px / size.columns;
  const y = at.y_px / size.rows;
  return clampView({ ...view, zoom, centre_x: x + (view.centre_x - x) * kept, centre_y: y + (view.centre_y - y) * kept });
}

/**
 * Pan by a distance on the screen.
 * @param {View} view @param {number} dx  CSS px @param {number} dy @param {Placement} place
 * @returns {View}
 */
export function panBy(view, dx, dy, place) {
  const across = dx / (place.scale_x * place.columns);
  return clampView({ ...view, centre_x: view.centre_x + (view.flip ? across : -across), centre_y: view.centre_y - dy / (place.scale_y * place.rows) });
}

/** Puts a point of the picture, given as fractions, in the middle. @param {View} view @param {number} centre_x @param {number} centre_y @returns {View} */
export function centreOn(view, centre_x, centre_y) {
  return clampView({ ...view, centre_x, centre_y });
}

/** Keeps a part of the picture in the box. @param {View} view @returns {View} */
function clampView(view) {
  if (view.zoom <= 1) return { ...view, centre_x: 0.5, centre_y: 0.5 };
  return { ...view, centre_x: Math.min(Math.max(view.centre_x, 0), 1), centre_y: Math.min(Math.max(view.centre_y, 0), 1) };
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
