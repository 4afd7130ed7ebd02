import assert from "node:assert/strict";
import { test } from "node:test";
import { PackError, PackReader } from "../../viewer/player/web/pack.js";
import { headOf, packBytes } from "./making.js";

const FRAMES = [[1, 2, 3], [], [4], [5, 6, 7, 8, 9]].map((bytes) => Uint8Array.from(bytes));
const BYTES = packBytes(headOf(FRAMES.length), FRAMES);

function readIn(pieces) {
  const reader = new PackReader();
  const frames = pieces.flatMap((piece) => reader.push(piece));
  return { reader, frames };
}

test("a pack split at any byte gives the same frames", () => {
  for (let cut = 0; cut <= BYTES.length; cut += 1) {
    const { reader, frames } = readIn([BYTES.subarray(0, cut), BYTES.subarray(cut)]);
    reader.end();
    assert.deepEqual(frames, FRAMES, `split at ${cut}`);
  }
});

test("a pack that comes byte by byte gives each frame with its last byte", () => {
  const reader = new PackReader();
  const arrived = [];
  for (const [at, byte] of BYTES.entries()) for (const frame of reader.push(Uint8Array.of(byte))) arrived.push([frame, at]);
  assert.deepEqual(arrived.map(([frame]) => frame), FRAMES);
  assert.equal(arrived.at(-1)[1], BYTES.length - 1);
});

test("the head is known before the first frame has come", () => {
  const reader = new PackReader();
  const head_end = 12 + new DataView(BYTES.buffer).getUint32(8, true);
  reader.push(BYTES.subarray(0, head_end));
  assert.equal(reader.head.frames, FRAMES.length);
  assert.equal(reader.frames_read, 0);
});

test("each frame owns its bytes, so that it can be handed to another thread", () => {
  const { frames } = readIn([BYTES]);
  for (const frame of frames) assert.equal(frame.buffer.byteLength, frame.length);
});

test("a pack cut anywhere before its end says that it is cut off", () => {
  for (let cut = 0; cut < BYTES.length; cut += 1) {
    const { reader } = readIn([BYTES.subarray(0, cut)]);
    assert.throws(() => reader.end(), PackError, `cut at ${cut}`);
  }
});

test("a cut pack says how many frames arrived", () => {
  const { reader } = readIn([BYTES.subarray(0, BYTES.length - 1)]);
  assert.throws(() => reader.end(), /3 of 4 frames/);
});

test("what is no pack is refused by its first bytes", () => {
  assert.throws(() => new PackReader().push(new TextEncoder().encode("<!doctype html>")), /not a clip file/);
});

test("a head of an unknown version, encoding or size is refused", () => {
  for (const wrong of [{ version: 2 }, { encoding: "webp" }, { colour: "cmyk" }, { rows: 0 }, { frames: 1.5 }]) {
    assert.throws(() => new PackReader().push(packBytes(headOf(4, wrong), FRAMES)), PackError, JSON.stringify(wrong));
  }
});

test("an index that runs backwards is refused", () => {
  const bytes = packBytes(headOf(4), FRAMES);
  const head_end = 12 + new DataView(bytes.buffer).getUint32(8, true);
  new DataView(bytes.buffer).setUint32(head_end + 4, 4_000_000_000, true);
  assert.throws(() => new PackReader().push(bytes), /index/);
});
