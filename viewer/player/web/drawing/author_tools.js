// What only an author sees: the layer that is drawn in, and this frame as one
// worth stopping at.
/** @import { Desk } from "./desk.js" */
import { element } from "../dom.js";

/** @param {Desk} _desk @returns {HTMLElement} */
export function makeAuthorTools(_desk) {
  return element("span", { hidden: true });
}
