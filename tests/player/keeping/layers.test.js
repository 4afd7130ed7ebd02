import assert from "node:assert/strict";
import { test } from "node:test";
import { conflictsIn, contentOf, withGesture, withItem } from "../../../viewer/player/web/keeping/layer_view.js";
import { changeText, nameOf, statusText, whoAndWhen } from "../../../viewer/player/web/keeping/revision_words.js";
import { tellingPlace } from "../../../viewer/player/web/keeping/revision_picture.js";
import { gestureOf } from "./endpoint.js";

const LAYER = { id: "teacher", title: "Teacher", role: "teacher" };
const SEEDS = [{ document: { schema_version: 1, case: "numbered", layer: LAYER, annotated_frames: [], marks: [{ id: "gap", label: "seed" }, { id: "stump", label: "stump" }] }, heads: {}, changed_elsewhere: {} }];
const revisionOf = (id, sequence, more = {}) => ({ ...gestureOf(id), sequence, written_at: "2026-11-23T10:00:00.000+00:00", ...more });
const labels = (layers) => layers[0].document.marks.map(({ label }) => label);

test("a gesture takes the place of what it rests on, where that stood", () => {
  const once = withGesture(SEEDS, gestureOf("a"));
  assert.deepEqual(labels(once), ["a", "stump"]);
  assert.deepEqual(once[0].heads, { gap: ["a"] });
  const twice = withGesture(once, gestureOf("b", "gap", { bases: ["a"] }));
  assert.deepEqual(twice[0].heads, { gap: ["b"] });
  assert.deepEqual(labels(SEEDS), ["seed", "stump"], "values do not change");
});

test("a deleted mark is gone and can come back", () => {
  const gone = withGesture(SEEDS, gestureOf("a", "gap", { content: null }));
  assert.deepEqual(labels(gone), ["stump"]);
  assert.deepEqual(labels(withGesture(gone, gestureOf("b", "gap", { bases: ["a"] }))), ["stump", "b"]);
});

test("of what was changed in two places the older is shown, and both are told", () => {
  const both = withItem(SEEDS, "numbered", { layer: "teacher", item: "gap", heads: [revisionOf("a", 1), revisionOf("b", 2)] });
  assert.deepEqual(labels(both), ["a", "stump"]);
  assert.deepEqual(conflictsIn(both), [{ layer: "teacher", item: "gap" }]);
  const settled = withGesture(both, gestureOf("c", "gap", { bases: ["a", "b"] }));
  assert.deepEqual(conflictsIn(settled), []);
  assert.deepEqual(settled[0].heads, { gap: ["c"] });
  const more = withGesture(both, gestureOf("c", "gap", { bases: ["a"] }));
  assert.deepEqual(more[0].changed_elsewhere.gap.map(({ id }) => id), ["b", "c"]);
});

test("chapters that an author keeps change no mark, for the scene tells them to the player", () => {
  const chapters = gestureOf("c", "chapters.long", { kind: "chapters", content: { id: "chapters.long", clip: "long", chapters: [] } });
  const layers = withGesture(SEEDS, chapters);
  assert.deepEqual(labels(layers), ["seed", "stump"]);
  assert.deepEqual(layers[0].heads, { "chapters.long": ["c"] });
});

test("a frame, a layer and a mark of a new layer come to stand where they belong", () => {
  const frame = gestureOf("f", "stop", { kind: "frame", content: { id: "stop", title: "Peak" } });
  const layer = gestureOf("l", "reader-1", { layer: "reader-1", kind: "layer", content: { ...LAYER, id: "reader-1", title: "Reader 1" } });
  const layers = [frame, layer, gestureOf("m", "dot", { layer: "another" })].reduce(withGesture, SEEDS);
  assert.deepEqual(layers.map(({ document }) => [document.layer.id, document.layer.title]), [["another", "another"], ["reader-1", "Reader 1"], ["teacher", "Teacher"]]);
  assert.equal(contentOf(layers, "teacher", "stop").title, "Peak");
  assert.equal(contentOf(layers, "another", "dot").label, "m");
  assert.equal(contentOf(layers, "teacher", "dot"), null);
});

test("the line below the player says how things stand", () => {
  const plain = { waiting: 0, offline: false, refused: null, changed_elsewhere: [] };
  assert.equal(statusText(plain), "Saved");
  assert.equal(statusText({ ...plain, waiting: 1 }), "1 change is being saved");
  assert.equal(statusText({ ...plain, waiting: 2, offline: true }), "2 changes wait for the connection");
  assert.equal(statusText({ ...plain, changed_elsewhere: [{ layer: "teacher", item: "gap" }] }), "Changed elsewhere: both kept");
  assert.equal(statusText({ ...plain, waiting: 1, refused: "Open the link." }), "1 change waits in this browser · Open the link.");
});

test("a revision says what was done, by whom and when", () => {
  const place = { on: "frame", frame_index: 3, points_px: [[1, 2]] };
  assert.equal(changeText({ label: "a" }, undefined), "first kept");
  assert.equal(changeText(null, { label: "a" }), "deleted");
  assert.equal(changeText({ label: "a" }, null), "brought back");
  assert.equal(changeText({ label: "b", place }, { label: "a", place: { ...place, frame_index: 4 } }), "moved, renamed");
  assert.equal(changeText({ label: "a" }, { label: "a" }), "kept again");
  assert.equal(nameOf({ kind: "caliper", label: "" }, "m-1"), "caliper m-1");
  assert.match(whoAndWhen(revisionOf("a", 1, { author: "A. Teacher" }), "en"), /^A\. Teacher, Nov 2/);
  assert.equal(whoAndWhen({ ...revisionOf("a", 1), written_at: "" }), "An author, not sent yet");
});

test("a revision is looked at where it differs from the one before", () => {
  const key = (frame_index, x) => ({ frame_index, points_px: [[x, 0]], outside: false, source: "drawn" });
  const track = (...keys) => ({ place: { on: "track", between: "linear", keys, carried: [] } });
  assert.equal(tellingPlace(track(key(3, 1), key(9, 1)), undefined).frame_index, 3);
  assert.equal(tellingPlace(track(key(3, 1), key(9, 2)), track(key(3, 1), key(9, 1))).frame_index, 9);
  assert.equal(tellingPlace({ place: { on: "range", first_frame_index: 5, last_frame_index: 8, points_px: [[1, 1]] } }, null).frame_index, 5);
  assert.deepEqual(tellingPlace({ frame_index: 7 }, null), { frame_index: 7, points_px: [] });
});
