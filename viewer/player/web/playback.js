// Playing: asks the clock where every group is now.
/** @import { PlayerState, Timeline } from "./types.d.ts" */
import { positionAt, startInside } from "./clock.js";
import { activeGroup, groupsOf } from "./position.js";
import { repeatRange } from "./requests.js";
import { stopAt, stopEnd_s, stopStart_s } from "./timeline.js";

/**
 * @typedef {object} Run  one uninterrupted stretch of playing
 * @property {number} began_ms
 * @property {Readonly<Record<string, number>>} phases_s  where each group began
 * @property {string} key  what a run depends on
 * @property {Readonly<Record<string, number>>} heads_s  heads as this run set them last
 */

/** @param {PlayerState} state @param {string} group @param {Timeline} timeline */
function rangeOf(state, group, timeline) {
  if (group !== activeGroup(state)) return { start_s: 0, end_s: timeline.end_s };
  const { first, last } = repeatRange(state);
  return { start_s: stopStart_s(timeline, first), end_s: stopEnd_s(timeline, last) };
}

/** @param {PlayerState} state */
function keyOf(state) {
  const { first, last } = repeatRange(state);
  return `${state.speed} ${state.play_mode} ${first} ${last} ${Object.keys(groupsOf(state)).join(" ")} ${activeGroup(state)}`;
}

/** @param {PlayerState} state @param {number} now_ms @returns {Run} */
function begin(state, now_ms) {
  const phases_s = Object.fromEntries(Object.entries(groupsOf(state)).map(([group, timeline]) => {
    const { start_s, end_s } = rangeOf(state, group, timeline);
    const head_s = state.heads_s[group] ?? 0;
    const inside_s = head_s >= start_s && head_s < end_s ? head_s : start_s;
    const stop = stopAt(timeline, inside_s);
    const stop_s = stopStart_s(timeline, stop);
    const centred_s = startInside(stop_s, stopEnd_s(timeline, stop) - stop_s, state.speed);
    return [group, Math.max(inside_s, Math.min(centred_s, end_s - 1e-5))];
  }));
  return { began_ms: now_ms, phases_s, key: keyOf(state), heads_s: state.heads_s };
}

/**
 * @param {Run | null} run  the run so far
 * @param {PlayerState} state  playing
 * @param {number} now_ms  time of the display frame
 * @param {boolean} waiting  a frame has not arrived yet: the clock stands
 * @returns {{run: Run, heads_s: Record<string, number>, ended: boolean}}
 */
export function play(run, state, now_ms, waiting) {
  const go_on = run !== null && !waiting && run.key === keyOf(state) && run.heads_s === state.heads_s;
  const now = go_on ? run : begin(state, now_ms);
  const travelled_s = Math.max((now_ms - now.began_ms) / 1000, 0) * state.speed;
  let ended = true;
  const heads_s = { ...state.heads_s };
  for (const [group, timeline] of Object.entries(groupsOf(state))) {
    const from_s = now.phases_s[group] ?? 0;
    const position = positionAt({ ...rangeOf(state, group, timeline), mode: state.play_mode, from_s, travelled_s });
    heads_s[group] = position.time_s;
    ended &&= position.ended;
  }
  return { run: { ...now, heads_s }, heads_s, ended };
}
