// Two pictures in one: rest in one hue and now in another, or their difference.
// Blue and orange stay apart for colour-blind eyes, and what is equal is grey.
/** @import { Placement, PlayerState } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Room } from "./ways.js" */
import { element, write } from "./dom.js";
import { ROLE_WORDS } from "./panel_view.js";
import { fitCanvas, pixelRatio } from "./picture.js";
import { blendPair } from "./view_requests.js";

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
  #legend = element("div", { class: "msus-legend" });
  #key = "";
  /** @type {unknown[]} */
  #tones = [];

  /** @param {Room} room */
  constructor({ stage, store }) {
    this.#stage = stage;
    this.#store = store;
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
      right.stage.append(this.#legend);
      this.#key = "";
    }
    this.#paint(state, left, right);
  }

  /** @param {PlayerState} state @param {PanelView} left @param {PanelView} right */
  #paint(state, left, right) {
    const tones = [left, right].map((view) => state.tones[view.panel.panel_id]);
    const ratio = pixelRatio();
    const key = `${state.layout} ${left.drawn} ${right.drawn} ${JSON.stringify([left.place, right.place, right.box])} ${ratio}`;
    if (key === this.#key && tones.every((tone, at) => tone === this.#tones[at])) return;
    this.#key = key;
    this.#tones = tones;
    for (const context of [this.#context, this.#other]) fitCanvas(context.canvas, right.box, ratio);
    const hues = state.layout === "hues";
    put(this.#context, left, ratio, hues ? HUES.left : null);
    put(this.#other, right, ratio, hues ? HUES.right : null);
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.globalCompositeOperation = hues ? "lighter" : "difference";
    this.#context.drawImage(this.#other.canvas, 0, 0);
    if (!hues) this.#brighten();
    this.#context.globalCompositeOperation = "source-over";
    this.#say(state, left, right);
  }

  #brighten() {
    this.#context.globalCompositeOperation = "lighter";
    for (let times = 1; times < GAIN; times += 1) this.#context.drawImage(this.#context.canvas, 0, 0);
  }

  /** @param {PlayerState} state @param {PanelView} left @param {PanelView} right */
  #say(state, left, right) {
    const alike = left.panel.role === right.panel.role;
    const names = [left, right].map(({ panel, drawn }) => `${alike ? panel.title : ROLE_WORDS[panel.role]}, frame ${(drawn ?? 0) + 1}`);
    const text = state.layout === "hues" ? names : [`Difference × ${GAIN}: ${names.join(" and ")}. Probe motion is not removed.`];
    this.#legend.toggleAttribute("data-hues", state.layout === "hues");
    while (this.#legend.children.length > text.length) this.#legend.lastElementChild?.remove();
    text.forEach((each, at) => write(this.#legend.children[at] ?? this.#legend.appendChild(element("span")), each));
    if (!state.playing) this.#canvas.setAttribute("aria-label", text.join("; "));
  }

  destroy() {
    this.#canvas.remove();
    this.#legend.remove();
  }
}

/** One picture on black where it lies in its box, in one hue. @param {Context} context @param {PanelView} view @param {number} ratio @param {string | null} hue */
function put(context, view, ratio, hue) {
  const { print } = view;
  const place = /** @type {Placement} */ (view.place);
  context.globalCompositeOperation = "source-over";
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  const start = place.flip ? place.left + place.columns * place.scale_x : place.left;
  context.setTransform((place.flip ? -1 : 1) * place.scale_x * ratio, 0, 0, place.scale_y * ratio, start * ratio, place.top * ratio);
  if (print !== null) context.drawImage(print, 0, 0);
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
