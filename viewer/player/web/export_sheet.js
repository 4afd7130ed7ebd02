// The sheet over the player from which pictures, films and files of marks are
// taken out, each with what it leaves out said before.
/** @import { Panel, PlayerState, Scene } from "./types.d.ts" */
/** @import { Store } from "./store.js" */
/** @import { Offer, Product, Wish } from "./export_requests.js" */
/** @import { Tools } from "./import_sheet.js" */
import { button, element } from "./dom.js";
import { privateKey, storeFor } from "./drawing_door.js";
import { askExport, askOffer, exportsUrl, Refusal, save } from "./export_requests.js";
import { makeImport } from "./import_sheet.js";
import { shownPanels, wantedFrame } from "./position.js";

const PICTURE = "png";
const FILMS = Object.freeze(["mp4", "webm", "gif"]);
/** No layer of the server has such an id. */
const OWN = "own marks";

/** @param {Store<PlayerState>} store @param {() => void} closeSheet @param {Tools} tools  of drawing, which come when they are asked for @returns {HTMLDialogElement} */
export function makeExportSheet(store, closeSheet, tools) {
  const panels = panelsOf(store.state());
  const clip = choice("Clip", panels.map((panel, at) => [String(at), panel.title]));
  const layer = choice("Layer", []);
  const product = element("select", { "aria-label": "Export as" });
  const told = element("div", { class: "msus-export-told", "aria-live": "polite" });
  const bar = element("progress", { max: 1, value: 0, hidden: true, "aria-label": "Progress of the export" });
  const said = element("p", { class: "msus-export-said", role: "status" });
  const go = button({ name: "Export", text: "Export", icon: "save", className: "is-wide is-plain" }, () => void run());
  const stop = button({ name: "Stop the export", text: "Stop", icon: "close", className: "is-wide is-plain" }, () => work?.abort());
  stop.hidden = true;
  const close = () => { work?.abort(); closeSheet(); };
  const saving = element("div");
  const fillSaving = () => saving.replaceChildren(...ownMarks(store.state()));
  const taking = makeImport(store, { panelNow: () => panelNow(), tools, close, changed: () => (fillSaving(), void learn(true)) });
  const dialog = element("dialog", { class: "msus-help msus-export", "aria-label": "Export and import" },
    element("div", { class: "msus-help-head" }, element("h2", {}, "Export"), button({ name: "Close", key: "Esc", icon: "close" }, close)),
    element("div", { class: "msus-export-body" }, clip.row, layer.row, element("label", { class: "msus-export-row" }, element("span", {}, "As"), product), told,
      element("div", { class: "msus-export-go" }, go, stop, bar), said, saving, taking));
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => work?.abort());

  /** @type {Offer | null} */
  let offer = null;
  let asked = 0;
  /** @type {AbortController | null} */
  let work = null;

  const panelNow = () => panels[Number(clip.select.value)] ?? panels[0];
  const layersNow = () => layer.select.options.length;
  const ownNow = () => ownOf(store.state().scene, panelNow());

  /** @returns {Wish} */
  function wish() {
    const panel = panelNow();
    if (panel === undefined) return { clip: "clip" };
    const [name = "", size = "1"] = product.value.split(" ");
    const starts_s = panel.clip.frame_starts_s;
    const entered = panel.clip.timing_source === "user" && starts_s !== null && starts_s.length > 1;
    return {
      clip: panel.clip_id, ...(layer.select.value === OWN ? { own: ownNow() } : { layer: layer.select.value }), frame_index: wantedFrame(store.state(), panel), scale: Number(size),
      ...(name === "" ? {} : { product: name }),
      ...(entered ? { frame_time_ms: ((starts_s.at(-1) ?? 0) / (starts_s.length - 1)) * 1000 } : {}),
    };
  }

  /** Asks what can be had of the clip and the layer. @param {boolean} layers_too */
  async function learn(layers_too) {
    const panel = panelNow();
    if (panel === undefined) return;
    const mine = ++asked;
    go.disabled = true;
    said.textContent = "";
    /** @type {(readonly [string, string])[]} */
    const own = ownNow() === null ? [] : [[OWN, "My marks, only in this browser"]];
    const is_opened = store.state().scene.deep_link_case === null;
    if (layers_too) layer.fill(is_opened ? own : []);
    try {
      const found = await askOffer(exportsUrl(store.state().scene, panel), wish());
      if (mine !== asked) return;
      offer = found;
      if (layers_too && !is_opened) layer.fill([...found.layers.map(({ id, title }) => /** @type {const} */ ([id, title])), ...own]);
      fillProducts();
      tell();
    } catch (error) {
      if (mine === asked) said.textContent = sentenceOf(error);
    }
  }

  function fillProducts() {
    const before = product.value;
    const frame = wish().frame_index ?? 0;
    const titled = (/** @type {Product} */ { id, title }) => option(id, title);
    const all = offer?.products ?? [];
    const files = all.filter(({ id }) => id !== PICTURE && !FILMS.includes(id));
    product.replaceChildren(
      optgroup("This frame", option(`${PICTURE} 1`, `PNG picture of frame ${frame + 1}`), option(`${PICTURE} 2`, `PNG picture of frame ${frame + 1}, twice the size`)),
      optgroup("The whole clip, with its marks", ...all.filter(({ id }) => FILMS.includes(id)).map(titled)),
      ...(layersNow() > 0 ? [optgroup("Its marks, for other programs", ...files.map(titled))] : []));
    if ([...product.options].some(({ value }) => value === before)) product.value = before;
  }

  /** What the chosen product leaves out, or why it cannot be made. */
  function tell() {
    const id = product.value.split(" ")[0];
    const chosen = offer?.products.find((each) => each.id === id);
    go.disabled = chosen === undefined || chosen.hindrance !== null || work !== null;
    if (chosen === undefined) return told.replaceChildren();
    if (chosen.hindrance !== null) return told.replaceChildren(element("p", {}, `Not possible here: ${chosen.hindrance}`));
    const is_own = layer.select.value === OWN;
    const none = is_own ? [element("p", {}, "To make this file, your marks on this clip are sent to the server, which does not keep them.")] : layersNow() === 0 ? [element("p", {}, "Nothing is drawn on this clip on the server; pictures and films show it as it is.")] : [];
    if (chosen.left_out.length === 0) return told.replaceChildren(...none, element("p", {}, "Nothing is left out."));
    told.replaceChildren(...none, element("strong", {}, "What it leaves out"), element("ul", {}, ...chosen.left_out.map((sentence) => element("li", {}, sentence))));
  }

  async function run() {
    const panel = panelNow();
    if (panel === undefined || work !== null) return;
    work = new AbortController();
    working(true);
    try {
      const { ready, name } = await askExport(exportsUrl(store.state().scene, panel), wish(), (done, of) => { bar.max = of; bar.value = done; }, work.signal);
      save(ready, name);
      said.textContent = `${name} is saved.`;
    } catch (error) {
      said.textContent = work.signal.aborted ? "Stopped; nothing was kept." : sentenceOf(error);
    }
    work = null;
    working(false);
  }

  /** @param {boolean} on */
  function working(on) {
    go.disabled = on;
    stop.hidden = bar.hidden = !on;
    bar.removeAttribute("value");
    if (on) said.textContent = "Exporting …";
    for (const select of [clip.select, layer.select, product]) select.disabled = on;
    if (on) stop.focus();
    else go.focus();
  }

  clip.select.addEventListener("change", () => void learn(true));
  layer.select.addEventListener("change", () => void learn(false));
  product.addEventListener("change", tell);
  fillSaving();
  const active = panels.findIndex((panel) => panel.panel_id === store.state().active_id);
  if (active > 0) clip.select.value = String(active);
  void learn(true);
  return dialog;
}

