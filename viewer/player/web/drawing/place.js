// Where in a clip a mark lives, and what may be changed of it: the same rules
// as annotations/track.py. Pure; a test holds `sighting` equal to Python's.
/** @import { CarriedFrame, KeyFrame, OnTrack, Place, PointsPx, Sighting } from "./types.d.ts" */

/** Below, the tissue was not followed well enough; annotations/track.py says why. */
export const LOW_CONFIDENCE = 0.5;

/**
 * A place as it is seen on a frame.
 * @param {Place} place @param {number} frame_index
 * @returns {Sighting | null} null where it is outside or was not looked for
 */
export function sighting(place, frame_index) {
  if (place.on === "frame") return frame_index === place.frame_index ? still(place.points_px) : null;
  if (place.on === "range") return place.first_frame_index <= frame_index && frame_index <= place.last_frame_index ? still(place.points_px) : null;
  const at = place.keys.findLastIndex((key) => key.frame_index <= frame_index);
  const before = place.keys[at];
  const after = place.keys[at + 1];
  if (before === undefined) return carriedAt(place, frame_index);
  if (before.outside) return null;
  if (before.frame_index === frame_index) return { points_px: before.points_px, origin: "key", confidence: 1 };
  if (after === undefined) return carriedAt(place, frame_index);
  return carriedAt(place, frame_index) ?? between(before, after, frame_index);
}

/** @param {PointsPx} points_px @returns {Sighting} */
const still = (points_px) => ({ points_px, origin: "still", confidence: 1 });

/** @param {OnTrack} track @param {number} frame_index @returns {Sighting | null} */
function carriedAt(track, frame_index) {
  if (track.between !== "carried") return null;
  const part = track.carried.find((each) => each.frame_index === frame_index);
  return part === undefined ? null : { points_px: part.points_px, origin: "carried", confidence: part.confidence };
}

/** Whether a key frame was corrected and its neighbours are still to be carried anew. @param {Place} place @returns {place is OnTrack} */
export function isToFollow(place) {
  return place.on === "track" && place.to_follow !== undefined;
}

/** The same place, however it came here: the server orders its fields otherwise. @param {Place} one @param {Place} other */
export function samePlace(one, other) {
  return sameContent(one, other);
}

/** The same part of a document, in whatever order its fields stand. @param {unknown} one @param {unknown} other */
export function sameContent(one, other) {
  return one === other || ordered(one) === ordered(other);
}

/** @param {unknown} content */
function ordered(content) {
  return JSON.stringify(content, (_name, part) => (part === null || typeof part !== "object" || Array.isArray(part) ? part : Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))));
}

/** Whether the tissue took a mark to this frame before one of its key frames was changed, between two of which it lies. @param {Place} place @param {number} frame_index */
export function isForgotten(place, frame_index) {
  return place.on === "track" && place.between === "carried" && sighting(place, frame_index)?.origin === "interpolated";
}

/** @param {KeyFrame} before @param {KeyFrame} after @param {number} frame_index @returns {Sighting} */
function between(before, after, frame_index) {
  if (after.outside) return { points_px: before.points_px, origin: "interpolated", confidence: 1 };
  const share = (frame_index - before.frame_index) / (after.frame_index - before.frame_index);
  const points_px = before.points_px.map(([x0, y0], at) => {
    const [x1, y1] = after.points_px[at] ?? [x0, y0];
    return /** @type {const} */ ([x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]);
  });
  return { points_px, origin: "interpolated", confidence: 1 };
}

/** First and last frame on which a place says anything. @param {Place} place @returns {readonly [number, number]} */
export function spanOf(place) {
  if (place.on === "frame") return [place.frame_index, place.frame_index];
  if (place.on === "range") return [place.first_frame_index, place.last_frame_index];
  const shown = (place.between === "carried" ? [...place.keys, ...place.carried] : place.keys).map((part) => part.frame_index);
  return [Math.min(...shown), Math.max(...shown)];
}

/** Points on a frame, or on the nearest one where they are seen, or as last written down. @param {Place} place @param {number} frame_index @returns {PointsPx} */
export function pointsNear(place, frame_index) {
  if (place.on !== "track") return place.points_px;
  const [first, last] = spanOf(place);
  const here = sighting(place, Math.min(Math.max(frame_index, first), last));
  return here?.points_px ?? place.keys.findLast((key) => key.frame_index <= frame_index)?.points_px ?? place.keys[0]?.points_px ?? [];
}

/**
 * The place with other points on a frame: on a track a key frame there, else for all of its frames.
 * @param {Place} place @param {number} frame_index @param {PointsPx} points_px
 * @returns {Place}
 */
export function withPoints(place, frame_index, points_px) {
  return place.on === "track" ? withKey(place, { frame_index, points_px, outside: false, source: sourceAt(place, frame_index) }) : { ...place, points_px };
}

/** A key frame by hand corrects what was carried, simulated or imported; else it was drawn. @param {OnTrack} track @param {number} frame_index @returns {KeyFrame["source"]} */
function sourceAt(track, frame_index) {
  const own = track.keys.find((key) => key.frame_index === frame_index);
  if (own !== undefined) return own.source === "drawn" ? "drawn" : "corrected";
  return track.between === "carried" ? "corrected" : "drawn";
}

