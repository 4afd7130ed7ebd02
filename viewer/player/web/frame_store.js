// All frames of the page, shared by its players and kept over a page switch:
// encoded bytes of every clip, decoded frames in a window around the positions.
/** @import { ClipProgress, Decoded, DecoderPool, Demand, PackHead } from "./types.d.ts" */
import { priorities } from "./decode_order.js";

/**
 * @typedef {object} HeldClip
 * @property {string} sha256
 * @property {string} url
 * @property {PackHead | null} head
 * @property {(Uint8Array | undefined)[]} encoded
 * @property {Map<number, Decoded>} decoded
 * @property {Set<number>} in_flight
 * @property {Set<number>} broken  frames that cannot be decoded
 * @property {number} loaded
 * @property {number} encoded_bytes
 * @property {number} frame_bytes  of the largest frame decoded so far
 * @property {"streaming" | "done" | "failed"} state
 * @property {string | null} error
 * @property {Promise<void> | null} first_picture  settles when the first of its frames is drawn
 * @property {boolean} takes_more  false as long as the first picture is under way, which has the processor to itself
 * @property {number} used  order of the last demand
 * @property {(() => void) | null} stop
 */

export class FrameStore {
  #pool;
  #budget_bytes;
  #encoded_budget_bytes;
  /** @type {Map<string, HeldClip>} */
  #clips = new Map();
  /** @type {Map<object, readonly Demand[]>} */
  #demands = new Map();
  /** @type {Set<(sha256: string, frame_index: number | null) => void>} */
  #listeners = new Set();
  #decoded_bytes = 0;
  #in_flight_bytes = 0;
  #in_flight = 0;
  #clock = 0;
  /** @type {{clip: HeldClip, frame_index: number}[] | null} the window, most wanted first */
  #window = null;
  /** Whether the window holds every demanded frame. */
  #window_is_all = false;
  #pumping = false;

  /**
   * @param {DecoderPool} pool
   * @param {{decoded_bytes: number, encoded_bytes: number}} budget
   */
  constructor(pool, budget) {
    this.#pool = pool;
    this.#budget_bytes = budget.decoded_bytes;
    this.#encoded_budget_bytes = budget.encoded_bytes;
  }

  /** Bytes of the decoded frames held now, with those on their way. */
  get decoded_bytes() {
    return this.#decoded_bytes + this.#in_flight_bytes;
  }

  /**
   * What one player wants from now on; replaces what it wanted before.
   * @param {object} owner @param {readonly Demand[]} demands
   */
  demand(owner, demands) {
    const before = this.#demands.get(owner) ?? [];
    this.#demands.set(owner, demands);
    for (const demand of demands) {
      this.#open(demand).used = this.#clock += 1;
      if (!before.some(({ sha256 }) => sha256 === demand.sha256)) this.retry(demand.sha256); // it failed for somebody else
    }
    const complete = this.#window !== null && this.#window_is_all && this.#missing() === null;
    if (complete && sameRanges(before, demands)) return; // all is here: positions do not matter
    this.#window = null;
    this.#pump();
  }

  /** @param {object} owner */
  release(owner) {
    this.#demands.delete(owner);
    this.#window = null;
    this.#trimEncoded();
  }

  /** @param {string} sha256 @param {number} frame_index @returns {Decoded | null} */
  frame(sha256, frame_index) {
    return this.#clips.get(sha256)?.decoded.get(frame_index) ?? null;
  }

  /** @param {string} sha256 @param {number} frame_index */
  isBroken(sha256, frame_index) {
    return this.#clips.get(sha256)?.broken.has(frame_index) ?? false;
  }

  /**
   * Decoded frame nearest to a wanted one, within a range.
   * @param {string} sha256 @param {number} frame_index @param {number} first @param {number} last
   * @returns {number | null}
   */
  nearest(sha256, frame_index, first, last) {
    let best = null;
    for (const index of this.#clips.get(sha256)?.decoded.keys() ?? []) {
      if (index < first || index > last) continue;
      if (best === null || Math.abs(index - frame_index) < Math.abs(best - frame_index)) best = index;
    }
    return best;
  }

  /** @param {string} sha256 @returns {ClipProgress} */
  progress(sha256) {
    const clip = this.#clips.get(sha256);
    if (clip === undefined) return { head: null, loaded: 0, decoded: 0, error: null };
    return { head: clip.head, loaded: clip.loaded, decoded: clip.decoded.size, error: clip.error };
  }

