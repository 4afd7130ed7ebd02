import assert from "node:assert/strict";
import { test } from "node:test";
import { streamPack } from "../../viewer/player/web/stream.js";
import { words } from "../../viewer/player/web/words.js";
import { headOf, packBytes } from "./making.js";

const FRAME_BYTES = 1000;
const pack = packBytes(headOf(3), [1, 2, 3].map((value) => new Uint8Array(FRAME_BYTES).fill(value)));
const HEAD_AND_INDEX = pack.length - 3 * FRAME_BYTES;
/** Head and first frame, then a frame each. */
const pieces = [pack.slice(0, HEAD_AND_INDEX + FRAME_BYTES), pack.slice(HEAD_AND_INDEX + FRAME_BYTES, -FRAME_BYTES), pack.slice(-FRAME_BYTES)];

const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** A server that sends a piece whenever it is asked for one, in streams of either kind. */
class HandServer {
  asked = 0;
  cancelled = false;

  constructor(sent, { ends = "close", type = "bytes" } = {}) {
    const pull = (controller) => {
      const piece = sent[this.asked];
      this.asked += 1;
      if (piece !== undefined) controller.enqueue(piece.slice());
      else if (ends === "close") {
        controller.close();
        controller.byobRequest?.respond(0);
      } else if (ends === "break") controller.error(new TypeError("network error"));
      else this.asked -= 1; // nothing comes any more
    };
    const cancel = () => void (this.cancelled = true);
    const body = new ReadableStream({ pull, cancel, ...(type === "bytes" ? { type } : {}) }, { highWaterMark: 0 });
    this.answer = Promise.resolve(new Response(body));
  }
}

/** Writes down what it hears; may hold back the rest. */
class Heard {
  said = [];
  /** @type {Promise<void> | null} */
  rest = null;
  head = (head) => void this.said.push(`head ${head.frames}`);
  frames = (first, frames) => {
    for (const [at, bytes] of frames.entries()) {
      assert.ok(bytes.length === FRAME_BYTES && bytes.every((value) => value === first + at + 1));
      this.said.push(`frame ${first + at}`);
    }
    return this.rest;
  };
  done = () => void this.said.push("done");
  failed = (sentence) => void this.said.push(sentence);
}

const never = new AbortController().signal;

for (const type of ["bytes", "default"]) {
  test(`every frame is told once and in order, from a stream of the kind “${type}”`, async () => {
    const heard = new Heard();
    await streamPack(new HandServer(pieces, { type }).answer, never, heard);
    assert.deepEqual(heard.said, ["head 3", "frame 0", "frame 1", "frame 2", "done"]);
  });
}

test("an answer without a stream is told like one that streams", async () => {
  const heard = new Heard();
  await streamPack(Promise.resolve({ ok: true, status: 200, body: null, arrayBuffer: async () => pack.slice().buffer }), never, heard);
  assert.deepEqual(heard.said, ["head 3", "frame 0", "frame 1", "frame 2", "done"]);
});

test("of a pack that has come whole, a piece that is enough for a picture is read first", async () => {
  const frame = new Uint8Array(200 * 1024);
  const whole = packBytes(headOf(4), [frame, frame, frame, frame]);
  const told = [];
  const answer = Promise.resolve(new Response(new Blob([whole])));
  await streamPack(answer, never, { head() {}, frames: (first, frames) => (told.push([first, frames.length]), null), done() {}, failed: (sentence) => assert.fail(sentence) });
  assert.deepEqual(told[0], [0, 1]);
  assert.equal(told.reduce((sum, [, count]) => sum + count, 0), 4);
});

test("nothing more is asked for as long as the listener wants no more", async () => {
  const server = new HandServer(pieces);
  const heard = new Heard();
  let go_on = () => {};
  heard.rest = new Promise((resolve) => (go_on = resolve));
  const end = streamPack(server.answer, never, heard);
  await settled();
  assert.deepEqual(heard.said, ["head 3", "frame 0"]);
  assert.equal(server.asked, 1);
  go_on();
  await end;
  assert.equal(heard.said.at(-1), "done");
});

test("a clip that is let go of while its rest waits gives its connection back, and says nothing more", async () => {
  const server = new HandServer(pieces);
  const heard = new Heard();
  const controller = new AbortController();
  heard.rest = new Promise(() => {});
  void streamPack(server.answer, controller.signal, heard);
  await settled();
  controller.abort();
  await settled();
  assert.ok(server.cancelled);
  assert.deepEqual(heard.said, ["head 3", "frame 0"]);
});

test("a clip that is let go of while nothing comes ends at once and in silence", async () => {
  const server = new HandServer(pieces.slice(0, 2), { ends: "stall" });
  const heard = new Heard();
  const controller = new AbortController();
  const end = streamPack(server.answer, controller.signal, heard);
  await settled();
  controller.abort();
  await end;
  assert.ok(server.cancelled);
  assert.deepEqual(heard.said, ["head 3", "frame 0", "frame 1"]);
});

test("a connection that breaks is told after the frames that came, and so is one that never stood", async () => {
  const heard = new Heard();
  await streamPack(new HandServer(pieces.slice(0, 2), { ends: "break" }).answer, never, heard);
  assert.deepEqual(heard.said, ["head 3", "frame 0", "frame 1", words.no_network]);
  const unheard = new Heard();
  await streamPack(Promise.reject(new TypeError("network error")), never, unheard);
  assert.deepEqual(unheard.said, [words.no_network]);
});

test("a pack that ends too early says how much of it came", async () => {
  const heard = new Heard();
  await streamPack(new HandServer(pieces.slice(0, 2)).answer, never, heard);
  assert.equal(heard.said.at(-1), "The clip file is cut off: 2 of 3 frames arrived.");
});

test("what is not a pack says so, and the rest of it is not fetched", async () => {
  const server = new HandServer([new Uint8Array(100), ...pieces]);
  const heard = new Heard();
  await streamPack(server.answer, never, heard);
  assert.deepEqual(heard.said, ["This is not a clip file of this viewer."]);
  assert.ok(server.cancelled);
});

test("each refusal of the server has its sentence", async () => {
  const said = async (status) => {
    const heard = new Heard();
    await streamPack(Promise.resolve(new Response("no", { status })), never, heard);
    return heard.said;
  };
  assert.deepEqual(await said(404), [words.not_found]);
  assert.deepEqual(await said(410), [words.not_found]);
  assert.match((await said(403))[0], /may not be seen here \(403\)/);
  assert.match((await said(500))[0], /answered 500 instead of the clip/);
});
