// Marks followed by the tissue: the server carries them and keeps nothing. The
// button follows the mark in the hand; a corrected key frame is followed by
// itself, to the key frames on both sides, as part of its correction. One at a time.
/** @import { Desk } from "./desk.js" */
/** @import { DocumentMark, OnTrack } from "./types.d.ts" */
import { button, element, write } from "../dom.js";
import { ask, clipUrl, linesOf, Refusal, VISITOR } from "../export_requests.js";
import { markOf } from "./board.js";
import { isToFollow, LOW_CONFIDENCE, samePlace } from "./place.js";

const NAME = "Follow the tissue";
const STOPPED = "Stopped; the mark stays as it was.";
const BROKEN_OFF = "The connection broke off; try again.";
/** After the last of several nudges. */
const PAUSE_MS = 400;

/** @typedef {{layer: string, item: string}} Named */
/** @typedef {Named & {mark: DocumentMark, abort: AbortController}} Going */

export class Following {
  button = button({ name: NAME, text: NAME, icon: "trail", className: "is-wide" }, () => this.#pressed());
  #said = element("span", { role: "status" });
  #bar = element("progress", { max: 1, value: 0, "aria-label": "Progress of the following" });
  #stop = button({ name: "Stop following", text: "Stop", icon: "close", className: "is-wide" }, () => this.#stopped());
  #again = button({ name: "Follow now", text: "Follow now", icon: "trail", className: "is-wide" }, () => this.#followAll());
  element = element("div", { class: "msus-following", hidden: true }, this.#said, this.#bar, this.#stop, this.#again);
  #frame_index = 0;
  #desk;
  /** @type {Going | null} under way */
  #going = null;
  /** Corrected, and followed next. @type {Map<string, Named>} */
  #waiting = new Map();
  #timer = 0;
  /** What came of the last one. */
  #outcome = "";
  #over = new AbortController();

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    desk.onChange = (layer, item) => this.#changed({ layer, item });
    const ends = [desk.board.watch(() => this.#offered().map(keyOf).join(), () => this.#tell()), desk.board.watch((board) => board.chosen, () => this.#forget())];
    this.#over.signal.addEventListener("abort", () => ends.forEach((end) => end()));
    addEventListener("online", () => this.#outcome !== "" && this.#followAll(), { signal: this.#over.signal });
  }

  close() {
    clearTimeout(this.#timer);
    this.#going?.abort.abort();
    this.#going = null;
    this.#desk.onChange = null;
    this.#over.abort();
  }

  /** The mark in the hand. @param {DocumentMark} mark @param {number} frame_index  on which it is looked at */
  tell(mark, frame_index) {
    this.#frame_index = frame_index;
    this.button.hidden = (this.#desk.clipOf(mark)?.frames ?? 1) < 2;
  }

  /** Whether it was corrected, and can be followed here. @param {DocumentMark | undefined} mark @returns {mark is DocumentMark} */
  #isOwed(mark) {
    return mark !== undefined && isToFollow(mark.place) && this.#desk.clipOf(mark) !== undefined;
  }

  /** Marks that were corrected and not followed since. @returns {Named[]} */
  #offered() {
    const { sheets } = this.#desk.board.state();
    return sheets.flatMap(({ layer, marks }) => marks.filter((mark) => this.#isOwed(mark)).map((mark) => ({ layer: layer.id, item: mark.id })));
  }

  /** This page changed a mark. @param {Named} named */
  #changed(named) {
    const mark = markOf(this.#desk.board.state(), named.layer, named.item);
    const key = keyOf(named);
    if (this.#going !== null && keyOf(this.#going) === key && (mark === undefined || !samePlace(mark.place, this.#going.mark.place))) this.#breakOff();
    this.#waiting.delete(key);
    if (this.#isOwed(mark)) this.#waiting.set(key, named);
    this.#outcome = "";
    if (this.#going === null) this.#bar.value = 0;
    this.#goOnSoon(PAUSE_MS);
  }

  #followAll() {
    for (const named of this.#offered()) this.#waiting.set(keyOf(named), named);
    this.#goOnSoon(0);
  }

  /** @param {number} pause_ms */
  #goOnSoon(pause_ms) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#goOn(), pause_ms);
    this.#tell();
  }

  #goOn() {
    if (this.#going !== null) return;
    for (const [key, named] of this.#waiting) {
      this.#waiting.delete(key);
      const mark = markOf(this.#desk.board.state(), named.layer, named.item);
      if (this.#isOwed(mark)) return void this.#follow(named, mark);
    }
    this.#tell();
  }

  #pressed() {
    const { hand } = this.#desk;
    if (hand === null) return;
    this.#breakOff();
    void this.#follow({ layer: hand.layer, item: hand.mark.id }, hand.mark);
  }

  /** What is under way waits again, if it follows a correction. */
  #breakOff() {
    const going = this.#going;
    this.#going = null;
    going?.abort.abort();
    if (going !== null && isToFollow(going.mark.place)) this.#waiting.set(keyOf(going), { layer: going.layer, item: going.item });
  }

  #stopped() {
    this.#breakOff();
    this.#waiting.clear();
    clearTimeout(this.#timer);
    this.#end(STOPPED);
  }

  /** @param {Named} named @param {DocumentMark} mark */
  async #follow({ layer, item }, mark) {
    const panel = this.#desk.panelOf(mark.clip);
    if (panel === undefined) return;
    const going = { layer, item, mark, abort: new AbortController() };
    this.#going = going;
    this.#bar.value = 0;
    this.#tell();
    const share = (/** @type {number} */ part) => this.#going === going && (this.#bar.value = part);
    try {
      const place = await askPlace(clipUrl(this.#desk.player.state().scene, panel), mark, this.#frame_index, share, going.abort.signal);
      if (this.#going !== going) return; // broken off
      this.#going = null;
      this.#end(this.#take(going, place));
    } catch (error) {
      if (this.#going !== going) return;
      this.#going = null;
      this.#waiting.clear(); // offered again, with the reason
      this.#end(error instanceof Refusal ? error.message : BROKEN_OFF);
    }
    this.#goOn();
  }

  /** @param {Going} going @param {OnTrack} place @returns {string} what came of it */
  #take({ layer, mark }, place) {
    const now = markOf(this.#desk.board.state(), layer, mark.id);
    if (isToFollow(mark.place)) {
      if (!this.#desk.takeFollowed(layer, mark, place)) return "The mark was changed elsewhere meanwhile.";
    } else {
      if (now === undefined || !samePlace(now.place, mark.place)) return "The mark was changed meanwhile; follow it again.";
      this.#desk.change(layer, mark.id, { ...now, place });
    }
    const before = new Set(mark.place.on === "track" ? mark.place.carried.map((part) => part.frame_index) : []);
    const fresh = place.carried.filter((part) => !before.has(part.frame_index));
    const unsure = fresh.filter((part) => part.confidence < LOW_CONFIDENCE).length;
    return `Followed on ${fresh.length} frames${unsure === 0 ? "." : `; ${unsure} of them ask for a key frame.`}`;
  }

  /** Another mark is in the hand: what came of the last one is old, unless it is still to follow. */
  #forget() {
    if (this.#offered().length === 0) this.#end("");
  }

  /** @param {string} outcome */
  #end(outcome) {
    this.#outcome = outcome;
    this.#tell();
  }

  #tell() {
    const at_work = this.#going !== null || this.#waiting.size > 0;
    const offered = at_work ? 0 : this.#offered().length;
    const left = offered === 0 ? "" : `${offered === 1 ? "A mark was" : `${offered} marks were`} corrected, but not followed since.`;
    write(this.#said, at_work ? "Following …" : this.#outcome || left);
    this.#said.toggleAttribute("data-asks", offered > 0);
    this.#bar.hidden = this.#stop.hidden = !at_work;
    this.#again.hidden = offered === 0;
    this.element.hidden = this.#said.textContent === "";
    this.button.disabled = this.#going !== null;
  }
}

/** @param {Named} named */
function keyOf({ layer, item }) {
  return `${layer}/${item}`;
}

/**
 * Asks with kind and place alone: no words of the person are sent.
 * @param {string} clip_url @param {DocumentMark} mark @param {number} frame_index  at which it is looked at
 * @param {(share: number) => void} progress @param {AbortSignal} signal
 * @returns {Promise<OnTrack>}
 */
async function askPlace(clip_url, { id, clip, kind, source, place }, frame_index, progress, signal) {
  const answer = await ask(`${clip_url}/carry`, { method: "POST", body: JSON.stringify({ mark: { id, clip, kind, source, place }, frame_index }), headers: { "X-Visitor": VISITOR }, signal });
  for await (const line of linesOf(answer)) {
    if (typeof line.error === "string") throw new Refusal(line.error);
    if (line.mark !== undefined) return /** @type {{place: OnTrack}} */ (line.mark).place;
    progress(Number(line.done) / Math.max(1, Number(line.of)));
  }
  throw new Refusal("The following was broken off; try again.");
}
