// The door to the keeping of marks. It comes when the first picture is there,
// to those who may write, and to a browser in which something still waits.
/** @import { PlayerState } from "./types.d.ts" */
/** @import { FrameStore } from "./frame_store.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./store.js" */

/** @typedef {{root: HTMLElement, stage: Stage, store: Store<PlayerState>, frames: FrameStore}} Room */

/** Set while this browser is an author's, or while something of hers waits in it. */
export const AUTHOR = "msus-author";

/** Whether this browser was an author's when it last knew. */
export function wasAuthor() {
  try {
    return localStorage.getItem(AUTHOR) !== null;
  } catch {
    return false; // private windows refuse storage
  }
}

async function mayWrite() {
  try {
    return (await (await fetch("/api/author")).json()).may_write === true;
  } catch {
    return false; // a reader's page needs no server any more
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
    if (!wasAuthor() && !(await mayWrite())) return;
    const { mountKeeping } = await import("./keeping/keeping_bar.js");
    if (this.#over) return;
    this.#close = mountKeeping(this.element, this.#room);
  }

  destroy() {
    this.#over = true;
    this.#close();
  }
}
