// The table of keys: what the help shows, what the player obeys, what the
// documentation prints. R and C belong to the host page and stay unused.

/**
 * @typedef {object} Shortcut
 * @property {readonly string[]} keys  values of KeyboardEvent.key, lower case; "shift+" in front where it matters, "ctrl+" for Ctrl or the command key
 * @property {string} shown  as printed on the keys
 * @property {string} action  name of the request
 * @property {number} [amount]
 * @property {string} meaning
 */

/** @type {readonly Shortcut[]} */
export const SHORTCUTS = Object.freeze([
  { keys: [" "], shown: "Space", action: "toggle_play", meaning: "Play or pause" },
  { keys: ["arrowleft"], shown: "←", action: "step", amount: -1, meaning: "One frame back" },
  { keys: ["arrowright"], shown: "→", action: "step", amount: 1, meaning: "One frame on" },
  { keys: ["shift+arrowleft"], shown: "Shift ←", action: "step", amount: -10, meaning: "Ten frames back" },
  { keys: ["shift+arrowright"], shown: "Shift →", action: "step", amount: 10, meaning: "Ten frames on" },
  { keys: ["home"], shown: "Home", action: "to_end", amount: -1, meaning: "First frame" },
  { keys: ["end"], shown: "End", action: "to_end", amount: 1, meaning: "Last frame" },
  { keys: ["pageup"], shown: "Page ↑", action: "chapter", amount: -1, meaning: "Chapter before (else first frame)" },
  { keys: ["pagedown"], shown: "Page ↓", action: "chapter", amount: 1, meaning: "Next chapter (else last frame)" },
  { keys: [","], shown: ",", action: "to_rest", meaning: "Go to rest" },
  { keys: ["."], shown: ".", action: "to_peak", meaning: "Go to the peak of the contraction" },
  { keys: ["["], shown: "[", action: "speed", amount: -1, meaning: "Slower" },
  { keys: ["]"], shown: "]", action: "speed", amount: 1, meaning: "Faster" },
  { keys: ["1"], shown: "1", action: "layout_side", meaning: "Side by side" },
  { keys: ["2"], shown: "2", action: "layout_curtain", meaning: "Curtain" },
  { keys: ["3"], shown: "3", action: "layout_blink", meaning: "Blink; again to stop, or for the other picture where less motion is asked for" },
  { keys: ["4"], shown: "4", action: "layout_hues", meaning: "Two hues: left panel blue, right panel orange, what is equal grey" },
  { keys: ["5"], shown: "5", action: "layout_difference", meaning: "Difference of the two pictures" },
  { keys: ["6"], shown: "6", action: "layout_m_mode", meaning: "M-mode of a line in the picture" },
  { keys: ["k"], shown: "K", action: "hold_probe", meaning: "In two hues and difference: hold the probe still, or as recorded" },
  { keys: ["g"], shown: "G", action: "ghost", meaning: "Outline of the muscle ends at rest" },
  { keys: ["w"], shown: "W", action: "trail", meaning: "Way that the muscle ends took" },
  { keys: ["e"], shown: "E", action: "strain", meaning: "Strain along the fascicles as colours" },
  { keys: ["p"], shown: "P", action: "pin", meaning: "Pin or free the chosen panel" },
  { keys: ["l"], shown: "L", action: "repeat", meaning: "Repeat a part: set A, set B, clear" },
  { keys: ["f"], shown: "F", action: "flip", meaning: "Flip left and right" },
  { keys: ["d"], shown: "D", action: "draw", meaning: "Open or close the drawing tools" },
  { keys: ["ctrl+z"], shown: "Ctrl Z", action: "undo", meaning: "Undo the last change of a mark (⌘ Z)" },
  { keys: ["ctrl+y", "ctrl+shift+z"], shown: "Ctrl Y", action: "redo", meaning: "Redo it (Shift ⌘ Z)" },
  { keys: ["v"], shown: "V", action: "beside", meaning: "Choose this annotated frame, then another: both side by side; again to go back" },
  { keys: ["h"], shown: "H", action: "hide_marks", meaning: "Hide or show marks" },
  { keys: ["t"], shown: "T", action: "hide_text", meaning: "Hide or show all text" },
  { keys: ["b"], shown: "B", action: "black", meaning: "Black screen" },
  { keys: ["0"], shown: "0", action: "fit", meaning: "Fit the picture" },
  { keys: ["+", "=", "shift++", "shift+="], shown: "+", action: "zoom", amount: 1, meaning: "Zoom in" },
  { keys: ["-", "shift+-", "shift+_"], shown: "−", action: "zoom", amount: -1, meaning: "Zoom out" },
  { keys: ["?", "shift+?"], shown: "?", action: "help", meaning: "This help" },
  { keys: ["escape"], shown: "Esc", action: "escape", meaning: "Close, or give the keyboard back to the page" },
]);

/** @type {ReadonlyMap<string, Shortcut>} */
const BY_KEY = new Map(SHORTCUTS.flatMap((shortcut) => shortcut.keys.map((key) => [key, shortcut])));

/**
 * What a key asks for; other keys with Ctrl, Alt or the command key belong to the browser.
 * @param {{key: string, shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} event
 * @returns {Shortcut | null}
 */
export function shortcutFor(event) {
  if (event.altKey) return null;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return BY_KEY.get(`ctrl+${event.shiftKey ? "shift+" : ""}${key}`) ?? null;
  const shifted = BY_KEY.get(`shift+${key}`);
  if (event.shiftKey && shifted !== undefined) return shifted;
  if (event.shiftKey && !/^[a-z]$|^.$/.test(key)) return null;
  return BY_KEY.get(key) ?? null;
}
