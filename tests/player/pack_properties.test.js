// What holds for the pack reader whatever the pack, however it is cut into pieces, and whatever was spoiled.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PackError, PackReader } from "../../viewer/player/web/pack.js";
import { headOf, packBytes } from "./making.js";

const packs = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 }).map((frames) => ({ frames, bytes: packBytes(headOf(frames.length), frames) }));
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

/** Bytes cut into pieces at shares of their length. */
function piecesOf(bytes, shares) {
  const places = [0, ...shares.map((share) => Math.floor(share * bytes.length)).sort((one, other) => one - other), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

/** Frames of a pack; null where it was refused in words of ours. */
function readIn(pieces) {
  const reader = new PackReader();
  try {
    const frames = pieces.flatMap((piece) => reader.push(piece));
    reader.end();
    return frames;
  } catch (error) {
    assert.ok(error instanceof PackError, `${error}`);
    return null;
  }
}

test("any pack in any pieces gives its frames back", () => {
  fc.assert(fc.property(packs, cuts, ({ frames, bytes }, shares) => {
    assert.deepEqual(readIn(piecesOf(bytes, shares)), frames);
  }));
});

test("any bytes are read or refused in words of ours", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, shares) => void readIn(piecesOf(bytes, shares))));
});

test("a pack with any bytes overwritten is read or refused in words of ours, the same in any pieces", () => {
  const spoils = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(packs, spoils, cuts, ({ bytes }, changes, shares) => {
    const spoiled = bytes.slice();
    for (const [share, value] of changes) spoiled[Math.floor(share * (bytes.length - 1))] = value;
    assert.deepEqual(readIn(piecesOf(spoiled, shares)), readIn([spoiled]));
  }), { numRuns: 300 });
});

test("a head with any values is read or refused in words of ours", () => {
  const numbers = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(2 ** 31, 2 ** 53, 1e9, -1, 0));
  const heads = fc.record({ frames: fc.oneof(numbers, fc.jsonValue()), rows: numbers, columns: numbers, encoding: fc.string(), version: fc.constantFrom(1, 2) }, { requiredKeys: [] });
  fc.assert(fc.property(heads, (head) => void readIn([packBytes(headOf(2, head), [new Uint8Array(4), new Uint8Array(4)])])), { numRuns: 1_000 });
});
