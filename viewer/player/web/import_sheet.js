// Files of marks taken over by an author: looked at first, kept whole, undone
// in one step. Everybody else is told who may.
/** @import { Panel, PlayerState } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
/** @import { Preview } from "./export_requests.js" */
import { button, element } from "./dom.js";
import { askImport, askPreview, askRemoval, exportsUrl, mayWrite, Refusal } from "./export_requests.js";

const LISTED = 12;

/** @param {Store<PlayerState>} store @param {() => Panel | undefined} panelNow @returns {HTMLElement} */
export function makeImport(store, panelNow) {
  const { deep_link_case: case_id } = store.state().scene;
  const body = element("div", { class: "msus-import" });
  const part = element("section", { class: "msus-import-part", "aria-label": "Import marks" }, element("h3", {}, "Import marks"), body);
  if (case_id === null) {
    body.append(element("p", {}, "Marks are imported into cases; clips that are opened for a visit keep none on the server."));
    return part;
  }
  void mayWrite().then((may) => {
    if (may) body.append(...form(store, case_id, panelNow));
    else body.append(element("p", {}, "Only an author may import marks into a case: open the author link that the viewer printed when it was started."));
  });
  return part;
}

/** @param {Store<PlayerState>} store @param {string} case_id @param {() => Panel | undefined} panelNow @returns {HTMLElement[]} */
function form(store, case_id, panelNow) {
  const file = element("input", { type: "file", accept: ".json,.xml,.dcm,application/json,text/xml,application/dicom" });
  const found = element("div", { class: "msus-import-found" });
  const said = element("p", { role: "status" });
  const url = () => {
    const panel = panelNow();
    return panel === undefined ? null : exportsUrl(store.state().scene, panel);
  };

  /** @param {() => Promise<void>} work */
  async function tried(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      said.textContent = error.message;
    }
  }

  async function look() {
    const chosen = file.files?.[0];
    const to = url();
    found.replaceChildren();
    if (chosen === undefined || to === null) return;
    said.textContent = `Reading ${chosen.name} …`;
    const preview = await askPreview(to, chosen);
    said.textContent = "";
    const title = element("input", { type: "text", value: preview.title || nameOf(chosen.name), maxlength: 200 });
    const keep = button({ name: "Keep as a layer", text: "Keep as a layer", icon: "on", className: "is-wide is-plain" }, () => void tried(() => take(to, chosen, title.value)));
    found.replaceChildren(...told(preview), element("label", { class: "msus-export-row" }, element("span", {}, "Name"), title), keep);
  }

  /** @param {string} to @param {File} chosen @param {string} title */
  async function take(to, chosen, title) {
    said.textContent = "Keeping …";
    const kept = await askImport(to, chosen, title);
    file.value = "";
    const undo = button({ name: "Undo the import", text: "Undo", icon: "reset", className: "is-wide is-plain" }, () => void tried(async () => {
      await askRemoval(case_id, kept.layer);
      found.replaceChildren();
      said.textContent = `The layer “${kept.title}” is taken back; its history is kept.`;
    }));
    const show = button({ name: "Show it", text: "Show it", icon: "marks", className: "is-wide is-plain" }, () => location.reload());
    found.replaceChildren(element("div", { class: "msus-export-go" }, show, undo));
    said.textContent = `${kept.count === 1 ? "1 mark is" : `${kept.count} marks are`} kept in the layer “${kept.title}”.`;
  }

  file.addEventListener("change", () => void tried(look));
  const row = element("label", { class: "msus-export-row" }, element("span", {}, "File"), file);
  const hint = element("p", {}, "Our JSON, DICOM SR, GSPS or SEG, CVAT for video, COCO. Nothing is kept before you have seen what is in it.");
  return [hint, row, found, said];
}

/** @param {Preview} preview @returns {HTMLElement[]} */
function told({ format, marks, count, annotated_frames, remarks }) {
  const listed = marks.slice(0, LISTED).map(({ label, kind, frames }) => element("li", {}, `${label === "" ? kind : label}, ${frames}`));
  if (count > LISTED) listed.push(element("li", {}, `and ${count - LISTED} more`));
  const frames = annotated_frames === 0 ? "" : `, ${annotated_frames} annotated ${annotated_frames === 1 ? "frame" : "frames"}`;
  const lacks = remarks.length === 0 ? [] : [element("strong", {}, "What is left out"), element("ul", {}, ...remarks.map((sentence) => element("li", {}, sentence)))];
  return [element("strong", {}, `${format}: ${count === 1 ? "1 mark" : `${count} marks`}${frames}`), element("ul", {}, ...listed), ...lacks];
}

/** @param {string} file_name */
const nameOf = (file_name) => file_name.replace(/\.[^.]+$/, "");
