import assert from "node:assert/strict";
import { test } from "node:test";
import { backFromBeside, besideKey, framesBeside, putBeside, showBeside } from "../../viewer/player/web/beside.js";
import { besideIn, searchWith } from "../../viewer/player/web/deep_link.js";
import { ownScene } from "../../viewer/player/web/lent_panels.js";
import { shownPanels, wantedFrame } from "../../viewer/player/web/position.js";
import { initialState, updateScene } from "../../viewer/player/web/requests.js";
import { clipOf, panelOf, sceneOf } from "./making.js";

const frameOf = (frame_index) => ({ frame_id: `f${frame_index}`, frame_index, title: `Frame ${frame_index}`, text_alternative: "It is open." });
const [REST, PEAK] = [frameOf(2), frameOf(12)];

/** A static view, and one clip in two panels, as the case of the tear has it. */
function stateOf(second_clip = "a") {
  const panels = [
    panelOf("static", clipOf(5, { kind: "series" })), panelOf("rest", clipOf(20), { clip_id: "a", pinned_frame_index: 1 }),
    panelOf("contraction", clipOf(20), { clip_id: second_clip }),
  ];
  const marks = [...new Set(["a", second_clip])].map((clip_id) => ({ clip_id, marks: [], annotated_frames: [REST, PEAK] }));
  return initialState(sceneOf(panels, { marks }), {});
}

const shows = (state) => shownPanels(state).map((panel) => [panel.panel_id, wantedFrame(state, panel)]);
const after = (state, ...requests) => requests.reduce((now, request) => request(now), state);

test("two frames of one clip stand side by side in its two panels, without the static view", () => {
  const state = after(stateOf(), putBeside("a", REST), putBeside("a", PEAK));
  assert.deepEqual(shows(state), [["rest", 2], ["contraction", 12]]);
  assert.equal(state.layout, "side");
  assert.match(state.said.text, /Frame 2, beside: Frame 12/);
});

test("frames of two clips stand in the panels of their clips, whichever is chosen first", () => {
  const state = after(stateOf("b"), putBeside("b", PEAK), putBeside("a", REST));
  assert.deepEqual(shows(state), [["rest", 2], ["contraction", 12]]);
});

test("the same key goes back to what was shown before, from the second pair too", () => {
  const before = stateOf();
  const two = after(before, putBeside("a", REST), putBeside("a", PEAK), putBeside("a", PEAK), putBeside("a", REST));
  assert.deepEqual(shows(two), [["rest", 12], ["contraction", 2]]);
  const back = besideKey(two);
  assert.deepEqual(shows(back), shows(before));
  assert.deepEqual([back.pins, back.layout, back.marks_off], [before.pins, before.layout, before.marks_off]);
  assert.equal(backFromBeside(back), back);
});

test("the key chooses the annotated frame on screen, and says so where there is none", () => {
  const away = besideKey(stateOf());
  assert.equal(away.beside.chosen, null);
  assert.match(away.said.text, /annotated frame first/);
  const there = { ...stateOf(), pins: { ...stateOf().pins, rest: REST.frame_index } };
  assert.equal(besideKey(there).beside.chosen.frame, REST);
});

test("a frame chosen twice is let go", () => {
  assert.equal(after(stateOf(), putBeside("a", REST), putBeside("a", REST)).beside.chosen, null);
});

const idsOf = (state) => state.scene.panels.map((panel) => panel.panel_id);

test("where a clip has one panel only, another is lent to it, with its zoom, and goes with the two frames", () => {
  const before = stateOf("b");
  const zoomed = { ...before, views: { ...before.views, rest: { ...before.views.rest, zoom: 2 } } };
  const two = after(zoomed, putBeside("a", REST), putBeside("a", PEAK));
  assert.deepEqual(shows(two), [["rest", 2], ["beside:1:a", 12]]);
  assert.equal(two.views["beside:1:a"].zoom, 2);
  const back = besideKey(two);
  assert.deepEqual([idsOf(back), shows(back)], [idsOf(before), shows(before)]);
  assert.deepEqual(shows(after(two, putBeside("a", PEAK), putBeside("a", REST))), [["rest", 12], ["beside:1:a", 2]]);
});

test("of a panel that shows a part of the clip, the frame outside of it stands in a lent panel on its own side", () => {
  const marks = [{ clip_id: "a", marks: [], annotated_frames: [REST, PEAK] }];
  const scene = sceneOf([panelOf("rest", clipOf(20), { clip_id: "a", first_frame_index: 0, last_frame_index: 5 })], { marks });
  assert.deepEqual(shows(after(initialState(scene, {}), putBeside("a", PEAK), putBeside("a", REST))), [["beside:1:a", 12], ["rest", 2]]);
  const outside = sceneOf([panelOf("rest", clipOf(20), { clip_id: "a", first_frame_index: 4, last_frame_index: 6, start_frame_index: 4 })], { marks });
  assert.deepEqual(shows(after(initialState(outside, {}), putBeside("a", REST), putBeside("a", PEAK))), [["beside:1:a", 2], ["beside:2:a", 12]]);
});

test("two slices of a series stand side by side as two frames do", () => {
  const marks = [{ clip_id: "clip-static", marks: [], annotated_frames: [frameOf(1), frameOf(3)] }];
  const state = initialState(sceneOf([panelOf("static", clipOf(5, { kind: "series" })), panelOf("contraction", clipOf(20))], { marks }), {});
  const two = after(state, putBeside("clip-static", frameOf(1)), putBeside("clip-static", frameOf(3)));
  assert.deepEqual(shows(two), [["static", 1], ["beside:1:clip-static", 3]]);
  assert.deepEqual(shows(besideKey(two)), shows(state));
});

test("new words of the scene leave the two frames where they are", () => {
  const two = after(stateOf("b"), putBeside("a", REST), putBeside("a", PEAK));
  const scene = sceneOf(stateOf("b").scene.panels, { marks: two.marks, title: "Renamed" });
  const updated = updateScene(scene)(two);
  assert.deepEqual([shows(updated), updated.scene.title], [shows(two), "Renamed"]);
  assert.deepEqual(ownScene(updated.scene), scene);
});

test("an address names the two frames, and opens the same view", () => {
  const two = after(stateOf("b"), putBeside("a", REST), putBeside("a", PEAK));
  const search = searchWith("?compare=x&beside=old.1", "case", { clip_id: "a", frame_number: 13 }, framesBeside(two));
  assert.equal(search, "?compare=x&case=case&clip=a&frame=13&beside=a.3&beside=a.13");
  const opened = showBeside(besideIn(search))(stateOf("b"));
  assert.deepEqual(shows(opened), shows(two));
  assert.deepEqual(shows(besideKey(opened)), shows(stateOf("b")));
  assert.equal(searchWith(search, "case", { clip_id: "a", frame_number: 2 }, framesBeside(besideKey(opened))), "?compare=x&case=case&clip=a&frame=2");
});

test("an address that names what this comparison has not changes nothing", () => {
  for (const search of ["?beside=a.3", "?beside=a.3&beside=z.4", "?beside=a.3&beside=a.21", "?beside=a.0&beside=a.3", "?beside=a.x&beside=.4", "?beside=a.1&beside=a.2&beside=a.3"]) {
    const state = stateOf();
    assert.equal(showBeside(besideIn(search))(state), state, search);
  }
});
