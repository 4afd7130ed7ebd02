// The kinds of mark: what they are called, how many points they have and in
// which order, what they look like before anybody has moved them.
/** @import { Colour, Kind, Line, PointPx, PointsPx } from "./types.d.ts" */

/**
 * @typedef {object} KindOfMark
 * @property {Kind} kind @property {string} name
 * @property {number} fewest  points @property {number} most
 * @property {string} how  to draw it
 */

/** In the order of their buttons. @type {readonly KindOfMark[]} */
export const KINDS = Object.freeze([
  { kind: "point", name: "Point", fewest: 1, most: 1, how: "Click the place." },
  { kind: "arrow", name: "Arrow", fewest: 2, most: 2, how: "Drag from tail to tip, or click both." },
  { kind: "text", name: "Text", fewest: 1, most: 1, how: "Click where the words stand." },
  { kind: "caliper", name: "Caliper", fewest: 2, most: 2, how: "Drag from end to end, or click both." },
  { kind: "angle", name: "Angle", fewest: 3, most: 3, how: "Drag one arm to the corner, then click the other arm; or click all three." },
  { kind: "polyline", name: "Line", fewest: 2, most: Infinity, how: "Drag along it, or click each point; Enter, a double click or a click on the last point ends it." },
  { kind: "polygon", name: "Polygon", fewest: 3, most: Infinity, how: "Drag around it, or click each corner; Enter, a double click or a click on the first corner ends it." },
  { kind: "area", name: "Area", fewest: 3, most: Infinity, how: "Drag around it, or click each corner; Enter, a double click or a click on the first corner ends it." },
  { kind: "ellipse", name: "Ellipse", fewest: 3, most: 3, how: "Drag from corner to corner, or click both." },
  { kind: "tissue", name: "Tissue", fewest: 3, most: Infinity, how: "Drag around the tissue, or click each corner; Enter, a double click or a click on the first corner ends it." },
]);

/** @type {ReadonlyMap<string, KindOfMark>} */
const BY_KIND = new Map(KINDS.map((each) => [each.kind, each]));

/** @param {Kind} kind @returns {KindOfMark} */
export function kindOf(kind) {
  return /** @type {KindOfMark} */ (BY_KIND.get(kind));
}

/** Whether the points are an outline that closes by itself. @param {Kind} kind */
export function isOutline(kind) {
  return kind === "polygon" || kind === "area" || kind === "tissue";
}

/** Whether points can be added and taken out. @param {Kind} kind */
export function isOpenEnded(kind) {
  return kindOf(kind).most === Infinity;
}

/** Okabe and Ito's colours, as annotations/mark.py has them. @type {Readonly<Record<Colour, string>>} */
export const COLOURS = Object.freeze({
  "yellow": "#f0e442", "sky-blue": "#56b4e9", "orange": "#e69f00", "bluish-green": "#009e73",
  "vermillion": "#d55e00", "blue": "#0072b2", "reddish-purple": "#cc79a7", "white": "#ffffff",
});

/** @type {readonly Line[]} */
export const LINES = Object.freeze(["solid", "dashed", "dotted"]);

/** @type {Readonly<Partial<Record<Kind, readonly string[]>>>} */
const POINT_NAMES = Object.freeze({
  point: ["place"], text: ["place"], arrow: ["tail", "tip"], caliper: ["end 1", "end 2"],
  angle: ["end of arm 1", "corner", "end of arm 2"], ellipse: ["centre", "end of half axis 1", "end of half axis 2"],
});

/** What a point is called. @param {Kind} kind @param {number} at @returns {string} such as "end 1" */
export function pointName(kind, at) {
  return POINT_NAMES[kind]?.[at] ?? `${isOutline(kind) ? "corner" : "point"} ${at + 1}`;
}

/**
 * A mark in the middle of what is seen, for hands that cannot drag.
 * @param {Kind} kind @param {PointPx} middle @param {number} reach  image px @param {number} flat  height of a pixel, its width being 1
 * @returns {PointsPx}
 */
export function firstShape(kind, [x, y], reach, flat = 1) {
  const at = (/** @type {number} */ dx, /** @type {number} */ dy) => /** @type {PointPx} */ ([Math.round(x + dx * reach), Math.round(y + (dy * reach) / flat)]);
  if (kind === "point" || kind === "text") return [at(0, 0)];
  if (kind === "arrow") return [at(-1, 1), at(0, 0)];
  if (kind === "caliper") return [at(-1, 0), at(1, 0)];
  if (kind === "polyline") return [at(-1, 0), at(0, 0), at(1, 0)];
  if (kind === "angle") return [at(1, 0), at(0, 0), at(0, -1)];
  if (kind === "ellipse") return [at(0, 0), at(1, 0), at(0, 0.6)];
  return [at(-1, -0.6), at(1, -0.6), at(1, 0.6), at(-1, 0.6)];
}
