import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, lengthText, moveEnd, nudge } from "../../viewer/player/web/caliper.js";
import { clipOf, regionOf } from "./making.js";

const at = (x_px, y_px) => ({ x_px, y_px });
const calibrated = clipOf(1, { regions: [regionOf(0, 0, 799, 599, 0.5)] });

test("a length is measured in mm where both ends lie in one calibrated region", () => {
  assert.deepEqual(lengthOf(calibrated, at(0, 0), at(60, 80)), { px: 100, mm: 50, px_because: null });
});

test("a caliper has no direction", () => {
  assert.deepEqual(lengthOf(calibrated, at(10, 20), at(300, 77)), lengthOf(calibrated, at(300, 77), at(10, 20)));
});

test("each axis has its own scale", () => {
  const clip = clipOf(1, { regions: [regionOf(0, 0, 799, 599, 0.3, 0.1)] });
  assert.equal(lengthOf(clip, at(0, 0), at(100, 400)).mm, 50);
});

test("an end outside of the region leaves px, and the reason", () => {
  const clip = clipOf(1, { regions: [regionOf(0, 0, 99, 99, 0.5)] });
  const length = lengthOf(clip, at(50, 50), at(150, 50));
  assert.equal(length.mm, null);
  assert.match(length.px_because, /outside/);
});

test("ends in two regions leave px, and the reason", () => {
  const clip = clipOf(1, { regions: [regionOf(0, 0, 99, 99, 0.5), regionOf(200, 0, 299, 99, 0.1)] });
  const length = lengthOf(clip, at(50, 50), at(250, 50));
  assert.equal(length.mm, null);
  assert.match(length.px_because, /different regions/);
});

test("a clip without scale says why", () => {
  const clip = clipOf(1, { scale_refused_because: "The regions disagree with the picture." });
  assert.deepEqual(lengthOf(clip, at(0, 0), at(3, 4)), { px: 5, mm: null, px_because: "The regions disagree with the picture." });
});

test("a scale along one axis serves a caliper along this axis only", () => {
  const clip = clipOf(1, { regions: [regionOf(0, 0, 799, 599, null, 0.2)] });
  assert.equal(lengthOf(clip, at(5, 0), at(5, 100)).mm, 20);
  assert.equal(lengthOf(clip, at(5, 0), at(6, 100)).mm, null);
});

test("a length is told with its unit", () => {
  assert.equal(lengthText({ px: 140.4, mm: 12.34, px_because: null }), "12.3 mm");
  assert.equal(lengthText({ px: 140.4, mm: null, px_because: "why" }), "140 px");
});

test("arrows move an end by one pixel, with Shift by ten, and as the eye sees it when flipped", () => {
  assert.deepEqual(nudge("ArrowRight", false, false), at(1, 0));
  assert.deepEqual(nudge("ArrowUp", true, false).y_px, -10);
  assert.deepEqual(nudge("ArrowRight", false, true).x_px, -1);
  assert.equal(nudge("a", false, false), null);
});

test("an end stays in the picture", () => {
  const caliper = { caliper_id: 1, panel_id: "rest", frame_index: 0, start: at(0, 0), end: at(1, 1) };
  assert.deepEqual(moveEnd(caliper, "end", at(900, -4), calibrated).end, at(800, 0));
});
