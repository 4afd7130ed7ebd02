import assert from "node:assert/strict";
import { test } from "node:test";
import { isAtRest } from "../../viewer/player/web/cursor_link.js";
import { mapOf, mapped } from "../../viewer/player/web/landmark_map.js";
import { clipOf, panelOf } from "./making.js";

/** A known map: turned by a quarter, half the size, shifted. */
const there = ([x, y]) => [100 - y / 2, 40 + x / 2];
const pairsOf = (places, more = {}) => places.map((clip_px) => ({ clip_id: "clip", frame_index: 0, clip_px, slice_index: 5, static_px: there(clip_px), ...more }));
const PLACES = [[10, 10], [200, 30], [50, 180], [120, 90]];

test("a place comes where the landmarks say, and back", () => {
  const map = mapOf(pairsOf(PLACES), "clip");
  const point = mapped(map.toStatic, { x_px: 77, y_px: 33 });
  assert.ok(Math.hypot(point.x_px - 83.5, point.y_px - 78.5) < 1e-9);
  const back = mapped(map.toClip, point);
  assert.ok(Math.hypot(back.x_px - 77, back.y_px - 33) < 1e-9);
  assert.ok(map.error_px < 1e-9);
  assert.deepEqual([map.slice_index, map.frame_index], [5, 0]);
});

test("what the landmarks miss by is said", () => {
  const pairs = pairsOf(PLACES);
  pairs[0].static_px = [pairs[0].static_px[0] + 8, pairs[0].static_px[1]];
  const map = mapOf(pairs, "clip");
  assert.ok(map.error_px > 0.1 && map.error_px < 8);
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
