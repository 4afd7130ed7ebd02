// Between the board and the player: what is drawn is shown at once, kept where
// it belongs, and can be taken back.
/** @import { Clip, Panel, PlayerState } from "../types.d.ts" */
/** @import { Store } from "../store.js" */
/** @import { Board, Change, DocumentFrame, DocumentMark, Place, PointsPx, Sheet } from "./types.d.ts" */
import { say } from "../requests.js";
import { createStore } from "../store.js";
import { boardOf, changeOf, choose, chosenMark, followed, make, markOf, PRIVATE, redo, sheetOf, undo, withoutShared, withSheet } from "./board.js";
import { newMark } from "./edits.js";
import { samePlace } from "./place.js";
import { PrivateLayer } from "./private_layer.js";
import { laidOver, sceneMark } from "./scene_marks.js";
import { SharedLayers } from "./shared_layer.js";

/** @typedef {{layer: string, mark: DocumentMark}} Hand  the mark in the hand and its layer */

export class Desk {
  player;
  board;
  shared;
  #private;
  /** @type {Hand | null} while it is drawn or dragged: not finished yet */
  #draft = null;
  #ends;
  /** @type {string | null} why the last change could not be kept */
  trouble = null;
  /** Style of the next mark: that of the last one. @type {DocumentMark["style"]} */
  style = { colour: "yellow", line: "solid" };
  snapping = false;
  /** Told of each change of a mark that this page makes. @type {((layer: string, item: string) => void) | null} */
  onChange = null;

