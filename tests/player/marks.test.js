import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorsOf, allSaid, ellipse, isClosed, looksAlike, marksOf, onScreen, opacityAt, saidOf, shapesOn } from "../../viewer/player/web/marks.js";
import { Ink, labelSlots, numberSlots, spotIn } from "../../viewer/player/web/mark_labels.js";
import { hideOrShow, isOnScreen, panelFor, toAnnotated, toggleAllMarks, toggleDrawing, toggleLayer, toggleMark, toggleSpotlight } from "../../viewer/player/web/mark_requests.js";
import { toScreen } from "../../viewer/player/web/geometry.js";
import { initialState, togglePin } from "../../viewer/player/web/requests.js";
import { panelOf as panelNamed, wantedFrame } from "../../viewer/player/web/position.js";
import { clipOf, panelOf, sceneOf } from "./making.js";

const PLACE = { left: 10, top: 20, scale_x: 2, scale_y: 3, columns: 100, rows: 50, flip: false };
const BOX = { width: 400, height: 300 };

function markOf(mark_id, places_px, more = {}) {
  return { mark_id, kind: "polyline", label: mark_id, note: "", layer: "Teacher", colour: "#f0e442", line: "solid", places_px, unsure_frame_indices: [], ...more };
}

/** Seen on the frames of a range only. */
const seen = (frames, first, last) => Array.from({ length: frames }, (_, at) => (at >= first && at <= last ? [1, 2, 3, 4] : null));
const frameOf = (frame_index) => ({ frame_id: `f${frame_index}`, frame_index, title: "A title", text_alternative: "What is seen." });
const wishOf = (mark_id, x, y, more = {}) => ({ mark_id, anchors: [x, y], width: 60, height: 16, on_it: false, ...more });
const apart = (a, b) => a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

test("a mark comes and goes over two frames at the ends of its range", () => {
  const mark = markOf("a", seen(20, 5, 14));
  assert.deepEqual([4, 5, 6, 7, 12, 13, 14, 15].map((at) => opacityAt(mark, at)), [0, 0.4, 0.7, 1, 1, 0.7, 0.4, 0]);
});

test("the ends of the clip are no ends of the range", () => {
  const mark = markOf("a", seen(10, 0, 9));
  assert.deepEqual([0, 1, 9].map((at) => opacityAt(mark, at)), [1, 1, 1]);
});

test("a mark on few frames is plain on each of them", () => {
  assert.equal(opacityAt(markOf("a", seen(10, 4, 4)), 4), 1);
  assert.deepEqual([3, 4, 5, 6].map((at) => opacityAt(markOf("a", seen(10, 3, 6)), at)), [1, 1, 1, 1]);
  assert.deepEqual([0, 9].map((at) => opacityAt(markOf("a", seen(10, at, at)), at)), [1, 1]);
});

test("marks lie on the screen where every other point of the picture does, flipped or not", () => {
  for (const flip of [false, true]) {
    const place = { ...PLACE, flip };
    const at = toScreen(place, { x_px: 12.5, y_px: 7 });
    assert.deepEqual(onScreen([12.5, 7], place), [at.x, at.y]);
  }
});

test("only what is seen on the frame and not switched off is drawn", () => {
  const marks = [markOf("a", seen(10, 0, 4)), markOf("b", seen(10, 3, 9), { unsure_frame_indices: [4] }), markOf("c", seen(10, 0, 9))];
  const shapes = shapesOn(marks, 4, PLACE, ["c"]);
  assert.deepEqual(shapes.map(({ mark, unsure }) => [mark.mark_id, unsure]), [["a", false], ["b", true]]);
  assert.deepEqual(shapes[0].points, [12, 26, 16, 32]);
});

test("frames look alike where no mark that is on moves, comes, goes or grows unsure", () => {
  const moving = markOf("m", Array.from({ length: 20 }, (_, at) => [at, 2, 3, 4]));
  const still = markOf("s", seen(20, 0, 14).map((place) => place && [...place]), { unsure_frame_indices: [3] });
  assert.ok(looksAlike([still, moving], 5, 6, ["m"]) && looksAlike([still, moving], 16, 19, ["m"]) && looksAlike([moving], 4, 4, []));
  for (const [one, other] of [[2, 3], [12, 13], [13, 14], [14, 15]]) assert.ok(!looksAlike([still], one, other, []), `${one} ${other}`);
  assert.ok(!looksAlike([still, moving], 5, 6, []));
});

test("an ellipse passes through the ends of its half diameters", () => {
  const points = ellipse([10, 10, 14, 10, 10, 13]);
  assert.deepEqual(points.slice(0, 2), [14, 10]);
  assert.ok(Math.abs(points[24] - 10) < 1e-9 && Math.abs(points[25] - 13) < 1e-9);
});

