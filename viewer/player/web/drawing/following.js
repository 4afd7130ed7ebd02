// The mark in the hand followed by the tissue: the server carries it and keeps
// nothing; what comes back is one change, which can be taken back.
/** @import { Desk, Hand } from "./desk.js" */
/** @import { DocumentMark, OnTrack } from "./types.d.ts" */
import { assign, button, element, write } from "../dom.js";
import { ask, linesOf, Refusal, VISITOR } from "../export_requests.js";
import { markOf } from "./board.js";
import { LOW_CONFIDENCE } from "./place.js";

const NAME = "Follow the tissue";
const STOPPED = "The following was stopped; the mark stays as it was.";
const OPENED = "Marks are followed on the clips of a case only; make a case of this clip, then draw on it there.";

export class Following {
  button = button({ name: NAME, icon: "trail", className: "is-wide" }, () => this.#pressed());
  #word = element("span", {}, NAME);
  #frame_index = 0;
  #desk;
  /** @type {{layer: string, item: string, abort: AbortController} | null} under way */
  #going = null;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.button.append(this.#word);
    this.#say(null);
  }

  /** Whoever puts the mark out of the hand stops its following. @param {Hand} hand @param {number} frame_index  on which it is looked at */
  tell({ layer, mark }, frame_index) {
    this.#frame_index = frame_index;
    if (this.#going !== null && (mark.id !== this.#going.item || layer !== this.#going.layer)) this.stop();
    this.button.hidden = (this.#desk.clipOf(mark)?.frames ?? 1) < 2;
  }

  stop() {
    if (this.#going === null) return;
    this.#going.abort.abort();
    this.#going = null;
    this.#say(null);
    this.#desk.say(STOPPED);
  }

  #pressed() {
    const { hand } = this.#desk;
    if (this.#going !== null) return this.stop();
    if (hand === null) return;
    const case_id = this.#desk.player.state().scene.deep_link_case;
    if (case_id === null) return this.#desk.say(OPENED);
    void this.#follow(case_id, hand);
  }

  /** @param {string} case_id @param {Hand} hand */
  async #follow(case_id, { layer, mark }) {
    const going = { layer, item: mark.id, abort: new AbortController() };
    this.#going = going;
    this.#say(0);
    try {
      const place = await askPlace(case_id, mark, this.#frame_index, (share) => this.#going === going && this.#say(share), going.abort.signal);
      if (this.#going !== going) return;
      this.#take(layer, mark, place);
    } catch (error) {
      if (this.#going !== going) return; // stopped, and said so
      this.#desk.say(error instanceof Refusal ? error.message : "The connection broke off; follow the mark again.");
    }
    this.#going = null;
    this.#say(null);
  }

  /** @param {string} layer @param {DocumentMark} mark @param {OnTrack} place */
  #take(layer, mark, place) {
    const now = markOf(this.#desk.board.state(), layer, mark.id);
    if (now === undefined || JSON.stringify(now) !== JSON.stringify(mark)) return this.#desk.say("The mark was changed meanwhile; follow it again.");
    this.#desk.change(layer, mark.id, { ...mark, place });
    const unsure = place.carried.filter((part) => part.confidence < LOW_CONFIDENCE).length;
    this.#desk.say(`Followed on ${place.carried.length} frames${unsure === 0 ? "." : `; ${unsure} of them ask for a key frame.`}`);
  }

  /** @param {number | null} share  of the work; null when none is under way */
  #say(share) {
    const name = share === null ? NAME : "Stop following";
    write(this.#word, share === null ? name : `${name} · ${Math.round(share * 100)} %`);
    assign(this.button, "aria-label", name);
    assign(this.button, "title", name);
  }
}

/**
 * Asks with kind and place alone: no words of the person are sent.
 * @param {string} case_id @param {DocumentMark} mark @param {number} frame_index  at which it is looked at
 * @param {(share: number) => void} progress @param {AbortSignal} signal
 * @returns {Promise<OnTrack>}
 */
async function askPlace(case_id, { id, clip, kind, source, place }, frame_index, progress, signal) {
  const url = `/api/cases/${encodeURIComponent(case_id)}/clips/${encodeURIComponent(clip)}/carry`;
  const answer = await ask(url, { method: "POST", body: JSON.stringify({ mark: { id, clip, kind, source, place }, frame_index }), headers: { "X-Visitor": VISITOR }, signal });
  for await (const line of linesOf(answer)) {
    if (typeof line.error === "string") throw new Refusal(line.error);
    if (line.mark !== undefined) return /** @type {{place: OnTrack}} */ (line.mark).place;
    progress(Number(line.done) / Math.max(1, Number(line.of)));
  }
  throw new Refusal("The following was broken off; try again.");
}
