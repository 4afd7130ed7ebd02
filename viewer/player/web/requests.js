// What may be asked of position and playing. Each request is a pure function
// from state to state; the same state back means that nothing changes.
/** @import { Chapter, Link, Panel, PlayerState, Scene } from "./types.d.ts" */
import { nextSpeed, SPEEDS } from "./clock.js";
import { FIT } from "./geometry.js";
import { turningFrame } from "./curve.js";
import { speedText } from "./labels.js";
import { ownScene, withLentOf } from "./lent_panels.js";
import { markIds } from "./marks.js";
import { activeGroup, activeStop, activeTimeline, groupsOf, hasPhases, keepFrames, leaderOf, LINKED, panelOf, wantedFrame } from "./position.js";
import { momentOf, moves, stopStart_s } from "./timeline.js";
import { PLAIN } from "./tone.js";
import { words } from "./words.js";

/** @typedef {(state: PlayerState) => PlayerState} Request */

/**
 * @param {Scene} scene
 * @param {Partial<PlayerState>} preferences
 * @returns {PlayerState}
 */
export function initialState(scene, preferences) {
  const each = (/** @type {(panel: Panel) => unknown} */ make) =>
    /** @type {any} */ (Object.fromEntries(scene.panels.map((panel) => [panel.panel_id, make(panel)])));
  const active = scene.panels.find((panel) => panel.role === "contraction") ?? scene.panels.find(moves) ?? scene.panels[0];
  /** @type {PlayerState} */
  const state = {
    scene, shown: each(() => true), active_id: active?.panel_id ?? "", link: linkOf(scene),
    pins: each((panel) => panel.pinned_frame_index), slices: each((panel) => clampFrame(panel, panel.start_frame_index)),
    heads_s: {}, playing: false, speed: 1, play_mode: "loop", repeat: null, layout: "side", curtain: 0.5, blinking: false, swaps: 0, calm: false, still_probe: true, ghost: false, trail: false, strain: false, second_curve: null, m_lines: {}, tool: "scrub",
    views: each(() => FIT), tones: each(() => PLAIN), views_linked: true, same_scale: true, marks_hidden: false, marks_off: markIds(scene), spotlight: null,
    beside: Object.freeze({ chosen: null, before: null }), text_hidden: false, black: false, large_type: false, scan_plane_shown: false, drawing: false, marks: scene.marks, draft: null, said: { text: "", count: 0 },
    ...preferences,
  };
  const heads_s = Object.fromEntries(Object.entries(groupsOf(state)).map(([group, timeline]) => {
    const leader = panelOf(state, timeline.leader_id);
    return [group, leader === undefined ? 0 : momentOf(timeline, leader.panel_id, leader.start_frame_index)];
  }));
  return { ...state, heads_s };
}

/** A new scene of the same id: words and links may change, position and view stay. @param {Scene} scene @returns {Request} */
export const updateScene = (scene) => (before) => {
  const fresh = initialState(scene, {});
  const same = samePanels(ownScene(before.scene), scene);
  if (!same) return { ...fresh, speed: before.speed, play_mode: before.play_mode, layout: before.layout, blinking: before.blinking, calm: before.calm, tool: before.tool, large_type: before.large_type };
  return updateLinks(scene)(before);
};

/** @param {Scene} before @param {Scene} after */
function samePanels(before, after) {
  const names = (/** @type {Scene} */ scene) => scene.panels.map((panel) => `${panel.panel_id} ${panel.first_frame_index} ${panel.last_frame_index} ${panel.clip.frames}`).join(";");
  return names(before) === names(after);
}

/** @param {Scene} scene @returns {Request} */
const updateLinks = (scene) => (state) => keepFrames(state, { ...state, scene: withLentOf(state.scene, scene), marks: scene.marks, draft: null, link: scene.link === state.scene.link ? state.link : linkOf(scene) });

/** A link by phase needs the chapters of every clip. @param {Scene} scene @returns {Link} */
const linkOf = (scene) => (scene.link === "phase" && !hasPhases(scene) ? "time" : scene.link);

/** @param {string} text @returns {Request} a sentence for the live region */
export const say = (text) => (state) => ({ ...state, said: { text, count: state.said.count + 1 } });

/** @type {Request} */
export const togglePlay = (state) => {
  if (activeGroup(state) === null) return say(words.nothing_moves)(state);
  if (state.playing) return { ...state, playing: false };
  return { ...rewindIfOver(state), playing: true };
};

