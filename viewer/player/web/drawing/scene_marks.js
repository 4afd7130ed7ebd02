// Marks of a sheet as the player draws them: placed on every frame, and with
// what they measure there. Each is made once and kept while it is the same.
/** @import { Clip, ClipMarks, DrawnMark, Panel, Scene } from "../types.d.ts" */
/** @import { Board, DocumentMark, Sheet, Sighting } from "./types.d.ts" */
import { placeMeasure } from "../mark_measure.js";
import { COLOURS } from "./kinds.js";
import { LOW_CONFIDENCE, sighting } from "./place.js";

/** @type {WeakMap<DocumentMark, DrawnMark>} */
const made = new WeakMap();

/** @param {Sheet} sheet @param {DocumentMark} mark @param {Clip} clip @returns {DrawnMark} */
export function sceneMark(sheet, mark, clip) {
  const known = made.get(mark);
  if (known !== undefined && known.layer === sheet.layer.title && known.label === labelOf(sheet, mark) && known.places_px.length === clip.frames) return known;
  const fresh = makeMark(sheet, mark, clip);
  made.set(mark, fresh);
  return fresh;
}

/** @param {Sheet} sheet @param {DocumentMark} mark @param {Clip} clip @returns {DrawnMark} */
function makeMark(sheet, mark, clip) {
  const sightings = Array.from({ length: clip.frames }, (_, frame_index) => sighting(mark.place, frame_index));
  const places_px = placesOf(sightings);
  return {
    mark_id: `${sheet.layer.id}/${mark.id}`, kind: mark.kind, label: labelOf(sheet, mark), note: mark.note, layer: sheet.layer.title,
    colour: COLOURS[mark.style.colour] ?? COLOURS.yellow, line: mark.style.line,
    places_px,
    stump: !sheet.is_private && isStump(mark),
    unsure_frame_indices: sightings.flatMap((seen, at) => (seen !== null && seen.confidence < LOW_CONFIDENCE ? [at] : [])),
    measureAt: (frame_index) => placeMeasure(mark.kind, places_px[frame_index], clip),
  };
}

/** What the server refused says so in the picture. @param {Sheet} sheet @param {DocumentMark} mark */
function labelOf({ not_kept }, { id, label }) {
  return not_kept?.has(id) ? `${label} (not kept)`.trim() : label;
}

/** Whether a mark is the outline of a torn end, as viewer/marks.py has it. @param {DocumentMark} mark */
function isStump({ kind, concept }) {
  return (kind === "polyline" || kind === "polygon" || kind === "tissue") && concept?.scheme === "99MSUS" && (concept.code === "PROXIMAL_STUMP" || concept.code === "DISTAL_STUMP");
}

/** Equal sightings share one place. @param {readonly (Sighting | null)[]} sightings */
function placesOf(sightings) {
  /** @type {Map<Sighting["points_px"], number[]>} */
  const known = new Map();
  return sightings.map((seen) => {
    if (seen === null) return null;
    const place = known.get(seen.points_px) ?? seen.points_px.flat();
    known.set(seen.points_px, place);
    return place;
  });
}

/**
 * What is said of the clips of a scene, with the sheets laid over it.
 * @param {Scene} scene @param {Board} board @param {readonly ClipMarks[]} before  parts that stay the same keep their identity
 * @returns {readonly ClipMarks[]}
 */
export function laidOver(scene, board, before) {
  const clips = new Map(scene.panels.map((panel) => [panel.clip_id, panel]));
  const merged = [...clips].map(([clip_id, panel]) => {
    const fresh = saidWith(scene, board, clip_id, panel);
    const known = before.find((said) => said.clip_id === clip_id);
    return known !== undefined && sameParts(known.marks, fresh.marks) && sameParts(known.annotated_frames, fresh.annotated_frames) ? known : fresh;
  });
  return sameParts(before, merged) ? before : merged;
}

/** @param {Scene} scene @param {Board} board @param {string} clip_id @param {Panel} panel @returns {ClipMarks} */
function saidWith(scene, board, clip_id, { clip }) {
  const said = scene.marks.find((each) => each.clip_id === clip_id);
  const drawn = new Set(board.sheets.map((sheet) => sheet.layer.id));
  const own = (/** @type {string} */ id) => drawn.has(id.split("/")[0] ?? "");
  const marks = board.sheets.flatMap((sheet) => sheet.marks.filter((mark) => mark.clip === clip_id).map((mark) => sceneMark(sheet, mark, clip)));
  const frames = board.sheets.flatMap((sheet) => sheet.frames.filter((frame) => frame.clip === clip_id && frame.frame_index < clip.frames).map((frame) => frameIn(sheet, frame)));
  const annotated = [...(said?.annotated_frames.filter((frame) => !own(frame.frame_id)) ?? []), ...frames].sort((one, other) => one.frame_index - other.frame_index);
  return { clip_id, marks: [...(said?.marks.filter((mark) => !own(mark.mark_id)) ?? []), ...marks], annotated_frames: annotated };
}

/** @type {WeakMap<object, ClipMarks["annotated_frames"][number]>} */
const made_frames = new WeakMap();

/** @param {Sheet} sheet @param {Sheet["frames"][number]} frame */
function frameIn(sheet, frame) {
  const known = made_frames.get(frame) ?? { frame_id: `${sheet.layer.id}/${frame.id}`, frame_index: frame.frame_index, title: frame.title, text_alternative: frame.text_alternative };
  made_frames.set(frame, known);
  return known;
}

/** @param {readonly unknown[]} one @param {readonly unknown[]} other */
function sameParts(one, other) {
  return one.length === other.length && one.every((part, at) => part === other[at]);
}
