// Which mark lies under the pointer.
/** @import { PanelView } from "../panel_view.js" */
/** @import { Desk, Hand } from "./desk.js" */
/** @import { PointPx } from "./types.d.ts" */
import { isClosed, onScreen, ellipse } from "../marks.js";
import { sighting } from "./place.js";
import { distanceToSegment } from "./strokes.js";

const REACH_PX = 10;
const TOUCH_REACH_PX = 22;

/** The mark whose line is nearest, of those that may be changed and are seen. @param {Desk} desk @param {PanelView} view @param {{x: number, y: number}} at @returns {Hand | null} */
export function markUnder(desk, view, at) {
  const { place, drawn, panel } = view;
  const { marks_off, marks_hidden } = desk.player.state();
  if (place === null || drawn === null || marks_hidden) return null;
  let best = null;
  let best_px = matchMedia("(pointer: coarse)").matches ? TOUCH_REACH_PX : REACH_PX;
  for (const sheet of desk.board.state().sheets) {
    for (const mark of sheet.marks) {
      if (mark.clip !== panel.clip_id || marks_off.includes(`${sheet.layer.id}/${mark.id}`)) continue;
      const seen = sighting(mark.place, drawn);
      if (seen === null) continue;
      const flat = seen.points_px.flat();
      const line = onScreen(mark.kind === "ellipse" ? ellipse(flat) : flat, place);
      const away_px = distanceToLine(line, at, isClosed(mark));
      if (away_px <= best_px) [best, best_px] = [{ layer: sheet.layer.id, mark }, away_px];
    }
  }
  return best;
}

/** @param {readonly number[]} flat  CSS px @param {{x: number, y: number}} at @param {boolean} closed */
function distanceToLine(flat, at, closed) {
  const points = Array.from({ length: flat.length / 2 }, (_, index) => /** @type {PointPx} */ ([flat[2 * index] ?? 0, flat[2 * index + 1] ?? 0]));
  const [first = [0, 0]] = points;
  const line = closed || points.length === 1 ? [...points, first] : points;
  return Math.min(...line.slice(1).map((to, index) => distanceToSegment([at.x, at.y], line[index] ?? to, to)));
}
