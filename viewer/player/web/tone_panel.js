// Brightness, contrast, inversion and windows of the chosen panel.
/** @import { PlayerState, Tone } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
import { button, element, press } from "./dom.js";
import { panelOf } from "./position.js";
import { PLAIN } from "./tone.js";
import { changeTone, resetTone } from "./view_requests.js";

/** @param {Store<PlayerState>} store @returns {HTMLElement} */
export function makeTonePanel(store) {
  const open = button({ name: "Brightness and contrast", icon: "tone", pressed: false }, () => show(sheet.hidden !== false));
  open.setAttribute("aria-expanded", "false");
  const active = () => store.state().active_id;
  const brightness = slider("Brightness", (value) => store.request(changeTone(active(), { brightness: value })));
  const contrast = slider("Contrast", (value) => store.request(changeTone(active(), { contrast: value })));
  const invert = button({ name: "Invert", text: "Invert", icon: "invert", pressed: false, className: "is-wide" }, () => store.request(changeTone(active(), { invert: !toneOf(store.state()).invert })));
  const reset = button({ name: "Reset", text: "Reset", icon: "reset", className: "is-wide" }, () => store.request(resetTone(active())));
  const whose = element("strong");
  const windows = element("div", { class: "msus-windows" });
  const sheet = element("div", { class: "msus-sheet", hidden: true }, whose, brightness.row, contrast.row, windows, element("div", { class: "msus-row" }, invert, reset));

  /** @param {boolean} shown */
  function show(shown) {
    sheet.hidden = !shown;
    press(open, shown);
    open.setAttribute("aria-expanded", String(shown));
  }
  store.watch(toneOf, (tone) => {
    brightness.input.value = String(tone.brightness);
    contrast.input.value = String(tone.contrast);
    press(invert, tone.invert);
  });
  store.watch((state) => state.active_id, (_id, state) => {
    whose.textContent = panelOf(state, state.active_id)?.title ?? "";
    windows.replaceChildren(...presets(store));
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
