// The panels, drawn together: one animation frame draws all of them, and none
// is asked for while nothing changes.
/** @import { Demand, Panel, PlayerState } from "./types.d.ts" */
/** @import { FrameStore } from "./frame_store.js" */
/** @import { Store } from "./store.js" */
/** @import { Run } from "./playback.js" */
import { element } from "./dom.js";
import { fitScales } from "./geometry.js";
import { PanelView } from "./panel_view.js";
import { play } from "./playback.js";
import { movingPanels, shownPanels, wantedFrame } from "./position.js";
import { moves } from "./timeline.js";
import { advance } from "./requests.js";
import { isStacked } from "./ways.js";

/** A panel that holds still can wait for those that move. */
const PATIENCE_OF_STILL = 4;
/** How often the bars of loading move. */
const BARS_MS = 100;

export class Stage {
  element = element("div", { class: "msus-panels" });
  /** @type {Map<string, PanelView>} */
  views = new Map();
  #store;
  #frames;
  #root;
  #observer;
  #request = 0;
  #slow_timer = 0;
  /** @type {Run | null} */
  #run = null;
  #demand_key = "";
  #ends;
  /** @type {Set<() => void>} told after each drawing */
  after_draw = new Set();

  /** @param {HTMLElement} root @param {Store<PlayerState>} store @param {FrameStore} frames */
  constructor(root, store, frames) {
    this.#root = root;
    this.#store = store;
    this.#frames = frames;
    this.#observer = new ResizeObserver((entries) => this.#resize(entries));
    this.#ends = [store.watch((state) => state.scene.panels, (panels) => this.#seat(panels)), store.subscribe(() => this.schedule()), frames.subscribe((sha256, frame_index) => this.#hear(sha256, frame_index))];
    this.#demand(store.state());
    this.schedule();
  }

  /** Asks for one drawing; many requests make one. */
  schedule() {
    if (this.#request === 0) this.#request = requestAnimationFrame((now_ms) => this.#draw(now_ms));
  }

  /** A frame that is waited for is drawn at once; others only move the bars, and these have time. @param {string} sha256 @param {number | null} frame_index */
  #hear(sha256, frame_index) {
    const waited_for = [...this.views.values()].some((view) => view.panel.clip.sha256 === sha256 && (view.drawn === null || view.waits_for === frame_index));
    if (waited_for || this.#frames.isSettled()) this.schedule();
    else if (this.#slow_timer === 0) {
      this.#slow_timer = window.setTimeout(() => {
        this.#slow_timer = 0;
        this.schedule();
      }, BARS_MS);
    }
  }

  destroy() {
    clearTimeout(this.#slow_timer);
    cancelAnimationFrame(this.#request);
    this.#request = -1;
    this.#observer.disconnect();
    for (const end of this.#ends) end();
    this.#frames.release(this);
  }

  /** Gives each panel its view, in the order of the panels; one that was lent keeps it for the next time. @param {readonly Panel[]} panels */
  #seat(panels) {
    for (const panel of panels) {
      if (this.views.has(panel.panel_id)) continue;
      const view = new PanelView(panel, this.#store, this.#frames);
      this.views.set(panel.panel_id, view);
      this.#observer.observe(view.stage);
    }
    const views = panels.map(({ panel_id }) => this.views.get(panel_id)).filter((view) => view !== undefined);
    const seated = this.element.querySelectorAll(".msus-panel");
    if (views.some((view, at) => view.element !== seated[at])) this.element.prepend(...views.map((view) => view.element));
    // A picture of the comparison is saved in this order.
    for (const view of views) if (this.views.delete(view.panel.panel_id)) this.views.set(view.panel.panel_id, view);
  }

  /** @param {ResizeObserverEntry[]} entries */
  #resize(entries) {
    for (const entry of entries) {
      const view = [...this.views.values()].find((each) => each.stage === entry.target);
      if (view !== undefined) view.box = { width: entry.contentRect.width, height: entry.contentRect.height };
    }
    // Draw now: a canvas of the old size would show for one display frame.
    this.#drawPanels(this.#store.state());
  }

  /** @param {number} now_ms */
  #draw(now_ms) {
    this.#request = 0;
    const before = this.#store.state();
    if (before.playing) {
      const { run, heads_s, ended } = play(this.#run, before, now_ms, this.#isWaiting(before));
      this.#store.request(advance(heads_s, ended));
      this.#run = { ...run, heads_s: this.#store.state().heads_s };
      this.schedule();
    } else this.#run = null;
    this.#drawPanels(this.#store.state());
  }

  /** Whether a frame of a moving panel is still on its way to the browser. @param {PlayerState} state */
  #isWaiting(state) {
    return movingPanels(state).some((panel) =>
      this.#frames.progress(panel.clip.sha256).error === null && this.#frames.stage(panel.clip.sha256, wantedFrame(state, panel)) === 0);
  }

  /** @param {PlayerState} state */
  #drawPanels(state) {
    this.#demand(state);
    const shown = shownPanels(state).map((panel) => this.views.get(panel.panel_id)).filter((view) => view !== undefined);
    const fits = fitScales(shown.map((view) => ({ clip: view.panel.clip, box: view.box, comparable: view.panel.role !== "static" })), state.same_scale || isStacked(state.layout));
    shown.forEach((view, at) => view.draw(state, fits[at] ?? { x: 1, y: 1 }));
    this.#markReady(shown);
    for (const tell of this.after_draw) tell();
  }

  /** @param {PanelView[]} shown */
  #markReady(shown) {
    const ready = shown.every((view) => view.drawn !== null || view.element.getAttribute("data-state") === "error");
    this.#root.toggleAttribute("data-ready-now", ready);
    if (ready && this.#root.getAttribute("data-ready") !== "true") this.#root.setAttribute("data-ready", "true");
    const all = String(ready && this.#frames.isSettled());
    if (this.#root.getAttribute("data-all-ready") !== all) this.#root.setAttribute("data-all-ready", all);
  }

  /** @param {PlayerState} state */
  #demand(state) {
    const demands = shownPanels(state).map((panel) => demandOf(state, panel));
    const key = demands.map((demand) => `${demand.sha256} ${demand.wanted_frame_index} ${demand.playing} ${demand.patience}`).join(";");
    if (key === this.#demand_key) return;
    this.#demand_key = key;
    this.#frames.demand(this, demands);
  }
}

/**
 * What the frame store is asked for a panel.
 * @param {PlayerState} state @param {Panel} panel
 * @returns {Demand}
 */
export function demandOf(state, panel) {
  const { clip, first_frame_index, last_frame_index } = panel;
  const moving = moves(panel) && state.pins[panel.panel_id] === null;
  return {
    sha256: clip.sha256, url: clip.url, frames: clip.frames, first_frame_index, last_frame_index,
    wanted_frame_index: wantedFrame(state, panel), playing: state.playing && moving, patience: moving ? 1 : PATIENCE_OF_STILL,
  };
}
