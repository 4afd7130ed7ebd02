// Mouse, pen, fingers and wheel on the pictures.
/** @import { PlayerState, Tool } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Store } from "./store.js" */
import { centreOn, panBy, toImage, zoomAbout } from "./geometry.js";
import { isPen } from "./drawing_door.js";
import { activeStop, activeTimeline } from "./position.js";
import { choose, seek, setSlice, step, stepSlice } from "./requests.js";
import { moves } from "./timeline.js";
import { changeTone, changeView } from "./view_requests.js";

const SCRUB_PX_MIN = 3;
const SCRUB_PX_MAX = 12;
const WHEEL_NOTCH_PX = 50;
/** A press that moves less is a click. */
const CLICK_PX = 5;

/** @typedef {{x: number, y: number}} At  CSS px in the box of the picture */
/** @typedef {Pick<import("./drawing_door.js").DrawingDoor, "down" | "move" | "up" | "hover" | "cancel">} Pen */
/** @typedef {{to: (at: At) => void, end: (at: At, moved: boolean) => void}} Drag */

export class Gestures {
  #view;
  #store;
  /** @type {Map<number, At>} */
  #fingers = new Map();
  /** @type {Drag | null} */
  #drag = null;
  /** @type {At} */
  #from = { x: 0, y: 0 };
  #moved = false;
  #wheel_px = 0;
  #pen;

  /** @param {PanelView} view @param {Store<PlayerState>} store @param {Pen} pen */
  constructor(view, store, pen) {
    this.#view = view;
    this.#store = store;
    this.#pen = pen;
    const { stage } = view;
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) stage.addEventListener(type, (event) => this.#up(event));
    stage.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
    stage.addEventListener("contextmenu", (event) => event.pointerType === "touch" && event.preventDefault());
    stage.addEventListener("auxclick", (event) => event.preventDefault());
  }

