// Annotated frames: a strip of pictures with their marks; a click goes to the
// frame, and what its author wrote about it stands below.
/** @import { AnnotatedFrame, Panel, PlayerState } from "./types.d.ts" */
/** @import { FrameStore } from "./frame_store.js" */
/** @import { Store } from "./store.js" */
import { backFromBeside, framesBeside, isOnAnyPanel, putBeside } from "./beside.js";
import { assign, button, element, press } from "./dom.js";
import { drawMark } from "./mark_drawing.js";
import { makeMarkList } from "./mark_list.js";
import { isOnScreen, toAnnotated } from "./mark_requests.js";
import { allSaid, saidOf, shapesOn } from "./marks.js";
import { Picture } from "./picture.js";
import { PLAIN } from "./tone.js";
import { words } from "./words.js";

const THUMB_WIDTH_PX = 132;
const THUMB_RATIO = 2;
const LINE_PX = 1.6;
/** While the pictures load or play, thumbnails wait at most so long for a pause. */
const PATIENCE_MS = 1500;

/** @typedef {{panel: Panel, frame: AnnotatedFrame, button: HTMLButtonElement, thumb: HTMLCanvasElement, text: HTMLElement, beside: HTMLButtonElement, painted: boolean}} Stop */

export class Filmstrip {
  element = element("section", { class: "msus-film", "aria-label": words.annotated_frames, hidden: true });
  #store;
  #frames;
  #list = element("ul", { class: "msus-film-list" });
  #heading = element("h3", {}, words.annotated_frames);
  /** All texts lie in one place, so that the strip is as high as the longest and nothing jumps. */
  #text = element("div", { class: "msus-film-text" });
  #hint = element("p", {}, words.film_hint);
  /** @type {Stop[]} */
  #stops = [];
  /** @type {Map<string, Picture>} by clip, while thumbnails are to be painted */
  #pictures = new Map();
  #waiting = 0;
  /** Whether two frames have come that are to be brought on the screen. */
  #comes = false;
  #ends;

