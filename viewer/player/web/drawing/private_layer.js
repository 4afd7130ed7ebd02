// The reader's own layer: it is kept in this browser and nowhere else. One
// entry a clip; each change reads the entry anew, so that two tabs lose nothing.
/** @import { Panel, Scene } from "../types.d.ts" */
/** @import { AnnotationDocument, Change, DocumentMark, Sheet } from "./types.d.ts" */
import { privateKey, storeFor } from "../drawing_door.js";
import { PRIVATE } from "./board.js";

const LAYER = Object.freeze({ id: PRIVATE, title: "My marks", role: "reader" });

export const FULL = "This browser cannot keep more marks: its storage is full or switched off. They last until this page is closed.";

export class PrivateLayer {
  #scene;
  #panels;
  /** @type {((sheet: Sheet) => void) | null} */
  #tell = null;
  #hear = (/** @type {StorageEvent} */ event) => {
    if (event.key === null || this.#panels.some((panel) => privateKey(this.#scene, panel) === event.key)) this.#tell?.(this.read());
  };

  /** @param {Scene} scene */
  constructor(scene) {
    this.#scene = scene;
    this.#panels = [...new Map(scene.panels.map((panel) => [panel.clip_id, panel])).values()];
  }

  /** @returns {Sheet} */
  read() {
    const marks = this.#panels.flatMap((panel) => this.#marksOf(panel));
    return { layer: LAYER, marks, frames: [], is_private: true };
  }

  /** @param {Panel} panel @returns {readonly DocumentMark[]} nothing where the entry is missing or broken */
  #marksOf(panel) {
    try {
      const stored = JSON.parse(storeFor(this.#scene).getItem(privateKey(this.#scene, panel)) ?? "null");
      const marks = (Array.isArray(stored?.marks) ? stored.marks : []).filter((/** @type {DocumentMark} */ mark) => typeof mark?.id === "string" && typeof mark.clip === "string" && mark.place !== undefined);
      if (this.#scene.deep_link_case !== null) return marks.filter((/** @type {DocumentMark} */ mark) => mark.clip === panel.clip_id);
      // An opened clip is known by its pixels; its id says only where it lies this time.
      return marks.map((/** @type {DocumentMark} */ mark) => (mark.clip === panel.clip_id ? mark : { ...mark, clip: panel.clip_id }));
    } catch {
      return []; // a private window refuses storage, a foreign hand may have written into it
    }
  }

  /**
   * Keeps a change.
   * @param {Change} change
   * @returns {string | null} one sentence where it could not be kept
   */
  keep(change) {
    return this.keepAll([change]);
  }

  /**
   * Keeps several changes, each clip written once.
   * @param {readonly Change[]} changes
   * @returns {string | null} one sentence where they could not all be kept
   */
  keepAll(changes) {
    let trouble = null;
    for (const panel of this.#panels) {
      const here = changes.filter(({ before, after }) => /** @type {DocumentMark | null} */ (after ?? before)?.clip === panel.clip_id);
      if (here.length > 0) trouble = this.#write(panel, here.reduce(withChange, this.#marksOf(panel))) ?? trouble;
    }
    return trouble;
  }

  /** @param {Panel} panel @param {readonly DocumentMark[]} marks */
  #write(panel, marks) {
    const key = privateKey(this.#scene, panel);
    /** @type {AnnotationDocument} */
    const document = { schema_version: 1, case: this.#scene.deep_link_case ?? "opened-clips", layer: LAYER, annotated_frames: [], marks };
    try {
      if (marks.length === 0) storeFor(this.#scene).removeItem(key);
      else storeFor(this.#scene).setItem(key, JSON.stringify(document));
      return null;
    } catch {
      return FULL;
    }
  }

  /** Tells what another tab has drawn. @param {(sheet: Sheet) => void} tell */
  watch(tell) {
    this.#tell = tell;
    addEventListener("storage", this.#hear);
  }

  close() {
    removeEventListener("storage", this.#hear);
  }
}

/** @param {readonly DocumentMark[]} list @param {Change} change @returns {readonly DocumentMark[]} */
function withChange(list, { item, after, at }) {
  if (after === null) return list.filter((mark) => mark.id !== item);
  const content = /** @type {DocumentMark} */ (after);
  const here = list.findIndex((mark) => mark.id === item);
  return here >= 0 ? list.with(here, content) : list.toSpliced(at, 0, content);
}
