// Blink: the two pictures take turns in one place, twice a second at most. It
// can be stopped, and where a reader asks for less motion each turn is asked for.
/** @import { PlayerState } from "./types.d.ts" */
/** @import { Room } from "./ways.js" */
import { button, element, press, write } from "./dom.js";
import { blendPair, setLayout, swap } from "./view_requests.js";

/** Each picture stands for half a second: one turn there and back a second. */
export const TURN_MS = 500;

export class Blink {
  #stage;
  #store;
  #timer = 0;
  #stop;
  #other;
  #bar;
  #ends;

  /** @param {Room} room */
  constructor({ stage, store }) {
    this.#stage = stage.element;
    this.#store = store;
    this.#stop = button({ name: "Blinking", text: "Blinking", pressed: true, className: "is-wide" }, () => store.request(setLayout("blink")));
    this.#other = button({ name: "Other picture", text: "Other picture", className: "is-wide" }, () => store.request(swap));
    this.#bar = element("div", { class: "msus-blink", role: "group", "aria-label": "Blink" }, this.#stop, this.#other);
    this.#ends = [
      store.watch((state) => `${isOn(state)} ${state.blinking}`, (_key, state) => this.#run(state)),
      store.watch((state) => state.swaps, (count) => count > 0 && this.#turn()),
    ];
  }

  /** @param {PlayerState} state */
  #run(state) {
    clearInterval(this.#timer);
    if (!isOn(state)) {
      this.#bar.remove();
      this.#stage.removeAttribute("data-front");
      return;
    }
    if (!this.#bar.isConnected) this.#stage.append(this.#bar);
    if (!this.#stage.hasAttribute("data-front")) this.#stage.setAttribute("data-front", "right");
    press(this.#stop, state.blinking);
    this.#stop.title = state.blinking ? "Stop the blinking (3)" : "Blink (3)";
    this.#stop.hidden = state.calm;
    write(this.#other, state.calm ? "Other picture (3)" : "Other picture");
    if (state.blinking) this.#timer = window.setInterval(() => this.#turn(), TURN_MS);
  }

  #turn() {
    if (isOn(this.#store.state())) this.#stage.setAttribute("data-front", this.#stage.getAttribute("data-front") === "left" ? "right" : "left");
  }

  draw() {}

  destroy() {
    clearInterval(this.#timer);
    for (const end of this.#ends) end();
  }
}

/** @param {PlayerState} state */
function isOn(state) {
  return state.layout === "blink" && blendPair(state) !== null;
}
