import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState } from "../../viewer/player/web/requests.js";
import { hasEnds, outlinesAtRest, trailOf, underProbe, waysOf } from "../../viewer/player/web/stump_paths.js";
import { toggleEnds } from "../../viewer/player/web/view_requests.js";
import { clipOf, panelOf, sceneOf } from "./making.js";

const stumps = { left_px: [100, 50, 90, 50, 80, 50], right_px: [120, 50, 130, 50, 140, 50], source_label: "as tracked" };
const outline = (x, more = {}) => ({
  mark_id: `m${x}`, kind: "polyline", label: "", note: "", layer: "Teacher", colour: "#fff", line: "solid", unsure_frame_indices: [], stump: true,
  places_px: [null, [x, 10, x + 1, 20, x, 30], [x + 5, 10, x + 6, 20, x + 5, 30]], ...more,
});
const tracked = panelOf("contraction", clipOf(3, { stumps }));
const marked = panelOf("contraction", clipOf(3));

test("ends that were followed lead; without them the middles of marked outlines do", () => {
  assert.deepEqual(waysOf(tracked, [outline(7)]), { paths: [[[100, 50], [90, 50], [80, 50]], [[120, 50], [130, 50], [140, 50]]], source: "as tracked" });
  assert.deepEqual(waysOf(marked, [outline(7), outline(70, { stump: false })]), { paths: [[null, [8, 20], [13, 20]]], source: "marks of “Teacher”" });
  assert.equal(waysOf(marked, []), null);
});

test("the outline at rest is the marked one, from the first frame that shows it, else a bar across each end", () => {
  assert.deepEqual(outlinesAtRest(marked, [outline(7)], 4).outlines, [[7, 10, 8, 20, 7, 30]]);
  assert.deepEqual(outlinesAtRest(tracked, [], 4).outlines, [[100, 46, 100, 54], [120, 46, 120, 54]]);
});

test("the way goes from the first frame that is shown to this one", () => {
  const [path] = waysOf(tracked, []).paths;
  assert.deepEqual(trailOf(tracked, path, 1, false), [100, 50, 90, 50]);
  assert.deepEqual(trailOf({ ...tracked, first_frame_index: 1 }, path, 2, true), [90, 50, 80, 50]);
});

test("under a probe that slides, earlier places are drawn where that tissue lies now", () => {
  const still_probe = { matrices: [0, 1, 2].map((frame) => [1, 0, -3 * frame, 0, 1, 0]), summary: "" };
  const panel = panelOf("contraction", clipOf(3, { stumps, still_probe }));
  assert.deepEqual(trailOf(panel, waysOf(panel, []).paths[0], 2, true), [106, 50, 93, 50, 80, 50]);
  assert.deepEqual(underProbe(panel, [1, 2], 0, 2, false), [1, 2]);
});

test("where nothing is known of the ends, asking for them says so", () => {
  const bare = initialState(sceneOf([marked]), {});
  assert.equal(hasEnds(marked, []), false);
  assert.match(toggleEnds("ghost")(bare).said.text, /torn muscle ends/);
  const known = toggleEnds("trail")(initialState(sceneOf([tracked]), { marks_hidden: true }));
  assert.deepEqual([known.trail, known.marks_hidden], [true, false]);
});
