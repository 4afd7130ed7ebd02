// The sheets that are drawn on, and every finished change of them, so that
// each can be taken back and made again. Pure: from board to board.
/** @import { Board, Change, DocumentFrame, DocumentMark, Place, Sheet } from "./types.d.ts" */
import { sameContent, samePlace } from "./place.js";

export const PRIVATE = "private";

/** @param {readonly Sheet[]} sheets @param {string} layer  in which new marks are drawn @returns {Board} */
export function boardOf(sheets, layer) {
  return { sheets, layer, chosen: null, past: [], future: [] };
}

/** @param {Board} board @param {string} layer @returns {Sheet | undefined} */
export function sheetOf(board, layer) {
  return board.sheets.find((sheet) => sheet.layer.id === layer);
}

/** @param {Board} board @param {string} layer @param {string} item @returns {DocumentMark | undefined} */
export function markOf(board, layer, item) {
  return sheetOf(board, layer)?.marks.find((mark) => mark.id === item);
}

/** The mark that is in the hand. @param {Board} board @returns {DocumentMark | undefined} */
export function chosenMark(board) {
  return board.chosen === null ? undefined : markOf(board, board.chosen.layer, board.chosen.item);
}

/** @param {Board} board @param {string} layer @param {"mark" | "frame"} kind @returns {readonly (DocumentMark | DocumentFrame)[]} */
function listOf(board, layer, kind) {
  const sheet = sheetOf(board, layer);
  return kind === "mark" ? sheet?.marks ?? [] : sheet?.frames ?? [];
}

/**
 * The change that puts content in the place of an item; null takes the item away.
 * @param {Board} board @param {string} layer @param {"mark" | "frame"} kind @param {string} item @param {DocumentMark | DocumentFrame | null} after
 * @returns {Change}
 */
export function changeOf(board, layer, kind, item, after) {
  const list = listOf(board, layer, kind);
  const at = list.findIndex((each) => each.id === item);
  return { layer, item, kind, before: list[at] ?? null, after, at: at < 0 ? list.length : at };
}

/** @param {Change} change @returns {Change} the change back */
export function reverse(change) {
  return { ...change, before: change.after, after: change.before };
}

/** Makes a change that can be taken back. @param {Board} board @param {Change} change @returns {Board} */
export function make(board, change) {
  return { ...chosenAfter(apply(board, change), change), past: [...board.past, change], future: [] };
}

/** @param {Board} board @returns {readonly [Board, Change] | null} null where there is nothing to take back */
export function undo(board) {
  const last = board.past.at(-1);
  if (last === undefined) return null;
  const back = ontoPresent(board, reverse(last));
  return [{ ...chosenAfter(apply(board, back), back), past: board.past.slice(0, -1), future: [...board.future, last] }, back];
}

/** @param {Board} board @returns {readonly [Board, Change] | null} null where nothing was taken back */
export function redo(board) {
  const next = board.future.at(-1);
  if (next === undefined) return null;
  const again = ontoPresent(board, next);
  return [{ ...chosenAfter(apply(board, again), again), past: [...board.past, next], future: board.future.slice(0, -1) }, again];
}

/** The change of those fields alone that it is about: what others changed of the item meanwhile stays. @param {Board} board @param {Change} change @returns {Change} */
function ontoPresent(board, change) {
  const now = /** @type {Record<string, unknown> | undefined} */ (/** @type {unknown} */ (listOf(board, change.layer, change.kind).find((each) => each.id === change.item)));
  if (now === undefined || change.before === null || change.after === null) return change;
  const [before, after] = [change.before, change.after].map((content) => /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (content)));
  const after_all = { ...now };
  for (const name of Object.keys({ ...before, ...after })) {
    if (sameContent(before?.[name], after?.[name])) continue;
    if (after?.[name] === undefined) delete after_all[name];
    else after_all[name] = after[name];
  }
  return { ...change, after: /** @type {Change["after"]} */ (/** @type {unknown} */ (after_all)) };
}

