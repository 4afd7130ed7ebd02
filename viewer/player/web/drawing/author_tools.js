// What only an author sees: the layer that is drawn in, and the frame on the
// screen as one worth stopping at, with its title and its text alternative.
/** @import { Panel } from "../types.d.ts" */
/** @import { Desk } from "./desk.js" */
/** @import { DocumentFrame } from "./types.d.ts" */
import { button, element, press, write } from "../dom.js";
import { panelOf, wantedFrame } from "../position.js";
import { authorName, keepAuthorLayer, keepAuthorName } from "./author_memory.js";
import { sheetOf } from "./board.js";
import { newId } from "./desk.js";

const NAME_MAX = 80;

/** @typedef {{layer: string, panel: Panel, frame_index: number, known: DocumentFrame | undefined}} Stop */

/** @param {Desk} desk @returns {HTMLElement} */
export function makeAuthorTools(desk) {
  const choice = element("select", { "aria-label": "Draw in the layer" });
  choice.addEventListener("change", () => {
    desk.drawIn(choice.value);
    keepAuthorLayer(choice.value);
  });
  const tools = element("span", { class: "msus-author", hidden: true }, element("label", { class: "msus-author-layer" }, "Draw in", choice), makeNameField(desk), makeFrameSheet(desk));
  desk.board.watch((board) => `${board.layer} ${board.sheets.map((sheet) => `${sheet.layer.id} ${sheet.layer.title}`)}`, (_key, board) => {
    tools.hidden = board.sheets.every((sheet) => sheet.is_private);
    choice.replaceChildren(...board.sheets.map(({ layer, is_private }) => element("option", { value: layer.id }, is_private ? `${layer.title} (private)` : `${layer.title} (for everybody)`)));
    choice.value = board.layer;
  });
  return tools;
}

/** Who draws: written into each mark and each change of it. @param {Desk} desk @returns {HTMLElement} */
function makeNameField(desk) {
  const name = element("input", { type: "text", class: "msus-author-name", maxlength: NAME_MAX, placeholder: "Your name", "aria-label": "Your name, written into what you draw", autocomplete: "name" });
  desk.shared.author = name.value = authorName().slice(0, NAME_MAX);
  name.addEventListener("change", () => {
    desk.shared.author = name.value.trim();
    keepAuthorName(desk.shared.author);
  });
  return name;
}

/** @param {Desk} desk @returns {HTMLElement} */
function makeFrameSheet(desk) {
  const whose = element("strong");
  const title = element("input", { type: "text", maxlength: 200 });
  const text = element("textarea", { rows: 4, maxlength: 4000 });
  const said = element("span", { class: "msus-frame-said", role: "status" });
  const open = button({ name: "Annotated frame", icon: "key_frame", text: "Frame", pressed: false, className: "is-wide" }, () => show(sheet.hidden !== false));
  open.setAttribute("aria-expanded", "false");
  const keep = button({ name: "Keep the annotated frame", text: "Keep", className: "is-wide" }, () => save());
  const bin = button({ name: "Delete the annotated frame", text: "Delete", icon: "bin", className: "is-wide" }, () => {
    const stop = now();
    if (stop?.known !== undefined) desk.changeFrame(stop.layer, stop.known.id, null);
    show(false);
  });
  const sheet = element("div", { class: "msus-sheet msus-frame-sheet", role: "group", "aria-label": "Annotated frame", hidden: true }, whose,
    element("label", { class: "msus-field" }, element("span", {}, "Title"), title),
    element("label", { class: "msus-field" }, element("span", {}, "What is to be seen, for those who cannot see it"), text),
    element("div", { class: "msus-row" }, keep, bin), said);

  /** @type {Stop | null} the frame that the sheet was opened for; another one may be on the screen by now */
  let opened = null;
  const now = () => (opened === null ? null : knownNow(desk, opened));

  /** @param {boolean} shown */
  function show(shown) {
    const stop = shown ? stopOf(desk) : null;
    opened = stop;
    sheet.hidden = stop === null;
    press(open, stop !== null);
    open.setAttribute("aria-expanded", String(stop !== null));
    if (stop === null) return;
    write(whose, `Frame ${stop.frame_index + 1} of ${stop.panel.title}`);
    title.value = stop.known?.title ?? "";
    text.value = stop.known?.text_alternative ?? "";
    bin.hidden = stop.known === undefined;
    write(said, "");
  }

  function save() {
    const stop = now();
    const words = { title: title.value.trim(), text_alternative: text.value.trim() };
    if (stop === null) return;
    if (words.title === "" || words.text_alternative === "") return write(said, "An annotated frame needs a title and a text for those who cannot see it.");
    const { layer, panel, frame_index, known } = stop;
    /** @type {DocumentFrame} */
    const frame = { ...(known ?? { id: newId(), clip: panel.clip_id, frame_index }), ...words };
    desk.changeFrame(layer, frame.id, frame);
    show(false);
  }
  return element("span", { class: "msus-pop" }, open, sheet);
}

/** The frame of the chosen panel, in the layer that is drawn in; a private layer has no such frames, the first shared one takes them. @param {Desk} desk @returns {Stop | null} */
function stopOf(desk) {
  const state = desk.player.state();
  const board = desk.board.state();
  const panel = panelOf(state, state.active_id);
  const own = sheetOf(board, board.layer);
  const sheet = own?.is_private === false ? own : board.sheets.find((each) => !each.is_private);
  if (panel === undefined || sheet === undefined) return null;
  return knownNow(desk, { layer: sheet.layer.id, panel, frame_index: wantedFrame(state, panel), known: undefined });
}

/** With what is kept of the frame at this moment. @param {Desk} desk @param {Stop} stop @returns {Stop} */
function knownNow(desk, { layer, panel, frame_index }) {
  const frames = sheetOf(desk.board.state(), layer)?.frames ?? [];
  return { layer, panel, frame_index, known: frames.find((frame) => frame.clip === panel.clip_id && frame.frame_index === frame_index) };
}
