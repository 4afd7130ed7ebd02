import assert from "node:assert/strict";
import { test } from "node:test";
import { conceptOf, termOf } from "../../../viewer/player/web/drawing/concepts.js";
import { insertPoint, movePoint, newMark, removePoint, within } from "../../../viewer/player/web/drawing/edits.js";
import { firstShape, KINDS, pointName } from "../../../viewer/player/web/drawing/kinds.js";
import { describe as said } from "../../../viewer/player/web/drawing/names.js";
import { fromHere, livingOn, seenFromHere, sighting, untilHere, withPoints } from "../../../viewer/player/web/drawing/place.js";
import { laidOver } from "../../../viewer/player/web/drawing/scene_marks.js";
import { boardOf } from "../../../viewer/player/web/drawing/board.js";
import { snapped } from "../../../viewer/player/web/drawing/snapping.js";
import { distanceToSegment, isEnough, isFull, pointsOf, simplified } from "../../../viewer/player/web/drawing/strokes.js";
import { clipOf, panelOf, regionOf, sceneOf } from "../making.js";

const markOf = (kind, points_px, more = {}) => ({ ...newMark({ id: "a", clip: "clip-rest", kind, author: "", frame_index: 3, points_px, style: { colour: "orange", line: "dashed" } }), ...more });
const SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]];

test("a line drawn freely loses no more than it may, and keeps its ends", () => {
  const wave = Array.from({ length: 200 }, (_, at) => [at, 20 * Math.sin(at / 12)]);
  const few = simplified(wave, 1);
  assert.ok(few.length < 40, `${few.length}`);
  assert.deepEqual([few[0], few.at(-1)], [wave[0], wave.at(-1)]);
  for (const point of wave) assert.ok(few.slice(1).some((to, at) => distanceToSegment(point, few[at], to) <= 1 + 1e-9));
});

test("two corners show an ellipse, whichever way they are shown", () => {
  for (const shown of [[[10, 20], [30, 60]], [[30, 60], [10, 20]], [[30, 20], [10, 60]]]) assert.deepEqual(pointsOf("ellipse", shown), [[20, 40], [30, 40], [20, 60]]);
  assert.ok(!isEnough("ellipse", [[1, 1], [1, 1]]));
});

test("each kind knows when it has enough points and when it is full", () => {
  assert.deepEqual(KINDS.map(({ kind }) => isFull(kind, [[0, 0], [1, 1]])), KINDS.map(({ most, kind }) => kind === "ellipse" || most <= 2));
  assert.ok(!isEnough("caliper", [[1, 1], [1, 1]]) && isEnough("polygon", SQUARE) && !isEnough("polygon", SQUARE.slice(0, 2)));
  for (const { kind, fewest, most } of KINDS) assert.ok(firstShape(kind, [50, 50], 10).length >= fewest && firstShape(kind, [50, 50], 10).length <= most);
});

test("a point put in or taken out is so on every frame that is written down", () => {
  const track = markOf("polygon", SQUARE, { place: seenFromHere(livingOn(markOf("polygon", SQUARE).place, "track", 3, 9), 5, true) });
  const more = insertPoint(track, 3);
  assert.deepEqual(new Set(more.place.keys.map((key) => key.points_px.length)), new Set([5]));
  assert.deepEqual(more.place.keys[0].points_px[4], [0, 5]);
  assert.deepEqual(removePoint(more, 4), track);
  assert.equal(removePoint(markOf("polygon", SQUARE.slice(1)), 0), null);
  assert.equal(removePoint(markOf("caliper", SQUARE.slice(2)), 0), null);
});

test("the half axes of an ellipse go with its centre, and a mark stays in the picture", () => {
  assert.deepEqual(movePoint(markOf("ellipse", [[20, 20], [30, 20], [20, 25]]), 3, 0, [25, 22]).place.points_px, [[25, 22], [35, 22], [25, 27]]);
  assert.deepEqual(within(SQUARE, -5, 100, { rows: 50, columns: 50 }), [-0, 40]);
});

test("an edit on a frame of a track makes a key frame there, and forgets what was carried beside it", () => {
  const place = { on: "track", between: "carried", keys: [0, 4, 8].map((frame_index) => ({ frame_index, points_px: [[0, 0]], outside: false, source: "simulation" })), carried: [2, 6].map((frame_index) => ({ frame_index, points_px: [[1, 1]], confidence: 0.2 })) };
  const edited = withPoints(place, 6, [[5, 5]]);
  assert.deepEqual(edited.keys.map(({ frame_index, source }) => [frame_index, source]), [[0, "simulation"], [4, "simulation"], [6, "corrected"], [8, "simulation"]]);
  assert.deepEqual(edited.carried.map((part) => part.frame_index), [2]);
});

