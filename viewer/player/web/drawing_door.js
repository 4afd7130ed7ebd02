// The door to the drawing tools. They come when a reader first picks one, or
// when this browser holds marks of hers for the case; until then they cost nothing.
/** @import { Panel, PlayerState, Scene, Tool } from "./types.d.ts" */
/** @import { Drawing } from "./drawing/drawing.js" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./store.js" */

/** @typedef {{root: HTMLElement, toolbar: HTMLElement, stage: Stage, store: Store<PlayerState>}} Room */
/** @typedef {{x: number, y: number}} At  CSS px in the box of the picture */

/** Told by the keeping side: the server refused something of hers, which the tools show. */
export const NOT_KEPT = "msus-not-kept";

/** Where a private layer is kept: by case and clip, or by the pixels of an opened clip. @param {Scene} scene @param {Panel} panel */
export function privateKey({ deep_link_case }, { clip_id, clip }) {
  return deep_link_case === null ? `msus-marks/opened/${clip.sha256}` : `msus-marks/case/${deep_link_case}/${clip_id}`;
}

/** Of an opened clip nothing outlives the tab. @param {Scene} scene */
export function storeFor({ deep_link_case }) {
  return deep_link_case === null ? sessionStorage : localStorage;
}

/** @param {Scene} scene */
function hasPrivateMarks(scene) {
  try {
    return scene.panels.some((panel) => storeFor(scene).getItem(privateKey(scene, panel)) !== null);
  } catch {
    return false; // a browser without storage keeps no marks
  }
}

/** Whether a tool draws or takes hold of marks. @param {Tool} tool */
export function isPen(tool) {
  return tool !== "scrub" && tool !== "pan" && tool !== "window";
}

export class DrawingDoor {
  #room;
  /** @type {Drawing | null} */
  #drawing = null;
  #asked = false;
  #over = false;
  #has_marks;
  /** @type {((drawing: Drawing) => void)[]} what happened while the tools were on their way */
  #waiting = [];

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    this.#has_marks = hasPrivateMarks(room.store.state().scene);
    room.root.addEventListener(NOT_KEPT, () => void this.#open());
    room.store.watch((state) => state.drawing || isPen(state.tool), (wanted) => wanted && void this.#open());
  }

  /** @param {(drawing: Drawing) => void} errand  done at once, or as soon as the tools are there */
  tell(errand) {
    if (this.#drawing !== null) return errand(this.#drawing);
    this.#waiting.push(errand);
    void this.#open();
  }

  async #open() {
    if (this.#asked) return;
    this.#asked = true;
    const { openDrawing } = await import("./drawing/drawing.js");
    const drawing = await openDrawing(this.#room);
    if (this.#over) return drawing.destroy();
    this.#drawing = drawing;
    for (const errand of this.#waiting.splice(0)) errand(drawing);
    this.#room.stage.schedule();
  }

  /** Called in the animation frame that draws the panels. */
  draw() {
    this.#drawing?.draw();
    if (!this.#has_marks || this.#asked || ![...this.#room.stage.views.values()].some((view) => view.drawn !== null)) return;
    void this.#open(); // the first picture is there: now the reader's own marks
  }

  /** @param {PanelView} view @param {At} at */
  down = (view, at) => this.tell((drawing) => drawing.pencil.down(view, at));
  /** @param {PanelView} view @param {At} at */
  move = (view, at) => this.tell((drawing) => drawing.pencil.move(view, at));
  /** @param {PanelView} view @param {At} at @param {boolean} moved */
  up = (view, at, moved) => this.tell((drawing) => drawing.pencil.up(view, at, moved));
  /** @param {PanelView} view @param {At} at */
  hover = (view, at) => this.#drawing?.pencil.hover(view, at);
  cancel = () => this.#drawing?.pencil.cancelStroke();

  destroy() {
    this.#over = true;
    this.#drawing?.destroy();
  }
}
