// The layers that everybody sees, as far as this reader may write them: each
// finished change goes to the keeping side as one gesture.
/** @import { Change, Gesture, Keeping, KeepingStatus, LayerState, Revision, Sheet } from "./types.d.ts" */

/** @typedef {(call: {case_id: string}) => Keeping} OpenKeeping */

/** @param {LayerState} state @returns {Sheet} */
export function sheetOfState({ document }) {
  return { layer: document.layer, marks: document.marks, frames: document.annotated_frames, is_private: false };
}

export class SharedLayers {
  may_write = false;
  /** Written into what is drawn; who came by the author link is the author. */
  author = "";
  #case_id;
  #take;
  /** @type {Keeping | null} */
  #keeping = null;
  /** Revisions that the next gesture about an item rests on, by layer and item. @type {Map<string, readonly string[]>} */
  #heads = new Map();
  /** Items that were changed in two places. @type {Map<string, readonly Revision[]>} */
  #conflicts = new Map();

  /** @param {string | null} case_id  null for clips that belong to none @param {(sheet: Sheet) => void} take */
  constructor(case_id, take) {
    this.#case_id = case_id;
    this.#take = take;
  }

  /** Asks whether the reader may write; where nobody keeps anything, she may not. @param {OpenKeeping | null} open @returns {Promise<boolean>} */
  async open(open) {
    if (open === null || this.#case_id === null) return false;
    this.#keeping = open({ case_id: this.#case_id });
    const { may_write, layers } = await this.#keeping.ready;
    this.may_write = may_write;
    if (!may_write) {
      this.close();
      return false;
    }
    for (const state of layers) this.#accept(state);
    return true;
  }

  /** @param {LayerState} state */
  #accept(state) {
    const layer = state.document.layer.id;
    for (const [item, heads] of Object.entries(state.heads)) this.#heads.set(`${layer}/${item}`, heads);
    for (const [item, revisions] of Object.entries(state.changed_elsewhere)) this.#conflicts.set(`${layer}/${item}`, revisions);
    this.#take(sheetOfState(state));
  }

  /** @param {Change} change */
  keep({ layer, item, kind, after }) {
    if (this.#keeping === null || this.#case_id === null) return;
    const key = `${layer}/${item}`;
    /** @type {Gesture} */
    const gesture = { id: gestureId(), case: this.#case_id, layer, item, kind, bases: this.#heads.get(key) ?? [], author: this.author, content: after };
    this.#heads.set(key, [gesture.id]);
    this.#conflicts.delete(key);
    this.#keeping.keep(gesture);
  }

  /** @param {() => void} listener @returns {() => void} */
  watch(listener) {
    return this.#keeping?.watch(listener) ?? (() => undefined);
  }

  /** @returns {KeepingStatus | null} */
  get status() {
    return this.#keeping?.status() ?? null;
  }

  /** @param {string} layer @param {string} item @returns {readonly Revision[]} more than one where it was changed in two places */
  conflict(layer, item) {
    return this.#conflicts.get(`${layer}/${item}`) ?? [];
  }

  /** @param {string} layer @param {string} item @returns {Promise<readonly Revision[]>} */
  async history(layer, item) {
    return this.#keeping === null ? [] : this.#keeping.history(layer, item);
  }

  close() {
    this.#keeping?.close();
    this.#keeping = null;
  }
}

/** @returns {string} */
function gestureId() {
  return `g-${[...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
