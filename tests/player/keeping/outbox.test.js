import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Outbox } from "../../../viewer/player/web/keeping/outbox.js";
import { memoryStorage } from "../../../viewer/player/web/keeping/outbox_storage.js";
import { Server } from "../../../viewer/player/web/keeping/server.js";
import { Endpoint, gestureOf, lock, until } from "./endpoint.js";

let endpoint;
let root;
const open = [];

beforeEach(async () => {
  endpoint = new Endpoint();
  root = await endpoint.start();
});

afterEach(async () => {
  for (const tab of open.splice(0)) tab.close();
  await endpoint.stop();
});

/** One tab: an outbox on a storage that others may share. */
async function openTab(storage = memoryStorage(), alone = lock(), others = []) {
  const server = new Server(root);
  const acknowledged = [];
  const tab = new Outbox({
    storage, alone, send: (gesture) => server.send(gesture), changed: () => undefined,
    stored: () => others.forEach((other) => other !== tab && void other.hear()), kept: (gesture, kept) => acknowledged.push([gesture.id, kept.heads]),
  });
  others.push(tab);
  open.push(tab);
  await tab.start();
  return { tab, storage, acknowledged };
}

const ids = () => endpoint.kept.map(({ id }) => id);
const basesOf = (id) => endpoint.kept.find((gesture) => gesture.id === id)?.bases;

test("what another tab was refused is nothing that this tab's author rests on", async () => {
  const [storage, alone, tabs] = [memoryStorage(), lock(), []];
  await openTab(storage, alone, tabs); // it sends
  const draws = await openTab(storage, alone, tabs);
  draws.tab.keep(gestureOf("a"));
  await until(() => draws.tab.waiting.length === 0);
  draws.tab.close(); // it draws on, and leaves the sending to the other
  endpoint.faults = [422];
  draws.tab.keep(gestureOf("bad"));
  await until(() => draws.tab.refused.length === 1);
  draws.tab.keep(gestureOf("c", "gap", { bases: ["bad"] }));
  draws.tab.keep(gestureOf("d"));
  await until(() => ids().includes("d"));
  assert.deepEqual([basesOf("c"), basesOf("d")], [["a"], ["c"]]);
});

test("what waits is given in the order in which it was drawn, however it came into the storage", async () => {
  const storage = memoryStorage();
  for (const [id, order, refused] of [["c", 3, null], ["a", 1, "no"], ["b", 2, null], ["a2", 2, null]]) await storage.put({ id, order, refused });
  assert.deepEqual((await storage.all()).map(({ id }) => id), ["a", "a2", "b", "c"]);
  assert.equal((await storage.first()).id, "a2", "the first that was not refused");
});

test("a gesture is sent, acknowledged and forgotten", async () => {
  const { tab, storage, acknowledged } = await openTab();
  tab.keep(gestureOf("a"));
  assert.equal(tab.waiting.length, 1);
  await until(() => tab.waiting.length === 0);
  assert.deepEqual(ids(), ["a"]);
  assert.deepEqual(await storage.all(), []);
  assert.deepEqual(acknowledged, [["a", ["a"]]]);
});

test("strokes drawn before the first is acknowledged rest on each other", async () => {
  const { tab } = await openTab();
  tab.keep(gestureOf("a"));
  tab.keep(gestureOf("b"));
  tab.keep(gestureOf("other", "stump"));
  tab.keep(gestureOf("c"));
  await until(() => tab.waiting.length === 0);
  assert.deepEqual(ids(), ["a", "b", "other", "c"]);
  assert.deepEqual([basesOf("b"), basesOf("c"), basesOf("other")], [["a"], ["b"], []]);
  assert.deepEqual(endpoint.headsOf("gap"), ["c"]);
});

test("a stroke rests on the own one before it, even if it names what was there before that", async () => {
  const { tab } = await openTab();
  tab.keep(gestureOf("a", "gap", { bases: ["seed"] }));
  await until(() => tab.waiting.length === 0);
  tab.keep(gestureOf("b", "gap", { bases: ["seed"] }));
  tab.keep(gestureOf("c", "gap", { bases: ["seed", "theirs"] }));
  await until(() => tab.waiting.length === 0);
  assert.deepEqual([basesOf("b"), basesOf("c")], [["a"], ["b", "theirs"]]);
});

test("what others changed is not taken for seen", async () => {
  const { tab } = await openTab();
  tab.keep(gestureOf("a"));
  await until(() => tab.waiting.length === 0);
  endpoint.kept.push(gestureOf("theirs", "gap", { bases: ["a"] }));
  tab.keep(gestureOf("mine", "gap", { bases: ["a"] }));
  await until(() => tab.waiting.length === 0);
  assert.deepEqual(endpoint.headsOf("gap"), ["theirs", "mine"]);
});

test("an answer that is lost doubles nothing", async () => {
  const { tab } = await openTab();
  endpoint.faults = ["lost", "lost"];
  tab.keep(gestureOf("a"));
  tab.keep(gestureOf("b"));
  await until(() => tab.waiting.length === 0);
  assert.deepEqual(ids(), ["a", "b"]);
  assert.equal(endpoint.requests, 4);
});

test("without the server gestures wait, and are told to be waiting", async () => {
  const { tab } = await openTab();
  endpoint.faults = [503, "cut", 502, "ok"];
  tab.keep(gestureOf("a"));
  await until(() => tab.offline);
  assert.equal(tab.waiting.length, 1);
  await until(() => {
    tab.wake(); // the connection is back
    return tab.waiting.length === 0;
  });
  assert.equal(tab.offline, false);
  assert.deepEqual(ids(), ["a"]);
});

