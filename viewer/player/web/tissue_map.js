// Where the tissue of a clip goes, and how it is stretched: the file that
// annotations/motion/tissue_map.py describes, and the way of any point by the
// points that were followed around it.
/** @import { Point } from "./types.d.ts" */

const MAGIC = "MSUSTM01";
const NONE = -128;
/** Cells within which a point's surroundings lie, and the bell that weighs them. */
const REACH_CELLS = 2.5;
const BELL_CELLS = 0.8;
const NEIGHBOURS_MIN = 5;
const ROUNDS = 4;
/** Cells by which a neighbour may miss before it loses its weight, and by which all of them may before they are no answer. */
const STRAY_CELLS = 0.3;
const ASTRAY_CELLS = 0.2;
const KEPT_MIN = 0.3;
/** Cells by which the middle of those that agree may lie aside: beyond the edge of what was followed nothing is known. */
const ASIDE_CELLS = 1;
const STIFFNESS = 0.6;

/**
 * @typedef {object} TissueMap
 * @property {number} frames @property {number} points @property {number} rest_frame_index
 * @property {number} cell_px  side of the square that a point stands for
 * @property {number} px_per_step @property {number} strain_per_step
 * @property {Float32Array} rest_px  x and y of each point on the frame at rest
 * @property {Int8Array} moved  steps since then, x and y of each point, frame by frame
 * @property {Int8Array} strain  steps, frame by frame
 */

/** @param {ArrayBuffer} buffer @returns {TissueMap | null} null where it is none */
export function readTissueMap(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < 12 || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) return null;
  const length = new DataView(buffer).getUint32(8, true);
  try {
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(12, 12 + length)));
    const { frames, points } = head;
    const at = 12 + length;
    return {
      ...head,
      rest_px: new Float32Array(buffer.slice(at, at + 8 * points)),
      moved: new Int8Array(buffer, at + 8 * points, 2 * frames * points),
      strain: new Int8Array(buffer, at + 8 * points + 2 * frames * points, frames * points),
    };
  } catch {
    return null;
  }
}

/** @param {TissueMap} map @param {number} point @param {number} frame_index @returns {Point | null} null where it was lost */
export function placeOf({ points, rest_px, moved, px_per_step }, point, frame_index) {
  const at = 2 * (frame_index * points + point);
  const [dx = NONE, dy = NONE] = [moved[at], moved[at + 1]];
  if (dx === NONE || dy === NONE) return null;
  return { x_px: (rest_px[2 * point] ?? 0) + dx * px_per_step, y_px: (rest_px[2 * point + 1] ?? 0) + dy * px_per_step };
}

/** Strain of a point on a frame; null where it is not reliable. @param {TissueMap} map @param {number} point @param {number} frame_index @returns {number | null} 0.1 is ten per cent longer */
export function strainOf({ points, strain, strain_per_step }, point, frame_index) {
  const steps = strain[frame_index * points + point] ?? NONE;
  return steps === NONE ? null : steps * strain_per_step;
}

/**
 * Where the tissue at a place of one frame lies on another one.
 * @param {TissueMap} map @param {Point} place @param {number} from @param {number} to  frame indices
 * @returns {Point | null} null where too little was followed around it, or where it does not move as one
 */