/** Panels whose clips can be taken out, one a clip and rather the chosen one. @param {PlayerState} state @returns {Panel[]} */
function panelsOf(state) {
  const ultrasound = shownPanels(state).filter((panel) => panel.role !== "static");
  const chosen = ultrasound.filter((panel) => panel.panel_id === state.active_id);
  return [...new Map([...ultrasound, ...chosen].map((panel) => [panel.clip_id, panel])).values()];
}

/** The reader's own marks, which are never sent: the browser itself saves them. @param {PlayerState} state @returns {HTMLElement[]} */
function ownMarks({ scene }) {
  const own = privateDocument(scene);
  if (own === null) return [];
  const name = `${scene.deep_link_case ?? "opened"}_my-marks.json`;
  const press = button({ name: "Save my own marks", text: "Save my own marks (our JSON)", icon: "save", className: "is-wide is-plain" }, () => {
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(own, null, 1)}\n`], { type: "application/json" }));
    save(url, name);
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  return [element("div", { class: "msus-export-go" }, press, element("span", {}, "Made by this browser itself; nothing is sent."))];
}

/** The reader's own marks on one clip, called as it is called now. @param {Scene} scene @param {Panel | undefined} panel @returns {Record<string, unknown> | null} null where she has none */
function ownOf(scene, panel) {
  if (panel === undefined) return null;
  try {
    const entry = JSON.parse(storeFor(scene).getItem(privateKey(scene, panel)) ?? "null");
    const marks = /** @type {{clip: string}[]} */ (entry?.marks ?? []).filter(({ clip }) => scene.deep_link_case === null || clip === panel.clip_id);
    return marks.length === 0 ? null : { ...entry, marks: marks.map((mark) => ({ ...mark, clip: panel.clip_id })) };
  } catch {
    return null; // a browser without storage keeps no marks
  }
}

/** All private entries of a scene's clips as one document. @param {Scene} scene @returns {Record<string, unknown> | null} */
function privateDocument(scene) {
  try {
    const entries = [...new Set(scene.panels.map((panel) => storeFor(scene).getItem(privateKey(scene, panel))))].flatMap((text) => (text === null ? [] : [JSON.parse(text)]));
    return entries.length === 0 ? null : { ...entries[0], marks: entries.flatMap(({ marks }) => marks) };
  } catch {
    return null; // a browser without storage keeps no marks
  }
}

/** @param {unknown} error */
function sentenceOf(error) {
  if (error instanceof Refusal) return error.message;
  throw error;
}

/** A label with a choice; hidden where there is nothing to choose. @param {string} name @param {readonly (readonly [string, string])[]} values */
function choice(name, values) {
  const select = element("select");
  const row = element("label", { class: "msus-export-row" }, element("span", {}, name), select);
  /** @param {readonly (readonly [string, string])[]} options */
  const fill = (options) => {
    select.replaceChildren(...options.map(([value, text]) => option(value, text)));
    row.hidden = options.length < 2;
  };
  fill(values);
  return { row, select, fill };
}

/** @param {string} value @param {string} text */
const option = (value, text) => element("option", { value }, text);

/** @param {string} label @param {HTMLOptionElement[]} options */
const optgroup = (label, ...options) => element("optgroup", { label }, ...options);
