import assert from "node:assert/strict";
import { test } from "node:test";
import { indexAt, nextSpeed, positionAt, SPEEDS, startInside } from "../../viewer/player/web/clock.js";

const run = (mode, from_s, travelled_s) => positionAt({ start_s: 0, end_s: 1, mode, from_s, travelled_s });
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-5, `${actual} is not ${expected}`);

test("the frame on screen is the last that has begun", () => {
  const starts_s = [0, 0.1, 0.25, 0.3];
  assert.deepEqual([-1, 0, 0.05, 0.1, 0.24, 0.25, 9].map((t) => indexAt(starts_s, t)), [0, 0, 0, 1, 1, 2, 3]);
});

test("a start summed from rounded intervals is still its own frame", () => {
  let sum_s = 0;
  const starts_s = Array.from({ length: 300 }, () => (sum_s += 0.0333333));
  starts_s.forEach((start_s, at) => assert.equal(indexAt(starts_s, start_s - 1e-12), at));
});

test("a loop begins again and never stops", () => {
  near(run("loop", 0.4, 0.5).time_s, 0.9);
  near(run("loop", 0.4, 0.7).time_s, 0.1);
  near(run("loop", 0.4, 100.7).time_s, 0.1);
  assert.equal(run("loop", 0, 1e6).ended, false);
});

test("a sweep goes there and back", () => {
  near(run("sweep", 0, 0.9).time_s, 0.9);
  near(run("sweep", 0, 1.2).time_s, 0.8);
  near(run("sweep", 0, 2.2).time_s, 0.2);
  const back = run("sweep", 0, 1.2);
  near(run("sweep", back.phase_s, 0.3).time_s, 0.5);
});

test("playing once holds the last moment", () => {
  const end = run("once", 0.5, 3);
  assert.ok(end.ended && end.time_s < 1 && end.time_s > 0.999);
});

test("a part between A and B plays by itself", () => {
  near(positionAt({ start_s: 2, end_s: 3, mode: "loop", from_s: 2.5, travelled_s: 0.75 }).time_s, 2.25);
});

test("no clip is too short to play", () => {
  assert.equal(positionAt({ start_s: 0, end_s: 0, mode: "loop", from_s: 0, travelled_s: 5 }).time_s, 0);
});

test("a slow display drops frames and keeps the time", () => {
  const starts_s = Array.from({ length: 60 }, (_, at) => at / 60);
  const shown = [0, 0.1, 0.2, 0.3].map((elapsed_s) => indexAt(starts_s, run("loop", 0, elapsed_s).time_s));
  assert.deepEqual(shown, [0, 6, 12, 18]);
});

test("a display that trembles by 7 ms shows every frame of 60 once", () => {
  const starts_s = Array.from({ length: 60 }, (_, at) => at / 60);
  const from_s = startInside(0, 1 / 60, 1);
  for (let tick = 0; tick < 60; tick += 1) {
    const tremble_s = (((tick * 37) % 15) - 7) / 1000;
    assert.equal(indexAt(starts_s, run("once", from_s, Math.max(tick / 60 + tremble_s, 0)).time_s), tick);
  }
});

test("speeds go up and down and stop at the ends", () => {
  assert.deepEqual(SPEEDS.map((speed) => nextSpeed(speed, 1)), [0.5, 1, 2, 2]);
  assert.deepEqual(SPEEDS.map((speed) => nextSpeed(speed, -1)), [0.25, 0.25, 0.5, 1]);
});
