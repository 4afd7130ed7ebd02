// Labels at the margin of a crowded picture: two columns, in such an order
// that no two leader lines cross. Pure, in CSS px.
/** @import { Rect } from "./mark_labels.js" */

/** @typedef {{mark_id: string, x: number, y: number, left_x: number, left_y: number, right_x: number, right_y: number}} Tied  centre of a mark, and where a leader from the left and from the right meets it */
/** @typedef {Rect & {mark_id: string, side: "left" | "right"}} Berth  where a label lies */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Room  inside of which the columns stand */

const GAP_PX = 3;

/**
 * Berths for all labels, or null where they do not fit.
 * @param {readonly Tied[]} tied @param {{width: number, height: number}} size  of every label @param {Room} room
 * @param {readonly Rect[]} kept_free  what no label may cover
 * @returns {Berth[] | null}
 */
export function columnsOf(tied, size, room, kept_free) {
  const rows = { left: rowsOf(room.left, size, room, kept_free), right: rowsOf(room.right - size.width, size, room, kept_free) };
  const across = [...tied].sort((one, other) => one.x - other.x);
  const middle = (room.left + room.right) / 2;
  const wanted = across.filter(({ x }) => x < middle).length;
  const first = Math.max(across.length - rows.right.length, 0);
  const last = Math.min(rows.left.length, across.length);
  if (first > last) return null;
  // Divided by one line down the picture, no leader of one side meets one of the other.
  const division = Math.min(Math.max(wanted, first), last);
  return [
    ...column("left", across.slice(0, division), rows.left, room.left, size),
    ...column("right", across.slice(division), rows.right, room.right - size.width, size),
  ];
}

/** Tops of the rows of a column that cover nothing. @param {number} x @param {{width: number, height: number}} size @param {Room} room @param {readonly Rect[]} kept_free */
function rowsOf(x, size, room, kept_free) {
  const rows = [];
  for (let y = room.top; y + size.height <= room.bottom; y += size.height + GAP_PX) {
    const own = { x, y, ...size };
    if (!kept_free.some((rect) => covers(own, rect))) rows.push(y);
  }
  return rows;
}

/** @param {Rect} one @param {Rect} other */
function covers(one, other) {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
}

/** @param {"left" | "right"} side @param {readonly Tied[]} tied @param {readonly number[]} rows @param {number} x @param {{width: number, height: number}} size @returns {Berth[]} */
function column(side, tied, rows, x, size) {
  const down = [...tied].sort((one, other) => footOf(one, side)[1] - footOf(other, side)[1]);
  const chosen = nearestRows(down.map((each) => footOf(each, side)[1] - size.height / 2), rows);
  const berths = down.map(({ mark_id }, at) => ({ mark_id, side, x, y: chosen[at] ?? 0, ...size }));
  uncross(berths, new Map(tied.map((each) => [each.mark_id, footOf(each, side)])));
  return berths;
}

/** Where the leader of a side meets a mark. @param {Tied} tied @param {"left" | "right"} side @returns {[number, number]} */
function footOf({ left_x, left_y, right_x, right_y }, side) {
  return side === "left" ? [left_x, left_y] : [right_x, right_y];
}

/** Rows in their order, as near to the wishes as can be: the cheapest way, row by row. @param {readonly number[]} wishes  in order @param {readonly number[]} rows @returns {number[]} */
function nearestRows(wishes, rows) {
  /** @type {number[][]} cost of the first wishes in the first rows */
  const cost = [new Array(rows.length + 1).fill(0)];
  for (const [at, wish] of wishes.entries()) {
    const before = cost[at] ?? [];
    const own = [Infinity];
    for (const [row, y] of rows.entries()) own.push(Math.min(own[row] ?? Infinity, (before[row] ?? Infinity) + (y - wish) ** 2));
    cost.push(own);
  }
  const chosen = [];
  let row = rows.length;
  for (let at = wishes.length; at > 0; at -= 1) {
    while (row > 1 && (cost[at]?.[row - 1] ?? Infinity) <= (cost[at]?.[row] ?? Infinity)) row -= 1;
    chosen.unshift(rows[row - 1] ?? 0);
    row -= 1;
  }
  return chosen;
}

/** Exchanges the places of two labels whose leaders cross; each exchange shortens them, so that it ends. @param {Berth[]} berths @param {ReadonlyMap<string, readonly [number, number]>} feet */
function uncross(berths, feet) {
  for (let again = true; again;) {
    again = false;
    for (const one of berths) {
      for (const other of berths) {
        if (one === other || !leadersCross(one, feet.get(one.mark_id), other, feet.get(other.mark_id))) continue;
        [one.y, other.y] = [other.y, one.y];
        again = true;
      }
    }
  }
}

/** Where a leader leaves its label. @param {Berth} berth @returns {[number, number]} */
export function mooring({ side, x, y, width, height }) {
  return [side === "left" ? x + width : x, y + height / 2];
}

/** @param {Berth} one @param {readonly [number, number] | undefined} foot @param {Berth} other @param {readonly [number, number] | undefined} other_foot */
export function leadersCross(one, foot, other, other_foot) {
  return foot !== undefined && other_foot !== undefined && cross(mooring(one), foot, mooring(other), other_foot);
}

/** Whether two lines cross; lines that only touch do not. @param {readonly [number, number]} a @param {readonly [number, number]} b @param {readonly [number, number]} c @param {readonly [number, number]} d */
export function cross(a, b, c, d) {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** @param {readonly [number, number]} a @param {readonly [number, number]} b @param {readonly [number, number]} c */
function turn([ax, ay], [bx, by], [cx, cy]) {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
