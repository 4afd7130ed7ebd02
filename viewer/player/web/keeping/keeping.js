// Keeps what an author draws: shown at once, held in this browser until the
// server has acknowledged it, told to the other tabs, and told by them and by
// the server what others changed.
/** @import { Gesture, Keeping, KeepingNews, KeepingStatus, Kept, LayerState, Waiting } from "./types.d.ts" */
import { authorName } from "../drawing/author_memory.js";
import { keyOf } from "./bases.js";
import { conflictsIn, headsOf, withGesture, withItem } from "./layer_view.js";
import { Outbox } from "./outbox.js";
import { openStorage } from "./outbox_storage.js";
import { Server, ServerError } from "./server.js";

const NAME = "msus-outbox";
const LISTEN_MS = 4_000;
const AGAIN_MS = 2_000;

/** @typedef {{stored?: true, gesture?: Gesture, kept?: Kept, listen?: string}} Said */
/** @typedef {{held: CaseKeeping, users: number}} Opened */

/** One for all parts of the page that keep or show the marks of a case. @type {Map<string, Opened>} */
const opened = new Map();

/**
 * Opens the keeping of a case. Everybody who opens it closes it.
 * @param {{case_id: string}} call
 * @returns {Keeping & Pick<CaseKeeping, "layers" | "waiting" | "drop" | "sendNow" | "stopWriting" | "mayWrite">}
 */
export function openKeeping({ case_id }) {
  const one = opened.get(case_id) ?? { held: new CaseKeeping(case_id), users: 0 };
  opened.set(case_id, one);
  one.users += 1;
  const { held } = one;
  /** @type {Set<() => void>} */
  const ends = new Set();
  let open = true;
  return {
    ready: held.ready,
    keep: (gesture) => held.keep(gesture),
    watch(listener) {
      const end = held.watch(listener);
      ends.add(end);
      return () => void (ends.delete(end), end());
    },
    status: () => held.status(),
    history: (layer, item) => held.history(layer, item),
    restore: (revision_id) => held.restore(revision_id),
    close() {
      if (!open) return;
      open = false;
      for (const end of ends) end();
      one.users -= 1;
      if (one.users > 0) return;
      opened.delete(case_id);
      held.close();
    },
    layers: () => held.layers(),
    waiting: () => held.waiting(),
    drop: (id) => held.drop(id),
    sendNow: () => held.sendNow(),
    stopWriting: () => held.stopWriting(),
    mayWrite: () => held.mayWrite(),
  };
}

export class CaseKeeping {
  #case_id;
  #server = new Server();
  /** @type {Outbox | null} null until the storage is open */
  #outbox = null;
  /** @type {Gesture[]} drawn before the storage is open */
  #early = [];
  /** @type {import("./types.d.ts").OutboxStorage | null} */
  #storage = null;
  /** @type {readonly LayerState[]} as the server told them */
  #told = [];
  /** @type {readonly LayerState[]} with what waits laid over them */
  #shown = [];
  #sequence = 0;
  /** By item: up to which place in the order it is known. @type {Map<string, number>} */
  #known = new Map();
  #may_write = false;
  #is_open = false;
  #offline = false;
  /** @type {Set<(news: KeepingNews) => void>} */
  #listeners = new Set();
  #channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(NAME) : null;
  #closing = new AbortController();
  #timer = 0;
  ready;

