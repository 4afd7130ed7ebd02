// The line of the M-mode in the picture, with a handle at each of its points
// for pointers and arrows; Delete takes a point away.
/** @import { MLine, Panel, PlayerState, Point } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Store } from "./store.js" */
import { assign, element } from "./dom.js";
import { insidePicture, nudge, toImage, toScreen } from "./geometry.js";
import { firstLine } from "./kymograph.js";
import { setMLine } from "./view_requests.js";

const SVG = "http://www.w3.org/2000/svg";

/** Line of a panel; until somebody moves it, it lies across the upper third. @param {PlayerState} state @param {Panel} panel @returns {MLine} */
export function lineOf(state, panel) {
  return state.m_lines[panel.panel_id] ?? firstLine(panel.clip, "across");
}

export class LineHandles {
  #store;
  #svg = document.createElementNS(SVG, "svg");
  #strokes = ["msus-m-line-edge", "msus-m-line-ink"].map((name) => {
    const line = document.createElementNS(SVG, "polyline");
    line.setAttribute("class", name);
    return line;
  });
  /** @type {HTMLElement[]} */
  #handles = [];
  /** @type {PanelView | null} */
  #view = null;
  /** Where the points lie on the frame that is drawn. @type {readonly Point[]} */
  #points = [];

  /** @param {Store<PlayerState>} store */
  constructor(store) {
    this.#store = store;
    this.#svg.setAttribute("class", "msus-m-line");
    this.#svg.setAttribute("aria-hidden", "true");
    this.#svg.append(...this.#strokes);
  }

  hide() {
    if (this.#view === null) return;
    this.#view = null;
    for (const part of [this.#svg, ...this.#handles]) part.remove();
    this.#handles = [];
  }

  /** @param {PanelView} view @param {readonly Point[]} points  on the frame drawn @param {boolean} hidden */
  draw(view, points, hidden) {
    if (hidden || view.place === null) return this.hide();
    const { place } = view;
    if (this.#view !== view) this.hide();
    this.#view = view;
    this.#points = points;
    if (!this.#svg.isConnected) view.handles.append(this.#svg);
    while (this.#handles.length > points.length) this.#handles.pop()?.remove();
    while (this.#handles.length < points.length) {
      const handle = this.#makeHandle(this.#handles.length);
      this.#handles.push(handle);
      view.handles.append(handle);
    }
    const seen = points.map((point) => toScreen(place, point));
    const path = seen.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    for (const stroke of this.#strokes) assign(stroke, "points", path);
    this.#handles.forEach((handle, at) => {
      assign(handle, "aria-label", `M-mode line, ${at === 0 ? "first end" : at === points.length - 1 ? "second end" : `point ${at + 1}`}. Arrows move it${points.length > 2 ? ", Delete removes it" : ""}.`);
      const { x, y } = seen[at] ?? { x: 0, y: 0 };
      handle.style.setProperty("transform", `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`);
    });
  }

  /** @param {number} at */
  #makeHandle(at) {
    const handle = element("button", { type: "button", class: "msus-caliper-end" });
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
    handle.addEventListener("pointermove", (event) => {
      const view = this.#view;
      if (view === null || view.place === null || !handle.hasPointerCapture(event.pointerId)) return;
      const { left, top } = view.stage.getBoundingClientRect();
      this.#move(at, toImage(view.place, { x: event.clientX - left, y: event.clientY - top }));
    });
    handle.addEventListener("keydown", (event) => this.#press(event, at));
    return handle;
  }

  /** @param {KeyboardEvent} event @param {number} at */
  #press(event, at) {
    const points = this.#now();
    const from = points[at];
    if (this.#view === null || from === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    if ((event.key === "Delete" || event.key === "Backspace") && points.length > 2) {
      event.preventDefault();
      this.#handles[at === 0 ? 1 : 0]?.focus();
      return this.#keep(points.filter((_, index) => index !== at));
    }
    const by = nudge(event.key, event.shiftKey, this.#store.state().views[this.#view.panel.panel_id]?.flip ?? false);
    if (by === null) return;
    event.preventDefault();
    this.#move(at, { x_px: from.x_px + by.x_px, y_px: from.y_px + by.y_px });
  }

  /** @param {number} at @param {Point} to */
  #move(at, to) {
    if (this.#view === null) return;
    const inside = insidePicture(to, this.#view.panel.clip);
    this.#keep(this.#now().map((point, index) => (index === at ? inside : point)));
  }

  /** The points on the frame drawn; several keys may come before the next drawing. @returns {readonly Point[]} */
  #now() {
    if (this.#view === null) return this.#points;
    const line = lineOf(this.#store.state(), this.#view.panel);
    return line.follows && line.frame_index !== this.#view.drawn ? this.#points : line.points;
  }

  /** The line as it now lies on the frame drawn. @param {readonly Point[]} points */
  #keep(points) {
    if (this.#view === null) return;
    const { panel, drawn } = this.#view;
    const before = lineOf(this.#store.state(), panel);
    this.#store.request(setMLine(panel.panel_id, { ...before, points, frame_index: drawn ?? before.frame_index }));
  }
}
