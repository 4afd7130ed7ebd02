// The M-mode strip under the pictures, and its line in the picture that leads.
/** @import { Box, Decoded, MLine, Panel, PlayerState, Point, Timeline } from "./types.d.ts" */
/** @import { TissueMap } from "./tissue_map.js" */
/** @import { Room } from "./ways.js" */
import { assign, button, element, group, press, write } from "./dom.js";
import { measure, measureText } from "./drawing/measurement.js";
import { columnOf, firstLine, greysUnder, lengthTicks, sampleCount, timeTicks, withPoint } from "./kymograph.js";
import { LineHandles, lineOf } from "./m_line.js";
import { fitCanvas, pixelRatio } from "./picture.js";
import { activeStop, activeTimeline, leaderOf, wantedFrame } from "./position.js";
import { seek } from "./requests.js";
import { middleOf, shareOf, stopAtShare, trackOf } from "./timeline.js";
import { carry } from "./tissue_map.js";
import { tissueMap } from "./tissue_maps.js";
import { greyRamp, PLAIN } from "./tone.js";
import { setMLine } from "./view_requests.js";
import { words } from "./words.js";

/** @typedef {{points: readonly (readonly Point[])[], lost: number}} Followed */

const FOOT_PX = 18;
const NEXT_PX = 90;
/** How much less urgent the frames of the strip are than those around the one shown; the next one missing comes first. */
const PATIENCE = 4;

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
  #handles;
  #tissue;
  /** @type {MLine} */
  #line = { points: [], frame_index: 0, follows: false };
  #line_key = "";
  /** Places of its points on every frame; null where it is fixed in the picture. @type {Followed | null} */
  #followed = null;
  /** Frames whose column is missing. */
  #left = 0;
  /** Step of the frame that is asked for, because the player does not hold a whole long clip; -1 for none. */
  #asked = -1;

  /** @param {Room} room */
  constructor({ stage, store, frames }) {
    this.#stage = stage;
    this.#store = store;
    this.#frames = frames;
    this.#handles = new LineHandles(store);
    const change = (/** @type {(line: MLine, leader: Panel, frame_index: number) => MLine} */ make) => () => {
      const leader = leaderOf(store.state());
      const drawn = stage.views.get(leader?.panel_id ?? "")?.drawn ?? 0;
      if (leader === undefined) return;
      const line = lineOf(store.state(), leader);
      store.request(setMLine(leader.panel_id, make(line.follows ? { ...line, points: this.#pointsOn(drawn) } : line, leader, drawn)));
    };
    const place = (/** @type {"across" | "down"} */ way) => change((line, { clip }, frame_index) => ({ ...firstLine(clip, way), frame_index, follows: line.follows }));
    const choice = (/** @type {string} */ name, /** @type {string} */ text, /** @type {() => void} */ click) => button({ name, text, className: "is-choice is-small" }, click);
    this.#tissue = button({ name: "Line follows the tissue", text: "Follows the tissue", pressed: false, className: "is-choice is-small" }, change((line, _leader, frame_index) => ({ ...line, frame_index, follows: !line.follows })));
    this.#element = element("div", { class: "msus-m", hidden: true }, this.#strip, element("div", { class: "msus-m-foot" }, this.#text,
      group("Line of the M-mode", choice("Line across", "Across", place("across")), choice("Line down", "Down", place("down")),
        choice("Add a point to the line", "Add point", change((line, _leader, frame_index) => ({ ...line, points: withPoint(line.points), frame_index }))), this.#tissue)));
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
    const timeline = activeTimeline(state);
    if (this.#element.hidden === (leader !== undefined)) this.#element.hidden = leader === undefined;
    if (leader === undefined || view === undefined || view.place === null || timeline === null) {
      this.#ask(null);
      return this.#handles.hide();
    }
    const line = lineOf(state, leader);
    const map = line.follows ? tissueMap(leader.clip.maps_url, () => this.#stage.schedule()) : null;
    this.#follow(leader, line, map);
    const frame_index = wantedFrame(state, leader);
    this.#handles.draw(view, this.#pointsOn(view.drawn ?? frame_index), state.marks_hidden);
    press(this.#tissue, line.follows);
    this.#tissue.disabled = leader.clip.maps_url === null;
    this.#sample(state, leader, timeline);
    this.#ask(leader);
    this.#drawStrip(state, leader, timeline, line);
    this.#cursor.style.transform = `translateX(${(middleOf(timeline, activeStop(state)) * this.#box.width).toFixed(1)}px)`;
  }

  /** Where the points lie on each frame: where the tissue takes them, else where they were last. @param {Panel} leader @param {MLine} line @param {TissueMap | null} map */
  #follow(leader, line, map) {
    const key = `${leader.panel_id} ${JSON.stringify(line)} ${map !== null}`;
    if (key === this.#line_key) return;
    this.#line_key = key;
    this.#samples_key = "";
    this.#line = line;
    this.#followed = map === null ? null : followed(map, line, leader.clip.frames);
  }

  /** @param {number} frame_index @returns {readonly Point[]} */
  #pointsOn(frame_index) {
    return this.#followed?.points[frame_index] ?? this.#line.points;
  }

  /** Takes the column of every frame that has been decoded since. @param {PlayerState} state @param {Panel} leader @param {Timeline} timeline */
  #sample(state, leader, timeline) {
    const count = sampleCount(this.#line.points);
    const frames = leader.last_frame_index - leader.first_frame_index + 1;
    const tone = state.tones[leader.panel_id] ?? PLAIN;
    const key = `${this.#line_key} ${leader.first_frame_index} ${frames} ${timeline.end_s}`;
    if (key !== this.#samples_key || tone !== this.#tone) {
      this.#samples_key = key;
      this.#tone = tone;
      this.#strip_key = "";
      this.#known = new Uint8Array(frames);
      this.#left = frames;
      this.#asked = -1;
      Object.assign(this.#samples, { width: frames, height: count });
    }
    if (this.#left === 0) return;
    const ramp = greyRamp(tone);
    const context = this.#samples.getContext("2d", { willReadFrequently: true });
    for (let step = 0; step < frames; step += 1) {
      const frame = this.#known[step] === 1 ? null : this.#frames.frame(leader.clip.sha256, leader.first_frame_index + step);
      if (frame === null || context === null) continue;
      context.putImageData(columnImage(frame, leader, this.#pointsOn(leader.first_frame_index + step), count, ramp), step, 0);
      this.#known[step] = 1;
      this.#left -= 1;
      this.#strip_key = "";
    }
  }

  /** Asks for the first frame that has no column yet, and those after it. @param {Panel | null} leader */
  #ask(leader) {
    const missing = leader === null ? -1 : this.#known.findIndex((known, step) => known === 0 && !this.#frames.isBroken(leader.clip.sha256, leader.first_frame_index + step));
    if (missing === this.#asked) return;
    this.#asked = missing;
    if (leader === null || missing < 0) return this.#frames.demand(this, []);
    const { clip, last_frame_index } = leader;
    const first_frame_index = leader.first_frame_index + missing;
    this.#frames.demand(this, [{ ...clip, first_frame_index, last_frame_index, wanted_frame_index: first_frame_index, playing: false, patience: PATIENCE }]);
  }

  /** @param {PlayerState} state @param {Panel} leader @param {Timeline} timeline @param {MLine} line */
  #drawStrip(state, leader, timeline, line) {
    const ratio = pixelRatio();
    const key = `${this.#box.width} ${this.#box.height} ${ratio} ${state.large_type} ${state.text_hidden} ${this.#samples_key}`;
    if (key === this.#strip_key || this.#box.width === 0) return;
    this.#strip_key = key;
    fitCanvas(this.#canvas, this.#box, ratio);
    const context = this.#context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, this.#box.width, this.#box.height);
    const height = this.#box.height - FOOT_PX;
    const track = trackOf(leader);
    track.starts_s.forEach((_, step) => {
      if (this.#known[step] !== 1) return;
      const { left, right } = columnOf(timeline, track, step);
      context.drawImage(this.#samples, step, 0, 1, this.#samples.height, left * this.#box.width, 0, (right - left) * this.#box.width + 0.5, height);
    });
    this.#drawAxis(context, timeline, height);
    const length = measure(line.points.length > 2 ? "polyline" : "caliper", line.points.map(({ x_px, y_px }) => /** @type {const} */ ([x_px, y_px])), leader.clip);
    if (length !== null && !state.text_hidden) this.#drawLengths(context, length, height);
    write(this.#text, `M-mode of ${leader.title}: line of ${length === null ? "" : measureText(length)}, ${this.#wayText(leader, line)}${track.rate_known ? "" : `; ${words.rate_unknown}`}`);
    assign(this.#canvas, "aria-label", this.#text.textContent ?? "M-mode");
  }

  /** @param {Panel} leader @param {MLine} line */
  #wayText({ clip }, line) {
    if (clip.maps_url === null) return "fixed in the picture: nobody has followed the tissue of this clip";
    if (!line.follows) return "fixed in the picture";
    if (this.#followed === null) return "the tissue's way is on its way";
    const { lost } = this.#followed;
    return `follows the tissue from frame ${line.frame_index + 1}${lost === 0 ? "" : `; on ${lost} frames a point could not be followed and stays where it was`}`;
  }

  /** @param {CanvasRenderingContext2D} context @param {Timeline} timeline @param {number} height */
  #drawAxis(context, timeline, height) {
    context.font = "500 12px system-ui, sans-serif";
    context.fillStyle = "#fff";
    context.textBaseline = "top";
    const times_s = timeTicks(timeline.end_s, Math.max(this.#box.width / NEXT_PX, 2));
    const digits = (times_s[1] ?? 1) < 0.1 ? 2 : (times_s[1] ?? 1) < 1 ? 1 : 0;
    for (const [at, time_s] of times_s.entries()) {
      const x = shareOf(timeline, time_s) * this.#box.width;
      context.fillRect(Math.min(x, this.#box.width - 1), height, 1, 4);
      context.textAlign = at === 0 ? "left" : x > this.#box.width - 30 ? "right" : "center";
      context.fillText(`${time_s.toFixed(digits)} s`, at === 0 ? 2 : x, height + 4);
    }
  }

  /** The way along the line, from its first end down. @param {CanvasRenderingContext2D} context @param {{value: number, unit: string}} length @param {number} height */
  #drawLengths(context, { value, unit }, height) {
    const ticks = lengthTicks(value, height / 26);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    ticks.forEach((tick, at) => {
      const y = (tick / value) * height;
      const text = `${tick}${at === ticks.length - 1 ? ` ${unit}` : ""}`;
      context.fillRect(0, y - 0.5, 7, 1);
      context.lineWidth = 3;
      context.strokeStyle = "rgba(0,0,0,.8)";
      if (y > height - 7) return;
      context.strokeText(text, 10, y);
      context.fillText(text, 10, y);
    });
  }

  /** A press or a drag on the strip goes to the frame of that time. @param {PointerEvent} event */
  #seek(event) {
    const timeline = activeTimeline(this.#store.state());
    if (timeline === null || (event.buttons & 1) === 0) return;
    if (event.type === "pointerdown") this.#strip.setPointerCapture(event.pointerId);
    const share = (event.clientX - this.#strip.getBoundingClientRect().left) / Math.max(this.#box.width, 1);
    this.#store.request(seek(stopAtShare(timeline, share)));
  }

  get strip() {
    return this.#element.hidden || this.#box.width === 0 ? null : { canvas: this.#canvas, box: this.#box };
  }

  get texts() {
    return this.strip === null ? [] : [this.#text.textContent ?? ""];
  }

  destroy() {
    this.#observer.disconnect();
    this.#frames.release(this);
    this.#handles.hide();
    this.#element.remove();
  }
}

/** @param {Decoded} frame @param {Panel} leader @param {readonly Point[]} points @param {number} count @param {Uint8Array} ramp */
function columnImage(frame, leader, points, count, ramp) {
  const column = new ImageData(1, count);
  greysUnder(frame, leader.clip, points, count).forEach((grey, at) => column.data.set([ramp[grey] ?? 0, ramp[grey] ?? 0, ramp[grey] ?? 0, 255], at * 4));
  return column;
}

/** Points of a line on every frame. @param {TissueMap} map @param {MLine} line @param {number} frames @returns {Followed} */
function followed(map, line, frames) {
  /** @type {(readonly Point[])[]} */
  const found = Array.from({ length: frames }, () => line.points);
  const lost = new Set();
  for (const [from, by] of /** @type {const} */ ([[line.frame_index, 1], [line.frame_index, -1]])) {
    for (let frame = from + by; frame >= 0 && frame < frames; frame += by) {
      const before = found[frame - by] ?? line.points;
      found[frame] = line.points.map((point, at) => {
        const there = frame < map.frames ? carry(map, point, line.frame_index, frame) : null;
        if (there === null) lost.add(frame);
        return there ?? before[at] ?? point;
      });
    }
  }
  return { points: found, lost: lost.size };
}
