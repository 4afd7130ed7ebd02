import assert from "node:assert/strict";
import { test } from "node:test";
import { effortOf, sameMoment } from "../../viewer/player/web/phase.js";
import { activeStop, hasPhases, wantedFrame } from "../../viewer/player/web/position.js";
import { choose, initialState, seek, setLink, step, togglePin } from "../../viewer/player/web/requests.js";
import { frameOn, momentOf, stopStart_s, timelineOf, trackOf } from "../../viewer/player/web/timeline.js";
import { clipOf, panelOf, sceneOf } from "./making.js";

const NAMES = ["rest", "contracting", "hold", "relaxing"];
/** Chapters that begin at the first four cuts and end before the next. */
const chaptersAt = (cuts) => NAMES.map((name, at) => ({ name, first_frame_index: cuts[at], last_frame_index: cuts[at + 1] - 1 }));
const effort = (panel_id, cuts, more = {}) => panelOf(panel_id, clipOf(more.frames ?? cuts[4], { sha256: panel_id, interval_s: 0.05, chapters: chaptersAt(cuts), ...more }));

const slow = effort("rest", [0, 10, 30, 50, 60]);
const quick = effort("contraction", [0, 20, 25, 30, 40], { interval_s: 0.04 });
const linked = (leader) => timelineOf([slow, quick].map(trackOf), "phase", leader);
const state = initialState(sceneOf([slow, quick], { link: "phase" }), {});
const frames = (now) => now.scene.panels.map((panel) => wantedFrame(now, panel));
const after = (now, ...requests) => requests.reduce((each, request) => request(each), now);

test("each chapter begins beside the same chapter of the other clip", () => {
  const timeline = linked("contraction");
  for (const [quick_frame, slow_frame] of [[0, 0], [20, 10], [25, 30], [30, 50]]) {
    const moment_s = momentOf(timeline, "contraction", quick_frame);
    assert.equal(frameOn(timeline, "contraction", moment_s), quick_frame);
    assert.equal(frameOn(timeline, "rest", moment_s), slow_frame);
  }
});

test("half way through a chapter is half way through the other's", () => {
  const timeline = linked("rest");
  assert.equal(frameOn(timeline, "contraction", momentOf(timeline, "rest", 5)), 10);
  assert.equal(frameOn(timeline, "contraction", momentOf(timeline, "rest", 20)), 22);
  assert.equal(frameOn(timeline, "contraction", momentOf(timeline, "rest", 55)), 35);
});

test("every frame of either clip comes back from its own moment", () => {
  for (const leader of ["rest", "contraction"]) {
    const timeline = linked(leader);
    for (const panel of [slow, quick]) {
      for (let frame = 0; frame < panel.clip.frames; frame += 1) assert.equal(frameOn(timeline, panel.panel_id, momentOf(timeline, panel.panel_id, frame)), frame);
    }
  }
});

test("the axis is the leader's own: as many stops as it has frames", () => {
  assert.equal(linked("contraction").stops_s.length, 40);
  assert.equal(linked("rest").stops_s.length, 60);
});

test("what comes after the effort has its own share, and a clip that ends with it holds its last frame", () => {
  const longer = effort("contraction", [5, 20, 25, 30, 40], { frames: 60 });
  const timeline = timelineOf([slow, longer].map(trackOf), "phase", "contraction");
  assert.equal(frameOn(timeline, "rest", momentOf(timeline, "contraction", 3)), 0);
  assert.equal(frameOn(timeline, "rest", momentOf(timeline, "contraction", 5)), 0);
  assert.equal(frameOn(timeline, "rest", momentOf(timeline, "contraction", 30)), 50);
  assert.equal(frameOn(timeline, "rest", momentOf(timeline, "contraction", 50)), 59);
});

