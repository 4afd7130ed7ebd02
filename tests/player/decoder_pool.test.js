import assert from "node:assert/strict";
import { test } from "node:test";
import { DecodingPool } from "../../viewer/player/web/decoder_pool.js";
import { headOf } from "./making.js";

const SAMPLES = headOf(1, { rows: 1, columns: 1, encoding: "samples16", colour: "uint16" });
const JPEG = headOf(1);
/** The first pictures are the page's own work. */
const FIRST_PICTURES = 3;

/** A worker that answers when told to. */
class HandWorker extends EventTarget {
  /** @type {{ticket: number, bytes: Uint8Array}[]} */
  asked = [];
  ended = false;
  postMessage(message) {
    this.asked.push(message);
  }
  answer(message) {
    this.onmessage({ data: message });
  }
  terminate() {
    this.ended = true;
  }
}

/** A pool beyond its first pictures, with its workers. */
async function poolOf(count) {
  /** @type {HandWorker[]} */
  const workers = [];
  const pool = new DecodingPool(() => {
    assert.equal(workers.length, 0, "workers are started once");
    workers.push(...Array.from({ length: count }, () => new HandWorker()));
    return workers;
  });
  for (let at = 0; at < FIRST_PICTURES; at += 1) await pool.decode(new Uint8Array([7, 1]), SAMPLES);
  assert.equal(workers.length, 0, "the first pictures start no workers");
  return { pool, workers };
}

test("after the first pictures, frames go to the worker that has least to do", async () => {
  const { pool, workers } = await poolOf(2);
  const answers = [1, 2, 3].map((value) => pool.decode(new Uint8Array([value]), JPEG));
  const [one, other] = workers;
  assert.deepEqual([one.asked.length, other.asked.length], [2, 1]);
  const frame = { kind: "grey8", samples: new Uint8Array(48) };
  for (const { ticket } of one.asked) one.answer({ ticket, frame });
  assert.equal(await answers[0], frame);
  pool.decode(new Uint8Array([4]), JPEG);
  assert.deepEqual([one.asked.length, other.asked.length], [3, 1]);
  assert.equal(pool.capacity, 16);
});

test("samples need no decoding and no worker", async () => {
  const { pool, workers } = await poolOf(2);
  const { kind, samples } = await pool.decode(new Uint8Array([1, 1]), SAMPLES);
  assert.deepEqual([kind, [...samples]], ["uint16", [257]]);
  assert.equal(workers.length, 0);
});

test("a frame that a worker cannot decode is refused by itself, and an answer to nobody is passed over", async () => {
  const { pool, workers } = await poolOf(1);
  const bad = pool.decode(new Uint8Array([1]), JPEG);
  const good = pool.decode(new Uint8Array([2]), JPEG);
  const [first, second] = workers[0].asked;
  workers[0].answer({ ticket: first.ticket, reason: "no JPEG" });
  workers[0].answer({ ticket: first.ticket, reason: "no JPEG" });
  workers[0].answer({ ticket: second.ticket, frame: { kind: "grey8", samples: new Uint8Array(48) } });
  await assert.rejects(bad, /no JPEG/);
  assert.equal((await good).kind, "grey8");
});

/** Stands for the page's own decoder, which Node does not have. */
async function withBitmaps(work) {
  globalThis.createImageBitmap = async () => ({ width: 8, height: 6, close() {} });
  globalThis.OffscreenCanvas = class {
    getContext = () => ({ drawImage() {}, getImageData: () => ({ data: new Uint8ClampedArray(8 * 6 * 4).fill(9) }) });
  };
  try {
    await work();
  } finally {
    delete globalThis.createImageBitmap;
    delete globalThis.OffscreenCanvas;
  }
}

test("where workers are refused, the page decodes, one frame at a time", () => withBitmaps(async () => {
  const { pool } = await poolOf(0);
  assert.deepEqual([...(await pool.decode(new Uint8Array([1]), JPEG)).samples], Array(48).fill(9));
  assert.equal(pool.capacity, 1);
}));

test("workers that cannot be loaded give their frames back to the page, and get no more", () => withBitmaps(async () => {
  const { pool, workers } = await poolOf(2);
  const given = [pool.decode(new Uint8Array([1]), JPEG), pool.decode(new Uint8Array([2]), JPEG)];
  for (const worker of workers) worker.dispatchEvent(new Event("error"));
  for (const frame of await Promise.all(given)) assert.equal(frame.samples.length, 48);
  assert.ok(workers.every(({ ended }) => ended));
  await pool.decode(new Uint8Array([3]), JPEG);
  assert.deepEqual(workers.map(({ asked }) => asked.length), [1, 1]);
}));
