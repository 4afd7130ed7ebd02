// The scrubber: a slider over the stops of the axis, with the chapters as
// bands, the curve of the contraction over them, what is loaded and decoded,
// and the repeated part.
/** @import { PlayerState, Timeline } from "./types.d.ts" */
/** @import { FrameStore } from "./frame_store.js" */
/** @import { Store } from "./store.js" */
import { mainCurve, spokenCurve } from "./curve.js";
import { heightsOf, paintCurve, paintNumbers } from "./curve_plot.js";
import { element, hide } from "./dom.js";
import { CHAPTERS, spokenFrame } from "./labels.js";
import { drawShape } from "./overlay.js";
import { fitCanvas, pixelRatio } from "./picture.js";
import { secondOf } from "./second_curve.js";
import { activeStop, activeTimeline, leaderOf, panelOf, wantedFrame } from "./position.js";
import { repeatRange, seek } from "./requests.js";
import { frameOn, middleOf, momentOf, shareOf, stopAt, stopAtShare, stopStart_s } from "./timeline.js";
import { words } from "./words.js";

const BAND_COLOURS = Object.freeze({ rest: "#2f6f8f", contracting: "#b5651d", hold: "#9a3d6b", relaxing: "#5a6a3a" });
const TRACK_PX = 6;
/** Under the plot of a curve, without the track. */
const FOOT_PX = 11;
const MARGIN_PX = 5;
/** Width of the numbers of the axis. */
const NUMBERS_PX = 120;
const NO_CURVE = Object.freeze({ curve: null, truth_curve: null });

export class Scrubber {
  element;
  #store;
  #frames;
  #canvas = element("canvas", { class: "msus-track", "aria-hidden": "true" });
  #numbers = element("canvas", { class: "msus-numbers", "aria-hidden": "true" });
  #handle = element("div", { class: "msus-handle", "aria-hidden": "true" });
  #knob = element("div", { class: "msus-knob" });
  #box = { width: 0, height: 0 };
  #track_key = "";
  /** The plot of the curve, painted once for a size. */
  #plot = document.createElement("canvas");
  #plot_key = "";
  /** @type {import("./curve_plot.js").Heights | null} */
  #heights = null;
  #observer;

