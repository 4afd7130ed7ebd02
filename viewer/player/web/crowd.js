// Very many marks on one picture: they are drawn plainly, those that lie still
// once for all frames, and only the one in the spotlight has its label.
/** @import { Box, Mark } from "./types.d.ts" */
/** @import { Shape } from "./marks.js" */
import { drawMark } from "./mark_drawing.js";
import { fitCanvas } from "./picture.js";

/** From so many marks on a clip, nobody reads labels any more. */
export const CROWD_FROM = 80;

/** @param {readonly Mark[]} marks @param {readonly string[]} off  ids of those that are not shown */
export function isCrowd(marks, off) {
  if (marks.length < CROWD_FROM) return false;
  const hidden = new Set(off);
  return marks.filter(({ mark_id }) => !hidden.has(mark_id)).length >= CROWD_FROM;
}

/** Whether every frame shows a mark alike; it then is drawn once. @param {Mark} mark */
export function liesStill({ places_px, unsure_frame_indices }) {
  const [first] = places_px;
  return unsure_frame_indices.length === 0 && first !== undefined && first !== null
    && places_px.every((place) => place === first || (place !== null && place.length === first.length && place.every((value, at) => value === first[at])));
}

/** The marks of a crowd that lie still, on a canvas that is kept while the view stays. */
export class StillMarks {
  /** @type {CanvasRenderingContext2D | null} */
  #context = null;
  #key = "";
  /** @type {readonly Mark[] | null} */
  #marks = null;
  /** @type {ReadonlySet<Mark>} */
  #still = new Set();

  /**
   * Lays the still ones on a canvas in place of all that was on it.
   * @param {CanvasRenderingContext2D} context  whose transform maps pixels @param {readonly Mark[]} marks @param {readonly Shape[]} shapes  of this frame
   * @param {{key: string, box: Box, ratio: number, width: number}} view  width: of the coloured line
   * @returns {readonly Shape[]} those that are still to be drawn
   */
  lay(context, marks, shapes, { key, box, ratio, width }) {
    const own = this.#context ??= document.createElement("canvas").getContext("2d");
    if (own === null) return shapes;
    if (marks !== this.#marks) this.#still = new Set(marks.filter(liesStill));
    if (marks !== this.#marks || key !== this.#key) {
      if (!fitCanvas(own.canvas, box, ratio)) {
        own.setTransform(1, 0, 0, 1, 0, 0);
        own.clearRect(0, 0, own.canvas.width, own.canvas.height);
      }
      own.setTransform(ratio, 0, 0, ratio, 0, 0);
      for (const shape of shapes) if (this.#still.has(shape.mark)) drawMark(own, shape, width, true);
    }
    this.#marks = marks;
    this.#key = key;
    context.globalCompositeOperation = "copy";
    context.drawImage(own.canvas, 0, 0);
    context.globalCompositeOperation = "source-over";
    return shapes.filter(({ mark }) => !this.#still.has(mark));
  }
}
