// Run by tests/viewer/test_drawing_agrees.py: whether the browser shows and measures marks as Python does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { measure, measureText } from "../../../viewer/player/web/drawing/measurement.js";
import { sighting, spanOf, withKey } from "../../../viewer/player/web/drawing/place.js";

const near = (one, other) => Math.abs(one - other) <= 1e-9 + 1e-6 * Math.abs(other);
const { sightings, corrections, measurements } = JSON.parse(readFileSync(process.argv[2], "utf8"));

for (const { place, span, seen } of sightings) {
  assert.deepEqual(seen.map((_, frame_index) => sighting(place, frame_index)), seen);
  assert.deepEqual([...spanOf(place)], span);
}
for (const { track, key, corrected } of corrections) assert.deepEqual(withKey(track, key), corrected);
for (const { kind, points_px, regions, scale_source, measured, text } of measurements) {
  const found = measure(kind, points_px, { regions, scale_source });
  if (measured === null || found === null) {
    assert.equal(found, measured);
    continue;
  }
  const { value, uncertainty, ...words } = found;
  const { value: value_there, uncertainty: uncertainty_there, ...words_there } = measured;
  assert.deepEqual(words, words_there);
  assert.ok(near(value, value_there) && near(uncertainty, uncertainty_there), JSON.stringify([found, measured, points_px]));
  assert.equal(measureText(measured), text);
}
console.log(`${sightings.length} ${corrections.length} ${measurements.length}`);
