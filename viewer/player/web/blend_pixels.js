// Two grey pictures that lie pixel on pixel, blended without the canvas's own
// compositing: one walk over the pixels in place of five over the canvas.
/** @import { Greys } from "./types.d.ts" */

const GREYS = 256;
/** Place of no difference. */
const NONE = GREYS - 1;
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
  #second_alone;

  /** @param {{left: string, right: string}} hues  which add up to white */
  constructor({ left, right }) {
    this.#first = hued(left, true);
    this.#second = hued(right, false);
    this.#second_alone = hued(right, true);
  }

  /** @param {Uint32Array} sheet @param {number} width @param {readonly [Laid, Laid]} pair */
  write(sheet, width, pair) {
    writeAlone(sheet, width, pair, [this.#first, this.#second_alone]);
    const [one, other] = [this.#first, this.#second];
    walkBoth(sheet, width, pair, (at, [first, first_from], [second, second_from], count) => {
      for (let step = 0; step < count; step += 1) {
        // The channels of the two hues never carry over.
        sheet[at + step] = /** @type {number} */ (one[/** @type {number} */ (first[first_from + step]) & 0xff]) + /** @type {number} */ (other[/** @type {number} */ (second[second_from + step]) & 0xff]);
      }
    });
  }
}

/** What differs, so many times as bright. */
export class Differ {
  #table;

  /** @param {number} gain */
  constructor(gain) {
    // For every difference with its sign: a branch on noise costs more than the table.
    this.#table = Uint32Array.from({ length: 2 * GREYS - 1 }, (_, at) => (OPAQUE_BLACK | (Math.min(Math.abs(at - NONE) * gain, 255) * 0x10101)) >>> 0);
  }

  /** @param {Uint32Array} sheet @param {number} width @param {readonly [Laid, Laid]} pair */
  write(sheet, width, pair) {
    const table = this.#table;
    writeAlone(sheet, width, pair, [table.subarray(NONE), table.subarray(NONE)]);
    walkBoth(sheet, width, pair, (at, [first, first_from], [second, second_from], count) => {
      for (let step = 0; step < count; step += 1) {
        const apart = (/** @type {number} */ (first[first_from + step]) & 0xff) - (/** @type {number} */ (second[second_from + step]) & 0xff);
        sheet[at + step] = /** @type {number} */ (table[NONE + apart]);
      }
    });
  }
}

/** Each picture by its own table, on black; nothing where both cover the sheet. @param {Uint32Array} sheet @param {number} width @param {readonly [Laid, Laid]} pair @param {readonly [Uint32Array, Uint32Array]} tables */
function writeAlone(sheet, width, pair, tables) {
  const both = seenOf(sheet, width, pair);
  if ((both.right - both.left) * (both.bottom - both.top) === sheet.length) return;
  sheet.fill(OPAQUE_BLACK);
  pair.forEach((laid, which) => {
    const table = tables[which] ?? tables[0];
    const { left, right, top, bottom } = seenOf(sheet, width, [laid]);
    for (let row = top; row < bottom; row += 1) {
      const from = fromOf(laid, row);
      for (let column = left; column < right; column += 1) sheet[row * width + column] = /** @type {number} */ (table[/** @type {number} */ (laid.greys.pixels[from + column]) & 0xff]);
    }
  });
}

/**
 * Calls for each row on which both pictures lie.
 * @param {Uint32Array} sheet @param {number} width @param {readonly [Laid, Laid]} pair
 * @param {(at: number, first: readonly [Uint32Array, number], second: readonly [Uint32Array, number], count: number) => void} each
 */
function walkBoth(sheet, width, [first, second], each) {
  const { left, right, top, bottom } = seenOf(sheet, width, [first, second]);
  for (let row = top; row < bottom; row += 1) {
    each(row * width + left, [first.greys.pixels, fromOf(first, row) + left], [second.greys.pixels, fromOf(second, row) + left], right - left);
  }
}

/** Where a picture's row would begin if it began where the sheet does. @param {Laid} laid @param {number} row  of the sheet */
function fromOf({ greys, left, top }, row) {
  return (row - top) * greys.columns - left;
}

/** What of the sheet all of some pictures cover. @param {Uint32Array} sheet @param {number} width @param {readonly Laid[]} pictures */
function seenOf(sheet, width, pictures) {
  const left = Math.max(0, ...pictures.map((laid) => laid.left));
  const top = Math.max(0, ...pictures.map((laid) => laid.top));
  const right = Math.min(width, ...pictures.map((laid) => laid.left + laid.greys.columns));
  const bottom = Math.min(sheet.length / width, ...pictures.map((laid) => laid.top + laid.greys.rows));
  return { left, top, right: Math.max(right, left), bottom: Math.max(bottom, top) };
}
