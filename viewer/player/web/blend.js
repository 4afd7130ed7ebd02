// Two pictures in one: rest in one hue and now in another, or their difference.
// Blue and orange stay apart for colour-blind eyes, and what is equal is grey.
// Where it is known how the probe moved, its motion is taken out on request.
/** @import { PlayerState, Point } from "./types.d.ts" */
/** @import { Affine } from "./affine.js" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Room } from "./ways.js" */
import { mapped, setTransform, then, toBox } from "./affine.js";
import { button, element, press, write } from "./dom.js";
import { mainRegion } from "./geometry.js";
import { isKnown, underSameProbe } from "./held_still.js";
import { namesOf } from "./labels.js";
import { fitCanvas, pixelRatio } from "./picture.js";
import { blendPair, set } from "./view_requests.js";
import { words } from "./words.js";

/** The two add up to white. */
export const HUES = Object.freeze({ left: "#0096ff", right: "#ff6900" });
/** The difference is shown twice as bright: speckle differs by little. */
const GAIN = 2;

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
  /** @type {unknown[]} */
  #tones = [];

  /** @param {Room} room */
  constructor({ stage, store }) {
    this.#stage = stage;
    this.#store = store;
    this.#hold = button({ name: "Hold the probe still", key: "K", text: "Probe held still", pressed: true, className: "is-wide" }, () => store.request(set("still_probe", !store.state().still_probe)));
    this.#legend = element("div", { class: "msus-legend" }, this.#swatches, this.#hold, this.#note);
  }

  get blended() {
    return this.#canvas.isConnected ? this.#canvas : null;
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
    // No finer than the pixels of the clip: the display scales, as it does the pictures themselves.
    const ratio = Math.min(pixelRatio(), 1 / Math.max(right.place?.scale_x ?? 1, right.place?.scale_y ?? 1));
    const key = `${state.layout} ${left.drawn} ${right.drawn} ${JSON.stringify([left.place, right.place, right.box])} ${ratio} ${state.still_probe}`;
    if (key === this.#key && tones.every((tone, at) => tone === this.#tones[at])) return;
    this.#key = key;
    this.#tones = tones;
    for (const context of [this.#context, this.#other]) fitCanvas(context.canvas, right.box, ratio);
    const hues = state.layout === "hues";
    const known = isKnown(left.panel, right.panel);
    const [left_map, right_map] = [mapOf(left, known && state.still_probe ? right : null), mapOf(right, null)];
    const shared = known && state.still_probe ? [cornersOf(left, left_map), cornersOf(right, right_map)] : [];
    put(this.#context, left, { map: left_map, ratio, hue: hues ? HUES.left : null, shared });
    put(this.#other, right, { map: right_map, ratio, hue: hues ? HUES.right : null, shared });
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.globalCompositeOperation = hues ? "lighter" : "difference";
    this.#context.drawImage(this.#other.canvas, 0, 0);
    if (!hues) this.#brighten();
    this.#context.globalCompositeOperation = "source-over";
    this.#say(state, left, right, known);
  }

  #brighten() {
    this.#context.globalCompositeOperation = "lighter";
    for (let times = 1; times < GAIN; times += 1) this.#context.drawImage(this.#context.canvas, 0, 0);
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
    this.#hold.disabled = !known;
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

/** Corners of the calibrated part of a picture, else of all of it, in CSS px. @param {PanelView} view @param {Affine} map @returns {readonly Point[]} */
function cornersOf({ panel: { clip } }, map) {
  const { x0, y0, x1, y1 } = mainRegion(clip) ?? { x0: 0, y0: 0, x1: clip.columns - 1, y1: clip.rows - 1 };
  return [[x0, y0], [x1 + 1, y0], [x1 + 1, y1 + 1], [x0, y1 + 1]].map(([x_px = 0, y_px = 0]) => mapped(map, { x_px, y_px }));
}

/** @typedef {{map: Affine, ratio: number, hue: string | null, shared: readonly (readonly Point[])[]}} Print  shared: nothing is shown outside of any of these */

/** One picture on black where it lies in its box, in one hue. @param {Context} context @param {PanelView} view @param {Print} print */
function put(context, { print }, { map, ratio, hue, shared }) {
  context.globalCompositeOperation = "source-over";
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.save();
  context.scale(ratio, ratio);
  for (const corners of shared) {
    context.beginPath();
    for (const { x_px, y_px } of corners) context.lineTo(x_px, y_px);
    context.clip();
  }
  setTransform(context, then(map, [ratio, 0, 0, 0, ratio, 0]));
  if (print !== null) context.drawImage(print, 0, 0);
  context.restore();
  if (hue === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = "multiply";
  context.fillStyle = hue;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

/** @param {HTMLCanvasElement} canvas @returns {Context} */
function contextOf(canvas) {
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("This browser gives no canvas.");
  return context;
}
