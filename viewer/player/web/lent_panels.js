// A panel that is lent to a comparison which has only one for a clip, so that
// two of its frames can stand side by side; it goes again with them.
/** @import { Panel, PlayerState, Scene } from "./types.d.ts" */
import { FIT } from "./geometry.js";
import { PLAIN } from "./tone.js";

const LENT = "beside:";

/** @param {Pick<Panel, "panel_id">} panel */
export const isLent = ({ panel_id }) => panel_id.startsWith(LENT);

/** The scene as it came, without panels that were lent. @param {Scene} scene @returns {Scene} */
export function ownScene(scene) {
  return scene.panels.some(isLent) ? { ...scene, panels: scene.panels.filter((panel) => !isLent(panel)) } : scene;
}

/** Another panel of the clip of a panel, with all of its frames. @param {Panel} panel @param {1 | 2} number  two of one clip may be needed @returns {Panel} */
export function lentFor(panel, number = 1) {
  return { ...panel, panel_id: `${LENT}${number}:${panel.clip_id}`, first_frame_index: 0, last_frame_index: panel.clip.frames - 1, pinned_frame_index: null };
}

/**
 * The state with panels in this order; those that are new to it look like the panel that they were lent for.
 * @param {PlayerState} state @param {readonly Panel[]} panels @returns {PlayerState}
 */
export function withPanels(state, panels) {
  const lender = (/** @type {Panel} */ panel) => panels.find((each) => !isLent(each) && each.clip_id === panel.clip_id)?.panel_id ?? "";
  const each = (/** @type {(panel: Panel) => unknown} */ make) => /** @type {any} */ (Object.fromEntries(panels.map((panel) => [panel.panel_id, make(panel)])));
  return {
    ...state, scene: { ...state.scene, panels },
    pins: each(({ panel_id }) => state.pins[panel_id] ?? null),
    slices: each((panel) => state.slices[panel.panel_id] ?? panel.start_frame_index),
    views: each((panel) => state.views[panel.panel_id] ?? state.views[lender(panel)] ?? FIT),
    tones: each((panel) => state.tones[panel.panel_id] ?? state.tones[lender(panel)] ?? PLAIN),
  };
}

/** A new scene with what was lent to the one before, where it stood. @param {Scene} before @param {Scene} scene  of the same panels @returns {Scene} */
export function withLentOf(before, scene) {
  if (!before.panels.some(isLent)) return scene;
  const fresh = new Map(scene.panels.map((panel) => [panel.panel_id, panel]));
  const panels = before.panels.flatMap((panel) => {
    const own = fresh.get(panel.panel_id);
    if (own !== undefined) return [own];
    const base = scene.panels.find(({ clip_id }) => clip_id === panel.clip_id);
    return isLent(panel) && base !== undefined ? [{ ...lentFor(base), panel_id: panel.panel_id }] : [];
  });
  return { ...scene, panels };
}
