// The curtain: the right panel lies over the left one and is cut at a line
// that a pointer drags and arrows move. Whatever else lays two pictures over
// each other is arranged here too, uncut.
/** @import { PlayerState } from "./types.d.ts" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./store.js" */
import { element } from "./dom.js";
import { blendPair, curtainPair, set } from "./view_requests.js";
import { isStacked } from "./ways.js";

const ARROW_STEP = 0.01;
const LONG_STEP = 0.1;

export class Curtain {
  #stage;
  #store;
  #handle = element("div", {
    class: "msus-curtain", role: "slider", tabindex: 0, "aria-label": "Curtain between the pictures", "aria-valuemin": 0, "aria-valuemax": 100, "aria-orientation": "horizontal",
  }, element("span", { class: "msus-curtain-grip", "aria-hidden": "true" }));

  /** @param {Stage} stage @param {Store<PlayerState>} store */
  constructor(stage, store) {
    this.#stage = stage;
    this.#store = store;
    this.#handle.addEventListener("pointerdown", (event) => this.#grab(event));
    this.#handle.addEventListener("pointermove", (event) => this.#drag(event));
    this.#handle.addEventListener("keydown", (event) => this.#press(event));
    store.watch((state) => `${state.layout} ${Object.keys(state.shown).filter((panel_id) => state.shown[panel_id])}`, (_key, state) => this.#arrange(state));
    store.watch((state) => state.curtain, (_part, state) => this.#hang(state));
  }

  /** @param {PlayerState} state */
  #arrange(state) {
    const pair = stackedPair(state);
    this.#stage.element.toggleAttribute("data-curtain", pair !== null);
    for (const [panel_id, view] of this.#stage.views) {
      view.element.hidden = !state.shown[panel_id];
      const side = pair === null ? -1 : pair.findIndex((panel) => panel.panel_id === panel_id);
      view.element.setAttribute("data-side", side < 0 ? "own" : side === 0 ? "left" : "right");
      view.stage.style.removeProperty("clip-path");
    }
    this.#stage.element.setAttribute("data-count", String(Object.values(state.shown).filter(Boolean).length));
    if (pair === null || state.layout !== "curtain") this.#handle.remove();
    else if (!this.#handle.isConnected) this.#stage.element.append(this.#handle);
    this.#hang(state);
    this.#stage.schedule();
  }

  /** @param {PlayerState} state */
  #hang(state) {
    const pair = state.layout === "curtain" ? curtainPair(state) : null;
    if (pair === null) return;
    const percent = Math.round(state.curtain * 1000) / 10;
    this.#stage.views.get(pair[1].panel_id)?.stage.style.setProperty("clip-path", `inset(0 0 0 ${percent}%)`);
    this.#stage.element.style.setProperty("--curtain", String(state.curtain));
    this.#handle.setAttribute("aria-valuenow", String(Math.round(percent)));
    this.#handle.setAttribute("aria-valuetext", `${Math.round(percent)} % ${pair[0].title}, ${100 - Math.round(percent)} % ${pair[1].title}`);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    this.#handle.setPointerCapture(event.pointerId);
    this.#handle.focus({ preventScroll: true });
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const pair = curtainPair(this.#store.state());
    const box = pair === null ? undefined : this.#stage.views.get(pair[0].panel_id)?.stage.getBoundingClientRect();
    if (box === undefined || !this.#handle.hasPointerCapture(event.pointerId)) return;
    this.#hangAt((event.clientX - box.left) / box.width);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.shiftKey ? LONG_STEP : ARROW_STEP;
    const here = this.#store.state().curtain;
    const targets = /** @type {Record<string, number>} */ ({ ArrowLeft: here - step, ArrowDown: here - step, ArrowRight: here + step, ArrowUp: here + step, Home: 0, End: 1 });
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#hangAt(target);
  }

  /** @param {number} at */
  #hangAt(at) {
    this.#store.request(set("curtain", Math.min(Math.max(at, 0), 1)));
  }
}

/** Panels that lie over each other. @param {PlayerState} state */
export function stackedPair(state) {
  if (!isStacked(state.layout)) return null;
  return state.layout === "curtain" ? curtainPair(state) : blendPair(state);
}
