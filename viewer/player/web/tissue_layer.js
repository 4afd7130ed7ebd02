// What the tissue does, drawn over every picture and under its marks: the
// outline of the torn ends at rest, and the way that they took.
/** @import { PlayerState } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Room } from "./ways.js" */
import { element, write } from "./dom.js";
import { mainRegion } from "./geometry.js";
import { onScreen, saidOf } from "./marks.js";
import { fitCanvas, pixelRatio } from "./picture.js";
import { shownPanels } from "./position.js";
import { hasEnds, outlinesAtRest, restFrame, trailOf, underProbe, waysOf } from "./stump_paths.js";

const DARK = "rgba(0,0,0,.8)";
const GHOST = "#fff";
const TRAILS = Object.freeze(["#f0e442", "#56b4e9"]);
const DASH = [6, 5];
const BAR_MM = 4;
const BAR_PX = 40;
/** Frames whose way stands out. */
const RECENT = 12;

/** @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, key: string}} Sheet */

export class TissueLayer {
  #room;
  /** @type {Map<string, Sheet>} by panel */
  #sheets = new Map();
  #legend = element("div", { class: "msus-legend msus-tissue-legend" });

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
  }

  draw() {
    const { stage, store } = this.#room;
    const state = store.state();
    for (const view of stage.views.values()) this.#drawView(state, view);
    this.#say(state);
  }

  /** @param {PlayerState} state @param {PanelView} view */
  #drawView(state, view) {
    const { panel, place, drawn } = view;
    const asked = (state.ghost || state.trail) && !state.marks_hidden && panel.role !== "static";
    const sheet = this.#sheets.get(panel.panel_id) ?? (asked ? this.#addSheet(view) : undefined);
    if (sheet === undefined) return;
    if (sheet.canvas.hidden === asked) sheet.canvas.hidden = !asked;
    if (!asked || place === null || drawn === null) return;
    const ratio = pixelRatio();
    const key = `${JSON.stringify(place)} ${view.box.width} ${view.box.height} ${ratio} ${drawn} ${state.ghost} ${state.trail} ${state.still_probe}`;
    if (key === sheet.key) return;
    sheet.key = key;
    const { canvas, context } = sheet;
    if (!fitCanvas(canvas, view.box, ratio)) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paint(context, view);
  }

  /** Draws on any canvas whose transform maps CSS px of the box. @param {CanvasRenderingContext2D} context @param {PanelView} view */
  paint(context, { panel, place, drawn }) {
    const state = this.#room.store.state();
    if (state.marks_hidden || panel.role === "static" || place === null || drawn === null) return;
    const { marks } = saidOf(state, panel.clip_id);
    context.lineJoin = "round";
    context.lineCap = "round";
    if (state.trail) {
      waysOf(panel, marks)?.paths.forEach((path, end) => {
        const points = onScreen(trailOf(panel, path, drawn, state.still_probe), place);
        line(context, points, TRAILS[end % 2] ?? GHOST, 1.2, []);
        line(context, points.slice(-2 * RECENT), TRAILS[end % 2] ?? GHOST, 2.6, []);
        dot(context, points.slice(-2), TRAILS[end % 2] ?? GHOST, end);
      });
    }
    if (!state.ghost) return;
    const region = mainRegion(panel.clip);
    const rest = restFrame(panel);
    for (const outline of outlinesAtRest(panel, marks, region === null ? BAR_PX : BAR_MM / region.mm_per_px_y).outlines) {
      line(context, onScreen(underProbe(panel, outline, rest, drawn, state.still_probe), place), GHOST, 1.8, DASH);
    }
  }

  /** @param {PanelView} view @returns {Sheet} */
  #addSheet(view) {
    const canvas = element("canvas", { class: "msus-overlay msus-tissue", "aria-hidden": "true" });
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("This browser gives no canvas.");
    view.marks.canvas.before(canvas);
    const sheet = { canvas, context, key: "" };
    this.#sheets.set(view.panel.panel_id, sheet);
    return sheet;
  }

  /** @param {PlayerState} state */
  #say(state) {
    const lines = state.marks_hidden ? [] : legendOf(state);
    if (lines.length === 0) return this.#legend.remove();
    if (!this.#legend.isConnected) this.#room.stage.element.after(this.#legend);
    while (this.#legend.children.length > lines.length) this.#legend.lastElementChild?.remove();
    lines.forEach(({ kind, text }, at) => {
      const row = this.#legend.children[at] ?? this.#legend.appendChild(element("span"));
      if (row.getAttribute("data-kind") !== kind) row.setAttribute("data-kind", kind);
      write(row, text);
    });
  }

  get texts() {
    return this.#legend.isConnected ? [...this.#legend.children].map((each) => each.textContent ?? "") : [];
  }

  destroy() {
    for (const { canvas } of this.#sheets.values()) canvas.remove();
    this.#legend.remove();
  }
}

/** What is drawn and where it comes from. @param {PlayerState} state @returns {{kind: string, text: string}[]} */
export function legendOf(state) {
  const panels = shownPanels(state).filter((panel) => hasEnds(panel, saidOf(state, panel.clip_id).marks));
  if (panels.length === 0) return [];
  const sources = (/** @type {(panel: typeof panels[number]) => string} */ of) => [...new Set(panels.map(of))].filter((each) => each !== "").join("; ");
  const marksOf = (/** @type {typeof panels[number]} */ panel) => saidOf(state, panel.clip_id).marks;
  const probe = state.still_probe && panels.every((panel) => panel.clip.still_probe !== null) ? "the motion of the probe is taken out" : "as recorded, the motion of the probe is in it";
  const lines = [];
  if (state.ghost) lines.push({ kind: "ghost", text: `Muscle ends at rest (${sources((panel) => outlinesAtRest(panel, marksOf(panel), BAR_PX).source)}); ${probe}` });
  if (state.trail) lines.push({ kind: "trail", text: `Way of the muscle ends (${sources((panel) => waysOf(panel, marksOf(panel))?.source ?? "")}); ${probe}` });
  return lines;
}

/** @param {CanvasRenderingContext2D} context @param {readonly number[]} points @param {string} colour @param {number} width @param {number[]} dash */
function line(context, points, colour, width, dash) {
  if (points.length < 4) return;
  context.beginPath();
  for (let at = 0; at < points.length; at += 2) context.lineTo(points[at] ?? 0, points[at + 1] ?? 0);
  for (const [stroke, wide, pattern] of /** @type {[string, number, number[]][]} */ ([[DARK, width + 2, []], [colour, width, dash]])) {
    context.setLineDash(pattern);
    context.strokeStyle = stroke;
    context.lineWidth = wide;
    context.stroke();
  }
  context.setLineDash([]);
}

/** Where an end is now: a ring on one side, a square on the other. @param {CanvasRenderingContext2D} context @param {readonly number[]} at @param {string} colour @param {number} end */
function dot(context, [x, y], colour, end) {
  if (x === undefined || y === undefined) return;
  context.beginPath();
  if (end % 2 === 0) context.arc(x, y, 4, 0, Math.PI * 2);
  else context.rect(x - 3.5, y - 3.5, 7, 7);
  context.fillStyle = colour;
  context.strokeStyle = DARK;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
}
