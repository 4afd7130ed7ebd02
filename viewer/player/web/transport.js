// Buttons of time: play, step, speed, loop, link.
/** @import { Link, PlayerState, PlayMode } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
import { SPEEDS } from "./clock.js";
import { button, element, group, press } from "./dom.js";
import { icon } from "./icons.js";
import { modeText, speedText } from "./labels.js";
import { activeGroup, hasPhases } from "./position.js";
import { cycleRepeat, setLink, setPlayMode, setSpeed, step, toEnd, togglePlay, toPeak, toRest } from "./requests.js";

/** @type {readonly PlayMode[]} */
const MODES = ["loop", "sweep", "once"];
/** @type {readonly [Link, string][]} */
const LINKS = [["phase", "By phase"], ["time", "By time"], ["frame", "By frame"], ["none", "Unlinked"]];

/** @param {Store<PlayerState>} store @returns {HTMLElement} */
export function makeTransport(store) {
  const ask = (/** @type {(state: PlayerState) => PlayerState} */ request) => () => store.request(request);
  const repeat = button({ name: "Repeat a part", key: "L", text: "A–B", pressed: false, className: "is-wide" }, ask(cycleRepeat));
  store.watch((state) => state.repeat, (now) => {
    press(repeat, now !== null);
    repeat.dataset.stage = now === null ? "off" : now.b === null ? "open" : "on";
  });
  const bar = element("div", { class: "msus-transport" },
    group("Playing",
      button({ name: "First frame", key: "Home", icon: "first" }, ask(toEnd(-1))), button({ name: "One frame back", key: "←", icon: "back" }, ask(step(-1))),
      playButton(store),
      button({ name: "One frame on", key: "→", icon: "on" }, ask(step(1))), button({ name: "Last frame", key: "End", icon: "last" }, ask(toEnd(1)))),
    group("Go to", button({ name: "Rest", key: ",", text: "Rest", icon: "rest", className: "is-wide" }, ask(toRest)), button({ name: "Peak", key: ".", text: "Peak", icon: "peak", className: "is-wide" }, ask(toPeak))),
    choices("Speed", SPEEDS.map((speed) => [speed, speedText(speed)]), store, (state) => state.speed, setSpeed),
    choicesOfMode(store), group("Repeat", repeat), linkChoices(store));
  store.watch((state) => activeGroup(state) === null, (still) => bar.toggleAttribute("data-still", still));
  return bar;
}

/** @param {Store<PlayerState>} store */
function playButton(store) {
  const made = button({ name: "Play", key: "Space", icon: "play", className: "is-main" }, () => store.request(togglePlay));
  store.watch((state) => state.playing, (playing) => {
    made.replaceChildren(icon(playing ? "pause" : "play"));
    made.setAttribute("aria-label", playing ? "Pause" : "Play");
    made.title = `${playing ? "Pause" : "Play"} (Space)`;
  });
  return made;
}

/**
 * Buttons of which one is pressed.
 * @template Value
 * @param {string} name @param {readonly (readonly [Value, string])[]} values @param {Store<PlayerState>} store
 * @param {(state: PlayerState) => Value} select @param {(value: Value) => (state: PlayerState) => PlayerState} request
 */
function choices(name, values, store, select, request) {
  const buttons = values.map(([value, text]) => /** @type {const} */ ([value, button({ name: `${name}: ${text}`, text, pressed: false, className: "is-choice" }, () => store.request(request(value)))]));
  store.watch(select, (now) => buttons.forEach(([value, made]) => press(made, value === now)));
  return group(name, ...buttons.map(([, made]) => made));
}

/** @param {Store<PlayerState>} store */
function choicesOfMode(store) {
  const buttons = MODES.map((mode) => /** @type {const} */ ([mode, button({ name: modeText(mode), icon: mode, pressed: false }, () => store.request(setPlayMode(mode)))]));
  store.watch((state) => state.play_mode, (now) => buttons.forEach(([mode, made]) => press(made, mode === now)));
  return group("At the end", ...buttons.map(([, made]) => made));
}

/** @param {Store<PlayerState>} store */
function linkChoices(store) {
  const made = choices("Link", LINKS.filter(([link]) => link !== "phase" || hasPhases(store.state().scene)), store, (state) => state.link, setLink);
  made.classList.add("msus-links");
  store.watch((state) => Object.values(state.shown).filter(Boolean).length, (count) => made.toggleAttribute("data-alone", count < 2));
  return made;
}
