// Files of marks taken over: looked at first, with what is left out, then kept
// whole, and undone in one step. A reader keeps them in her browser, an author
// also as a layer for everybody.
/** @import { Panel, PlayerState } from "./types.d.ts" */
/** @import { Drawing } from "./drawing/drawing.js" */
/** @import { Store } from "./store.js" */
/** @import { Preview } from "./export_requests.js" */
import { button, element } from "./dom.js";
import { askImport, askPreview, askReading, askRemoval, exportsUrl, mayWrite, Refusal } from "./export_requests.js";

const LISTED = 12;

/** @typedef {() => Promise<Drawing>} Tools */
/** @typedef {{panelNow: () => Panel | undefined, tools: Tools, close: () => void, changed: () => void}} Around  the sheet that it is a part of; changed: the reader has other marks than before */

/** @param {Store<PlayerState>} store @param {Around} around @returns {HTMLElement} */
export function makeImport(store, around) {
  const { deep_link_case: case_id } = store.state().scene;
  const body = element("div", { class: "msus-import" });
  const part = element("section", { class: "msus-import-part", "aria-label": "Import marks" }, element("h3", {}, "Import marks"), body);
  void (case_id === null ? Promise.resolve(false) : mayWrite()).then((may) => body.append(...form(store, around, may ? case_id : null)));
  return part;
}

/** @param {Store<PlayerState>} store @param {Around} around @param {string | null} case_id  of which she is an author @returns {HTMLElement[]} */
function form(store, { panelNow, tools, close, changed }, case_id) {
  const file = element("input", { type: "file", accept: ".json,.xml,.dcm,application/json,text/xml,application/dicom" });
  const found = element("div", { class: "msus-import-found" });
  const said = element("p", { role: "status" });

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
    const panel = panelNow();
    found.replaceChildren();
    if (chosen === undefined || panel === undefined) return;
    const url = exportsUrl(store.state().scene, panel);
    said.textContent = `Reading ${chosen.name} …`;
    const read = case_id === null ? await askReading(url, chosen, panel.clip_id) : null;
    const preview = read ?? await askPreview(url, chosen);
    said.textContent = "";
    const contents = async () => (read ?? await askReading(url, chosen, panel.clip_id)).contents;
    const own = button({ name: "Take into my marks", text: "Take into my marks", icon: "pencil", className: "is-wide is-plain" }, () => void tried(async () => takeOver(await contents(), preview.count)));
    found.replaceChildren(...told(preview, case_id === null), ...(case_id === null ? [] : shared(url, chosen, preview, case_id)),
      element("div", { class: "msus-export-go" }, own, element("span", {}, "They are then only in this browser.")));
  }

  /** Into the reader's own layer, of this clip. @param {readonly any[]} contents @param {number} count  of marks in the file */
  async function takeOver(contents, count) {
    const drawing = await tools();
    const [first] = drawing.takeMarks(contents);
    file.value = "";
    const undo = button({ name: "Undo the import", text: "Undo", icon: "reset", className: "is-wide is-plain" }, () => {
      drawing.undo();
      found.replaceChildren();
      said.textContent = "They are taken out again.";
      changed();
    });
    const show = button({ name: "Show them", text: "Show them", icon: "marks", className: "is-wide is-plain" }, () => {
      close();
      if (first !== undefined) drawing.showOwn(first);
    });
    found.replaceChildren(element("div", { class: "msus-export-go" }, show, undo));
    const others = count > contents.length ? ` ${counted(count - contents.length)} on other clips and left out.` : "";
    said.textContent = drawing.trouble ?? `${counted(contents.length)} now among your own, only in this browser.${others}`;
    changed();
  }

  /** What makes a layer of it, for authors. @param {string} url @param {File} chosen @param {Preview} preview @param {string} id  of the case */
  function shared(url, chosen, preview, id) {
    const title = element("input", { type: "text", value: preview.title || nameOf(chosen.name), maxlength: 200 });
    const keep = button({ name: "Keep as a layer", text: "Keep as a layer", icon: "on", className: "is-wide is-plain" }, () => void tried(() => keepLayer(url, chosen, title.value, id)));
    return [element("label", { class: "msus-export-row" }, element("span", {}, "Name"), title), keep];
  }

  /** @param {string} url @param {File} chosen @param {string} title @param {string} id  of the case */
  async function keepLayer(url, chosen, title, id) {
    said.textContent = "Keeping …";
    const kept = await askImport(url, chosen, title);
    file.value = "";
    const undo = button({ name: "Undo the import", text: "Undo", icon: "reset", className: "is-wide is-plain" }, () => void tried(async () => {
      await askRemoval(id, kept.layer);
      found.replaceChildren();
      said.textContent = `The layer “${kept.title}” is taken back; its history is kept.`;
    }));
    const show = button({ name: "Show it", text: "Show it", icon: "marks", className: "is-wide is-plain" }, () => void tried(async () => {
      said.textContent = "Fetching …";
      if (!await (await tools()).showLayer(kept.layer)) throw new Refusal("No mark of the layer is on a clip that is shown here.");
      close();
    }));
    found.replaceChildren(element("div", { class: "msus-export-go" }, show, undo));
    said.textContent = `${counted(kept.count)} kept in the layer “${kept.title}”.`;
  }

  file.addEventListener("change", () => void tried(look));
  const row = element("label", { class: "msus-export-row" }, element("span", {}, "File"), file);
  const who = case_id === null ? " The server reads the file and keeps nothing of it; the marks stay in this browser." : "";
  const hint = element("p", {}, `Our JSON, DICOM SR, GSPS or SEG, CVAT for video, COCO. Nothing is kept before you have seen what is in it.${who}`);
  return [hint, row, found, said];
}

/** What is left out comes first. @param {Preview} preview @param {boolean} is_own  a reader's own marks have no annotated frames @returns {HTMLElement[]} */
function told({ format, marks, count, annotated_frames, remarks }, is_own) {
  const listed = marks.slice(0, LISTED).map(({ label, kind, frames }) => element("li", {}, `${label === "" ? kind : label}, ${frames}`));
  if (count > LISTED) listed.push(element("li", {}, `and ${count - LISTED} more`));
  const in_words = annotated_frames === 0 ? "" : `, ${annotated_frames} annotated ${annotated_frames === 1 ? "frame" : "frames"}`;
  const lacking = is_own && annotated_frames > 0 ? [...remarks, "Annotated frames are left out: your own marks have none."] : remarks;
  const lacks = lacking.length === 0 ? [] : [element("strong", {}, "What is left out"), element("ul", {}, ...lacking.map((sentence) => element("li", {}, sentence)))];
  return [...lacks, element("strong", {}, `${format}: ${count === 1 ? "1 mark" : `${count} marks`}${in_words}`), element("ul", {}, ...listed)];
}

/** @param {number} count */
const counted = (count) => (count === 1 ? "1 mark is" : `${count} marks are`);

/** @param {string} file_name */
const nameOf = (file_name) => file_name.replace(/\.[^.]+$/, "");
