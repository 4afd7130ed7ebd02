import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../viewer/player/web/store.js";

test("the state is frozen", () => {
  const store = createStore({ frame: 1 });
  assert.throws(() => { store.state().frame = 2; }, TypeError);
  store.request(() => ({ frame: 2 }));
  assert.ok(Object.isFrozen(store.state()));
});

test("the same state back tells nobody", () => {
  const store = createStore({ frame: 1 });
  let told = 0;
  store.subscribe(() => (told += 1));
  store.request((state) => state);
  assert.equal(told, 0);
  store.request(() => ({ frame: 2 }));
  assert.equal(told, 1);
});

test("a watcher hears at once and then only of its own part", () => {
  const store = createStore({ frame: 1, speed: 1 });
  const heard = [];
  store.watch((state) => state.frame, (frame) => heard.push(frame));
  store.request((state) => ({ ...state, speed: 2 }));
  store.request((state) => ({ ...state, frame: 5 }));
  assert.deepEqual(heard, [1, 5]);
});

test("a request made while telling reaches everybody with the last state", () => {
  const store = createStore({ frame: 0 });
  const heard = [];
  store.subscribe(({ frame }) => frame === 1 && store.request(() => ({ frame: 2 })));
  store.subscribe(({ frame }) => heard.push(frame));
  store.request(() => ({ frame: 1 }));
  assert.equal(heard.at(-1), 2);
});

test("who has left hears nothing", () => {
  const store = createStore({ frame: 0 });
  let told = 0;
  const leave = store.subscribe(() => (told += 1));
  leave();
  store.request(() => ({ frame: 1 }));
  store.watch((state) => state.frame, () => (told += 10));
  store.close();
  store.request(() => ({ frame: 2 }));
  assert.equal(told, 10);
});
