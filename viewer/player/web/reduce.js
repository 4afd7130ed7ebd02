// A frame at half or a quarter of its size, each pixel the mean of those that
// it stands for: a small picture of speckle must not glitter.
/** @import { Decoded } from "./types.d.ts" */

/** @typedef {{columns: number, rows: number}} Size */

/**
 * By how much a picture is reduced before the display scales it; the display
 * looks at two by two pixels, so what is left for it is less than a halving.
 * @param {number} scale  display pixels per pixel of the picture
 * @returns {1 | 2 | 4}
 */
export function reductionFor(scale) {
  if (scale <= 0.3) return 4;
  return scale <= 0.6 ? 2 : 1;
}

/** @param {Size} size @param {number} factor @returns {Size} */
export function reducedSize({ columns, rows }, factor) {
  return { columns: Math.ceil(columns / factor), rows: Math.ceil(rows / factor) };
}

/**
 * @param {Decoded} frame @param {Size} size  of the frame @param {number} factor
 * @returns {Decoded} a frame of the same kind
 */
export function reduce(frame, size, factor) {
  if (factor === 1) return frame;
  if (frame.kind === "grey8" && size.columns % factor === 0 && size.rows % factor === 0) return { kind: "grey8", samples: reduceGrey(frame.samples, size, factor) };
  const small = reducedSize(size, factor);
  const channels = frame.kind === "rgba" ? 4 : 1;
  const samples = new /** @type {Uint8ArrayConstructor} */ (frame.samples.constructor)(small.columns * small.rows * channels);
  meanOf(/** @type {Uint8Array} */ (frame.samples), samples, size, small, factor, channels);
  return /** @type {Decoded} */ ({ kind: frame.kind, samples });
}

/** @param {Uint8Array} source @param {Uint8Array} target @param {Size} size @param {Size} small @param {number} factor @param {number} channels */
function meanOf(source, target, size, small, factor, channels) {
  for (let row = 0; row < small.rows; row += 1) {
    const bottom = Math.min((row + 1) * factor, size.rows);
    for (let column = 0; column < small.columns; column += 1) {
      const right = Math.min((column + 1) * factor, size.columns);
      const share = 1 / ((bottom - row * factor) * (right - column * factor));
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let y = row * factor; y < bottom; y += 1) {
          for (let x = column * factor; x < right; x += 1) sum += /** @type {number} */ (source[(y * size.columns + x) * channels + channel]);
        }
        target[(row * small.columns + column) * channels + channel] = Math.round(sum * share);
      }
    }
  }
}

/** The common case, fast enough for 60 frames a second. @param {Uint8Array} source @param {Size} size  divisible by the factor @param {number} factor */
function reduceGrey(source, size, factor) {
  let samples = source;
  let { columns, rows } = size;
  for (let left = factor; left > 1; left /= 2) {
    samples = halve(samples, columns, rows);
    columns /= 2;
    rows /= 2;
  }
  return samples;
}

/** @param {Uint8Array} source @param {number} columns @param {number} rows */
function halve(source, columns, rows) {
  const target = new Uint8Array((columns / 2) * (rows / 2));
  let at = 0;
  for (let row = 0; row < rows; row += 2) {
    let above = row * columns;
    const end = above + columns;
    for (; above < end; above += 2) {
      const below = above + columns;
      const sum = /** @type {number} */ (source[above]) + /** @type {number} */ (source[above + 1]) + /** @type {number} */ (source[below]) + /** @type {number} */ (source[below + 1]);
      target[at] = (sum + 2) >> 2;
      at += 1;
    }
  }
  return target;
}