  /** @param {string} case_id */
  constructor(case_id) {
    this.#case_id = case_id;
    const { signal } = this.#closing;
    this.#channel?.addEventListener("message", ({ data }) => this.#hear(data), { signal });
    addEventListener("online", () => this.sendNow(), { signal });
    addEventListener("focus", () => this.sendNow(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.sendNow(), { signal });
    addEventListener("beforeunload", (event) => this.#warn(event), { signal });
    void this.#openOutbox();
    this.ready = this.#open();
  }

  async #openOutbox() {
    const storage = await openStorage();
    this.#storage = storage;
    this.#outbox = new Outbox({
      storage,
      send: (gesture) => this.#server.send(gesture),
      alone: (work) => alone(work),
      changed: () => this.#show(),
      stored: () => this.#tell({ stored: true }),
      kept: (gesture, kept) => {
        this.#accept(gesture, kept);
        this.#tell({ gesture, kept });
      },
    });
    if (this.#closing.signal.aborted) return this.#outbox.close();
    await this.#outbox.start();
    for (const gesture of this.#early.splice(0)) this.#outbox.keep(gesture);
  }

  async #open() {
    for (;;) {
      try {
        const [may_write, { sequence, layers }] = await Promise.all([this.#server.mayWrite(), this.#server.layers(this.#case_id)]);
        this.#may_write = may_write;
        this.#told = layers;
        this.#sequence = sequence;
        break;
      } catch (error) {
        if (this.#closing.signal.aborted || (error instanceof ServerError && error.status === 404)) break;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    this.#is_open = true;
    await this.#listen(); // what was acknowledged while the layers were on their way
    this.#show();
    this.#listenLater();
    return { may_write: this.#may_write, layers: this.#shown };
  }

  close() {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#outbox?.close();
    this.#channel?.close();
    this.#listeners.clear();
  }

  /** @param {Gesture} gesture */
  keep(gesture) {
    if (this.#outbox === null) this.#early.push(gesture);
    else this.#outbox.keep(gesture);
  }

  /** @param {(news: KeepingNews) => void} listener @returns {() => void} */
  watch(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The layers with all that waits laid over them. */
  layers() {
    return this.#shown;
  }

  mayWrite() {
    return this.#may_write;
  }

  /** What waits in this browser, and what was refused, of all cases. @returns {readonly Waiting[]} */
  waiting() {
    return this.#outbox === null ? [] : [...this.#outbox.refused, ...this.#outbox.waiting];
  }

  /** @returns {KeepingStatus} */
  status() {
    const outbox = this.#outbox;
    const waiting = (outbox?.waiting.length ?? 0) + this.#early.length;
    return {
      waiting,
      offline: waiting > 0 && (this.#offline || (outbox?.offline ?? false) || !navigator.onLine),
      refused: (waiting > 0 ? outbox?.forbidden : null) ?? outbox?.refused[0]?.refused ?? null,
      changed_elsewhere: conflictsIn(this.#shown),
    };
  }

  /** @param {string} layer @param {string} item */
  history(layer, item) {
    return this.#server.history(this.#case_id, layer, item);
  }

  /** Makes an earlier revision the present one, under the name of who does it. @param {string} revision_id */
  async restore(revision_id) {
    if (this.status().waiting > 0) throw new Error("Changes still wait for the connection; restore when they are saved.");
    const before = this.#told;
    const kept = await this.#server.restore(this.#case_id, { revision_id, new_id: newId(), author: authorName() });
    await this.#listen();
    for (const { document, heads } of this.#told) {
      const layer = document.layer.id;
      const item = Object.keys(heads).find((name) => heads[name]?.includes(kept.id));
      if (item !== undefined) this.#outbox?.follow({ id: kept.id, case: this.#case_id, layer, item, bases: headsOf(before, layer, item) });
    }
    this.#tell({ listen: this.#case_id });
  }

  /** Gives up a gesture that waits or was refused. @param {string} id */
  async drop(id) {
    await this.#outbox?.drop(id);
  }

  sendNow() {
    this.#outbox?.wake();
    void this.#listen();
  }

  async stopWriting() {
    await this.#server.leave();
    this.#may_write = false;
    this.#show();
  }

  /** To the other tabs. @param {Said} said */
  #tell(said) {
    if (!this.#closing.signal.aborted) this.#channel?.postMessage(said);
  }

  /** What another tab of this browser says. @param {Said} said */
  #hear({ stored, gesture, kept, listen }) {
    if (stored) void this.#outbox?.hear();
    if (gesture !== undefined && kept !== undefined) this.#accept(gesture, kept);
    if (listen === this.#case_id) void this.#listen();
  }

  /** @param {Gesture} gesture @param {Kept} kept */
  #accept(gesture, kept) {
    if (gesture.case !== this.#case_id || !kept.heads.includes(gesture.id)) return;
    const is_told = headsOf(this.#told, gesture.layer, gesture.item).includes(gesture.id);
    if (!is_told && kept.sequence > (this.#known.get(keyOf(gesture)) ?? 0)) {
      this.#known.set(keyOf(gesture), kept.sequence);
      this.#told = withGesture(this.#told, gesture);
    }
    if (kept.changed_elsewhere) void this.#listen();
    this.#show();
  }

  /** Hears from the server what others kept meanwhile. */
  async #listen() {
    if (!this.#is_open) return;
    const was_offline = this.#offline;
    try {
      const { sequence, items } = await this.#server.since(this.#case_id, this.#sequence);
      for (const changed of items) {
        const key = `${this.#case_id}/${changed.layer}/${changed.item}`;
        const newest = Math.max(...changed.heads.map((head) => head.sequence));
        if (newest < (this.#known.get(key) ?? 0)) continue; // told before what this page knows already
        this.#known.set(key, newest);
        this.#told = withItem(this.#told, this.#case_id, changed);
      }
      this.#sequence = Math.max(this.#sequence, sequence);
      this.#offline = false;
      if (was_offline) this.#outbox?.wake();
      if (items.length > 0 || was_offline) this.#show();
    } catch {
      this.#offline = true; // heard again at the next turn
      if (!was_offline) this.#show();
    }
  }

  #listenLater() {
    if (this.#closing.signal.aborted) return;
    this.#timer = window.setTimeout(async () => {
      if (document.visibilityState === "visible" && this.#listeners.size > 0) await this.#listen();
      this.#listenLater();
    }, LISTEN_MS);
  }

  #show() {
    const waiting = this.#outbox?.waiting ?? [];
    this.#shown = waiting.filter(({ gesture }) => gesture.case === this.#case_id).reduce((layers, { gesture }) => withGesture(layers, gesture), this.#told);
    const news = { layers: this.#shown, status: this.status() };
    for (const listener of [...this.#listeners]) listener(news);
  }

  /** Only where leaving would lose something. @param {BeforeUnloadEvent} event */
  #warn(event) {
    if ((this.#storage?.unsafe ?? 0) + this.#early.length > 0) event.preventDefault();
  }
}

/** Runs work while no other tab of this browser does; without locks, over plain http, two tabs may send the same, which is kept once. @type {import("./outbox.js").OutboxParts["alone"]} */
async function alone(work) {
  return navigator.locks === undefined ? work() : navigator.locks.request(NAME, work);
}

/** A name that nobody else gives; `crypto.randomUUID` is missing over plain http. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