/**
 * Puts a key frame into a track, in place of one on the same frame; what was
 * carried to its neighbours is forgotten, for it must be computed anew over
 * every frame that the track spans, or spanned before an earlier correction.
 * @template {OnTrack} T
 * @param {T} track @param {KeyFrame} key
 * @returns {T}
 */
export function withKey(track, key) {
  const others = track.keys.filter((each) => each.frame_index !== key.frame_index);
  const before = Math.max(-1, ...others.map((each) => each.frame_index).filter((at) => at < key.frame_index));
  const after = Math.min(Infinity, ...others.map((each) => each.frame_index).filter((at) => at > key.frame_index));
  const keys = [...others, key].sort((one, other) => one.frame_index - other.frame_index);
  const corrected = { ...track, keys, carried: track.carried.filter(({ frame_index: at }) => at <= before || after <= at) };
  if (track.between !== "carried") return corrected;
  const spanned = [...spanOf(track), ...track.to_follow ?? [], key.frame_index];
  return { ...corrected, to_follow: [Math.min(...spanned), Math.max(...spanned)] };
}

/** Changes the points of every frame that is written down. @template {Place} P @param {P} place @param {(points_px: PointsPx) => PointsPx} change @returns {P} */
export function everywhere(place, change) {
  if (place.on !== "track") return { ...place, points_px: change(place.points_px) };
  const each = (/** @type {KeyFrame | CarriedFrame} */ part) => ({ ...part, points_px: change(part.points_px) });
  return { ...place, keys: place.keys.map(each), carried: place.carried.map(each) };
}

/** The place begins here: nothing is shown before. @param {Place} place @param {number} frame_index @returns {Place} */
export function fromHere(place, frame_index) {
  if (place.on === "frame") return place;
  if (place.on === "range") return { ...place, first_frame_index: frame_index, last_frame_index: Math.max(frame_index, place.last_frame_index) };
  const here = sighting(place, frame_index);
  const later = place.keys.filter((key) => key.frame_index > frame_index);
  const keys = here === null && later.length > 0 ? later : [keyAt(place, frame_index), ...later];
  return cut({ ...place, keys, carried: place.carried.filter((part) => part.frame_index > frame_index) }, frame_index, Infinity);
}

/** The place ends here: nothing is shown after. @param {Place} place @param {number} frame_index @returns {Place} */
export function untilHere(place, frame_index) {
  if (place.on === "frame") return place;
  if (place.on === "range") return { ...place, last_frame_index: frame_index, first_frame_index: Math.min(frame_index, place.first_frame_index) };
  const earlier = place.keys.filter((key) => key.frame_index < frame_index);
  const seen = sighting(place, frame_index) !== null || earlier.length === 0;
  const keys = seen ? [...earlier, keyAt(place, frame_index)] : earlier;
  return cut({ ...place, keys, carried: place.carried.filter((part) => part.frame_index < frame_index) }, -Infinity, frame_index);
}

/** Follows nothing beyond where a track was ended by hand. @param {OnTrack} track @param {number} first @param {number} last @returns {OnTrack} */
function cut(track, first, last) {
  const { to_follow, ...others } = track;
  if (to_follow === undefined) return track;
  const [from, to] = [Math.max(to_follow[0], first), Math.min(to_follow[1], last)];
  return from < to ? { ...others, to_follow: [from, to] } : others;
}

/** @param {OnTrack} track @param {number} frame_index @returns {KeyFrame} */
function keyAt(track, frame_index) {
  const own = track.keys.find((key) => key.frame_index === frame_index);
  return own !== undefined && !own.outside ? own : { frame_index, points_px: pointsNear(track, frame_index), outside: false, source: sourceAt(track, frame_index) };
}

/** From here on a track is not seen, or it is seen again. @param {OnTrack} track @param {number} frame_index @param {boolean} outside @returns {OnTrack} */
export function seenFromHere(track, frame_index, outside) {
  return withKey(track, { frame_index, points_px: pointsNear(track, frame_index), outside, source: sourceAt(track, frame_index) });
}

/**
 * The same mark on one frame, on a range, on the whole clip or on a track.
 * @param {Place} place @param {"frame" | "range" | "whole" | "track"} on @param {number} frame_index @param {number} frames  of the clip
 * @returns {Place}
 */
export function livingOn(place, on, frame_index, frames) {
  const points_px = pointsNear(place, frame_index);
  const [first, last] = place.on === "frame" ? [0, frames - 1] : spanOf(place);
  if (on === "frame") return { on: "frame", frame_index, points_px };
  if (on === "whole") return { on: "range", first_frame_index: 0, last_frame_index: frames - 1, points_px };
  if (on === "range") return { on: "range", first_frame_index: first, last_frame_index: last, points_px };
  if (place.on === "track") return place;
  const stops = [...new Set([first, Math.min(Math.max(frame_index, first), last), last])];
  return { on: "track", between: "linear", keys: stops.map((at) => ({ frame_index: at, points_px, outside: false, source: "drawn" })), carried: [] };
}
