// From samples to screen grey: brightness, contrast, inversion, and the window
// of 16-bit samples (PS3.3 C.11.2.1.2). Colours keep their colours.
/** @import { Clip, Decoded, Tone } from "./types.d.ts" */

export const PLAIN = Object.freeze({ brightness: 0, contrast: 0, invert: false, window: null });

/** @param {Tone} tone */
export function isPlain(tone) {
  return tone.brightness === 0 && tone.contrast === 0 && !tone.invert;
}

/**
 * Grey on screen for each grey of the picture.
 * @param {Tone} tone
 * @returns {Uint8Array} 256 values
 */
export function greyRamp(tone) {
  const slope = Math.tan((Math.min(Math.max(tone.contrast, -0.98), 0.98) + 1) * Math.PI / 4);
  return Uint8Array.from({ length: 256 }, (_, grey) => {
    const value = (grey - 127.5) * slope + 127.5 + tone.brightness * 255;
    const shown = Math.min(Math.max(Math.round(value), 0), 255);
    return tone.invert ? 255 - shown : shown;
  });
}

/** Opaque grey as the four bytes of a pixel. @param {number} grey */
function pixel(grey) {
  return (0xff000000 | (grey << 16) | (grey << 8) | grey) >>> 0;
}

/**
 * Pixel for each 8-bit sample.
 * @param {Tone} tone
 * @returns {Uint32Array} 256 pixels
 */
export function pixels8(tone) {
  return Uint32Array.from(greyRamp(tone), pixel);
}

/**
 * Grey of a rescaled value in a window, before brightness and contrast.
 * @param {number} value @param {number} center @param {number} width  at least 1
 */
export function windowed(value, center, width) {
  const low = center - 0.5 - (width - 1) / 2;
  const high = center - 0.5 + (width - 1) / 2;
  if (value <= low) return 0;
  if (value > high) return 255;
  return Math.round(((value - (center - 0.5)) / (width - 1) + 0.5) * 255);
}

/**
 * Pixel for each 16-bit sample; the index is the sample's bits, so a signed
 * sample -1 stands at 65535.
 * @param {Tone} tone @param {{center: number, width: number}} window
 * @param {{rescale_slope: number, rescale_intercept: number}} rescale @param {boolean} signed
 * @returns {Uint32Array} 65536 pixels
 */
export function pixels16(tone, window, rescale, signed) {
  const ramp = pixels8(tone);
  const table = new Uint32Array(65536);
  const width = Math.max(window.width, 1);
  for (let bits = 0; bits < 65536; bits += 1) {
    const sample = signed && bits > 32767 ? bits - 65536 : bits;
    const value = sample * rescale.rescale_slope + rescale.rescale_intercept;
    table[bits] = ramp[windowed(value, window.center, width)] ?? 0;
  }
  return table;
}

/**
 * Window that shows the whole range of a picture, where the file gives none.
 * @param {Uint16Array | Int16Array} samples @param {Clip} clip
 */
export function fullWindow(samples, clip) {
  let low = Infinity;
  let high = -Infinity;
  for (const sample of samples) {
    if (sample < low) low = sample;
    if (sample > high) high = sample;
  }
  const ends = [low, high].map((sample) => sample * clip.rescale_slope + clip.rescale_intercept);
  const bottom = Math.min(...ends);
  const top = Math.max(...ends);
  return { center: (bottom + top) / 2 + 0.5, width: Math.max(top - bottom, 0) + 1 };
}

/**
 * Writes a frame's pixels. One loop a kind: each is compiled for its own array.
 * @param {Decoded} frame @param {Uint32Array} target @param {Uint32Array} table
 */
export function expand(frame, target, table) {
  if (frame.kind === "grey8") expandGrey(frame.samples, target, table);
  else if (frame.kind === "rgba") expandColour(frame.samples, target, table);
  else if (frame.kind === "int16") expandWide(new Uint16Array(frame.samples.buffer, frame.samples.byteOffset, frame.samples.length), target, table);
  else expandWide(frame.samples, target, table);
}

/** @param {Uint8Array} samples @param {Uint32Array} target @param {Uint32Array} table */
function expandGrey(samples, target, table) {
  const count = target.length;
  for (let at = 0; at < count; at += 1) target[at] = /** @type {number} */ (table[/** @type {number} */ (samples[at])]);
}

/** @param {Uint16Array} bits @param {Uint32Array} target @param {Uint32Array} table */
function expandWide(bits, target, table) {
  const count = target.length;
  for (let at = 0; at < count; at += 1) target[at] = /** @type {number} */ (table[/** @type {number} */ (bits[at])]);
}

/** Up to this difference of its channels a pixel is grey: JPEG leaves no grey quite equal. */
const GREY_SPREAD = 10;
/** From this difference on it is a colour; between the two the tone fades out, so that no edge shows. */
const COLOUR_SPREAD = 42;

/**
 * Writes a colour frame: grey pixels follow the tone, coloured ones stay.
 * @param {Uint8ClampedArray} rgba @param {Uint32Array} target @param {Uint32Array} table
 */
export function expandColour(rgba, target, table) {
  const source = new Uint32Array(rgba.buffer, rgba.byteOffset, target.length);
  for (let at = 0; at < target.length; at += 1) {
    const bits = /** @type {number} */ (source[at]);
    const red = bits & 0xff;
    const green = (bits >> 8) & 0xff;
    const blue = (bits >> 16) & 0xff;
    const spread = Math.max(red, green, blue) - Math.min(red, green, blue);
    if (spread <= GREY_SPREAD) target[at] = /** @type {number} */ (table[green]);
    else target[at] = spread >= COLOUR_SPREAD ? bits : faded(red, green, blue, spread, table);
  }
}

/** Part of the tone on a faint colour. @param {number} red @param {number} green @param {number} blue @param {number} spread @param {Uint32Array} table */
function faded(red, green, blue, spread, table) {
  const grey = Math.round((red + 2 * green + blue) / 4);
  const lift = (((table[grey] ?? 0) & 0xff) - grey) * (COLOUR_SPREAD - spread) / (COLOUR_SPREAD - GREY_SPREAD);
  const channel = (/** @type {number} */ value) => Math.min(Math.max(Math.round(value + lift), 0), 255);
  return (0xff000000 | (channel(blue) << 16) | (channel(green) << 8) | channel(red)) >>> 0;
}
