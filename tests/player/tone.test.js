import assert from "node:assert/strict";
import { test } from "node:test";
import { expand, expandColour, fullWindow, greyRamp, isPlain, pixels16, pixels8, PLAIN, windowed } from "../../viewer/player/web/tone.js";
import { clipOf } from "./making.js";

const bytesOf = (pixels) => [...new Uint8Array(pixels.buffer)];

test("a plain tone leaves every grey as it is", () => {
  assert.deepEqual([...greyRamp(PLAIN)], Array.from({ length: 256 }, (_, grey) => grey));
  assert.ok(isPlain(PLAIN));
  for (const change of [{ brightness: 0.1 }, { contrast: -0.1 }, { invert: true }]) assert.ok(!isPlain({ ...PLAIN, ...change }));
});

test("inversion twice is nothing", () => {
  const inverted = greyRamp({ ...PLAIN, invert: true });
  assert.deepEqual([...inverted].map((grey) => inverted[grey]), Array.from({ length: 256 }, (_, grey) => grey));
});

test("brightness lifts, contrast spreads about the middle, neither turns the order round", () => {
  const bright = greyRamp({ ...PLAIN, brightness: 0.2 });
  assert.equal(bright[100], 151);
  const strong = greyRamp({ ...PLAIN, contrast: 0.5 });
  assert.ok(strong[64] < 64 && strong[192] > 192);
  for (const ramp of [bright, strong, greyRamp({ ...PLAIN, contrast: -1, brightness: -1 })]) {
    for (let grey = 1; grey < 256; grey += 1) assert.ok(ramp[grey] >= ramp[grey - 1]);
  }
});

test("grey becomes an opaque pixel of three equal channels", () => {
  const target = new Uint32Array(3);
  expand({ kind: "grey8", samples: Uint8Array.of(0, 128, 255) }, target, pixels8(PLAIN));
  assert.deepEqual(bytesOf(target), [0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
});

test("the window follows PS3.3 C.11.2.1.2", () => {
  assert.equal(windowed(-1, 128, 256), 0);
  assert.equal(windowed(0, 128, 256), 0);
  assert.equal(windowed(255, 128, 256), 255);
  assert.equal(windowed(300, 128, 256), 255);
  assert.equal(windowed(100, 128, 256), 100);
  assert.equal(windowed(9, 10, 1), 0);
  assert.equal(windowed(10, 10, 1), 255);
});

test("a signed sample finds its own pixel", () => {
  const table = pixels16(PLAIN, { center: 0, width: 201 }, { rescale_slope: 1, rescale_intercept: 0 }, true);
  const target = new Uint32Array(3);
  expand({ kind: "int16", samples: Int16Array.of(-200, 0, 200) }, target, table);
  const greys = bytesOf(target).filter((_, at) => at % 4 === 0);
  assert.equal(greys[0], 0);
  assert.ok(Math.abs(greys[1] - 128) <= 1);
  assert.equal(greys[2], 255);
});

test("rescale comes before the window", () => {
  const table = pixels16(PLAIN, { center: 1000, width: 2000 }, { rescale_slope: 2, rescale_intercept: -1024 }, false);
  assert.equal(table[512] & 0xff, 0);
  assert.equal(table[3000] & 0xff, 255);
});

test("a window narrower than one grey parts black from white", () => {
  const table = pixels16(PLAIN, { center: 10, width: 0 }, { rescale_slope: 1, rescale_intercept: 0 }, false);
  assert.deepEqual([9, 10].map((sample) => table[sample] & 0xff), [0, 255]);
});

test("a full window shows darkest as black and brightest as white", () => {
  const window = fullWindow(Uint16Array.of(40, 90, 140), clipOf(1));
  assert.equal(windowed(40, window.center, window.width), 0);
  assert.equal(windowed(140, window.center, window.width), 255);
});

test("colour Doppler keeps its colours whatever the tone", () => {
  const rgba = Uint8ClampedArray.of(200, 30, 20, 255, 90, 90, 90, 255, 10, 60, 220, 255);
  const target = new Uint32Array(3);
  expandColour(rgba, target, pixels8({ ...PLAIN, invert: true }));
  assert.deepEqual(bytesOf(target), [200, 30, 20, 255, 165, 165, 165, 255, 10, 60, 220, 255]);
});

test("a faint colour, as JPEG leaves beside a strong one, follows the tone in part and without a jump", () => {
  const table = pixels8({ ...PLAIN, brightness: 0.4 });
  const reds = Array.from({ length: 60 }, (_, spread) => {
    const target = new Uint32Array(1);
    expandColour(Uint8ClampedArray.of(60 + spread, 60, 60, 255), target, table);
    return target[0] & 0xff;
  });
  for (let spread = 1; spread < 60; spread += 1) assert.ok(Math.abs(reds[spread] - reds[spread - 1]) < 14, `${spread}`);
  assert.equal(reds[0], 162);
  assert.equal(reds[59], 119);
});
