// The workers: started when this module is read, so that they load while the
// page is still being built. Without workers the page decodes by itself.
/** @import { Decoded, DecoderPool, PackHead, StreamListener } from "./types.d.ts" */

const IN_FLIGHT_PER_WORKER = 2;

/**
 * @typedef {object} Ticket
 * @property {(frame: Decoded) => void} resolve
 * @property {(reason: Error) => void} reject
 * @property {number} seat
 */

/** @implements {DecoderPool} */
export class WorkerPool {
  #workers;
  /** @type {number[]} frames in flight per worker */
  #busy;
  /** @type {Map<number, Ticket>} */
  #tickets = new Map();
  /** @type {Map<string, StreamListener>} */
  #listeners = new Map();
  #next_ticket = 1;
  #next_stream = 0;

  /** @param {readonly Worker[]} workers */
  constructor(workers) {
    this.#workers = workers;
    this.#busy = workers.map(() => 0);
    for (const worker of workers) {
      worker.onmessage = ({ data }) => this.#hear(data);
    }
  }

  get capacity() {
    return this.#workers.length * IN_FLIGHT_PER_WORKER;
  }

  /** @param {string} sha256 @param {string} url @param {StreamListener} listener */
  stream(sha256, url, listener) {
    this.#listeners.set(sha256, listener);
    const worker = this.#workers[this.#next_stream % this.#workers.length];
    this.#next_stream += 1;
    worker?.postMessage({ type: "stream", sha256, url: new URL(url, document.baseURI).href });
    return () => {
      if (this.#listeners.get(sha256) === listener) this.#listeners.delete(sha256);
      worker?.postMessage({ type: "stop", sha256 });
    };
  }

  /** @param {Uint8Array} bytes @param {PackHead} head @returns {Promise<Decoded>} */
  decode(bytes, head) {
    const seat = this.#busy.indexOf(Math.min(...this.#busy));
    this.#busy[seat] = (this.#busy[seat] ?? 0) + 1;
    const ticket = this.#next_ticket;
    this.#next_ticket += 1;
    return new Promise((resolve, reject) => {
      this.#tickets.set(ticket, { resolve, reject, seat });
      this.#workers[seat]?.postMessage({ type: "decode", ticket, bytes, head });
    });
  }

  /** @param {any} message */
  #hear(message) {
    if (message.type === "decoded" || message.type === "undecodable") return this.#settle(message);
    const listener = this.#listeners.get(message.sha256);
    if (listener === undefined) return;
    if (message.type === "head") listener.head(message.head);
    else if (message.type === "frames") listener.frames(message.first, message.frames);
    else {
      this.#listeners.delete(message.sha256);
      if (message.type === "done") listener.done();
      else listener.failed(message.sentence);
    }
  }

  /** @param {{type: string, ticket: number, frame: Decoded, reason: string}} message */
  #settle(message) {
    const ticket = this.#tickets.get(message.ticket);
    if (ticket === undefined) return;
    this.#tickets.delete(message.ticket);
    this.#busy[ticket.seat] = (this.#busy[ticket.seat] ?? 1) - 1;
    if (message.type === "decoded") ticket.resolve(message.frame);
    else ticket.reject(new Error(message.reason));
  }
}

/** Decodes in the page itself: slower, but it shows the clip. @implements {DecoderPool} */
export class PagePool {
  capacity = 1;

  /** @param {string} _sha256 @param {string} url @param {StreamListener} listener */
  stream(_sha256, url, listener) {
    const controller = new AbortController();
    void import("./stream.js").then(({ streamPack }) => streamPack(url, controller.signal, listener));
    return () => controller.abort();
  }

  /** @param {Uint8Array} bytes @param {PackHead} head */
  async decode(bytes, head) {
    const { decodeFrame } = await import("./decode.js");
    return decodeFrame(bytes.slice(), head);
  }
}

/** The workers as long as they work, else the page. @implements {DecoderPool} */
class CarefulPool {
  /** @type {WorkerPool | PagePool} */
  #pool;
  /** @type {Set<() => void>} what has to be asked of the page when no worker starts */
  #again = new Set();

  /** @param {readonly Worker[]} workers */
  constructor(workers) {
    this.#pool = new WorkerPool(workers);
    for (const worker of workers) worker.addEventListener("error", () => this.#giveUp(workers), { once: true });
  }

  get capacity() {
    return this.#pool.capacity;
  }

  /** @param {readonly Worker[]} workers */
  #giveUp(workers) {
    if (this.#pool instanceof PagePool) return;
    this.#pool = new PagePool();
    for (const worker of workers) worker.terminate();
    for (const ask of [...this.#again]) ask();
  }

  /** @param {string} sha256 @param {string} url @param {StreamListener} listener */
  stream(sha256, url, listener) {
    const ask = () => this.#pool.stream(sha256, url, careful);
    const careful = { ...listener, done: () => { this.#again.delete(start); listener.done(); }, failed: (/** @type {string} */ sentence) => { this.#again.delete(start); listener.failed(sentence); } };
    let stop = () => {};
    const start = () => { stop = ask(); };
    this.#again.add(start);
    start();
    return () => {
      this.#again.delete(start);
      stop();
    };
  }

  /** @param {Uint8Array} bytes @param {PackHead} head @returns {Promise<Decoded>} */
  decode(bytes, head) {
    return new Promise((resolve, reject) => {
      const ask = () => {
        this.#pool.decode(bytes, head).then(resolve, reject).finally(() => this.#again.delete(ask));
      };
      this.#again.add(ask);
      ask();
    });
  }
}

/** @returns {DecoderPool} */
export function startPool() {
  const count = Math.min(Math.max(navigator.hardwareConcurrency ?? 2, 1), 2);
  try {
    const url = new URL("./decoder.worker.js", import.meta.url);
    return new CarefulPool(Array.from({ length: count }, () => new Worker(url, { type: "module" })));
  } catch {
    return new PagePool();
  }
}
