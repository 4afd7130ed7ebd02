// Two grey pictures that lie pixel on pixel, blended without the canvas's own
// compositing: one walk over the pixels in place of five over the canvas.
/** @import { Greys } from "./types.d.ts" */

const GREYS = 256;
const OPAQUE_BLACK = 0xff000000;

/** @typedef {{greys: Greys, left: number, top: number}} Laid  where the first pixel of a picture lies on the sheet */

/**
 * Pixel for each grey in a hue; opaque only once, so that two of them can be added.
 * @param {string} hue  as #rrggbb @param {boolean} opaque
 */
function hued(hue, opaque) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hue.slice(at, at + 2), 16));
  const part = (/** @type {number} */ channel, /** @type {number} */ grey) => Math.round(channel * grey / 255);
  return Uint32Array.from({ length: GREYS }, (_, grey) => ((opaque ? OPAQUE_BLACK : 0) | (part(blue, grey) << 16) | (part(green, grey) << 8) | part(red, grey)) >>> 0);
}

/** Rest in one hue and now in another. */
export class HueAdder {
  #first;
  #second;

  /** @param {{left: string, right: string}} hues  which add up to white */
  constructor({ left, right }) {
    this.#first = hued(left, true);
    this.#second = hued(right, false);
  }

  /** @param {Uint32Array} sheet @param {number} width @param {readonly [Laid, Laid]} pair */
  write(sheet, width, [first, second]) {
    sheet.fill(OPAQUE_BLACK);
    const [one, other] = [this.#first, this.#second];
    walk(sheet, width, first, (at, from, count, { pixels }) => {
      for (let step = 0; step < count; step += 1) sheet[at + step] = /** @type {number} */ (one[/** @type {number} */ (pixels[from + step]) & 0xff]);
    });
    walk(sheet, width, second, (at, from, count, { pixels }) => {
      // The channels of the two hues never carry over.
      for (let step = 0; step < count; step += 1) sheet[at + step] = /** @type {number} */ (sheet[at + step]) + /** @type {number} */ (other[/** @type {number} */ (pixels[from + step]) & 0xff]);
    });
  }
}

/** What differs, so many times as bright. */
export class Differ {
  #table;

  /** @param {number} gain */
  constructor(gain) {
    this.#table = Uint32Array.from({ length: GREYS }, (_, step) => (OPAQUE_BLACK | (Math.min(step * gain, 255) * 0x10101)) >>> 0);
  }

  /** @param {Uint32Array} sheet @param {number} width @param {readonly [Laid, Laid]} pair */
  write(sheet, width, [first, second]) {
    sheet.fill(0);
    walk(sheet, width, first, (at, from, count, { pixels }) => {
      for (let step = 0; step < count; step += 1) sheet[at + step] = /** @type {number} */ (pixels[from + step]) & 0xff;
    });
    walk(sheet, width, second, (at, from, count, { pixels }) => {
      for (let step = 0; step < count; step += 1) sheet[at + step] = Math.abs(/** @type {number} */ (sheet[at + step]) - (/** @type {number} */ (pixels[from + step]) & 0xff));
    });
    const table = this.#table;
    for (let at = 0; at < sheet.length; at += 1) sheet[at] = /** @type {number} */ (table[/** @type {number} */ (sheet[at])]);
  }
}

/**
 * Calls for each row of a picture that lies on the sheet.
 * @param {Uint32Array} sheet @param {number} width @param {Laid} laid
 * @param {(at: number, from: number, count: number, greys: Greys) => void} each
 */
function walk(sheet, width, { greys, left, top }, each) {
  const [first, end] = [Math.max(left, 0), Math.min(left + greys.columns, width)];
  const [upper, lower] = [Math.max(top, 0), Math.min(top + greys.rows, sheet.length / width)];
  if (end <= first) return;
  for (let row = upper; row < lower; row += 1) each(row * width + first, (row - top) * greys.columns + first - left, end - first, greys);
}
