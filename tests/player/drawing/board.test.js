import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, boardOf, changeOf, choose, chosenMark, followed, make, markOf, redo, undo, withSheet } from "../../../viewer/player/web/drawing/board.js";
import { insertPoint, moveBy, movePoint, newMark, removePoint } from "../../../viewer/player/web/drawing/edits.js";
import { firstShape, KINDS } from "../../../viewer/player/web/drawing/kinds.js";
import { fromHere, livingOn, samePlace, seenFromHere, sighting, untilHere, withPoints } from "../../../viewer/player/web/drawing/place.js";

const FRAMES = 20;
const STYLE = { colour: "yellow", line: "solid" };
const sheet = (id, is_private) => ({ layer: { id, title: id, role: "reader" }, marks: [], frames: [], is_private });

/** Numbers that look random and are the same on every machine (mulberry32). */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** One edit that a hand could make, of a mark or of nothing. */
function someEdit(board, roll, step) {
  const layer = board.sheets[roll(board.sheets.length)].layer.id;
  const marks = board.sheets.find((each) => each.layer.id === layer).marks;
  const frame = `f${roll(3)}`;
  if (roll(12) === 0) return changeOf(board, layer, "frame", frame, roll(3) === 0 ? null : { id: frame, clip: "clip", frame_index: roll(FRAMES), title: `${step}`, text_alternative: "Seen." });
  const mark = marks[roll(marks.length)];
  const frame_index = roll(FRAMES);
  if (mark === undefined || roll(4) === 0) {
    const { kind } = KINDS[roll(KINDS.length)];
    return changeOf(board, layer, "mark", `m${step}`, newMark({ id: `m${step}`, clip: "clip", kind, author: "", frame_index, points_px: firstShape(kind, [50, 50], 10), style: STYLE }));
  }
  const edits = [
    () => null, () => moveBy(mark, frame_index, roll(9) - 4, roll(9) - 4), () => movePoint(mark, frame_index, roll(4), [roll(100), roll(100)]),
    () => insertPoint(mark, roll(4)), () => removePoint(mark, roll(4)), () => ({ ...mark, label: `label ${step}` }),
    () => ({ ...mark, place: livingOn(mark.place, ["frame", "range", "whole", "track"][roll(4)], frame_index, FRAMES) }),
    () => ({ ...mark, place: fromHere(mark.place, frame_index) }), () => ({ ...mark, place: untilHere(mark.place, frame_index) }),
    () => (mark.place.on === "track" ? { ...mark, place: seenFromHere(mark.place, frame_index, roll(2) === 0) } : mark),
  ];
  return changeOf(board, layer, "mark", mark.id, edits[roll(edits.length)]());
}

/** What a document may not be, as annotations/track.py and mark.py say. */
function assertSound({ sheets }) {
  for (const mark of sheets.flatMap((each) => each.marks)) {
    const { place } = mark;
    const written = place.on === "track" ? [...place.keys, ...place.carried].map((part) => part.points_px) : [place.points_px];
    const { fewest, most } = KINDS.find((each) => each.kind === mark.kind);
    assert.ok(written.length > 0 && written.every((points) => points.length === written[0].length && points.length >= fewest && points.length <= most), JSON.stringify(mark));
    if (place.on === "track") assert.ok(place.keys.every((key, at) => at === 0 || key.frame_index > place.keys[at - 1].frame_index), JSON.stringify(place));
    if (place.on === "range") assert.ok(place.first_frame_index <= place.last_frame_index);
  }
}

for (let seed = 1; seed <= 30; seed += 1) {
  test(`all taken back is the start, all made again is the end: walk ${seed}`, () => {
    const roll = dice(seed);
    const start = boardOf([sheet("private", true), sheet("teacher", false)], "private");
    let board = start;
    for (let step = 0; step < 80; step += 1) {
      const way = roll(10);
      const turned = way === 0 ? undo(board) : way === 1 ? redo(board) : null;
      if (turned !== null) [board] = turned;
      else board = make(board, someEdit(board, roll, step));
      assertSound(board);
    }
    const end = board;
    for (let turned = undo(board); turned !== null; turned = undo(board)) [board] = turned;
    assert.deepEqual(board.sheets, start.sheets);
    for (let turned = redo(board); turned !== null; turned = redo(board)) [board] = turned;
    while (board.past.length > end.past.length) [board] = undo(board);
    assert.deepEqual(board.sheets, end.sheets);
  });
}

test("what is taken back is a change like any other, told the other way round", () => {
  const mark = newMark({ id: "a", clip: "clip", kind: "point", author: "", frame_index: 0, points_px: [[1, 2]], style: STYLE });
  const drawn = make(boardOf([sheet("private", true)], "private"), changeOf(boardOf([sheet("private", true)], "private"), "private", "mark", "a", mark));
  const [board, change] = undo(drawn);
  assert.deepEqual([change.before, change.after, board.sheets[0].marks], [mark, null, []]);
  assert.equal(undo(board), null);
});

