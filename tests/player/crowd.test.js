import assert from "node:assert/strict";
import { test } from "node:test";
import { CROWD_FROM, isCrowd, liesStill } from "../../viewer/player/web/crowd.js";

const many = (count) => Array.from({ length: count }, (_, at) => ({ mark_id: `m${at}` }));
const mark = (places_px, unsure_frame_indices = []) => ({ mark_id: "m", places_px, unsure_frame_indices });

test("a crowd is counted by what is shown", () => {
  assert.equal(isCrowd(many(CROWD_FROM - 1), []), false);
  assert.equal(isCrowd(many(CROWD_FROM), []), true);
  assert.equal(isCrowd(many(CROWD_FROM), ["m3"]), false);
  assert.equal(isCrowd(many(CROWD_FROM + 1), ["m3", "of another clip"]), true);
});

test("a mark lies still that every frame shows alike", () => {
  assert.equal(liesStill(mark([[1, 2], [1, 2]])), true);
  assert.equal(liesStill(mark([[1, 2], [1, 2.5]])), false);
  assert.equal(liesStill(mark([[1, 2], null])), false, "it goes");
  assert.equal(liesStill(mark([null, [1, 2]])), false, "it comes");
  assert.equal(liesStill(mark([[1, 2], [1, 2]], [1])), false, "it becomes unsure");
  assert.equal(liesStill(mark([])), false);
});
