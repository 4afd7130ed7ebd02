// The list of opened files as a value, the things of a choice, and the lines of the server however they are cut.
import assert from "node:assert/strict";
import test from "node:test";
import { isWanted, thingsOfChoice } from "../../viewer/intake/web/arrivals.js";
import { afterLine, changed, doingOf, rowOfThing, shareOf, summaryOf } from "../../viewer/intake/web/rows.js";
import { linesOf, sentenceOf } from "../../viewer/intake/web/sending.js";

const file = (path, size = 10) => {
  const name = path.split("/").pop();
  return { name, size, webkitRelativePath: path === name ? "" : path };
};
const thing = (name, ...paths) => ({ name, files: paths.map((path) => ({ path, file: file(path) })) });
const said = (row_id, state, more = {}) => ({
  row_id,
  name: `file ${row_id}`,
  state,
  sentence: "",
  clip_number: null,
  good_frames: null,
  carries_identity: false,
  warnings: [],
  ...more,
});
const states = (rows) => rows.map(({ name, state }) => `${name}: ${state}`);

test("a chosen folder is one thing with its paths, and single files are one thing each", () => {
  const things = thingsOfChoice([file("a.dcm"), file("thigh/left/1.png"), file("thigh/2.png"), file("b.mp4")]);
  assert.deepEqual(
    things.map(({ name, files }) => [name, files.map(({ path }) => path)]),
    [
      ["a.dcm", ["a.dcm"]],
      ["b.mp4", ["b.mp4"]],
      ["thigh", ["thigh/left/1.png", "thigh/2.png"]],
    ],
  );
});

test("the system's own files and folders are not opened", () => {
  assert.deepEqual(thingsOfChoice([file("x/.DS_Store"), file("x/__MACOSX/1.png"), file("x/.git/a"), file("Thumbs.db")]), []);
  assert.ok(isWanted("DICOMDIR"));
});

test("what was sent gives way to what is read, each where its own line was", () => {
  assert.deepEqual([rowOfThing(thing("a.dcm", "a.dcm"), 0), rowOfThing(thing("thigh", "thigh/1", "thigh/2"), 1)].map(({ name }) => name), ["a.dcm", "thigh (2 files)"]);
  let rows = [rowOfThing(thing("a.dcm", "a.dcm"), 0), rowOfThing(thing("thigh", "thigh/1", "thigh/2"), 1), rowOfThing(thing("b", "b"), 2)];
  rows = changed(rows, () => true, { state: "sent" });
  rows = afterLine(rows, {
    planned: [
      { ...said(1, "waiting"), numbers: [0, 2] },
      { ...said(2, "waiting"), numbers: [1] },
      { ...said(3, "waiting"), numbers: [1] },
    ],
  });
  assert.deepEqual(states(rows), ["file 1: waiting", "file 2: waiting", "file 3: waiting"]);
  rows = afterLine(rows, { row: said(2, "reading") });
  rows = afterLine(rows, { reading: 2, done: 3, declared: 12 });
  assert.deepEqual([rows[1].done, rows[1].total], [3, 12]);
  rows = afterLine(rows, { row: said(9, "reading"), after: 2 });
  assert.deepEqual(states(rows)[2], "file 9: reading");
});

test("what was read before stays where it is when more is dropped", () => {
  const before = afterLine([rowOfThing(thing("a", "a"), 0)], { planned: [{ ...said(1, "opened"), numbers: [0] }] });
  const rows = afterLine([...before, rowOfThing(thing("b", "b"), 1)], { planned: [{ ...said(2, "waiting"), numbers: [1] }] });
  assert.deepEqual(states(rows), ["file 1: opened", "file 2: waiting"]);
  assert.equal(rows[0], before[0]);
});

test("a summary counts what waits for the person first", () => {
  const rows = ["opened", "refused", "undecided", "opened", "same", "cancelled"].map((state, k) => said(k, state));
  assert.equal(summaryOf(rows), "1 to decide · 2 opened · 1 opened already · 1 could not be opened · 1 left out");
  assert.equal(summaryOf([]), "");
});

test("the share grows from sending to reading and ends at one", () => {
  const row = rowOfThing(thing("a", "a"), 0);
  const shares = [
    row,
    { ...row, state: "sending", done: 5 },
    { ...row, state: "sent" },
    { ...row, state: "reading", done: 2, total: 4 },
    { ...row, state: "reading", done: 2, total: null },
    { ...row, state: "refused" },
  ].map((one) => shareOf([one]));
  assert.deepEqual(shares, [0, 0.25, 0.5, 0.75, 0.5, 1]);
  assert.equal(doingOf([{ ...row, state: "opened" }, { ...row, state: "reading" }], 0), "Reading 2 of 2");
  assert.equal(doingOf([{ ...row, state: "sent" }], 36), "Looking at file 37");
});

test("lines are whole however the network cuts them", async () => {
  const bytes = new TextEncoder().encode('{"error": "zähe"}\n\n{"end": true}');
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, cut));
        controller.enqueue(bytes.slice(cut));
        controller.enqueue(new TextEncoder().encode("\n"));
        controller.close();
      },
    });
    const lines = [];
    for await (const line of linesOf(body)) lines.push(line);
    assert.deepEqual(lines, [{ error: "zähe" }, { end: true }]);
  }
});

test("an answer that is not ours is named by its status", () => {
  assert.equal(sentenceOf('{"error": "Too large."}', 413), "Too large.");
  assert.equal(sentenceOf("<html>", 502), "The server refused the file (status 502).");
});
