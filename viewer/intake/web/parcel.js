/** One dropped thing on its way to the server: all its files, counted, and stopped together. */
/** @import { PlacedFile, Thing } from "./types.d.ts" */
import { isCancelled, RefusedError, sendFile } from "./sending.js";

const SENT_AT_ONCE = 3;

/**
 * @typedef {object} Told  whom a parcel tells
 * @property {(number: number, sent_bytes: number) => void} onSent  how much of it has been sent
 * @property {(number: number) => void} onArrived  all of it that could be sent has arrived
 * @property {(number: number, placed: PlacedFile, sentence: string) => void} onLost  a file of it did not arrive
 */

export class Parcel {
  /** @type {number} */ number;
  /** @type {readonly PlacedFile[]} */ files;
  #left;
  #arrived_bytes = 0;
  /** @type {Map<PlacedFile, number>} */ #under_way_bytes = new Map();
  #controller = new AbortController();

  /**
   * @param {number} number
   * @param {Thing} thing
   */
  constructor(number, thing) {
    this.number = number;
    this.files = thing.files;
    this.#left = thing.files.length;
  }

  get isCancelled() {
    return this.#controller.signal.aborted;
  }

  cancel() {
    this.#controller.abort();
  }

  /**
   * Send one of its files, and once more where the connection was lost.
   * @param {string} address  of the visit
   * @param {PlacedFile} placed
   * @param {Told} told
   */
  async send(address, placed, told) {
    const url = `${address}/files/${this.number}`;
    /** @param {number} sent_bytes */
    const onSent = (sent_bytes) => {
      this.#under_way_bytes.set(placed, Math.min(sent_bytes, placed.file.size));
      told.onSent(this.number, this.#sent_bytes());
    };
    try {
      onSent(0);
      await sendFile(url, placed, this.#controller.signal, onSent).catch((error) => {
        if (error instanceof RefusedError && error.status === 0) {
          return sendFile(url, placed, this.#controller.signal, onSent);
        }
        throw error;
      });
    } catch (error) {
      if (isCancelled(error)) return;
      if (!(error instanceof RefusedError) || error.status === 404) throw error; // the visit itself has ended
      told.onLost(this.number, placed, error.message);
    }
    this.#under_way_bytes.delete(placed);
    this.#arrived_bytes += placed.file.size;
    this.#left -= 1;
    told.onSent(this.number, this.#sent_bytes());
    if (this.#left === 0) told.onArrived(this.number);
  }

  #sent_bytes() {
    return [...this.#under_way_bytes.values()].reduce((sum, bytes) => sum + bytes, this.#arrived_bytes);
  }
}

/**
 * Send all files of some parcels, a few at once, in their order.
 * @param {string} address  of the visit
 * @param {readonly Parcel[]} parcels
 * @param {Told} told
 * @returns {Promise<void>}  rejected where no more can be sent at all
 */
export async function sendAll(address, parcels, told) {
  const all = parcels.flatMap((parcel) => parcel.files.map((placed) => ({ parcel, placed })));
  const next = all[Symbol.iterator]();
  const sendSome = async () => {
    for (const { parcel, placed } of next) if (!parcel.isCancelled) await parcel.send(address, placed, told);
  };
  await Promise.all(Array.from({ length: SENT_AT_ONCE }, sendSome));
}
