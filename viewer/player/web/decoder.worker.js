// Decodes frames beside the page's own thread.
import { decodeFrame } from "./decode.js";

self.onmessage = async ({ data: { ticket, bytes, head } }) => {
  try {
    const frame = await decodeFrame(bytes, head);
    self.postMessage({ ticket, frame }, { transfer: [/** @type {ArrayBuffer} */ (frame.samples.buffer)] });
  } catch (error) {
    self.postMessage({ ticket, reason: String(error) });
  }
};