  /** @param {Store<PlayerState>} store @param {FrameStore} frames */
  constructor(store, frames) {
    this.#store = store;
    this.#frames = frames;
    this.element = element("div", {
      class: "msus-scrubber", role: "slider", tabindex: 0, "aria-label": words.scrubber, "aria-valuemin": 1, "aria-valuemax": 1, "aria-valuenow": 1,
    }, this.#canvas, this.#handle, this.#numbers);
    this.#handle.append(this.#knob);
    store.watch((state) => mainCurve(leaderOf(state)?.clip ?? NO_CURVE) !== null || secondOf(state) !== null, (drawn) => this.element.toggleAttribute("data-curve", drawn));
    this.element.addEventListener("pointerdown", (event) => this.#grab(event));
    this.element.addEventListener("pointermove", (event) => this.#drag(event));
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      this.#box = { width: entry.contentRect.width, height: entry.contentRect.height };
      this.draw();
    });
    this.#observer.observe(this.element);
  }

  destroy() {
    this.#observer.disconnect();
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    event.preventDefault();
    this.#seekTo(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.element.hasPointerCapture(event.pointerId)) this.#seekTo(event);
  }

  /** @param {PointerEvent} event */
  #seekTo(event) {
    const timeline = activeTimeline(this.#store.state());
    if (timeline === null) return;
    const { left } = this.element.getBoundingClientRect();
    this.#store.request(seek(stopAtShare(timeline, (event.clientX - left) / Math.max(this.#box.width, 1))));
  }

  /** Shows the state; called in the animation frame that draws the panels. */
  draw() {
    const state = this.#store.state();
    const timeline = activeTimeline(state);
    if (this.#box.width === 0) return;
    this.element.toggleAttribute("data-empty", timeline === null);
    if (timeline === null) {
      this.element.setAttribute("aria-disabled", "true");
      this.element.setAttribute("aria-valuetext", words.nothing_moves);
      return;
    }
    this.element.removeAttribute("aria-disabled");
    const stop = activeStop(state);
    this.#handle.style.transform = `translateX(${(middleOf(timeline, stop) * this.#box.width).toFixed(1)}px)`;
    this.#drawTrack(state, timeline);
    if (this.#heights !== null) this.#knob.style.transform = `translateY(${(this.#heights.ys[stop] ?? 0).toFixed(1)}px)`;
    if (!state.playing) this.#speak(state, timeline, stop);
  }

  /** @param {PlayerState} state @param {Timeline} timeline @param {number} stop */
  #speak(state, timeline, stop) {
    const leader = leaderOf(state);
    if (leader === undefined) return;
    const values = { "aria-valuemin": 1, "aria-valuemax": timeline.stops_s.length, "aria-valuenow": stop + 1, "aria-valuetext": spokenFrame(leader, wantedFrame(state, leader)) + spokenCurve(leader, wantedFrame(state, leader)) };
    for (const [name, value] of Object.entries(values)) {
      if (this.element.getAttribute(name) !== String(value)) this.element.setAttribute(name, String(value));
    }
  }

  /** @param {PlayerState} state @param {Timeline} timeline */
  #drawTrack(state, timeline) {
    const stages = this.#stagesOf(state, timeline);
    const ratio = pixelRatio();
    const key = `${this.#box.width} ${this.#box.height} ${ratio} ${timeline.leader_id} ${timeline.stops_s.length} ${stages} ${JSON.stringify(state.repeat)} ${state.large_type} ${state.text_hidden} ${state.marks_hidden} ${state.second_curve} ${state.link}`;
    if (key === this.#track_key) return;
    this.#track_key = key;
    fitCanvas(this.#canvas, this.#box, ratio);
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.#box.width, this.#box.height);
    this.#paintStages(context, stages, timeline);
    this.#paintChapters(context, state, timeline);
    this.#paintPlot(context, state, timeline, ratio);
    this.#paintRepeat(context, state, timeline);
  }

  /** The curve of the leader, from a canvas of its own: what is loaded changes often, a curve does not. @param {CanvasRenderingContext2D} context @param {PlayerState} state @param {Timeline} timeline @param {number} ratio */
  #paintPlot(context, state, timeline, ratio) {
    const clip = leaderOf(state)?.clip;
    const font_px = state.large_type ? 20 : 12;
    const frame = { box: this.#box, top: font_px * 1.9, bottom: this.#box.height - TRACK_PX - FOOT_PX - MARGIN_PX, font_px, text: !state.text_hidden, truth: !state.marks_hidden || clip?.curve === null };
    const second = secondOf(state);
    this.#heights = clip === undefined || frame.bottom - frame.top < MARGIN_PX ? null : heightsOf(clip, timeline, frame);
    hide(this.#knob, this.#heights === null);
    hide(this.#numbers, this.#heights === null && second === null);
    if (clip === undefined || frame.bottom - frame.top < MARGIN_PX || (this.#heights === null && second === null)) return;
    const key = `${this.#box.width} ${this.#box.height} ${ratio} ${state.link} ${timeline.leader_id} ${timeline.stops_s.length} ${font_px} ${frame.text} ${frame.truth} ${second?.id}`;
    if (key !== this.#plot_key) {
      this.#plot_key = key;
      fitCanvas(this.#plot, this.#box, ratio);
      const own = /** @type {CanvasRenderingContext2D} */ (this.#plot.getContext("2d"));
      own.setTransform(ratio, 0, 0, ratio, 0, 0);
      own.clearRect(0, 0, this.#box.width, this.#box.height);
      paintCurve(own, clip, timeline, frame, second);
      fitCanvas(this.#numbers, { width: NUMBERS_PX, height: this.#box.height }, ratio);
      const numbers = /** @type {CanvasRenderingContext2D} */ (this.#numbers.getContext("2d"));
      numbers.setTransform(ratio, 0, 0, ratio, 0, 0);
      numbers.clearRect(0, 0, NUMBERS_PX, this.#box.height);
      paintNumbers(numbers, clip, frame);
    }
    context.drawImage(this.#plot, 0, 0, this.#box.width, this.#box.height);
  }

  /** Worst stage of the moving panels at each stop, one digit a stop. @param {PlayerState} state @param {Timeline} timeline */
  #stagesOf(state, timeline) {
    const panels = timeline.tracks.map((track) => panelOf(state, track.panel_id)).filter((panel) => panel !== undefined)
      .filter((panel) => this.#frames.progress(panel.clip.sha256).error === null);
    const whole = panels.every((panel) => this.#frames.progress(panel.clip.sha256).decoded >= panel.clip.frames);
    if (whole) return "all";
    let stages = "";
    for (const start_s of timeline.stops_s) {
      let stage = 2;
      for (const panel of panels) stage = Math.min(stage, this.#frames.stage(panel.clip.sha256, frameOn(timeline, panel.panel_id, start_s) ?? 0));
      stages += stage;
    }
    return stages;
  }

  /** @param {CanvasRenderingContext2D} context @param {string} stages @param {Timeline} timeline */
  #paintStages(context, stages, timeline) {
    const y = this.#box.height - TRACK_PX - 7;
    const colour = { 0: "rgba(128,128,128,.28)", 1: "rgba(128,128,128,.55)", 2: "rgba(160,160,160,.95)" };
    const count = stages === "all" ? 1 : stages.length;
    for (let at = 0; at < count; at += 1) {
      const stage = stages === "all" ? 2 : /** @type {0 | 1 | 2} */ (Number(stages[at]));
      const [left, right] = stages === "all" ? [0, this.#box.width] : [this.#edgeOf(timeline, at), this.#edgeOf(timeline, at + 1)];
      context.fillStyle = colour[stage];
      context.fillRect(left, y, right - left + 0.6, TRACK_PX);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {PlayerState} state @param {Timeline} timeline */
  #paintChapters(context, state, timeline) {
    const leader = leaderOf(state);
    if (leader === undefined) return;
    const height = this.#box.height - TRACK_PX - FOOT_PX;
    const middle = mainCurve(leader.clip) === null && secondOf(state) === null ? height / 2 : (state.large_type ? 24 : 12) * 0.8;
    const font_px = state.large_type ? 24 : 12;
    for (const chapter of leader.clip.chapters) {
      const first = Math.max(chapter.first_frame_index, leader.first_frame_index);
      const last = Math.min(chapter.last_frame_index, leader.last_frame_index);
      if (first > last) continue;
      const left = this.#edgeOf(timeline, stopAt(timeline, momentOf(timeline, leader.panel_id, first)));
      const right = this.#edgeOf(timeline, stopAt(timeline, momentOf(timeline, leader.panel_id, last)) + 1);
      context.fillStyle = BAND_COLOURS[chapter.name];
      context.beginPath();
      context.roundRect(left + 0.5, 0, Math.max(right - left - 1, 1), height, 3);
      context.fill();
      const { word, shape } = CHAPTERS[chapter.name];
      context.font = `600 ${font_px}px system-ui, sans-serif`;
      context.fillStyle = "#fff";
      const fits = !state.text_hidden && context.measureText(word).width + font_px * 2 < right - left;
      if (right - left > font_px * 1.6) drawShape(context, shape, left + font_px * 0.8, middle, font_px * 0.32);
      context.textBaseline = "middle";
      if (fits) context.fillText(word, left + font_px * 1.4, middle + 1);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {PlayerState} state @param {Timeline} timeline */
  #paintRepeat(context, state, timeline) {
    if (state.repeat === null) return;
    const { first, last } = state.repeat.b === null ? { first: state.repeat.a, last: state.repeat.a } : repeatRange(state);
    const left = this.#edgeOf(timeline, first);
    const right = state.repeat.b === null ? left : this.#edgeOf(timeline, last + 1);
    const { height } = this.#box;
    context.strokeStyle = "#ffd24a";
    context.fillStyle = "rgba(255,210,74,.18)";
    context.lineWidth = 2;
    context.fillRect(left, 0, right - left, height);
    context.beginPath();
    for (const x of [left + 1, right - 1]) { context.moveTo(x, 0); context.lineTo(x, height); }
    context.stroke();
  }

  /** Left edge of a stop, CSS px; of the one behind the last, the end of the axis. @param {Timeline} timeline @param {number} stop */
  #edgeOf(timeline, stop) {
    return stop >= timeline.stops_s.length ? this.#box.width : shareOf(timeline, stopStart_s(timeline, stop)) * this.#box.width;
  }
}
