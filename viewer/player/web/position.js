// Which frame each panel shows, read off the state. Panels that move together
// form a group with one axis; unlinked panels are groups of their own.
/** @import { Panel, PlayerState, Timeline } from "./types.d.ts" */
import { effortOf } from "./phase.js";
import { frameOn, momentOf, moves, stopAt, timelineOf, trackOf, trackTime_s } from "./timeline.js";

export const LINKED = "linked";

/** @typedef {Readonly<Record<string, Timeline>>} Groups */

/** @type {WeakMap<object, Map<string, Groups>>} axes by scene, then by what shapes them */
const known = new WeakMap();

/** @param {PlayerState} state @param {string} panel_id @returns {Panel | undefined} */
export function panelOf(state, panel_id) {
  return state.scene.panels.find((panel) => panel.panel_id === panel_id);
}

/** Panels on screen, in the scene's order. @param {PlayerState} state */
export function shownPanels(state) {
  return state.scene.panels.filter((panel) => state.shown[panel.panel_id]);
}

/** Panels that the scrubber drives. @param {PlayerState} state */
export function movingPanels(state) {
  return shownPanels(state).filter((panel) => moves(panel) && state.pins[panel.panel_id] === null);
}

/**
 * Panel whose frames the scrubber counts: the chosen one if it moves, else the contraction.
 * @param {PlayerState} state @returns {Panel | undefined}
 */
export function leaderOf(state) {
  const moving = movingPanels(state);
  return moving.find((panel) => panel.panel_id === state.active_id) ?? moving.find((panel) => panel.role === "contraction") ?? moving[0];
}

/** @param {PlayerState} state @returns {Groups} axis of each group */
export function groupsOf(state) {
  const moving = movingPanels(state);
  const leader = leaderOf(state)?.panel_id ?? "";
  const key = `${state.link} ${leader} ${moving.map((panel) => panel.panel_id).join(" ")}`;
  const by_key = known.get(state.scene) ?? new Map();
  known.set(state.scene, by_key);
  let groups = by_key.get(key);
  if (groups === undefined) by_key.set(key, groups = makeGroups(moving, state.link, leader));
  return groups;
}

/** @param {Panel[]} moving @param {PlayerState["link"]} link @param {string} leader @returns {Groups} */
function makeGroups(moving, link, leader) {
  if (moving.length === 0) return {};
  const tracks = moving.map(trackOf);
  if (link !== "none") return { [LINKED]: timelineOf(tracks, link, leader) };
  return Object.fromEntries(tracks.map((track) => [track.panel_id, timelineOf([track], "none", track.panel_id)]));
}

/** Group that the scrubber drives; null where nothing moves. @param {PlayerState} state */
export function activeGroup(state) {
  const leader = leaderOf(state);
  if (leader === undefined) return null;
  return state.link === "none" ? leader.panel_id : LINKED;
}

/** Axis under the scrubber. @param {PlayerState} state @returns {Timeline | null} */
export function activeTimeline(state) {
  const group = activeGroup(state);
  return group === null ? null : groupsOf(state)[group] ?? null;
}

/** Stop under the handle of the scrubber. @param {PlayerState} state */
export function activeStop(state) {
  const group = activeGroup(state);
  const timeline = activeTimeline(state);
  return group === null || timeline === null ? 0 : stopAt(timeline, state.heads_s[group] ?? 0);
}

/**
 * Frame that a panel is asked to show.
 * @param {PlayerState} state @param {Panel} panel
 * @returns {number} frame index
 */
export function wantedFrame(state, panel) {
  const pin = state.pins[panel.panel_id];
  if (typeof pin === "number") return pin;
  if (!moves(panel)) return state.slices[panel.panel_id] ?? panel.start_frame_index;
  const group = state.link === "none" ? panel.panel_id : LINKED;
  const timeline = groupsOf(state)[group];
  const frame = timeline === undefined ? null : frameOn(timeline, panel.panel_id, state.heads_s[group] ?? 0);
  return frame ?? state.slices[panel.panel_id] ?? panel.start_frame_index;
}

/**
 * The state with its heads set so that panels keep their frames when links,
 * pins or the leader have changed; linked panels follow the leader.
 * @param {PlayerState} before @param {PlayerState} after @returns {PlayerState}
 */
export function keepFrames(before, after) {
  /** @type {Record<string, number>} */
  const heads_s = {};
  /** @type {Record<string, number>} */
  const slices = { ...after.slices };
  for (const panel of after.scene.panels) if (moves(panel)) slices[panel.panel_id] = wantedFrame(before, panel);
  for (const [group, timeline] of Object.entries(groupsOf(after))) {
    const same = groupsOf(before)[group];
    const keep_time = same !== undefined && same.link === timeline.link && timeline.link === "time" && (before.heads_s[group] ?? 0) < timeline.end_s;
    heads_s[group] = keep_time ? before.heads_s[group] ?? 0 : headOf(before, after, same, timeline, before.heads_s[group] ?? 0);
  }
  return { ...after, heads_s, slices };
}

/**
 * Where the head of a new axis stands: by phase between the frames as before, else at the start of the leader's frame.
 * @param {PlayerState} before @param {PlayerState} after @param {Timeline | undefined} old @param {Timeline} timeline @param {number} head_s
 */
function headOf(before, after, old, timeline, head_s) {
  const track = old?.tracks.find((each) => each.panel_id === timeline.leader_id);
  if (old?.link === "phase" && timeline.link === "phase" && track !== undefined) return trackTime_s(old, track, head_s);
  const leader = panelOf(after, timeline.leader_id);
  return momentOf(timeline, timeline.leader_id, leader === undefined ? 0 : wantedFrame(before, leader));
}

/** Whether every panel that moves, or may move, shows an effort: rest, contracting and hold. @param {PlayerState["scene"]} scene */
export function hasPhases(scene) {
  const moving = scene.panels.filter(moves);
  return moving.length > 1 && moving.every((panel) => effortOf(panel) !== null);
}
