// Affine maps of the plane: points, inverses, one after the other.
/** @import { Placement, Point } from "./types.d.ts" */

/** @typedef {readonly [number, number, number, number, number, number]} Affine  x' = a x + b y + c, y' = d x + e y + f */

/** @type {Affine} */
export const STILL = Object.freeze(/** @type {const} */ ([1, 0, 0, 0, 1, 0]));

/** @param {Affine} map @param {Point} point @returns {Point} */
export function mapped([a, b, c, d, e, f], { x_px, y_px }) {
  return { x_px: a * x_px + b * y_px + c, y_px: d * x_px + e * y_px + f };
}

/** @param {Affine} map @returns {Affine | null} null where it makes a line of the plane */
export function inverse([a, b, c, d, e, f]) {
  const size = a * e - b * d;
  if (Math.abs(size) < 1e-9) return null;
  return [e / size, -b / size, (b * f - e * c) / size, -d / size, a / size, (d * c - a * f) / size];
}

/** The first map, then the second. @param {Affine} first @param {Affine} second @returns {Affine} */
export function then([a, b, c, d, e, f], [g, h, i, j, k, l]) {
  return [g * a + h * d, g * b + h * e, g * c + h * f + i, j * a + k * d, j * b + k * e, j * c + k * f + l];
}

/** From pixels of a picture to CSS px of its box. @param {Placement} place @returns {Affine} */
export function toBox({ left, top, scale_x, scale_y, columns, flip }) {
  return flip ? [-scale_x, 0, left + columns * scale_x, 0, scale_y, top] : [scale_x, 0, left, 0, scale_y, top];
}

/** As a canvas takes it. @param {CanvasRenderingContext2D} context @param {Affine} map */
export function setTransform(context, [a, b, c, d, e, f]) {
  context.setTransform(a, d, b, e, c, f);
}
