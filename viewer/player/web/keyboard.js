// Keys to requests, by the table in shortcuts.js.
/** @import { PlayerState } from "./types.d.ts" */
/** @import { Shortcut } from "./shortcuts.js" */
/** @import { Store } from "./store.js" */
import { changeSpeed, chapter, cycleRepeat, step, toEnd, togglePin, togglePlay, toPeak, toRest } from "./requests.js";
import { isPen } from "./drawing_door.js";
import { besideKey } from "./beside.js";
import { hideOrShow, toggleDrawing } from "./mark_requests.js";
import { shortcutFor } from "./shortcuts.js";
import { changeView, fit, flip, set, setLayout, toggleEnds, toggleStrain, ZOOM_STEP } from "./view_requests.js";
import { zoomAbout } from "./geometry.js";
import { panelOf } from "./position.js";
import { WAYS } from "./ways.js";

/** @typedef {"undo" | "redo" | "placeMark"} DrawingErrand */
/** @typedef {{help: () => void, escape: () => void, draw: (errand: DrawingErrand) => void}} Doors  what lies outside of the state */

/** @typedef {(state: PlayerState, amount: number) => (state: PlayerState) => PlayerState} Answer */

/** @type {Readonly<Record<string, Answer>>} */
const ANSWERS = Object.freeze({
  toggle_play: () => togglePlay,
  step: (_state, amount) => step(amount),
  to_end: (_state, amount) => toEnd(amount),
  chapter: (_state, amount) => chapter(amount),
  to_rest: () => toRest,
  to_peak: () => toPeak,
  speed: (_state, amount) => changeSpeed(amount),
  ...Object.fromEntries(WAYS.map(({ layout }) => [`layout_${layout}`, () => setLayout(layout)])),
  hold_probe: (state) => set("still_probe", !state.still_probe),
  ghost: () => toggleEnds("ghost"),
  trail: () => toggleEnds("trail"),
  strain: () => toggleStrain,
  pin: (state) => togglePin(state.active_id),
  repeat: () => cycleRepeat,
  flip: (state) => flip(state.active_id),
  beside: () => besideKey,
  hide_marks: () => hideOrShow,
  draw: () => toggleDrawing,
  hide_text: (state) => set("text_hidden", !state.text_hidden),
  black: (state) => set("black", !state.black),
  fit: (state) => fit(state.active_id),
  zoom: (state, amount) => zoomMiddle(state.active_id, amount),
});

/** Zoom about the middle of what is seen. @param {string} panel_id @param {number} direction @returns {(state: PlayerState) => PlayerState} */
export const zoomMiddle = (panel_id, direction) => (state) => {
  const clip = panelOf(state, panel_id)?.clip;
  if (clip === undefined) return state;
  return changeView(panel_id, (view) =>
    zoomAbout(view, { x_px: view.centre_x * clip.columns, y_px: view.centre_y * clip.rows }, direction > 0 ? ZOOM_STEP : 1 / ZOOM_STEP, clip))(state);
};

/**
 * Obeys one shortcut; the outermost table of the player, for buttons too.
 * @param {Store<PlayerState>} store @param {Doors} doors @param {Pick<Shortcut, "action" | "amount">} shortcut
 */
export function obey(store, doors, shortcut) {
  if (shortcut.action === "help") return doors.help();
  if (shortcut.action === "escape") return doors.escape();
  if (shortcut.action === "undo" || shortcut.action === "redo") return doors.draw(shortcut.action);
  const answer = ANSWERS[shortcut.action];
  if (answer !== undefined) store.request(answer(store.state(), shortcut.amount ?? 0));
}

/**
 * Listens on the player; no key that it hears leaves it for the page.
 * @param {HTMLElement} root @param {Store<PlayerState>} store @param {Doors} doors
 */
export function listenToKeys(root, store, doors) {
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (event.key === "Enter" && target === root && isPen(store.state().tool)) return doors.draw("placeMark");
    if (belongsToTarget(event.key, target)) return;
    const shortcut = shortcutFor(event);
    if (shortcut === null) return;
    event.preventDefault();
    if (store.state().black && shortcut.action !== "escape") store.request(set("black", false));
    else obey(store, doors, shortcut);
  });
  for (const type of ["keyup", "keypress"]) root.addEventListener(type, (event) => event.stopPropagation());
}

/** Whether a key is the business of the control that has the focus. @param {string} key @param {HTMLElement} target */
function belongsToTarget(key, target) {
  if (target.closest("dialog") !== null) return key !== "Escape";
  if (target.matches("input[type=number], input[type=text], textarea, select")) return key !== "Escape";
  if (key === " " || key === "Enter") return target.matches("button, input, select");
  if (target.matches("input[type=range]")) return /^(Arrow|Home|End|Page)/.test(key);
  return false;
}
