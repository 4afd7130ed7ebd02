// Where one is in a zoomed picture: a small frame that a click, a drag or the
// arrows move, so that panning needs no dragging of the picture.
/** @import { PlayerState } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Store } from "./store.js" */
import { element } from "./dom.js";
import { centreOn } from "./geometry.js";
import { changeView } from "./view_requests.js";

const ARROW_STEP = 0.1;

export class Overview {
  #view;
  #store;
  #frame = element("span", { class: "msus-overview-frame" });
  #box;

  /** @param {PanelView} view @param {Store<PlayerState>} store */
  constructor(view, store) {
    this.#view = view;
    this.#store = store;
    this.#box = element("button", { type: "button", class: "msus-overview", hidden: true, title: "Part of the picture that is seen; arrows or a click move it" }, this.#frame);
    this.#box.setAttribute("aria-label", `Part of ${view.panel.title} that is seen; arrows move it`);
    this.#box.style.setProperty("aspect-ratio", `${view.panel.clip.columns} / ${view.panel.clip.rows}`);
    this.#box.addEventListener("keydown", (event) => this.#press(event));
    this.#box.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      if (event.button !== 0) return;
      this.#box.setPointerCapture(event.pointerId);
      this.#point(event);
    });
    this.#box.addEventListener("pointermove", (event) => this.#box.hasPointerCapture(event.pointerId) && this.#point(event));
    view.handles.append(this.#box);
  }

  /** Shows the part that was drawn. */
  draw() {
    const { place, box, panel, stage } = this.#view;
    const zoom = this.#store.state().views[panel.panel_id]?.zoom ?? 1;
    const hidden = zoom <= 1 || place === null || this.#store.state().text_hidden;
    stage.toggleAttribute("data-zoomed", zoom > 1);
    if (this.#box.hidden !== hidden) this.#box.hidden = hidden;
    if (hidden || place === null) return;
    const parts = { left: -place.left / (place.scale_x * place.columns), top: -place.top / (place.scale_y * place.rows), width: box.width / (place.scale_x * place.columns), height: box.height / (place.scale_y * place.rows) };
    for (const [name, part] of Object.entries(parts)) this.#frame.style.setProperty(name, `${(part * 100).toFixed(1)}%`);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const box = this.#box.getBoundingClientRect();
    const flip = this.#store.state().views[this.#view.panel.panel_id]?.flip ?? false;
    const across = (event.clientX - box.left) / box.width;
    this.#centre(() => [flip ? 1 - across : across, (event.clientY - box.top) / box.height]);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const steps = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#centre((x, y, zoom, flip) => [x + ((flip ? -by[0] : by[0]) * ARROW_STEP) / zoom, y + (by[1] * ARROW_STEP) / zoom]);
  }

  /** @param {(x: number, y: number, zoom: number, flip: boolean) => [number, number]} to */
  #centre(to) {
    this.#store.request(changeView(this.#view.panel.panel_id, (view) => centreOn(view, ...to(view.centre_x, view.centre_y, view.zoom, view.flip))));
  }
}
