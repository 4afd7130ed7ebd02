// Two pictures in one: rest in one hue and now in another, or their difference.
// Blue and orange stay apart for colour-blind eyes, and what is equal is grey.
// Where it is known how the probe moved, its motion is taken out on request.
/** @import { PlayerState, Point } from "./types.d.ts" */
/** @import { Affine } from "./affine.js" */
/** @import { Laid } from "./blend_pixels.js" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Room } from "./ways.js" */
import { Differ, HueAdder } from "./blend_pixels.js";
import { inverse, mapped, setTransform, STILL, then, toBox } from "./affine.js";
import { button, element, hide, press, write } from "./dom.js";
import { mainRegion } from "./geometry.js";
import { isKnown, underSameProbe } from "./held_still.js";
import { namesOf } from "./labels.js";
import { blendPair, set } from "./view_requests.js";
import { words } from "./words.js";

/** The two add up to white. */
export const HUES = Object.freeze({ left: "#0096ff", right: "#ff6900" });
/** The difference is shown twice as bright: speckle differs by little. */
const GAIN = 2;
const HUE_ADDER = new HueAdder(HUES);
const DIFFER = new Differ(GAIN);

/** @typedef {CanvasRenderingContext2D} Context */

export class Blend {
  #stage;
  #store;
  #canvas = element("canvas", { class: "msus-blend", role: "img" });
  #context = contextOf(this.#canvas);
  #other = contextOf(document.createElement("canvas"));
  #swatches = element("div", { class: "msus-swatches" });
  #hold;
  #note = element("span");
  #legend;
  #key = "";
  /** @type {Affine} */
  #to_box = STILL;
  /** @type {unknown[]} */
  #tones = [];
  /** @type {ImageData | null} */
  #image = null;

  /** @param {Room} room */
  constructor({ stage, store }) {
    this.#stage = stage;
    this.#store = store;
    this.#hold = button({ name: "Hold the probe still", key: "K", text: "Probe held still", pressed: true, className: "is-wide" }, () => store.request(set("still_probe", !store.state().still_probe)));
    this.#legend = element("div", { class: "msus-legend" }, this.#swatches, this.#hold, this.#note);
  }

  /** What stands in the place of both pictures, and where, in CSS px of the box. */
  get blended() {
    return this.#canvas.isConnected ? { canvas: this.#canvas, to_box: this.#to_box } : null;
  }

