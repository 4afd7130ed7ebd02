import assert from "node:assert/strict";
import { test } from "node:test";
import { activeStop, activeTimeline, wantedFrame } from "../../viewer/player/web/position.js";
import { play } from "../../viewer/player/web/playback.js";
import {
  changeSpeed, chapter, choose, cycleRepeat, initialState, repeatRange, seek, setLink, setSlice, step, stepSlice, toEnd, toggleShown, togglePin, togglePlay, toPeak, toRest, updateScene,
} from "../../viewer/player/web/requests.js";
import { clipOf, panelOf, sceneOf } from "./making.js";

const CHAPTERS = [
  { name: "rest", first_frame_index: 2, last_frame_index: 9 },
  { name: "contracting", first_frame_index: 10, last_frame_index: 14 },
  { name: "hold", first_frame_index: 15, last_frame_index: 24 },
];
const rest = panelOf("rest", clipOf(20, { sha256: "a" }));
const contraction = panelOf("contraction", clipOf(30, { sha256: "b", chapters: CHAPTERS }));
const still = panelOf("static", clipOf(12, { sha256: "c", kind: "series" }), { start_frame_index: 5 });

const begin = (more) => initialState(sceneOf([still, rest, contraction], more), {});
const frames = (state) => state.scene.panels.map((panel) => wantedFrame(state, panel));
const after = (state, ...requests) => requests.reduce((now, request) => request(now), state);

test("the scrubber moves what moves and never the static view", () => {
  assert.deepEqual(frames(after(begin(), seek(7))), [5, 7, 7]);
  assert.deepEqual(frames(after(begin(), seek(25))), [5, 19, 25]);
});

test("steps stop at the ends", () => {
  assert.equal(activeStop(after(begin(), step(-3))), 0);
  assert.equal(activeStop(after(begin(), step(1000), step(1))), 29);
  assert.equal(activeStop(after(begin(), toEnd(1), step(-1))), 28);
});

test("a step stops the playing where it is", () => {
  const playing = after(begin(), seek(4), togglePlay);
  assert.equal(playing.playing, true);
  const stepped = after(playing, step(1));
  assert.equal(stepped.playing, false);
  assert.equal(activeStop(stepped), 5);
});

test("a pinned panel holds its frame until it is freed, then joins the others", () => {
  const pinned = after(begin(), seek(3), togglePin("rest"), seek(11));
  assert.deepEqual(frames(pinned), [5, 3, 11]);
  assert.deepEqual(frames(after(pinned, togglePin("rest"))), [5, 11, 11]);
});

test("a scene may begin with a pin", () => {
  const state = initialState(sceneOf([{ ...rest, pinned_frame_index: 4 }, contraction]), {});
  assert.deepEqual(frames(after(state, seek(9))), [4, 9]);
});

test("a pinned leader hands the scrubber on and the others stay where they are", () => {
  const state = after(begin(), seek(9), togglePin("contraction"));
  assert.deepEqual(frames(state), [5, 9, 9]);
  assert.equal(activeTimeline(state).leader_id, "rest");
  assert.deepEqual(frames(after(state, step(1))), [5, 10, 9]);
});

test("without a chosen panel that moves the contraction leads, else the first that does", () => {
  const leads = (...panels) => activeTimeline({ ...initialState(sceneOf(panels), {}), active_id: "static" }).leader_id;
  assert.equal(leads(still, rest, contraction), "contraction");
  assert.equal(leads(still, rest), "rest");
});

test("unlinked panels move one at a time and each keeps its place", () => {
  const apart = after(begin(), seek(6), setLink("none"), choose("rest"), seek(2));
  assert.deepEqual(frames(apart), [5, 2, 6]);
  assert.deepEqual(frames(after(apart, choose("contraction"), step(1))), [5, 2, 7]);
});

test("panels linked again follow the one that leads", () => {
  const apart = after(begin(), setLink("none"), choose("rest"), seek(2), choose("contraction"), seek(8));
  assert.deepEqual(frames(after(apart, setLink("frame"))), [5, 8, 8]);
});

test("choosing a panel moves no frame", () => {
  for (const link of ["time", "frame", "none"]) {
    const state = after(begin({ link }), seek(13));
    assert.deepEqual(frames(after(state, choose("rest"), choose("contraction"))), frames(state), link);
  }
});

test("chapter keys go to the beginnings of chapters, else to the ends", () => {
  const on = [];
  let state = begin();
  for (let press = 0; press < 4; press += 1) on.push(activeStop(state = chapter(1)(state)));
  assert.deepEqual(on, [2, 10, 15, 29]);
  const back = [];
  for (let press = 0; press < 4; press += 1) back.push(activeStop(state = chapter(-1)(state)));
  assert.deepEqual(back, [15, 10, 2, 0]);
});

