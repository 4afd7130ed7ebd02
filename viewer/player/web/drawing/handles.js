// The handles of the mark in the hand, on one picture: buttons at its points,
// for all of it, and on its edges, for mouse, finger and keyboard.
/** @import { PanelView } from "../panel_view.js" */
/** @import { Desk, Hand } from "./desk.js" */
/** @import { DocumentMark, PointPx, PointsPx } from "./types.d.ts" */
import { assign, element } from "../dom.js";
import { insidePicture, nudge, toImage, toScreen } from "../geometry.js";
import { edgesOf, insertPoint, moveBy, movePoint, removePoint, within } from "./edits.js";
import { pointName } from "./kinds.js";
import { describe } from "./names.js";
import { sighting } from "./place.js";
import { snapped } from "./snapping.js";

/** @typedef {"point" | "whole" | "edge"} Part */
/** @typedef {{part: Part, at: number, button: HTMLButtonElement}} Handle */

/** A shorter edge on the screen has no room for a handle of its own. */
const EDGE_PX = 56;

export class Handles {
  #view;
  #desk;
  /** @type {Map<string, Handle>} */
  #handles = new Map();
  /** @type {Hand | null} as it was when it was taken hold of */
  #held = null;

  /** @param {PanelView} view @param {Desk} desk */
  constructor(view, desk) {
    this.#view = view;
    this.#desk = desk;
  }

