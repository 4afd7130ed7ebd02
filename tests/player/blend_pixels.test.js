import assert from "node:assert/strict";
import { test } from "node:test";
import { Differ, HueAdder } from "../../viewer/player/web/blend_pixels.js";
import { pixels8, PLAIN } from "../../viewer/player/web/tone.js";

const RAMP = pixels8(PLAIN);
const HUES = { left: "#0096ff", right: "#ff6900" };
const BLACK = [0, 0, 0, 255];

/** A picture whose greys are given by its rows. */
function laid(rows, left = 0, top = 0) {
  return { greys: { pixels: Uint32Array.from(rows.flat(), (grey) => RAMP[grey]), columns: rows[0].length, rows: rows.length }, left, top };
}

function written(how, width, rows, pair) {
  const sheet = new Uint32Array(width * rows).fill(0x12345678); // what was there before is not seen
  how.write(sheet, width, pair);
  const bytes = [...new Uint8Array(sheet.buffer)];
  return Array.from({ length: sheet.length }, (_, at) => bytes.slice(4 * at, 4 * at + 4));
}

test("what is equal is grey in two hues, and every grey of it comes back", () => {
  const ramp = laid([Array.from({ length: 256 }, (_, grey) => grey)]);
  written(new HueAdder(HUES), 256, 1, [ramp, ramp]).forEach(([red, green, blue, alpha], grey) => {
    assert.deepEqual([red, blue, alpha], [grey, grey, 255]);
    assert.ok(Math.abs(green - grey) <= 1);
  });
});

test("what is in one picture alone has its hue", () => {
  const [left, right] = written(new HueAdder(HUES), 2, 1, [laid([[255, 0]]), laid([[0, 255]])]);
  assert.deepEqual([left, right], [[0, 150, 255, 255], [255, 105, 0, 255]]);
});

test("a difference has no sign, is twice as bright and no brighter than white", () => {
  const pair = [laid([[10, 60, 200, 7]]), laid([[60, 10, 20, 7]])];
  assert.deepEqual(written(new Differ(2), 4, 1, pair), [[100, 100, 100, 255], [100, 100, 100, 255], [255, 255, 255, 255], BLACK]);
});

test("a picture is cut where the sheet ends, and where it does not reach there is black", () => {
  const part = laid([[1, 2], [3, 4]], -1, 1); // its second column alone, one row lower
  const none = laid([[9]], 5, 0);
  const seen = written(new Differ(1), 2, 3, [part, none]).map(([grey]) => grey);
  assert.deepEqual(seen, [0, 0, 2, 0, 4, 0]);
  assert.deepEqual(written(new HueAdder(HUES), 2, 3, [part, none])[0], BLACK);
});
