// The picture of a panel: a canvas of the clip's own size, or of a half or a
// quarter of it, into which the toned pixels of a frame are put.
/** @import { Box, Clip, Decoded, Greys, Placement, Tone } from "./types.d.ts" */
import { element } from "./dom.js";
import { reduce, reducedSize } from "./reduce.js";
import { expand, fullWindow, isPlain, pixels16, pixels8 } from "./tone.js";

const PIXEL_RATIO_MAX = 2;

/** Pixels of the canvas per CSS pixel. */
export function pixelRatio() {
  return Math.min(globalThis.devicePixelRatio || 1, PIXEL_RATIO_MAX);
}

/** One frame, toned. */
export class Picture {
  #clip;
  canvas;
  #context;
  #data;
  /** Pixels of the clip per pixel of the canvas, each way. */
  reduction = 1;
  /** @type {Picture | null} */
  #whole = null;
  /** @type {Decoded | null} */
  #frame = null;
  /** @type {Tone | null} */
  #tone = null;
  /** @type {Uint32Array} */
  #table = new Uint32Array(0);
  #table_kind = "";
  /** @type {{center: number, width: number} | null} */
  #own_window = null;
  #is_grey = false;

  /** @param {Clip} clip */
  constructor(clip) {
    this.#clip = clip;
    this.canvas = element("canvas", { class: "msus-picture", role: "img", width: clip.columns, height: clip.rows });
    const context = this.canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("This browser gives no canvas.");
    this.#context = context;
    this.#data = context.createImageData(clip.columns, clip.rows);
  }

  /** Window in use where the samples need one. @param {Decoded} frame @param {Tone} tone */
  windowFor(frame, tone) {
    if (tone.window !== null) return tone.window;
    const preset = this.#clip.windows[0];
    if (preset !== undefined) return preset;
    if (frame.kind !== "int16" && frame.kind !== "uint16") return { center: 127.5, width: 256 };
    return this.#own_window ??= fullWindow(frame.samples, this.#clip);
  }

  /** @param {Decoded} frame @param {Tone} tone @param {number} [reduction] @returns {boolean} whether anything changed */
  put(frame, tone, reduction = 1) {
    if (frame === this.#frame && tone === this.#tone && reduction === this.reduction) return false;
    if (reduction !== this.reduction) this.#resize(reduction);
    if (tone !== this.#tone || frame.kind !== this.#table_kind) this.#makeTable(frame, tone);
    this.#frame = frame;
    this.#tone = tone;
    const small = reduce(frame, this.#clip, reduction);
    this.#is_grey = small.kind !== "rgba";
    if (small.kind === "rgba" && isPlain(tone)) {
      this.#context.putImageData(new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (small.samples), this.canvas.width, this.canvas.height), 0, 0);
      return true;
    }
    expand(small, new Uint32Array(this.#data.data.buffer), this.#table);
    this.#context.putImageData(this.#data, 0, 0);
    return true;
  }

  /** @param {number} reduction */
  #resize(reduction) {
    const { columns, rows } = reducedSize(this.#clip, reduction);
    this.reduction = reduction;
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.#data = this.#context.createImageData(columns, rows);
  }

  /** What the canvas shows, if that is grey. @returns {Greys | null} */
  get greys() {
    return this.#is_grey ? { pixels: new Uint32Array(this.#data.data.buffer), columns: this.canvas.width, rows: this.canvas.height } : null;
  }

  /** The frame shown at its own size, to save it or to lay it over another. */
  get native() {
    if (this.reduction === 1 || this.#frame === null || this.#tone === null) return this.canvas;
    this.#whole ??= new Picture(this.#clip);
    this.#whole.put(this.#frame, this.#tone);
    return this.#whole.canvas;
  }

  /** @param {Decoded} frame @param {Tone} tone */
  #makeTable(frame, tone) {
    const wide = frame.kind === "int16" || frame.kind === "uint16";
    this.#table = wide ? pixels16(tone, this.windowFor(frame, tone), this.#clip, frame.kind === "int16") : pixels8(tone);
    this.#table_kind = frame.kind;
  }
}

/**
 * Where the picture lies in its box, as a CSS transform: the display scales,
 * zooms and flips, and no frame is drawn twice.
 * @param {Placement} place @param {number} reduction  of the canvas
 * @returns {string}
 */
export function transformOf({ left, top, scale_x, scale_y, columns, flip }, reduction) {
  const start = flip ? left + columns * scale_x : left;
  return `matrix(${(flip ? -scale_x : scale_x) * reduction}, 0, 0, ${scale_y * reduction}, ${start}, ${top})`;
}

/** Gives a canvas the size of its box. @param {HTMLCanvasElement} canvas @param {Box} box @param {number} ratio @returns {boolean} whether it was cleared */
export function fitCanvas(canvas, box, ratio) {
  const width = Math.max(Math.round(box.width * ratio), 1);
  const height = Math.max(Math.round(box.height * ratio), 1);
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}