/** Playing once from the last frame starts at the first. @type {Request} */
function rewindIfOver(state) {
  const timeline = activeTimeline(state);
  const group = activeGroup(state);
  if (timeline === null || group === null || state.play_mode !== "once") return state;
  const { first, last } = repeatRange(state);
  if (activeStop(state) < last) return state;
  return { ...state, heads_s: { ...state.heads_s, [group]: stopStart_s(timeline, first) } };
}

/** Heads of all groups while playing; ends when nothing is left to play. @param {Record<string, number>} heads_s @param {boolean} ended @returns {Request} */
export const advance = (heads_s, ended) => (state) => ({ ...state, heads_s: { ...state.heads_s, ...heads_s }, playing: state.playing && !ended });

/** @type {Request} */
export const pause = (state) => (state.playing ? { ...state, playing: false } : state);

/** Puts the scrubber on a stop and holds it there. @param {number} stop @returns {Request} */
export const seek = (stop) => (state) => {
  const group = activeGroup(state);
  const timeline = activeTimeline(state);
  if (group === null || timeline === null) return state;
  const head_s = stopStart_s(timeline, stop);
  if (!state.playing && state.heads_s[group] === head_s) return state;
  return { ...state, playing: false, heads_s: { ...state.heads_s, [group]: head_s } };
};

/** @param {number} frames @returns {Request} */
export const step = (frames) => (state) => (activeGroup(state) === null ? stepOnlySeries(state, frames) : seek(activeStop(state) + frames)(state));

/** Where nothing moves, the arrows turn the slices of the chosen panel. @param {PlayerState} state @param {number} frames */
function stepOnlySeries(state, frames) {
  return stepSlice(state.active_id, frames)(state);
}

/** @param {number} side  below 0 the first frame, else the last @returns {Request} */
export const toEnd = (side) => (state) => seek(side < 0 ? 0 : (activeTimeline(state)?.stops_s.length ?? 1) - 1)(state);

/** @param {number} direction @returns {Request} */
export const chapter = (direction) => (state) => {
  const leader = leaderOf(state);
  if (leader === undefined) return state;
  const here = wantedFrame(state, leader);
  const starts = leader.clip.chapters.map((each) => each.first_frame_index)
    .filter((first) => first >= leader.first_frame_index && first <= leader.last_frame_index);
  const target = direction > 0 ? starts.find((first) => first > here) : starts.findLast((first) => first < here);
  return target === undefined ? toEnd(direction)(state) : toFrame(leader, target)(state);
};

/** @param {Panel} leader @param {number} frame_index @returns {Request} */
export const toFrame = (leader, frame_index) => (state) => {
  const group = activeGroup(state);
  const timeline = activeTimeline(state);
  if (group === null || timeline === null) return state;
  return { ...state, playing: false, heads_s: { ...state.heads_s, [group]: momentOf(timeline, leader.panel_id, frame_index) } };
};

/** @type {Request} */
export const toRest = (state) => {
  const leader = leaderOf(state);
  if (leader === undefined) return state;
  return toFrame(leader, turningFrame(leader, "rest") ?? chapterNamed(leader, "rest")?.first_frame_index ?? leader.first_frame_index)(state);
};

/** @type {Request} */
export const toPeak = (state) => {
  const leader = leaderOf(state);
  const hold = leader === undefined ? null : chapterNamed(leader, "hold");
  const peak = leader === undefined ? null : turningFrame(leader, "peak") ?? (hold === null ? null : (hold.first_frame_index + hold.last_frame_index) >> 1);
  return leader === undefined || peak === null ? say(words.no_peak)(state) : toFrame(leader, peak)(state);
};

/** @param {Panel} panel @param {Chapter["name"]} name */
function chapterNamed(panel, name) {
  return panel.clip.chapters.find((each) => each.name === name) ?? null;
}

/** @param {number} direction @returns {Request} */
export const changeSpeed = (direction) => (state) => setSpeed(nextSpeed(state.speed, direction > 0 ? 1 : -1))(state);

/** @param {number} speed @returns {Request} */
export const setSpeed = (speed) => (state) =>
  (SPEEDS.includes(speed) && speed !== state.speed ? say(`Speed ${speedText(speed)}`)({ ...state, speed }) : state);

/** @param {PlayerState["play_mode"]} play_mode @returns {Request} */
export const setPlayMode = (play_mode) => (state) => ({ ...state, play_mode });

