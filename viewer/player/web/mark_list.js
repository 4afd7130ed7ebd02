// The list of marks, layer by layer: each with its line and note, a box to
// switch it off, and for outlined tissue the spotlight.
/** @import { ClipMarks, Mark, PlayerState } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
import { button, element, press } from "./dom.js";
import { wasAuthor } from "./keeping_door.js";
import { toggleAllMarks, toggleLayer, toggleMark, toggleSpotlight } from "./mark_requests.js";
import { allSaid, isClosed, layerOf, markIds } from "./marks.js";
import { words } from "./words.js";

/** Asks the drawing tools to take a mark in the hand. */
const TAKE = "msus-take";
/** Asks the keeping of marks for what became of one. */
const HISTORY = "msus-history";

/** @param {Store<PlayerState>} store @returns {HTMLElement} */
export function makeMarkList(store) {
  const open = button({ name: "List of marks", icon: "list", text: "Marks", pressed: false, className: "is-wide" }, () => show(sheet.hidden !== false));
  open.setAttribute("aria-expanded", "false");
  const rows = element("div", { class: "msus-mark-rows" });
  const all = element("div", { class: "msus-row" },
    button({ name: "All marks", text: "All", className: "is-wide" }, () => store.request(toggleAllMarks(true))),
    button({ name: "No marks", text: "None", className: "is-wide" }, () => store.request(toggleAllMarks(false))),
    button({ name: "Close the list", icon: "close" }, () => show(false)));
  const sheet = element("div", { class: "msus-sheet msus-mark-sheet", hidden: true, role: "group", "aria-label": "Marks" }, rows, all);
  const pop = element("span", { class: "msus-pop" }, open, sheet);
  sheet.addEventListener(TAKE, () => show(false));

  /** @param {boolean} shown */
  function show(shown) {
    sheet.hidden = !shown;
    if (shown) list();
    if (shown) sheet.scrollIntoView({ block: "nearest" }); // it opens upwards, and may be higher than what is seen above
    press(open, shown);
    open.setAttribute("aria-expanded", String(shown));
  }
  /** @type {(() => void)[]} what ends the watching of the rows before */
  let ends = [];
  store.watch((state) => state.marks, (_marks, state) => {
    pop.hidden = markIds(state.scene, state.marks).length === 0;
    if (!sheet.hidden) list();
  });

  /** Rows are made for those who look at them: there may be hundreds. */
  function list() {
    const state = store.state();
    for (const end of ends) end();
    ends = [];
    const said = allSaid(state).filter((each) => each.marks.length > 0);
    rows.replaceChildren(...said.flatMap((each) => [
      ...(said.length > 1 ? [element("strong", {}, titleOf(state, each))] : []),
      ...layersOf(each.marks).flatMap((marks) => [layerRow(store, marks, ends), ...marks.map((mark) => rowOf(store, mark, ends))]),
    ]));
  }
  return pop;
}

/** @param {PlayerState} state @param {ClipMarks} said */
function titleOf(state, { clip_id }) {
  return state.scene.panels.find((panel) => panel.clip_id === clip_id)?.title ?? "";
}

/** @param {readonly Mark[]} marks @returns {Mark[][]} by layer, each in its order */
function layersOf(marks) {
  /** @type {Map<string, Mark[]>} */
  const layers = new Map();
  for (const mark of marks) layers.set(layerOf(mark), [...(layers.get(layerOf(mark)) ?? []), mark]);
  return [...layers.values()];
}

/** A layer, shown or hidden as a whole. @param {Store<PlayerState>} store @param {readonly Mark[]} marks  not empty @param {(() => void)[]} ends */
function layerRow(store, marks, ends) {
  const [first] = marks;
  const ids = marks.map((mark) => mark.mark_id);
  const box = element("input", { type: "checkbox", "aria-label": `Layer ${first?.layer ?? ""}` });
  box.addEventListener("change", () => store.request(toggleLayer(ids, box.checked)));
  ends.push(store.watch((state) => ids.filter((id) => !state.marks_off.includes(id)).length, (on) => {
    box.checked = on > 0;
    box.indeterminate = on > 0 && on < ids.length;
  }));
  const note = first !== undefined && layerOf(first) === "private" ? element("small", {}, words.private_layer) : "";
  return element("div", { class: "msus-mark-row is-layer" }, element("label", {}, box, element("strong", {}, first?.layer ?? "")), note);
}

/** @param {Store<PlayerState>} store @param {Mark} mark @param {(() => void)[]} ends */
function rowOf(store, mark, ends) {
  const { mark_id } = mark;
  const name = mark.label === "" ? mark.kind : mark.label;
  const box = element("input", { type: "checkbox" });
  box.addEventListener("change", () => store.request(toggleMark(mark_id)));
  ends.push(store.watch((state) => state.marks_off.includes(mark_id), (off) => (box.checked = !off)));
  const sample = element("span", { class: "msus-mark-sample", "data-line": mark.line, "aria-hidden": "true" });
  sample.style.setProperty("--mark", mark.colour);
  const row = element("div", { class: "msus-mark-row" }, element("label", { title: mark.note }, box, sample, element("span", {}, name)));
  if ("measureAt" in mark) row.append(button({ name: `Take ${name} in the hand`, icon: "pencil", className: "is-small" }, () => row.dispatchEvent(new CustomEvent(TAKE, { bubbles: true, composed: true, detail: mark_id }))));
  if (store.state().scene.deep_link_case !== null && layerOf(mark) !== "private" && wasAuthor()) row.append(historyButton(mark_id, name));
  if (!isClosed(mark)) return row;
  const light = button({ name: `Spotlight on ${name}`, icon: "spotlight", pressed: false, className: "is-small" }, () => store.request(toggleSpotlight(mark_id)));
  ends.push(store.watch((state) => state.spotlight === mark_id, (on) => press(light, on)));
  row.append(light);
  return row;
}

/** @param {string} mark_id  layer and item; the second version of what was changed in two places has a number after a tilde @param {string} name */
function historyButton(mark_id, name) {
  const [layer = "", item = ""] = mark_id.split("/");
  const made = button({ name: `History of ${name}`, icon: "history", className: "is-small" }, () => {
    made.dispatchEvent(new CustomEvent(HISTORY, { bubbles: true, composed: true, detail: { layer, item: item.split("~")[0] } }));
  });
  return made;
}
