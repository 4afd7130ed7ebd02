// The list of marks: each with its line and note, a box to switch it off, and
// for outlined tissue the spotlight.
/** @import { ClipMarks, Mark, PlayerState } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
import { button, element, press } from "./dom.js";
import { toggleAllMarks, toggleMark, toggleSpotlight } from "./mark_requests.js";
import { allSaid, isClosed } from "./marks.js";

/** @param {Store<PlayerState>} store @returns {HTMLElement} */
export function makeMarkList(store) {
  const open = button({ name: "List of marks", icon: "list", text: "Marks", pressed: false, className: "is-wide" }, () => show(sheet.hidden !== false));
  open.setAttribute("aria-expanded", "false");
  const rows = element("div", { class: "msus-mark-rows" });
  const all = element("div", { class: "msus-row" },
    button({ name: "All marks", text: "All", className: "is-wide" }, () => store.request(toggleAllMarks(true))),
    button({ name: "No marks", text: "None", className: "is-wide" }, () => store.request(toggleAllMarks(false))));
  const sheet = element("div", { class: "msus-sheet msus-mark-sheet", hidden: true, role: "group", "aria-label": "Marks" }, rows, all);
  const pop = element("span", { class: "msus-pop" }, open, sheet);

  /** @param {boolean} shown */
  function show(shown) {
    sheet.hidden = !shown;
    press(open, shown);
    open.setAttribute("aria-expanded", String(shown));
  }
  /** @type {(() => void)[]} what ends the watching of the rows before */
  let ends = [];
  store.watch((state) => state.scene, (scene) => {
    for (const end of ends) end();
    ends = [];
    const said = allSaid(scene).filter((each) => each.marks.length > 0);
    pop.hidden = said.length === 0;
    rows.replaceChildren(...said.flatMap((each) => [
      ...(said.length > 1 ? [element("strong", {}, titleOf(store.state(), each))] : []),
      ...each.marks.map((mark) => rowOf(store, mark, ends)),
    ]));
  });
  return pop;
}

/** @param {PlayerState} state @param {ClipMarks} said */
function titleOf(state, { clip_id }) {
  return state.scene.panels.find((panel) => panel.clip_id === clip_id)?.title ?? "";
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
  if (!isClosed(mark)) return row;
  const light = button({ name: `Spotlight on ${name}`, icon: "spotlight", pressed: false, className: "is-small" }, () => store.request(toggleSpotlight(mark_id)));
  ends.push(store.watch((state) => state.spotlight === mark_id, (on) => press(light, on)));
  row.append(light);
  return row;
}