test("a new change forgets what was taken back", () => {
  let board = boardOf([sheet("private", true)], "private");
  const put = (id) => changeOf(board, "private", "mark", id, newMark({ id, clip: "clip", kind: "point", author: "", frame_index: 0, points_px: [[1, 2]], style: STYLE }));
  board = make(board, put("a"));
  [board] = undo(board);
  board = make(board, put("b"));
  assert.equal(redo(board), null);
});

test("what was drawn is in the hand; what is gone elsewhere is not", () => {
  let board = boardOf([sheet("private", true)], "private");
  const mark = newMark({ id: "a", clip: "clip", kind: "point", author: "", frame_index: 0, points_px: [[1, 2]], style: STYLE });
  board = make(board, changeOf(board, "private", "mark", "a", mark));
  assert.equal(chosenMark(board), mark);
  assert.equal(chosenMark(withSheet(board, sheet("private", true))), undefined);
  assert.equal(choose(board, board.chosen), board);
  assert.equal(sighting(chosenMark(apply(board, changeOf(board, "private", "mark", "a", moveBy(mark, 0, 1, 1)))).place, 0).points_px[0][0], 2);
});

const AT = (at) => [[at, at]];
const CARRIED = Object.freeze({
  on: "track", between: "carried", keys: [{ frame_index: 4, points_px: AT(4), outside: false, source: "drawn" }],
  carried: [0, 1, 2, 3, 5, 6, 7, 8, 9].map((frame_index) => ({ frame_index, points_px: AT(frame_index), confidence: 0.9 })),
});

/** A board with a mark that was carried, corrected on frame 6 and then named. */
function corrected() {
  const mark = { ...newMark({ id: "m", clip: "clip", kind: "point", author: "", frame_index: 4, points_px: AT(4), style: STYLE }), place: CARRIED };
  const begun = apply(boardOf([sheet("private", true)], "private"), { layer: "private", item: "m", kind: "mark", before: null, after: mark, at: 0 });
  const moved = make(begun, changeOf(begun, "private", "mark", "m", { ...mark, place: withPoints(CARRIED, 6, AT(16)) }));
  const place = markOf(moved, "private", "m").place;
  return { begun, place, board: make(moved, changeOf(moved, "private", "mark", "m", { ...mark, place, label: "tip" })) };
}

test("what the server carried after a correction is part of the correction: one undo takes back both, one redo brings both", () => {
  const { begun, place, board } = corrected();
  assert.deepEqual(place.to_follow, [0, 9]);
  const { to_follow, ...whole } = { ...place, carried: CARRIED.carried.filter(({ frame_index }) => frame_index !== 6) };
  const [after, change] = followed(board, "private", markOf(board, "private", "m"), whole);
  assert.deepEqual([change.after.place, change.after.label], [whole, "tip"]);
  assert.equal(after.past.length, board.past.length);
  const [unnamed] = undo(after);
  assert.deepEqual(markOf(unnamed, "private", "m").place, whole);
  const [taken] = undo(unnamed);
  assert.deepEqual(markOf(taken, "private", "m"), markOf(begun, "private", "m"));
  assert.deepEqual(markOf(redo(taken)[0], "private", "m").place, whole);
});

test("what was corrected before the page was opened is followed as a step of its own", () => {
  const { place, board } = corrected();
  const fresh = { ...board, past: [], future: [] };
  const [after] = followed(fresh, "private", markOf(fresh, "private", "m"), { ...place, to_follow: undefined });
  assert.equal(after.past.length, 1);
  assert.deepEqual(markOf(undo(after)[0], "private", "m").place, place);
});

test("a place is the same however its fields are ordered; one that was ended by hand is followed no farther", () => {
  const { place } = corrected();
  assert.ok(samePlace(place, JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(place).reverse())))));
  assert.ok(!samePlace(place, CARRIED));
  assert.deepEqual(untilHere(place, 7).to_follow, [0, 7]);
  assert.deepEqual(fromHere(place, 5).to_follow, [5, 9]);
});

test("undo and redo leave alone what somebody else changed of the mark meanwhile", () => {
  const mark = newMark({ id: "m", clip: "clip", kind: "caliper", author: "", frame_index: 3, points_px: [[1, 1], [9, 1]], style: STYLE });
  const start = boardOf([{ ...sheet("teacher", false), marks: [mark] }], "teacher");
  let board = make(start, changeOf(start, "teacher", "mark", "m", moveBy(mark, 3, 5, 0)));
  const moved = markOf(board, "teacher", "m");
  const elsewhere = { ...moved, label: "gap", note: "Seen by somebody else.", shade: "of a newer version" };
  board = withSheet(board, { ...sheet("teacher", false), marks: [elsewhere] });
  const [back, told] = undo(board);
  assert.deepEqual(markOf(back, "teacher", "m"), { ...elsewhere, place: mark.place });
  assert.deepEqual(told.after, { ...elsewhere, place: mark.place });
  const [again] = redo(back);
  assert.deepEqual(markOf(again, "teacher", "m"), elsewhere);
});
