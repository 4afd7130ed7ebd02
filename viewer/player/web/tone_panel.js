// Brightness, contrast, inversion and windows of the chosen panel.
/** @import { PlayerState, Tone } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
import { button, element, press } from "./dom.js";
import { panelOf } from "./position.js";
import { PLAIN } from "./tone.js";
import { changeTone, resetTone } from "./view_requests.js";

/** @typedef {(panel_id: string) => {center: number, width: number} | null} WindowOf  null for 8-bit pictures */

/** @param {Store<PlayerState>} store @param {WindowOf} windowOf @returns {HTMLElement} */
export function makeTonePanel(store, windowOf) {
  const open = button({ name: "Brightness and contrast", icon: "tone", pressed: false }, () => show(sheet.hidden !== false));
  open.setAttribute("aria-expanded", "false");
  const active = () => store.state().active_id;
  const brightness = slider("Brightness", (value) => store.request(changeTone(active(), { brightness: value })));
  const contrast = slider("Contrast", (value) => store.request(changeTone(active(), { contrast: value })));
  const invert = button({ name: "Invert", text: "Invert", icon: "invert", pressed: false, className: "is-wide" }, () => store.request(changeTone(active(), { invert: !toneOf(store.state()).invert })));
  const reset = button({ name: "Reset", text: "Reset", icon: "reset", className: "is-wide" }, () => store.request(resetTone(active())));
  const whose = element("strong");
  const windows = element("div", { class: "msus-windows" });
  const center = number("Centre", (value) => store.request(changeTone(active(), { window: { ...nowOf(), center: value } })));
  const width = number("Width", (value) => store.request(changeTone(active(), { window: { ...nowOf(), width: Math.max(value, 1) } })));
  const level = element("div", { class: "msus-level" }, center.row, width.row);
  const sheet = element("div", { class: "msus-sheet", hidden: true }, whose, windows, level, brightness.row, contrast.row, element("div", { class: "msus-row" }, invert, reset));

  const nowOf = () => windowOf(active()) ?? { center: 0, width: 1 };

  function showWindow() {
    const window = windowOf(active());
    level.hidden = window === null;
    if (window === null) return;
    center.input.value = window.center.toFixed(0);
    width.input.value = window.width.toFixed(0);
  }

  /** @param {boolean} shown */
  function show(shown) {
    if (shown) showWindow();
    sheet.hidden = !shown;
    press(open, shown);
    open.setAttribute("aria-expanded", String(shown));
  }
  store.watch(toneOf, (tone) => {
    brightness.input.value = String(tone.brightness);
    contrast.input.value = String(tone.contrast);
    press(invert, tone.invert);
    if (!sheet.hidden) showWindow();
  });
  store.watch((state) => state.active_id, (_id, state) => {
    whose.textContent = panelOf(state, state.active_id)?.title ?? "";
    windows.replaceChildren(...presets(store));
    showWindow();
  });
  return element("span", { class: "msus-pop" }, open, sheet);
}

/** @param {PlayerState} state @returns {Tone} */
function toneOf(state) {
  return state.tones[state.active_id] ?? PLAIN;
}

/** @param {Store<PlayerState>} store */
function presets(store) {
  const id = store.state().active_id;
  return (panelOf(store.state(), id)?.clip.windows ?? []).map(({ name, center, width }) =>
    button({ name: `Window ${name}`, text: name, className: "is-wide" }, () => store.request(changeTone(id, { window: { center, width } }))));
}

/** @param {string} name @param {(value: number) => void} change */
function slider(name, change) {
  const input = element("input", { type: "range", min: -1, max: 1, step: 0.02, value: 0, "aria-label": name });
  input.addEventListener("input", () => change(Number(input.value)));
  input.addEventListener("dblclick", () => change(0));
  return { input, row: element("label", { class: "msus-row" }, element("span", {}, name), input) };
}

/** @param {string} name @param {(value: number) => void} change */
function number(name, change) {
  const input = element("input", { type: "number", step: "any", "aria-label": `Window ${name.toLowerCase()}` });
  input.addEventListener("change", () => Number.isFinite(input.valueAsNumber) && change(input.valueAsNumber));
  return { input, row: element("label", { class: "msus-row" }, element("span", {}, name), input) };
}
