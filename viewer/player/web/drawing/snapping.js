// Snapping to the centimetre ticks at the edge of the picture: to their depth.
/** @import { Clip, Placement } from "../types.d.ts" */
/** @import { PointPx } from "./types.d.ts" */
import { mainRegion } from "../geometry.js";

const NEAR_PX = 7;
const TICK_MM = 10;

/** @param {PointPx} point @param {Clip} clip @param {Pick<Placement, "scale_y">} place @returns {PointPx} the point, or the same at the depth of a tick that is near on the screen */
export function snapped([x, y], clip, { scale_y }) {
  const region = mainRegion(clip);
  if (region === null || x < region.x0 || x > region.x1 + 1 || y < region.y0 || y > region.y1 + 1) return [x, y];
  const step_px = TICK_MM / region.mm_per_px_y;
  const tick_px = region.y0 + Math.round((y - region.y0) / step_px) * step_px;
  return Math.abs(tick_px - y) * scale_y <= NEAR_PX && tick_px <= region.y1 + 1 ? [x, tick_px] : [x, y];
}