test("the mapping never runs backwards", () => {
  const [from, to] = [[0, 0, 1, 1, 3, 4, 4], [0, 0.5, 0.5, 2, 2, 2, 9]];
  let before = -1;
  for (let time_s = 0; time_s <= 4; time_s += 0.01) {
    const now = sameMoment(from, to, time_s);
    assert.ok(now >= before);
    before = now;
  }
});

test("a clip that ends in the hold lines up, and holds its last frame while the other relaxes", () => {
  const held = panelOf("contraction", clipOf(30, { sha256: "held", interval_s: 0.04, chapters: chaptersAt([0, 20, 25, 30, 40]).slice(0, 3) }));
  for (const leader of ["rest", "contraction"]) {
    const timeline = timelineOf([slow, held].map(trackOf), "phase", leader);
    for (const [held_frame, slow_frame] of [[0, 0], [20, 10], [25, 30]]) {
      const [from, to] = leader === "rest" ? [slow_frame, held_frame] : [held_frame, slow_frame];
      assert.equal(frameOn(timeline, leader === "rest" ? "contraction" : "rest", momentOf(timeline, leader, from)), to);
    }
    for (let frame = 0; frame < 30; frame += 1) assert.equal(frameOn(timeline, "contraction", momentOf(timeline, "contraction", frame)), frame);
  }
  const timeline = timelineOf([slow, held].map(trackOf), "phase", "rest");
  for (const frame of [50, 55, 59]) assert.equal(frameOn(timeline, "contraction", momentOf(timeline, "rest", frame)), 29);
  assert.equal(hasPhases(sceneOf([slow, held], { link: "phase" })), true);
});

test("only rest, contraction and hold together have phases; the first of two efforts counts", () => {
  assert.equal(effortOf(panelOf("rest", clipOf(60, { chapters: chaptersAt([0, 10, 30, 50, 60]).slice(0, 2) }))), null);
  assert.equal(effortOf(panelOf("rest", clipOf(60, { chapters: chaptersAt([0, 10, 30, 50, 60]).slice(1) }))), null);
  assert.equal(effortOf({ ...slow, last_frame_index: 45 }), null);
  const twice = panelOf("rest", clipOf(90, { chapters: [...chaptersAt([0, 10, 20, 30, 40]), ...chaptersAt([40, 50, 60, 70, 90])] }));
  assert.deepEqual(effortOf(twice)?.map((each) => each?.first_frame_index), [0, 10, 20, 30]);
});

test("a link by phase needs the chapters of every moving clip, else it is by time", () => {
  assert.equal(state.link, "phase");
  const bare = panelOf("rest", clipOf(60));
  assert.equal(initialState(sceneOf([bare, quick], { link: "phase" }), {}).link, "time");
  assert.equal(hasPhases(sceneOf([quick])), false);
});

test("choosing a panel moves no frame, and steps then count its frames", () => {
  for (let stop = 0; stop < 40; stop += 1) {
    const there = after(state, seek(stop));
    assert.deepEqual(frames(after(there, choose("rest"), choose("contraction"))), frames(there), String(stop));
  }
  const stepped = after(state, seek(22), choose("rest"), step(1));
  assert.equal(wantedFrame(stepped, slow), wantedFrame(after(state, seek(22)), slow) + 1);
});

test("a freed panel joins the others at their phase", () => {
  const pinned = after(state, seek(12), togglePin("rest"), seek(25));
  assert.deepEqual(frames(pinned), [6, 25]);
  assert.deepEqual(frames(after(pinned, togglePin("rest"))), [30, 25]);
  assert.deepEqual(frames(after(pinned, choose("rest"), togglePin("rest"))), [30, 25]);
});

test("linked by phase after time, the leader keeps its frame", () => {
  const by_time = after(state, setLink("time"), seek(25));
  assert.deepEqual(frames(after(by_time, setLink("phase"))), [30, 25]);
  assert.equal(stopStart_s(linked("contraction"), activeStop(by_time)), momentOf(linked("contraction"), "contraction", 25));
});
