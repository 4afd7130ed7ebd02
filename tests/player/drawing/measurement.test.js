import assert from "node:assert/strict";
import { test } from "node:test";
import { measure, measureText, spokenMeasure } from "../../../viewer/player/web/drawing/measurement.js";
import { clipOf, regionOf } from "../making.js";

const clip = (...regions) => clipOf(1, { regions, scale_source: "ultrasound_regions" });
const caliper = (from, to, ...regions) => measure("caliper", [from, to], clip(...regions));

test("a length is measured in mm where both ends lie in one calibrated region, each axis by its own scale", () => {
  assert.equal(caliper([0, 0], [60, 80], regionOf(0, 0, 799, 599, 0.5)).value, 50);
  assert.equal(caliper([0, 0], [100, 400], regionOf(0, 0, 799, 599, 0.3, 0.1)).value, 50);
});

test("without one scale under both ends a length is in px, and says why", () => {
  const found = [
    caliper([50, 50], [150, 50], regionOf(0, 0, 99, 99, 0.5)), caliper([50, 50], [250, 50], regionOf(0, 0, 99, 99, 0.5), regionOf(200, 0, 299, 99, 0.1)),
    caliper([50, 50], [150, 51], regionOf(0, 0, 799, 599, null, 0.2)), caliper([50, 50], [150, 50]),
  ];
  for (const [at, said] of [/outside the calibrated part/, /different regions/, /both axes/, /no scale/].entries()) {
    assert.equal(found[at].unit, "px");
    assert.match(found[at].in_px_because, said);
  }
});

test("where regions overlap, one of high priority counts, even a larger one; else the smallest", () => {
  const large = regionOf(0, 0, 99, 99, 0.2);
  const small = (is_low) => regionOf(50, 10, 119, 19, 0.1, 0.1, is_low);
  assert.ok(Math.abs(caliper([60, 15], [70, 15], large, small(false)).value - 1) < 1e-9);
  assert.ok(Math.abs(caliper([60, 15], [70, 15], large, small(true)).value - 2) < 1e-9);
});

test("no number is without its unit and its uncertainty", () => {
  const length = caliper([100, 200], [400, 200], regionOf(0, 0, 799, 599, 0.1));
  assert.equal(measureText(length), "30.0 ± 0.7 mm");
  assert.equal(spokenMeasure(length), "30.0 mm ± 0.7 mm");
  const area = measure("area", [[0, 0], [100, 0], [100, 100], [0, 100]], clip());
  assert.match(measureText(area), /^10000 ± \d+ px²$/);
  assert.match(spokenMeasure(measure("angle", [[10, 0], [0, 0], [0, 10]], clip())), /^90\.0° ± [\d.]+°$|^90° ± \d+°$/);
});

test("an angle is that of the tissue, not of its uneven pixels", () => {
  assert.ok(Math.abs(measure("angle", [[20, 0], [0, 0], [20, 10]], clip(regionOf(0, 0, 799, 599, 0.1, 0.2))).value - 45) < 1e-9);
});

test("an outline that crosses itself has no area, and a point measures nothing", () => {
  assert.equal(measure("tissue", [[0, 0], [4, 4], [4, 0], [0, 4]], clip()), null);
  assert.equal(measure("point", [[1, 1]], clip()), null);
});