/** Lays a change over the sheets; others may have changed the item meanwhile. @param {Board} board @param {Change} change @returns {Board} */
export function apply(board, { layer, item, kind, after, at }) {
  const list = listOf(board, layer, kind);
  const here = list.findIndex((each) => each.id === item);
  const changed = after === null ? list.filter((each) => each.id !== item)
    : here >= 0 ? list.map((each) => (each.id === item ? after : each)) : list.toSpliced(at, 0, after);
  return { ...board, sheets: board.sheets.map((sheet) => (sheet.layer.id === layer ? withList(sheet, kind, changed) : sheet)) };
}

/** @param {Sheet} sheet @param {"mark" | "frame"} kind @param {readonly (DocumentMark | DocumentFrame)[]} list @returns {Sheet} */
function withList(sheet, kind, list) {
  return kind === "mark" ? { ...sheet, marks: /** @type {readonly DocumentMark[]} */ (list) } : { ...sheet, frames: /** @type {readonly DocumentFrame[]} */ (list) };
}

/** What was changed is in the hand, what is gone is not. @param {Board} board @param {Change} change @returns {Board} */
function chosenAfter(board, { layer, item, kind, after }) {
  if (kind === "frame") return board;
  if (after !== null) return { ...board, chosen: { layer, item } };
  return board.chosen?.item === item && board.chosen.layer === layer ? { ...board, chosen: null } : board;
}

/**
 * A mark carried anew after its correction: part of that correction, so that one undo takes back both.
 * @param {Board} board @param {string} layer @param {DocumentMark} mark  as it stands @param {Place} place  its new one
 * @returns {readonly [Board, Change]}
 */
export function followed(board, layer, mark, place) {
  const change = changeOf(board, layer, "mark", mark.id, { ...mark, place });
  const moved = (/** @type {Change["after"]} */ content) => (content !== null && "place" in content && samePlace(content.place, mark.place) ? { ...content, place } : content);
  const told = (/** @type {readonly Change[]} */ changes) => changes.map((each) => (each.layer === layer && each.item === mark.id ? { ...each, before: moved(each.before), after: moved(each.after) } : each));
  const after = apply(board, change);
  if (![...board.past, ...board.future].some((each) => each.layer === layer && each.item === mark.id)) return [{ ...after, past: [...board.past, change], future: [] }, change];
  return [{ ...after, past: told(board.past), future: told(board.future) }, change];
}

/** @param {Board} board @param {{layer: string, item: string} | null} chosen @returns {Board} */
export function choose(board, chosen) {
  if (board.chosen?.item === chosen?.item && board.chosen?.layer === chosen?.layer) return board;
  return { ...board, chosen };
}

/** Leaves the reader her own sheet alone. @param {Board} board @returns {Board} */
export function withoutShared(board) {
  const own = board.sheets.filter((sheet) => sheet.is_private);
  const mine = (/** @type {string} */ layer) => own.some((sheet) => sheet.layer.id === layer);
  const [past, future] = [board.past, board.future].map((changes) => changes.filter((change) => mine(change.layer)));
  return { ...board, sheets: own, layer: PRIVATE, chosen: board.chosen !== null && mine(board.chosen.layer) ? board.chosen : null, past: past ?? [], future: future ?? [] };
}

/** Takes a sheet as it stands elsewhere: in another tab, on the server. @param {Board} board @param {Sheet} sheet @returns {Board} */
export function withSheet(board, sheet) {
  const known = board.sheets.some((each) => each.layer.id === sheet.layer.id);
  const sheets = known ? board.sheets.map((each) => (each.layer.id === sheet.layer.id ? sheet : each)) : [...board.sheets, sheet];
  const after = { ...board, sheets };
  return board.chosen !== null && chosenMark(after) === undefined ? { ...after, chosen: null } : after;
}
