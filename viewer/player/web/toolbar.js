// Buttons of the picture: panels, layout, tools, view, marks, taking it along.
/** @import { PlayerState, Tool } from "./types.d.ts" */
/** @import { Shortcut } from "./shortcuts.js" */
/** @import { Store } from "./store.js" */
import { button, element, group, press } from "./dom.js";
import { panelName } from "./labels.js";
import { makeMenu } from "./menu.js";
import { ownScene } from "./lent_panels.js";
import { toggleShown } from "./requests.js";
import { saidOf } from "./marks.js";
import { hasEnds } from "./stump_paths.js";
import { makeTonePanel } from "./tone_panel.js";
import { moves } from "./timeline.js";
import { set, toggleEnds, toggleStrain } from "./view_requests.js";
import { WAYS } from "./ways.js";

/** @type {readonly [Tool, string][]} */
const TOOLS = [["scrub", "Scrub by dragging"], ["pan", "Pan by dragging"], ["window", "Grey levels by dragging"], ["caliper", "Caliper"]];

/**
 * @typedef {object} Errands  what the toolbar cannot do by itself
 * @property {(shortcut: Pick<Shortcut, "action" | "amount">) => void} obey
 * @property {() => void} full
 * @property {(what: "panel" | "all") => void} save
 * @property {() => void} copy
 * @property {() => void} exports
 * @property {() => void} placeMark
 * @property {import("./tone_panel.js").WindowOf} windowOf
 */

/** @param {Store<PlayerState>} store @param {Errands} errands @returns {HTMLElement} */
export function makeToolbar(store, errands) {
  const obey = (/** @type {string} */ action, /** @type {number} */ amount = 0) => () => errands.obey({ action, amount });
  const more = button({ name: "More tools", icon: "more", pressed: false, className: "msus-more" }, () => {
    press(more, bar.closest(".msus-player")?.toggleAttribute("data-more") ?? false);
  });
  const bar = element("div", { class: "msus-toolbar" },
    panelButtons(store),
    layoutButtons(store, obey),
    toolButtons(store, errands, obey),
    group("View",
      button({ name: "Zoom in", key: "+", icon: "zoom_in" }, obey("zoom", 1)), button({ name: "Zoom out", key: "−", icon: "zoom_out" }, obey("zoom", -1)),
      button({ name: "Fit", key: "0", icon: "fit" }, obey("fit")), button({ name: "Flip left and right", key: "F", icon: "flip" }, obey("flip")),
      makeTonePanel(store, errands.windowOf),
      ...togetherToggles(store)),
    group("Marks",
      toggle(store, "marks_hidden", "Hide marks", "marks", "H"), toggle(store, "text_hidden", "Hide all text", "text", "T"), toggle(store, "black", "Black screen", "black", "B"),
      makeMenu({ name: "Overlays", icon: "strain", closes: false }, [planeToggle(store), ...endToggles(store), strainToggle(store)])),
    group("Take along", makeMenu({ name: "Save, copy, export", icon: "save", closes: true }, [
      item("Save the chosen picture", "save", () => errands.save("panel")), item("Save the comparison", "save", () => errands.save("all")),
      item("Copy the comparison", "copy", errands.copy), item("Export pictures, films and marks", "export", errands.exports),
    ])),
    group("Room", toggle(store, "large_type", "Large type", "large"), button({ name: "Full screen", icon: "full" }, errands.full), button({ name: "Help", key: "?", icon: "help" }, obey("help")), more));
  return bar;
}

/** @param {string} name @param {import("./icons.js").IconName} icon @param {() => void} errand */
const item = (name, icon, errand) => button({ name, icon, text: name, className: "is-wide" }, errand);

/** @param {Store<PlayerState>} store */
function panelButtons(store) {
  const { panels } = ownScene(store.state().scene);
  if (panels.length < 2) return group("Panels");
  const buttons = panels.map((panel) => {
    const text = panelName(panel, panels);
    const made = button({ name: `Show ${panel.title}`, text, pressed: true, className: "is-choice" }, () => store.request(toggleShown(panel.panel_id)));
    store.watch((state) => state.shown[panel.panel_id] ?? false, (shown) => press(made, shown));
    return made;
  });
  return group("Panels", ...buttons);
}

/** What several panels share. @param {Store<PlayerState>} store */
function togetherToggles(store) {
  if (ownScene(store.state().scene).panels.filter((panel) => panel.role !== "static").length < 2) return [];
  return [toggle(store, "same_scale", "Same mm scale in all moving panels", "scale"), toggle(store, "views_linked", "Zoom and grey levels of all moving panels together", "link")];
}

