// Where labels stand beside their marks: off each other, off the lines and the
// finding as far as there is room, inside of the box. The side is chosen once
// for the whole clip, so that a label goes along with its mark and never hops.
// Pure, in CSS px.
/** @import { Box } from "./types.d.ts" */

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** @typedef {{mark_id: string, anchors: readonly number[], width: number, height: number, on_it: boolean}} Wish  on_it: the label is the mark and stands on its point */
/** @typedef {{ring: number, at: number, side: number}} Slot  how far, from which anchor, in which direction; ring -1 stands on the point */
/** @typedef {Rect & {mark_id: string, from_x: number, from_y: number, moved: boolean}} Spot  moved: far enough to need a leader line */
/** @typedef {{wishes: readonly Wish[], ink: Ink, reserved: readonly Rect[], findings: readonly Rect[]}} Seen  what one frame shows */

const CELL_PX = 12;
/** What a cell of a finding weighs, against 1 of a cell with a line. */
const FULL = 3;
const MARGIN_PX = 3;
const BESIDE_PX = 9;
/** How far from its mark a number may stand, in its heights; a label stands on the first ring. */
const RINGS = Object.freeze([0, 0.8, 1.6, 2.6, 4, 6, 9]);
const RING_COST = 5;
/** A label that would hide so much on some frame has no room beside its mark. */
const WORST_COST = 30;
/** What it weighs to cover another label or what is reserved, to leave the box, and to stand on the finding. */
const HIT_COST = 400;
const OUT_COST = 200;
const FINDING_COST = 60;
/** @type {Slot} */
const FIRST_SLOT = Object.freeze({ ring: 0, at: 0, side: 0 });
/** @type {Slot} */
const ON_POINT = Object.freeze({ ring: -1, at: 0, side: 0 });
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
 * Slots in which all labels have room on all of these frames, or null.
 * @param {readonly Seen[]} frames @param {Box} box
 * @returns {Map<string, Slot> | null}
 */
export function labelSlots(frames, box) {
  return chooseSlots(frames, box, { rings: 1, limit: WORST_COST });
}

/** Slots of numbers, which are small: each has one. @param {readonly Seen[]} frames @param {Box} box @returns {Map<string, Slot>} */
export function numberSlots(frames, box) {
  return chooseSlots(frames, box, { rings: RINGS.length, limit: Infinity }) ?? new Map();
}

/** The first are served first; null as soon as one has no slot within the limit. @param {readonly Seen[]} frames @param {Box} box @param {{rings: number, limit: number}} ways @returns {Map<string, Slot> | null} */
function chooseSlots(frames, box, { rings, limit }) {
  /** @type {Map<string, Slot>} */
  const slots = new Map();
  const taken = frames.map(({ reserved }) => [...reserved]);
  for (const mark_id of new Set(frames.flatMap(({ wishes }) => wishes.map((wish) => wish.mark_id)))) {
    const seen = frames.flatMap((frame, at) => {
      const wish = frame.wishes.find((each) => each.mark_id === mark_id);
      return wish === undefined ? [] : [{ frame, wish, taken: taken[at] ?? [] }];
    });
    const best = bestSlot(seen, box, rings);
    if (best.worst > limit) return null;
    slots.set(mark_id, best.slot);
    for (const { wish, taken: there } of seen) there.push(spotIn(best.slot, wish, box));
  }
  return slots;
}

/** @param {readonly {frame: Seen, wish: Wish, taken: readonly Rect[]}[]} seen @param {Box} box @param {number} rings */
function bestSlot(seen, box, rings) {
  let best = { slot: FIRST_SLOT, cost: Infinity, worst: Infinity };
  for (const slot of slotsOf(seen[0]?.wish, rings)) {
    let cost = 0;
    let worst = 0;
    for (const { frame, wish, taken } of seen) {
      const plain = unclamped(slot, wish);
      const own = costOf(slot, plain, box);
      if (cost + own >= best.cost) {
        cost = Infinity;
        break;
      }
      const here = own + coverCost(clamped(plain, box), frame, taken);
      cost += here;
      worst = Math.max(worst, here);
      if (cost >= best.cost) break;
    }
    if (cost < best.cost) best = { slot, cost, worst };
  }
  return best;
}

/** @param {Slot} slot @param {Spot} spot  as it would stand there @param {Box} box */
function costOf({ ring, at, side }, { x, y, width, height, from_x, from_y }, box) {
  if (ring < 0) return -2;
  const seen = from_x >= 0 && from_x <= box.width && from_y >= 0 && from_y <= box.height;
  const inside = x >= MARGIN_PX && y >= MARGIN_PX && x + width <= box.width - MARGIN_PX && y + height <= box.height - MARGIN_PX;
  return ring * RING_COST + at / 2 + side / 8 + (seen && inside ? 0 : OUT_COST);
}

/** @param {Spot} spot @param {Seen} frame @param {readonly Rect[]} taken */
function coverCost(spot, { ink, findings }, taken) {
  const hits = taken.filter((rect) => overlap(spot, rect)).length;
  const on_finding = findings.some((rect) => overlap(spot, rect));
  return hits * HIT_COST + (on_finding ? FINDING_COST : 0) + ink.under(spot) + (spot.moved ? ink.along(spot) : 0);
}

/** Cheapest first, about. @param {Wish | undefined} wish @param {number} rings @returns {Generator<Slot>} */
function* slotsOf(wish, rings) {
  if (wish === undefined) return;
  if (wish.on_it) yield { ring: -1, at: 0, side: 0 };
  for (let ring = 0; ring < rings; ring += 1) {
    for (let at = 0; at < wish.anchors.length / 2; at += 1) {
      for (let side = 0; side < DIRECTIONS.length; side += 1) yield { ring, at, side };
    }
  }
}

/** Where a label stands in its slot, as near to it as the box allows. @param {Slot | undefined} slot  undefined for a mark that came later @param {Wish} wish @param {Box} box @returns {Spot} */
export function spotIn(slot, wish, box) {
  return clamped(unclamped(slot ?? (wish.on_it ? ON_POINT : FIRST_SLOT), wish), box);
}

/** @param {Spot} spot @param {Box} box @returns {Spot} */
function clamped(spot, box) {
  spot.x = Math.max(Math.min(spot.x, box.width - spot.width - MARGIN_PX), MARGIN_PX);
  spot.y = Math.max(Math.min(spot.y, box.height - spot.height - MARGIN_PX), MARGIN_PX);
  return spot;
}

/** @param {Slot} slot @param {Wish} wish @returns {Spot} */
function unclamped({ ring, at, side }, { mark_id, anchors, width, height }) {
  const place = at * 2 < anchors.length ? at * 2 : 0;
  const from_x = anchors[place] ?? 0;
  const from_y = anchors[place + 1] ?? 0;
  const spot = { mark_id, x: from_x - width / 2, y: from_y - height / 2, width, height, from_x, from_y, moved: ring > 0 };
  const [dx, dy] = ring < 0 ? [0, 0] : DIRECTIONS[side] ?? [1, 0];
  const away = (BESIDE_PX + (RINGS[ring] ?? 0) * height) * (dx !== 0 && dy !== 0 ? Math.SQRT1_2 : 1);
  spot.x += dx * (away + width / 2);
  spot.y += dy * (away + height / 2);
  return spot;
}

/** @param {Rect} one @param {Rect} other */
export function overlap(one, other) {
  return one.x < other.x + other.width + MARGIN_PX && other.x < one.x + one.width + MARGIN_PX && one.y < other.y + other.height + MARGIN_PX && other.y < one.y + one.height + MARGIN_PX;
}