test("a mark begins here, ends here, goes outside and is seen again", () => {
  const seen = (place) => Array.from({ length: 10 }, (_, at) => (sighting(place, at) === null ? "." : "#")).join("");
  const track = livingOn(markOf("point", [[1, 1]]).place, "track", 3, 10);
  assert.equal(seen(track), "##########");
  assert.equal(seen(fromHere(track, 4)), "....######");
  assert.equal(seen(untilHere(track, 6)), "#######...");
  const gap = seenFromHere(seenFromHere(track, 4, true), 7, false);
  assert.equal(seen(gap), "####...###");
  assert.equal(seen(untilHere(gap, 5)), "####......");
  assert.equal(seen(fromHere(gap, 5)), ".......###");
  assert.equal(seen(livingOn(fromHere(track, 4), "range", 5, 10)), "....######");
  assert.equal(seen(livingOn(gap, "frame", 5, 10)), ".....#....");
  assert.equal(seen(livingOn(gap, "whole", 5, 10)), "##########");
  assert.equal(seen(untilHere(livingOn(track, "whole", 2, 10), 1)), "##........");
});

test("what is drawn snaps to the depth of a near tick, inside of the region only", () => {
  const clip = clipOf(1, { regions: [regionOf(0, 64, 639, 479, 0.1)] });
  assert.deepEqual(snapped([100, 168], clip, { scale_y: 1 }), [100, 164]);
  assert.deepEqual(snapped([100, 180], clip, { scale_y: 1 }), [100, 180]);
  assert.deepEqual(snapped([100, 168], clip, { scale_y: 4 }), [100, 168]);
  const part = clipOf(1, { regions: [regionOf(90, 60, 299, 479, 0.1)] });
  for (const outside of [[100, 57], [86, 162], [304, 162], [100, 483]]) assert.deepEqual(snapped(outside, part, { scale_y: 1 }), outside);
  assert.deepEqual(snapped([300, 162], part, { scale_y: 1 }), [300, 160], "up to the outer edge of its last column");
  assert.deepEqual(snapped([100, 168], clipOf(1), { scale_y: 1 }), [100, 168], "without a scale there are no ticks");
});

test("words of one's own are a concept of the private scheme, known words are the known concept", () => {
  const known = [{ term: "haematoma", scheme: "SCT", code: "35566002", meaning: "Hematoma" }];
  assert.deepEqual(conceptOf(" Haematoma ", known), { scheme: "SCT", code: "35566002", meaning: "Hematoma" });
  assert.deepEqual(conceptOf("Plantaris tendon, left", known), { scheme: "99MSUS", code: "PLANTARIS_TENDON", meaning: "Plantaris tendon, left" });
  assert.equal(conceptOf("  ", known), null);
  assert.equal(termOf(conceptOf("haematoma", known), known), "haematoma");
});

test("a mark and its points are named with what they measure, or why not in mm", () => {
  const clip = clipOf(9, { regions: [regionOf(0, 0, 799, 599, 0.1)], scale_source: "ultrasound_regions" });
  assert.equal(said(markOf("caliper", [[0, 0], [300, 0]], { label: "gap" }), 3, clip), "caliper “gap”, 30.0 mm ± 0.7 mm");
  assert.match(said(markOf("caliper", [[0, 0], [300, 0]]), 3, clipOf(9)), /^caliper, 300\.0 px ± 2\.9 px, because the clip carries no scale$/);
  assert.deepEqual([pointName("caliper", 0), pointName("tissue", 2), pointName("polyline", 2)], ["end 1", "corner 3", "point 3"]);
});

test("sheets lie over the scene's marks, take the place of their own layer, and keep what stays the same", () => {
  const scene = sceneOf([panelOf("rest", clipOf(9))], { marks: [{ clip_id: "clip-rest", annotated_frames: [], marks: ["teacher/a", "other/b"].map((mark_id) => ({ mark_id, kind: "point", label: mark_id, places_px: [] })) }] });
  const sheetOf = (id, marks) => ({ layer: { id, title: id, role: "reader" }, marks, frames: [], is_private: true });
  const board = boardOf([sheetOf("teacher", [markOf("point", [[1, 2]])]), sheetOf("private", [markOf("caliper", [[1, 2], [3, 4]])])], "private");
  const said_now = laidOver(scene, board, scene.marks);
  assert.deepEqual(said_now[0].marks.map(({ mark_id }) => mark_id), ["other/b", "teacher/a", "private/a"]);
  assert.deepEqual(said_now[0].marks[2].places_px.slice(2, 5), [null, [1, 2, 3, 4], null]);
  assert.deepEqual([said_now[0].marks[2].colour, said_now[0].marks[2].line], ["#e69f00", "dashed"]);
  assert.equal(laidOver(scene, { ...board }, said_now), said_now);
  const frames = [[0, "clip-rest"], [9, "clip-rest"], [1, "another"]].map(([frame_index, clip], at) => ({ id: `f${at}`, clip, frame_index, title: "", text_alternative: "" }));
  const annotated = laidOver(scene, boardOf([{ ...sheetOf("teacher", []), frames }], "teacher"), scene.marks)[0].annotated_frames;
  assert.deepEqual(annotated.map(({ frame_id }) => frame_id), ["teacher/f0"], "those of this clip, inside of it");
});
