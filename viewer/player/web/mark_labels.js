// Where the labels of marks stand: beside their mark, off each other, off the
// lines as far as there is room, inside of the box. Pure, in CSS px.
/** @import { Box } from "./types.d.ts" */

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** @typedef {{mark_id: string, anchors: readonly number[], width: number, height: number, on_it: boolean}} Wish  on_it: the label is the mark and stands on its point */
/** @typedef {Rect & {mark_id: string, slot: string, from_x: number, from_y: number, moved: boolean}} Spot  moved: far enough to need a leader line */

const CELL_PX = 12;
/** What a cell of a finding weighs, against 1 of a cell with a line. */
const FULL = 3;
const MARGIN_PX = 3;
const BESIDE_PX = 9;
/** A label stands beside its mark; a number, which is small, may stand farther off, on rings of so many of its heights. */
const BESIDE = Object.freeze([0]);
const AROUND = Object.freeze([0, 0.8, 1.6, 2.6, 4, 6, 9]);
const RING_COST = 5;
/** A label stays where it was while that is not much worse, so that it does not hop from frame to frame. */
const HOP_COST = 6;
/** A label that would hide so much has no room beside its mark. */
const WORST_COST = 30;
/** @type {readonly (readonly [number, number])[]} */
const DIRECTIONS = Object.freeze([[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [-1, -1], [1, 1], [-1, 1]]);

/** The cells of the box through which lines run. */
export class Ink {
  #columns;
  #rows;
  #cells;

  /** @param {Box} box */
  constructor(box) {
    this.#columns = Math.max(Math.ceil(box.width / CELL_PX), 1);
    this.#rows = Math.max(Math.ceil(box.height / CELL_PX), 1);
    this.#cells = new Uint8Array(this.#columns * this.#rows);
  }

  /** @param {readonly number[]} points  flat @param {boolean} closed */
  add(points, closed) {
    const count = points.length / 2;
    for (let at = 0; at < (closed ? count : count - 1); at += 1) {
      const next = ((at + 1) % count) * 2;
      this.#line(points[at * 2] ?? 0, points[at * 2 + 1] ?? 0, points[next] ?? 0, points[next + 1] ?? 0);
    }
    if (count === 1) this.#dot(points[0] ?? 0, points[1] ?? 0);
  }

  /** A place that labels should leave free altogether. @param {Rect} rect */
  fill({ x, y, width, height }) {
    for (let row = Math.max(Math.floor(y / CELL_PX), 0); row <= Math.min(Math.floor((y + height) / CELL_PX), this.#rows - 1); row += 1) {
      for (let column = Math.max(Math.floor(x / CELL_PX), 0); column <= Math.min(Math.floor((x + width) / CELL_PX), this.#columns - 1); column += 1) this.#cells[row * this.#columns + column] = FULL;
    }
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  #line(x0, y0, x1, y1) {
    const steps = Math.min(Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) / CELL_PX), 400);
    for (let step = 0; step <= steps; step += 1) {
      const share = steps === 0 ? 0 : step / steps;
      this.#dot(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
    }
  }

  /** @param {number} x @param {number} y */
  #dot(x, y) {
    const column = Math.floor(x / CELL_PX);
    const row = Math.floor(y / CELL_PX);
    if (column >= 0 && column < this.#columns && row >= 0 && row < this.#rows) this.#cells[row * this.#columns + column] ||= 1;
  }

  /** @param {Spot} spot @returns {number} weight of the cells that its leader crosses */
  along({ x, y, width, height, from_x, from_y }) {
    const dx = Math.min(Math.max(from_x, x), x + width) - from_x;
    const dy = Math.min(Math.max(from_y, y), y + height) - from_y;
    const steps = Math.floor(Math.hypot(dx, dy) / CELL_PX);
    let weight = 0;
    for (let step = 1; step <= steps; step += 1) weight += this.under({ x: from_x + (dx * step) / steps, y: from_y + (dy * step) / steps, width: 0, height: 0 });
    return weight;
  }

  /** @param {Rect} rect @returns {number} weight of the cells under it */
  under({ x, y, width, height }) {
    let count = 0;
    const last_row = Math.min(Math.floor((y + height) / CELL_PX), this.#rows - 1);
    const last_column = Math.min(Math.floor((x + width) / CELL_PX), this.#columns - 1);
    for (let row = Math.max(Math.floor(y / CELL_PX), 0); row <= last_row; row += 1) {
      for (let column = Math.max(Math.floor(x / CELL_PX), 0); column <= last_column; column += 1) count += this.#cells[row * this.#columns + column] ?? 0;
    }
    return count;
  }
}

/**
 * @param {readonly Wish[]} wishes  the first are served first
 * @param {Box} box
 * @param {Ink} ink  lines that a label should not cover
 * @param {readonly Rect[]} reserved  places that it must not cover
 * @param {ReadonlyMap<string, string>} before  slot of each label on the frame before, by mark
 * @returns {Spot[]} a label for which there is no room is left out
 */
export function placeLabels(wishes, box, ink, reserved, before) {
  return place(wishes, { box, ink, reserved, before, rings: BESIDE, worst: WORST_COST });
}

/**
 * Numbers in place of labels: each has a place, as long as there is any.
 * @param {readonly Wish[]} wishes @param {Box} box @param {Ink} ink @param {readonly Rect[]} reserved @param {ReadonlyMap<string, string>} before
 * @returns {Spot[]}
 */
export function placeNumbers(wishes, box, ink, reserved, before) {
  return place(wishes, { box, ink, reserved, before, rings: AROUND, worst: Infinity });
}

/** @param {readonly Wish[]} wishes @param {{box: Box, ink: Ink, reserved: readonly Rect[], before: ReadonlyMap<string, string>, rings: readonly number[], worst: number}} room @returns {Spot[]} */
function place(wishes, { box, ink, reserved, before, rings, worst }) {
  /** @type {Spot[]} */
  const spots = [];
  for (const wish of wishes) {
    let best = null;
    let best_cost = worst;
    for (const spot of candidates(wish, rings)) {
      const hop = before.has(wish.mark_id) && before.get(wish.mark_id) !== spot.slot ? HOP_COST : 0;
      if (spot.cost + hop >= best_cost || !isInside(spot, box)) continue;
      if (reserved.some((rect) => overlap(spot, rect)) || spots.some((rect) => overlap(spot, rect))) continue;
      const cost = spot.cost + hop + ink.under(spot) + (spot.moved ? ink.along(spot) : 0);
      if (cost < best_cost) [best, best_cost] = [spot, cost];
    }
    if (best !== null) spots.push(best);
  }
  return spots;
}

/** @param {Wish} wish @param {readonly number[]} rings @returns {Generator<Spot & {cost: number}>} cheapest first, about */
function* candidates({ mark_id, anchors, width, height, on_it }, rings) {
  const own = { mark_id, width, height };
  const [x = 0, y = 0] = anchors;
  if (on_it) yield { ...own, x: x - width / 2, y: y - height / 2, slot: "on", from_x: x, from_y: y, moved: false, cost: -2 };
  for (const [ring, heights] of rings.entries()) {
    for (let at = 0; at < anchors.length; at += 2) {
      const from_x = anchors[at] ?? 0;
      const from_y = anchors[at + 1] ?? 0;
      for (const [side, [dx, dy]] of DIRECTIONS.entries()) {
        const away = BESIDE_PX + heights * height;
        const slant = dx !== 0 && dy !== 0 ? Math.SQRT1_2 : 1;
        yield {
          ...own, slot: `${ring} ${at} ${side}`, from_x, from_y, moved: ring > 0, cost: ring * RING_COST + at / 4 + side / 8,
          x: from_x + dx * away * slant + (dx > 0 ? 0 : dx < 0 ? -width : -width / 2),
          y: from_y + dy * away * slant + (dy > 0 ? 0 : dy < 0 ? -height : -height / 2),
        };
      }
    }
  }
}

/** @param {Spot} spot @param {Box} box */
function isInside({ x, y, width, height, from_x, from_y }, box) {
  const seen = from_x >= 0 && from_x <= box.width && from_y >= 0 && from_y <= box.height;
  return seen && x >= MARGIN_PX && y >= MARGIN_PX && x + width <= box.width - MARGIN_PX && y + height <= box.height - MARGIN_PX;
}

/** @param {Rect} one @param {Rect} other */
function overlap(one, other) {
  return one.x < other.x + other.width + MARGIN_PX && other.x < one.x + one.width + MARGIN_PX && one.y < other.y + other.height + MARGIN_PX && other.y < one.y + one.height + MARGIN_PX;
}
