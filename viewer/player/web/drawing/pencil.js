// The hand on the picture: a drag, or click after click, draws a mark of the
// chosen kind; with the hand tool, a press takes hold of the mark under it.
/** @import { PanelView } from "../panel_view.js" */
/** @import { Desk, Hand } from "./desk.js" */
/** @import { DocumentMark, Kind, PointPx } from "./types.d.ts" */
import { insidePicture, toImage, toScreen } from "../geometry.js";
import { goTo } from "../mark_requests.js";
import { pause } from "../requests.js";
import { newId } from "./desk.js";
import { moveBy, within } from "./edits.js";
import { firstShape, isOpenEnded, isOutline, kindOf } from "./kinds.js";
import { finishTyping } from "./mark_line.js";
import { sighting } from "./place.js";
import { snapped } from "./snapping.js";
import { isEnough, isFull, pointsOf, simplified } from "./strokes.js";
import { markUnder } from "./finding.js";

/** @typedef {{x: number, y: number}} At  CSS px in the box of the picture */
/** @typedef {{view: PanelView, frame_index: number, kind: Kind, id: string, shown: PointPx[]}} Stroke  shown: places that the hand has shown */

/** A click so near to a point means that point. */
const SAME_PX = 9;
/** What a line drawn freely may lose. */
const TOLERANCE_PX = 1.5;
const PREVIEW_PX = 0.75;

export class Pencil {
  #desk;
  /** @type {Stroke | null} */
  #stroke = null;
  /** @type {PointPx[] | null} a line drawn freely, while the pointer is down */
  #free = null;
  #first_press = false;
  /** Whether the press that is under way only brought the frame back on which the mark was begun. */
  #came_back = false;
  /** @type {{hand: Hand, from: PointPx, view: PanelView, frame_index: number} | null} a mark that is dragged as a whole */
  #grabbed = null;
  /** @type {(mark: DocumentMark) => void} */
  #finished;

  /** @param {Desk} desk @param {(mark: DocumentMark) => void} finished */
  constructor(desk, finished) {
    this.#desk = desk;
    this.#finished = finished;
  }

  /** Whether a mark has been begun. */
  get isOpen() {
    return this.#stroke !== null;
  }

