// The row of drawing tools over the pictures, and under it the line of the
// mark in the hand. The line is always as high, so that no picture moves.
/** @import { PlayerState, Tool } from "../types.d.ts" */
/** @import { Store } from "../store.js" */
/** @import { Desk } from "./desk.js" */
import { button, element, group, press, write } from "../dom.js";
import { set } from "../view_requests.js";
import { PRIVATE } from "./board.js";
import { KINDS, kindOf } from "./kinds.js";

/** @type {Readonly<Record<string, import("../icons.js").IconName>>} */
const ICONS = Object.freeze({ text: "letter" });

/**
 * @param {Desk} desk @param {HTMLElement} line  of the mark in the hand @param {HTMLElement} author  what only an author sees
 * @param {{place: (kind: import("./types.d.ts").Kind) => void, undo: () => void, redo: () => void}} hands  place: a mark in the middle of the picture
 * @returns {HTMLElement}
 */
export function makeToolRow(desk, line, author, hands) {
  const store = desk.player;
  const tools = [toolButton(store, "choose", "Choose", () => undefined), ...KINDS.map(({ kind, name }) => toolButton(store, kind, name, () => hands.place(kind)))];
  const undo = button({ name: "Undo", key: "Ctrl Z", icon: "undo" }, hands.undo);
  const redo = button({ name: "Redo", key: "Ctrl Y", icon: "redo" }, hands.redo);
  const snap = button({ name: "Snap to the centimetre ticks", icon: "snap", pressed: false }, () => {
    desk.snapping = !desk.snapping;
    press(snap, desk.snapping);
  });
  const kinds = group("Drawing tools", ...tools);
  kinds.classList.add("msus-draw-tools");
  const row = element("section", { class: "msus-draw", "aria-label": "Drawing" },
    element("div", { class: "msus-draw-row" }, kinds, group("Change", undo, redo, snap), author), line);
  const tellUndo = () => undo.toggleAttribute("disabled", desk.board.state().past.length === 0 && store.state().draft === null);
  desk.board.watch((board) => board.past.length, tellUndo);
  store.watch((state) => state.draft === null, tellUndo); // of a mark that is begun it takes back the last place
  desk.board.watch((board) => board.future.length, (count) => redo.toggleAttribute("disabled", count === 0));
  store.watch((state) => state.drawing && !state.text_hidden, (open) => {
    row.hidden = !open;
    if (open && row.isConnected && matchMedia("(max-width: 640px)").matches) row.scrollIntoView({ block: "start" }); // tools and picture on one small screen
  });
  return row;
}

/** @param {Store<PlayerState>} store @param {Tool} tool @param {string} name @param {() => void} place */
function toolButton(store, tool, name, place) {
  const made = button({ name, icon: ICONS[tool] ?? /** @type {import("../icons.js").IconName} */ (tool), text: name, pressed: false, className: "msus-draw-tool" }, (event) => {
    store.request(set("tool", tool));
    if (event.detail === 0) place(); // by keyboard: nothing to drag
  });
  store.watch((state) => state.tool, (now) => press(made, now === tool));
  return made;
}

/** What to do next, while no mark is in the hand. @param {Desk} desk @returns {HTMLElement} */
export function makeHint({ player, board }) {
  const hint = element("p", { class: "msus-draw-hint" });
  const tell = () => write(hint, hintOf(player.state().tool, board.state().layer === PRIVATE));
  player.watch((state) => state.tool, tell);
  board.watch(({ layer }) => layer, tell);
  return hint;
}

/** @param {Tool} tool @param {boolean} is_private */
function hintOf(tool, is_private) {
  if (tool === "choose") return "Click a mark of yours to take it in the hand; drag it to move all of it.";
  if (tool === "scrub" || tool === "pan" || tool === "window") return `Choose a tool, then drag or click in a picture. What you draw ${is_private ? "stays in this browser" : "is there for everybody"}.`;
  return kindOf(tool).how;
}
