// The M-mode strip under the pictures, and its line in the picture that leads.
/** @import { Box, Decoded, Panel, PlayerState, Point, Track } from "./types.d.ts" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Line } from "./kymograph.js" */
/** @import { Room } from "./ways.js" */
import { indexAt } from "./clock.js";
import { button, element, group, write } from "./dom.js";
import { measure, measureText } from "./drawing/measurement.js";
import { insidePicture, nudge, toImage, toScreen } from "./geometry.js";
import { columnOf, greysUnder, firstLine, sampleCount, timeTicks } from "./kymograph.js";
import { fitCanvas, pixelRatio } from "./picture.js";
import { activeTimeline, leaderOf, wantedFrame } from "./position.js";
import { seek } from "./requests.js";
import { momentOf, stopAt, trackOf } from "./timeline.js";
import { greyRamp, PLAIN } from "./tone.js";
import { setMLine } from "./view_requests.js";
import { words } from "./words.js";

const FOOT_PX = 18;
const NEXT_PX = 90;
const SVG = "http://www.w3.org/2000/svg";

export class MMode {
  #stage;
  #store;
  #frames;
  #canvas = element("canvas", { class: "msus-m-picture", role: "img", "aria-label": "M-mode" });
  #context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
  #cursor = element("div", { class: "msus-m-cursor", "aria-hidden": "true" });
  #strip = element("div", { class: "msus-m-strip" }, this.#canvas, this.#cursor);
  #text = element("span");
  #element;
  /** Samples of the line: one column a frame. */
  #samples = document.createElement("canvas");
  /** @type {Uint8Array} which frames have their column */
  #known = new Uint8Array(0);
  #samples_key = "";
  #strip_key = "";
  /** @type {unknown} */
  #tone = null;
  /** @type {Box} */
  #box = { width: 0, height: 0 };
  #observer;
  #line;

