// The page's one frame store, on the page's workers and its network.
import { budgetFor } from "./decode_order.js";
import { DecodingPool } from "./decoder_pool.js";
import { FrameStore } from "./frame_store.js";
import { drawn } from "./pace.js";
import { streamPack } from "./stream.js";

/** More would take the processor from the page itself. */
const WORKERS_MAX = 2;

/**
 * @param {(url: string) => Promise<Response> | undefined} taken  an answer that is already on its way
 * @param {Promise<unknown>} mounted  settles when there is a player to draw anything
 * @returns {FrameStore}
 */
export function startFrames(taken, mounted) {
  const decoding = new DecodingPool(startWorkers);
  return new FrameStore({
    get capacity() {
      return decoding.capacity;
    },
    decode: (bytes, head) => decoding.decode(bytes, head),
    drawn: () => mounted.then(drawn),
    stream(_sha256, url, listener) {
      const controller = new AbortController();
      const answer = taken(url) ?? fetch(url, { signal: controller.signal, credentials: "same-origin" });
      void streamPack(answer, controller.signal, listener);
      return () => controller.abort();
    },
  }, budgetFor({
    coarse_pointer: matchMedia("(pointer: coarse)").matches,
    small_screen: Math.min(screen.width, screen.height) < 600,
    device_memory_gb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
  }));
}

/** @returns {Worker[]} none where the browser refuses them */
function startWorkers() {
  const url = new URL("./decoder.worker.js", import.meta.url);
  const count = Math.min(Math.max(navigator.hardwareConcurrency ?? WORKERS_MAX, 1), WORKERS_MAX);
  try {
    return Array.from({ length: count }, () => new Worker(url, { type: "module" }));
  } catch {
    return [];
  }
}