  /** @param {string} sha256 @param {number} frame_index @returns {0 | 1 | 2} not here, encoded here, decoded */
  stage(sha256, frame_index) {
    const clip = this.#clips.get(sha256);
    if (clip === undefined || frame_index >= clip.loaded) return 0;
    return clip.decoded.has(frame_index) || clip.broken.has(frame_index) ? 2 : 1;
  }

  /** Whether every demanded frame is decoded, or the window is as full as it may be. */
  isSettled() {
    for (const demands of this.#demands.values()) {
      for (const { sha256 } of demands) if (this.#clips.get(sha256)?.state === "streaming") return false;
    }
    return this.#in_flight === 0 && this.#missing() === null;
  }

  /** @param {(sha256: string, frame_index: number | null) => void} listener  hears of every change of a clip, and of which frame @returns {() => void} */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Fetches a clip that failed once more; decoded frames stay. @param {string} sha256 */
  retry(sha256) {
    const clip = this.#clips.get(sha256);
    if (clip === undefined || clip.state !== "failed") return;
    clip.broken.clear();
    this.#stream(clip);
    this.#tell(clip);
  }

  /** @param {Demand} demand @returns {HeldClip} */
  #open(demand) {
    const held = this.#clips.get(demand.sha256);
    if (held !== undefined) return held;
    /** @type {HeldClip} */
    const clip = {
      sha256: demand.sha256, url: demand.url, head: null, encoded: [], decoded: new Map(), in_flight: new Set(), broken: new Set(),
      loaded: 0, encoded_bytes: 0, frame_bytes: 0, state: "streaming", error: null, first_picture: null, takes_more: true, used: 0, stop: null,
    };
    this.#clips.set(demand.sha256, clip);
    this.#stream(clip);
    return clip;
  }

