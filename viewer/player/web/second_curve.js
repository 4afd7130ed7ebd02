// A second curve laid over the gap: the thickness, the effort or a recorded
// torque of the clip that leads, or a curve of the clip beside it, brought onto
// the same axis by the link of the panels. Which one is chosen from a list.
/** @import { Panel, PlayerState, Timeline } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
import { mainCurve } from "./curve.js";
import { element, write } from "./dom.js";
import { activeStop, activeTimeline, leaderOf, panelOf } from "./position.js";
import { frameOn } from "./timeline.js";
import { set } from "./view_requests.js";
import { words } from "./words.js";

/** @typedef {{id: string, name: string, unit: string, source: string, panel_id: string, values: readonly (number | null)[], shares_axis: boolean}} Second  shares_axis: it is drawn on the axis of the gap */

/** @type {Readonly<Record<PlayerState["link"], string>>} */
const BY = Object.freeze({ phase: "by phase", time: "by time", frame: "by frame", none: "" });

/**
 * What can be laid over the curve of the panel that leads.
 * @param {PlayerState} state @returns {Second[]}
 */
export function secondsOf(state) {
  const timeline = activeTimeline(state);
  const leader = leaderOf(state);
  if (timeline === null || leader === undefined) return [];
  const own = leader.clip.other_curves.map((curve) => ({ ...curve, id: `own/${curve.curve_id}`, source: curve.source_label, panel_id: leader.panel_id, shares_axis: false }));
  const unit = mainCurve(leader.clip)?.unit;
  const beside = timeline.tracks.map(({ panel_id }) => panelOf(state, panel_id)).filter((panel) => panel !== undefined && panel !== leader && panel.clip_id !== leader.clip_id);
  return [...own, ...beside.flatMap((panel) => (panel === undefined ? [] : besideOf(panel, BY[timeline.link], unit)))];
}

/** @param {Panel} panel @param {string} by @param {string | undefined} unit  of the main curve @returns {Second[]} */
function besideOf({ panel_id, title, clip }, by, unit) {
  const gap = mainCurve(clip);
  const found = gap === null ? [] : [{ id: `${panel_id}/gap`, name: `${words.gap}, ${title}`, unit: gap.unit, source: `${gap.source_label}, ${by}`, panel_id, values: gap.values, shares_axis: gap.unit === unit }];
  return [...found, ...clip.other_curves.map((curve) => ({ ...curve, id: `${panel_id}/${curve.curve_id}`, name: `${curve.name}, ${title}`, source: `${curve.source_label}, ${by}`, panel_id, shares_axis: false }))];
}

/** The one that is chosen, if it is there. @param {PlayerState} state @returns {Second | null} */
export function secondOf(state) {
  return state.second_curve === null ? null : secondsOf(state).find(({ id }) => id === state.second_curve) ?? null;
}

/** Value at every stop of the axis; null where nobody knows it. @param {Second} second @param {Timeline} timeline @returns {(number | null)[]} */
export function secondAtStops(second, timeline) {
  return timeline.stops_s.map((start_s) => second.values[frameOn(timeline, second.panel_id, start_s) ?? -1] ?? null);
}

/**
 * Ends of an axis of its own, and the values that are marked on it.
 * @param {readonly (number | null)[]} values
 * @returns {{low: number, high: number, ticks: number[]}}
 */
export function ownAxis(values) {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (known.length === 0) return { low: 0, high: 1, ticks: [] };
  const pad = Math.max((most - least) * 0.08, Math.abs(most) * 0.01, 1e-6);
  const [low, high] = [least - pad, most + pad];
  const power = 10 ** Math.floor(Math.log10((high - low) / 2));
  const step = ([1, 2, 5, 10].find((each) => each * power >= (high - low) / 3) ?? 10) * power;
  const first = Math.ceil(low / step);
  return { low, high, ticks: Array.from({ length: Math.max(Math.floor(high / step) - first + 1, 0) }, (_, at) => Number(((first + at) * step).toPrecision(6))) };
}

/** The list to choose from, and what is read off. */
export class SecondCurve {
  element = element("div", { class: "msus-second", hidden: true });
  #store;
  #choice = element("select", { class: "msus-choice", "aria-label": "Second curve" });
  #now = element("b");
  #source = element("span", { class: "msus-gap-source" });
  #line = element("span", { "data-curve": "second", hidden: true }, this.#now, this.#source);
  #offered = "";
  /** @type {Timeline | null | undefined} of the last drawing: links, pins and panels shown make another one */
  #timeline = undefined;
  /** @type {string | null} */
  #chosen = null;
  /** @type {Second | null} */
  #second = null;
  #stop = -1;

  /** @param {Store<PlayerState>} store */
  constructor(store) {
    this.#store = store;
    this.element.append(element("label", {}, "Second curve ", this.#choice), this.#line);
    this.#choice.addEventListener("change", () => store.request(set("second_curve", this.#choice.value === "" ? null : this.#choice.value)));
  }

  draw() {
    const state = this.#store.state();
    const timeline = activeTimeline(state);
    if (timeline !== this.#timeline || state.second_curve !== this.#chosen) {
      this.#timeline = timeline;
      this.#chosen = state.second_curve;
      this.#stop = -1;
      const offered = secondsOf(state);
      this.#offer(offered, state.second_curve);
      this.#second = offered.find(({ id }) => id === state.second_curve) ?? null;
      this.#line.hidden = this.#second === null;
    }
    const second = this.#second;
    if (second === null || timeline === null || activeStop(state) === this.#stop) return;
    this.#stop = activeStop(state);
    const frame_index = frameOn(timeline, second.panel_id, timeline.stops_s[activeStop(state)] ?? 0) ?? 0;
    const value = second.values[frame_index] ?? null;
    write(this.#now, `${second.name} ${words.now} ${value === null ? "–" : `${value.toFixed(second.unit === "%" || second.unit === "px" ? 0 : 1)} ${second.unit}`}`);
    write(this.#source, second.source);
  }

  /** @param {readonly Second[]} offered @param {string | null} chosen */
  #offer(offered, chosen) {
    if (this.element.hidden === offered.length > 0) this.element.hidden = offered.length === 0;
    const key = offered.map(({ id, name, source }) => `${id} ${name} ${source}`).join(";");
    if (key !== this.#offered) {
      this.#offered = key;
      const same = (/** @type {Second} */ second) => offered.filter(({ name }) => name === second.name).length > 1;
      this.#choice.replaceChildren(element("option", { value: "" }, "none"), ...offered.map((second) => element("option", { value: second.id }, same(second) ? `${second.name} (${second.source})` : second.name)));
    }
    const value = offered.some(({ id }) => id === chosen) ? chosen ?? "" : "";
    if (this.#choice.value !== value) this.#choice.value = value;
  }
}
