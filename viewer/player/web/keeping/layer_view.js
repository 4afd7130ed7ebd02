// Layers as values: what the server told, with what came since laid over it.
// Nothing here knows a browser.
/** @import { AnnotationDocument, ChangedItem, Content, Gesture, LayerState, Revision } from "./types.d.ts" */

/** @typedef {readonly LayerState[]} Layers */
/** @typedef {"marks" | "annotated_frames"} List */

/** @type {Readonly<Record<"mark" | "frame", List>>} */
const LISTS = Object.freeze({ mark: "marks", frame: "annotated_frames" });

/**
 * Layers with one item as it stands now; of several versions the oldest is shown.
 * @param {Layers} layers @param {string} case_id @param {ChangedItem} changed
 * @returns {Layers}
 */
export function withItem(layers, case_id, { layer, item, heads }) {
  const shown = heads[0];
  if (shown === undefined) return layers;
  return withLayer(layers, case_id, layer, (state) => ({
    document: withContent(state.document, shown.kind, item, shown.content),
    heads: { ...state.heads, [item]: heads.map((head) => head.id) },
    changed_elsewhere: withConflict(state.changed_elsewhere, item, heads.length > 1 ? heads : []),
  }));
}

/**
 * Layers as they will be when a gesture is kept: it takes the place of what it rests on.
 * @param {Layers} layers @param {Gesture} gesture
 * @returns {Layers}
 */
export function withGesture(layers, gesture) {
  const { id, layer, item, bases } = gesture;
  return withLayer(layers, gesture.case, layer, (state) => {
    const stays = (/** @type {string} */ other) => other !== id && !bases.includes(other);
    const others = (state.changed_elsewhere[item] ?? []).filter((revision) => stays(revision.id));
    return {
      document: withContent(state.document, gesture.kind, item, gesture.content),
      heads: { ...state.heads, [item]: [...(state.heads[item] ?? []).filter(stays), id] },
      changed_elsewhere: withConflict(state.changed_elsewhere, item, others.length > 0 ? [...others, asRevision(gesture)] : []),
    };
  });
}

/** Items that were changed in two places. @param {Layers} layers @returns {{layer: string, item: string}[]} */
export function conflictsIn(layers) {
  return layers.flatMap(({ document, changed_elsewhere }) => Object.keys(changed_elsewhere).map((item) => ({ layer: document.layer.id, item })));
}

/** An item as a document holds it. @param {Layers} layers @param {string} layer @param {string} item @returns {Content | null} null where there is none */
export function contentOf(layers, layer, item) {
  const document = layers.find((state) => state.document.layer.id === layer)?.document;
  return document === undefined ? null : [...document.marks, ...document.annotated_frames].find((each) => each.id === item) ?? null;
}

/** Present revisions of an item. @param {Layers} layers @param {string} layer @param {string} item @returns {readonly string[]} */
export function headsOf(layers, layer, item) {
  return layers.find((state) => state.document.layer.id === layer)?.heads[item] ?? [];
}

/** A gesture before the server has given it a place and a time. @param {Gesture} gesture @returns {Revision} */
function asRevision(gesture) {
  return { ...gesture, sequence: Infinity, written_at: "" };
}

/** @param {Layers} layers @param {string} case_id @param {string} id @param {(state: LayerState) => LayerState} change @returns {Layers} */
function withLayer(layers, case_id, id, change) {
  if (layers.some((state) => state.document.layer.id === id)) return layers.map((state) => (state.document.layer.id === id ? change(state) : state));
  /** @type {AnnotationDocument} */
  const document = { schema_version: 1, case: case_id, layer: { id, title: id, role: "teacher" }, annotated_frames: [], marks: [] };
  return [...layers, change({ document, heads: {}, changed_elsewhere: {} })].sort((a, b) => (a.document.layer.id < b.document.layer.id ? -1 : 1));
}

/** @param {AnnotationDocument} document @param {Revision["kind"]} kind @param {string} item @param {Content | null} content @returns {AnnotationDocument} */
function withContent(document, kind, item, content) {
  if (kind === "layer") return content === null ? document : { ...document, layer: content };
  if (kind === "chapters") return document; // the scene tells the player its chapters
  const list = document[LISTS[kind]];
  const is_there = list.some((each) => each.id === item);
  if (content === null) return is_there ? { ...document, [LISTS[kind]]: list.filter((each) => each.id !== item) } : document;
  return { ...document, [LISTS[kind]]: is_there ? list.map((each) => (each.id === item ? content : each)) : [...list, content] };
}

/** @param {LayerState["changed_elsewhere"]} conflicts @param {string} item @param {readonly Revision[]} versions @returns {LayerState["changed_elsewhere"]} */
function withConflict(conflicts, item, versions) {
  const { [item]: _, ...others } = conflicts;
  return versions.length === 0 ? others : { ...others, [item]: versions };
}
