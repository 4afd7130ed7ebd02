import assert from "node:assert/strict";
import { test } from "node:test";
import { reduce, reducedSize, reductionFor } from "../../viewer/player/web/reduce.js";

const grey = (values) => ({ kind: "grey8", samples: Uint8Array.from(values) });

test("a pixel of the small picture is the mean of those it stands for", () => {
  const frame = grey([0, 100, 10, 20, 200, 100, 30, 40]);
  assert.deepEqual([...reduce(frame, { columns: 4, rows: 2 }, 2).samples], [100, 25]);
});

test("speckle that changes from pixel to pixel becomes an even grey", () => {
  const columns = 40;
  const samples = Array.from({ length: columns * columns }, (_, at) => ((at + Math.floor(at / columns)) % 2) * 200);
  assert.ok(reduce(grey(samples), { columns, rows: columns }, 4).samples.every((value) => value === 100));
});

test("a quarter is the mean of sixteen", () => {
  const samples = Array.from({ length: 64 }, (_, at) => (at * 37) % 256);
  const means = [0, 4].flatMap((top) => [0, 4].map((left) => {
    let sum = 0;
    for (let y = 0; y < 4; y += 1) for (let x = 0; x < 4; x += 1) sum += samples[(top + y) * 8 + left + x];
    return sum / 16;
  }));
  [...reduce(grey(samples), { columns: 8, rows: 8 }, 4).samples].forEach((value, at) => assert.ok(Math.abs(value - means[at]) <= 1));
});

test("an odd edge stands for the pixels that are left", () => {
  assert.deepEqual(reducedSize({ columns: 5, rows: 3 }, 2), { columns: 3, rows: 2 });
  const frame = grey([1, 1, 2, 2, 9, 1, 1, 2, 2, 9, 5, 5, 6, 6, 7]);
  assert.deepEqual([...reduce(frame, { columns: 5, rows: 3 }, 2).samples], [1, 2, 9, 5, 6, 7]);
});

test("colours are reduced channel by channel, and signed samples keep their sign", () => {
  const red_blue = { kind: "rgba", samples: Uint8ClampedArray.of(200, 0, 0, 255, 0, 0, 100, 255) };
  assert.deepEqual([...reduce(red_blue, { columns: 2, rows: 1 }, 2).samples], [100, 0, 50, 255]);
  assert.deepEqual([...reduce({ kind: "int16", samples: Int16Array.of(-300, -100) }, { columns: 2, rows: 1 }, 2).samples], [-200]);
});

test("what is shown large enough is not touched", () => {
  const frame = grey([1, 2, 3, 4]);
  assert.equal(reduce(frame, { columns: 2, rows: 2 }, 1), frame);
  assert.deepEqual([2, 1, 0.7, 0.5, 0.31, 0.2].map(reductionFor), [1, 1, 1, 2, 2, 4]);
});
