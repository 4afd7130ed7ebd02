// Two annotated frames side by side: chosen one after the other, held in two
// panels that can show them, of which one is lent where the comparison has
// too few, and back again by the same key.
/** @import { AnnotatedFrame, Beside, Panel, PlayerState } from "./types.d.ts" */
/** @import { Request } from "./requests.js" */
import { lentFor, ownScene, withPanels } from "./lent_panels.js";
import { toggleAllMarks } from "./mark_requests.js";
import { allSaid, saidOf } from "./marks.js";
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
  return hold([chosen, own])(state);
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
  return before === null ? state : say(words.beside_back)({ ...state, ...before, scene: ownScene(state.scene), beside: NOTHING_BESIDE });
};

/** The two frames that stand side by side, left first; none where something else is shown. @param {PlayerState} state @returns {{clip_id: string, frame_number: number}[]} */
export function framesBeside(state) {
  const shown = shownPanels(state);
  if (state.beside.before === null || shown.length !== 2) return [];
  return shown.map((panel) => ({ clip_id: panel.clip_id, frame_number: wantedFrame(state, panel) + 1 }));
}

/** Shows two frames that an address names; a frame that this comparison has not changes nothing. @param {readonly {clip_id: string, frame_number: number}[]} frames @returns {Request} */
export const showBeside = (frames) => (state) => {
  const choices = frames.flatMap(({ clip_id, frame_number }) => {
    const panel = state.scene.panels.find((each) => each.clip_id === clip_id);
    if (panel === undefined || frame_number < 1 || frame_number > panel.clip.frames) return [];
    const frame_index = frame_number - 1;
    const annotated = saidOf(state, clip_id).annotated_frames.find((each) => each.frame_index === frame_index);
    return [{ clip_id, frame: annotated ?? { frame_id: "", frame_index, title: `Frame ${frame_number}`, text_alternative: "" } }];
  });
  const [one, other] = choices;
  return one === undefined || other === undefined || choices.length !== 2 ? state : hold([one, other])(state);
};

/**
 * Panels for two frames, and all panels in the order in which they then stand.
 * @param {Pick<PlayerState, "scene">} state @param {Choice} one @param {Choice} other
 * @returns {{two: readonly [Panel, Panel], panels: readonly Panel[]}}
 */
export function panelsFor({ scene }, one, other) {
  const own = ownScene(scene).panels;
  const able = (/** @type {Choice} */ { clip_id, frame }) => own.filter((panel) => panel.clip_id === clip_id && panel.first_frame_index <= frame.frame_index && frame.frame_index <= panel.last_frame_index);
  const [lefts, rights] = [able(one), able(other)];
  const pairs = lefts.flatMap((left) => rights.filter((right) => right !== left).map((right) => /** @type {const} */ ([left, right])));
  const two = pairs.find(([left, right]) => own.indexOf(left) < own.indexOf(right)) ?? pairs[0];
  if (two !== undefined) return { two, panels: own };
  const [left, right] = [lefts[0], rights[0]];
  if (left !== undefined) return beside(own, left, lentOf(own, other, 1), 1);
  if (right !== undefined) return beside(own, right, lentOf(own, one, 1), 0);
  const lent = /** @type {const} */ ([lentOf(own, one, 1), lentOf(own, other, 2)]);
  return { two: lent, panels: [...own, ...lent] };
}

/** @param {readonly Panel[]} own @param {Choice} choice @param {1 | 2} number @returns {Panel} */
function lentOf(own, { clip_id }, number) {
  const base = own.find((panel) => panel.clip_id === clip_id);
  if (base === undefined) throw new Error(`No panel shows the clip ${clip_id}.`);
  return lentFor(base, number);
}

/** @param {readonly Panel[]} own @param {Panel} panel  one of them @param {Panel} lent @param {0 | 1} after  1 puts it after the panel */
function beside(own, panel, lent, after) {
  const at = own.indexOf(panel) + after;
  return { two: after === 1 ? /** @type {const} */ ([panel, lent]) : /** @type {const} */ ([lent, panel]), panels: [...own.slice(0, at), lent, ...own.slice(at)] };
}

/** @param {readonly [Choice, Choice]} choices @returns {Request} */
const hold = ([one, other]) => (state) => {
  const { shown, pins, slices, layout, heads_s, marks_off, marks_hidden, active_id } = state;
  const before = state.beside.before ?? { shown, pins, slices, layout, playing: false, heads_s, marks_off, marks_hidden, active_id };
  const { two: [first, second], panels } = panelsFor(state, one, other);
  const wider = withPanels(state, panels);
  const held = { [first.panel_id]: one.frame.frame_index, [second.panel_id]: other.frame.frame_index };
  const moving = Object.fromEntries([first, second].filter(moves).map(({ panel_id }) => [panel_id, held[panel_id] ?? null]));
  const next = keepFrames(state, toggleAllMarks(true)({
    ...wider, playing: false, layout: "side", active_id: second.panel_id, beside: { chosen: null, before },
    shown: Object.fromEntries(panels.map(({ panel_id }) => [panel_id, panel_id in held])),
    pins: { ...wider.pins, ...moving },
  }));
  return say(`${one.frame.title}, beside: ${other.frame.title}.`)({ ...next, slices: { ...next.slices, ...held } });
};
