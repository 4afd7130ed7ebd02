// In which order frames are decoded: the one shown first, then outward.
/** @import { Demand } from "./types.d.ts" */

const MEGABYTE = 1024 * 1024;
/** A frame behind a playing position waits as long as one three times as far ahead. */
const BEHIND_WHILE_PLAYING = 3;

/**
 * @param {readonly Demand[]} demands
 * @returns {Generator<{sha256: string, frame_index: number}>} each frame once, most wanted first
 */
export function* priorities(demands) {
  const keys = new Float64Array(demands.reduce((sum, demand) => sum + countOf(demand), 0));
  /** @type {{sha256: string, frame_index: number}[]} */
  const frames = [];
  for (const demand of demands) {
    for (let index = demand.first_frame_index; index <= demand.last_frame_index; index += 1) {
      keys[frames.length] = rankOf(demand, index) * MEGABYTE + frames.length;
      frames.push({ sha256: demand.sha256, frame_index: index });
    }
  }
  keys.sort();
  /** @type {Set<string>} */
  const given = new Set();
  const shared = new Set(demands.map((demand) => demand.sha256)).size < demands.length;
  for (const key of keys) {
    const frame = frames[key % MEGABYTE];
    if (frame === undefined) continue;
    const name = shared ? `${frame.sha256} ${frame.frame_index}` : "";
    if (shared && given.has(name)) continue;
    given.add(name);
    yield frame;
  }
}

/** @param {Demand} demand */
function countOf(demand) {
  return Math.max(demand.last_frame_index - demand.first_frame_index + 1, 0);
}

/**
 * Distance of a frame from the position, the way round where it loops.
 * @param {Demand} demand @param {number} index
 * @returns {number} 0 for the frame shown
 */
export function rankOf(demand, index) {
  const count = countOf(demand);
  const apart = index - demand.wanted_frame_index;
  if (!demand.playing) return Math.abs(apart) * 2 * demand.patience - (apart > 0 ? 1 : 0);
  const ahead = ((apart % count) + count) % count;
  const behind = count - ahead;
  return ahead === 0 ? 0 : Math.min(ahead, behind * BEHIND_WHILE_PLAYING) * demand.patience;
}

/**
 * How much the browser may hold: 256 MB of decoded frames, 96 MB on a phone.
 * @param {{coarse_pointer: boolean, small_screen: boolean, device_memory_gb: number | undefined}} device
 */
export function budgetFor({ coarse_pointer, small_screen, device_memory_gb }) {
  const phone = (coarse_pointer && small_screen) || (device_memory_gb !== undefined && device_memory_gb <= 4);
  const bytes = (phone ? 96 : 256) * 1000 * 1000;
  return { decoded_bytes: bytes, encoded_bytes: bytes };
}