  /** @param {Store<PlayerState>} store @param {FrameStore} frames */
  constructor(store, frames) {
    this.#store = store;
    this.#frames = frames;
    const strip = button({ name: "Annotated frames", icon: "side", text: words.annotated_frames, pressed: false, className: "is-wide msus-film-open" }, () => {
      press(strip, this.element.toggleAttribute("data-open"));
    });
    const back = button({ name: "Back from the two frames", key: "V", icon: "reset", text: "Back", className: "is-wide" }, () => store.request(backFromBeside));
    this.element.append(element("div", { class: "msus-film-head" }, this.#heading, strip, element("span", { class: "msus-film-tools" }, back, makeMarkList(store))), this.#list, this.#text);
    this.#ends = [
      store.watch((state) => framesKey(state), () => this.#build()),
      store.watch((state) => state.beside, ({ chosen, before }) => {
        back.hidden = before === null;
        this.#comes = before !== null;
        for (const { panel, frame, beside } of this.#stops) press(beside, chosen?.clip_id === panel.clip_id && chosen.frame.frame_id === frame.frame_id);
      }),
      store.watch((state) => state.marks, () => this.#repaint()),
      store.watch((state) => state.marks_hidden, () => this.#repaint()),
      store.watch((state) => state.marks_off, () => this.#repaint()),
      frames.subscribe(() => this.#later()),
    ];
  }

  destroy() {
    for (const end of this.#ends) end();
    cancelIdle(this.#waiting);
    this.#waiting = -1;
  }

  #build() {
    const { scene } = this.#store.state();
    this.#stops = allSaid(this.#store.state()).flatMap((said) => {
      const panel = scene.panels.find((each) => each.clip_id === said.clip_id);
      return panel === undefined ? [] : said.annotated_frames.map((frame) => this.#makeStop(panel, frame));
    });
    for (const part of [this.#heading, this.#list, this.#text]) part.hidden = this.#stops.length === 0;
    this.#text.replaceChildren(this.#hint, ...this.#stops.map((stop) => stop.text));
    this.#list.replaceChildren(...this.#stops.map((stop) => element("li", {}, stop.button, ...(this.#stops.length > 1 ? [stop.beside] : []))));
    this.#later();
  }

  /** @param {Panel} panel @param {AnnotatedFrame} frame @returns {Stop} */
  #makeStop(panel, frame) {
    const { clip } = panel;
    const height = Math.round((THUMB_WIDTH_PX * clip.rows) / clip.columns);
    const thumb = element("canvas", { class: "msus-film-thumb", "aria-hidden": "true", width: THUMB_WIDTH_PX * THUMB_RATIO, height: height * THUMB_RATIO });
    const noun = clip.kind === "series" ? "slice" : "frame";
    const number = `${noun} ${frame.frame_index + 1}`;
    const stop = element("button", { type: "button", class: "msus-film-stop", title: frame.title },
      thumb, element("span", { class: "msus-film-title" }, frame.title), element("span", { class: "msus-film-number" }, number));
    stop.setAttribute("aria-label", `${frame.title}, ${number} of ${panel.title}. ${frame.text_alternative}`);
    stop.addEventListener("click", () => this.#store.request(toAnnotated(panel.clip_id, frame)));
    const beside = button({ name: `Put ${number} beside another`, icon: "side", text: "Beside", pressed: false, className: "is-small is-wide" }, () => this.#store.request(putBeside(panel.clip_id, frame)));
    return { panel, frame, button: stop, beside, thumb, text: element("p", { "data-title": frame.title }, frame.text_alternative), painted: false };
  }

  /** Shows which of them is on screen; called in the animation frame that draws the panels. */
  draw() {
    if (this.#stops.length === 0) return;
    const state = this.#store.state();
    const two = state.beside.before !== null;
    if (this.#comes) this.element.parentElement?.querySelector(".msus-panels")?.scrollIntoView({ block: "nearest" });
    this.#comes = false;
    const here = this.#stops.filter(({ panel, frame }) => (two ? isOnAnyPanel : isOnScreen)(state, panel.clip_id, frame.frame_index));
    for (const stop of this.#stops) assign(stop.button, "aria-current", String(here.includes(stop)));
    if (state.playing) return; // a text that comes for one frame cannot be read
    const said = two && here.length > 0 ? inOrder(state, here).map(({ text }) => text) : [here[0]?.text ?? this.#hint];
    this.#text.toggleAttribute("data-two", said.length === 2);
    for (const text of this.#text.children) {
      const at = said.findIndex((each) => each === text);
      if (at < 0) text.removeAttribute("data-on");
      else assign(text, "data-on", String(at + 1));
    }
  }

  #repaint() {
    this.element.hidden = allSaid(this.#store.state()).length === 0;
    for (const stop of this.#stops) stop.painted = false;
    this.#later();
  }

  /** Paints when nothing more urgent is to be done, one picture at a time. */
  #later() {
    if (this.#waiting !== 0 || !this.#stops.some((stop) => this.#isReady(stop))) return;
    this.#waiting = whenIdle(() => {
      this.#waiting = 0;
      const stop = this.#stops.find((each) => this.#isReady(each));
      if (stop !== undefined) this.#paint(stop);
      this.#later();
      if (this.#waiting === 0) this.#pictures.clear();
    });
  }

  /** @param {Stop} stop */
  #isReady({ panel, frame, painted }) {
    return !painted && this.#frames.frame(panel.clip.sha256, frame.frame_index) !== null;
  }

  /** @param {Stop} stop */
  #paint(stop) {
    stop.painted = true;
    const { panel, frame, thumb } = stop;
    const { clip } = panel;
    const decoded = this.#frames.frame(clip.sha256, frame.frame_index);
    const context = thumb.getContext("2d");
    if (decoded === null || context === null) return;
    const picture = this.#pictures.get(clip.sha256) ?? new Picture(clip);
    this.#pictures.set(clip.sha256, picture);
    picture.put(decoded, PLAIN);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture.canvas, 0, 0, thumb.width, thumb.height);
    const state = this.#store.state();
    if (state.marks_hidden) return;
    context.setTransform(THUMB_RATIO, 0, 0, THUMB_RATIO, 0, 0);
    const scale_x = THUMB_WIDTH_PX / clip.columns;
    const place = { left: 0, top: 0, scale_x, scale_y: thumb.height / THUMB_RATIO / clip.rows, columns: clip.columns, rows: clip.rows, flip: false };
    for (const shape of shapesOn(saidOf(state, panel.clip_id).marks, frame.frame_index, place, [])) drawMark(context, shape, LINE_PX);
  }
}

/** Stops of two frames as the panels that show them stand. @param {PlayerState} state @param {readonly Stop[]} stops */
function inOrder(state, stops) {
  const beside = framesBeside(state);
  const placeOf = (/** @type {Stop} */ { panel, frame }) => beside.findIndex((each) => each.clip_id === panel.clip_id && each.frame_number === frame.frame_index + 1);
  return [...stops].sort((one, other) => placeOf(one) - placeOf(other));
}

/** @type {WeakMap<PlayerState["marks"], string>} */
const frame_keys = new WeakMap();

/** What the strip is built of: the annotated frames, not the marks on them. @param {PlayerState} state */
function framesKey({ scene, marks }) {
  const key = frame_keys.get(marks) ?? JSON.stringify(allSaid({ scene, marks }).map((said) => [said.clip_id, said.annotated_frames]));
  frame_keys.set(marks, key);
  return key;
}

/** @param {() => void} work @returns {number} */
function whenIdle(work) {
  if (typeof requestIdleCallback === "function") return requestIdleCallback(work, { timeout: PATIENCE_MS });
  return Number(setTimeout(work, 200));
}

/** @param {number} waiting */
function cancelIdle(waiting) {
  if (typeof cancelIdleCallback === "function") cancelIdleCallback(waiting);
  else clearTimeout(waiting);
}
