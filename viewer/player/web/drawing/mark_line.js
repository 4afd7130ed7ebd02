// The line of the mark in the hand: what it measures, its label, where in the
// clip it lives; the rest of it on a sheet.
/** @import { Desk, Hand } from "./desk.js" */
/** @import { DocumentMark, Place } from "./types.d.ts" */
import { button, element, press, write } from "../dom.js";
import { wantedFrame } from "../position.js";
import { sheetOf } from "./board.js";
import { Following } from "./following.js";
import { kindOf } from "./kinds.js";
import { makeDetails } from "./mark_details.js";
import { measure, measureText } from "./measurement.js";
import { fromHere, isForgotten, isToFollow, livingOn, LOW_CONFIDENCE, seenFromHere, sighting, spanOf, untilHere } from "./place.js";

/** @typedef {"frame" | "range" | "whole" | "track"} Life */

/** A curve that was tracked has another ±: that of its tracking alone. */
const WHAT_IT_HOLDS = "± of the click, the pixel and the scale, about 95 %.";

/** What is being typed about a mark is kept for that mark, before the hand goes on to something else. @param {Element} near  anything in the player */
export function finishTyping(near) {
  const focused = /** @type {Document | ShadowRoot} */ (near.getRootNode()).activeElement;
  if (focused instanceof HTMLElement && focused.matches(".msus-mark-body :is(input, textarea)")) focused.blur();
}

export class MarkLine {
  element = element("div", { class: "msus-mark-line" });
  #desk;
  #name = element("strong", { class: "msus-mark-name" });
  #measure = element("span", { class: "msus-mark-measure" });
  #label = element("input", { type: "text", class: "msus-mark-label", "aria-label": "Label", placeholder: "Label", maxlength: 200 });
  #life = element("select", { class: "msus-mark-life", "aria-label": "Shown on" });
  #from = button({ name: "From this frame on", text: "From here", className: "is-wide" }, () => this.#place((place, at) => fromHere(place, at)));
  #until = button({ name: "Until this frame", text: "Until here", className: "is-wide" }, () => this.#place((place, at) => untilHere(place, at)));
  #outside = button({ name: "Outside from here", text: "Outside", pressed: false, className: "is-wide" }, () => this.#place((place, at) => (place.on === "track" ? seenFromHere(place, at, sighting(place, at) !== null) : place)));
  #ask = element("span", { class: "msus-mark-ask", role: "note" });
  #following;
  #refused = element("span", { class: "msus-mark-ask", role: "alert" });
  #what = button({ name: "What to do about it", text: "What to do", className: "is-wide" }, () => this.element.closest(".msus-player")?.dispatchEvent(new CustomEvent("msus-waiting")));
  #details;
  #hint;
  #body;
  #key = "";

  /** @param {Desk} desk @param {HTMLElement} hint  shown while no mark is in the hand */
  constructor(desk, hint) {
    this.#desk = desk;
    this.#hint = hint;
    this.#following = new Following(desk);
    this.#details = makeDetails(desk, this.#following);
    const bin = button({ name: "Delete the mark", key: "Delete", icon: "bin", text: "Delete", className: "is-wide" }, () => desk.edit(() => null));
    const frames = element("span", { class: "msus-mark-frames" }, this.#life, this.#from, this.#until, this.#outside);
    this.#body = element("div", { class: "msus-mark-body", role: "group", "aria-label": "The mark in the hand", hidden: true }, this.#name, this.#measure, this.#label, frames, this.#details.element, bin, this.#ask, this.#refused, this.#what);
    this.element.append(hint, this.#body, this.#following.element);
    this.#label.addEventListener("change", () => desk.edit((mark) => ({ ...mark, label: this.#label.value.trim() })));
    this.#life.addEventListener("change", () => this.#live());
    for (const type of /** @type {const} */ (["keydown", "keyup", "keypress"])) {
      this.#label.addEventListener(type, (event) => event.key === "Enter" && type === "keydown" && this.#label.blur());
    }
  }

  focusLabel() {
    this.#label.focus();
    this.#label.select();
  }

  /** Frame on which the mark in the hand is looked at. @param {DocumentMark} mark @returns {number} */
  #frameOf(mark) {
    const state = this.#desk.player.state();
    const showing = state.scene.panels.filter((panel) => panel.clip_id === mark.clip && state.shown[panel.panel_id]);
    const panel = showing.find((each) => each.panel_id === state.active_id) ?? showing[0] ?? this.#desk.panelOf(mark.clip);
    return panel === undefined ? 0 : wantedFrame(state, panel);
  }

  /** @param {(place: Place, frame_index: number) => Place} change */
  #place(change) {
    this.#desk.edit((mark) => ({ ...mark, place: change(mark.place, this.#frameOf(mark)) }));
  }

