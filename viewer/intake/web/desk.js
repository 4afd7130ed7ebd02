/** What is done with the files of one visit: sent, read, kept, given up. Outlives the page that shows it. */
/** @import { Line, PlacedFile, Row, Taken, Thing } from "./types.d.ts" */
import { tooMany } from "./arrivals.js";
import { Parcel, sendAll } from "./parcel.js";
import { afterLine, changed, isUnderWay, rowOfLost, rowOfThing } from "./rows.js";
import { follow, isCancelled } from "./sending.js";

const NOTHING_KEPT = "Nothing of it was kept.";
const GIB = 1024 ** 3;
/** @type {Partial<Row>} */
const CANCELLED = { state: "cancelled", sentence: NOTHING_KEPT };

export class Desk {
  /** @type {readonly Row[]} */ rows = [];
  /** @type {() => void} Something on the desk has changed. */ onChange = () => {};
  /** @type {() => void} There may be new clips. */ onOpened = () => {};
  /** How many files the server has looked at, before it reads them. */
  looked_at = 0;
  /** How often the desk has come to rest. */
  settled = 0;
  #address;
  #taken;
  #last_number = -1;
  #isWorking = false;
  /** @type {Parcel[][]} What was dropped while something else was at work. */ #queue = [];
  /** @type {Map<number, Parcel>} */ #parcels = new Map();
  /** @type {Map<string, AbortController>} */ #keeping = new Map();
  /** @type {Set<number>} Things cancelled before the server had looked at them. */ #unwanted = new Set();
  /** @type {ReadonlySet<string>} Lines that were there when the desk last came to rest. */ #past = new Set();

  /**
   * @param {string} token  the visit
   * @param {Taken} taken  what the server takes
   */
  constructor(token, taken) {
    this.#address = `/api/visits/${token}`;
    this.#taken = taken;
  }

  /** Whether anything is being sent or read. */
  get isBusy() {
    return this.#isWorking || this.#keeping.size > 0;
  }