export function carry(map, place, from, to) {
  if (from === to) return place;
  const around = surroundings(map, place, from, to);
  if (around.length < NEIGHBOURS_MIN) return null;
  let weights = around.map(({ bell }) => bell);
  let [shift, astray] = nearest(around);
  for (let round = 0; round < ROUNDS; round += 1) {
    const misses = around.map(({ arm, moved }) => Math.hypot(moved.x_px - at(shift, arm).x_px, moved.y_px - at(shift, arm).y_px));
    weights = around.map(({ bell }, index) => bell / (1 + ((misses[index] ?? 0) / (STRAY_CELLS * map.cell_px)) ** 2));
    shift = fit(around, weights);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    astray = Math.sqrt(misses.reduce((sum, miss, index) => sum + (weights[index] ?? 0) * miss ** 2, 0) / total);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kept = total / around.reduce((sum, { bell }) => sum + bell, 0);
  const middle = (/** @type {"x_px" | "y_px"} */ axis) => around.reduce((sum, { arm }, index) => sum + (weights[index] ?? 0) * arm[axis], 0) / total;
  if (Math.hypot(middle("x_px"), middle("y_px")) > ASIDE_CELLS) return null;
  return astray > ASTRAY_CELLS * map.cell_px || kept < KEPT_MIN ? null : { x_px: place.x_px + shift[0][0], y_px: place.y_px + shift[1][0] };
}

/** @typedef {{arm: Point, moved: Point, bell: number}} Neighbour  arm: from the place to it, in cells */
/** @typedef {[[number, number, number], [number, number, number]]} Shift  of x and of y: constant, per cell along x, along y */

/** @param {TissueMap} map @param {Point} place @param {number} from @param {number} to @returns {Neighbour[]} */
function surroundings(map, place, from, to) {
  const found = [];
  for (let point = 0; point < map.points; point += 1) {
    const here = placeOf(map, point, from);
    if (here === null) continue;
    const arm = { x_px: (here.x_px - place.x_px) / map.cell_px, y_px: (here.y_px - place.y_px) / map.cell_px };
    const away2 = arm.x_px ** 2 + arm.y_px ** 2;
    if (away2 > REACH_CELLS ** 2) continue;
    const there = placeOf(map, point, to);
    if (there !== null) found.push({ arm, moved: { x_px: there.x_px - here.x_px, y_px: there.y_px - here.y_px }, bell: Math.exp(-away2 / (2 * BELL_CELLS ** 2)) });
  }
  return found;
}

/** Motion of the nearest few, to begin with. @param {Neighbour[]} around @returns {[Shift, number]} */
function nearest(around) {
  const first = [...around].sort((a, b) => b.bell - a.bell).slice(0, 5);
  const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  return [[[median(first.map(({ moved }) => moved.x_px)), 0, 0], [median(first.map(({ moved }) => moved.y_px)), 0, 0]], Infinity];
}

/** @param {Shift} shift @param {Point} arm @returns {Point} */
function at([[ax, bx, cx], [ay, by, cy]], { x_px, y_px }) {
  return { x_px: ax + bx * x_px + cx * y_px, y_px: ay + by * x_px + cy * y_px };
}

/** Weighted affine motion; its slopes are held towards none, so that few neighbours cannot tilt it. @param {Neighbour[]} around @param {number[]} weights @returns {Shift} */
function fit(around, weights) {
  let [w, x, y, xx, xy, yy] = [1e-9, 0, 0, STIFFNESS, 0, STIFFNESS];
  const right = [[0, 0, 0], [0, 0, 0]];
  around.forEach(({ arm, moved }, index) => {
    const weight = weights[index] ?? 0;
    [w, x, y] = [w + weight, x + weight * arm.x_px, y + weight * arm.y_px];
    [xx, xy, yy] = [xx + weight * arm.x_px ** 2, xy + weight * arm.x_px * arm.y_px, yy + weight * arm.y_px ** 2];
    [moved.x_px, moved.y_px].forEach((value, axis) => {
      const row = right[axis] ?? [];
      [1, arm.x_px, arm.y_px].forEach((factor, column) => (row[column] = (row[column] ?? 0) + weight * factor * value));
    });
  });
  const [a, b, c] = [xx * yy - xy * xy, y * xy - x * yy, x * xy - y * xx];
  const size = w * a + x * b + y * c;
  const inverse = [[a, b, c], [b, w * yy - y * y, x * y - w * xy], [c, x * y - w * xy, w * xx - x * x]];
  const solved = right.map((row) => inverse.map((line) => line.reduce((sum, value, column) => sum + value * (row[column] ?? 0), 0) / size));
  return /** @type {Shift} */ (solved);
}