  /** Puts the handles where the mark was drawn. @param {boolean} hidden */
  draw(hidden) {
    const { hand } = this.#desk;
    const { drawn, place, panel } = this.#view;
    const seen = hidden || hand === null || place === null || drawn === null || hand.mark.clip !== panel.clip_id ? null : sighting(hand.mark.place, drawn);
    const kept = new Set();
    if (seen !== null && hand !== null) {
      for (const [part, at, point] of partsOf(hand.mark, seen.points_px, (edge) => this.#lengthOf(edge))) kept.add(this.#put(hand.mark, part, at, point));
    }
    for (const [name, { button }] of this.#handles) {
      if (kept.has(name) || button.hasAttribute("data-held")) continue; // a handle that is pulled stays until it is let go
      button.remove();
      this.#handles.delete(name);
    }
  }

  /** @param {readonly [PointPx, PointPx]} edge @returns {number} CSS px */
  #lengthOf([[x0, y0], [x1, y1]]) {
    const { place } = this.#view;
    return place === null ? 0 : Math.hypot((x1 - x0) * place.scale_x, (y1 - y0) * place.scale_y);
  }

  /** Gives the focus to the last point of the mark in the hand. */
  focusLast() {
    [...this.#handles.values()].findLast((handle) => handle.part === "point")?.button.focus({ preventScroll: true });
  }

  /** @param {DocumentMark} mark @param {Part} part @param {number} at @param {PointPx} point @returns {string} */
  #put(mark, part, at, [x_px, y_px]) {
    const name = `${mark.id} ${part} ${at}`;
    const { place, panel, drawn } = this.#view;
    const handle = this.#handles.get(name) ?? this.#make(name, part, at);
    if (place === null || drawn === null) return name;
    const { x, y } = toScreen(place, { x_px, y_px });
    handle.button.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
    const whose = describe(mark, drawn, panel.clip);
    assign(handle.button, "aria-label", part === "whole" ? `All of ${whose}` : part === "edge" ? `New point after ${pointName(mark.kind, at)} of ${whose}` : `${pointName(mark.kind, at)} of ${whose}`);
    const gone = part === "point" && removePoint(mark, at) !== null ? "the point" : "the mark";
    assign(handle.button, "title", part === "edge" ? "Enter or a click adds a point here, a drag moves it" : `Arrows move it, with Shift by ten; Delete takes ${gone} away`);
    return name;
  }

  /** @param {string} name @param {Part} part @param {number} at @returns {Handle} */
  #make(name, part, at) {
    const button = element("button", { type: "button", class: `msus-caliper-end msus-mark-handle is-${part}` });
    const handle = { part, at, button };
    button.addEventListener("pointerdown", (event) => this.#grab(event, handle));
    button.addEventListener("keydown", (event) => this.#press(event, handle));
    button.addEventListener("keyup", (event) => event.key.startsWith("Arrow") && this.#letGo());
    button.addEventListener("blur", () => !button.hasAttribute("data-held") && this.#letGo());
    button.addEventListener("click", (event) => part === "edge" && event.detail === 0 && this.#insert(at));
    this.#handles.set(name, handle);
    this.#view.handles.append(button);
    return handle;
  }

  /** @param {PointerEvent} event @param {Handle} handle */
  #grab(event, { part, at, button }) {
    const { hand } = this.#desk;
    const { drawn } = this.#view;
    if (event.button !== 0 || hand === null || drawn === null) return;
    event.stopPropagation();
    button.setPointerCapture(event.pointerId);
    button.focus({ preventScroll: true });
    this.#desk.finish();
    const mark = part === "edge" ? insertPoint(hand.mark, at) : hand.mark;
    const points = sighting(mark.place, drawn)?.points_px ?? [];
    const from = this.#pointOf(event);
    button.setAttribute("data-held", "");
    const over = new AbortController();
    const to = (/** @type {PointerEvent} */ next) => {
      const [x, y] = this.#pointOf(next);
      const [dx, dy] = [x - from[0], y - from[1]];
      this.#desk.draft(hand.layer, part === "whole" ? this.#moved(mark, points, dx, dy) : this.#pulled(mark, points, part === "edge" ? at + 1 : at, dx, dy));
    };
    if (part === "edge") this.#desk.draft(hand.layer, mark);
    button.addEventListener("pointermove", to, { signal: over.signal });
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) {
      button.addEventListener(type, () => {
        over.abort();
        button.removeAttribute("data-held");
        if (type === "pointerup") this.#desk.finish();
        else this.#desk.drop();
      }, { signal: over.signal });
    }
  }

  /** @param {DocumentMark} mark @param {PointsPx} points @param {number} dx @param {number} dy */
  #moved(mark, points, dx, dy) {
    return moveBy(mark, this.#view.drawn ?? 0, ...within(points, dx, dy, this.#view.panel.clip));
  }

  /** One point, kept in the picture. @param {DocumentMark} mark @param {PointsPx} points @param {number} at @param {number} dx @param {number} dy */
  #pulled(mark, points, at, dx, dy) {
    const { drawn, panel, place } = this.#view;
    const [x = 0, y = 0] = points[at] ?? [];
    const inside = insidePicture({ x_px: x + dx, y_px: y + dy }, panel.clip);
    const to = /** @type {PointPx} */ ([inside.x_px, inside.y_px]);
    return movePoint(mark, drawn ?? 0, at, this.#desk.snapping && place !== null ? snapped(to, panel.clip, place) : to);
  }

  /** @param {PointerEvent} event @returns {PointPx} */
  #pointOf(event) {
    const { place, stage } = this.#view;
    const { left, top } = stage.getBoundingClientRect();
    if (place === null) return [0, 0];
    const { x_px, y_px } = toImage(place, { x: event.clientX - left, y: event.clientY - top });
    return [x_px, y_px];
  }

  /** @param {KeyboardEvent} event @param {Handle} handle */
  #press(event, { part, at }) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const flip = this.#desk.player.state().views[this.#view.panel.panel_id]?.flip ?? false;
    const by = part === "edge" ? null : nudge(event.key, event.shiftKey, flip);
    if (by !== null) this.#nudge(part, at, by.x_px, by.y_px);
    else if (event.key === "Delete" || event.key === "Backspace") this.#delete(part, at);
    else return;
    event.preventDefault();
  }

  /** @param {Part} part @param {number} at @param {number} dx @param {number} dy */
  #nudge(part, at, dx, dy) {
    const { hand } = this.#desk;
    const points = hand === null ? undefined : sighting(hand.mark.place, this.#view.drawn ?? 0)?.points_px;
    if (hand === null || points === undefined) return;
    this.#held = hand;
    this.#desk.draft(hand.layer, part === "whole" ? this.#moved(hand.mark, points, dx, dy) : this.#pulled(hand.mark, points, at, dx, dy));
  }

  #letGo() {
    if (this.#held === null) return;
    this.#held = null;
    this.#desk.finish();
  }

  /** @param {Part} part @param {number} at */
  #delete(part, at) {
    this.#letGo();
    const { hand } = this.#desk;
    if (hand === null || part === "edge") return;
    this.#desk.edit((mark) => (part === "point" ? removePoint(mark, at) : null));
    if (this.#desk.hand === null) this.#view.stage.closest(".msus-player")?.dispatchEvent(new CustomEvent("msus-focus"));
  }

  /** @param {number} at */
  #insert(at) {
    this.#desk.edit((mark) => insertPoint(mark, at));
    this.draw(false);
    this.#handles.get(`${this.#desk.hand?.mark.id} point ${at + 1}`)?.button.focus({ preventScroll: true });
  }
}

/**
 * Where the handles of a mark are.
 * @param {DocumentMark} mark @param {PointsPx} points @param {(edge: readonly [PointPx, PointPx]) => number} lengthOf  on the screen
 * @returns {(readonly [Part, number, PointPx])[]}
 */
function partsOf({ kind }, points, lengthOf) {
  /** @type {(readonly [Part, number, PointPx])[]} */
  const parts = points.map((point, at) => /** @type {const} */ (["point", at, point]));
  const middle = /** @type {PointPx} */ (/** @type {unknown} */ ([0, 1].map((axis) => points.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / points.length)));
  if (points.length > 1 && kind !== "ellipse") parts.push(["whole", 0, middle]);
  for (const at of edgesOf(kind, points.length)) {
    const edge = /** @type {[PointPx, PointPx]} */ ([points[at], points[(at + 1) % points.length]]);
    const [[x0, y0], [x1, y1]] = edge;
    if (lengthOf(edge) >= EDGE_PX) parts.push(["edge", at, [(x0 + x1) / 2, (y0 + y1) / 2]]);
  }
  return parts;
}