  /** @param {Room} room */
  constructor({ stage, store, frames }) {
    this.#stage = stage;
    this.#store = store;
    this.#frames = frames;
    this.#line = new LineHandles(store);
    const place = (/** @type {"across" | "down"} */ way) => () => {
      const leader = leaderOf(store.state());
      if (leader !== undefined) store.request(setMLine(leader.panel_id, firstLine(leader.clip, way)));
    };
    this.#element = element("div", { class: "msus-m", hidden: true }, this.#strip, element("div", { class: "msus-m-foot" }, this.#text,
      group("Line of the M-mode", button({ name: "Line across", text: "Across", className: "is-choice is-small" }, place("across")), button({ name: "Line down", text: "Down", className: "is-choice is-small" }, place("down")))));
    stage.element.after(this.#element);
    for (const type of /** @type {const} */ (["pointerdown", "pointermove"])) this.#strip.addEventListener(type, (event) => this.#seek(event));
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      this.#box = { width: entry.contentRect.width, height: entry.contentRect.height };
      this.#stage.schedule();
    });
    this.#observer.observe(this.#strip);
  }

  draw() {
    const state = this.#store.state();
    const leader = state.layout === "m_mode" ? leaderOf(state) : undefined;
    const view = leader === undefined ? undefined : this.#stage.views.get(leader.panel_id);
    if (this.#element.hidden === (leader !== undefined)) this.#element.hidden = leader === undefined;
    if (leader === undefined || view === undefined || view.place === null) return this.#line.hide();
    const line = lineOf(state, leader);
    this.#line.draw(view, line, state.marks_hidden);
    const track = trackOf(leader);
    this.#sample(state, leader, line);
    this.#drawStrip(state, leader, track, line);
    const { left, right } = columnOf(track, wantedFrame(state, leader) - leader.first_frame_index);
    this.#cursor.style.transform = `translateX(${((left + right) / 2 * this.#box.width).toFixed(1)}px)`;
  }

  /** Takes the column of every frame that has been decoded since. @param {PlayerState} state @param {Panel} leader @param {Line} line */
  #sample(state, leader, line) {
    const count = sampleCount(line);
    const frames = leader.last_frame_index - leader.first_frame_index + 1;
    const tone = state.tones[leader.panel_id] ?? PLAIN;
    const key = `${leader.panel_id} ${leader.first_frame_index} ${frames} ${JSON.stringify(line)}`;
    if (key !== this.#samples_key || tone !== this.#tone) {
      this.#samples_key = key;
      this.#tone = tone;
      this.#strip_key = "";
      this.#known = new Uint8Array(frames);
      Object.assign(this.#samples, { width: frames, height: count });
    }
    const ramp = greyRamp(tone);
    const context = this.#samples.getContext("2d", { willReadFrequently: true });
    for (let step = 0; step < frames; step += 1) {
      const frame = this.#known[step] === 1 ? null : this.#frames.frame(leader.clip.sha256, leader.first_frame_index + step);
      if (frame === null || context === null) continue;
      context.putImageData(columnImage(frame, leader, line, count, ramp), step, 0);
      this.#known[step] = 1;
      this.#strip_key = "";
    }
  }

  /** @param {PlayerState} state @param {Panel} leader @param {Track} track @param {Line} line */
  #drawStrip(state, leader, track, line) {
    const ratio = pixelRatio();
    const key = `${this.#box.width} ${this.#box.height} ${ratio} ${state.large_type} ${this.#samples_key}`;
    if (key === this.#strip_key || this.#box.width === 0) return;
    this.#strip_key = key;
    fitCanvas(this.#canvas, this.#box, ratio);
    const context = this.#context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, this.#box.width, this.#box.height);
    const height = this.#box.height - FOOT_PX;
    track.starts_s.forEach((_, step) => {
      if (this.#known[step] !== 1) return;
      const { left, right } = columnOf(track, step);
      context.drawImage(this.#samples, step, 0, 1, this.#samples.height, left * this.#box.width, 0, (right - left) * this.#box.width + 0.5, height);
    });
    this.#drawAxis(context, track, height);
    const length = measure("caliper", [[line.start.x_px, line.start.y_px], [line.end.x_px, line.end.y_px]], leader.clip);
    write(this.#text, `M-mode of ${leader.title}: line of ${length === null ? "" : measureText(length)}, fixed in the picture${track.rate_known ? "" : `; ${words.rate_unknown}`}`);
    this.#canvas.setAttribute("aria-label", this.#text.textContent ?? "M-mode");
  }

  /** @param {CanvasRenderingContext2D} context @param {Track} track @param {number} height */
  #drawAxis(context, track, height) {
    context.font = "500 12px system-ui, sans-serif";
    context.fillStyle = "#fff";
    context.textBaseline = "top";
    const times_s = timeTicks(track.end_s, Math.max(this.#box.width / NEXT_PX, 2));
    const digits = (times_s[1] ?? 1) < 0.1 ? 2 : (times_s[1] ?? 1) < 1 ? 1 : 0;
    for (const [at, time_s] of times_s.entries()) {
      const x = (time_s / track.end_s) * this.#box.width;
      context.fillRect(Math.min(x, this.#box.width - 1), height, 1, 4);
      context.textAlign = at === 0 ? "left" : x > this.#box.width - 30 ? "right" : "center";
      context.fillText(`${time_s.toFixed(digits)} s`, at === 0 ? 2 : x, height + 4);
    }
  }

  /** A press or a drag on the strip goes to the frame of that time. @param {PointerEvent} event */
  #seek(event) {
    const timeline = activeTimeline(this.#store.state());
    const leader = leaderOf(this.#store.state());
    if (timeline === null || leader === undefined || (event.buttons & 1) === 0) return;
    if (event.type === "pointerdown") this.#strip.setPointerCapture(event.pointerId);
    const track = trackOf(leader);
    const part = (event.clientX - this.#strip.getBoundingClientRect().left) / Math.max(this.#box.width, 1);
    const step = indexAt(track.starts_s, Math.min(Math.max(part, 0), 1) * track.end_s);
    this.#store.request(seek(stopAt(timeline, momentOf(timeline, leader.panel_id, leader.first_frame_index + step))));
  }

  destroy() {
    this.#observer.disconnect();
    this.#line.hide();
    this.#element.remove();
  }
}

/** @param {PlayerState} state @param {Panel} panel @returns {Line} */
function lineOf(state, panel) {
  return state.m_lines[panel.panel_id] ?? firstLine(panel.clip, "across");
}

/** @param {Decoded} frame @param {Panel} leader @param {Line} line @param {number} count @param {Uint8Array} ramp */
function columnImage(frame, leader, line, count, ramp) {
  const column = new ImageData(1, count);
  greysUnder(frame, leader.clip, line, count).forEach((grey, at) => column.data.set([ramp[grey] ?? 0, ramp[grey] ?? 0, ramp[grey] ?? 0, 255], at * 4));
  return column;
}

/** The line in the picture, with a handle at each end for pointers and arrows. */
class LineHandles {
  #store;
  #svg = document.createElementNS(SVG, "svg");
  #strokes = ["msus-m-line-edge", "msus-m-line-ink"].map((name) => {
    const line = document.createElementNS(SVG, "line");
    line.setAttribute("class", name);
    return line;
  });
  #ends = /** @type {const} */ (["start", "end"]).map((end) => this.#makeEnd(end));
  /** @type {PanelView | null} */
  #view = null;

  /** @param {Room["store"]} store */
  constructor(store) {
    this.#store = store;
    this.#svg.setAttribute("class", "msus-m-line");
    this.#svg.setAttribute("aria-hidden", "true");
    this.#svg.append(...this.#strokes);
  }

  hide() {
    if (this.#view === null) return;
    this.#view = null;
    for (const part of [this.#svg, ...this.#ends]) part.remove();
  }

  /** @param {PanelView} view @param {Line} line @param {boolean} hidden */
  draw(view, line, hidden) {
    if (hidden || view.place === null) return this.hide();
    if (this.#view !== view) view.handles.append(this.#svg, ...this.#ends);
    this.#view = view;
    const [from, to] = [toScreen(view.place, line.start), toScreen(view.place, line.end)];
    for (const stroke of this.#strokes) {
      for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y })) stroke.setAttribute(name, value.toFixed(1));
    }
    [from, to].forEach(({ x, y }, at) => this.#ends[at]?.style.setProperty("transform", `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`));
  }

  /** @param {"start" | "end"} end */
  #makeEnd(end) {
    const handle = element("button", { type: "button", class: "msus-caliper-end", "aria-label": `M-mode line, ${end === "start" ? "first" : "second"} end. Arrows move it.` });
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
    handle.addEventListener("pointermove", (event) => {
      const view = this.#view;
      if (view === null || view.place === null || !handle.hasPointerCapture(event.pointerId)) return;
      const { left, top } = view.stage.getBoundingClientRect();
      this.#move(end, toImage(view.place, { x: event.clientX - left, y: event.clientY - top }));
    });
    handle.addEventListener("keydown", (event) => {
      const flip = this.#store.state().views[this.#view?.panel.panel_id ?? ""]?.flip ?? false;
      const by = event.ctrlKey || event.altKey || event.metaKey ? null : nudge(event.key, event.shiftKey, flip);
      if (by === null || this.#view === null) return;
      const from = lineOf(this.#store.state(), this.#view.panel)[end];
      event.preventDefault();
      this.#move(end, { x_px: from.x_px + by.x_px, y_px: from.y_px + by.y_px });
    });
    return handle;
  }

  /** @param {"start" | "end"} end @param {Point} to */
  #move(end, to) {
    if (this.#view === null) return;
    const { panel } = this.#view;
    this.#store.request(setMLine(panel.panel_id, { ...lineOf(this.#store.state(), panel), [end]: insidePicture(to, panel.clip) }));
  }
}