test("a label may stand beside several points of a line, and beside the middle of a caliper", () => {
  const shape = (kind, points) => ({ mark: markOf("a", [], { kind }), points, opacity: 1, unsure: false, measure: "" });
  assert.deepEqual(anchorsOf(shape("caliper", [0, 0, 10, 20])).slice(0, 2), [5, 10]);
  assert.deepEqual(anchorsOf(shape("point", [3, 4])), [3, 4]);
  assert.equal(anchorsOf(shape("polyline", [0, 0, 1, 1, 2, 2])).length, 10);
  assert.deepEqual(["tissue", "ellipse", "polyline"].map((kind) => isClosed({ kind })), [true, true, false]);
});

const frameWith = (wishes, { ink = new Ink(BOX), reserved = [], findings = [] } = {}) => ({ wishes, ink, reserved, findings });

test("numbers have a place in any crowd; labels and numbers keep off each other and off what is reserved", () => {
  const wishes = Array.from({ length: 12 }, (_, at) => wishOf(`m${at}`, 200 + (at % 3), 150 + (at % 2)));
  const reserved = [{ x: 209, y: 0, width: 100, height: 300 }];
  assert.equal(labelSlots([frameWith(wishes, { reserved })], BOX), null);
  const small = wishes.map((wish) => ({ ...wish, width: 16, height: 16 }));
  const slots = numberSlots([frameWith(small, { reserved })], BOX);
  const spots = small.map((wish) => spotIn(slots.get(wish.mark_id), wish, BOX));
  for (const [at, spot] of spots.entries()) {
    assert.ok(spot.x >= 0 && spot.y >= 0 && spot.x + spot.width <= BOX.width && spot.y + spot.height <= BOX.height);
    assert.ok(apart(spot, reserved[0]));
    for (const other of spots.slice(at + 1)) assert.ok(apart(spot, other));
  }
  assert.ok(spots.some((spot) => spot.moved));
});

test("a label prefers a place without lines, and leaves the finding free", () => {
  const stands = (wish, ink) => spotIn(labelSlots([frameWith([wish], { ink })], BOX).get("a"), wish, BOX);
  const ink = new Ink(BOX);
  ink.add([205, 158, 395, 158], false);
  assert.equal(ink.under(stands(wishOf("a", 200, 150), ink)), 0);
  const full = new Ink(BOX);
  full.fill({ x: 100, y: 100, width: 200, height: 100 });
  assert.equal(full.under(stands(wishOf("a", 200, 104), full)), 0);
});

test("a number keeps its side of the mark on all frames, also where another were better on one of them", () => {
  const ways = [[200, 150], [210, 160], [380, 150]].map(([x, y]) => ({ ...wishOf("a", x, y), width: 16, height: 16 }));
  const alone = numberSlots([frameWith([ways[0]])], BOX).get("a");
  const whole = numberSlots(ways.map((wish) => frameWith([wish])), BOX).get("a");
  assert.notDeepEqual(whole, alone); // to the right it would leave the box on the last frame
  const sides = ways.map((wish) => spotIn(whole, wish, BOX)).map((spot, at) => [spot.x - ways[at].anchors[0], spot.y - ways[at].anchors[1]]);
  assert.deepEqual(sides[1], sides[0]);
  assert.deepEqual(sides[2], sides[0]);
});

test("a number stands off the finding; a text stands on its point", () => {
  const wish = { ...wishOf("a", 200, 150), width: 16, height: 16 };
  const finding = { x: 150, y: 140, width: 100, height: 60 };
  assert.ok(apart(spotIn(numberSlots([frameWith([wish], { findings: [finding] })], BOX).get("a"), wish, BOX), finding));
  const text = wishOf("a", 200, 150, { on_it: true });
  const spot = spotIn(labelSlots([frameWith([text])], BOX).get("a"), text, BOX);
  assert.deepEqual([spot.x + spot.width / 2, spot.y + spot.height / 2, spot.moved], [200, 150, false]);
});

const SAID = [{ clip_id: "clip-contraction", marks: [markOf("t/a", seen(20, 0, 19)), markOf("t/b", seen(20, 0, 19), { kind: "tissue" })], annotated_frames: [frameOf(7), frameOf(12)] }];

function stateOf(more = {}, panels = [panelOf("rest", clipOf(20)), panelOf("contraction", clipOf(20))]) {
  return initialState(sceneOf(panels, { marks: SAID, ...more }), {});
}

test("what is said of a clip is found by its id, once for two panels that show it", () => {
  const state = stateOf({}, [panelOf("rest", clipOf(20), { clip_id: "clip-contraction" }), panelOf("contraction", clipOf(20))]);
  assert.equal(allSaid(state).length, 1);
  assert.equal(saidOf(state, "clip-contraction"), SAID[0]);
  assert.deepEqual(saidOf(state, "another").marks, []);
  assert.deepEqual(allSaid(stateOf({ marks: [] })), []);
});

