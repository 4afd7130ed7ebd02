// The marks of a clip: which are seen on a frame, how strongly, and where they
// lie on the screen. Points are flat lists: x and y of each in turn.
/** @import { ClipMarks, Mark, Placement, PlayerState, Scene } from "./types.d.ts" */
/** @import { Scaled } from "./drawing/types.d.ts" */
import { measureOn } from "./mark_measure.js";

/** @type {ClipMarks} */
const NOTHING = Object.freeze({ clip_id: "", marks: Object.freeze([]), annotated_frames: Object.freeze([]) });

/** How strongly the last and the last but one frame of a range show a mark. */
const FADE = Object.freeze([0.4, 0.7]);
/** A shorter range does not fade: it would never be plain. */
const FADES_FROM_FRAMES = 5;
const ELLIPSE_POINTS = 48;

/** @typedef {{mark: Mark, points: readonly number[], opacity: number, unsure: boolean, measure: string}} Shape  points in CSS px of the box */

/** What is said of a clip, by a scene or as it stands in a player. @param {Pick<PlayerState, "marks">} source @param {string} clip_id @returns {ClipMarks} */
export function saidOf({ marks }, clip_id) {
  return marks.find((said) => said.clip_id === clip_id) ?? NOTHING;
}

/** Clips of which something is said, each once, in the order of the panels. @param {Pick<PlayerState, "scene" | "marks">} state @returns {readonly ClipMarks[]} */
export function allSaid({ scene, marks }) {
  const said = [...new Set(scene.panels.map((panel) => panel.clip_id))].map((clip_id) => saidOf({ marks }, clip_id));
  return said.filter((each) => each.marks.length + each.annotated_frames.length > 0);
}

/** Every mark. Those of a scene are off until somebody asks for them, so that the picture is looked at first. @param {Scene} scene @param {readonly ClipMarks[]} marks @returns {readonly string[]} */
export function markIds(scene, marks = scene.marks) {
  return allSaid({ scene, marks }).flatMap((said) => said.marks.map((mark) => mark.mark_id));
}

/** Id of the layer that a mark lies in. @param {Mark} mark */
export function layerOf({ mark_id }) {
  return mark_id.split("/")[0] ?? "";
}

/** Whether the points of a mark are an outline, so that it has an inside. @param {Pick<Mark, "kind">} mark */
export function isClosed({ kind }) {
  return kind === "polygon" || kind === "area" || kind === "tissue" || kind === "ellipse";
}

/**
 * How strongly a frame shows a mark: less on the two frames next to one where
 * it is not seen, so that it comes and goes softly; the clip's ends are no such frames.
 * @param {Mark} mark @param {number} frame_index
 * @returns {number} 0 where it is not seen, else up to 1
 */
export function opacityAt(mark, frame_index) {
  if (!mark.places_px[frame_index]) return 0;
  const before = seenBeside(mark, frame_index, -1);
  const after = seenBeside(mark, frame_index, 1);
  if (before.frames + after.frames + 1 < FADES_FROM_FRAMES) return 1;
  return FADE[Math.min(before.until_unseen, after.until_unseen)] ?? 1;
}

/** How many frames it goes on being seen in one direction, and whether it then is not seen or the clip ends. @param {Mark} mark @param {number} frame_index @param {-1 | 1} direction */
function seenBeside({ places_px }, frame_index, direction) {
  for (let steps = 1; steps <= FADES_FROM_FRAMES; steps += 1) {
    const place = places_px[frame_index + direction * steps];
    if (!place) return { frames: steps - 1, until_unseen: place === null ? steps - 1 : Infinity };
  }
  return { frames: FADES_FROM_FRAMES, until_unseen: Infinity };
}

/**
 * What is to be drawn of the marks on a frame.
 * @param {readonly Mark[]} marks @param {number} frame_index @param {Placement} place @param {readonly string[]} off  ids
 * @param {Scaled | null} [clip]  of which the marks are; null where nobody reads what they measure
 * @returns {Shape[]}
 */
export function shapesOn(marks, frame_index, place, off, clip = null) {
  const shapes = [];
  for (const mark of marks) {
    const seen = mark.places_px[frame_index];
    if (!seen || off.includes(mark.mark_id)) continue;
    const points = onScreen(mark.kind === "ellipse" ? ellipse(seen) : seen, place);
    shapes.push({ mark, points, opacity: opacityAt(mark, frame_index), unsure: mark.unsure_frame_indices.includes(frame_index), measure: measureOn(mark, frame_index, clip) });
  }
  return shapes;
}

/** Whether two frames show all marks alike, so that nothing is to be drawn anew. @param {readonly Mark[]} marks @param {number} one  frame index @param {number} other @param {readonly string[]} off  ids */
export function looksAlike(marks, one, other, off) {
  if (one === other) return true;
  return marks.every((mark) => (samePlace(mark.places_px[one] ?? null, mark.places_px[other] ?? null) && opacityAt(mark, one) === opacityAt(mark, other)
    && mark.unsure_frame_indices.includes(one) === mark.unsure_frame_indices.includes(other)) || off.includes(mark.mark_id));
}

/** @param {readonly number[] | null} one @param {readonly number[] | null} other */
function samePlace(one, other) {
  return one === other || (one !== null && other !== null && one.length === other.length && one.every((value, at) => value === other[at]));
}

/** Marks with the one in the hand in its place. @param {Pick<PlayerState, "marks" | "draft">} state @param {string} clip_id @returns {readonly Mark[]} */
export function marksOf({ marks, draft }, clip_id) {
  const said = saidOf({ marks }, clip_id).marks;
  return draft?.clip_id === clip_id ? [...said.filter((mark) => mark.mark_id !== draft.mark.mark_id), draft.mark] : said;
}

/** @param {readonly number[]} flat  image px @param {Placement} place @returns {number[]} CSS px in the box */
export function onScreen(flat, { left, top, scale_x, scale_y, columns, flip }) {
  return flat.map((value, at) => (at % 2 === 1 ? top + value * scale_y : left + (flip ? columns - value : value) * scale_x));
}

/** Outline of an ellipse given by its centre and the ends of two conjugate half diameters. @param {readonly number[]} flat @returns {number[]} */
export function ellipse([x = 0, y = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0]) {
  return Array.from({ length: ELLIPSE_POINTS }, (_, at) => (at / ELLIPSE_POINTS) * 2 * Math.PI)
    .flatMap((t) => [x + (x1 - x) * Math.cos(t) + (x2 - x) * Math.sin(t), y + (y1 - y) * Math.cos(t) + (y2 - y) * Math.sin(t)]);
}

/**
 * Points of a mark beside which its label may stand, best first.
 * @param {Shape} shape
 * @returns {number[]} flat
 */
export function anchorsOf({ mark, points }) {
  const count = points.length / 2;
  const at = (/** @type {number} */ share) => {
    const index = Math.min(Math.round(share * (count - 1)), count - 1) * 2;
    return [points[index] ?? 0, points[index + 1] ?? 0];
  };
  if (count === 1 || mark.kind === "arrow") return at(0);
  if (mark.kind === "angle") return at(0.5);
  if (mark.kind === "caliper") return [((points[0] ?? 0) + (points[2] ?? 0)) / 2, ((points[1] ?? 0) + (points[3] ?? 0)) / 2, ...at(0), ...at(1)];
  return (isClosed(mark) ? [0, 0.25, 0.5, 0.75, 0.125, 0.375, 0.625, 0.875] : [0.5, 0, 1, 0.25, 0.75]).flatMap(at);
}