/** @param {Link} link @returns {Request} */
export const setLink = (link) => (state) => (link === state.link ? state : keepFrames(state, { ...state, link, repeat: null }));

/** Sets A, then B, then clears. @type {Request} */
export const cycleRepeat = (state) => {
  const group = activeGroup(state);
  if (group === null) return state;
  const stop = activeStop(state);
  const { repeat } = state;
  if (repeat === null || repeat.group !== group) return say(words.a_set)({ ...state, repeat: { group, a: stop, b: null } });
  if (repeat.b !== null) return say(words.repeat_cleared)({ ...state, repeat: null });
  const [a, b] = stop < repeat.a ? [stop, repeat.a] : [repeat.a, stop];
  return say(words.b_set)({ ...state, repeat: { group, a, b } });
};

/** Stops between which the active group plays. @param {PlayerState} state @returns {{first: number, last: number}} */
export function repeatRange(state) {
  const last = (activeTimeline(state)?.stops_s.length ?? 1) - 1;
  const { repeat } = state;
  if (repeat === null || repeat.b === null || repeat.group !== activeGroup(state)) return { first: 0, last };
  return { first: Math.min(repeat.a, last), last: Math.min(repeat.b, last) };
}

/** Holds a panel at the frame it shows, or lets it go. @param {string} panel_id @returns {Request} */
export const togglePin = (panel_id) => (state) => {
  const panel = panelOf(state, panel_id);
  if (panel === undefined || !moves(panel)) return state;
  const pinned = typeof state.pins[panel_id] === "number";
  const frame_index = wantedFrame(state, panel);
  const next = { ...state, pins: { ...state.pins, [panel_id]: pinned ? null : frame_index } };
  const text = pinned ? `${panel.title} moves again.` : `${panel.title} is pinned at frame ${frame_index + 1}.`;
  return say(text)(pinned ? rejoin(state, next, panel_id, frame_index) : keepFrames(state, next));
};

/** A freed panel joins the others where they are; alone, it goes on from its pin. @param {PlayerState} before @param {PlayerState} after @param {string} panel_id @param {number} frame_index */
function rejoin(before, after, panel_id, frame_index) {
  const group = after.link === "none" ? panel_id : LINKED;
  const timeline = groupsOf(after)[group];
  if (timeline === undefined) return after;
  const others = after.link !== "none" && activeGroup(before) !== null;
  const led = leaderOf(before);
  const by_phase_s = led === undefined ? 0 : momentOf(timeline, led.panel_id, wantedFrame(before, led));
  const together_s = after.link === "phase" ? by_phase_s : after.link === "time" ? before.heads_s[group] ?? 0 : stopStart_s(timeline, activeStop(before));
  const head_s = others ? together_s : momentOf(timeline, panel_id, frame_index);
  return { ...after, heads_s: { ...after.heads_s, [group]: head_s } };
}

/** Chooses the panel that keys speak to. @param {string} panel_id @returns {Request} */
export const choose = (panel_id) => (state) =>
  (state.active_id === panel_id || panelOf(state, panel_id) === undefined ? state : keepFrames(state, { ...state, active_id: panel_id }));

/** Shows or hides a panel; the last one stays. @param {string} panel_id @returns {Request} */
export const toggleShown = (panel_id) => (state) => {
  const shown = { ...state.shown, [panel_id]: !state.shown[panel_id] };
  if (!state.scene.panels.some((panel) => shown[panel.panel_id])) return state;
  return keepFrames(state, { ...state, shown });
};

/** Turns the slices of a panel that does not move. @param {string} panel_id @param {number} slices @returns {Request} */
export const stepSlice = (panel_id, slices) => (state) => setSlice(panel_id, (state.slices[panel_id] ?? 0) + slices)(state);

/** @param {string} panel_id @param {number} frame_index @returns {Request} */
export const setSlice = (panel_id, frame_index) => (state) => {
  const panel = panelOf(state, panel_id);
  if (panel === undefined || moves(panel)) return state;
  const slice = clampFrame(panel, frame_index);
  return slice === state.slices[panel_id] ? state : { ...state, slices: { ...state.slices, [panel_id]: slice } };
};

/** @param {Panel} panel @param {number} frame_index */
function clampFrame(panel, frame_index) {
  return Math.min(Math.max(Math.round(frame_index), panel.first_frame_index), panel.last_frame_index);
}