  /** @param {PanelView} view @param {At} at */
  down(view, at) {
    const { tool } = this.#desk.player.state();
    finishTyping(view.stage);
    this.#desk.player.request(pause);
    this.#came_back = false;
    if (tool === "choose") return this.#grab(view, at);
    if (tool === "scrub" || tool === "pan" || tool === "window") return;
    if (this.#stroke !== null && (this.#stroke.view !== view || this.#stroke.kind !== tool)) this.cancel();
    if (this.#isElsewhere(view)) return this.#comeBack();
    const point = this.#pointAt(view, at);
    if (point === null || view.drawn === null) return;
    this.#first_press = this.#stroke === null;
    if (this.#stroke === null) {
      this.#desk.choose(null);
      this.#stroke = { view, frame_index: view.drawn, kind: tool, id: newId(), shown: [point] };
      this.#free = isOpenEnded(tool) ? [point] : null;
    }
    this.#preview(this.#first_press ? [] : [point]);
  }

  /** @param {PanelView} view @param {At} at */
  move(view, at) {
    if (this.#grabbed !== null) return this.#carry(at);
    const point = this.#came_back ? null : this.#pointAt(view, at);
    if (point === null || this.#stroke === null || this.#stroke.view !== view) return;
    if (this.#free !== null) {
      this.#free.push(point);
      return this.#draft(simplified(this.#free, PREVIEW_PX / Math.min(view.place?.scale_x ?? 1, view.place?.scale_y ?? 1)));
    }
    if (this.#first_press && kindOf(this.#stroke.kind).most === 1) this.#stroke.shown = [];
    this.#preview([point]);
  }

  /** @param {PanelView} view @param {At} at @param {boolean} moved  further than a click */
  up(view, at, moved) {
    if (this.#grabbed !== null) return this.#letGo();
    const stroke = this.#stroke;
    const point = this.#pointAt(view, at);
    if (stroke === null || point === null || stroke.view !== view || this.#came_back) return;
    const free = this.#free;
    this.#free = null;
    if (this.#isElsewhere(view)) return this.#comeBack(); // a key took the picture on while the pointer was down
    if (free !== null && moved) {
      const points = simplified(free, TOLERANCE_PX / Math.min(view.place?.scale_x ?? 1, view.place?.scale_y ?? 1));
      stroke.shown = isEnough(stroke.kind, points) ? [...points] : stroke.shown;
      if (isEnough(stroke.kind, points)) return this.finish();
    } else if (!this.#first_press || moved) {
      if (!moved && this.#endsIt(stroke, at)) return this.finish();
      if (kindOf(stroke.kind).most === 1) stroke.shown = [point];
      else if (moved || !this.#isLast(stroke, at)) stroke.shown.push(point);
    }
    if (isFull(stroke.kind, stroke.shown)) return this.finish();
    this.#preview([]);
  }

  /** @param {PanelView} view @param {At} at */
  hover(view, at) {
    const point = this.#stroke?.view === view ? this.#pointAt(view, at) : null;
    if (point !== null) this.#preview([point]);
  }

  /** Two fingers came: what the first one began is forgotten, what was shown before stays. */
  cancelStroke() {
    if (this.#grabbed !== null) return this.#forget();
    if (this.#first_press) this.cancel();
    else this.#preview([]);
  }

  cancel() {
    this.#stroke = null;
    this.#free = null;
    this.#desk.drop();
  }

  /** Takes the last place back; without one the mark is given up. */
  takeBack() {
    this.#stroke?.shown.pop();
    if (this.#stroke === null || this.#stroke.shown.length === 0) this.cancel();
    else this.#preview([]);
  }

  /** The mark is done, if it has enough points. */
  finish() {
    const stroke = this.#stroke;
    if (stroke === null || !isEnough(stroke.kind, stroke.shown)) return;
    this.#draft(stroke.shown);
    this.#stroke = null;
    this.#free = null;
    this.#desk.finish();
    const { hand } = this.#desk;
    if (hand !== null) this.#finished(hand.mark);
  }

  /** A mark in the middle of what is seen of a picture. @param {PanelView} view @param {Kind} kind */
  placeInTheMiddle(view, kind) {
    const seen = this.#desk.player.state().views[view.panel.panel_id];
    if (view.drawn === null || view.place === null || seen === undefined) return;
    const { columns, rows } = view.panel.clip;
    const middle = /** @type {const} */ ([seen.centre_x * columns, seen.centre_y * rows]);
    const shape = firstShape(kind, middle, columns / 8 / seen.zoom, view.place.scale_y / view.place.scale_x);
    this.#desk.player.request(pause);
    this.cancel();
    const { layer, mark } = this.#desk.begin({ clip: view.panel.clip_id, kind, frame_index: view.drawn, points_px: shape, id: newId() });
    this.#desk.change(layer, mark.id, mark);
    this.#finished(mark);
  }

  /** Whether the picture shows another frame than the one on which the mark was begun. @param {PanelView} view */
  #isElsewhere(view) {
    return this.#stroke?.view === view && view.drawn !== this.#stroke.frame_index;
  }

  /** Places of two frames make no mark: what was shown stays, and its frame comes back, so that it goes on there. */
  #comeBack() {
    if (this.#stroke === null) return;
    const { view, frame_index } = this.#stroke;
    this.#came_back = true;
    this.#desk.player.request(goTo(view.panel, frame_index));
    this.#desk.say(`The mark was begun on frame ${frame_index + 1}, which is shown again; go on there, or Escape gives it up.`);
  }

  /** Whether a click ends the line: on its last place, or on the first one of an outline. @param {Stroke} stroke @param {At} at */
  #endsIt(stroke, at) {
    if (!isOpenEnded(stroke.kind)) return false;
    return this.#isLast(stroke, at) || (isOutline(stroke.kind) && stroke.shown.length > 2 && this.#isAt(stroke, stroke.shown[0], at));
  }

  /** @param {Stroke} stroke @param {At} at */
  #isLast(stroke, at) {
    return this.#isAt(stroke, stroke.shown.at(-1), at);
  }

  /** @param {Stroke} stroke @param {PointPx | undefined} point @param {At} at */
  #isAt({ view: { place } }, point, at) {
    if (point === undefined || place === null) return false;
    const { x, y } = toScreen(place, { x_px: point[0], y_px: point[1] });
    return Math.hypot(at.x - x, at.y - y) < SAME_PX;
  }

  /** @param {PointPx[]} more  places that are not shown for good yet */
  #preview(more) {
    if (this.#stroke !== null) this.#draft([...this.#stroke.shown, ...more]);
  }

  /** @param {readonly PointPx[]} shown */
  #draft(shown) {
    const stroke = this.#stroke;
    const last = shown.at(-1);
    if (stroke === null || last === undefined) return;
    const points_px = shown.length === 1 && kindOf(stroke.kind).most > 1 ? pointsOf(stroke.kind, [last, last]) : pointsOf(stroke.kind, shown);
    const { layer, mark } = this.#desk.begin({ clip: stroke.view.panel.clip_id, kind: stroke.kind, frame_index: stroke.frame_index, points_px, id: stroke.id });
    this.#desk.draft(layer, mark);
  }

  /** @param {PanelView} view @param {At} at */
  #grab(view, at) {
    const found = markUnder(this.#desk, view, at);
    this.#desk.choose(found === null ? null : { layer: found.layer, item: found.mark.id });
    const from = this.#pointAt(view, at);
    if (found !== null && from !== null && view.drawn !== null) this.#grabbed = { hand: found, from, view, frame_index: view.drawn };
  }

  /** @param {At} at */
  #carry(at) {
    if (this.#grabbed === null) return;
    const { hand, from, view, frame_index } = this.#grabbed;
    const to = this.#pointAt(view, at);
    const points = sighting(hand.mark.place, frame_index)?.points_px;
    if (to === null || points === undefined) return;
    this.#desk.draft(hand.layer, moveBy(hand.mark, frame_index, ...within(points, to[0] - from[0], to[1] - from[1], view.panel.clip)));
  }

  #letGo() {
    this.#grabbed = null;
    this.#desk.finish();
  }

  #forget() {
    this.#grabbed = null;
    this.#desk.drop();
  }

  /** @param {PanelView} view @param {At} at @returns {PointPx | null} */
  #pointAt(view, at) {
    if (view.place === null) return null;
    const { x_px, y_px } = insidePicture(toImage(view.place, at), view.panel.clip);
    return this.#desk.snapping && this.#grabbed === null ? snapped([x_px, y_px], view.panel.clip, view.place) : [x_px, y_px];
  }
}
