// Two annotated frames side by side: chosen one after the other, held in the
// two panels that can show them, and back again by the same key.
/** @import { AnnotatedFrame, Beside, Panel, PlayerState } from "./types.d.ts" */
/** @import { Request } from "./requests.js" */
import { toggleAllMarks } from "./mark_requests.js";
import { allSaid } from "./marks.js";
import { keepFrames, shownPanels, wantedFrame } from "./position.js";
import { say } from "./requests.js";
import { moves } from "./timeline.js";
import { words } from "./words.js";

/** @typedef {NonNullable<Beside["chosen"]>} Choice */

/** @type {Beside} */
export const NOTHING_BESIDE = Object.freeze({ chosen: null, before: null });

/** Chooses an annotated frame; with the second one both are shown. The same again lets it go. @param {string} clip_id @param {AnnotatedFrame} frame @returns {Request} */
export const putBeside = (clip_id, frame) => (state) => {
  const { chosen } = state.beside;
  const own = { clip_id, frame };
  if (chosen === null) return say(`${frame.title}: chosen. ${words.beside_another}`)({ ...state, beside: { ...state.beside, chosen: own } });
  if (chosen.frame.frame_id === frame.frame_id && chosen.clip_id === clip_id) return say(words.beside_none)({ ...state, beside: { ...state.beside, chosen: null } });
  const panels = panelsFor(state, chosen, own);
  if (panels === null) return say(words.beside_impossible)({ ...state, beside: { ...state.beside, chosen: null } });
  return say(`${chosen.frame.title}, beside: ${frame.title}.`)(hold(panels, [chosen, own])(state));
};

/** V: back from two frames; else the annotated frame on screen is chosen. @type {Request} */
export const besideKey = (state) => {
  if (state.beside.before !== null) return backFromBeside(state);
  for (const { clip_id, annotated_frames } of allSaid(state)) {
    const here = annotated_frames.find((frame) => isOnAnyPanel(state, clip_id, frame.frame_index));
    if (here !== undefined) return putBeside(clip_id, here)(state);
  }
  return say(words.beside_go_first)(state);
};

/** Whether some panel shows a frame of a clip. @param {PlayerState} state @param {string} clip_id @param {number} frame_index */
export function isOnAnyPanel(state, clip_id, frame_index) {
  return shownPanels(state).some((panel) => panel.clip_id === clip_id && wantedFrame(state, panel) === frame_index);
}

/** What was shown before the two frames came. @type {Request} */
export const backFromBeside = (state) => {
  const { before } = state.beside;
  return before === null ? state : say(words.beside_back)({ ...state, ...before, beside: NOTHING_BESIDE });
};

/** Panels for two frames, in their order on screen; null where there are no two. @param {PlayerState} state @param {Choice} one @param {Choice} other @returns {readonly [Panel, Panel] | null} */
export function panelsFor({ scene }, one, other) {
  const able = (/** @type {Choice} */ { clip_id, frame }) => scene.panels.filter((panel) =>
    moves(panel) && panel.clip_id === clip_id && panel.first_frame_index <= frame.frame_index && frame.frame_index <= panel.last_frame_index);
  for (const first of able(one)) {
    const second = able(other).find((panel) => panel !== first && scene.panels.indexOf(panel) > scene.panels.indexOf(first)) ?? able(other).find((panel) => panel !== first);
    if (second !== undefined) return [first, second];
  }
  return null;
}

/** @param {readonly [Panel, Panel]} panels @param {readonly [Choice, Choice]} choices @returns {Request} */
const hold = ([first, second], [one, other]) => (state) => {
  const { shown, pins, layout, heads_s, marks_off, marks_hidden, active_id } = state;
  const before = state.beside.before ?? { shown, pins, layout, playing: false, heads_s, marks_off, marks_hidden, active_id };
  const two = [first.panel_id, second.panel_id];
  return keepFrames(state, toggleAllMarks(true)({
    ...state, playing: false, layout: "side", active_id: second.panel_id, beside: { chosen: null, before },
    shown: Object.fromEntries(state.scene.panels.map(({ panel_id }) => [panel_id, two.includes(panel_id)])),
    pins: { ...pins, [first.panel_id]: one.frame.frame_index, [second.panel_id]: other.frame.frame_index },
  }));
};
