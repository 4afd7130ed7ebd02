import assert from "node:assert/strict";
import { test } from "node:test";
import { columnOf, firstLine, greysUnder, lengthTicks, placesAlong, sampleCount, timeTicks, withPoint } from "../../viewer/player/web/kymograph.js";
import { initialState } from "../../viewer/player/web/requests.js";
import { timelineOf, trackOf } from "../../viewer/player/web/timeline.js";
import { blendPair, curtainPair, setLayout, setMLine, swap, toggleStrain } from "../../viewer/player/web/view_requests.js";
import { isStacked, WAYS } from "../../viewer/player/web/ways.js";
import { clipOf, panelOf, regionOf, sceneOf } from "./making.js";

const still = panelOf("static", clipOf(5, { kind: "series", sha256: "s" }));
const rest = panelOf("rest", clipOf(20, { sha256: "a" }));
const contraction = panelOf("contraction", clipOf(30, { sha256: "b" }));
const begin = (panels, more = {}) => initialState(sceneOf(panels), more);

test("blink, hues and difference need two ultrasound panels and say so", () => {
  for (const layout of ["blink", "hues", "difference"]) {
    assert.equal(setLayout(layout)(begin([still, rest, contraction])).layout, layout);
    const alone = setLayout(layout)(begin([still, contraction]));
    assert.equal(alone.layout, "side");
    assert.match(alone.said.text, /two ultrasound panels/);
  }
});

test("M-mode needs something that moves", () => {
  assert.equal(setLayout("m_mode")(begin([contraction])).layout, "m_mode");
  assert.equal(setLayout("m_mode")(begin([still])).layout, "side");
});

test("blinking begins by itself, stops when it is asked for again, and goes on", () => {
  const on = setLayout("blink")(begin([rest, contraction]));
  assert.equal(on.blinking, true);
  const off = setLayout("blink")(on);
  assert.deepEqual([off.layout, off.blinking], ["blink", false]);
  assert.equal(setLayout("blink")(off).blinking, true);
});

test("a reader who asks for less motion gets no blinking, but the other picture on request", () => {
  const calm = setLayout("blink")(begin([rest, contraction], { calm: true }));
  assert.deepEqual([calm.layout, calm.blinking, calm.swaps], ["blink", false, 0]);
  const swapped = setLayout("blink")(calm);
  assert.deepEqual([swapped.blinking, swapped.swaps], [false, 1]);
});

test("asking for the other picture stops the blinking", () => {
  assert.equal(swap(setLayout("blink")(begin([rest, contraction]))).blinking, false);
});

test("the static view is never blended", () => {
  assert.deepEqual(blendPair(begin([still, rest, contraction])).map((panel) => panel.panel_id), ["rest", "contraction"]);
});

test("the curtain hangs between two ultrasound pictures, else beside the static view", () => {
  const between = (...panels) => curtainPair(begin(panels))?.map((panel) => panel.panel_id) ?? null;
  assert.deepEqual(between(still, rest, contraction), ["rest", "contraction"]);
  assert.deepEqual(between(still, contraction), ["static", "contraction"]);
  assert.equal(between(contraction), null);
});

test("strain is shown and taken away where somebody measured it, and marks with it", () => {
  const measured = panelOf("rest", clipOf(20, { sha256: "a", maps_url: "/map" }));
  const on = toggleStrain(begin([measured], { marks_hidden: true }));
  assert.deepEqual([on.strain, on.marks_hidden, toggleStrain(on).strain], [true, false, false]);
  assert.equal(toggleStrain(begin([rest])).strain, false);
});

test("every way has a key of its own, and all but two lay pictures over each other", () => {
  assert.equal(new Set(WAYS.map(({ key }) => key)).size, 6);
  assert.deepEqual(WAYS.map(({ layout }) => layout).filter((layout) => !isStacked(layout)), ["side", "m_mode"]);
});

const SIZE = { rows: 4, columns: 6 };
/** Grey 10 times the column plus the row. */
const slope = { kind: "grey8", samples: Uint8Array.from({ length: 24 }, (_, at) => (at % 6) * 10 + Math.floor(at / 6)) };

