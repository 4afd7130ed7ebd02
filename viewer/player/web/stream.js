// A pack from the network, frame by frame as it arrives.
/** @import { StreamListener } from "./types.d.ts" */
import { makePace } from "./pace.js";
import { PackError, PackReader } from "./pack.js";
import { words } from "./words.js";

const FIRST_PIECE_BYTES = 256 * 1024;

/**
 * @param {Promise<Response>} answer @param {AbortSignal} signal @param {StreamListener} listener
 *   hears `done` or `failed` once, unless the signal stopped it
 */
export async function streamPack(answer, signal, listener) {
  try {
    const response = await answer;
    if (!response.ok) return listener.failed(sentenceOf(response.status));
    const reader = new PackReader();
    const pace = makePace();
    for await (const bytes of piecesOf(response, signal)) {
      await tell(reader, bytes, listener);
      await pace();
    }
    if (signal.aborted) return;
    reader.end();
    listener.done();
  } catch (error) {
    if (signal.aborted) return;
    listener.failed(error instanceof PackError ? error.message : words.no_network);
  }
}

/**
 * Hands on what came, and waits as long as the listener wants no more.
 * @param {PackReader} reader @param {Uint8Array} bytes @param {StreamListener} listener
 */
async function tell(reader, bytes, listener) {
  const had_head = reader.head !== null;
  const first = reader.frames_read;
  const frames = reader.push(bytes);
  if (!had_head && reader.head !== null) listener.head(reader.head);
  if (frames.length > 0) await listener.frames(first, frames);
}

/** @param {Response} response @param {AbortSignal} signal */
async function* piecesOf(response, signal) {
  if (response.body === null) {
    yield new Uint8Array(await response.arrayBuffer());
    return;
  }
  const first_piece = await firstPieceOf(response.body);
  const reader = response.body.getReader();
  // The answer may have been asked for without this signal; what is not read would hold its connection.
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop);
  try {
    yield first_piece;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/**
 * A first piece that is small even where all bytes have come: enough for a
 * picture, which need not wait until the others are copied.
 * @param {ReadableStream<Uint8Array>} body
 */
async function firstPieceOf(body) {
  /** @type {ReadableStreamBYOBReader} */
  let reader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    return new Uint8Array(0); // this browser gives pieces of its own size alone
  }
  const { value } = await reader.read(new Uint8Array(FIRST_PIECE_BYTES));
  reader.releaseLock();
  return value ?? new Uint8Array(0);
}

/** @param {number} status */
function sentenceOf(status) {
  if (status === 404 || status === 410) return words.not_found;
  if (status === 401 || status === 403) return `The clip may not be seen here (${status}).`;
  return `The server answered ${status} instead of the clip. Try again.`;
}
