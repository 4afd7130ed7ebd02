// What a mark measures, as the picture says it: with ± and unit, in mm only
// where one scale holds under all of its points. Each place is measured once.
/** @import { Mark, DrawnMark } from "./types.d.ts" */
/** @import { PointPx, Scaled } from "./drawing/types.d.ts" */
import { kindOf } from "./drawing/kinds.js";
import { measure, spokenMeasure } from "./drawing/measurement.js";

/** Kinds that are drawn to measure; an outline is drawn to show. */
const SAID_IN_THE_PICTURE = new Set(["caliper", "angle", "area", "ellipse"]);

/** By clip and place. @type {WeakMap<Scaled, WeakMap<readonly number[], string>>} */
const measured = new WeakMap();
/** By clip and mark. @type {WeakMap<Scaled, WeakMap<Mark, string>>} */
const longest = new WeakMap();

/** @param {Mark["kind"]} kind @param {readonly number[] | null | undefined} place  flat, image px @param {Scaled} clip @returns {string} such as "18.0 mm ± 0.4 mm"; "" where it measures nothing */
export function placeMeasure(kind, place, clip) {
  if (!place || !SAID_IN_THE_PICTURE.has(kind) || place.length < 2 * kindOf(kind).fewest) return "";
  const known = within(measured, clip);
  const text = known.get(place) ?? textOf(kind, place, clip);
  known.set(place, text);
  return text;
}

/** @param {Mark | DrawnMark} mark @param {number} frame_index @param {Scaled | null} clip  null where nobody asks @returns {string} */
export function measureOn(mark, frame_index, clip) {
  if ("measureAt" in mark) return mark.measureAt(frame_index);
  return clip === null ? "" : placeMeasure(mark.kind, mark.places_px[frame_index], clip);
}

/** The longest that a mark measures on any frame: what its label needs room for, so that it stands still. @param {Mark} mark @param {Scaled | null} clip */
export function longestMeasure(mark, clip) {
  if (clip === null || !SAID_IN_THE_PICTURE.has(mark.kind)) return "";
  const known = within(longest, clip);
  const text = known.get(mark) ?? mark.places_px.map((_place, at) => measureOn(mark, at, clip)).reduce((long, each) => (each.length > long.length ? each : long), "");
  known.set(mark, text);
  return text;
}

/** @param {Mark["kind"]} kind @param {readonly number[]} place @param {Scaled} clip */
function textOf(kind, place, clip) {
  const points_px = Array.from({ length: place.length / 2 }, (_, at) => /** @type {PointPx} */ ([place[at * 2] ?? 0, place[at * 2 + 1] ?? 0]));
  const found = measure(kind, points_px, clip);
  return found === null ? "" : spokenMeasure(found);
}

/**
 * @template {object} Key
 * @param {WeakMap<Scaled, WeakMap<Key, string>>} all @param {Scaled} clip
 * @returns {WeakMap<Key, string>}
 */
function within(all, clip) {
  const known = all.get(clip) ?? new WeakMap();
  all.set(clip, known);
  return known;
}
