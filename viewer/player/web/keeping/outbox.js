// The outbox: gestures wait here until the server has acknowledged them, over
// reloads, broken connections and restarts of the server. They are sent one by
// one in their order; sent twice, they are kept once, for they carry their own id.
/** @import { Answer, Gesture, Kept, OutboxStorage, Waiting } from "./types.d.ts" */
import { Bases, without } from "./bases.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * @typedef {object} OutboxParts
 * @property {OutboxStorage} storage
 * @property {(gesture: Gesture) => Promise<Answer>} send  never rejects
 * @property {(work: () => Promise<Outcome>) => Promise<Outcome>} alone  runs work while no other tab does
 * @property {() => void} changed  what this tab knows of the outbox is not what it was
 * @property {() => void} stored  what lies in the storage is not what it was: other tabs read it anew
 * @property {(gesture: Gesture, kept: Kept) => void} kept
 */
/** @typedef {"empty" | "unreachable" | "forbidden"} Outcome */

export class Outbox {
  #parts;
  #bases = new Bases();
  /** What the author of this page saw being drawn: other gestures rest on it. @type {Set<string>} */
  #own = new Set();
  /** @type {readonly Waiting[]} as far as this tab knows, in their order */
  #waiting = [];
  #order = 0;
  /** @type {Outcome} */
  #outcome = "empty";
  /** @type {string | null} why this browser may not write */
  forbidden = null;
  /** On their way into the storage. @type {Map<string, Waiting>} */
  #putting = new Map();
  /** Grows with each change that this tab makes. */
  #changes = 0;
  #failures = 0;
  #closed = false;
  #woken = false;
  /** @type {(() => void) | null} */
  #wake = null;

  /** @param {OutboxParts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Reads what waited before this page was opened, and begins to send it. */
  async start() {
    for (const { id } of await this.#parts.storage.all()) this.#own.add(id);
    await this.refresh();
    void this.#run();
  }

  /** Reads what waits anew; what this tab changed meanwhile is not undone by an older view of it. */
  async refresh() {
    let changes = -1;
    /** @type {readonly Waiting[]} */
    let stored = [];
    while (changes !== this.#changes) {
      changes = this.#changes;
      stored = await this.#parts.storage.all();
    }
    const putting = [...this.#putting.values()].filter(({ id }) => stored.every((each) => each.id !== id));
    this.#take([...stored, ...putting]);
  }

  /** Another tab changed what waits; it may be gone before it has sent it. */
  async hear() {
    await this.refresh();
    if (this.waiting.length > 0) this.wake();
  }

  /** @returns {readonly Waiting[]} what is still to be sent */
  get waiting() {
    return this.#waiting.filter(({ refused }) => refused === null);
  }

  /** @returns {readonly Waiting[]} what the server will never take as it is */
  get refused() {
    return this.#waiting.filter(({ refused }) => refused !== null);
  }

  get offline() {
    return this.#outcome === "unreachable" && this.waiting.length > 0;
  }

  /** @param {Gesture} gesture */
  keep(gesture) {
    this.#order = Math.max(this.#order + 1, Date.now());
    /** @type {Waiting} */
    const waiting = { id: gesture.id, order: this.#order, gesture: this.#bases.follow(gesture), refused: null };
    this.#own.add(waiting.id);
    this.#take([...this.#waiting.filter(({ id }) => id !== waiting.id), waiting]);
    this.#putting.set(waiting.id, waiting);
    void this.#change((storage) => storage.put(waiting)).then(() => {
      this.#putting.delete(waiting.id);
      this.#parts.stored();
      this.#parts.changed();
      this.wake();
    });
  }

  /** @param {(storage: OutboxStorage) => Promise<void>} change */
  async #change(change) {
    this.#changes += 1;
    await change(this.#parts.storage);
    this.#changes += 1;
  }

  /** A revision that was made elsewhere in place of what this page showed. @param {Pick<Gesture, "id" | "case" | "layer" | "item" | "bases">} made */
  follow(made) {
    this.#bases.remember(made);
  }

  /** Gives up a gesture; the person asked for it. @param {string} id */
  async drop(id) {
    const gone = this.#waiting.find((each) => each.id === id);
    if (gone === undefined) return;
    this.#bases.forget(gone.gesture);
    await this.#change((storage) => storage.remove(id));
    await this.#restOn(gone.gesture);
    await this.refresh();
    this.#parts.stored();
  }

  /** Sends now what waits, instead of later. */
  wake() {
    this.#failures = 0;
    this.#woken = true;
    this.#wake?.();
  }

  close() {
    this.#closed = true;
    this.wake();
  }

  async #run() {
    while (!this.#closed) {
      const outcome = await this.#parts.alone(() => this.#sendAll()).catch(() => /** @type {Outcome} */ ("unreachable"));
      this.#tell(outcome);
      this.#failures = outcome === "unreachable" ? this.#failures + 1 : 0;
      await this.#sleep(outcome === "empty" ? null : this.#pause_ms(outcome));
    }
  }

