import assert from "node:assert/strict";
import { test } from "node:test";
import { carry, placeOf, readTissueMap, strainOf } from "../../viewer/player/web/tissue_map.js";

const CELL = 20;
const COLUMNS = 20;
const ROWS = 12;

/** The file that annotations/motion/tissue_map.py describes: tissue that moves as `move` says, in steps of half a pixel. */
function fileOf(move, strainAt = () => 10) {
  const rest = Array.from({ length: COLUMNS * ROWS }, (_, at) => [(at % COLUMNS) * CELL + 10, Math.floor(at / COLUMNS) * CELL + 10]);
  const head = new TextEncoder().encode(JSON.stringify({ frames: 2, points: rest.length, rest_frame_index: 0, cell_px: CELL, px_per_step: 0.5, strain_per_step: 0.005 }));
  const moved = [rest.map(() => [0, 0]), rest.map((place) => move(place) ?? [-64, -64])];
  const parts = [
    new TextEncoder().encode("MSUSTM01"), new Uint8Array(Uint32Array.of(head.length).buffer), head, new Uint8Array(Float32Array.from(rest.flat()).buffer),
    new Uint8Array(Int8Array.from(moved.flat(2), (px) => px * 2).buffer), new Uint8Array(Int8Array.from([...rest.map(() => 0), ...rest.map(strainAt)]).buffer),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part])).buffer;
}

const near = (a, b, within) => assert.ok(a !== null && Math.hypot(a.x_px - b[0], a.y_px - b[1]) < within, JSON.stringify(a));

test("places and strain are read as they were written", () => {
  const map = readTissueMap(fileOf(([x]) => (x < 100 ? [3, -2] : null), (_, at) => (at === 0 ? -128 : 10)));
  assert.deepEqual(placeOf(map, 0, 0), { x_px: 10, y_px: 10 });
  assert.deepEqual(placeOf(map, 0, 1), { x_px: 13, y_px: 8 });
  assert.equal(placeOf(map, 10, 1), null);
  assert.equal(strainOf(map, 0, 1), null);
  assert.equal(strainOf(map, 1, 1), 0.05);
  assert.equal(readTissueMap(new ArrayBuffer(40)), null);
  assert.equal(readTissueMap(fileOf(() => [0, 0]).slice(0, 60)), null);
});

test("a place goes with the tissue around it, there and back, shortened tissue too", () => {
  const map = readTissueMap(fileOf(([x, y]) => [8 - 0.1 * (x - 200), 0.05 * (y - 100)]));
  const there = carry(map, { x_px: 233, y_px: 121 }, 0, 1);
  near(there, [233 + 8 - 3.3, 121 + 1.05], 0.6);
  near(carry(map, there, 1, 0), [233, 121], 0.6);
  assert.deepEqual(carry(map, { x_px: 1, y_px: 2 }, 1, 1), { x_px: 1, y_px: 2 });
});

test("each torn end takes its own places along, right up to the gap", () => {
  const map = readTissueMap(fileOf(([x]) => [x < 200 ? -30 : 30, 0]));
  near(carry(map, { x_px: 165, y_px: 120 }, 0, 1), [135, 120], 1);
  near(carry(map, { x_px: 235, y_px: 120 }, 0, 1), [265, 120], 1);
});

test("where nothing was followed, or beyond its edge, no place is shown", () => {
  const map = readTissueMap(fileOf(([x]) => (x < 200 ? [5, 0] : null)));
  assert.equal(carry(map, { x_px: 300, y_px: 120 }, 0, 1), null);
  assert.equal(carry(map, { x_px: 225, y_px: 120 }, 0, 1), null);
});
