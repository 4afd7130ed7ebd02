import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { drawn, makePace } from "../../viewer/player/web/pace.js";

/** A browser's clock, whose pictures come when the test says so. */
let now_ms = 0;
/** @type {(() => void)[]} */
let pictures = [];
const real_now = performance.now;

beforeEach(() => {
  now_ms = 0;
  pictures = [];
  performance.now = () => now_ms;
  globalThis.requestAnimationFrame = (draw) => pictures.push(draw);
  mock.timers.enable({ apis: ["setTimeout"] });
});

afterEach(() => {
  performance.now = real_now;
  delete globalThis.requestAnimationFrame;
  delete globalThis.document;
  mock.timers.reset();
});

const isSettled = async (promise) => {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
};

test("work goes on through a short stretch and gives way after a long one, each time anew", async () => {
  const pace = makePace();
  now_ms = 7;
  assert.equal(pace(), undefined);
  now_ms = 9;
  const wait = pace();
  assert.ok(wait instanceof Promise);
  mock.timers.tick(1);
  assert.ok(await isSettled(wait));
  now_ms = 16;
  assert.equal(pace(), undefined);
});

test("a page that is not seen does not wait for timers, which come once a second there", () => {
  const pace = makePace();
  now_ms = 1000;
  globalThis.document = { hidden: true };
  assert.equal(pace(), undefined);
  globalThis.document = { hidden: false };
  assert.ok(pace() instanceof Promise);
});

test("what is drawn is drawn after the next picture, and on a page that draws none after a limit", async () => {
  const seen = drawn();
  pictures.forEach((draw) => draw());
  assert.ok(!await isSettled(seen), "the picture itself comes after its callbacks");
  mock.timers.tick(1);
  assert.ok(await isSettled(seen));
  const hidden = drawn();
  mock.timers.tick(99);
  assert.ok(!await isSettled(hidden));
  mock.timers.tick(1);
  assert.ok(await isSettled(hidden));
});
