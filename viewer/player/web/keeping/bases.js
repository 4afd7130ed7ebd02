// What a gesture rests on. Whoever draws two strokes before the first is
// acknowledged saw the first: the second rests on it, not on what was there before.
/** @import { Gesture } from "./types.d.ts" */

export class Bases {
  /** By item: which of this page's own gestures took the place of what. @type {Map<string, Map<string, string>>} */
  #replaced_by = new Map();
  /** What the server refused, and what it was to rest on. @type {Map<string, readonly string[]>} */
  #refused = new Map();
  /** By item: the last own gesture. @type {Map<string, string>} */
  #last = new Map();

  /** The gesture resting on the newest of its own kind. @param {Gesture} gesture @returns {Gesture} */
  follow(gesture) {
    const key = keyOf(gesture);
    const replaced_by = this.#replaced_by.get(key) ?? new Map();
    const last = this.#last.get(key);
    const told = gesture.bases.length === 0 && last !== undefined ? [last] : gesture.bases;
    const bases = [...new Set(told.flatMap((base) => this.#kept(base)).map((base) => newest(replaced_by, base)))].filter((base) => base !== gesture.id);
    const followed = { ...gesture, bases };
    this.remember(followed);
    return followed;
  }

  /** @param {Pick<Gesture, "id" | "case" | "layer" | "item" | "bases">} gesture */
  remember(gesture) {
    const key = keyOf(gesture);
    const replaced_by = this.#replaced_by.get(key) ?? new Map();
    for (const base of gesture.bases) replaced_by.set(base, gesture.id);
    this.#replaced_by.set(key, replaced_by);
    this.#last.set(key, gesture.id);
  }

  /** A gesture that will never be kept: nothing may rest on it. @param {Gesture} gesture */
  forget(gesture) {
    if (this.#refused.has(gesture.id)) return;
    this.#refused.set(gesture.id, gesture.bases);
    const key = keyOf(gesture);
    const replaced_by = this.#replaced_by.get(key);
    for (const [base, id] of replaced_by ?? []) if (id === gesture.id) replaced_by?.delete(base);
    if (this.#last.get(key) !== gesture.id) return;
    const [before] = this.#kept(gesture.id);
    if (before === undefined) this.#last.delete(key);
    else this.#last.set(key, before);
  }

  /** A revision, or what stood there before where it was refused. @param {string} id @returns {readonly string[]} */
  #kept(id) {
    const bases = this.#refused.get(id);
    return bases === undefined ? [id] : bases.flatMap((base) => this.#kept(base));
  }
}

/**
 * A gesture that was to rest on one that was refused, resting on what that one rested on.
 * @param {Gesture} gesture @param {Gesture} refused
 * @returns {Gesture}
 */
export function without(gesture, refused) {
  if (keyOf(gesture) !== keyOf(refused) || !gesture.bases.includes(refused.id)) return gesture;
  return { ...gesture, bases: [...new Set(gesture.bases.flatMap((base) => (base === refused.id ? refused.bases : [base])))] };
}

/** @param {Pick<Gesture, "case" | "layer" | "item">} gesture */
export function keyOf(gesture) {
  return `${gesture.case}/${gesture.layer}/${gesture.item}`;
}

/** @param {Map<string, string>} replaced_by @param {string} base */
function newest(replaced_by, base) {
  const passed = new Set();
  let found = base;
  while (!passed.has(found)) {
    passed.add(found);
    found = replaced_by.get(found) ?? found;
  }
  return found;
}
