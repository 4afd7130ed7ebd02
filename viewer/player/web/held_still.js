// The probe held still in the picture: what puts a frame of one clip where it
// would lie under the probe of another frame, or of another clip.
/** @import { Panel, Placement } from "./types.d.ts" */
/** @import { Affine } from "./affine.js" */
import { inverse, then, toBox } from "./affine.js";

/** @typedef {{panel: Panel, frame_index: number, place: Placement}} Seen */

/** @param {Panel} panel @param {number} frame_index @returns {Affine | null} null where nobody knows how the probe moved */
export function heldStill({ clip }, frame_index) {
  const matrix = clip.still_probe?.matrices[frame_index];
  return matrix?.length === 6 ? /** @type {Affine} */ (/** @type {unknown} */ (matrix)) : null;
}

/** Whether the motion of the probe is known in both. @param {Panel} left @param {Panel} right */
export function isKnown(left, right) {
  return left.clip.still_probe !== null && right.clip.still_probe !== null;
}

/**
 * How the left picture is drawn so that the probe lies where it lies in the right one.
 * @param {Seen} left @param {Seen} right
 * @returns {Affine} from pixels of the left picture to CSS px; as recorded where the motion is not known
 */
export function underSameProbe(left, right) {
  const plain = toBox(left.place);
  const [still, moved] = [heldStill(left.panel, left.frame_index), heldStill(right.panel, right.frame_index)];
  const back = moved === null ? null : inverse(moved);
  const out = inverse(toBox(right.place));
  if (still === null || back === null || out === null) return plain;
  return then(then(then(then(still, plain), out), back), toBox(right.place));
}

