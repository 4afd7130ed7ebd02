// The door to Streamlit, and the only file that knows it. The workers start as
// soon as this file is read; the rest of the player loads beside them.
/** @import { RestPosition, Scene } from "./types.d.ts" */
/** @import { Session } from "./session.js" */
import { budgetFor } from "./decode_order.js";
import { startPool } from "./decoder_pool.js";
import { FrameStore } from "./frame_store.js";

/** What session.js needs, itself and through others; a test holds it complete. */
const MODULES = [
  "session", "caliper", "caliper_handles", "clock", "curtain", "deep_link", "dom", "fullscreen", "geometry", "gestures", "icons", "keyboard", "labels", "overlay",
  "panel_view", "picture", "playback", "position", "preferences", "requests", "scrubber", "shortcuts", "stage", "store", "timeline", "tone", "tone_panel", "toolbar",
  "transport", "view_requests", "words",
];

/** Frames of all players; they outlive a page switch, because modules do. */
const frames = new FrameStore(startPool(), budgetFor({
  coarse_pointer: matchMedia("(pointer: coarse)").matches,
  small_screen: Math.min(screen.width, screen.height) < 600,
  device_memory_gb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
}));
preload();
const building = import("./session.js");

/** Names all modules at once; found one by one they would come in six waves. */
function preload() {
  for (const name of MODULES) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(`./${name}.js`, import.meta.url).href;
    document.head.append(link);
  }
}

/**
 * @typedef {object} Mount  the player in one parent element
 * @property {string} scene_id
 * @property {symbol} token  of the newest call; only its clean-up takes the player down
 * @property {Scene} scene
 * @property {Session | null} session  null while the code loads
 * @property {(position: RestPosition) => void} report
 */

/** @type {WeakMap<object, Mount>} */
const mounts = new WeakMap();

/**
 * Called by Streamlit at mount and again whenever `data` or the theme changes.
 * @param {object} call
 * @param {{scene: Scene, report_rest?: boolean}} call.data
 * @param {ShadowRoot | HTMLElement} call.parentElement
 * @param {(name: string, value: unknown) => void} call.setStateValue
 * @returns {() => void} clean-up
 */
export default function mountPlayer({ data, parentElement, setStateValue }) {
  const token = Symbol("run");
  const report = data.report_rest === true ? (/** @type {RestPosition} */ position) => setStateValue("rest_position", position) : () => undefined;
  keepBright(parentElement);
  const held = mounts.get(parentElement);
  if (held !== undefined && held.scene_id === data.scene.scene_id) {
    Object.assign(held, { token, report, scene: data.scene });
    if (held.session?.update(data.scene) === false) void build(held, parentElement);
  } else {
    held?.session?.destroy();
    if (held !== undefined) frames.release(held);
    const mount = { scene_id: data.scene.scene_id, token, scene: data.scene, session: null, report };
    mounts.set(parentElement, mount);
    fetchEarly(mount, data.scene);
    void build(mount, parentElement);
  }
  // Streamlit may call the clean-up of a superseded run while the player lives.
  return () => {
    const mount = mounts.get(parentElement);
    if (mount?.token !== token) return;
    mounts.delete(parentElement);
    mount.session?.destroy();
    frames.release(mount);
  };
}

/** @param {Mount} mount @param {ShadowRoot | HTMLElement} parentElement */
async function build(mount, parentElement) {
  const { Session } = await building;
  if (mounts.get(parentElement) !== mount) return;
  const old = mount.session;
  mount.session = new Session(mount.scene, frames, (position) => mount.report(position), old?.state ?? null);
  if (old === null) parentElement.append(mount.session.root);
  else old.root.replaceWith(mount.session.root);
  old?.destroy();
  frames.release(mount);
}

/** The clips are on their way before the rest of the player is. @param {Mount} mount @param {Scene} scene */
function fetchEarly(mount, scene) {
  frames.demand(mount, scene.panels.map((panel) => ({
    sha256: panel.clip.sha256, url: panel.clip.url, frames: panel.clip.frames, first_frame_index: panel.first_frame_index, last_frame_index: panel.last_frame_index,
    wanted_frame_index: panel.pinned_frame_index ?? panel.start_frame_index, playing: false, patience: 1,
  })));
}

/** Streamlit fades what it reruns; an ultrasound picture must not dim. @param {ShadowRoot | HTMLElement} parentElement */
function keepBright(parentElement) {
  const host = "host" in parentElement ? parentElement.host : parentElement;
  const container = /** @type {HTMLElement | null} */ (host.closest('[data-testid="stElementContainer"]'));
  container?.style.setProperty("opacity", "1", "important");
  container?.style.setProperty("transition", "none", "important");
}