test("a line through the centres of pixels gives their greys", () => {
  const across = [{ x_px: 0.5, y_px: 1.5 }, { x_px: 5.5, y_px: 1.5 }];
  assert.deepEqual([...greysUnder(slope, SIZE, across, 6)], [1, 11, 21, 31, 41, 51]);
  const down = [{ x_px: 2.5, y_px: 0.5 }, { x_px: 2.5, y_px: 3.5 }];
  assert.deepEqual([...greysUnder(slope, SIZE, down, 4)], [20, 21, 22, 23]);
});

test("between pixels the greys are mixed, and outside of the picture its edge goes on", () => {
  const line = [{ x_px: 1, y_px: 0.5 }, { x_px: 9, y_px: 0.5 }];
  assert.deepEqual([...greysUnder(slope, SIZE, line, 2)], [5, 50]);
});

test("of a coloured frame the green is taken", () => {
  const rgba = { kind: "rgba", samples: Uint8ClampedArray.from([9, 100, 8, 255, 9, 200, 8, 255]) };
  assert.deepEqual([...greysUnder(rgba, { rows: 1, columns: 2 }, [{ x_px: 0.5, y_px: 0.5 }, { x_px: 1.5, y_px: 0.5 }], 2)], [100, 200]);
});

test("a line has a sample for each pixel of its way", () => {
  assert.equal(sampleCount([{ x_px: 0, y_px: 0 }, { x_px: 30, y_px: 40 }]), 50);
  assert.equal(sampleCount([{ x_px: 0, y_px: 0 }, { x_px: 0, y_px: 0 }]), 2);
});

test("the first line lies across the upper third of the calibrated part, or down its middle", () => {
  const clip = clipOf(3, { regions: [regionOf(100, 50, 299, 229, 0.1)] });
  assert.deepEqual(firstLine(clip, "across"), { points: [{ x_px: 120, y_px: 110 }, { x_px: 280, y_px: 110 }], frame_index: 0, follows: false });
  assert.deepEqual(firstLine(clip, "down"), { points: [{ x_px: 200, y_px: 68 }, { x_px: 200, y_px: 212 }], frame_index: 0, follows: false });
});

test("columns are as wide as their frames lasted", () => {
  const track = trackOf(panelOf("rest", clipOf(4, { frame_starts_s: [0, 0.1, 0.4, 0.5], duration_s: 1 })));
  const timeline = timelineOf([track], "time", "rest");
  assert.deepEqual([0, 1, 2, 3].map((step) => columnOf(timeline, track, step).left), [0, 0.1, 0.4, 0.5]);
  assert.equal(columnOf(timeline, track, 3).right, 1);
});

test("beside a longer clip the columns end where the clip does, on the axis of both", () => {
  const track = trackOf(panelOf("rest", clipOf(4)));
  const timeline = timelineOf([track, trackOf(panelOf("contraction", clipOf(8)))], "time", "rest");
  assert.ok(Math.abs(columnOf(timeline, track, 3).right - 0.5) < 1e-9);
});

test("a line of several points is walked evenly, and a point comes into its longest piece", () => {
  const bent = [{ x_px: 0, y_px: 0 }, { x_px: 10, y_px: 0 }, { x_px: 10, y_px: 30 }];
  assert.deepEqual(placesAlong(bent, 5), [{ x_px: 0, y_px: 0 }, { x_px: 10, y_px: 0 }, { x_px: 10, y_px: 10 }, { x_px: 10, y_px: 20 }, { x_px: 10, y_px: 30 }]);
  assert.deepEqual(withPoint(bent)[2], { x_px: 10, y_px: 15 });
  assert.deepEqual(withPoint([{ x_px: 2, y_px: 40 }, { x_px: 10, y_px: 44 }])[1], { x_px: 6, y_px: 42 });
  assert.deepEqual(lengthTicks(38.4, 5), [10, 20, 30]);
});

test("the axis is marked at round times", () => {
  assert.deepEqual(timeTicks(2.4, 6), [0, 0.5, 1, 1.5, 2]);
  assert.deepEqual(timeTicks(3.3, 3), [0, 2]);
});

test("each panel keeps its own line", () => {
  const line = { points: [{ x_px: 1, y_px: 2 }, { x_px: 3, y_px: 4 }], frame_index: 2, follows: true };
  const state = setMLine("rest", line)(begin([rest, contraction]));
  assert.deepEqual(state.m_lines, { rest: line });
});