  /** @param {HeldClip} clip */
  #stream(clip) {
    Object.assign(clip, { state: "streaming", error: null, loaded: 0, encoded: [], encoded_bytes: 0 });
    clip.stop = this.#pool.stream(clip.sha256, clip.url, {
      head: (head) => this.#changed(clip, () => (clip.head = head)),
      frames: (first, frames) => {
        this.#changed(clip, () => this.#keep(clip, first, frames));
        return clip.takes_more ? null : clip.first_picture;
      },
      done: () => this.#changed(clip, () => (clip.state = "done")),
      failed: (sentence) => this.#changed(clip, () => Object.assign(clip, { state: "failed", error: sentence })),
    });
  }

  /** @param {HeldClip} clip @param {number} first @param {readonly Uint8Array[]} frames */
  #keep(clip, first, frames) {
    for (const [at, bytes] of frames.entries()) {
      clip.encoded[first + at] = bytes;
      clip.encoded_bytes += bytes.byteLength;
    }
    clip.loaded = Math.max(clip.loaded, first + frames.length);
  }

  /** @param {HeldClip} clip @param {() => void} change */
  #changed(clip, change) {
    if (this.#clips.get(clip.sha256) !== clip) return;
    change();
    this.#window = null;
    this.#pump();
    this.#tell(clip);
  }

  /** @param {HeldClip} clip @param {number | null} [frame_index] */
  #tell(clip, frame_index = null) {
    for (const listener of [...this.#listeners]) listener(clip.sha256, frame_index);
  }

  /** Starts as many decodings as the pool takes, most wanted first. */
  #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#in_flight < this.#pool.capacity) {
        const next = this.#next();
        if (next === null || !this.#makeRoom(frameBytes(next.clip))) break;
        const { clip, frame_index } = next;
        if (clip.first_picture === null) clip.first_picture = this.#showFirst(clip, frame_index);
        else void this.#decode(clip, frame_index);
      }
    } finally {
      this.#pumping = false;
    }
  }

  /** @param {HeldClip} clip @param {number} frame_index */
  async #showFirst(clip, frame_index) {
    clip.takes_more = false;
    await this.#decode(clip, frame_index);
    await this.#pool.drawn();
    clip.takes_more = true;
    this.#pump();
  }

  /** Most wanted frame of the window that can be decoded now. */
  #next() {
    return this.#missing(({ takes_more }) => takes_more);
  }

  /** Most wanted frame of the window that has come and is not yet decoded. @param {(clip: HeldClip) => boolean} [among] */
  #missing(among = () => true) {
    this.#window ??= this.#wantedWindow();
    return this.#window.find(({ clip, frame_index }) => among(clip) && clip.encoded[frame_index] !== undefined
      && !clip.decoded.has(frame_index) && !clip.in_flight.has(frame_index) && !clip.broken.has(frame_index)) ?? null;
  }

  /** Frames in the order of their priority, as many as the budget holds. */
  #wantedWindow() {
    const window = [];
    let bytes = 0;
    this.#window_is_all = true;
    for (const { sha256, frame_index } of priorities([...this.#demands.values()].flat())) {
      const clip = this.#clips.get(sha256);
      if (clip === undefined || clip.head === null || frame_index >= clip.head.frames) continue;
      bytes += frameBytes(clip);
      if (bytes > this.#budget_bytes && window.length > 0) {
        this.#window_is_all = false;
        break;
      }
      window.push({ clip, frame_index });
    }
    return window;
  }

  /**
   * Frees decoded frames outside of the window until some bytes fit.
   * @param {number} bytes @returns {boolean} whether they fit
   */
  #makeRoom(bytes) {
    if (this.decoded_bytes + bytes <= this.#budget_bytes) return true;
    /** @type {Map<HeldClip, Set<number>>} */
    const wanted = new Map();
    for (const { clip, frame_index } of this.#window ?? []) {
      const frames = wanted.get(clip) ?? new Set();
      wanted.set(clip, frames.add(frame_index));
    }
    const oldest_first = [...this.#clips.values()].sort((a, b) => Number(wanted.has(a)) - Number(wanted.has(b)) || a.used - b.used);
    for (const clip of oldest_first) {
      for (const [frame_index, frame] of clip.decoded) {
        if (wanted.get(clip)?.has(frame_index)) continue;
        clip.decoded.delete(frame_index);
        this.#decoded_bytes -= frame.samples.byteLength;
        if (this.decoded_bytes + bytes <= this.#budget_bytes) return true;
      }
    }
    return this.decoded_bytes === 0;
  }

  /** @param {HeldClip} clip @param {number} frame_index */
  async #decode(clip, frame_index) {
    const bytes = clip.encoded[frame_index];
    const { head } = clip;
    if (bytes === undefined || head === null) return;
    const size = frameBytes(clip);
    clip.in_flight.add(frame_index);
    this.#in_flight += 1;
    this.#in_flight_bytes += size;
    try {
      const frame = await this.#pool.decode(bytes, head);
      if (this.#clips.get(clip.sha256) !== clip) return; // let go of meanwhile: its frames are no longer counted
      clip.decoded.set(frame_index, frame);
      clip.frame_bytes = Math.max(clip.frame_bytes, frame.samples.byteLength);
      this.#decoded_bytes += frame.samples.byteLength;
    } catch {
      clip.broken.add(frame_index);
    } finally {
      clip.in_flight.delete(frame_index);
      this.#in_flight -= 1;
      this.#in_flight_bytes -= size;
      this.#pump();
    }
    this.#tell(clip, frame_index);
  }

  /** Lets go of clips that nobody shows, the longest unused first. */
  #trimEncoded() {
    const demanded = new Set([...this.#demands.values()].flat().map((demand) => demand.sha256));
    let held_bytes = [...this.#clips.values()].reduce((sum, clip) => sum + clip.encoded_bytes, 0);
    for (const clip of [...this.#clips.values()].sort((a, b) => a.used - b.used)) {
      if (held_bytes <= this.#encoded_budget_bytes) return;
      if (demanded.has(clip.sha256)) continue;
      clip.stop?.();
      for (const frame of clip.decoded.values()) this.#decoded_bytes -= frame.samples.byteLength;
      held_bytes -= clip.encoded_bytes;
      this.#clips.delete(clip.sha256);
    }
  }
}

/** @param {readonly Demand[]} before @param {readonly Demand[]} after */
function sameRanges(before, after) {
  return before.length === after.length && before.every((demand, at) => {
    const other = after[at];
    return other !== undefined && demand.sha256 === other.sha256
      && demand.first_frame_index === other.first_frame_index && demand.last_frame_index === other.last_frame_index;
  });
}

/** Bytes of one decoded frame: as seen, else at most. @param {HeldClip} clip */
function frameBytes({ head, frame_bytes }) {
  if (head === null || frame_bytes > 0) return frame_bytes;
  const bytes_per_px = { grey8: 1, rgb8: 4, uint16: 2, int16: 2 }[head.colour];
  return head.rows * head.columns * bytes_per_px;
}