test("marks are switched off one by one and all together, and on again", () => {
  const state = toggleAllMarks(true)(stateOf());
  const off = toggleMark("t/a")(state);
  assert.deepEqual(off.marks_off, ["t/a"]);
  assert.deepEqual(toggleMark("t/a")({ ...off, marks_hidden: true }), { ...state, marks_hidden: false });
  assert.deepEqual(toggleAllMarks(false)(state).marks_off, ["t/a", "t/b"]);
  assert.deepEqual(toggleAllMarks(true)(toggleAllMarks(false)(state)).marks_off, []);
});

test("marks are off until somebody asks for them by H, by the list or by an annotated frame", () => {
  const state = stateOf();
  assert.deepEqual(state.marks_off, ["t/a", "t/b"]);
  const shown = hideOrShow(state);
  assert.deepEqual([shown.marks_off, shown.marks_hidden], [[], false]);
  assert.equal(hideOrShow(shown).marks_hidden, true);
  assert.deepEqual(toAnnotated("clip-contraction", frameOf(12))(state).marks_off, []);
});

test("a layer is switched off and on as a whole, and on it is seen", () => {
  const state = toggleAllMarks(true)(stateOf());
  assert.deepEqual(toggleLayer(["t/b"], false)(state).marks_off, ["t/b"]);
  const back = toggleLayer(["t/a", "t/b"], true)({ ...state, marks_off: ["t/a", "t/b", "other"], marks_hidden: true });
  assert.deepEqual([back.marks_off, back.marks_hidden], [["other"], false]);
});

test("with the drawing tools a pen is put away too, another tool stays", () => {
  const open = toggleDrawing({ ...stateOf(), marks_hidden: true });
  assert.deepEqual([open.drawing, open.marks_hidden], [true, false]);
  assert.equal(toggleDrawing({ ...open, tool: "ellipse" }).tool, "scrub");
  assert.equal(toggleDrawing({ ...open, tool: "pan" }).tool, "pan");
});

test("the mark in the hand takes the place of the one with its id", () => {
  const drawn = markOf("t/a", seen(20, 0, 19), { label: "moved", measureAt: () => "3 px" });
  const state = { ...stateOf(), draft: { clip_id: "clip-contraction", mark: drawn } };
  assert.deepEqual(marksOf(state, "clip-contraction").map(({ label }) => label), ["t/b", "moved"]);
  assert.equal(shapesOn(marksOf(state, "clip-contraction"), 4, PLACE, [])[1].measure, "3 px");
  assert.deepEqual(marksOf(state, "another"), []);
});

test("the spotlight shows its mark, and goes out with it", () => {
  const lit = toggleSpotlight("t/b")({ ...stateOf(), marks_hidden: true, marks_off: ["t/b"] });
  assert.deepEqual([lit.spotlight, lit.marks_hidden, lit.marks_off], ["t/b", false, []]);
  assert.equal(toggleSpotlight("t/b")(lit).spotlight, null);
  assert.equal(toggleMark("t/b")(lit).spotlight, null);
});

test("an annotated frame is gone to, held and read out", () => {
  const state = toAnnotated("clip-contraction", frameOf(12))({ ...stateOf(), playing: true });
  assert.equal(wantedFrame(state, panelNamed(state, "contraction")), 12);
  assert.equal(state.playing, false);
  assert.equal(state.said.text, "A title. What is seen.");
  assert.ok(isOnScreen(state, "clip-contraction", 12));
  assert.ok(!isOnScreen(state, "clip-contraction", 7));
});

test("of two panels with one clip the one that moves goes to the frame", () => {
  const panels = [panelOf("rest", clipOf(20), { clip_id: "clip-contraction", pinned_frame_index: 2 }), panelOf("contraction", clipOf(20))];
  const state = toAnnotated("clip-contraction", frameOf(7))(stateOf({}, panels));
  assert.equal(panelFor(state, "clip-contraction", 7).panel_id, "contraction");
  assert.deepEqual(["rest", "contraction"].map((id) => wantedFrame(state, panelNamed(state, id))), [2, 7]);
});

test("where all panels of a clip are held the first of them goes to the frame; a frame that is not shown says so", () => {
  const pinned = togglePin("contraction")(stateOf());
  const state = toAnnotated("clip-contraction", frameOf(7))(pinned);
  assert.equal(wantedFrame(state, panelNamed(state, "contraction")), 7);
  assert.match(toAnnotated("gone", frameOf(7))(pinned).said.text, /not shown/);
});
