import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetFor, priorities } from "../../viewer/player/web/decode_order.js";
import { FrameStore } from "../../viewer/player/web/frame_store.js";
import { headOf } from "./making.js";

const MB = 1_000_000;

/** A pool that decodes when told to and remembers the order. */
class HandPool {
  capacity = 4;
  listeners = new Map();
  streams = 0;
  order = [];
  waiting = [];
  broken = new Set();
  /** @type {Promise<void>} */
  drawing = Promise.resolve();

  drawn() {
    return this.drawing;
  }

  stream(sha256, _url, listener) {
    this.streams += 1;
    this.listeners.set(sha256, listener);
    return () => this.listeners.delete(sha256);
  }

  decode(bytes, head) {
    const name = new TextDecoder().decode(bytes);
    this.order.push(name);
    return new Promise((resolve, reject) => {
      this.waiting.push(() => (this.broken.has(name) ? reject(new Error("broken")) : resolve({ kind: "grey8", samples: { byteLength: head.rows * head.columns } })));
    });
  }

  async finish(limit = Infinity) {
    let done = 0;
    while (this.waiting.length > 0 && done < limit) {
      this.waiting.shift()();
      done += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  arrive(sha256, frames, more = {}) {
    const listener = this.listeners.get(sha256);
    listener.head(headOf(frames, { rows: 600, columns: 800, ...more }));
    listener.frames(0, Array.from({ length: frames }, (_, at) => new TextEncoder().encode(`${sha256}${at}`)));
    listener.done();
  }
}

const demandOf = (sha256, frames, wanted, more = {}) => ({
  sha256, url: `/pack/${sha256}`, frames, first_frame_index: 0, last_frame_index: frames - 1, wanted_frame_index: wanted, playing: false, patience: 1, ...more,
});

function storeOf(decoded_bytes = 256 * MB, encoded_bytes = 256 * MB) {
  const pool = new HandPool();
  return { pool, store: new FrameStore(pool, { decoded_bytes, encoded_bytes }) };
}

test("the frame shown is decoded first, then its neighbours outward", async () => {
  const { pool, store } = storeOf();
  store.demand("player", [demandOf("a", 9, 4)]);
  pool.arrive("a", 9);
  await pool.finish();
  assert.deepEqual(pool.order, [4, 5, 3, 6, 2, 7, 1, 8, 0].map((index) => `a${index}`));
});

test("until the first picture of a clip is drawn, nothing more of it is decoded, and the rest of its pack waits", async () => {
  const { pool, store } = storeOf();
  let draw = () => {};
  pool.drawing = new Promise((resolve) => (draw = resolve));
  store.demand("player", [demandOf("a", 9, 0), demandOf("b", 2, 0)]);
  const [a, b] = ["a", "b"].map((sha256) => pool.listeners.get(sha256));
  for (const [listener, frames] of [[a, 9], [b, 2]]) listener.head(headOf(frames, { rows: 600, columns: 800 }));
  const bytes = (name, count) => Array.from({ length: count }, (_, at) => new TextEncoder().encode(`${name}${at}`));
  const reading = a.frames(0, bytes("a", 3));
  assert.ok(reading instanceof Promise);
  b.frames(0, bytes("b", 2));
  b.done();
  await pool.finish();
  assert.deepEqual(pool.order, ["a0", "b0"]);
  assert.ok(store.frame("a", 0) !== null && !store.isSettled());
  draw();
  await reading;
  await pool.finish();
  assert.deepEqual(pool.order.toSorted(), ["a0", "a1", "a2", "b0", "b1"]);
  assert.equal(a.frames(3, bytes("a", 6)), null);
});

test("a first frame that cannot be decoded keeps nothing waiting", async () => {
  const { pool, store } = storeOf();
  pool.broken.add("a0");
  store.demand("player", [demandOf("a", 3, 0)]);
  pool.arrive("a", 3);
  await pool.finish();
  assert.deepEqual(pool.order, ["a0", "a1", "a2"]);
  assert.ok(store.isSettled());
});

test("while it plays, frames ahead come before frames behind, round the loop", () => {
  const order = [...priorities([demandOf("a", 10, 8, { playing: true })])].map((frame) => frame.frame_index);
  assert.deepEqual(order.slice(0, 3), [8, 9, 0]);
  assert.ok(order.indexOf(2) < order.indexOf(6));
});

test("a part that is played loops within itself, and what can wait does so while it plays, too", () => {
  const part = demandOf("a", 30, 18, { playing: true, first_frame_index: 10, last_frame_index: 19 });
  assert.deepEqual([...priorities([part])].slice(0, 4).map((frame) => frame.frame_index), [18, 19, 10, 11]);
  const names = [...priorities([{ ...part, patience: 4 }, demandOf("b", 30, 0, { playing: true, last_frame_index: 5 })])].map((frame) => frame.sha256);
  assert.deepEqual(names.slice(0, 5), ["a", "b", "b", "b", "b"]);
});

test("no more frames are under way than the pool takes", async () => {
  const { pool, store } = storeOf();
  store.demand("player", [demandOf("a", 30, 0)]);
  pool.arrive("a", 30);
  await pool.finish(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(pool.waiting.length, pool.capacity);
  await pool.finish();
  assert.equal(store.progress("a").decoded, 30);
});

test("the nearest decoded frame of a part stands in for one that is missing", async () => {
  const { pool, store } = storeOf();
  store.demand("player", [demandOf("a", 30, 0, { last_frame_index: 3 }), demandOf("a", 30, 20, { first_frame_index: 18, last_frame_index: 21 })]);
  pool.arrive("a", 30);
  await pool.finish();
  assert.deepEqual([[12, 0, 29], [10, 0, 29], [12, 0, 17], [12, 22, 29]].map(([wanted, first, last]) => store.nearest("a", wanted, first, last)), [18, 3, 3, null]);
  assert.equal(store.nearest("unknown", 0, 0, 9), null);
  assert.equal(store.isBroken("unknown", 0), false);
});

test("two panels take turns, and one that holds still waits", () => {
  const names = [...priorities([demandOf("a", 4, 0), demandOf("b", 4, 0)])].map((frame) => frame.sha256).join("");
  assert.equal(names, "abababab");
  const patient = [...priorities([demandOf("a", 4, 0, { patience: 4 }), demandOf("b", 4, 0)])].map((frame) => frame.sha256).join("");
  assert.equal(patient, "abbbbaaa");
});

test("a clip shown twice is decoded once", () => {
  const frames = [...priorities([demandOf("a", 4, 0), demandOf("a", 4, 3)])];
  assert.equal(frames.length, 4);
});

test("three clips of 300 frames stay under the budget wherever one goes", async () => {
  for (const budget of [256 * MB, 96 * MB]) {
    const { pool, store } = storeOf(budget);
    let most = 0;
    store.subscribe(() => (most = Math.max(most, store.decoded_bytes)));
    for (const wanted of [0, 299, 150, 20, 280]) {
      store.demand("player", ["a", "b", "c"].map((sha256) => demandOf(sha256, 300, wanted)));
      if (wanted === 0) for (const sha256 of ["a", "b", "c"]) pool.arrive(sha256, 300);
      await pool.finish();
      most = Math.max(most, store.decoded_bytes);
      for (const sha256 of ["a", "b", "c"]) for (const near of [-10, -1, 0, 1, 10]) {
        const index = wanted + near;
        if (index >= 0 && index < 300) assert.ok(store.frame(sha256, index) !== null, `${sha256}${index} at ${wanted}`);
      }
      assert.ok(store.isSettled());
    }
    assert.ok(most <= budget, `${most} of ${budget}`);
    assert.ok(most > budget * 0.98, "the window is filled");
    assert.equal(pool.streams, 3);
  }
});

test("playing through a clip larger than the budget keeps the next frames ready", async () => {
  const { pool, store } = storeOf(48 * MB); // a hundred of three hundred frames
  store.demand("player", [demandOf("a", 300, 0, { playing: true })]);
  pool.arrive("a", 300);
  await pool.finish();
  for (let wanted = 1; wanted < 650; wanted += 1) {
    store.demand("player", [demandOf("a", 300, wanted % 300, { playing: true })]);
    await pool.finish(4);
    assert.ok(store.frame("a", wanted % 300) !== null, `frame ${wanted}`);
    assert.ok(store.decoded_bytes <= 48 * MB);
  }
});

test("decoded frames of a page that was left are there when one comes back", async () => {
  const { pool, store } = storeOf();
  store.demand("first", [demandOf("a", 10, 0)]);
  pool.arrive("a", 10);
  await pool.finish();
  store.release("first");
  store.demand("second", [demandOf("a", 10, 5)]);
  assert.equal(store.progress("a").decoded, 10);
  assert.equal(pool.streams, 1);
  assert.equal(pool.order.length, 10);
});

test("what nobody shows gives way first", async () => {
  const { pool, store } = storeOf(0.48 * MB * 12);
  store.demand("first", [demandOf("a", 10, 0)]);
  pool.arrive("a", 10);
  await pool.finish();
  store.demand("first", [demandOf("b", 10, 0)]);
  pool.arrive("b", 10);
  await pool.finish();
  assert.equal(store.progress("b").decoded, 10);
  assert.equal(store.progress("a").decoded, 2);
});

test("encoded clips that nobody shows are let go when they are too many", async () => {
  const { pool, store } = storeOf(256 * MB, 100);
  for (const sha256 of ["a", "b", "c"]) {
    store.demand("player", [demandOf(sha256, 30, 0)]);
    pool.arrive(sha256, 30);
    await pool.finish();
  }
  store.release("player");
  assert.equal(store.progress("a").loaded, 0);
  assert.equal(store.progress("c").loaded, 30);
});

test("one broken frame is named and the others are decoded", async () => {
  const { pool, store } = storeOf();
  pool.broken.add("a3");
  store.demand("player", [demandOf("a", 6, 0)]);
  pool.arrive("a", 6);
  await pool.finish();
  assert.ok(store.isBroken("a", 3));
  assert.equal(store.progress("a").decoded, 5);
  assert.ok(store.isSettled());
});

test("a clip that fails keeps what it has, says why, and can be fetched again", async () => {
  const { pool, store } = storeOf();
  store.demand("player", [demandOf("a", 6, 0)]);
  const listener = pool.listeners.get("a");
  listener.head(headOf(6));
  listener.frames(0, [new TextEncoder().encode("a0")]);
  listener.failed("The connection broke.");
  await pool.finish();
  assert.equal(store.progress("a").error, "The connection broke.");
  assert.ok(store.frame("a", 0) !== null);
  store.retry("a");
  pool.arrive("a", 6);
  await pool.finish();
  assert.equal(store.progress("a").error, null);
  assert.equal(store.progress("a").decoded, 6);
});

test("a clip that failed for somebody who left is fetched anew for the next who wants it, and only once for each", async () => {
  const { pool, store } = storeOf();
  store.demand("page", [demandOf("a", 6, 0)]);
  pool.listeners.get("a").failed("This clip is no longer on the server.");
  store.demand("player", [demandOf("a", 6, 0), demandOf("a", 6, 5)]);
  assert.equal(pool.streams, 2);
  assert.equal(store.progress("a").error, null);
  pool.listeners.get("a").failed("This clip is no longer on the server.");
  store.demand("player", [demandOf("a", 6, 1), demandOf("a", 6, 5)]);
  assert.equal(pool.streams, 2, "a step does not ask again");
  assert.equal(store.progress("a").error, "This clip is no longer on the server.");
  store.release("player");
  store.demand("player", [demandOf("a", 6, 0)]);
  pool.arrive("a", 6);
  await pool.finish();
  assert.equal(store.progress("a").decoded, 6);
});

test("a clip that breaks before its first picture shows it when it is fetched again", async () => {
  const { pool, store } = storeOf();
  let draw = () => {};
  pool.drawing = new Promise((resolve) => (draw = resolve));
  store.demand("player", [demandOf("a", 3, 0)]);
  const listener = pool.listeners.get("a");
  listener.head(headOf(3, { rows: 600, columns: 800 }));
  listener.frames(0, [new TextEncoder().encode("a0")]);
  listener.failed("The connection broke.");
  store.retry("a");
  pool.arrive("a", 3);
  await pool.finish();
  assert.deepEqual(pool.order, ["a0"]);
  draw();
  await pool.finish();
  await new Promise((resolve) => setImmediate(resolve));
  await pool.finish();
  assert.deepEqual(pool.order, ["a0", "a1", "a2"]);
  assert.ok(store.isSettled());
});

test("a clip in two panels has one first picture, and both of its places follow", async () => {
  const { pool, store } = storeOf();
  let draw = () => {};
  pool.drawing = new Promise((resolve) => (draw = resolve));
  store.demand("player", [demandOf("a", 9, 8, { first_frame_index: 8, last_frame_index: 8, patience: 4 }), demandOf("a", 9, 0)]);
  pool.arrive("a", 9);
  await pool.finish();
  assert.equal(pool.order.length, 1);
  draw();
  await new Promise((resolve) => setImmediate(resolve));
  await pool.finish();
  assert.deepEqual(pool.order.slice(0, 2).toSorted(), ["a0", "a8"]);
  assert.equal(store.progress("a").decoded, 9);
});

test("frames that are decoded after their clip was let go of are not counted, and it opens anew", async () => {
  const { pool, store } = storeOf(256 * MB, 1);
  store.demand("player", [demandOf("a", 30, 0)]);
  pool.arrive("a", 30);
  await pool.finish(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(pool.waiting.length > 0);
  store.release("player");
  await pool.finish();
  assert.equal(store.decoded_bytes, 0);
  store.demand("player", [demandOf("a", 30, 0)]);
  pool.arrive("a", 30);
  await pool.finish();
  assert.equal(pool.streams, 2);
  assert.equal(store.progress("a").decoded, 30);
  assert.equal(store.decoded_bytes, 30 * 600 * 800);
});

test("a clip that is let go of before its first picture is drawn shows it when one comes back", async () => {
  const { pool, store } = storeOf(256 * MB, 1);
  let draw = () => {};
  pool.drawing = new Promise((resolve) => (draw = resolve));
  store.demand("player", [demandOf("a", 3, 0)]);
  pool.arrive("a", 3);
  store.release("player");
  assert.equal(pool.listeners.size, 0, "its stream is stopped");
  store.demand("player", [demandOf("a", 3, 2)]);
  pool.arrive("a", 3);
  await pool.finish();
  draw();
  await new Promise((resolve) => setImmediate(resolve));
  await pool.finish();
  assert.equal(store.progress("a").decoded, 3);
  assert.ok(store.isSettled());
});

test("a phone holds 96 MB, a desktop 256 MB", () => {
  assert.equal(budgetFor({ coarse_pointer: true, small_screen: true, device_memory_gb: undefined }).decoded_bytes, 96 * MB);
  assert.equal(budgetFor({ coarse_pointer: false, small_screen: false, device_memory_gb: 4 }).decoded_bytes, 96 * MB);
  assert.equal(budgetFor({ coarse_pointer: false, small_screen: false, device_memory_gb: 8 }).decoded_bytes, 256 * MB);
});
