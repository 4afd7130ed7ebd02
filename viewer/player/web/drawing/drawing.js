// The drawing tools of one player: the hand on the picture, the handles, the
// row of tools, and what they share.
/** @import { Room } from "../drawing_door.js" */
/** @import { DocumentMark, Kind } from "./types.d.ts" */
import { button, element } from "../dom.js";
import { isPen } from "../drawing_door.js";
import { goTo, panelFor } from "../mark_requests.js";
import { shownPanels, wantedFrame } from "../position.js";
import { authorLayer } from "./author_memory.js";
import { PRIVATE, sheetOf } from "./board.js";
import { makeAuthorTools } from "./author_tools.js";
import { Desk } from "./desk.js";
import { Handles } from "./handles.js";
import { finishTyping, MarkLine } from "./mark_line.js";
import { Pencil } from "./pencil.js";
import { sighting, spanOf } from "./place.js";
import { tellGap } from "./placed_gap.js";
import { FIRST_LAYER } from "./shared_layer.js";
import { makeHint, makeToolRow } from "./tool_row.js";

/** What another tab or the server has just kept is told by then. */
const SOON_MS = 10_000;

/** @param {Room} room @returns {Promise<Drawing>} */
export async function openDrawing(room) {
  await dressed(room.root);
  return new Drawing(room);
}

/** Who may write finds the shared layers too, as soon as the server has told them. @param {Desk} desk */
async function openShared(desk) {
  if (desk.player.state().scene.deep_link_case === null) return;
  const { openKeeping } = await import("../keeping/keeping.js");
  if (await desk.shared.open(openKeeping)) desk.drawIn(authorLayer() ?? FIRST_LAYER.id);
}

/** Nothing is shown before its style sheet is there. @param {HTMLElement} root @returns {Promise<void>} */
function dressed(root) {
  const link = element("link", { rel: "stylesheet", href: new URL("./drawing.css", import.meta.url).href });
  return new Promise((resolve) => {
    for (const type of ["load", "error"]) link.addEventListener(type, () => resolve(), { once: true });
    root.prepend(link);
  });
}

