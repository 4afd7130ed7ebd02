// What may be done to one mark. Pure: from mark to mark, or null where the
// mark is gone.
/** @import { DocumentMark, Kind, PointPx, PointsPx } from "./types.d.ts" */
import { isOpenEnded, isOutline, kindOf } from "./kinds.js";
import { everywhere, sighting, withPoints } from "./place.js";

/** @typedef {{rows: number, columns: number}} Size */

/** Marks are kept to a hundredth of a pixel. @param {number} value */
const rounded = (value) => Math.round(value * 100) / 100;

/** @param {PointsPx} points_px @returns {PointsPx} */
export function tidy(points_px) {
  return points_px.map(([x, y]) => [rounded(x), rounded(y)]);
}

/**
 * @param {{id: string, clip: string, kind: Kind, author: string, frame_index: number, points_px: PointsPx, style: DocumentMark["style"]}} drawn
 * @returns {DocumentMark}
 */
export function newMark({ id, clip, kind, author, frame_index, points_px, style }) {
  return {
    id, clip, kind, label: kind === "text" ? "Text" : "", concept: null, note: "", author, source: "drawn", style,
    place: { on: "frame", frame_index, points_px: tidy(points_px) },
  };
}

/** @param {DocumentMark} mark @param {number} frame_index @param {PointsPx} points_px @returns {DocumentMark} */
export function reshaped(mark, frame_index, points_px) {
  return { ...mark, place: withPoints(mark.place, frame_index, tidy(points_px)) };
}

/** Moves one point; the half axes of an ellipse go with its centre. @param {DocumentMark} mark @param {number} frame_index @param {number} at @param {PointPx} to @returns {DocumentMark} */
export function movePoint(mark, frame_index, at, to) {
  const points = sighting(mark.place, frame_index)?.points_px;
  const from = points?.[at];
  if (points === undefined || from === undefined) return mark;
  if (mark.kind === "ellipse" && at === 0) return moveBy(mark, frame_index, to[0] - from[0], to[1] - from[1]);
  return reshaped(mark, frame_index, points.map((point, index) => (index === at ? to : point)));
}

/** Moves the whole mark. @param {DocumentMark} mark @param {number} frame_index @param {number} dx @param {number} dy @returns {DocumentMark} */
export function moveBy(mark, frame_index, dx, dy) {
  const points = sighting(mark.place, frame_index)?.points_px;
  return points === undefined ? mark : reshaped(mark, frame_index, points.map(([x, y]) => [x + dx, y + dy]));
}

/** How far a mark may go so that all of it stays in the picture. @param {PointsPx} points @param {number} dx @param {number} dy @param {Size} size @returns {PointPx} */
export function within(points, dx, dy, { rows, columns }) {
  const stay = (/** @type {readonly number[]} */ values, /** @type {number} */ by, /** @type {number} */ most) =>
    Math.min(Math.max(by, Math.min(0, -Math.min(...values))), Math.max(0, most - Math.max(...values)));
  return [stay(points.map(([x]) => x), dx, columns), stay(points.map(([, y]) => y), dy, rows)];
}

/** A new point on the edge after a point, on every frame that is written down. @param {DocumentMark} mark @param {number} after  index of the point @param {number} share  of the way to the next @returns {DocumentMark} */
export function insertPoint(mark, after, share = 0.5) {
  if (!isOpenEnded(mark.kind)) return mark;
  return {
    ...mark, place: everywhere(mark.place, (points) => {
      const [x0, y0] = points[after] ?? [0, 0];
      const [x1, y1] = points[(after + 1) % points.length] ?? [x0, y0];
      return points.toSpliced(after + 1, 0, [rounded(x0 + (x1 - x0) * share), rounded(y0 + (y1 - y0) * share)]);
    }),
  };
}

/** Takes a point out of every frame that is written down. @param {DocumentMark} mark @param {number} at @returns {DocumentMark | null} null where too few would be left: the mark is gone */
export function removePoint(mark, at) {
  const count = mark.place.on === "track" ? mark.place.keys[0]?.points_px.length ?? 0 : mark.place.points_px.length;
  if (!isOpenEnded(mark.kind) || count <= kindOf(mark.kind).fewest) return null;
  return { ...mark, place: everywhere(mark.place, (points) => points.toSpliced(at, 1)) };
}

/** Edges of a mark: index of the point that each begins at. @param {Kind} kind @param {number} count  points @returns {number[]} */
export function edgesOf(kind, count) {
  if (!isOpenEnded(kind)) return [];
  return Array.from({ length: isOutline(kind) ? count : count - 1 }, (_, at) => at);
}
