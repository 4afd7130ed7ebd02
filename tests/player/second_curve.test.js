import assert from "node:assert/strict";
import { test } from "node:test";
import { initialState } from "../../viewer/player/web/requests.js";
import { ownAxis, secondAtStops, secondOf, secondsOf } from "../../viewer/player/web/second_curve.js";
import { activeTimeline } from "../../viewer/player/web/position.js";
import { clipOf, panelOf, sceneOf } from "./making.js";

const thickness = (values, more = {}) => ({ curve_id: "thickness", name: "Thickness", unit: "mm", values, source_label: "as tracked", ...more });
const gap = (values, more = {}) => ({ unit: "mm", values, lower: null, upper: null, source_label: "as tracked", rest_frame_index: 0, peak_frame_index: 1, ...more });
const chapters = (...cuts) => ["rest", "contracting", "hold", "relaxing"].map((name, at) => ({ name, first_frame_index: cuts[at], last_frame_index: cuts[at + 1] - 1 }));
const healthy = panelOf("rest", clipOf(8, { sha256: "h", chapters: chapters(0, 2, 4, 6, 8), curve: gap([0, 1, 2, 3, 4, 5, 6, 7]) }), { title: "Other side" });
const torn = panelOf("contraction", clipOf(4, { sha256: "t", chapters: chapters(0, 1, 2, 3, 4), curve: gap([2, 5, 9, 4]), other_curves: [thickness([20, 21, null, 23])] }));

test("thickness of the clip itself and the gap of the other side can be laid over", () => {
  const state = initialState(sceneOf([healthy, torn], { link: "phase" }), {});
  assert.deepEqual(secondsOf(state).map(({ id, name, source, shares_axis }) => [id, name, source, shares_axis]), [
    ["own/thickness", "Thickness", "as tracked", false], ["rest/gap", "Gap, Other side", "as tracked, by phase", true],
  ]);
  assert.equal(secondOf(state), null);
  assert.equal(secondOf({ ...state, second_curve: "rest/gap" }).name, "Gap, Other side");
  assert.equal(secondOf({ ...state, second_curve: "gone" }), null);
});

test("by phase the other side's value of the same phase is taken; a value that nobody knows stays open", () => {
  const state = initialState(sceneOf([healthy, torn], { link: "phase" }), {});
  const [own, other] = secondsOf(state);
  assert.deepEqual(secondAtStops(other, activeTimeline(state)), [0, 2, 4, 6]);
  assert.deepEqual(secondAtStops(own, activeTimeline(state)), [20, 21, null, 23]);
});

test("a gap in other units, a panel that is pinned and the same clip beside itself do not share the axis or are not offered", () => {
  const in_px = { ...healthy, clip: { ...healthy.clip, curve: gap([1, 2, 3, 4, 5, 6, 7, 8], { unit: "px" }) } };
  assert.equal(secondsOf(initialState(sceneOf([in_px, torn]), {})).find(({ id }) => id === "rest/gap").shares_axis, false);
  const pinned = { ...healthy, pinned_frame_index: 2 };
  assert.deepEqual(secondsOf(initialState(sceneOf([pinned, torn]), {})).map(({ id }) => id), ["own/thickness"]);
  const same = { ...torn, panel_id: "rest", role: "rest" };
  assert.deepEqual(secondsOf(initialState(sceneOf([same, torn]), {})).map(({ id }) => id), ["own/thickness"]);
});

test("an axis of its own holds all values and is marked at round ones", () => {
  const { low, high, ticks } = ownAxis([20, null, 25.5]);
  assert.ok(low < 20 && high > 25.5);
  assert.deepEqual(ticks, [20, 25]);
  assert.deepEqual(ownAxis([null]).ticks, []);
  assert.ok(ownAxis([7, 7]).high > ownAxis([7, 7]).low);
});