test("a chapter that is the last frame alone is reached too, one outside of the part is not", () => {
  const last = { name: "relaxing", first_frame_index: 19, last_frame_index: 25 };
  const part = panelOf("contraction", clipOf(30, { chapters: [...CHAPTERS, last] }), { first_frame_index: 10, last_frame_index: 19 });
  const state = initialState(sceneOf([part]), {});
  assert.deepEqual(frames(after(state, chapter(1), chapter(1))), [19]);
  assert.deepEqual(frames(after(state, toEnd(1), chapter(-1), chapter(-1), chapter(-1))), [10]);
});

test("rest is where the rest chapter begins, the peak is the middle of the hold", () => {
  assert.equal(activeStop(toRest(begin())), 2);
  assert.equal(activeStop(toPeak(begin())), 19);
});

test("without a hold chapter the peak key says so and stays", () => {
  const state = initialState(sceneOf([rest]), {});
  assert.match(toPeak(state).said.text, /hold/);
  assert.equal(activeStop(toPeak(state)), 0);
  assert.equal(activeStop(after(state, seek(5), toRest)), 0);
});

test("A and B may be set in either order; a third press clears them", () => {
  const state = after(begin(), seek(12), cycleRepeat, seek(4), cycleRepeat);
  assert.deepEqual(repeatRange(state), { first: 4, last: 12 });
  assert.deepEqual(repeatRange(cycleRepeat(state)), { first: 0, last: 29 });
});

test("playing stays between A and B and both ends are shown", () => {
  let state = after(begin(), seek(4), cycleRepeat, seek(6), cycleRepeat, togglePlay);
  const seen = new Set();
  let run = null;
  for (let tick = 0; tick < 120; tick += 1) {
    const played = play(run, state, tick * (1000 / 60), false);
    state = { ...state, heads_s: played.heads_s };
    run = { ...played.run, heads_s: state.heads_s };
    seen.add(activeStop(state));
  }
  assert.deepEqual([...seen].sort((a, b) => a - b), [4, 5, 6]);
});

test("twice the speed passes twice the frames", () => {
  const passed = [1, 2].map((speed) => {
    let state = { ...begin(), speed, playing: true };
    const first = play(null, state, 0, false);
    state = { ...state, heads_s: first.heads_s };
    return activeStop({ ...state, heads_s: play({ ...first.run, heads_s: state.heads_s }, state, 1000, false).heads_s });
  });
  assert.deepEqual(passed, [10, 20]);
});

test("the clock stands while a frame has not arrived", () => {
  const state = after(begin(), seek(3), togglePlay);
  const first = play(null, state, 0, true);
  assert.equal(activeStop({ ...state, heads_s: play(first.run, { ...state, heads_s: first.heads_s }, 5000, true).heads_s }), 3);
});

test("playing once from the end begins at the beginning", () => {
  const state = { ...after(begin(), toEnd(1)), play_mode: "once" };
  assert.equal(activeStop(togglePlay(state)), 0);
});

test("where nothing moves, play says so and the arrows turn the slices", () => {
  const state = initialState(sceneOf([still]), {});
  assert.equal(togglePlay(state).playing, false);
  assert.deepEqual(frames(step(2)(state)), [7]);
});

test("slices stop at the ends of the series", () => {
  assert.deepEqual(frames(after(begin(), stepSlice("static", 99)))[0], 11);
  assert.deepEqual(frames(after(begin(), setSlice("static", -4)))[0], 0);
});

test("the last panel cannot be hidden", () => {
  const one = after(begin(), toggleShown("static"), toggleShown("rest"));
  assert.equal(toggleShown("contraction")(one), one);
});

test("a hidden panel does not lengthen the axis", () => {
  assert.equal(activeTimeline(after(begin(), choose("rest"), toggleShown("contraction"))).stops_s.length, 20);
});

test("a part begins at its own first frame", () => {
  const part = panelOf("contraction", contraction.clip, { first_frame_index: 10, last_frame_index: 19, start_frame_index: 12 });
  const state = initialState(sceneOf([part]), {});
  assert.deepEqual(frames(state), [12]);
  assert.deepEqual(frames(after(state, toEnd(-1))), [10]);
  assert.deepEqual(frames(after(state, toEnd(1))), [19]);
});

test("a new scene of the same id keeps frames and views", () => {
  const state = after(begin(), seek(8));
  const next = updateScene(sceneOf([still, rest, { ...contraction, title: "Another title" }]))(state);
  assert.deepEqual(frames(next), [5, 8, 8]);
  assert.equal(next.views, state.views);
});

test("speed is said aloud", () => {
  assert.equal(changeSpeed(-1)(begin()).said.text, "Speed ½×");
  const slowest = after(begin(), changeSpeed(-1), changeSpeed(-1), changeSpeed(-1));
  assert.deepEqual([slowest, changeSpeed(1)(slowest), after(slowest, changeSpeed(1), changeSpeed(1), changeSpeed(1), changeSpeed(1))].map(({ speed }) => speed), [0.25, 0.5, 2]);
});