  /** @param {MouseEvent} event @returns {At} */
  #at(event) {
    const { left, top } = this.#view.stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (/** @type {Element} */ (event.composedPath()[0]).closest("button") !== null) return;
    const at = this.#at(event);
    this.#view.stage.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, at);
    this.#store.request(choose(this.#view.panel.panel_id));
    if (this.#fingers.size === 2 && this.#drag !== null) {
      this.#drag = null;
      this.#pen.cancel(); // a second finger: they zoom
    }
    if (this.#fingers.size > 1) return;
    this.#from = at;
    this.#moved = false;
    const panning = event.button === 1 || (event.shiftKey && event.pointerType === "mouse");
    if (event.button > 1) return;
    this.#drag = this.#begin(panning ? "pan" : this.#store.state().tool, at);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#at(event);
    if (this.#fingers.size === 0 && isPen(this.#store.state().tool)) return this.#pen.hover(this.#view, at);
    const before = this.#fingers.get(event.pointerId);
    if (before === undefined) return;
    if (this.#fingers.size === 2) this.#pinch(event.pointerId, before, at);
    this.#fingers.set(event.pointerId, at);
    this.#moved ||= Math.hypot(at.x - this.#from.x, at.y - this.#from.y) >= CLICK_PX;
    if (this.#fingers.size === 1) this.#drag?.to(at);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#fingers.delete(event.pointerId) || this.#fingers.size > 0) return;
    this.#drag?.end(this.#at(event), this.#moved);
    this.#drag = null;
  }

  /** @param {Tool} tool @param {At} at @returns {Drag} */
  #begin(tool, at) {
    if (tool === "pan") return this.#pan(at);
    if (tool === "window") return this.#window(at);
    return isPen(tool) ? this.#draw(at) : this.#scrub(at);
  }

  /** Sideways over the picture; a still series turns its slices up and down too. @param {At} from @returns {Drag} */
  #scrub(from) {
    const { panel } = this.#view;
    const first = moves(panel) ? activeStop(this.#store.state()) : this.#store.state().slices[panel.panel_id] ?? 0;
    const count = moves(panel) ? activeTimeline(this.#store.state())?.stops_s.length ?? 1 : panel.last_frame_index - panel.first_frame_index + 1;
    const px = Math.min(Math.max(this.#view.box.width / count, SCRUB_PX_MIN), SCRUB_PX_MAX);
    const to = (/** @type {At} */ at) => {
      if (!this.#moved || count < 2) return;
      const by = Math.round((at.x - from.x) / px);
      this.#store.request(moves(panel) ? seek(first + by) : setSlice(panel.panel_id, first + by));
    };
    return { to, end: () => undefined };
  }

  /** @param {At} from @returns {Drag} */
  #pan(from) {
    let last = from;
    const to = (/** @type {At} */ at) => {
      const { place, panel } = this.#view;
      if (place === null) return;
      this.#store.request(changeView(panel.panel_id, (view) => panBy(view, at.x - last.x, at.y - last.y, place)));
      last = at;
    };
    return { to, end: (at, moved) => this.#centreOn(at, moved) };
  }

  /** A click with the hand puts its point in the middle: panning without a drag. @param {At} at @param {boolean} moved */
  #centreOn(at, moved) {
    const { place, panel } = this.#view;
    if (moved || place === null) return;
    const point = toImage(place, at);
    this.#store.request(changeView(panel.panel_id, (view) => centreOn(view, point.x_px / panel.clip.columns, point.y_px / panel.clip.rows)));
  }

  /** Sideways contrast or width, up and down brightness or centre. @param {At} from @returns {Drag} */
  #window(from) {
    const { panel, box } = this.#view;
    const start = this.#store.state().tones[panel.panel_id];
    const window = this.#view.windowNow();
    const to = (/** @type {At} */ at) => {
      const across = (at.x - from.x) / box.width;
      const up = (from.y - at.y) / box.height;
      if (window !== null) {
        const width = Math.max(window.width * Math.exp(across * 2), 1);
        return this.#store.request(changeTone(panel.panel_id, { window: { center: window.center - up * window.width, width } }));
      }
      const limit = (/** @type {number} */ value) => Math.min(Math.max(value, -1), 1);
      this.#store.request(changeTone(panel.panel_id, { contrast: limit((start?.contrast ?? 0) + across), brightness: limit((start?.brightness ?? 0) + up) }));
    };
    return { to, end: () => undefined };
  }

  /** The drawing tools go on with it. @param {At} at @returns {Drag} */
  #draw(at) {
    this.#pen.down(this.#view, at);
    return { to: (next) => this.#pen.move(this.#view, next), end: (next, moved) => this.#pen.up(this.#view, next, moved) };
  }

  /** Two fingers zoom about their middle and pan with it. @param {number} moving @param {At} before @param {At} after */
  #pinch(moving, before, after) {
    const other = [...this.#fingers].find(([finger]) => finger !== moving)?.[1];
    const { place, panel } = this.#view;
    if (other === undefined || place === null) return;
    const factor = Math.hypot(after.x - other.x, after.y - other.y) / Math.max(Math.hypot(before.x - other.x, before.y - other.y), 1);
    const middle = toImage(place, { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 });
    this.#store.request(changeView(panel.panel_id, (view) =>
      panBy(zoomAbout(view, middle, factor, panel.clip), (after.x - before.x) / 2, (after.y - before.y) / 2, place)));
  }

  /** @param {WheelEvent} event */
  #turn(event) {
    const { panel, place } = this.#view;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (place === null) return;
      const at = toImage(place, this.#at(event));
      this.#store.request(changeView(panel.panel_id, (view) => zoomAbout(view, at, Math.exp(-pixels(event) / 300), panel.clip)));
      return;
    }
    if (panel.last_frame_index === panel.first_frame_index) return; // nothing to step: the page scrolls
    event.preventDefault();
    const notches = this.#notches(event);
    if (notches === 0) return;
    this.#store.request(moves(panel) ? step(notches) : stepSlice(panel.panel_id, notches));
  }

  /** Whole notches turned; a touchpad's small steps add up. @param {WheelEvent} event */
  #notches(event) {
    const px = pixels(event);
    if (Math.abs(px) >= WHEEL_NOTCH_PX) {
      this.#wheel_px = 0;
      return Math.sign(px) * Math.max(Math.round(Math.abs(px) / 120), 1);
    }
    if (Math.sign(px) !== Math.sign(this.#wheel_px)) this.#wheel_px = 0;
    this.#wheel_px += px;
    const notches = Math.trunc(this.#wheel_px / WHEEL_NOTCH_PX);
    this.#wheel_px -= notches * WHEEL_NOTCH_PX;
    return notches;
  }
}

/** @param {WheelEvent} event */
function pixels(event) {
  const delta = event.deltaY === 0 ? event.deltaX : event.deltaY;
  return delta * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 40 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1);
}
