// The layers that everybody sees, for those who may write them: each finished
// change goes to the keeping side as one gesture, and what comes back from
// there, from the server and from other tabs, is shown.
/** @import { openKeeping } from "../keeping/keeping.js" */
/** @import { Gesture, KeepingNews, LayerState } from "../keeping/types.d.ts" */
/** @import { Change, DocumentLayer, DocumentMark, Sheet } from "./types.d.ts" */

/** @typedef {ReturnType<typeof openKeeping>} OpenedKeeping */

/** Where an author draws on a case that has no layer yet. @type {DocumentLayer} */
export const FIRST_LAYER = Object.freeze({ id: "teacher", title: "Teacher", role: "teacher" });

export class SharedLayers {
  may_write = false;
  /** Written into what is drawn. */
  author = "";
  #case_id;
  #take;
  #leave;
  /** @type {OpenedKeeping | null} */
  #keeping = null;
  /** By layer and item: revisions that the next gesture rests on. @type {Map<string, readonly string[]>} */
  #heads = new Map();
  /** By layer and item: the last change of this page, until it is kept or given up; what was refused is shown till then. @type {Map<string, {change: Change, id: string, in_outbox: boolean}>} */
  #untold = new Map();
  /** @type {Set<string>} layers that have a heading */
  #headed = new Set();
  #over = false;

  /** @param {string | null} case_id  null for clips that belong to none @param {(sheet: Sheet) => void} take @param {() => void} leave  the reader may not write any more */
  constructor(case_id, take, leave) {
    this.#case_id = case_id;
    this.#take = take;
    this.#leave = leave;
  }

  /** Opens the layers to those who may write them. @param {(call: {case_id: string}) => OpenedKeeping} open @returns {Promise<boolean>} whether the reader may */
  async open(open) {
    if (this.#case_id === null) return false;
    const keeping = open({ case_id: this.#case_id });
    const { may_write, layers } = await keeping.ready;
    if (this.#over || !may_write) {
      keeping.close();
      return false;
    }
    this.#keeping = keeping;
    this.may_write = true;
    this.#hear({ layers });
    keeping.watch((news) => (keeping.mayWrite() ? this.#hear(news) : this.#stop()));
    return true;
  }

  /** Hears at once what came to the server meanwhile. */
  listen() {
    this.#keeping?.sendNow();
  }

  #stop() {
    this.may_write = false;
    this.close();
    this.#leave();
  }

  /** @param {Pick<KeepingNews, "layers">} news */
  #hear({ layers }) {
    this.#forgetDone();
    this.#adoptRefused(layers);
    for (const state of layers) this.#accept(state);
    if (layers.some(({ document }) => document.layer.id === FIRST_LAYER.id)) return;
    if (![...this.#untold.values()].some(({ change }) => change.layer === FIRST_LAYER.id)) this.#headed.delete(FIRST_LAYER.id);
    this.#take(this.#withUntold({ layer: FIRST_LAYER, marks: [], frames: [], is_private: false }));
  }

  /** What has left the outbox was kept or given up: from then on the item is as the server has it. */
  #forgetDone() {
    const waiting = new Set(this.#keeping?.waiting().map(({ id }) => id));
    for (const [key, untold] of this.#untold) {
      if (waiting.has(untold.id)) untold.in_outbox = true;
      else if (untold.in_outbox) {
        this.#untold.delete(key);
        this.#heads.delete(key);
      }
    }
  }

  /** What was refused before this page was opened is shown again, unless something newer was kept in its place. @param {readonly LayerState[]} layers */
  #adoptRefused(layers) {
    const last = new Map((this.#keeping?.waiting() ?? []).filter(({ gesture }) => gesture.case === this.#case_id).map((each) => [`${each.gesture.layer}/${each.gesture.item}`, each]));
    for (const [key, { id, gesture: { layer, item, kind, bases, content }, refused }] of last) {
      if (refused === null || this.#untold.has(key) || (kind !== "mark" && kind !== "frame")) continue;
      const heads = layers.find(({ document }) => document.layer.id === layer)?.heads[item] ?? [];
      if (heads.every((head) => bases.includes(head))) this.#untold.set(key, { change: { layer, item, kind, before: null, after: content, at: 0 }, id, in_outbox: true });
    }
  }

  /** @param {LayerState} state */
  #accept(state) {
    const { layer } = state.document;
    this.#headed.add(layer.id);
    for (const [item, heads] of Object.entries(state.heads)) {
      const key = `${layer.id}/${item}`;
      const untold = this.#untold.get(key);
      if (untold === undefined || heads.includes(untold.id)) this.#heads.set(key, heads);
    }
    this.#take(this.#withUntold(sheetOfState(state)));
  }

  /** @param {Sheet} sheet @returns {Sheet} */
  #withUntold(sheet) {
    const untold = [...this.#untold.values()].map(({ change }) => change).filter((change) => change.layer === sheet.layer.id);
    const refused = new Map((this.#keeping?.waiting() ?? []).map((each) => [each.id, each.refused]));
    const not_kept = [...this.#untold.values()].flatMap(({ change, id }) => (change.layer === sheet.layer.id && typeof refused.get(id) === "string" ? [/** @type {const} */ ([change.item, refused.get(id) ?? ""])] : []));
    const laid = untold.reduce(withChange, sheet);
    return not_kept.length === 0 ? laid : { ...laid, not_kept: new Map(not_kept) };
  }

  /** @param {Change} change */
  keep(change) {
    const { layer, item, kind, after } = change;
    if (this.#keeping === null || this.#case_id === null) return;
    const id = gestureId();
    this.#untold.set(`${layer}/${item}`, { change, id, in_outbox: false }); // before anything is told of the layer
    if (!this.#headed.has(layer)) {
      this.#headed.add(layer);
      this.#send(gestureId(), { layer, item: layer, kind: "layer", content: FIRST_LAYER });
    }
    this.#send(id, { layer, item, kind, content: after });
  }

  /** @param {string} id @param {Pick<Gesture, "layer" | "item" | "kind" | "content">} parts */
  #send(id, parts) {
    const key = `${parts.layer}/${parts.item}`;
    const bases = this.#heads.get(key) ?? [];
    this.#heads.set(key, [id]);
    this.#keeping?.keep({ id, case: this.#case_id ?? "", author: this.author, bases, ...parts });
  }

  close() {
    this.#over = true;
    this.#keeping?.close();
    this.#keeping = null;
  }
}

/** @type {WeakMap<object, DocumentMark>} marks on their way may lack what the server fills in */
const whole = new WeakMap();

/** @param {LayerState} state @returns {Sheet} */
export function sheetOfState({ document }) {
  const marks = document.marks.map((/** @type {DocumentMark} */ mark) => {
    const known = whole.get(mark) ?? { .../** @type {const} */ ({ label: "", concept: null, note: "", author: "", source: "drawn", style: { colour: "yellow", line: "solid" } }), ...mark };
    whole.set(mark, known);
    return known;
  });
  return { layer: document.layer, marks, frames: document.annotated_frames, is_private: false };
}

/** @param {Sheet} sheet @param {Change} change @returns {Sheet} */
function withChange(sheet, { kind, item, after }) {
  const name = kind === "mark" ? "marks" : "frames";
  const list = /** @type {readonly {id: string}[]} */ (sheet[name]);
  const is_there = list.some((each) => each.id === item);
  const changed = after === null ? list.filter((each) => each.id !== item) : is_there ? list.map((each) => (each.id === item ? after : each)) : [...list, after];
  return { ...sheet, [name]: changed };
}

/** @returns {string} */
function gestureId() {
  return `g-${[...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