  /** @returns {readonly string[]} */
  get texts() {
    if (!this.#canvas.isConnected) return [];
    const said = [...this.#swatches.children].map((each) => each.textContent ?? "");
    const coloured = this.#legend.hasAttribute("data-hues") ? said.map((text, at) => `${at === 0 ? "Blue" : "Orange"}: ${text}`) : said;
    return [coloured.join("; "), this.#note.textContent ?? ""];
  }

  draw() {
    const state = this.#store.state();
    const pair = state.layout === "hues" || state.layout === "difference" ? blendPair(state) : null;
    const [left, right] = (pair ?? []).map((panel) => this.#stage.views.get(panel.panel_id));
    if (left === undefined || right === undefined || left.print === null || right.print === null || left.place === null || right.place === null) {
      this.#canvas.remove();
      this.#legend.remove();
      this.#key = "";
      return;
    }
    if (!right.stage.contains(this.#canvas)) {
      right.stage.querySelector(".msus-picture")?.after(this.#canvas);
      this.#key = "";
    }
    if (!this.#legend.isConnected) this.#stage.element.after(this.#legend);
    this.#paint(state, left, right);
  }

  /** @param {PlayerState} state @param {PanelView} left @param {PanelView} right */
  #paint(state, left, right) {
    const tones = [left, right].map((view) => state.tones[view.panel.panel_id]);
    const key = `${state.layout} ${left.drawn} ${right.drawn} ${JSON.stringify([left.place, right.place, right.box])} ${right.reduction} ${state.still_probe}`;
    if (key === this.#key && tones.every((tone, at) => tone === this.#tones[at])) return;
    this.#key = key;
    this.#tones = tones;
    const hues = state.layout === "hues";
    const known = isKnown(left.panel, right.panel);
    const still = known && state.still_probe;
    const [left_map, right_map] = [mapOf(left, still ? right : null), mapOf(right, null)];
    const sheet = sheetOver(right, [cornersOf(left, left_map, false), cornersOf(right, right_map, false)]);
    hide(this.#canvas, sheet === null);
    if (sheet === null) return;
    this.#lay(sheet);
    const shared = still ? [cornersOf(left, left_map, true), cornersOf(right, right_map, true)] : [];
    const pair = still ? null : laidPair(sheet, { view: left, map: left_map }, { view: right, map: right_map });
    if (pair !== null) this.#write(hues ? HUE_ADDER : DIFFER, sheet, pair);
    else this.#compose(hues, { left, right, left_map, right_map, shared, sheet });
    this.#say(state, left, right, known);
  }

  /** Two grey pictures, pixel on pixel. @param {HueAdder | Differ} how @param {Sheet} sheet @param {readonly [Laid, Laid]} pair */
  #write(how, { width, height }, pair) {
    if (this.#image?.width !== width || this.#image.height !== height) this.#image = this.#context.createImageData(width, height);
    how.write(new Uint32Array(this.#image.data.buffer), width, pair);
    this.#context.putImageData(this.#image, 0, 0);
  }

  /** @param {boolean} hues @param {{left: PanelView, right: PanelView, left_map: Affine, right_map: Affine, shared: readonly (readonly Point[])[], sheet: Sheet}} parts */
  #compose(hues, { left, right, left_map, right_map, shared, sheet }) {
    put(this.#context, left, { map: then(left_map, sheet.from_box), hue: hues ? HUES.left : null, shared, sheet });
    if (hues) {
      put(this.#other, right, { map: then(right_map, sheet.from_box), hue: HUES.right, shared, sheet });
      add(this.#context, this.#other.canvas, "lighter");
    } else {
      lay(this.#context, right, { map: then(right_map, sheet.from_box), shared, sheet }, "difference");
      for (let times = 1; times < GAIN; times += 1) add(this.#context, this.#context.canvas, "lighter");
    }
  }

  /** Gives both canvases the size of the sheet, and the one that is seen its place. @param {Sheet} sheet */
  #lay({ width, height, to_box: [a, b, c, d, e, f] }) {
    this.#to_box = [a, b, c, d, e, f];
    for (const { canvas } of [this.#context, this.#other]) if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const transform = `matrix(${a}, ${d}, ${b}, ${e}, ${c}, ${f})`;
    if (this.#canvas.style.transform !== transform) this.#canvas.style.transform = transform;
  }

  /** @param {PlayerState} state @param {PanelView} left @param {PanelView} right @param {boolean} known */
  #say(state, left, right, known) {
    const names = namesOf([left, right]);
    const hues = state.layout === "hues";
    const text = hues ? names : [`Difference × ${GAIN}: ${names.join(" and ")}`, words.difference_black, words.difference_white];
    assignKind(this.#legend, hues);
    while (this.#swatches.children.length > text.length) this.#swatches.lastElementChild?.remove();
    text.forEach((each, at) => write(this.#swatches.children[at] ?? this.#swatches.appendChild(element("span")), each));
    press(this.#hold, known && state.still_probe);
    if (this.#hold.disabled === known) this.#hold.disabled = !known;
    write(this.#note, probeText(state, left, right, known));
    if (!state.playing) this.#canvas.setAttribute("aria-label", `${text.join("; ")}. ${this.#note.textContent}`);
  }

  destroy() {
    this.#canvas.remove();
    this.#legend.remove();
  }
}

/** @param {HTMLElement} legend @param {boolean} hues */
function assignKind(legend, hues) {
  legend.toggleAttribute("data-hues", hues);
  legend.toggleAttribute("data-difference", !hues);
}

/** Whether the motion of the probe is in what is seen. @param {PlayerState} state @param {PanelView} left @param {PanelView} right @param {boolean} known */
function probeText(state, left, right, known) {
  if (!known) return words.probe_unknown;
  const moved = [...new Set([left, right].map(({ panel }) => panel.clip.still_probe?.summary ?? ""))].join("; ");
  return state.still_probe ? `The measured motion of the probe (${moved}) is taken out.` : `As recorded: the motion of the probe (${moved}) is in it.`;
}

/** @param {PanelView} view @param {PanelView | null} under  view whose probe it is put under @returns {Affine} */
function mapOf(view, under) {
  if (view.place === null) throw new Error("A picture is blended before it has its place.");
  if (under === null || under.place === null) return toBox(view.place);
  return underSameProbe({ panel: view.panel, frame_index: view.drawn ?? 0, place: view.place }, { panel: under.panel, frame_index: under.drawn ?? 0, place: under.place });
}

/** Corners of a picture in CSS px, or of the calibrated part of it if there is one. @param {PanelView} view @param {Affine} map @param {boolean} calibrated @returns {readonly Point[]} */
function cornersOf({ panel: { clip } }, map, calibrated) {
  const { x0, y0, x1, y1 } = (calibrated ? mainRegion(clip) : null) ?? { x0: 0, y0: 0, x1: clip.columns - 1, y1: clip.rows - 1 };
  return [[x0, y0], [x1 + 1, y0], [x1 + 1, y1 + 1], [x0, y1 + 1]].map(([x_px = 0, y_px = 0]) => mapped(map, { x_px, y_px }));
}

/** @typedef {{width: number, height: number, to_box: Affine, from_box: Affine}} Sheet  what is painted on, no finer than the pixels of the right picture: the display scales */

/**
 * A sheet in the pixels of a picture that covers what is seen of both.
 * @param {PanelView} view @param {readonly (readonly Point[])[]} corners  of both pictures, CSS px
 * @returns {Sheet | null} null where nothing is seen
 */
function sheetOver({ place, box, reduction }, corners) {
  if (place === null) return null;
  const step = then([reduction, 0, 0, 0, reduction, 0], toBox(place));
  const back = inverse(step);
  if (back === null) return null;
  const [seen, both] = [[{ x_px: 0, y_px: 0 }, { x_px: box.width, y_px: box.height }], corners.flat()]
    .map((points) => boundsOf(points.map((point) => mapped(back, point))));
  if (seen === undefined || both === undefined) return null;
  const [left, top] = [Math.max(seen.left, both.left), Math.max(seen.top, both.top)];
  const [width, height] = [Math.min(seen.right, both.right) - left, Math.min(seen.bottom, both.bottom) - top];
  if (width <= 0 || height <= 0) return null;
  const to_box = then([1, 0, left, 0, 1, top], step);
  return { width, height, to_box, from_box: then(back, [1, 0, -left, 0, 1, -top]) };
}

/** @param {readonly Point[]} points */
function boundsOf(points) {
  const [xs, ys] = [points.map(({ x_px }) => x_px), points.map(({ y_px }) => y_px)];
  // Half a thousandth: what lies on a pixel's edge but for rounding lies on it.
  const [low, high] = [(/** @type {number[]} */ values) => Math.floor(Math.min(...values) + 5e-4), (/** @type {number[]} */ values) => Math.ceil(Math.max(...values) - 5e-4)];
  return { left: low(xs), top: low(ys), right: high(xs), bottom: high(ys) };
}

/** @typedef {{map: Affine, shared: readonly (readonly Point[])[], sheet: Sheet}} Print  map: from pixels of the clip to the sheet; shared: nothing is shown outside of any of these, CSS px */

/** One picture on black, in one hue. @param {Context} context @param {PanelView} view @param {Print & {hue: string | null}} print */
function put(context, view, { hue, ...print }) {
  fill(context, "#000", "source-over");
  lay(context, view, print, "source-over");
  if (hue !== null) fill(context, hue, "multiply");
}

/** One picture over what is there. @param {Context} context @param {PanelView} view @param {Print} print @param {GlobalCompositeOperation} how */
function lay(context, { shown, reduction }, { map, shared, sheet }, how) {
  context.save();
  context.globalCompositeOperation = how;
  for (const corners of shared) {
    context.beginPath();
    for (const { x_px, y_px } of corners.map((corner) => mapped(sheet.from_box, corner))) context.lineTo(x_px, y_px);
    context.clip();
  }
  setTransform(context, rounded(then([reduction, 0, 0, 0, reduction, 0], map)));
  context.drawImage(shown, 0, 0);
  context.restore();
}

/** @typedef {{view: PanelView, map: Affine}} Mapped */

/** Two grey pictures whose pixels lie on those of the sheet; null where one has colours, or is scaled or turned. @param {Sheet} sheet @param {Mapped} left @param {Mapped} right @returns {readonly [Laid, Laid] | null} */
function laidPair(sheet, left, right) {
  const [one, other] = [laidOn(sheet, left), laidOn(sheet, right)];
  return one === null || other === null ? null : [one, other];
}

/** @param {Sheet} sheet @param {Mapped} mapped @returns {Laid | null} */
function laidOn({ from_box }, { view: { greys, reduction }, map }) {
  const [a, b, left, d, e, top] = rounded(then([reduction, 0, 0, 0, reduction, 0], then(map, from_box)));
  const is_on_pixels = a === 1 && b === 0 && d === 0 && e === 1 && Number.isInteger(left) && Number.isInteger(top);
  return greys !== null && is_on_pixels ? { greys, left, top } : null;
}

/** Pixel onto pixel where it is so but for rounding: that is copied, not resampled. @param {Affine} map @returns {Affine} */
function rounded(map) {
  return /** @type {Affine} */ (/** @type {unknown} */ (map.map((value) => (Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value))));
}

/** @param {Context} context @param {string} colour @param {GlobalCompositeOperation} how */
function fill(context, colour, how) {
  context.globalCompositeOperation = how;
  context.fillStyle = colour;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

/** @param {Context} context @param {HTMLCanvasElement} canvas  of the same size @param {GlobalCompositeOperation} how */
function add(context, canvas, how) {
  context.globalCompositeOperation = how;
  context.drawImage(canvas, 0, 0);
  context.globalCompositeOperation = "source-over";
}

/** @param {HTMLCanvasElement} canvas @returns {Context} */
function contextOf(canvas) {
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("This browser gives no canvas.");
  return context;
}
