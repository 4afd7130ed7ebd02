// One player on the page: builds its parts, ties them to one store, takes them
// down again.
/** @import { Panel, PlayerState, RestPosition, Scene } from "./types.d.ts" */
/** @import { FrameStore } from "./frame_store.js" */
import { showBeside } from "./beside.js";
import { Curtain, stackedPair } from "./curtain.js";
import { CursorLink } from "./cursor_link.js";
import { besideIn, restPosition, writeDeepLink } from "./deep_link.js";
import { element } from "./dom.js";
import { DrawingDoor } from "./drawing_door.js";
import { Filmstrip } from "./filmstrip.js";
import { FullScreen } from "./fullscreen.js";
import { GapReadout } from "./gap_readout.js";
import { Gestures } from "./gestures.js";
import { listenToKeys, obey } from "./keyboard.js";
import { KeepingDoor } from "./keeping_door.js";
import { ownScene } from "./lent_panels.js";
import { spokenFrame } from "./labels.js";
import { Overview } from "./overview.js";
import { leaderOf, panelOf, shownPanels, wantedFrame } from "./position.js";
import { loadPreferences, savePreferences } from "./preferences.js";
import { initialState, say, togglePlay, updateScene } from "./requests.js";
import { Scrubber } from "./scrubber.js";
import { SecondCurve } from "./second_curve.js";
import { Stage } from "./stage.js";
import { createStore } from "./store.js";
import { makeToolbar } from "./toolbar.js";
import { makeTransport } from "./transport.js";
import { set } from "./view_requests.js";
import { Ways } from "./ways.js";
import { words } from "./words.js";

const REST_MS = 300;
const SPEAK_MS = 700;

export class Session {
  root;
  #store;
  #stage;
  #scrubber;
  #gap = new GapReadout();
  #second;
  #film;
  #ways;
  #full;
  #keeping;
  #drawing;
  /** @type {Map<import("./panel_view.js").PanelView, Overview>} */
  #overviews = new Map();
  #live = element("div", { class: "msus-live", role: "status", "aria-live": "polite" });
  /** @type {HTMLDialogElement | null} */
  #help = null;
  /** @type {Element | null} */
  #came_from = null;
  #rest_timer = 0;
  #speak_timer = 0;
  /** @type {(position: RestPosition) => void} */
  #report;
  #said_rest = "";

