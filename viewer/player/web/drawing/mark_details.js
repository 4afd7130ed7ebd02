// The sheet of the mark in the hand: what it is called in a dictionary, a note
// for the learner, colour and line, and where the tissue takes it.
/** @import { Desk, Hand } from "./desk.js" */
/** @import { Following } from "./following.js" */
/** @import { Colour, Concept, DocumentMark, Line } from "./types.d.ts" */
import { button, element, press } from "../dom.js";
import { sheetOf } from "./board.js";
import { builtInTerms, conceptOf, termOf } from "./concepts.js";
import { COLOURS, LINES } from "./kinds.js";

/** @typedef {{element: HTMLElement, tell: (hand: Hand, frame_index: number) => void, close: () => void}} Details */

/** @param {Desk} desk @param {Following} following @returns {Details} */
export function makeDetails(desk, following) {
  const concept = element("input", { type: "text", list: "msus-terms", maxlength: 64, placeholder: "such as haematoma, or words of your own" });
  const terms = element("datalist", { id: "msus-terms" });
  const note = element("textarea", { rows: 3, maxlength: 4000 });
  const colours = Object.entries(COLOURS).map(([colour, rgb]) => swatch(desk, /** @type {Colour} */ (colour), rgb));
  const lines = LINES.map((line) => lineButton(desk, line));
  const history = button({ name: "History of this mark", text: "History", icon: "reset", className: "is-wide" }, () => askForHistory(desk, history));
  const open = button({ name: "Details of the mark", icon: "tone", text: "Details", pressed: false, className: "is-wide" }, () => show(sheet.hidden !== false));
  open.setAttribute("aria-expanded", "false");
  const sheet = element("div", { class: "msus-sheet msus-mark-details", role: "group", "aria-label": "Details of the mark", hidden: true },
    field("Concept", concept), terms, field("Note for the learner", note),
    element("div", { class: "msus-swatches", role: "group", "aria-label": "Colour" }, ...colours.map(({ made }) => made)),
    element("div", { class: "msus-windows", role: "group", "aria-label": "Line" }, ...lines.map(({ made }) => made)), following.button, history);

  /** @param {boolean} shown */
  function show(shown) {
    if (shown && terms.childElementCount === 0) void builtInTerms().then((known) => terms.replaceChildren(...known.map((term) => element("option", { value: term.term }))));
    sheet.hidden = !shown;
    press(open, shown);
    open.setAttribute("aria-expanded", String(shown));
  }
  concept.addEventListener("change", () => {
    const { hand } = desk; // another mark may be in it when the terms have come
    const words = concept.value.trim();
    if (hand === null) return;
    void builtInTerms().then((known) => desk.editMark(hand.layer, hand.mark.id, (mark) => ({ ...mark, concept: conceptOf(words, known), label: mark.label === "" ? words : mark.label })));
  });
  note.addEventListener("change", () => desk.edit((mark) => ({ ...mark, note: note.value.trim() })));

  return {
    element: element("span", { class: "msus-pop" }, open, sheet),
    close: () => !sheet.hidden && show(false),
    tell({ layer, mark }, frame_index) {
      following.tell(mark, frame_index);
      history.hidden = sheetOf(desk.board.state(), layer)?.is_private !== false;
      if (!note.matches(":focus")) note.value = mark.note;
      if (!concept.matches(":focus")) void tellConcept(concept, mark.concept);
      for (const { colour, made } of colours) press(made, mark.style.colour === colour);
      for (const { line, made } of lines) press(made, mark.style.line === line);
    },
  };
}

/** @param {HTMLInputElement} input @param {Concept | null} concept */
async function tellConcept(input, concept) {
  input.value = concept?.meaning ?? "";
  if (concept !== null) input.value = termOf(concept, await builtInTerms());
}

/** The keeping side shows it. @param {Desk} desk @param {HTMLElement} from */
function askForHistory(desk, from) {
  const { hand } = desk;
  if (hand !== null) from.closest(".msus-player")?.dispatchEvent(new CustomEvent("msus-history", { detail: { layer: hand.layer, item: hand.mark.id } }));
}

/** @param {string} name @param {HTMLElement} input */
function field(name, input) {
  return element("label", { class: "msus-field" }, element("span", {}, name), input);
}

/** @param {Desk} desk @param {Colour} colour @param {string} rgb */
function swatch(desk, colour, rgb) {
  const made = button({ name: `Colour: ${colour.replaceAll("-", " ")}`, pressed: false, className: "msus-swatch" }, () => desk.edit((mark) => styled(mark, { colour })));
  made.style.setProperty("--mark", rgb);
  return { colour, made };
}

/** @param {Desk} desk @param {Line} line */
function lineButton(desk, line) {
  const made = button({ name: `Line: ${line}`, text: line, pressed: false, className: "is-choice" }, () => desk.edit((mark) => styled(mark, { line })));
  return { line, made };
}

/** @param {DocumentMark} mark @param {Partial<DocumentMark["style"]>} part @returns {DocumentMark} */
function styled(mark, part) {
  return { ...mark, style: { ...mark.style, ...part } };
}
