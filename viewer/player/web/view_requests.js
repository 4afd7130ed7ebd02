// What may be asked of the picture: zoom, tone, marks, tools, layout.
/** @import { MLine, Panel, PlayerState, Tone, View } from "./types.d.ts" */
import { FIT } from "./geometry.js";
import { activeGroup, panelOf, shownPanels } from "./position.js";
import { PLAIN } from "./tone.js";
import { saidOf } from "./marks.js";
import { say } from "./requests.js";
import { hasEnds } from "./stump_paths.js";
import { isStacked } from "./ways.js";
import { words } from "./words.js";
/** @import { Request } from "./requests.js" */

export const ZOOM_STEP = 1.25;

/** Panels that one change of view speaks to: all moving ones when linked. @param {PlayerState} state @param {string} panel_id */
function companions(state, panel_id) {
  const panel = panelOf(state, panel_id);
  if (panel === undefined) return [];
  if (!state.views_linked || panel.role === "static") return [panel];
  return state.scene.panels.filter((each) => each.role !== "static");
}

/** @param {string} panel_id @param {(view: View) => View} change @returns {Request} */
export const changeView = (panel_id, change) => (state) => {
  const own = state.views[panel_id];
  if (own === undefined) return state;
  const view = change(own);
  const changed = companions(state, panel_id).map((panel) => [panel.panel_id, { ...view, flip: panel.panel_id === panel_id ? view.flip : flipOf(state, panel, own, view) }]);
  return { ...state, views: { ...state.views, ...Object.fromEntries(changed) } };
};

/** A companion flips when the panel flips. @param {PlayerState} state @param {Panel} panel @param {View} own @param {View} view */
function flipOf(state, panel, own, view) {
  const flip = state.views[panel.panel_id]?.flip ?? false;
  return own.flip === view.flip ? flip : !flip;
}

/** @param {string} panel_id @returns {Request} */
export const fit = (panel_id) => changeView(panel_id, (view) => ({ ...FIT, flip: view.flip }));

/** @param {string} panel_id @returns {Request} */
export const flip = (panel_id) => changeView(panel_id, (view) => ({ ...view, flip: !view.flip }));

/** Tone of a panel; windows belong to their own panel, all else goes to the linked ones. @param {string} panel_id @param {Partial<Tone>} part @returns {Request} */
export const changeTone = (panel_id, part) => (state) => {
  const ids = "window" in part ? [panel_id] : companions(state, panel_id).map((panel) => panel.panel_id);
  const changed = ids.map((id) => [id, Object.freeze({ ...(state.tones[id] ?? PLAIN), ...part })]);
  return { ...state, tones: { ...state.tones, ...Object.fromEntries(changed) } };
};

/** @param {string} panel_id @returns {Request} */
export const resetTone = (panel_id) => (state) => {
  const ids = companions(state, panel_id).map((panel) => panel.panel_id);
  return { ...state, tones: { ...state.tones, ...Object.fromEntries(ids.map((id) => [id, PLAIN])) } };
};

/**
 * Sets or switches one setting.
 * @template {"tool" | "layout" | "curtain" | "views_linked" | "same_scale" | "marks_hidden" | "text_hidden" | "black" | "large_type" | "scan_plane_shown" | "still_probe" | "second_curve" | "ghost" | "trail" | "drawing"} Name
 * @param {Name} name @param {PlayerState[Name]} value
 * @returns {Request}
 */
export const set = (name, value) => (state) => (state[name] === value ? state : { ...state, [name]: value });

/** Outline at rest or way of the muscle ends, where anything is known of them. @param {"ghost" | "trail"} name @returns {Request} */
export const toggleEnds = (name) => (state) => {
  const known = state.scene.panels.some((panel) => hasEnds(panel, saidOf(state, panel.clip_id).marks));
  return known ? { ...state, [name]: !state[name], marks_hidden: false } : say(words.no_ends)(state);
};

/** Strain as colours, where somebody has measured it. @type {Request} */
export const toggleStrain = (state) => {
  const known = state.scene.panels.some((panel) => panel.clip.maps_url !== null);
  return known ? { ...state, strain: !state.strain, marks_hidden: false } : say(words.no_strain)(state);
};

/** Panels between which the curtain hangs: left, right. @param {PlayerState} state @returns {readonly [Panel, Panel] | null} */
export function curtainPair(state) {
  const shown = shownPanels(state);
  const ultrasound = shown.filter((panel) => panel.role !== "static");
  const [left, right] = ultrasound.length >= 2 ? ultrasound : shown;
  return left === undefined || right === undefined ? null : [left, right];
}

/** Ultrasound pictures that are laid over each other: left, right. @param {PlayerState} state @returns {readonly [Panel, Panel] | null} */
export function blendPair(state) {
  const [left, right] = shownPanels(state).filter((panel) => panel.role !== "static");
  return left === undefined || right === undefined ? null : [left, right];
}

/** @param {PlayerState["layout"]} layout @returns {Request} */
export const setLayout = (layout) => (state) => {
  if (layout === "curtain" && curtainPair(state) === null) return say("The curtain needs two panels.")(state);
  if (isStacked(layout) && layout !== "curtain" && blendPair(state) === null) return say(words.needs_two)(state);
  if (layout === "m_mode" && activeGroup(state) === null) return say(words.nothing_moves)(state);
  if (layout !== "blink") return set("layout", layout)(state);
  if (state.layout !== "blink") return { ...state, layout, blinking: !state.calm };
  return state.calm ? swap(state) : { ...state, blinking: !state.blinking };
};

/** Brings the other of two blinking pictures to the front and holds it. @type {Request} */
export const swap = (state) => ({ ...state, blinking: false, swaps: state.swaps + 1 });

/** @param {string} panel_id @param {MLine} line @returns {Request} */
export const setMLine = (panel_id, line) => (state) => ({ ...state, m_lines: { ...state.m_lines, [panel_id]: line } });
