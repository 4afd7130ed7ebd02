import assert from "node:assert/strict";
import { test } from "node:test";
import { labelled, labelsOn, planLabels } from "../../viewer/player/web/label_plan.js";
import { leadersCross } from "../../viewer/player/web/mark_columns.js";
import { shapesOn } from "../../viewer/player/web/marks.js";
import { clipOf, regionOf } from "./making.js";

const FRAMES = 40;
const COLOURS = Object.freeze({ colour: "#fff", line: "solid", note: "", layer: "", unsure_frame_indices: [] });
/** Its upper left quarter alone has a scale: 0.1 mm per px. */
const CLIP = clipOf(FRAMES, { regions: [regionOf(0, 0, 399, 299, 0.1)], scale_source: "ultrasound_regions" });
const PLACE = { left: 0, top: 0, scale_x: 1, scale_y: 1, columns: 640, rows: 512, flip: false };

/** A view of a picture of this size, in which every letter is 6 px wide. */
function viewOf(width, height) {
  const scale = Math.min(width / 640, height / 512);
  return { place: { ...PLACE, scale_x: scale, scale_y: scale }, box: { width, height }, reserved: [{ x: 0, y: 0, width, height: 30 }], font_px: 11, clip: CLIP, measure: (text) => text.length * 6 };
}

/** Marks that swing to and fro by some pixels. */
function crowd(count, swing = 12) {
  return Array.from({ length: count }, (_, n) => ({
    ...COLOURS, mark_id: `m${n}`, kind: "polyline", label: `Structure number ${n}`,
    places_px: Array.from({ length: FRAMES }, (_, frame) => {
      const x = 150 + ((n * 97) % 340) + swing * Math.sin(frame / 6);
      const y = 60 + ((n * 53) % 400);
      return [x, y, x + 60, y + 8];
    }),
  }));
}

function labelsAt(marks, view, frame_index, plan) {
  return labelsOn(plan, shapesOn(marks, frame_index, view.place, [], view.clip), view);
}

const apart = (one, other) => one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;

test("few marks are labelled beside themselves, without leaders", () => {
  const view = viewOf(900, 700);
  const marks = crowd(3);
  const plan = planLabels(marks, 0, view);
  assert.equal(plan.mode, "beside");
  assert.ok(labelsAt(marks, view, 0, plan).labels.every(({ leader }) => leader === null));
});

test("a crowd in a large picture is labelled at the margin, each with a leader, and no leader crosses another on any frame", () => {
  const view = viewOf(900, 700);
  const marks = crowd(16);
  let plan = planLabels(marks, 0, view);
  assert.equal(plan.mode, "margin");
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const said = labelsAt(marks, view, frame, plan);
    plan = said.plan;
    assert.equal(said.labels.length, 16);
    const ends = said.labels.map(({ mark_id, leader }) => [plan.berths.find((berth) => berth.mark_id === mark_id), leader.slice(-2)]);
    for (const [at, [one, foot]] of ends.entries()) for (const [other, other_foot] of ends.slice(at + 1)) assert.ok(!leadersCross(one, foot, other, other_foot));
  }
});

test("labels at the margin stand still while their marks move a little", () => {
  const view = viewOf(900, 700);
  const marks = crowd(16, 3);
  const plan = planLabels(marks, 0, view);
  const where = ({ mark_id, x, y }) => `${mark_id} ${x} ${y}`;
  const first = labelsAt(marks, view, 0, plan).labels.map(where);
  for (let frame = 1; frame < FRAMES; frame += 1) assert.deepEqual(labelsAt(marks, view, frame, plan).labels.map(where), first);
});

test("in a small picture every mark has a number, and numbers keep off each other", () => {
  const view = viewOf(366, 206);
  const marks = crowd(12);
  const plan = planLabels(marks, 0, view);
  assert.equal(plan.mode, "numbers");
  const { labels } = labelsAt(marks, view, 5, plan);
  assert.deepEqual(labels.map(({ number }) => number).sort((one, other) => one - other), marks.map((_, at) => at + 1));
  for (const [at, one] of labels.entries()) {
    for (const other of labels.slice(at + 1)) assert.ok(apart(one, other));
  }
});

test("each number is tied to its own mark, also where the line of another one lies nearer", () => {
  const view = viewOf(366, 206);
  const marks = crowd(12);
  const { labels } = labelsAt(marks, view, 5, planLabels(marks, 0, view));
  const shapes = shapesOn(marks, 5, view.place, [], CLIP);
  assert.equal(labels.length, 12);
  for (const { mark_id, leader } of labels) {
    const [x0, y0, x1, y1] = shapes.find(({ mark }) => mark.mark_id === mark_id).points;
    const [x, y] = leader.slice(-2);
    const round_about = Math.hypot(x - x0, y - y0) + Math.hypot(x - x1, y - y1) - Math.hypot(x1 - x0, y1 - y0);
    assert.ok(round_about < 0.01, `${mark_id} is met at ${x}, ${y}`);
  }
});