  /** The lines of the work in hand. */
  get rowsInHand() {
    return this.rows.filter((row) => !this.#past.has(row.key) || this.#keeping.has(row.key));
  }

  /** @param {readonly Thing[]} dropped */
  add(dropped) {
    const parcels = [];
    const rows = [];
    for (const thing of dropped.map((one) => checked(one, this.#taken))) {
      const number = (this.#last_number += 1);
      rows.push(rowOfThing(thing, number));
      if (thing.refusal) continue;
      const parcel = new Parcel(number, thing);
      this.#parcels.set(number, parcel);
      parcels.push(parcel);
    }
    if (parcels.length > 0) this.#queue.push(parcels);
    this.#set([...this.rows, ...rows]);
    if (!this.#isWorking && this.#queue.length > 0) this.#workOff();
  }

  /**
   * Cancel one line, at whatever point it is; a decision that is being carried out is open again.
   * @param {Row} row
   */
  cancel(row) {
    const keeping = this.#keeping.get(row.key);
    if (keeping) keeping.abort();
    else if (row.row_id !== null) this.giveUp(row);
    else for (const number of row.numbers) this.#cancelThing(number);
  }

  /** Cancel everything that is under way. */
  cancelAll() {
    for (const row of this.rows) if (isUnderWay(row) && (row.row_id === null || this.#keeping.has(row.key))) this.cancel(row);
    this.#ask("/open", "DELETE");
  }

  /**
   * Leave a clip out, or stop reading it.
   * @param {Row} row
   */
  giveUp(row) {
    this.#ask(`/results/${row.row_id}`, "DELETE").then((said) => {
      if (said?.row) this.#take({ row: said.row });
    });
  }

  /**
   * Read a clip without its bad frames.
   * @param {Row} row
   */
  async keep(row) {
    const controller = new AbortController();
    this.#keeping.set(row.key, controller);
    this.#change(row.key, { state: "reading", done: 0, total: row.good_frames });
    try {
      await follow(`${this.#address}/results/${row.row_id}/keep`, controller.signal, (line) => this.#take(line));
    } catch (error) {
      this.#change(row.key, { state: "undecided", sentence: isCancelled(error) ? row.sentence : messageOf(error) });
    }
    this.#keeping.delete(row.key);
    this.#settle();
  }

  async #workOff() {
    this.#isWorking = true;
    for (let parcels = this.#queue.shift(); parcels; parcels = this.#queue.shift()) {
      try {
        await this.#sendAndRead(parcels);
      } catch (error) {
        const numbers = new Set(parcels.map(({ number }) => number));
        this.#refuse((row) => row.numbers.some((number) => numbers.has(number)), messageOf(error));
      }
    }
    this.#isWorking = false;
    this.#settle();
  }

  #settle() {
    this.settled += 1;
    if (!this.isBusy) this.#past = new Set(this.rows.map(({ key }) => key));
    this.#set(this.rows);
    this.onOpened();
  }

  /** @param {readonly Parcel[]} parcels */
  async #sendAndRead(parcels) {
    await sendAll(this.#address, parcels, {
      onSent: (number, sent_bytes) => this.#changeThing(number, { state: "sending", done: sent_bytes }),
      onArrived: (number) => this.#changeThing(number, { state: "sent" }),
      onLost: (number, placed, sentence) => this.#lose(number, placed, sentence),
    });
    for (const { number } of parcels) this.#parcels.delete(number);
    if (!this.rows.some(({ state }) => state === "sent")) return;
    this.looked_at = 0;
    await follow(`${this.#address}/open`, new AbortController().signal, (line) => this.#take(line));
    // What the server did not name was cancelled before it had looked at it.
    this.#set(changed(this.rows, ({ state }) => state === "sent", CANCELLED));
  }

  /** @param {Line} line */
  #take(line) {
    if ("looking" in line) this.looked_at = line.looking;
    if ("error" in line) this.#refuse((row) => row.row_id !== null || row.state === "sent", line.error);
    this.#set(afterLine(this.rows, line));
    if (!("planned" in line)) return;
    for (const row of this.rows) {
      if (row.state === "waiting" && row.numbers.some((number) => this.#unwanted.has(number))) this.giveUp(row);
    }
  }

  /** @param {number} number */
  #cancelThing(number) {
    const parcel = this.#parcels.get(number);
    this.#unwanted.add(number); // should the server be looking at it already, it is given up when it has a row
    if (parcel) {
      parcel.cancel();
      this.#changeThing(number, CANCELLED);
    }
    this.#ask(`/files/${number}`, "DELETE");
  }

  /**
   * @param {number} number
   * @param {PlacedFile} placed
   * @param {string} sentence
   */
  #lose(number, placed, sentence) {
    const place = this.rows.findIndex((row) => row.row_id === null && row.numbers.includes(number));
    const row = this.rows[place];
    if (!row) return;
    const isAlone = placed.path === placed.file.name;
    if (isAlone) this.#changeThing(number, { state: "refused", sentence });
    else this.#set(this.rows.toSpliced(place + 1, 0, rowOfLost(number, placed.path, sentence)));
  }

  /**
   * @param {(row: Row) => boolean} isMeant
   * @param {string} sentence
   */
  #refuse(isMeant, sentence) {
    const isLeft = (/** @type {Row} */ row) => isUnderWay(row) && !this.#keeping.has(row.key) && isMeant(row);
    this.#set(changed(this.rows, isLeft, { state: "refused", sentence }));
  }

  /**
   * @param {number} number
   * @param {Partial<Row>} change
   */
  #changeThing(number, change) {
    const isMeant = (/** @type {Row} */ row) => row.row_id === null && row.numbers.includes(number) && isUnderWay(row);
    this.#set(changed(this.rows, isMeant, change));
  }

  /**
   * @param {string} key
   * @param {Partial<Row>} change
   */
  #change(key, change) {
    this.#set(changed(this.rows, (row) => row.key === key, change));
  }

  /** @param {readonly Row[]} rows */
  #set(rows) {
    this.rows = rows;
    this.onChange();
  }

  /**
   * @param {string} path
   * @param {string} method
   */
  async #ask(path, method) {
    try {
      const answer = await fetch(this.#address + path, { method, cache: "no-store", keepalive: true });
      return answer.status === 200 ? await answer.json() : null;
    } catch {
      return null; // the server is gone, and with it what was to be cancelled
    }
  }
}

/**
 * @param {Thing} thing
 * @param {Taken} taken
 * @returns {Thing} with the reason where the server would not take it
 */
function checked(thing, { max_file_bytes, max_files }) {
  if (thing.refusal) return thing;
  if (thing.files.length === 0) {
    return { ...thing, refusal: "There is no file inside; choose another folder or archive." };
  }
  if (thing.files.length > max_files) return { ...thing, refusal: tooMany(max_files) };
  const large = thing.files.find(({ file }) => file.size > max_file_bytes);
  if (!large) return thing;
  const subject = large.path === large.file.name ? "The file" : large.path;
  return { ...thing, refusal: `${subject} is larger than ${max_file_bytes / GIB} GiB; cut it into shorter parts.` };
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
