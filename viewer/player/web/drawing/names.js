// What a mark is called, for those who see it and those who hear it.
/** @import { DocumentMark, Scaled } from "./types.d.ts" */
import { kindOf } from "./kinds.js";
import { measure, spokenMeasure } from "./measurement.js";
import { sighting } from "./place.js";

/** @param {DocumentMark} mark @returns {string} such as "caliper “gap”" */
export function nameOf({ kind, label }) {
  const name = kindOf(kind).name.toLowerCase();
  return label === "" ? name : `${name} “${label}”`;
}

/** @param {DocumentMark} mark @param {number} frame_index @param {Scaled} clip @returns {string} such as "caliper “gap”, 30.0 mm ± 0.4 mm" */
export function describe(mark, frame_index, clip) {
  const seen = sighting(mark.place, frame_index);
  const found = seen === null ? null : measure(mark.kind, seen.points_px, clip);
  if (found === null) return nameOf(mark);
  return `${nameOf(mark)}, ${spokenMeasure(found)}${found.in_px_because === null ? "" : `, because ${found.in_px_because}`}`;
}
