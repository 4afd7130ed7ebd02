// The address of what is on screen: case, clip and frame, without a rerun.
/** @import { PlayerState, RestPosition } from "./types.d.ts" */
import { leaderOf, panelOf, wantedFrame } from "./position.js";

/** @param {PlayerState} state @returns {RestPosition | null} */
export function restPosition(state) {
  const panel = leaderOf(state) ?? panelOf(state, state.active_id);
  return panel === undefined ? null : { clip_id: panel.clip_id, frame_number: wantedFrame(state, panel) + 1 };
}

/**
 * The address with our three parts set and all others kept.
 * @param {string} search  such as "?page=2&frame=3"
 * @param {string} case_id @param {RestPosition} position
 */
export function searchWith(search, case_id, position) {
  const parts = new URLSearchParams(search);
  parts.set("case", case_id);
  parts.set("clip", position.clip_id);
  parts.set("frame", String(position.frame_number));
  return `?${parts}`;
}

/** @param {PlayerState} state */
export function writeDeepLink(state) {
  const position = restPosition(state);
  if (state.scene.deep_link_case === null || position === null) return;
  const search = searchWith(location.search, state.scene.deep_link_case, position);
  if (search !== location.search) history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
}
