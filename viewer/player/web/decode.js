// One encoded frame to its samples. Grey frames become one byte a pixel, a
// quarter of the memory of a bitmap. Runs in the worker, and in the page where
// workers are refused.
/** @import { Decoded, PackHead } from "./types.d.ts" */

const MIME = Object.freeze({ jpeg: "image/jpeg", png: "image/png", samples16: "" });

/**
 * @param {Uint8Array} bytes  one encoded frame, on a buffer of its own
 * @param {PackHead} head
 * @returns {Promise<Decoded>}
 */
export async function decodeFrame(bytes, head) {
  if (head.encoding === "samples16") return readSamples(bytes, head);
  const type = MIME[head.encoding];
  if (await hasImageDecoder(type)) {
    const frame = await decodeByImageDecoder(bytes, type, head);
    if (frame !== null) return frame;
  }
  return decodeByBitmap(bytes, type, head);
}

/** @param {Uint8Array} bytes @param {PackHead} head @returns {Decoded} */
function readSamples(bytes, head) {
  const count = head.rows * head.columns;
  if (bytes.byteLength !== count * 2) throw new Error("The frame has the wrong length.");
  const own = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return head.colour === "int16"
    ? { kind: "int16", samples: new Int16Array(own.buffer, own.byteOffset, count) }
    : { kind: "uint16", samples: new Uint16Array(own.buffer, own.byteOffset, count) };
}

/** @type {Map<string, Promise<boolean>>} */
const supported = new Map();

/** @param {string} type */
function hasImageDecoder(type) {
  if (typeof ImageDecoder === "undefined") return Promise.resolve(false);
  let answer = supported.get(type);
  if (answer === undefined) supported.set(type, answer = ImageDecoder.isTypeSupported(type).catch(() => false));
  return answer;
}

/**
 * @param {Uint8Array} bytes @param {string} type @param {PackHead} head
 * @returns {Promise<Decoded | null>} null where its colours are not the reference's
 */
async function decodeByImageDecoder(bytes, type, head) {
  const decoder = new ImageDecoder({ data: bytes, type, colorSpaceConversion: "none" });
  try {
    const { image } = await decoder.decode({ frameIndex: 0, completeFramesOnly: true });
    try {
      checkSize(image.visibleRect?.width ?? 0, image.visibleRect?.height ?? 0, head);
      return await readVideoFrame(image, head);
    } finally {
      image.close();
    }
  } finally {
    decoder.close();
  }
}

/** @type {Uint8Array} one buffer for all frames on their way to fewer bytes */
let scratch = new Uint8Array(0);
/** @type {Promise<unknown>} the scratch buffer belongs to one frame at a time */
let turn = Promise.resolve();

/**
 * @param {VideoFrame} image @param {PackHead} head
 * @returns {Promise<Decoded | null>}
 */
function readVideoFrame(image, head) {
  const answer = turn.then(() => copyOut(image, head));
  turn = answer.catch(() => undefined);
  return answer;
}

/** @param {VideoFrame} image @param {PackHead} head @returns {Promise<Decoded | null>} */
async function copyOut(image, head) {
  const size = image.allocationSize();
  if (scratch.length < size) scratch = new Uint8Array(size);
  const planes = await image.copyTo(scratch);
  const format = image.format ?? "";
  if (/^(BGR|RGB)[AX]$/.test(format)) return fromPacked(scratch, head, format.startsWith("BGR"));
  if (/^I4\d\d$/.test(format) && isColourless(scratch, planes, size)) return { kind: "grey8", samples: lumaOf(scratch, planes, head) };
  return null; // chroma between the samples: createImageBitmap smooths it as libjpeg does
}

/** @param {Uint8Array} source @param {PackHead} head @param {boolean} blue_first @returns {Decoded} */
function fromPacked(source, head, blue_first) {
  const count = head.rows * head.columns;
  const pixels = new Uint32Array(source.buffer, 0, count);
  if (head.colour === "grey8" || isGreyOnly(pixels)) {
    const samples = new Uint8Array(count);
    for (let at = 0; at < count; at += 1) samples[at] = /** @type {number} */ (pixels[at]);
    return { kind: "grey8", samples };
  }
  const rgba = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    const bits = /** @type {number} */ (pixels[at]);
    const ordered = blue_first ? (bits & 0xff00) | ((bits & 0xff) << 16) | ((bits >>> 16) & 0xff) : bits;
    rgba[at] = ordered | 0xff000000;
  }
  return { kind: "rgba", samples: new Uint8ClampedArray(rgba.buffer) };
}

/** @param {Uint32Array} pixels @returns {boolean} whether every pixel has three equal channels */
function isGreyOnly(pixels) {
  for (let at = 0; at < pixels.length; at += 1) {
    const bits = /** @type {number} */ (pixels[at]) & 0xffffff;
    if (bits !== (bits & 0xff) * 0x010101) return false;
  }
  return true;
}

/** @param {Uint8Array} source @param {readonly PlaneLayout[]} planes @param {number} size */
function isColourless(source, planes, size) {
  for (let at = planes[1]?.offset ?? size; at < size; at += 1) if (source[at] !== 128) return false;
  return true;
}

/** @param {Uint8Array} source @param {readonly PlaneLayout[]} planes @param {PackHead} head */
function lumaOf(source, planes, head) {
  const { offset = 0, stride = head.columns } = planes[0] ?? {};
  const samples = new Uint8Array(head.rows * head.columns);
  for (let row = 0; row < head.rows; row += 1) {
    const from = offset + row * stride;
    samples.set(source.subarray(from, from + head.columns), row * head.columns);
  }
  return samples;
}

/** @type {{width: number, height: number, context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} | null} */
let easel = null;

/** @param {Uint8Array} bytes @param {string} type @param {PackHead} head @returns {Promise<Decoded>} */
async function decodeByBitmap(bytes, type, head) {
  const blob = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type });
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  try {
    checkSize(bitmap.width, bitmap.height, head);
    const context = easelOf(bitmap.width, bitmap.height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const pixels = new Uint32Array(data.buffer);
    if (head.colour !== "grey8" && !isGreyOnly(pixels)) return { kind: "rgba", samples: data };
    return { kind: "grey8", samples: Uint8Array.from(pixels, (bits) => bits & 0xff) };
  } finally {
    bitmap.close();
  }
}

/** @param {number} width @param {number} height */
function easelOf(width, height) {
  if (easel === null || easel.width !== width || easel.height !== height) {
    const canvas = typeof OffscreenCanvas === "undefined"
      ? Object.assign(document.createElement("canvas"), { width, height })
      : new OffscreenCanvas(width, height);
    const context = /** @type {CanvasRenderingContext2D | null} */ (canvas.getContext("2d", { willReadFrequently: true }));
    if (context === null) throw new Error("This browser gives no canvas.");
    easel = { width, height, context };
  }
  return easel.context;
}

/** @param {number} width @param {number} height @param {PackHead} head */
function checkSize(width, height, head) {
  if (width !== head.columns || height !== head.rows) throw new Error(`The frame is ${width}×${height} px, the clip ${head.columns}×${head.rows}.`);
}
