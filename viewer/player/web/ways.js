// The ways to compare: what each is called, which need both pictures in one
// place, and the parts that come only when somebody first asks for them.
/** @import { Box, Layout, PlayerState } from "./types.d.ts" */
/** @import { Affine } from "./affine.js" */
/** @import { PanelView } from "./panel_view.js" */
/** @import { IconName } from "./icons.js" */
/** @import { FrameStore } from "./frame_store.js" */
/** @import { Stage } from "./stage.js" */
/** @import { Store } from "./store.js" */

/** @typedef {{layout: Layout, name: string, key: string, icon: IconName}} Way */

/** In the order of their keys. @type {readonly Way[]} */
export const WAYS = Object.freeze([
  { layout: "side", name: "Side by side", key: "1", icon: "side" },
  { layout: "curtain", name: "Curtain", key: "2", icon: "curtain" },
  { layout: "blink", name: "Blink", key: "3", icon: "blink" },
  { layout: "hues", name: "Two hues", key: "4", icon: "hues" },
  { layout: "difference", name: "Difference", key: "5", icon: "difference" },
  { layout: "m_mode", name: "M-mode", key: "6", icon: "m_mode" },
]);

/** Whether two pictures lie in one place. @param {Layout} layout */
export function isStacked(layout) {
  return layout !== "side" && layout !== "m_mode";
}

/**
 * @typedef {object} Part
 * @property {() => void} draw
 * @property {() => void} [destroy]
 * @property {(context: CanvasRenderingContext2D, view: PanelView) => void} [paint]  what it lays over a picture, in CSS px of its box, for a picture to save
 * @property {{canvas: HTMLCanvasElement, to_box: Affine} | null} [blended]  what stands in the place of two pictures, if anything does, and where, in CSS px of the box
 * @property {{canvas: HTMLCanvasElement, box: Box} | null} [strip]  what stands under the pictures, if anything does
 * @property {readonly string[]} [texts]  what is said of it
 */
/** @typedef {{stage: Stage, store: Store<PlayerState>, frames: FrameStore}} Room */

/** @type {Readonly<Partial<Record<Layout, (room: Room) => Promise<Part>>>>} */
const PARTS = Object.freeze({
  blink: async (room) => new (await import("./blink.js")).Blink(room),
  hues: blend,
  difference: blend,
  m_mode: async (room) => new (await import("./m_mode.js")).MMode(room),
});

/** @param {Room} room @returns {Promise<Part>} */
async function blend(room) {
  return new (await import("./blend.js")).Blend(room);
}

/** @param {Room} room @returns {Promise<Part>} */
async function strain(room) {
  return new (await import("./strain_layer.js")).StrainLayer(room);
}

/** @param {Room} room @returns {Promise<Part>} */
async function tissue(room) {
  return new (await import("./tissue_layer.js")).TissueLayer(room);
}

export class Ways {
  #room;
  /** @type {Map<(room: Room) => Promise<Part>, Part | null>} null while it loads */
  #parts = new Map();
  #over = false;

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    room.store.watch((state) => state.layout, (layout) => void this.#load(PARTS[layout]));
    room.store.watch((state) => state.ghost || state.trail, (asked) => void this.#load(asked ? tissue : undefined));
    room.store.watch((state) => state.strain, (asked) => void this.#load(asked ? strain : undefined));
  }

  /** @param {((room: Room) => Promise<Part>) | undefined} make */
  async #load(make) {
    if (make === undefined || this.#parts.has(make)) return;
    this.#parts.set(make, null);
    const part = await make(this.#room);
    if (this.#over) return part.destroy?.();
    this.#parts.set(make, part);
    this.#room.stage.schedule();
  }

  /** Called in the animation frame that draws the panels; does nothing before a part is there. */
  draw() {
    for (const part of this.#parts.values()) part?.draw();
  }

  /** The parts that are there. @returns {Part[]} */
  get parts() {
    return [...this.#parts.values()].filter((part) => part !== null);
  }

  destroy() {
    this.#over = true;
    for (const part of this.#parts.values()) part?.destroy?.();
  }
}
