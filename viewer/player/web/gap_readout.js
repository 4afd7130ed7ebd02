// The readout of the curve under the scrubber: the gap now, at rest, at peak,
// with ± and where it comes from.
/** @import { Curve, PlayerState } from "./types.d.ts" */
import { curveTexts } from "./curve.js";
import { element, write } from "./dom.js";
import { leaderOf, wantedFrame } from "./position.js";
import { words } from "./words.js";

/** @typedef {{line: HTMLElement, now: HTMLElement, rest: HTMLElement, peak: HTMLElement, source: HTMLElement}} Line */

export class GapReadout {
  element = element("div", { class: "msus-gap", hidden: true });
  #tracked = makeLine("tracked");
  #truth = makeLine("truth");
  #key = "";

  constructor() {
    this.element.append(this.#tracked.line, this.#truth.line);
  }

  /** @param {PlayerState} state */
  draw(state) {
    const leader = leaderOf(state);
    const { curve = null, truth_curve = null } = leader?.clip ?? {};
    if (leader === undefined || (curve === null && truth_curve === null)) {
      if (!this.element.hidden) this.element.hidden = true;
      return;
    }
    const frame_index = wantedFrame(state, leader);
    const key = `${leader.panel_id} ${frame_index} ${state.marks_hidden}`;
    if (key === this.#key && !this.element.hidden) return;
    this.#key = key;
    this.element.hidden = false;
    tell(this.#tracked, curve, frame_index);
    tell(this.#truth, state.marks_hidden && curve !== null ? null : truth_curve, frame_index);
  }
}

/** @param {string} name @returns {Line} */
function makeLine(name) {
  const [now, rest, peak] = [element("b"), element("span"), element("span")];
  const source = element("span", { class: "msus-gap-source" });
  return { line: element("div", { "data-curve": name }, now, rest, peak, source), now, rest, peak, source };
}

/** @param {Line} line @param {Curve | null} curve @param {number} frame_index */
function tell(line, curve, frame_index) {
  line.line.hidden = curve === null;
  if (curve === null) return;
  const texts = curveTexts(curve, frame_index);
  write(line.now, `${words.gap} ${words.now} ${texts.now}`);
  write(line.rest, texts.rest === "" ? "" : `${words.at_rest} ${texts.rest}`);
  write(line.peak, texts.peak === "" ? "" : `${words.at_peak} ${texts.peak}`);
  write(line.source, texts.source);
}
