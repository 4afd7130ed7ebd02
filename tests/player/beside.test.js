import assert from "node:assert/strict";
import { test } from "node:test";
import { backFromBeside, besideKey, putBeside } from "../../viewer/player/web/beside.js";
import { shownPanels, wantedFrame } from "../../viewer/player/web/position.js";
import { initialState } from "../../viewer/player/web/requests.js";
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

test("a frame chosen twice is let go, and a pair for which there are no two panels is refused in words", () => {
  assert.equal(after(stateOf(), putBeside("a", REST), putBeside("a", REST)).beside.chosen, null);
  const refused = after(stateOf("b"), putBeside("a", REST), putBeside("a", PEAK));
  assert.equal(refused.beside.before, null);
  assert.match(refused.said.text, /only one/);
});
