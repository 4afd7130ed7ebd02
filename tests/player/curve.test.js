import assert from "node:assert/strict";
import { test } from "node:test";
import { atStops, axisOf, curveTexts, mainCurve, plusMinus, turningFrame, valueText } from "../../viewer/player/web/curve.js";
import { heightsOf } from "../../viewer/player/web/curve_plot.js";
import { activeStop } from "../../viewer/player/web/position.js";
import { initialState, toPeak, toRest } from "../../viewer/player/web/requests.js";
import { timelineOf, trackOf } from "../../viewer/player/web/timeline.js";
import { clipOf, panelOf, sceneOf } from "./making.js";

const values = [2, 2, 4, 8, 9, 8.5, 4, 2];
const curve = {
  unit: "mm", values, lower: values.map((value) => value - 0.2), upper: values.map((value) => value + 0.4), source_label: "as tracked", rest_frame_index: 1, peak_frame_index: 4,
};
const truth = { ...curve, lower: null, upper: null, source_label: "truth of the simulation", peak_frame_index: 5 };
const panel = (more = {}, part = {}) => panelOf("contraction", clipOf(8, { curve, truth_curve: truth, ...more }), part);

test("a value is said with half of its band, in the unit of the clip", () => {
  assert.ok(Math.abs(plusMinus(curve, 3) - 0.3) < 1e-9);
  assert.equal(valueText(curve, 3), "8.0 ± 0.3 mm");
  assert.equal(valueText({ ...truth, unit: "px" }, 4), "9 px");
});

test("the readout says the gap now, at rest and at the peak, and where it comes from", () => {
  assert.deepEqual(curveTexts(curve, 2), { now: "4.0 ± 0.3 mm", rest: "2.0 ± 0.3 mm", peak: "9.0 ± 0.3 mm", source: "as tracked" });
  assert.equal(curveTexts({ ...curve, peak_frame_index: null }, 2).peak, "");
});

test("the handle sits on the tracked curve, and on the truth only where nothing was tracked", () => {
  assert.equal(mainCurve(clipOf(8, { curve, truth_curve: truth })), curve);
  assert.equal(mainCurve(clipOf(8, { truth_curve: truth })), truth);
  assert.equal(mainCurve(clipOf(8)), null);
});

test("the axis begins at zero and holds every value with its band", () => {
  const { top, step } = axisOf([curve, truth]);
  assert.ok(top >= 9.4 && top < 11);
  assert.equal(step, 5);
  assert.deepEqual(axisOf([null, { ...truth, values: [0, 0] }]), { top: 1, step: 1 });
});

test("wider gaps stand higher, and every stop has its height", () => {
  const timeline = timelineOf([trackOf(panel())], "time", "contraction");
  const { ys } = heightsOf(panel().clip, timeline, { box: { width: 800, height: 100 }, top: 20, bottom: 80, font_px: 12, text: true, truth: true });
  assert.equal(ys.length, 8);
  assert.equal(ys.indexOf(Math.min(...ys)), 4);
  assert.ok(Math.min(...ys) >= 20 && Math.max(...ys) <= 80);
});

test("where a longer clip makes the axis longer, the curve holds its last value", () => {
  const longer = trackOf(panelOf("rest", clipOf(12)));
  const timeline = timelineOf([trackOf(panel()), longer], "time", "contraction");
  assert.deepEqual(atStops(values, timeline).slice(6), [4, 2, 2, 2, 2, 2]);
});

test("rest and peak keys go where the curve says, and stay inside the part shown", () => {
  const state = initialState(sceneOf([panel()]), {});
  assert.equal(activeStop(toRest(state)), 1);
  assert.equal(activeStop(toPeak(state)), 4);
  assert.equal(turningFrame(panel({ curve: null }), "peak"), 5);
  assert.equal(turningFrame(panel({}, { first_frame_index: 5 }), "peak"), null);
  assert.equal(turningFrame(panelOf("contraction", clipOf(8)), "rest"), null);
});
