// One panel on screen: head, picture, overlay, readouts, and its own sentence
// when something is wrong with its clip.
/** @import { Box, Panel, Placement, PlayerState } from "./types.d.ts" */
/** @import { FrameStore } from "./frame_store.js" */
/** @import { Store } from "./store.js" */
import { assign, button, element, hide, press, write } from "./dom.js";
import { placementOf } from "./geometry.js";
import { chapterAt, frameText, pictureText, rateText, roleFits, ROLE_WORDS, scaleText, timeText, undecodable } from "./labels.js";
import { isLent } from "./lent_panels.js";
import { MarkLayer } from "./mark_layer.js";
import { drawOverlay } from "./overlay.js";
import { fitCanvas, Picture, pixelRatio, transformOf } from "./picture.js";
import { reductionFor } from "./reduce.js";
import { wantedFrame } from "./position.js";
import { setSlice, stepSlice, togglePin } from "./requests.js";
import { moves } from "./timeline.js";
import { PLAIN } from "./tone.js";
import { words } from "./words.js";

export class PanelView {
  panel;
  element;
  /** The picture's box; gestures are made on it. */
  stage;
  handles;
  /** @type {Box} */
  box = { width: 0, height: 0 };
  /** @type {Placement | null} where the picture was drawn last */
  place = null;
  /** @type {number | null} frame index of the frame drawn */
  drawn = null;
  /** @type {number | null} frame index of a frame that is wanted and not decoded yet */
  waits_for = null;
  #frames;
  #store;
  #overlay;
  #context;
  #picture;
  #readout;
  #message;
  #bar;
  #pin;
  #slice;
  #transform = "";
  #overlay_key = "";
  marks;

