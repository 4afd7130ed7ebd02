// What may be asked of marks and of the frames that carry them.
/** @import { AnnotatedFrame, Panel, PlayerState } from "./types.d.ts" */
/** @import { Request } from "./requests.js" */
import { isPen } from "./drawing_door.js";
import { markIds } from "./marks.js";
import { movingPanels, shownPanels, wantedFrame } from "./position.js";
import { choose, say, setSlice, toFrame } from "./requests.js";
import { moves } from "./timeline.js";

/** Switches one mark off or on again; one that is switched on is seen. @param {string} mark_id @returns {Request} */
export const toggleMark = (mark_id) => (state) => {
  const on = state.marks_off.includes(mark_id);
  const marks_off = on ? state.marks_off.filter((id) => id !== mark_id) : [...state.marks_off, mark_id];
  return { ...state, marks_off, marks_hidden: on ? false : state.marks_hidden, spotlight: state.spotlight === mark_id ? null : state.spotlight };
};

/** Switches all marks of a layer on or off. @param {readonly string[]} ids @param {boolean} shown @returns {Request} */
export const toggleLayer = (ids, shown) => (state) => {
  const others = state.marks_off.filter((id) => !ids.includes(id));
  return { ...state, marks_off: shown ? others : [...others, ...ids], marks_hidden: shown ? false : state.marks_hidden };
};

/** H: marks that nobody has asked for yet are shown; else all that lies over the pictures is hidden or shown. @type {Request} */
export const hideOrShow = (state) => {
  const ids = markIds(state.scene); // not those that were drawn here: they are never unasked
  const unasked = ids.length > 0 && ids.every((id) => state.marks_off.includes(id));
  return unasked ? toggleAllMarks(true)(state) : { ...state, marks_hidden: !state.marks_hidden };
};

/** Opens the row of drawing tools, or puts them away. @type {Request} */
export const toggleDrawing = (state) => {
  if (state.drawing) return { ...state, drawing: false, draft: null, tool: isPen(state.tool) ? "scrub" : state.tool };
  return { ...state, drawing: true, marks_hidden: false };
};

/** Switches every mark on or off. @param {boolean} shown @returns {Request} */
export const toggleAllMarks = (shown) => (state) => ({
  ...state, spotlight: shown ? state.spotlight : null, marks_hidden: shown ? false : state.marks_hidden,
  marks_off: shown ? [] : markIds(state.scene, state.marks),
});

/** Dims all but one marked tissue; the same again takes the light away. @param {string} mark_id @returns {Request} */
export const toggleSpotlight = (mark_id) => (state) => {
  if (state.spotlight === mark_id) return { ...state, spotlight: null };
  return { ...state, spotlight: mark_id, marks_hidden: false, marks_off: state.marks_off.filter((id) => id !== mark_id) };
};

/** Panel on which an annotated frame is looked at: one that moves, else one that is held, else none. @param {PlayerState} state @param {string} clip_id @param {number} frame_index @returns {Panel | undefined} */
export function panelFor(state, clip_id, frame_index) {
  const has = (/** @type {Panel} */ panel) => panel.clip_id === clip_id && panel.first_frame_index <= frame_index && frame_index <= panel.last_frame_index;
  return movingPanels(state).find(has) ?? shownPanels(state).find(has);
}

/** Goes to an annotated frame, with its marks, and reads it out. @param {string} clip_id @param {AnnotatedFrame} frame @returns {Request} */
export const toAnnotated = (clip_id, { frame_index, title, text_alternative }) => (state) => {
  const panel = panelFor(state, clip_id, frame_index);
  if (panel === undefined) return say("The clip of this frame is not shown.")(state);
  return say(`${title}. ${text_alternative}`)(goTo(panel, frame_index)(toggleAllMarks(true)(state)));
};

/** Holds a frame of a panel, whether it moves, is pinned or stands still. @param {Panel} panel @param {number} frame_index @returns {Request} */
export const goTo = (panel, frame_index) => (state) => {
  const { panel_id } = panel;
  if (!moves(panel)) return setSlice(panel_id, frame_index)({ ...state, playing: false });
  if (typeof state.pins[panel_id] === "number") return { ...state, playing: false, pins: { ...state.pins, [panel_id]: frame_index } };
  return toFrame(panel, frame_index)(choose(panel_id)(state));
};

/** The annotated frame of a clip that some panel wants at this moment. @param {PlayerState} state @param {string} clip_id @param {number} frame_index */
export function isOnScreen(state, clip_id, frame_index) {
  const panel = panelFor(state, clip_id, frame_index);
  return panel !== undefined && wantedFrame(state, panel) === frame_index;
}
