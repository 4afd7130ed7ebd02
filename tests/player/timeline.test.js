import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOn, medianInterval_s, middleOf, momentOf, moves, shareOf, stopAt, stopAtShare, stopStart_s, timelineOf, trackOf } from "../../viewer/player/web/timeline.js";
import { clipOf, panelOf } from "./making.js";

const slow = panelOf("rest", clipOf(10, { interval_s: 0.1 }));
const fast = panelOf("contraction", clipOf(40, { interval_s: 0.05 }));
const tracks = [slow, fast].map(trackOf);

test("linked by time, both panels show the same moment", () => {
  const timeline = timelineOf(tracks, "time", "contraction");
  assert.equal(frameOn(timeline, "contraction", 0.5), 10);
  assert.equal(frameOn(timeline, "rest", 0.5), 5);
});

test("the shorter clip holds its last frame", () => {
  const timeline = timelineOf(tracks, "time", "contraction");
  assert.equal(frameOn(timeline, "rest", 1.9), 9);
  assert.equal(timeline.end_s, 2);
});

test("the axis reaches the end of the longer clip though the shorter one leads", () => {
  const timeline = timelineOf(tracks, "time", "rest");
  assert.equal(timeline.stops_s.length, 30);
  assert.equal(frameOn(timeline, "contraction", timeline.stops_s.at(-1)), 39);
  assert.deepEqual(timeline.stops_s, [...timeline.stops_s].sort((a, b) => a - b));
});

test("linked by frame, both panels show the same number", () => {
  const timeline = timelineOf(tracks, "frame", "rest");
  assert.equal(timeline.stops_s.length, 40);
  for (let stop = 0; stop < 40; stop += 1) {
    assert.equal(frameOn(timeline, "contraction", stopStart_s(timeline, stop)), stop);
    assert.equal(frameOn(timeline, "rest", stopStart_s(timeline, stop)), Math.min(stop, 9));
  }
});

test("a part is timed from its own first frame and keeps its frame numbers", () => {
  const part = panelOf("rest", clipOf(100, { interval_s: 0.1 }), { first_frame_index: 30, last_frame_index: 39 });
  const timeline = timelineOf([trackOf(part)], "time", "rest");
  assert.equal(timeline.stops_s[0], 0);
  assert.ok(Math.abs(timeline.end_s - 1) < 1e-9);
  assert.equal(frameOn(timeline, "rest", 0.25), 32);
  assert.equal(momentOf(timeline, "rest", 32).toFixed(6), "0.200000");
});

test("each frame comes back from its own moment", () => {
  const starts = [0, 0.04, 0.09, 0.11, 0.2];
  const panel = panelOf("rest", clipOf(5, { frame_starts_s: starts, duration_s: 0.25 }));
  const timeline = timelineOf([trackOf(panel)], "time", "rest");
  for (let index = 0; index < 5; index += 1) assert.equal(frameOn(timeline, "rest", momentOf(timeline, "rest", index)), index);
});

test("a clip of unknown rate says so", () => {
  const track = trackOf(panelOf("rest", clipOf(10, { frame_starts_s: null, duration_s: null })));
  assert.equal(track.rate_known, false);
  assert.equal(track.starts_s.length, 10);
});

test("a static view and a series never move", () => {
  assert.equal(moves(panelOf("static", clipOf(10))), false);
  assert.equal(moves(panelOf("rest", clipOf(10, { kind: "series" }))), false);
  assert.equal(moves(panelOf("rest", clipOf(1))), false);
  assert.equal(moves(slow), true);
});

test("the typical interval ignores one long pause", () => {
  assert.ok(Math.abs(medianInterval_s(clipOf(5, { frame_starts_s: [0, 0.1, 0.2, 5, 5.1] })) - 0.1) < 1e-9);
});

test("a stop beyond the ends is the end", () => {
  const timeline = timelineOf(tracks, "time", "contraction");
  assert.equal(stopAt(timeline, stopStart_s(timeline, 1e9)), 39);
  assert.equal(stopStart_s(timeline, -5), 0);
});

test("the axis is one of time: a frame that lasted longer takes more of it, and a press gives the frame of its time", () => {
  const clip = clipOf(4, { frame_starts_s: [0, 0.1, 0.4, 0.5], duration_s: 1 });
  const timeline = timelineOf([trackOf(panelOf("rest", clip))], "time", "rest");
  assert.deepEqual([0, 1, 3].map((stop) => middleOf(timeline, stop)), [0.05, 0.25, 0.75]);
  assert.deepEqual([-1, 0, 0.09, 0.2, 0.45, 0.99, 2].map((share) => stopAtShare(timeline, share)), [0, 0, 0, 1, 2, 3, 3]);
  assert.equal(shareOf({ ...timeline, end_s: 0 }, 3), 0);
});
