// Maps of the tissue, fetched when somebody first asks for one.
/** @import { TissueMap } from "./tissue_map.js" */
import { readTissueMap } from "./tissue_map.js";

export { carry } from "./tissue_map.js";

/** @type {Map<string, TissueMap | null | Promise<void>>} by address; they outlive a page switch, as frames do */
const known = new Map();

/**
 * The map at an address, asked for at the first call.
 * @param {string | null} url @param {() => void} arrived  called once when it is there
 * @returns {TissueMap | null} null while it is on its way, and where there is none
 */
export function tissueMap(url, arrived) {
  if (url === null) return null;
  const held = known.get(url);
  if (held === undefined) known.set(url, ask(url));
  if (held === undefined || held instanceof Promise) {
    void /** @type {Promise<void>} */ (known.get(url)).then(arrived);
    return null;
  }
  return held;
}

/** @param {string} url */
async function ask(url) {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    known.set(url, answer.ok ? readTissueMap(await answer.arrayBuffer()) : null);
  } catch {
    known.delete(url); // asked for again when the network is back
  }
}