/** Marks so near to each other that not all labels find room beside them. */
const huddle = (count) => crowd(count).map((mark, n) => ({ ...mark, places_px: mark.places_px.map(([x]) => [200 + x / 8, 180 + 14 * n, 320 - x / 8, 184 + 14 * n]) }));

test("in a narrow picture labels keep their words: off each other and off the finding on every frame, and only their leaders move", () => {
  const view = viewOf(404, 340);
  const marks = [...huddle(9), { ...gap("Gap", 220, 250) }];
  const plan = planLabels(marks, 0, view);
  assert.equal(plan.mode, "afloat");
  const where = ({ mark_id, x, y, lines }) => `${mark_id} ${mark_id === "gap" ? "" : `${x} ${y} ${lines}`}`;
  const first = labelsAt(marks, view, 0, plan).labels.map(where);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const { labels } = labelsAt(marks, view, frame, plan);
    assert.deepEqual(labels.map(where), first);
    const [x0, y0, x1] = marks[9].places_px[frame].map((value) => value * view.place.scale_x);
    for (const [at, one] of labels.entries()) {
      assert.ok(apart(one, { x: x0, y: y0, width: x1 - x0, height: 0.1 }), `${one.mark_id} on frame ${frame}`);
      for (const other of labels.slice(at + 1)) assert.ok(apart(one, other), `${one.mark_id} ${other.mark_id}`);
      if (one.leader !== null) assert.deepEqual(one.leader.length, 4);
    }
  }
});

test("a broken label keeps a number with its unit", () => {
  const view = viewOf(404, 340);
  const marks = [...huddle(9), gap("Gap in the deep part", 220, 250)];
  const lines = labelsAt(marks, view, 10, planLabels(marks, 0, view)).labels.find(({ mark_id }) => mark_id === "gap").lines;
  assert.ok(lines.length > 1);
  assert.ok(lines.some((line) => line.includes("± ")) && !lines.some((line) => /^mm|^px|±$|\d$/.test(line)), String(lines));
});

test("marks that are off or without a word have no label, and of five hundred the first forty have one", () => {
  const marks = [...crowd(500), { ...crowd(1)[0], mark_id: "wordless", label: "" }];
  assert.equal(labelled(marks, [], CLIP).length, 40);
  assert.deepEqual(labelled(marks.slice(0, 3), ["m1"], CLIP).map(({ mark_id }) => mark_id), ["m0", "m2"]);
});

/** A caliper that grows by 1 px a frame. */
function gap(label, x = 100, y = 100) {
  const places_px = Array.from({ length: FRAMES }, (_, frame) => [x, y, x + 90 + frame, y]);
  return { ...COLOURS, mark_id: "gap", kind: "caliper", label, places_px };
}

test("a caliper of the scene says what it measures on the frame, with ± and unit, in px where one of its ends has no scale", () => {
  const view = viewOf(900, 700);
  const said = (mark, frame) => labelsAt([mark], view, frame, planLabels([mark], 0, view)).labels[0].lines;
  assert.deepEqual(said(gap("Gap"), 0), ["Gap 9.0 mm ± 0.3 mm"]);
  assert.deepEqual(said(gap("Gap"), 30), ["Gap 12.0 mm ± 0.4 mm"]);
  assert.deepEqual(said(gap(""), 0), ["9.0 mm ± 0.3 mm"]);
  assert.deepEqual(said(gap("Gap", 350), 0), ["Gap 90.0 px ± 2.9 px"]);
});

test("a label keeps its size while the number in it grows", () => {
  const view = viewOf(900, 700);
  const marks = [gap("Gap")];
  const plan = planLabels(marks, 0, view);
  const widths = Array.from({ length: FRAMES }, (_, frame) => labelsAt(marks, view, frame, plan).labels[0].width);
  assert.equal(new Set(widths).size, 1);
});

test("in a small picture a number stands alone: what is measured is said in the legend", () => {
  const view = viewOf(366, 206);
  const marks = [...crowd(11), gap("Gap")];
  const plan = planLabels(marks, 0, view);
  assert.equal(plan.mode, "numbers");
  assert.deepEqual(labelsAt(marks, view, 3, plan).labels.find(({ mark_id }) => mark_id === "gap").lines, ["12"]);
});