  /**
   * @param {Scene} scene @param {FrameStore} frames @param {(position: RestPosition) => void} report
   * @param {PlayerState | null} before  state of the player that this one replaces
   */
  constructor(scene, frames, report, before = null) {
    this.#report = report;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const linked = showBeside(scene.deep_link_case === null ? [] : besideIn(location.search));
    const store = createStore(before === null ? linked(initialState(scene, { ...loadPreferences(), calm })) : updateScene(scene)(before));
    this.#store = store;
    this.root = element("div", { class: "msus-player", role: "region", tabindex: 0, "aria-label": `${words.player}: ${scene.title}. ${words.player_hint}`, "data-scene": scene.scene_id });
    this.#stage = new Stage(this.root, store, frames);
    this.#scrubber = new Scrubber(store, frames);
    this.#second = new SecondCurve(store);
    this.#film = new Filmstrip(store, frames);
    this.#full = new FullScreen(this.root, (on) => store.request(set("large_type", on)));
    new Curtain(this.#stage, store);
    new CursorLink(this.#stage, store);
    this.#ways = new Ways({ stage: this.#stage, store, frames });
    this.#keeping = new KeepingDoor({ root: this.root, stage: this.#stage, store, frames });
    this.#drawing = this.#build();
    store.watch((state) => state.scene.panels, () => this.#meet());
    this.#listen();
    if (before === null && scene.autoplay && !calm && store.state().beside.before === null) store.request(togglePlay);
  }

  #build() {
    const doors = { help: () => void this.#toggleHelp(), escape: () => this.#escape(), draw: (/** @type {import("./keyboard.js").DrawingErrand} */ errand) => drawing.tell((tools) => tools[errand]()) };
    const toolbar = makeToolbar(this.#store, {
      obey: (shortcut) => obey(this.#store, doors, shortcut), full: () => void this.#full.toggle(), save: (what) => void this.#save(what),
      copy: () => void this.#copy(), exports: () => void this.#openExports(), placeMark: () => doors.draw("placeMark"), windowOf: (panel_id) => this.#stage.views.get(panel_id)?.windowNow() ?? null,
    });
    const text_back = element("button", { type: "button", class: "msus-button msus-text-back", title: "Show the text again (T)" }, "T");
    text_back.setAttribute("aria-label", "Show the text again");
    text_back.addEventListener("click", () => this.#store.request(set("text_hidden", false)));
    const black = element("button", { type: "button", class: "msus-black", "aria-label": "Show the pictures again" });
    black.addEventListener("click", () => this.#store.request(set("black", false)));
    this.root.append(toolbar, this.#stage.element, element("div", { class: "msus-controls" }, this.#scrubber.element, this.#gap.element, this.#second.element, makeTransport(this.#store)), this.#film.element, this.#keeping.element, text_back, black, this.#live);
    const drawing = new DrawingDoor({ root: this.root, toolbar, stage: this.#stage, store: this.#store });
    listenToKeys(this.root, this.#store, doors);
    return drawing;
  }

  /** Panels may be lent to a comparison later. */
  #meet() {
    for (const view of this.#stage.views.values()) {
      if (this.#overviews.has(view)) continue;
      this.#overviews.set(view, new Overview(view, this.#store));
      new Gestures(view, this.#store, this.#drawing);
    }
  }

  #listen() {
    const { root } = this;
    const store = this.#store;
    for (const flag of /** @type {const} */ (["text_hidden", "black", "large_type", "marks_hidden", "playing"])) {
      store.watch((state) => state[flag], (on) => root.toggleAttribute(`data-${flag.replace("_", "-")}`, on));
    }
    store.watch((state) => aspectOf(shownPanels(state)), (aspect) => root.style.setProperty("--aspect", aspect.toFixed(4)));
    store.watch((state) => state.tool, (tool) => root.setAttribute("data-tool", tool));
    store.watch((state) => state.active_id, (id) => {
      for (const view of this.#stage.views.values()) view.element.toggleAttribute("data-active", view.panel.panel_id === id);
    });
    store.watch((state) => state.beside.before !== null, (two) => root.toggleAttribute("data-beside", two));
    store.watch((state) => state.said, ({ text }) => (this.#live.textContent = text));
    store.subscribe((state) => this.#onChange(state));
    this.#stage.after_draw.add(() => {
      this.#scrubber.draw();
      this.#gap.draw(this.#store.state());
      this.#second.draw();
      this.#film.draw();
      this.#ways.draw();
      this.#keeping.draw();
      for (const part of [this.#drawing, ...this.#overviews.values()]) part.draw();
    });
    root.addEventListener("focusin", (event) => {
      if (event.relatedTarget instanceof Element && !root.contains(event.relatedTarget)) this.#came_from = event.relatedTarget;
    });
    // A button pressed by mouse leaves the keys with the player: Space then plays.
    root.addEventListener("mousedown", (event) => this.#keepFocus(event));
    root.addEventListener("msus-focus", () => root.focus({ preventScroll: true }));
  }

  /** @param {MouseEvent} event */
  #keepFocus(event) {
    const target = /** @type {Element} */ (event.composedPath()[0]);
    const own_focus = target.closest("input, textarea, select, dialog, .msus-scrubber, .msus-curtain, .msus-caliper-end, .msus-overview");
    if (own_focus !== null) return;
    event.preventDefault();
    this.root.focus({ preventScroll: true });
  }

  /** @param {PlayerState} state */
  #onChange(state) {
    clearTimeout(this.#rest_timer);
    clearTimeout(this.#speak_timer);
    if (state.playing) return;
    this.#rest_timer = window.setTimeout(() => this.#atRest(), REST_MS);
    this.#speak_timer = window.setTimeout(() => this.#speak(), SPEAK_MS);
  }

  #atRest() {
    const state = this.#store.state();
    savePreferences(state);
    writeDeepLink(state);
    const position = restPosition(state);
    const text = JSON.stringify(position);
    if (position === null || text === this.#said_rest) return;
    this.#said_rest = text;
    this.#report(position);
  }

  #speak() {
    const state = this.#store.state();
    for (const view of this.#stage.views.values()) view.describe();
    const leader = leaderOf(state);
    if (leader !== undefined && this.root.matches(":focus-within")) this.#live.textContent = spokenFrame(leader, wantedFrame(state, leader));
  }

  get state() {
    return this.#store.state();
  }

  /**
   * Takes over a scene of the same id.
   * @param {Scene} scene
   * @returns {boolean} false where its panels differ, so that a new player has to take the place
   */
  update(scene) {
    const before = ownScene(this.#store.state().scene);
    if (JSON.stringify(scene) === JSON.stringify(before)) return true;
    if (JSON.stringify(scene.panels) !== JSON.stringify(before.panels) || scene.title !== before.title) return false;
    this.#store.request(updateScene(scene));
    return true;
  }

  destroy() {
    clearTimeout(this.#rest_timer);
    clearTimeout(this.#speak_timer);
    this.#store.close();
    this.#stage.destroy();
    this.#scrubber.destroy();
    this.#film.destroy();
    this.#ways.destroy();
    this.#keeping.destroy();
    this.#drawing.destroy();
    this.#full.destroy();
    this.root.remove();
  }

  async #toggleHelp() {
    if (this.#help !== null) return this.#closeHelp();
    const { makeHelp } = await import("./help.js");
    if (this.#help !== null) return;
    this.#help = makeHelp(() => this.#closeHelp());
    this.#help.addEventListener("close", () => this.#closeHelp());
    this.root.append(this.#help);
    this.#help.showModal();
  }

  #closeHelp() {
    this.#help?.remove();
    this.#help = null;
    this.root.focus({ preventScroll: true });
  }

  /** The sheet for pictures, films and files of marks; it comes when somebody first asks for it. */
  async #openExports() {
    const { makeExportSheet } = await import("./export_sheet.js");
    const sheet = makeExportSheet(this.#store, () => sheet.close(), () => new Promise((resolve) => this.#drawing.tell(resolve)));
    sheet.addEventListener("close", () => {
      sheet.remove();
      this.root.focus({ preventScroll: true });
    });
    this.root.append(sheet);
    sheet.showModal();
  }

  #escape() {
    const state = this.#store.state();
    if (this.#help !== null) return this.#closeHelp();
    const dialog = this.root.querySelector("dialog[open]");
    if (dialog !== null) return /** @type {HTMLDialogElement} */ (dialog).close();
    if (state.black) return this.#store.request(set("black", false));
    if (this.#full.on) return void this.#full.leave();
    const sheet = this.root.querySelector(".msus-sheet:not([hidden])");
    if (sheet !== null) return /** @type {HTMLElement | null} */ (sheet.previousElementSibling)?.click();
    const inside = /** @type {ShadowRoot | Document} */ (this.root.getRootNode()).activeElement;
    if (this.#came_from instanceof HTMLElement && this.#came_from.isConnected) this.#came_from.focus();
    else if (inside instanceof HTMLElement) inside.blur();
  }

  /** @param {"panel" | "all"} what */
  async #save(what) {
    const { compose, savePng } = await import("./export.js");
    const state = this.#store.state();
    const views = this.#chosenViews(what);
    const position = restPosition(state);
    const name = what === "panel" ? panelOf(state, state.active_id)?.title : state.scene.title;
    await savePng(compose(views, state, this.#ways.parts), `${name ?? ""} frame ${position?.frame_number ?? 1}`);
    this.#store.request(say(words.saved));
  }

  async #copy() {
    const { compose, copyPng } = await import("./export.js");
    const copied = await copyPng(compose(this.#chosenViews("all"), this.#store.state(), this.#ways.parts));
    this.#store.request(say(copied ? words.copied : words.copy_failed));
  }

  /** @param {"panel" | "all"} what */
  #chosenViews(what) {
    const state = this.#store.state();
    const shown = [...this.#stage.views.values()].filter((view) => state.shown[view.panel.panel_id]);
    const chosen = shown.filter((view) => view.panel.panel_id === state.active_id);
    // Pictures that lie over each other are one picture.
    const together = stackedPair(state)?.map((panel) => panel.panel_id) ?? [];
    if (what === "all") return shown;
    return together.includes(state.active_id) ? shown.filter((view) => together.includes(view.panel.panel_id)) : chosen;
  }
}

/**
 * Width by height of the picture boxes, known before anything is loaded: that
 * of the moving pictures, or between theirs and the static view's.
 * @param {readonly Panel[]} panels  shown
 */
function aspectOf(panels) {
  const widest = (/** @type {readonly Panel[]} */ some) => Math.max(0, ...some.map(({ clip }) => clip.columns / clip.rows));
  const moving = widest(panels.filter((panel) => panel.role !== "static"));
  const still = widest(panels.filter((panel) => panel.role === "static"));
  return Math.min(Math.max(moving > 0 && still > 0 ? Math.sqrt(moving * still) : moving + still, 1), 2);
}
