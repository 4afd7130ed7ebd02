// The door to Streamlit, and the only file that knows it. It imports nothing, so
// that the clips and the player are asked for in the same moment; the page that
// holds it has announced its modules (viewer/routes/early_hints.py).
/** @import { RestPosition, Scene } from "./types.d.ts" */
/** @import { Session } from "./session.js" */
/** @import { FrameStore } from "./frame_store.js" */

const building = import("./session.js");

/** @type {Map<string, Promise<Response>>} clips asked for before there is a store to take them */
const early = new Map();
/** @type {Set<string>} */
const asked = new Set();

/** Owner of what is wanted before any player is there. */
const PAGE = {};
let tellMounted = () => undefined;
/** @type {Promise<undefined>} settles when a player is asked for */
const mounted = new Promise((resolve) => (tellMounted = () => void resolve(undefined)));

/** Frames of all players; they outlive a page switch, because modules do. @type {Promise<FrameStore>} */
const keeping = import("./frames.js").then(({ startFrames }) => startFrames(takeEarly, mounted));
void decodeFirstPictures();

/** The clips that the page announces (viewer/routes/early_hints.py): their first pictures are there when a player is. */
async function decodeFirstPictures() {
  const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel="preload"][as="fetch"]'));
  const clips = Array.from(links, ({ href }) => new URL(href).pathname).map((url) => ({ url, sha256: url.slice(url.lastIndexOf("/") + 1) }));
  fetchEarly(clips);
  const frames = await keeping;
  frames.demand(PAGE, clips.map((clip) => ({
    ...clip, frames: 1, first_frame_index: 0, last_frame_index: 0, wanted_frame_index: 0, playing: false, patience: 1,
  })));
}

/** @param {readonly {url: string, sha256: string}[]} clips */
function fetchEarly(clips) {
  for (const { url, sha256 } of clips) {
    if (asked.has(sha256)) continue;
    asked.add(sha256);
    const answer = fetch(url, { credentials: "same-origin" });
    answer.catch(() => undefined); // told where it is taken
    early.set(url, answer);
  }
}

/** @param {string} url */
function takeEarly(url) {
  const answer = early.get(url);
  early.delete(url);
  return answer;
}

/**
 * @typedef {object} Mount  the player in one parent element
 * @property {string} scene_id
 * @property {symbol} token  of the newest call; only its clean-up takes the player down
 * @property {Scene} scene
 * @property {Session | null} session  null while the code loads
 * @property {(position: RestPosition) => void} report
 * @property {(name: string, value: unknown) => void} tell  Python
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
    Object.assign(held, { token, report, tell: setStateValue, scene: data.scene });
    if (held.session?.update(data.scene) === false) void build(held, parentElement);
  } else {
    held?.session?.destroy();
    const mount = { scene_id: data.scene.scene_id, token, scene: data.scene, session: null, report, tell: setStateValue };
    mounts.set(parentElement, mount);
    tellMounted();
    fetchEarly(data.scene.panels.map(({ clip }) => clip));
    void build(mount, parentElement);
  }
  // Streamlit may call the clean-up of a superseded run while the player lives.
  return () => {
    const mount = mounts.get(parentElement);
    if (mount?.token !== token) return;
    mounts.delete(parentElement);
    mount.session?.destroy();
  };
}

/** @param {Mount} mount @param {ShadowRoot | HTMLElement} parentElement */
async function build(mount, parentElement) {
  const frames = await keeping;
  const { Session } = await building;
  if (mounts.get(parentElement) !== mount) return;
  const old = mount.session;
  mount.session = new Session(mount.scene, frames, (position) => mount.report(position), old?.state ?? null);
  mount.session.root.addEventListener("msus-gap", (event) => mount.tell("gap_calipers", /** @type {CustomEvent} */ (event).detail));
  if (old === null) parentElement.append(mount.session.root);
  else old.root.replaceWith(mount.session.root);
  old?.destroy();
  frames.release(PAGE);
}

/** Streamlit fades what it reruns; an ultrasound picture must not dim. @param {ShadowRoot | HTMLElement} parentElement */
function keepBright(parentElement) {
  const host = "host" in parentElement ? parentElement.host : parentElement;
  const container = /** @type {HTMLElement | null} */ (host.closest('[data-testid="stElementContainer"]'));
  container?.style.setProperty("opacity", "1", "important");
  container?.style.setProperty("transition", "none", "important");
}
