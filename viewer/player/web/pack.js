// The pack: one immutable file a clip, read while it streams in.
/** @import { PackHead } from "./types.d.ts" */

const MAGIC = "MSUSPK01";
const HEAD_START = 12;
const HEAD_LIMIT_BYTES = 64 * 1024 * 1024;
const FRAME_LIMIT_BYTES = 512 * 1024 * 1024;
const FRAMES_LIMIT = 1_000_000;

/** Said when bytes are not a pack of this version, or end too early. */
export class PackError extends Error {}

/**
 * Head of a pack, checked.
 * @param {string} text
 * @returns {PackHead}
 */
export function readHead(text) {
  let head;
  try {
    head = JSON.parse(text);
  } catch {
    throw new PackError("The head of the clip file cannot be read.");
  }
  const sizes = [head?.frames, head?.rows, head?.columns];
  if (head?.version !== 1) throw new PackError("The clip file has an unknown version; reload the page.");
  if (!sizes.every((size) => Number.isInteger(size) && size > 0)) throw new PackError("The head of the clip file names no picture size.");
  if (head.frames > FRAMES_LIMIT) throw new PackError("The head of the clip file names an impossible number of frames.");
  if (!["jpeg", "png", "samples16"].includes(head.encoding)) throw new PackError(`The clip file's encoding ${head.encoding} is unknown.`);
  if (!["grey8", "rgb8", "uint16", "int16"].includes(head.colour)) throw new PackError(`The clip file's colour ${head.colour} is unknown.`);
  return head;
}

/**
 * Takes a pack in pieces of any size and gives its frames as soon as they are
 * whole. Bytes are copied once, into the frame that they belong to.
 */
export class PackReader {
  /** @type {PackHead | null} */
  head = null;
  /** Frames given so far. */
  frames_read = 0;
  /** @type {Uint8Array} bytes wanted next: prologue, head, offsets, then one frame after the other */
  #part = new Uint8Array(HEAD_START);
  #filled = 0;
  /** @type {"prologue" | "head" | "offsets" | "frame" | "end"} */
  #state = "prologue";
  /** @type {Uint32Array} */
  #offsets = new Uint32Array(0);

  /**
   * @param {Uint8Array} bytes  the next piece
   * @returns {Uint8Array[]} the frames that this piece completed, in order
   */
  push(bytes) {
    /** @type {Uint8Array[]} */
    const frames = [];
    let at = 0;
    while (this.#state !== "end" && (at < bytes.length || this.#filled === this.#part.length)) {
      const take = Math.min(bytes.length - at, this.#part.length - this.#filled);
      this.#part.set(bytes.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled < this.#part.length) break;
      this.#finishPart(frames);
    }
    return frames;
  }

  /** Says so when the file ended before its last frame. */
  end() {
    if (this.#state === "end") return;
    if (this.head === null) throw new PackError("The clip file is cut off in its head.");
    throw new PackError(`The clip file is cut off: ${this.frames_read} of ${this.head.frames} frames arrived.`);
  }

  /** @param {Uint8Array[]} frames */
  #finishPart(frames) {
    if (this.#state === "prologue") this.#readPrologue();
    else if (this.#state === "head") this.#readHeadPart();
    else if (this.#state === "offsets") this.#readOffsets();
    else {
      frames.push(this.#part);
      this.frames_read += 1;
      this.#expectFrame();
    }
  }

  /** @param {"prologue" | "head" | "offsets" | "frame" | "end"} state @param {number} length */
  #expect(state, length) {
    this.#state = state;
    this.#part = new Uint8Array(length);
    this.#filled = 0;
  }

  #readPrologue() {
    if (new TextDecoder("latin1").decode(this.#part.subarray(0, 8)) !== MAGIC) {
      throw new PackError("This is not a clip file of this viewer.");
    }
    const length = new DataView(this.#part.buffer).getUint32(8, true);
    if (length === 0 || length > HEAD_LIMIT_BYTES) throw new PackError("The head of the clip file has an impossible length.");
    this.#expect("head", length);
  }

  #readHeadPart() {
    this.head = readHead(new TextDecoder().decode(this.#part));
    this.#expect("offsets", (this.head.frames + 1) * 4);
  }

  #readOffsets() {
    const view = new DataView(this.#part.buffer);
    const count = this.#part.length / 4;
    this.#offsets = Uint32Array.from({ length: count }, (_, index) => view.getUint32(index * 4, true));
    const lengths = Array.from(this.#offsets, (offset, index) => offset - (this.#offsets[index - 1] ?? 0));
    if (this.#offsets[0] !== 0 || lengths.some((length) => length < 0 || length > FRAME_LIMIT_BYTES)) {
      throw new PackError("The index of the clip file is damaged.");
    }
    this.#expectFrame();
  }

  #expectFrame() {
    const start = this.#offsets[this.frames_read];
    const stop = this.#offsets[this.frames_read + 1];
    if (start === undefined || stop === undefined) this.#expect("end", 0);
    else this.#expect("frame", stop - start);
  }
}