test("a view of the outbox that is older than a stroke does not hide it", async () => {
  const storage = memoryStorage();
  const all = async () => {
    const seen = await storage.all();
    await new Promise((resolve) => setTimeout(resolve, 10));
    return seen;
  };
  const { tab } = await openTab({ ...storage, all });
  endpoint.faults = [503];
  const reading = tab.refresh();
  tab.keep(gestureOf("a"));
  await reading;
  assert.deepEqual(tab.waiting.map(({ id }) => id), ["a"]);
});

test("a gesture waits over a reload", async () => {
  const before = await openTab();
  endpoint.faults = ["cut"];
  before.tab.keep(gestureOf("a"));
  await until(() => before.tab.offline);
  before.tab.close();
  const after = await openTab(before.storage);
  assert.equal(after.tab.refused.length, 0);
  after.tab.keep(gestureOf("b"));
  await until(() => after.tab.waiting.length === 0);
  assert.deepEqual(ids(), ["a", "b"]);
  assert.deepEqual(basesOf("b"), ["a"], "the author saw what waited");
});

for (const status of [409, 413, 422]) {
  test(`a gesture that is refused with ${status} is kept aside with its sentence, and what followed rests on what it rested on`, async () => {
    const { tab, storage } = await openTab();
    endpoint.faults = ["ok", status];
    tab.keep(gestureOf("a"));
    tab.keep(gestureOf("bad"));
    tab.keep(gestureOf("c"));
    await until(() => tab.waiting.length === 0);
    assert.deepEqual(ids(), ["a", "c"]);
    assert.deepEqual(basesOf("c"), ["a"]);
    assert.deepEqual(tab.refused.map(({ id, refused }) => [id, refused]), [["bad", `Refused with ${status}.`]]);
    await tab.drop("bad");
    assert.deepEqual(await storage.all(), []);
    assert.deepEqual(tab.refused, []);
  });
}

test("who may not write any more loses nothing: it waits until she may", async () => {
  const { tab } = await openTab();
  endpoint.faults = [403];
  tab.keep(gestureOf("a"));
  await until(() => tab.forbidden !== null);
  assert.equal(tab.forbidden, "Refused with 403.");
  assert.equal(tab.waiting.length, 1);
  tab.wake();
  await until(() => tab.waiting.length === 0);
  assert.equal(tab.forbidden, null);
  assert.deepEqual(ids(), ["a"]);
});

test("what a tab could not send before it was closed, another one sends", async () => {
  const [storage, alone, tabs] = [memoryStorage(), lock(), []];
  const leaves = await openTab(storage, alone, tabs);
  await openTab(storage, alone, tabs);
  leaves.tab.close();
  leaves.tab.keep(gestureOf("a"));
  await until(() => ids().length === 1);
});

test("tabs share one outbox, and no gesture is under way twice", async () => {
  const [storage, alone, tabs] = [memoryStorage(), lock(), []];
  const one = await openTab(storage, alone, tabs);
  const two = await openTab(storage, alone, tabs);
  for (let turn = 0; turn < 10; turn += 1) {
    one.tab.keep(gestureOf(`one-${turn}`, "one"));
    two.tab.keep(gestureOf(`two-${turn}`, "two"));
  }
  await until(() => one.tab.waiting.length === 0 && two.tab.waiting.length === 0);
  assert.equal(endpoint.requests, 20);
  assert.equal(endpoint.most_at_once, 1);
  assert.deepEqual([endpoint.headsOf("one"), endpoint.headsOf("two")], [["one-9"], ["two-9"]]);
});

/** Numbers that look random and are the same each time. */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

for (let seed = 1; seed <= 12; seed += 1) {
  test(`whatever happens, nothing is lost and nothing doubled (walk ${seed})`, async () => {
    const pick = chance(seed);
    const [storage, alone, tabs] = [memoryStorage(), lock(), []];
    const drawn = [];
    let here = [(await openTab(storage, alone, tabs)).tab];
    const steps = [
      () => {
        const id = `g${drawn.length}`;
        const item = `item-${pick(3)}`;
        drawn.push({ id, item });
        here[pick(here.length)].keep(gestureOf(id, item));
      },
      () => endpoint.faults.push(...["lost", "cut", 503, 502, 403, 422].slice(pick(6)).slice(0, 1)),
      () => here.forEach((tab) => tab.wake()),
      async () => {
        if (here.length < 3) here.push((await openTab(storage, alone, tabs)).tab);
      },
      async () => { // a reload
        await Promise.all(here.map((tab) => tab.refresh())); // what was put is stored by now
        here.splice(pick(here.length), 1)[0].close();
        if (here.length === 0) here = [(await openTab(storage, alone, tabs)).tab];
      },
      () => new Promise((resolve) => setTimeout(resolve, pick(12))),
    ];
    for (let step = 0; step < 60; step += 1) await steps[pick(3) === 0 ? pick(steps.length) : 0]();
    endpoint.faults = [];
    await until(() => {
      here.forEach((tab) => tab.wake());
      return here.every((tab) => tab.waiting.length === 0);
    });
    const refused = (await storage.all()).map(({ id }) => id);
    assert.deepEqual([...ids(), ...refused].sort(), drawn.map(({ id }) => id).sort());
    assert.equal(new Set(ids()).size, ids().length);
    const replaced = new Set(endpoint.kept.flatMap(({ bases }) => bases));
    assert.ok([...replaced].every((base) => ids().includes(base)), "nothing rests on what was never kept");
  });
}
