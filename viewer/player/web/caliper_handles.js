// The ends of the calipers as handles that a keyboard can reach.
/** @import { Caliper, PlayerState } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Store } from "./store.js" */
import { element } from "./dom.js";
import { lengthOf, lengthText, nudge } from "./caliper.js";
import { insidePicture, toImage, toScreen } from "./geometry.js";
import { moveCaliper, nudgeCaliper, removeCaliper } from "./view_requests.js";

/** @typedef {"start" | "end"} End */

export class CaliperHandles {
  #view;
  #store;
  /** @type {Map<string, HTMLButtonElement>} */
  #handles = new Map();

  /** @param {PanelView} view @param {Store<PlayerState>} store */
  constructor(view, store) {
    this.#view = view;
    this.#store = store;
  }

  /** Puts the handles where the ends were drawn. */
  draw() {
    const state = this.#store.state();
    const calipers = state.marks_hidden ? [] : state.calipers.filter((caliper) => caliper.panel_id === this.#view.panel.panel_id);
    const kept = new Set();
    for (const [at, caliper] of calipers.entries()) {
      for (const end of /** @type {const} */ (["start", "end"])) kept.add(this.#place(caliper, end, at + 1));
    }
    for (const [name, handle] of this.#handles) {
      if (kept.has(name)) continue;
      handle.remove();
      this.#handles.delete(name);
    }
  }

  /** Gives the focus to the end of the newest caliper. */
  focusNewest() {
    this.draw();
    [...this.#handles.values()].at(-1)?.focus();
  }

  /** @param {Caliper} caliper @param {End} end @param {number} number */
  #place(caliper, end, number) {
    const name = `${caliper.caliper_id} ${end}`;
    const { place, panel } = this.#view;
    if (place === null) return name;
    const handle = this.#handles.get(name) ?? this.#make(name, caliper.caliper_id, end);
    const { x, y } = toScreen(place, caliper[end]);
    handle.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    const length = lengthOf(panel.clip, caliper.start, caliper.end);
    const text = `Caliper ${number}, ${end === "start" ? "first" : "second"} end: ${lengthText(length)}${length.px_because === null ? "" : `. ${length.px_because}`}. Arrows move it, Delete removes the caliper.`;
    if (handle.getAttribute("aria-label") !== text) {
      handle.setAttribute("aria-label", text);
      handle.title = `${lengthText(length)}${length.px_because === null ? "" : ` – ${length.px_because}`}`;
    }
    return name;
  }

  /** @param {string} name @param {number} caliper_id @param {End} end */
  #make(name, caliper_id, end) {
    const handle = element("button", { type: "button", class: "msus-caliper-end" });
    handle.addEventListener("keydown", (event) => this.#press(event, caliper_id, end));
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
    handle.addEventListener("pointermove", (event) => {
      const { place, panel, stage } = this.#view;
      if (!handle.hasPointerCapture(event.pointerId) || place === null) return;
      const { left, top } = stage.getBoundingClientRect();
      const to = insidePicture(toImage(place, { x: event.clientX - left, y: event.clientY - top }), panel.clip);
      this.#store.request(moveCaliper(caliper_id, end, to));
    });
    this.#handles.set(name, handle);
    this.#view.handles.append(handle);
    return handle;
  }

  /** @param {KeyboardEvent} event @param {number} caliper_id @param {End} end */
  #press(event, caliper_id, end) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      this.#store.request(removeCaliper(caliper_id));
      this.#view.stage.closest(".msus-player")?.dispatchEvent(new CustomEvent("msus-focus"));
    } else if (nudge(event.key, event.shiftKey, false) !== null) this.#store.request(nudgeCaliper(caliper_id, end, event.key, event.shiftKey));
    else return;
    event.preventDefault();
  }
}
