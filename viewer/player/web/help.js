// The help over the player: every key, and what mouse and fingers do.
import { button, element } from "./dom.js";
import { SHORTCUTS } from "./shortcuts.js";

const GESTURES = Object.freeze([
  ["Drag the scrubber", "any frame, exactly"],
  ["Wheel over a moving picture", "one frame a notch"],
  ["Wheel over a still series", "one slice a notch"],
  ["Ctrl or ⌘ with the wheel", "zoom at the pointer"],
  ["Drag the picture", "what the chosen tool does: scrub, pan, grey or window, draw"],
  ["Middle button, or Shift and drag", "pan the picture; with the hand, a click puts its point in the middle"],
  ["Small frame in a zoomed picture", "a click, a drag or the arrows move the part that is seen"],
  ["Drawing: drag, or click and click", "a mark of the chosen kind; Enter, a double click or a click on the first point ends a line, Backspace or undo takes the last point back, Esc gives up"],
  ["Drawing by keyboard", "Enter on a tool, or in the picture, places the mark in the middle; Tab goes from handle to handle"],
  ["Handle with the focus", "arrows move it 1 px, Shift and arrows 10 px, Delete takes the point or the mark away"],
  ["M-mode line", "drag an end, or focus it and use the arrows; a press on the strip goes to its frame"],
  ["One finger sideways", "scrub"],
  ["Two fingers", "zoom and pan"],
]);

/** @param {() => void} close @returns {HTMLDialogElement} */
export function makeHelp(close) {
  const keys = SHORTCUTS.map(({ shown, meaning }) => element("tr", {}, element("th", { scope: "row" }, element("kbd", {}, shown)), element("td", {}, meaning)));
  const gestures = GESTURES.map(([how = "", what = ""]) => element("tr", {}, element("th", { scope: "row" }, how), element("td", {}, what)));
  const table = (/** @type {string} */ name, /** @type {HTMLElement[]} */ rows) =>
    element("div", {}, element("h3", {}, name), element("table", {}, element("tbody", {}, ...rows)));
  const dialog = element("dialog", { class: "msus-help", "aria-label": "Help: keys and gestures" },
    element("div", { class: "msus-help-head" }, element("h2", {}, "Keys and gestures"), button({ name: "Close the help", key: "Esc", icon: "close" }, close)),
    element("div", { class: "msus-help-body", tabindex: 0 }, table("Keys", keys), table("Mouse and fingers", gestures),
      element("p", {}, "For teaching, not a medical device. Lengths are in mm only where the file carries a scale.")));
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  return dialog;
}
