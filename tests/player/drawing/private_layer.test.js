import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { boardOf, changeOf, make, withoutShared } from "../../../viewer/player/web/drawing/board.js";
import { newMark } from "../../../viewer/player/web/drawing/edits.js";
import { FULL, PrivateLayer } from "../../../viewer/player/web/drawing/private_layer.js";
import { clipOf, panelOf, sceneOf } from "../making.js";

/** What a browser gives: texts by name, up to so many letters, told to other tabs. */
class Storage {
  texts = new Map();
  room = Infinity;
  getItem(name) {
    return this.texts.get(name) ?? null;
  }
  setItem(name, text) {
    if (text.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.texts.set(name, text);
  }
  removeItem(name) {
    this.texts.delete(name);
  }
}

const heard = new Set();
beforeEach(() => {
  heard.clear();
  globalThis.localStorage = new Storage();
  globalThis.sessionStorage = new Storage();
  globalThis.addEventListener = (_type, listener) => heard.add(listener);
  globalThis.removeEventListener = (_type, listener) => heard.delete(listener);
});

const CASE = sceneOf([panelOf("rest", clipOf(9, { sha256: "aa" })), panelOf("contraction", clipOf(9, { sha256: "bb" }))], { deep_link_case: "thigh" });
const KEY = "msus-marks/case/thigh/clip-rest";
const markOf = (id, clip = "clip-rest") => newMark({ id, clip, kind: "point", author: "", frame_index: 0, points_px: [[1, 2]], style: { colour: "yellow", line: "solid" } });
const put = (layer, mark) => layer.keep({ layer: "private", item: mark.id, kind: "mark", before: null, after: mark, at: 99 });
const idsOf = (layer) => layer.read().marks.map(({ id }) => id);

test("each clip of a case has an entry of its own, and none while it has no mark", () => {
  const layer = new PrivateLayer(CASE);
  assert.equal(put(layer, markOf("a")), null);
  assert.equal(put(layer, markOf("b", "clip-contraction")), null);
  assert.deepEqual([...localStorage.texts.keys()], [KEY, "msus-marks/case/thigh/clip-contraction"]);
  assert.deepEqual(JSON.parse(localStorage.getItem(KEY)).marks, [markOf("a")]);
  layer.keep({ layer: "private", item: "a", kind: "mark", before: markOf("a"), after: null, at: 0 });
  assert.deepEqual([idsOf(layer), localStorage.getItem(KEY)], [["b"], null]);
});

test("two tabs that draw on one clip lose nothing, and each hears of the other", () => {
  const [one, other] = [new PrivateLayer(CASE), new PrivateLayer(CASE)];
  const told = [];
  other.watch((sheet) => told.push(sheet.marks.length));
  put(one, markOf("a"));
  put(other, markOf("b"));
  put(one, markOf("c"));
  for (const hear of heard) for (const key of [KEY, "something else"]) hear({ key });
  assert.deepEqual([idsOf(one), idsOf(other), told], [["a", "b", "c"], ["a", "b", "c"], [3]]);
  other.close();
  assert.equal(heard.size, 0);
});

test("where the browser has no room one sentence says so, and what was kept stays", () => {
  const layer = new PrivateLayer(CASE);
  put(layer, markOf("a"));
  localStorage.room = 10;
  assert.equal(put(layer, markOf("b")), FULL);
  assert.deepEqual(idsOf(layer), ["a"]);
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: () => { throw new DOMException("no", "SecurityError"); } });
  assert.equal(put(layer, markOf("c")), FULL);
  assert.deepEqual(idsOf(layer), []);
  Object.defineProperty(globalThis, "localStorage", { configurable: true, writable: true, value: new Storage() });
});

test("an entry that another hand has broken is nothing", () => {
  for (const text of ["{", "null", "[]", '{"marks": 3}', '{"marks": [null, 3, {"id": "x"}, {"id": "y", "clip": "other", "place": {}}]}']) {
    localStorage.setItem(KEY, text);
    assert.deepEqual(idsOf(new PrivateLayer(CASE)), []);
  }
});

test("of a clip that was opened without a case nothing outlives the tab", () => {
  const layer = new PrivateLayer({ ...CASE, deep_link_case: null });
  put(layer, markOf("a"));
  assert.deepEqual([[...localStorage.texts.keys()], [...sessionStorage.texts.keys()]], [[], ["msus-marks/opened/aa"]]);
  const again = sceneOf([panelOf("contraction", clipOf(9, { sha256: "aa" }))], { deep_link_case: null });
  assert.deepEqual(new PrivateLayer(again).read().marks.map(({ id, clip }) => [id, clip]), [["a", "clip-contraction"]]);
});

test("who may not write any more keeps what is private, and can still take that back", () => {
  const sheet = (id, is_private) => ({ layer: { id, title: id, role: "reader" }, marks: [], frames: [], is_private });
  let board = boardOf([sheet("private", true), sheet("teacher", false)], "teacher");
  board = make(board, changeOf(board, "private", "mark", "a", markOf("a")));
  board = make(board, changeOf(board, "teacher", "mark", "b", markOf("b")));
  const left = withoutShared(board);
  assert.deepEqual([left.sheets.map(({ layer }) => layer.id), left.layer, left.chosen, left.past.length], [["private"], "private", null, 1]);
});
