// The address of what is on screen: case, clip and frame, and the two frames
// that stand side by side, without a rerun.
/** @import { PlayerState, RestPosition } from "./types.d.ts" */
import { framesBeside } from "./beside.js";
import { leaderOf, panelOf, wantedFrame } from "./position.js";

/** @param {PlayerState} state @returns {RestPosition | null} */
export function restPosition(state) {
  const panel = leaderOf(state) ?? panelOf(state, state.active_id);
  return panel === undefined ? null : { clip_id: panel.clip_id, frame_number: wantedFrame(state, panel) + 1 };
}

/**
 * The address with our parts set and all others kept; opened clips belong to no case.
 * @param {string} search  such as "?page=2&frame=3"
 * @param {string | null} case_id @param {RestPosition} position @param {readonly RestPosition[]} [beside]  the frames that stand side by side
 */
export function searchWith(search, case_id, position, beside = []) {
  const parts = new URLSearchParams(search);
  if (case_id !== null) parts.set("case", case_id);
  parts.set("clip", position.clip_id);
  parts.set("frame", String(position.frame_number));
  parts.delete("beside");
  for (const { clip_id, frame_number } of beside) parts.append("beside", `${clip_id}.${frame_number}`);
  return `?${parts}`;
}

/** The frames that an address puts side by side, such as "?beside=tear.5&beside=tear.34". @param {string} search @returns {RestPosition[]} */
export function besideIn(search) {
  return new URLSearchParams(search).getAll("beside").flatMap((part) => {
    const [, clip_id, frame_number] = /^(.+)\.(\d{1,6})$/.exec(part) ?? [];
    return clip_id === undefined ? [] : [{ clip_id, frame_number: Number(frame_number) }];
  });
}

/** @param {PlayerState} state */
export function writeDeepLink(state) {
  const position = restPosition(state);
  if (position === null) return;
  const search = searchWith(location.search, state.scene.deep_link_case, position, framesBeside(state));
  if (search !== location.search) history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
}
