// What a reader likes, kept in this browser; a broken or foreign entry is
// forgotten, and a browser without storage does without.
/** @import { PlayerState } from "./types.d.ts" */
import { SPEEDS } from "./clock.js";

const KEY = "msus-player";
const VERSION = 1;

/** @type {Readonly<Record<string, (value: unknown) => boolean>>} */
const KEPT = Object.freeze({
  speed: (value) => SPEEDS.includes(/** @type {number} */ (value)),
  play_mode: (value) => ["loop", "sweep", "once"].includes(String(value)),
  views_linked: (value) => typeof value === "boolean",
  same_scale: (value) => typeof value === "boolean",
});

/**
 * @param {string | null} text  as stored
 * @returns {Partial<PlayerState>}
 */
export function readPreferences(text) {
  let stored;
  try {
    stored = JSON.parse(text ?? "null");
  } catch {
    return {};
  }
  if (stored === null || typeof stored !== "object" || stored.version !== VERSION) return {};
  return Object.fromEntries(Object.entries(KEPT).filter(([name, accepts]) => accepts(stored[name])).map(([name]) => [name, stored[name]]));
}

/** @param {PlayerState} state @returns {string} */
export function writePreferences(state) {
  return JSON.stringify({ version: VERSION, ...Object.fromEntries(Object.keys(KEPT).map((name) => [name, state[/** @type {keyof PlayerState} */ (name)]])) });
}

export function loadPreferences() {
  try {
    return readPreferences(localStorage.getItem(KEY));
  } catch {
    return {};
  }
}

/** @param {PlayerState} state */
export function savePreferences(state) {
  try {
    const text = writePreferences(state);
    if (localStorage.getItem(KEY) !== text) localStorage.setItem(KEY, text);
  } catch {
    // Private windows refuse storage; the choice then lasts as long as the page.
  }
}