  #live() {
    const life = /** @type {Life} */ (this.#life.value);
    this.#desk.edit((mark) => ({ ...mark, place: livingOn(mark.place, life, this.#frameOf(mark), this.#desk.clipOf(mark)?.frames ?? 1) }));
  }

  /** Says how things are; called in the animation frame that draws the panels. */
  draw() {
    const { hand } = this.#desk;
    const shown = hand !== null && this.#desk.player.state().drawing;
    if (this.#body.hidden === shown) this.#body.hidden = !shown;
    if (this.#hint.hidden !== shown) this.#hint.hidden = shown;
    if (!shown || hand === null) return this.leave();
    const frame_index = this.#frameOf(hand.mark);
    this.#measured(hand.mark, frame_index);
    const refused = sheetOf(this.#desk.board.state(), hand.layer)?.not_kept?.get(hand.mark.id) ?? "";
    this.#refused.hidden = this.#what.hidden = refused === "";
    write(this.#refused, refused === "" ? "" : `Not kept: ${refused}`);
    const key = `${frame_index} ${JSON.stringify(hand)}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#tell(hand, frame_index);
  }

  /** No mark is in the hand any more. */
  leave() {
    this.#key = "";
    this.#details.close();
  }

  close() {
    this.leave();
    this.#following.close();
  }

  /** @param {DocumentMark} mark @param {number} frame_index */
  #measured(mark, frame_index) {
    const clip = this.#desk.clipOf(mark);
    const seen = sighting(mark.place, frame_index);
    const found = clip === undefined || seen === null ? null : measure(mark.kind, seen.points_px, clip);
    write(this.#measure, found === null ? "" : measureText(found));
    this.#measure.title = found === null ? "" : `${WHAT_IT_HOLDS}${found.in_px_because === null ? "" : ` In px, for ${found.in_px_because}.`}`;
    write(this.#name, kindOf(mark.kind).name);
  }

  /** @param {Hand} hand @param {number} frame_index */
  #tell({ layer, mark }, frame_index) {
    const clip = this.#desk.clipOf(mark);
    const frames = clip?.frames ?? 1;
    const noun = clip?.kind === "series" ? "slice" : "frame";
    if (!this.#label.matches(":focus")) this.#label.value = mark.label;
    const [first, last] = spanOf(mark.place);
    const range = first === 0 && last === frames - 1 ? `Frames from … to …` : `${noun === "slice" ? "Slices" : "Frames"} ${first + 1} to ${last + 1}`;
    const lives = /** @type {[Life, string][]} */ ([["frame", `On ${noun} ${mark.place.on === "frame" ? first + 1 : frame_index + 1} only`], ["range", range], ["whole", clip?.kind === "series" ? "All slices" : "Whole clip"], ["track", "Track of key frames"]]);
    this.#life.replaceChildren(...lives.map(([value, text]) => element("option", { value }, text)));
    this.#life.value = mark.place.on === "range" && first === 0 && last === frames - 1 ? "whole" : mark.place.on;
    this.#life.hidden = frames < 2;
    const seen = sighting(mark.place, frame_index);
    for (const each of [this.#from, this.#until]) each.hidden = mark.place.on === "frame";
    this.#outside.hidden = mark.place.on !== "track";
    write(this.#outside, seen === null ? "Seen again" : "Outside");
    this.#outside.setAttribute("aria-label", seen === null ? "Seen again from here" : "Outside from here");
    press(this.#outside, seen === null);
    const is_forgotten = isForgotten(mark.place, frame_index) && !isToFollow(mark.place); // else the following says it
    write(this.#ask, is_forgotten ? "A key frame was changed: follow the tissue again (in Details)." : "Not followed well here: correct it to make a key frame.");
    this.#ask.hidden = !is_forgotten && (seen === null || seen.confidence >= LOW_CONFIDENCE);
    this.#details.tell({ layer, mark }, frame_index);
  }
}
