// Who decodes: the first pictures the page itself, then workers as long as they work.
/** @import { Decoded, PackHead } from "./types.d.ts" */
import { decodeFrame } from "./decode.js";

/** Enough that a worker has work while the page draws; a jump waits for at most this many frames. */
const IN_FLIGHT_PER_WORKER = 8;

/** The first pictures do not wait until the workers have started, and these not for a page that shows none. */
const FIRST_PICTURES = 3;

/**
 * @typedef {object} Ticket
 * @property {(frame: Decoded) => void} resolve
 * @property {(reason: Error) => void} reject
 * @property {number} seat
 * @property {Uint8Array} bytes
 * @property {PackHead} head
 */

export class DecodingPool {
  #start;
  /** @type {readonly Worker[] | null} null until there is something to do for them */
  #workers = null;
  /** @type {number[]} frames in flight per worker */
  #busy = [];
  /** @type {Map<number, Ticket>} */
  #tickets = new Map();
  #next_ticket = 1;

  /** @param {() => readonly Worker[]} start  gives no worker where the browser refuses them */
  constructor(start) {
    this.#start = start;
  }

  /** How many frames may be decoded at once. */
  get capacity() {
    return Math.max((this.#workers?.length ?? 1) * IN_FLIGHT_PER_WORKER, 1);
  }

  /** @param {Uint8Array} bytes @param {PackHead} head @returns {Promise<Decoded>} */
  decode(bytes, head) {
    const ticket = this.#next_ticket;
    this.#next_ticket += 1;
    return new Promise((resolve, reject) => {
      this.#ask(ticket, { resolve, reject, bytes, head, seat: 0 });
    });
  }

  /** @param {number} number @param {Ticket} ticket */
  #ask(number, ticket) {
    const small = number <= FIRST_PICTURES || ticket.head.encoding === "samples16"; // samples need no decoding
    const workers = small ? [] : this.#workers ??= this.#startWorkers();
    if (workers.length === 0) return void decodeHere(ticket);
    ticket.seat = this.#busy.indexOf(Math.min(...this.#busy));
    this.#busy[ticket.seat] = (this.#busy[ticket.seat] ?? 0) + 1;
    this.#tickets.set(number, ticket);
    workers[ticket.seat]?.postMessage({ ticket: number, bytes: ticket.bytes, head: ticket.head });
  }

  #startWorkers() {
    const workers = this.#start();
    this.#busy = workers.map(() => 0);
    for (const worker of workers) {
      worker.onmessage = ({ data }) => this.#settle(data);
      worker.addEventListener("error", () => this.#giveUp(), { once: true }); // it cannot be loaded
    }
    return workers;
  }

  /** @param {{ticket: number, frame?: Decoded, reason?: string}} message */
  #settle({ ticket: number, frame, reason }) {
    const ticket = this.#tickets.get(number);
    if (ticket === undefined) return;
    this.#tickets.delete(number);
    this.#busy[ticket.seat] = (this.#busy[ticket.seat] ?? 1) - 1;
    if (frame === undefined) ticket.reject(new Error(reason));
    else ticket.resolve(frame);
  }

  /** Workers are refused or cannot be loaded: slower, but the clip is shown. */
  #giveUp() {
    for (const worker of this.#workers ?? []) worker.terminate();
    this.#workers = [];
    for (const ticket of this.#tickets.values()) void decodeHere(ticket);
    this.#tickets.clear();
  }
}

/** @param {Ticket} ticket */
async function decodeHere({ bytes, head, resolve, reject }) {
  try {
    resolve(await decodeFrame(bytes, head));
  } catch (error) {
    reject(error instanceof Error ? error : new Error(String(error)));
  }
}
