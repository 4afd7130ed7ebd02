// The page's one frame store, on the page's workers and its network.
import { budgetFor } from "./decode_order.js";
import { DecodingPool } from "./decoder_pool.js";
import { FrameStore } from "./frame_store.js";
import { streamPack } from "./stream.js";

/**
 * @param {readonly Worker[]} workers  already loading
 * @param {Promise<unknown>} broken  settles when one of them cannot be loaded
 * @param {(url: string) => Promise<Response> | undefined} taken  an answer that is already on its way
 * @returns {FrameStore}
 */
export function startFrames(workers, broken, taken) {
  const decoding = new DecodingPool(workers, broken);
  return new FrameStore({
    get capacity() {
      return decoding.capacity;
    },
    decode: (bytes, head) => decoding.decode(bytes, head),
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
