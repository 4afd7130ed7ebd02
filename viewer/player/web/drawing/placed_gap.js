// The calipers across the gap that somebody drew in clips that she opened: the
// server measures from their ends, and holds them for her visit only.
/** @import { Scene } from "../types.d.ts" */
/** @import { Board, DocumentMark } from "./types.d.ts" */

/** The concept of the gap, as annotations/concept.py has it. */
const GAP = Object.freeze({ scheme: "99MSUS", code: "GAP" });

/** What was said last, by scene: a player that is built anew says nothing twice. @type {Map<string, string>} */
const said = new Map();

/** @typedef {Record<string, readonly DocumentMark[]>} Calipers  by the names of the packs; every clip of the scene is named */

/** @param {DocumentMark} mark */
function isAcrossTheGap({ kind, concept }) {
  return kind === "caliper" && concept?.scheme === GAP.scheme && concept.code === GAP.code;
}

/** @param {Scene} scene @param {Board} board @returns {Calipers} */
export function gapCalipers(scene, board) {
  const drawn = board.sheets.filter((sheet) => sheet.is_private).flatMap((sheet) => sheet.marks.filter(isAcrossTheGap));
  const across = (/** @type {string} */ sha256) => drawn.filter((mark) => scene.panels.some((panel) => panel.clip_id === mark.clip && panel.clip.sha256 === sha256));
  return Object.fromEntries(scene.panels.map(({ clip: { sha256 } }) => [sha256, across(sha256)]));
}

/** Tells the page, where something has changed, by an event that the door to Streamlit hears. @param {HTMLElement} root @param {Scene} scene @param {Board} board */
export function tellGap(root, scene, board) {
  if (scene.deep_link_case !== null) return;
  const calipers = gapCalipers(scene, board);
  const text = JSON.stringify(calipers);
  const before = said.get(scene.scene_id);
  if (text === before || (before === undefined && Object.values(calipers).flat().length === 0)) return;
  said.set(scene.scene_id, text);
  root.dispatchEvent(new CustomEvent("msus-gap", { detail: calipers }));
}