export class Drawing {
  pencil;
  #room;
  #desk;
  #line;
  #row;
  /** @type {Map<string, Handles>} by panel */
  #handles;
  /** @type {Map<string, HTMLButtonElement>} by panel */
  #bins;
  #by_keyboard = false;
  #shared;
  #ends;

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    const desk = new Desk(room.store);
    this.#desk = desk;
    this.pencil = new Pencil(desk, (mark) => this.#afterDrawing(mark.kind));
    this.#line = new MarkLine(desk, makeHint(desk));
    this.#row = makeToolRow(desk, this.#line.element, makeAuthorTools(desk), { place: (kind) => this.#place(kind), undo: () => this.undo(), redo: () => this.redo() });
    room.toolbar.after(this.#row);
    this.#shared = openShared(desk);
    tellGap(room.root, room.store.state().scene, desk.board.state());
    if (room.store.state().drawing && matchMedia("(max-width: 640px)").matches) this.#row.scrollIntoView({ block: "start" });
    const views = [...room.stage.views.values()];
    this.#handles = new Map(views.map((view) => [view.panel.panel_id, new Handles(view, desk)]));
    this.#bins = new Map(views.map((view) => {
      const bin = button({ name: `Delete the mark in the hand in ${view.panel.title}`, icon: "bin", className: "is-small" }, () => desk.edit(() => null));
      view.element.querySelector(".msus-head-end")?.prepend(bin);
      bin.hidden = true;
      return [view.panel.panel_id, bin];
    }));
    const listen = new AbortController();
    room.root.addEventListener("keydown", (event) => this.#press(event), { capture: true, signal: listen.signal });
    addEventListener("pagehide", () => finishTyping(room.root), { signal: listen.signal });
    room.root.addEventListener("msus-take", (event) => this.#take(/** @type {CustomEvent<string>} */ (event).detail), { signal: listen.signal });
    this.#ends = [
      () => listen.abort(),
      desk.board.subscribe(() => room.stage.schedule()),
      desk.board.subscribe((board) => tellGap(room.root, room.store.state().scene, board)),
      room.store.watch((state) => state.tool, (tool) => this.#onTool(isPen(tool))),
      room.store.watch((state) => state.drawing, (open) => !open && this.#desk.choose(null)),
    ];
  }

  /** @param {boolean} drawing */
  #onTool(drawing) {
    this.pencil.cancel();
    this.#room.root.toggleAttribute("data-drawing", drawing);
  }

  /** Takes the last place of a mark that is begun back, else the last change. */
  undo() {
    if (this.pencil.isOpen) this.pencil.takeBack();
    else this.#desk.undo();
  }

  redo() {
    this.pencil.cancel();
    this.#desk.redo();
  }

  /** A mark of the chosen kind in the middle of the chosen picture. */
  placeMark() {
    const { tool } = this.#room.store.state();
    if (isPen(tool) && tool !== "choose") this.#place(/** @type {Kind} */ (tool));
  }

  /** Marks of a file become the reader's own. @param {readonly DocumentMark[]} marks @returns {readonly string[]} their ids */
  takeMarks(marks) {
    return this.#desk.takeMarks(marks);
  }

  /** Why the last change could not be kept; null where it was. */
  get trouble() {
    return this.#desk.trouble;
  }

  /** Takes one of the reader's own marks in the hand and brings it on the screen. @param {string} item */
  showOwn(item) {
    this.#take(`${PRIVATE}/${item}`);
  }

  /** Brings a layer on the screen that came to the server meanwhile. @param {string} layer @returns {Promise<boolean>} false where it does not come */
  async showLayer(layer) {
    await this.#shared;
    this.#desk.shared.listen();
    const first = await this.#firstOf(layer);
    if (first !== undefined) this.#take(`${layer}/${first.id}`);
    return first !== undefined;
  }

  /** @param {string} layer @returns {Promise<DocumentMark | undefined>} as soon as it is told */
  #firstOf(layer) {
    const { board } = this.#desk;
    return new Promise((resolve) => {
      const timer = setTimeout(() => tell(undefined), SOON_MS);
      const end = board.watch((state) => sheetOf(state, layer)?.marks.find((mark) => this.#desk.clipOf(mark) !== undefined), (mark) => mark !== undefined && tell(mark));
      /** @param {DocumentMark | undefined} mark */
      function tell(mark) {
        clearTimeout(timer);
        queueMicrotask(() => end());
        resolve(mark);
      }
    });
  }

  /** @param {Kind} kind */
  #place(kind) {
    const { active_id } = this.#room.store.state();
    const view = this.#room.stage.views.get(active_id);
    if (view === undefined) return;
    this.#by_keyboard = true;
    this.pencil.placeInTheMiddle(view, kind);
    this.#by_keyboard = false;
    this.draw();
    this.#handles.get(active_id)?.focusLast();
  }

  /** @param {Kind} kind */
  #afterDrawing(kind) {
    this.draw();
    if (kind === "text" && !this.#by_keyboard && this.#room.store.state().drawing) this.#line.focusLabel();
  }

  /** @param {string} mark_id  of the list of marks: layer and id */
  #take(mark_id) {
    const [layer = "", item = ""] = mark_id.split("/");
    const { store } = this.#room;
    store.request((state) => ({ ...state, drawing: true, marks_hidden: false, marks_off: state.marks_off.filter((id) => id !== mark_id) }));
    this.#desk.choose({ layer, item });
    const mark = this.#desk.hand?.mark;
    if (mark !== undefined) this.#lookAt(mark);
  }

  /** Brings a mark on the screen: a frame where it is seen, and its picture. @param {DocumentMark} mark */
  #lookAt({ clip, place }) {
    const { store, stage } = this.#room;
    const [first, last] = spanOf(place);
    const showing = shownPanels(store.state()).filter((panel) => panel.clip_id === clip);
    const seen = showing.find((panel) => sighting(place, wantedFrame(store.state(), panel)) !== null);
    const panel = seen ?? panelFor(store.state(), clip, first);
    if (panel === undefined) return this.#desk.say("The clip of this mark is not shown.");
    for (let at = first; seen === undefined && at <= last; at += 1) {
      if (sighting(place, at) === null) continue;
      store.request(goTo(panel, at));
      break;
    }
    stage.views.get(panel.panel_id)?.stage.scrollIntoView({ block: "nearest" });
  }

  /** Keys that belong to a mark that is drawn or in the hand. @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    if (target.matches("input, textarea, select") || target.closest("dialog") !== null) return;
    if (this.#obey(event.key, target)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** @param {string} key @param {HTMLElement} target @returns {boolean} whether it was one of these keys */
  #obey(key, target) {
    const at_root = target === this.#room.root;
    if (this.pencil.isOpen) {
      if (key === "Escape") this.pencil.cancel();
      else if (key === "Backspace") this.pencil.takeBack();
      else if (key === "Enter" && at_root) this.pencil.finish();
      else return false;
      return true;
    }
    if (this.#desk.hand === null) return false;
    if (key === "Escape" && this.#room.root.querySelector(".msus-sheet:not([hidden])") === null && !this.#room.store.state().black) this.#letGo(target);
    else if (key === "Delete" && at_root) this.#desk.edit(() => null);
    else return false;
    return true;
  }

  /** @param {HTMLElement} target */
  #letGo(target) {
    this.#desk.choose(null);
    if (target.matches(".msus-mark-handle")) this.#room.root.focus({ preventScroll: true });
  }

  /** Called in the animation frame that draws the panels. */
  draw() {
    const state = this.#room.store.state();
    const { hand } = this.#desk;
    const off = hand === null || state.marks_hidden || state.playing || this.pencil.isOpen || state.marks_off.includes(`${hand.layer}/${hand.mark.id}`);
    for (const [panel_id, handles] of this.#handles) handles.draw(off || !state.shown[panel_id]);
    for (const [panel_id, bin] of this.#bins) {
      const hidden = off || state.drawing || hand === null || this.#room.stage.views.get(panel_id)?.panel.clip_id !== hand.mark.clip;
      if (bin.hidden !== hidden) bin.hidden = hidden;
    }
    this.#line.draw();
  }

  destroy() {
    for (const end of this.#ends) end();
    this.#line.close();
    this.#desk.close();
    this.#row.remove();
    for (const bin of this.#bins.values()) bin.remove();
  }
}
