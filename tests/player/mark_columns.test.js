import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, leadersCross } from "../../viewer/player/web/mark_columns.js";

const ROOM = { left: 3, right: 409, top: 32, bottom: 330 };
const SIZE = { width: 110, height: 17 };

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    return state / 2 ** 32;
  };
}

const at = (name, x, y, reach = 0) => ({ mark_id: name, x, y, left_x: x - reach, left_y: y, right_x: x + reach, right_y: y });

function drawn(seed, most = 26) {
  const random = randomFrom(seed);
  return Array.from({ length: 1 + Math.floor(random() * most) }, (_, n) => at(`m${n}`, ROOM.left + random() * 400, ROOM.top + random() * 290, random() * 30));
}

const feetOf = (tied, berths) => new Map(berths.map(({ mark_id, side }) => {
  const own = tied.find((each) => each.mark_id === mark_id);
  return [mark_id, side === "left" ? [own.left_x, own.left_y] : [own.right_x, own.right_y]];
}));
const apart = (one, other) => one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;

test("every label has a berth inside of the room, and none covers another", () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const tied = drawn(seed);
    const berths = columnsOf(tied, SIZE, ROOM, []);
    assert.ok(berths, `seed ${seed}`);
    assert.equal(new Set(berths.map(({ mark_id }) => mark_id)).size, tied.length);
    for (const [n, one] of berths.entries()) {
      assert.ok(one.x >= ROOM.left && one.x + one.width <= ROOM.right && one.y >= ROOM.top && one.y + one.height <= ROOM.bottom);
      for (const other of berths.slice(n + 1)) assert.ok(apart(one, other), `seed ${seed}`);
    }
  }
});

test("no two leaders cross", () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const tied = drawn(seed);
    const berths = columnsOf(tied, SIZE, ROOM, []);
    const feet = feetOf(tied, berths);
    for (const [n, one] of berths.entries()) {
      for (const other of berths.slice(n + 1)) assert.ok(!leadersCross(one, feet.get(one.mark_id), other, feet.get(other.mark_id)), `seed ${seed}: ${one.mark_id} and ${other.mark_id}`);
    }
  }
});

test("a small motion of the marks leaves nearly every label where it is", () => {
  let moved = 0;
  let all = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const tied = drawn(seed, 12);
    const random = randomFrom(seed + 9_000);
    const nudged = tied.map((each) => {
      const [dx, dy] = [random() - 0.5, random() - 0.5];
      return { ...each, x: each.x + dx, y: each.y + dy, left_x: each.left_x + dx, right_x: each.right_x + dx, left_y: each.left_y + dy, right_y: each.right_y + dy };
    });
    const before = new Map(columnsOf(tied, SIZE, ROOM, []).map((berth) => [berth.mark_id, berth]));
    for (const berth of columnsOf(nudged, SIZE, ROOM, [])) {
      all += 1;
      if (before.get(berth.mark_id).y !== berth.y || before.get(berth.mark_id).side !== berth.side) moved += 1;
    }
  }
  assert.ok(moved / all < 0.1, `${moved} of ${all}`);
});

test("labels keep off the finding", () => {
  const finding = { x: 80, y: 100, width: 250, height: 120 };
  for (const berth of columnsOf(drawn(7, 12), SIZE, ROOM, [finding])) assert.ok(apart(berth, finding));
});

test("what one column cannot hold goes to the other, and too many have no place", () => {
  const crowd = (count) => Array.from({ length: count }, (_, n) => at(`m${n}`, 60, 40 + n * 5));
  assert.equal(new Set(columnsOf(crowd(20), SIZE, ROOM, []).map(({ side }) => side)).size, 2);
  assert.equal(columnsOf(crowd(40), SIZE, ROOM, []), null);
});