/** @param {Store<PlayerState>} store @param {(action: string) => () => void} obey */
function layoutButtons(store, obey) {
  const { panels } = ownScene(store.state().scene);
  const ultrasound = panels.filter((panel) => panel.role !== "static").length;
  const offered = WAYS.filter(({ layout }) => (layout === "m_mode" ? panels.some(moves) : layout === "side" || layout === "curtain" ? panels.length > 1 : ultrasound > 1));
  if (panels.length < 2) offered.unshift(...WAYS.filter(({ layout }) => layout === "side" && offered.length > 0));
  const buttons = offered.map(({ layout, name, key, icon }) => /** @type {const} */ ([layout, button({ name, key, icon, pressed: layout === "side" }, obey(`layout_${layout}`))]));
  store.watch((state) => state.layout, (now) => buttons.forEach(([layout, made]) => press(made, layout === now)));
  return group("Layout", ...buttons.map(([, made]) => made));
}

/** @param {Store<PlayerState>} store @param {Errands} errands @param {(action: string) => () => void} obey */
function toolButtons(store, errands, obey) {
  const buttons = TOOLS.map(([tool, name]) => /** @type {const} */ ([tool, button({ name, icon: tool, pressed: false }, (event) => {
    store.request(set("tool", tool));
    if (tool === "caliper" && event.detail === 0) errands.placeMark(); // by keyboard: nothing to drag
  })]));
  store.watch((state) => state.tool, (now) => buttons.forEach(([tool, made]) => press(made, tool === now)));
  const draw = button({ name: "Draw", key: "D", icon: "pencil", text: "Draw", pressed: false, className: "is-wide msus-draw-open" }, obey("draw"));
  store.watch((state) => state.drawing, (open) => {
    press(draw, open);
    draw.setAttribute("aria-expanded", String(open));
  });
  const tools = group("Tools", ...buttons.map(([, made]) => made), draw);
  tools.classList.add("msus-tools");
  return tools;
}

/**
 * @param {Store<PlayerState>} store @param {"same_scale" | "views_linked" | "marks_hidden" | "text_hidden" | "large_type" | "black"} name
 * @param {string} text @param {import("./icons.js").IconName} icon @param {string} [key]
 */
function toggle(store, name, text, icon, key) {
  const made = button({ name: text, icon, pressed: false, ...(key === undefined ? {} : { key }) }, () => store.request(set(name, !store.state()[name])));
  store.watch((state) => state[name], (on) => press(made, on));
  return made;
}

/** What is drawn of torn muscle ends, where somebody marked or followed them. @param {Store<PlayerState>} store */
function endToggles(store) {
  const { scene } = store.state();
  if (!scene.panels.some((panel) => hasEnds(panel, saidOf(scene, panel.clip_id).marks))) return [];
  return [endToggle(store, "ghost", "Outline of the muscle ends at rest", "G"), endToggle(store, "trail", "Way that the muscle ends took", "W")];
}

/** @param {Store<PlayerState>} store */
function strainToggle(store) {
  const made = button({ name: "Strain along the fascicles", key: "E", icon: "strain", text: "Strain along the fascicles", pressed: false, className: "is-wide" }, () => store.request(toggleStrain));
  store.watch((state) => state.strain, (on) => press(made, on));
  made.hidden = !store.state().scene.panels.some((panel) => panel.clip.maps_url !== null);
  return made;
}

/** @param {Store<PlayerState>} store @param {"ghost" | "trail"} name @param {string} text @param {string} key */
function endToggle(store, name, text, key) {
  const made = button({ name: text, icon: name, text, pressed: false, key, className: "is-wide" }, () => store.request(toggleEnds(name)));
  store.watch((state) => state[name], (on) => press(made, on));
  return made;
}

/** @param {Store<PlayerState>} store */
function planeToggle(store) {
  const made = button({ name: "Show where the ultrasound plane lies", icon: "plane", text: "Show where the ultrasound plane lies", pressed: false, className: "is-wide" }, () => store.request(set("scan_plane_shown", !store.state().scan_plane_shown)));
  store.watch((state) => state.scan_plane_shown, (on) => press(made, on));
  made.hidden = !store.state().scene.panels.some((panel) => panel.scan_planes.length > 0);
  return made;
}
