// Which calipers of an opened clip are told to the server, and when.
import assert from "node:assert/strict";
import test from "node:test";
import { boardOf } from "../../../viewer/player/web/drawing/board.js";
import { gapCalipers, tellGap } from "../../../viewer/player/web/drawing/placed_gap.js";
import { clipOf, panelOf, sceneOf } from "../making.js";

const GAP = { scheme: "99MSUS", code: "GAP", meaning: "Gap between torn muscle ends" };
const mark = (id, more = {}) => ({ id, clip: "clip-contraction", kind: "caliper", concept: GAP, place: {}, ...more });
const board = (...marks) => boardOf([{ layer: { id: "private" }, marks, frames: [], is_private: true }], "private");
const scene = (more = {}) => sceneOf([panelOf("rest", clipOf(4, { sha256: "r" })), panelOf("contraction", clipOf(4, { sha256: "c" }))], more);

test("calipers with the concept of the gap are named by the pixels that they lie on", () => {
  const found = gapCalipers(scene(), board(mark("a"), mark("b", { kind: "arrow" }), mark("c", { concept: null }), mark("d", { clip: "clip-rest" })));
  assert.deepEqual(Object.entries(found).map(([sha256, marks]) => [sha256, marks.map(({ id }) => id)]), [["r", ["d"]], ["c", ["a"]]]);
});

test("a change is told once, also by a player that is built anew, and so is the last caliper's end", () => {
  const root = new EventTarget();
  const told = [];
  root.addEventListener("msus-gap", ({ detail }) => told.push(detail.c.length));
  const opened = scene({ scene_id: "told" });
  for (const marks of [[], [mark("a")], [mark("a")], [], []]) tellGap(root, opened, board(...marks));
  assert.deepEqual(told, [1, 0]);
});

test("of a case nothing is told: its marks are kept by the server", () => {
  const root = new EventTarget();
  root.addEventListener("msus-gap", () => assert.fail("told"));
  tellGap(root, scene({ scene_id: "case", deep_link_case: "case" }), board(mark("a")));
});