  /** @param {Panel} panel @param {Store<PlayerState>} store @param {FrameStore} frames */
  constructor(panel, store, frames) {
    this.panel = panel;
    this.#store = store;
    this.#frames = frames;
    this.#picture = new Picture(panel.clip);
    this.#picture.canvas.setAttribute("aria-label", pictureText(panel, null));
    this.#overlay = element("canvas", { class: "msus-overlay", "aria-hidden": "true" });
    this.#context = contextOf(this.#overlay);
    this.marks = new MarkLayer(panel);
    this.handles = element("div", { class: "msus-handles" });
    this.#bar = element("div", { class: "msus-loaded", "aria-hidden": "true" });
    this.#message = this.#makeMessage();
    this.stage = element("div", { class: "msus-stage" }, this.#picture.canvas, this.marks.canvas, this.#overlay, this.handles, this.#bar, this.#message.box);
    this.#pin = button({ name: `Pin ${panel.title}`, key: "P", icon: "pin", pressed: false, className: "is-small" }, () => store.request(togglePin(panel.panel_id)));
    this.#slice = this.#makeSlice();
    this.#readout = { frame: element("span"), note: element("strong"), rate: element("span"), scale: element("span", { class: "msus-scale" }) };
    this.element = element("section", {
      class: "msus-panel", "data-panel-id": panel.panel_id, "data-role": panel.role, "data-frames": panel.clip.frames,
      "data-state": "loading", "data-decoded": 0, "aria-label": nameOf(panel, store.state().scene.panels),
    }, this.#makeHead(), this.stage, element("div", { class: "msus-readout" },
      element("div", {}, element("span", { class: "msus-now" }, this.#readout.frame), this.#readout.note, this.#readout.rate), this.#readout.scale, ...panel.clip.warnings.map((text) => element("span", { class: "msus-warning" }, text))), this.marks.legend);
    // As wide as its longest text, so that nothing beside it moves from frame to frame.
    const longest = `${frameText(panel, panel.clip.frames - 1)} · ${timeText(panel, panel.clip.frames - 1)}`;
    this.element.style.setProperty("--now", `${longest.length * 0.58}em`);
    write(this.#readout.rate, rateText(panel));
    write(this.#readout.scale, scaleText(panel));
  }

  #makeHead() {
    const { panel } = this;
    const title = element("span", { class: "msus-title", title: panel.title }, panel.title);
    const said = panel.title.toLowerCase().includes(ROLE_WORDS[panel.role].toLowerCase()) || !roleFits(panel, this.#store.state().scene.panels);
    const role = element("span", { class: "msus-role", hidden: said }, ROLE_WORDS[panel.role]);
    const end = element("span", { class: "msus-head-end" }, this.#slice.box);
    if (moves(panel)) end.append(this.#pin);
    return element("div", { class: "msus-head" }, element("span", { class: "msus-head-start" }, title, role), end);
  }

  #makeMessage() {
    const text = element("span");
    const retry = button({ name: words.retry, text: words.retry, className: "is-wide" }, () => this.#frames.retry(this.panel.clip.sha256));
    const box = element("div", { class: "msus-message", role: "alert", hidden: true }, text, retry);
    return { box, text, retry };
  }

  /** Slices of a series, or frames of a clip that stands still, have their own steps. */
  #makeSlice() {
    const { panel } = this;
    const many = !moves(panel) && panel.last_frame_index > panel.first_frame_index;
    const noun = panel.clip.kind === "series" ? "Slice" : "Frame";
    const input = element("input", {
      type: "range", class: "msus-slice", min: panel.first_frame_index + 1, max: panel.last_frame_index + 1, step: 1, "aria-label": `${noun} of ${panel.title}`,
    });
    input.addEventListener("input", () => this.#store.request(setSlice(panel.panel_id, Number(input.value) - 1)));
    const move = (/** @type {number} */ by) => () => this.#store.request(stepSlice(panel.panel_id, by));
    const box = element("span", { class: "msus-slices", hidden: !many },
      button({ name: `${noun} before`, icon: "back", className: "is-small" }, move(-1)), input, button({ name: `Next ${noun.toLowerCase()}`, icon: "on", className: "is-small" }, move(1)));
    return { box, input };
  }

  /** Frame that is to be shown: the wanted one, at the start any near it. @param {number} wanted */
  #frameToDraw(wanted) {
    const { sha256 } = this.panel.clip;
    if (this.#frames.frame(sha256, wanted) !== null) return wanted;
    if (this.drawn !== null) return this.#frames.frame(sha256, this.drawn) === null ? null : this.drawn;
    return this.#frames.nearest(sha256, wanted, this.panel.first_frame_index, this.panel.last_frame_index);
  }

  /**
   * Draws what the state asks for, as far as it is decoded.
   * @param {PlayerState} state @param {{x: number, y: number}} fit
   */
  draw(state, fit) {
    const { panel } = this;
    const wanted = wantedFrame(state, panel);
    const view = state.views[panel.panel_id];
    if (view === undefined || this.box.width === 0) return;
    const place = placementOf(panel.clip, this.box, fit, view);
    this.place = place;
    const index = this.#frameToDraw(wanted);
    this.waits_for = index === wanted ? null : wanted;
    const frame = index === null ? null : this.#frames.frame(panel.clip.sha256, index);
    if (frame !== null && this.#picture.put(frame, state.tones[panel.panel_id] ?? PLAIN, reductionFor(Math.min(place.scale_x, place.scale_y) * pixelRatio()))) {
      this.drawn = index;
      this.element.setAttribute("data-frame-index", String(index));
    }
    const transform = transformOf(place, this.#picture.reduction);
    if (transform !== this.#transform) this.#picture.canvas.style.transform = this.#transform = transform;
    this.#drawOver(state, place, transform);
    this.#tell(state, wanted);
  }

  /** @param {PlayerState} state @param {Placement} place @param {string} place_key */
  #drawOver(state, place, place_key) {
    if (this.drawn === null) return;
    const { panel, drawn } = this;
    const font_px = state.large_type ? 24 : this.box.width < 300 ? 11 : 13;
    const marks = !state.marks_hidden;
    const text = !state.text_hidden;
    const moving_parts = state.scan_plane_shown ? drawn : chapterAt(panel, drawn)?.name;
    const side = state.layout === "curtain" ? this.element.dataset.side ?? "own" : "own";
    const ratio = pixelRatio();
    this.marks.draw(state, { place, box: this.box, frame_index: drawn, font_px, ratio, place_key });
    const key = `${place_key} ${this.box.width} ${this.box.height} ${ratio} ${side} ${moving_parts} ${font_px} ${marks} ${text} ${state.scan_plane_shown}`;
    if (key === this.#overlay_key) return;
    this.#overlay_key = key;
    if (!fitCanvas(this.#overlay, this.box, ratio)) {
      this.#context.setTransform(1, 0, 0, 1, 0, 0);
      this.#context.clearRect(0, 0, this.#overlay.width, this.#overlay.height);
    }
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawOverlay(this.#context, {
      panel, frame_index: drawn, place, box: this.box, font_px, marks, text, scan_plane: state.scan_plane_shown, side,
    });
  }

  /** Words around the picture. @param {PlayerState} state @param {number} wanted */
  #tell(state, wanted) {
    const { panel } = this;
    const { sha256 } = panel.clip;
    const progress = this.#frames.progress(sha256);
    const broken = this.#frames.isBroken(sha256, wanted);
    const sentence = progress.error ?? (broken ? undecodable(wanted + 1) : null);
    assign(this.element, "data-decoded", String(progress.decoded));
    assign(this.element, "data-state", sentence !== null ? "error" : this.drawn === null ? "loading" : "ready");
    hide(this.#message.box, sentence === null);
    if (sentence !== null) write(this.#message.text, sentence);
    hide(this.#message.retry, progress.error === null);
    assign(this.#message.box, "data-over", String(this.drawn !== null));
    const part = progress.loaded / Math.max(panel.clip.frames, 1);
    const loading = part < 1 && progress.error === null;
    hide(this.#bar, !loading);
    if (loading) this.#bar.style.setProperty("--part", part.toFixed(3));
    const pinned = typeof state.pins[panel.panel_id] === "number";
    press(this.#pin, pinned);
    if (this.drawn === null) return write(this.#readout.frame, sentence === null ? `${words.loading} …` : words.no_picture);
    write(this.#readout.note, pinned ? words.pinned : panel.role === "static" ? words.static_note : "");
    const parts = [frameText(panel, this.drawn), timeText(panel, this.drawn)];
    write(this.#readout.frame, parts.filter((each) => each !== "").join(" · "));
    const value = String(wanted + 1);
    if (!this.#slice.box.hidden && this.#slice.input.value !== value) this.#slice.input.value = value;
  }

  /** Text alternative with the frame; written at rest only, it is read aloud. */
  describe() {
    assign(this.#picture.canvas, "aria-label", pictureText(this.panel, this.drawn));
  }

  /** Window in use, where the samples have more than 8 bits. */
  windowNow() {
    const frame = this.drawn === null ? null : this.#frames.frame(this.panel.clip.sha256, this.drawn);
    if (frame === null || (frame.kind !== "int16" && frame.kind !== "uint16")) return null;
    return this.#picture.windowFor(frame, this.#store.state().tones[this.panel.panel_id] ?? PLAIN);
  }

  /** The frame as shown, in steps of so many of the clip's pixels as `reduction` says. */
  get shown() {
    return this.#picture.canvas;
  }

  /** What is shown, if that is grey. */
  get greys() {
    return this.#picture.greys;
  }

  get reduction() {
    return this.#picture.reduction;
  }

  /** For pictures to save: the frame as shown, at native size. */
  get print() {
    return this.drawn === null ? null : this.#picture.native;
  }
}

/** What a panel is called where others show the same clip. @param {Panel} panel @param {readonly Panel[]} panels */
function nameOf(panel, panels) {
  if (isLent(panel)) return `${panel.title}, ${words.lent}`;
  return panels.some((each) => each !== panel && !isLent(each) && each.title === panel.title) ? `${panel.title}, ${ROLE_WORDS[panel.role].toLowerCase()}` : panel.title;
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser gives no canvas.");
  return context;
}
