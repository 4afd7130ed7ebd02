// Fetches packs and decodes frames beside the page's own thread.
import { decodeFrame } from "./decode.js";
import { streamPack } from "./stream.js";

/** @type {Map<string, AbortController>} */
const streams = new Map();

self.onmessage = ({ data }) => {
  if (data.type === "stream") void stream(data.sha256, data.url);
  else if (data.type === "stop") streams.get(data.sha256)?.abort();
  else if (data.type === "decode") void decode(data);
};

/** @param {string} sha256 @param {string} url */
async function stream(sha256, url) {
  const controller = new AbortController();
  streams.set(sha256, controller);
  await streamPack(url, controller.signal, {
    head: (head) => post({ type: "head", sha256, head }),
    frames: (first, frames) => post({ type: "frames", sha256, first, frames }, frames.map((frame) => frame.buffer)),
    done: () => post({ type: "done", sha256 }),
    failed: (sentence) => post({ type: "failed", sha256, sentence }),
  });
  if (streams.get(sha256) === controller) streams.delete(sha256);
}

/** @param {{ticket: number, bytes: Uint8Array, head: import("./types.d.ts").PackHead}} job */
async function decode({ ticket, bytes, head }) {
  try {
    const frame = await decodeFrame(bytes, head);
    post({ type: "decoded", ticket, frame }, [frame.samples.buffer]);
  } catch (error) {
    post({ type: "undecodable", ticket, reason: String(error) });
  }
}

/** @param {object} message @param {ArrayBufferLike[]} [transfer] */
function post(message, transfer = []) {
  self.postMessage(message, { transfer: /** @type {Transferable[]} */ (transfer) });
}
