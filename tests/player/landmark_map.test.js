import assert from "node:assert/strict";
import { test } from "node:test";
import { isAtRest } from "../../viewer/player/web/cursor_link.js";
import { mapOf } from "../../viewer/player/web/landmark_map.js";
import { thinPlate } from "../../viewer/player/web/thin_plate.js";
import { clipOf, panelOf } from "./making.js";

/** A known map: turned by a quarter, half the size, shifted. */
const there = ([x, y]) => [100 - y / 2, 40 + x / 2];
const pairsOf = (places, more = {}) => places.map((clip_px) => ({ clip_id: "clip", frame_index: 0, clip_px, slice_index: 5, static_px: there(clip_px), ...more }));
const PLACES = [[10, 10], [200, 30], [50, 180], [120, 90]];

test("a place comes where the landmarks say, and back", () => {
  const map = mapOf(pairsOf(PLACES), "clip");
  const point = map.toStatic({ x_px: 77, y_px: 33 });
  assert.ok(Math.hypot(point.x_px - 83.5, point.y_px - 78.5) < 1e-9);
  const back = map.toClip(point);
  assert.ok(Math.hypot(back.x_px - 77, back.y_px - 33) < 1e-9);
  assert.ok(map.error_px < 1e-9);
  assert.deepEqual([map.slice_index, map.frame_index], [5, 0]);
});

test("what the landmarks miss by is said", () => {
  const pairs = pairsOf(PLACES);
  pairs[0].static_px = [pairs[0].static_px[0] + 8, pairs[0].static_px[1]];
  const map = mapOf(pairs, "clip");
  assert.ok(map.error_px > 0.1 && map.error_px < 20);
});

/** A known bend besides: what lies in the middle is pushed to the right. */
const bent = ([x, y]) => [there([x, y])[0] + 6 * Math.exp(-((x - 100) ** 2 + (y - 90) ** 2) / 4000), there([x, y])[1]];
const GRID = [0, 50, 100, 150, 200].flatMap((x) => [10, 60, 110, 160].map((y) => [x, y]));

test("more than four pairs are all met, and what lies between them bends with them", () => {
  const map = mapOf(GRID.map((clip_px) => ({ ...pairsOf([clip_px])[0], static_px: bent(clip_px) })), "clip");
  for (const [x_px, y_px] of GRID) {
    const seen = map.toStatic({ x_px, y_px });
    assert.ok(Math.hypot(seen.x_px - bent([x_px, y_px])[0], seen.y_px - bent([x_px, y_px])[1]) < 1e-6);
  }
  const seen = map.toStatic({ x_px: 110, y_px: 85 });
  assert.ok(Math.hypot(seen.x_px - bent([110, 85])[0], seen.y_px - bent([110, 85])[1]) < 0.5);
  const back = map.toClip(seen);
  assert.ok(Math.hypot(back.x_px - 110, back.y_px - 85) < 1.5);
  assert.ok(map.error_px > 0.05 && map.error_px < 3);
});

test("three pairs meet by themselves, so that nothing tells their error", () => {
  assert.equal(mapOf(pairsOf(PLACES.slice(0, 3)), "clip").error_px, null);
});

test("two pairs in one place make no thin plate", () => {
  assert.equal(thinPlate([[0, 0], [0, 0], [1, 0], [0, 1], [5, 5]], [[0, 0], [1, 1], [1, 0], [0, 1], [5, 5]]), null);
});

test("two pairs, pairs in one line, and pairs of another clip make no map", () => {
  assert.equal(mapOf(pairsOf(PLACES.slice(0, 2)), "clip"), null);
  assert.equal(mapOf(pairsOf([[0, 0], [10, 10], [20, 20]]), "clip"), null);
  assert.equal(mapOf(pairsOf(PLACES), "other"), null);
});

test("pairs of another slice or frame are left out", () => {
  const astray = { clip_id: "clip", frame_index: 40, clip_px: [0, 0], slice_index: 5, static_px: [0, 0] };
  assert.ok(mapOf([...pairsOf(PLACES), astray], "clip").error_px < 1e-9);
});

test("only at rest does the tissue lie where the landmarks were placed", () => {
  const chapters = [{ name: "rest", first_frame_index: 0, last_frame_index: 9 }, { name: "contracting", first_frame_index: 10, last_frame_index: 19 }];
  const panel = panelOf("rest", clipOf(20, { chapters }));
  assert.deepEqual([0, 9, 10].map((frame) => isAtRest(panel, frame, 3)), [true, true, false]);
  assert.deepEqual([3, 4].map((frame) => isAtRest(panelOf("rest", clipOf(20)), frame, 3)), [true, false]);
});