  /** @param {Outcome} outcome */
  #pause_ms(outcome) {
    if (outcome === "forbidden") return LONGEST_PAUSE_MS;
    // Not all tabs and readers at the same moment, when the server is there again.
    return Math.min(FIRST_PAUSE_MS * 2 ** (this.#failures - 1), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
  }

  /** @param {number | null} pause_ms  null until somebody wakes it @returns {Promise<void>} */
  #sleep(pause_ms) {
    return new Promise((resolve) => {
      const timer = pause_ms === null ? undefined : setTimeout(() => this.#wake?.(), pause_ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = null;
        this.#woken = false;
        resolve();
      };
      if (this.#woken) this.#wake();
    });
  }

  /** @returns {Promise<Outcome>} */
  async #sendAll() {
    for (;;) {
      const next = await this.#parts.storage.first();
      if (next === undefined) {
        await this.refresh();
        return "empty";
      }
      const outcome = await this.#send(next);
      if (outcome !== null) return outcome;
      if (this.#closed) return "unreachable";
    }
  }

  /** @param {Waiting} waiting @returns {Promise<Outcome | null>} null to go on */
  async #send(waiting) {
    const answer = await this.#parts.send(waiting.gesture);
    if (answer.outcome === "unreachable") return "unreachable";
    this.forbidden = answer.outcome === "forbidden" ? answer.sentence : null;
    if (answer.outcome === "forbidden") return "forbidden";
    if (answer.outcome === "refused") await this.#refuse(waiting, answer.sentence);
    else await this.#acknowledge(waiting, answer.kept);
    this.#parts.stored();
    return null;
  }

  /** @param {Waiting} waiting @param {Kept} kept */
  async #acknowledge({ id, gesture }, kept) {
    await this.#change((storage) => storage.remove(id));
    this.#parts.kept(gesture, kept);
    this.#outcome = "empty";
    this.#take(this.#waiting.filter((each) => each.id !== id));
  }

  /** @param {Waiting} waiting @param {string} sentence */
  async #refuse(waiting, sentence) {
    await this.#change((storage) => storage.put({ ...waiting, refused: sentence }));
    await this.#restOn(waiting.gesture);
    await this.refresh();
  }

  /** Lets what was to rest on a refused gesture rest on what that one rested on; it was never sent. @param {Gesture} refused */
  async #restOn(refused) {
    for (const each of await this.#parts.storage.all()) {
      const gesture = without(each.gesture, refused);
      if (gesture !== each.gesture && each.refused === null) await this.#change((storage) => storage.put({ ...each, gesture }));
    }
  }

  /** @param {readonly Waiting[]} waiting */
  #take(waiting) {
    this.#waiting = waiting;
    for (const { id, gesture, refused } of waiting) {
      if (refused !== null) this.#bases.forget(gesture); // by this tab or by another
      else if (this.#own.has(id)) this.#bases.remember(gesture);
    }
    this.#order = Math.max(this.#order, ...waiting.map(({ order }) => order));
    this.#parts.changed();
  }

  /** @param {Outcome} outcome */
  #tell(outcome) {
    this.#outcome = outcome;
    this.#parts.changed();
  }
}
