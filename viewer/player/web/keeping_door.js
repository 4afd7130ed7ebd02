// The door to the keeping of marks. It comes when the first picture is there,
// to those who may write, and to a browser in which something still waits.
/** @import { PlayerState } from "./types.d.ts" */
/** @import { FrameStore } from "./frame_store.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./store.js" */

/** @typedef {{root: HTMLElement, stage: Stage, store: Store<PlayerState>, frames: FrameStore}} Room */

export const AUTHOR = "msus-author";

function wasAuthor() {
  try {
    return localStorage.getItem(AUTHOR) !== null;
  } catch {
    return false; // private windows refuse storage
  }
}

export class KeepingDoor {
  element = document.createElement("div");
  #room;
  #asked = false;
  #over = false;
  #close = () => {};

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    this.element.className = "msus-keeping-place";
    this.element.toggleAttribute("data-author", room.store.state().scene.deep_link_case !== null && wasAuthor());
  }

  /** Called in the animation frame that draws the panels. */
  draw() {
    if (this.#asked || this.#room.store.state().scene.deep_link_case === null) return;
    if ([...this.#room.stage.views.values()].some((view) => view.drawn !== null)) void this.#open();
  }

  async #open() {
    this.#asked = true;
    const { mountKeeping } = await import("./keeping/keeping_bar.js");
    if (this.#over) return;
    this.#close = mountKeeping(this.element, this.#room);
  }

  destroy() {
    this.#over = true;
    this.#close();
  }
}
