// A thin plate through pairs of points: every pair is met, and between them
// the plane bends as little as it can (Bookstein 1989, doi:10.1109/34.24792).
/** @import { Point } from "./types.d.ts" */

/** @typedef {readonly [number, number]} Pair */

/**
 * @param {readonly Pair[]} from  at least three, not all in one line @param {readonly Pair[]} to  as many
 * @returns {((point: Point) => Point) | null} null where two of them lie in one place
 */
export function thinPlate(from, to) {
  const rows = from.map(([x, y]) => [...from.map(([u, v]) => bend(x - u, y - v)), 1, x, y]);
  const flat = [0, 1, 2].map((power) => [...from.map(([x, y]) => [1, x, y][power] ?? 0), 0, 0, 0]);
  const wanted = [...to.map(([x, y]) => [x, y]), [0, 0], [0, 0], [0, 0]];
  const weights = solve([...rows, ...flat], wanted);
  if (weights === null) return null;
  return ({ x_px, y_px }) => {
    const terms = [...from.map(([u, v]) => bend(x_px - u, y_px - v)), 1, x_px, y_px];
    const sum = (/** @type {0 | 1} */ axis) => terms.reduce((total, term, at) => total + term * (weights[at]?.[axis] ?? 0), 0);
    return { x_px: sum(0), y_px: sum(1) };
  };
}

/** @param {number} dx @param {number} dy */
function bend(dx, dy) {
  const squared = dx * dx + dy * dy;
  return squared === 0 ? 0 : squared * Math.log(squared);
}

/** Gauss with the largest pivot. @param {number[][]} matrix @param {number[][]} wanted  rows of two @returns {number[][] | null} null where it has no answer */
function solve(matrix, wanted) {
  const rows = matrix.map((row, at) => [...row, ...(wanted[at] ?? [])]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    const chosen = rows[pivot];
    const here = rows[column];
    if (chosen === undefined || here === undefined || Math.abs(chosen[column] ?? 0) < 1e-9) return null;
    [rows[column], rows[pivot]] = [chosen, here];
    for (let row = 0; row < size; row += 1) {
      const other = rows[row];
      if (row === column || other === undefined) continue;
      const factor = (other[column] ?? 0) / (chosen[column] ?? 1);
      if (factor !== 0) for (let at = column; at < other.length; at += 1) other[at] = (other[at] ?? 0) - factor * (chosen[at] ?? 0);
    }
  }
  return rows.map((row, at) => [(row[size] ?? 0) / (row[at] ?? 1), (row[size + 1] ?? 0) / (row[at] ?? 1)]);
}