  /** @param {Store<PlayerState>} player */
  constructor(player) {
    this.player = player;
    const { scene } = player.state();
    this.#private = new PrivateLayer(scene);
    this.board = createStore(boardOf([this.#private.read()], PRIVATE));
    this.shared = new SharedLayers(scene.deep_link_case, (sheet) => this.take(sheet), () => this.board.request(withoutShared));
    this.#private.watch((sheet) => this.take(sheet));
    this.#ends = [
      this.board.subscribe((board) => this.#show(board)),
      player.watch((state) => state.scene, () => this.#show(this.board.state())),
    ];
  }

  close() {
    for (const end of this.#ends) end();
    this.#private.close();
    this.shared.close();
    this.board.close();
  }

  /** @param {Board} board */
  #show(board) {
    this.player.request((state) => {
      const marks = laidOver(state.scene, board, state.marks);
      return marks === state.marks ? state : { ...state, marks };
    });
  }

  /** A sheet as it stands elsewhere. @param {Sheet} sheet */
  take(sheet) {
    this.board.request((board) => withSheet(board, sheet));
  }

  /** New marks go into this layer. @param {string} layer */
  drawIn(layer) {
    this.board.request((board) => (board.layer === layer || sheetOf(board, layer) === undefined ? board : { ...board, layer }));
  }

  /** @param {string} clip_id @returns {Panel | undefined} */
  panelOf(clip_id) {
    return this.player.state().scene.panels.find((panel) => panel.clip_id === clip_id);
  }

  /** @param {DocumentMark} mark @returns {Clip | undefined} */
  clipOf(mark) {
    return this.panelOf(mark.clip)?.clip;
  }

  /** The mark in the hand, as it is at this moment. @returns {Hand | null} */
  get hand() {
    if (this.#draft !== null) return this.#draft;
    const board = this.board.state();
    const mark = chosenMark(board);
    return mark === undefined || board.chosen === null ? null : { layer: board.chosen.layer, mark };
  }

  /** Shows a mark that is not finished. @param {string} layer @param {DocumentMark} mark */
  draft(layer, mark) {
    const sheet = sheetOf(this.board.state(), layer);
    const clip = this.clipOf(mark);
    if (sheet === undefined || clip === undefined) return;
    this.#draft = { layer, mark };
    this.player.request((state) => ({ ...state, draft: { clip_id: mark.clip, mark: sceneMark(sheet, mark, clip) } }));
  }

  drop() {
    if (this.#draft === null) return;
    this.#draft = null;
    this.player.request((state) => ({ ...state, draft: null }));
  }

  /** The mark in the hand is finished as it is. */
  finish() {
    if (this.#draft === null) return;
    const { layer, mark } = this.#draft;
    this.change(layer, mark.id, mark);
  }

  /** @param {string} layer @param {string} item @param {DocumentMark | null} after  null takes it away */
  change(layer, item, after) {
    this.#make(changeOf(this.board.state(), layer, "mark", item, after));
    if (after !== null) this.style = after.style;
    this.drop();
  }

  /** @param {string} layer @param {string} item @param {DocumentFrame | null} after */
  changeFrame(layer, item, after) {
    this.#make(changeOf(this.board.state(), layer, "frame", item, after));
  }

  /** Changes the mark in the hand. @param {(mark: DocumentMark) => DocumentMark | null} edit */
  edit(edit) {
    const { hand } = this;
    if (hand !== null) this.change(hand.layer, hand.mark.id, edit(hand.mark));
  }

  /** Changes a mark as it stands, and leaves in the hand what is there by now. @param {string} layer @param {string} item @param {(mark: DocumentMark) => DocumentMark} edit */
  editMark(layer, item, edit) {
    const { chosen } = this.board.state();
    const mark = markOf(this.board.state(), layer, item);
    if (mark === undefined) return;
    this.#make(changeOf(this.board.state(), layer, "mark", item, edit(mark)));
    this.board.request((board) => choose(board, chosen));
  }

  /** @param {Change} change */
  #make(change) {
    if (JSON.stringify(change.before) === JSON.stringify(change.after)) return;
    this.board.request((board) => make(board, change));
    this.#keep(change);
    this.onChange?.(change.layer, change.item);
  }

  /** Takes what the server carried anew after a correction. @param {string} layer @param {DocumentMark} asked  as it was sent @param {Place} place @returns {boolean} false where the mark was moved meanwhile */
  takeFollowed(layer, asked, place) {
    const mark = markOf(this.board.state(), layer, asked.id);
    if (mark === undefined || !samePlace(mark.place, asked.place)) return false;
    const [board, change] = followed(this.board.state(), layer, mark, place);
    this.board.request(() => board);
    this.#keep(change);
    return true;
  }

  /**
   * Marks of a file become the reader's own, in one step.
   * @param {readonly DocumentMark[]} marks @returns {readonly string[]} their ids; of one that is taken there already, a new one
   */
  takeMarks(marks) {
    const group = newId();
    const taken = new Set(sheetOf(this.board.state(), PRIVATE)?.marks.map(({ id }) => id));
    const changes = marks.map((mark) => {
      const id = taken.has(mark.id) ? newId() : mark.id;
      return { ...changeOf(this.board.state(), PRIVATE, "mark", id, { ...mark, id }), group };
    });
    this.board.request((board) => choose(changes.reduce(make, board), null));
    this.#keepAll(changes);
    return changes.map(({ item }) => item);
  }

  /** @param {readonly Change[]} changes  of one layer */
  #keepAll(changes) {
    const [first] = changes;
    if (first === undefined) return;
    if (sheetOf(this.board.state(), first.layer)?.is_private === false) return changes.forEach((change) => this.shared.keep(change));
    this.#tellTrouble(this.#private.keepAll(changes));
  }

  /** @param {Change} change */
  #keep(change) {
    this.#keepAll([change]);
  }

  /** @param {string | null} trouble */
  #tellTrouble(trouble) {
    if (trouble !== null && trouble !== this.trouble) this.say(trouble);
    this.trouble = trouble;
  }

  undo() {
    this.#turn(undo, "Nothing to undo.");
  }

  redo() {
    this.#turn(redo, "Nothing to redo.");
  }

  /** @param {typeof undo} turn @param {string} nothing */
  #turn(turn, nothing) {
    this.drop();
    /** @type {readonly [Board, Change] | null} */
    let turned = turn(this.board.state());
    if (turned === null) return this.say(nothing);
    /** @type {Change[]} */
    const changes = [];
    let board = this.board.state();
    while (turned !== null) {
      const [after, change] = /** @type {readonly [Board, Change]} */ (turned);
      board = after;
      changes.push(change);
      const next = (turn === undo ? board.past : board.future).at(-1);
      turned = change.group !== undefined && next?.group === change.group ? turn(board) : null;
    }
    this.board.request(() => board);
    this.#keepAll(changes);
    for (const { layer, item } of changes) this.onChange?.(layer, item);
  }

  /** @param {{layer: string, item: string} | null} chosen */
  choose(chosen) {
    this.drop();
    this.board.request((board) => choose(board, chosen));
  }

  /** @param {{clip: string, kind: DocumentMark["kind"], frame_index: number, points_px: PointsPx, id: string}} drawn @returns {Hand} */
  begin(drawn) {
    const { layer } = this.board.state();
    return { layer, mark: newMark({ ...drawn, author: this.shared.author, style: this.style }) };
  }

  /** @param {string} text */
  say(text) {
    this.player.request(say(text));
  }
}

/** A name for a mark that nobody else gives; also where the page came without encryption. */
export function newId() {
  return `m-${[...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
