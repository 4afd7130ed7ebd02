/** The list of files on the page: a state in word and icon, one sentence, and what a person can do about it. */
/** @import { Row, State } from "./types.d.ts" */
import { element } from "./making.js";
import { isUnderWay } from "./rows.js";

/** @type {Record<State, { icon: string, word: string }>} */
const SHOWN_AS = {
  queued: { icon: "·", word: "waiting" },
  sending: { icon: "↑", word: "sending" },
  sent: { icon: "↑", word: "sent" },
  waiting: { icon: "·", word: "waiting" },
  reading: { icon: "▸", word: "reading" },
  opened: { icon: "✓", word: "opened" },
  same: { icon: "=", word: "opened already" },
  undecided: { icon: "?", word: "your decision" },
  refused: { icon: "✕", word: "not opened" },
  left_out: { icon: "–", word: "left out" },
  cancelled: { icon: "–", word: "cancelled" },
};

/**
 * @typedef {object} Actions
 * @property {(row: Row) => void} cancel
 * @property {(row: Row) => void} keep
 * @property {(row: Row) => void} leaveOut
 */

export class FileList {
  root = element("ul", "intake-list");
  /** @type {Map<string, Line>} */ #lines = new Map();
  #actions;

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.root.setAttribute("aria-label", "Files");
    this.root.setAttribute("role", "list"); // a list without bullets is no list to some readers
    this.root.tabIndex = 0; // so that it can be scrolled by keyboard
  }

  /** @param {readonly Row[]} rows */
  show(rows) {
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, line] of this.#lines) {
      if (keys.has(key)) continue;
      line.root.remove();
      this.#lines.delete(key);
    }
    for (const [place, row] of rows.entries()) {
      const line = this.#lines.get(row.key) ?? new Line(this.#actions);
      this.#lines.set(row.key, line);
      line.show(row);
      const there = this.root.children[place] ?? null;
      if (there !== line.root) this.root.insertBefore(line.root, there);
    }
    this.root.hidden = rows.length === 0;
  }

  /** Bring the first line that waits for the person into the list's own window; the page stays where it is. */
  showFirstDecision() {
    const line = [...this.#lines.values()].find(({ row }) => row?.state === "undecided");
    if (line) this.root.scrollTop = line.root.offsetTop;
  }
}

class Line {
  root = element("li", "intake-line");
  /** @type {Row | null} */ row = null;
  #icon = element("span", "intake-icon");
  #name = element("span", "intake-name");
  #word = element("span", "intake-word");
  #sentence = element("p", "intake-sentence");
  #notes = element("ul", "intake-notes");
  #progress = element("progress", "intake-line-progress");
  #buttons = element("span", "intake-line-buttons");
  #actions;

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#icon.setAttribute("aria-hidden", "true");
    this.root.tabIndex = -1; // takes the focus from a button that goes away
    const words = element("div", "intake-words");
    const title = element("p", "intake-title");
    title.append(this.#name, " ", this.#word);
    words.append(title, this.#sentence, this.#notes, this.#progress);
    this.root.append(this.#icon, words, this.#buttons);
  }

  /** @param {Row} row */
  show(row) {
    const before = this.row;
    if (before === row) return;
    this.row = row;
    this.root.dataset.state = row.state;
    const { icon, word } = SHOWN_AS[row.state];
    this.#icon.textContent = icon;
    this.#name.textContent = row.clip_number === null ? row.name : `${row.clip_number}. ${row.name}`;
    this.#word.textContent = word;
    this.#sentence.textContent = isUnderWay(row) ? progressOf(row) : row.sentence;
    this.#showProgress(row);
    if (before?.state !== row.state) {
      this.#showNotes(row);
      this.#showButtons(row);
    }
  }

  /** @param {Row} row */
  #showProgress(row) {
    this.#progress.hidden = row.state !== "sending" && row.state !== "reading";
    this.#progress.setAttribute("aria-label", `${row.name}: ${row.state}`);
    this.#progress.max = row.total || 1;
    if (row.total) this.#progress.value = Math.min(row.done, row.total);
    else this.#progress.removeAttribute("value");
  }

  /** @param {Row} row */
  #showNotes(row) {
    const notes = row.carries_identity ? ["A patient's identity is in the header.", ...row.warnings] : row.warnings;
    this.#notes.replaceChildren(...notes.map((note) => element("li", "intake-note", note)));
    this.#notes.hidden = notes.length === 0;
  }

  /** @param {Row} row */
  #showButtons(row) {
    const hadFocus = this.#buttons.matches(":focus-within");
    /** @type {HTMLButtonElement[]} */
    const buttons = [];
    if (row.state === "undecided") {
      const frames = row.good_frames === 1 ? "good frame" : `${row.good_frames} good frames`;
      buttons.push(this.#button(`Keep the ${frames}`, "keep"), this.#button("Leave it out", "leaveOut"));
    } else if (isUnderWay(row)) buttons.push(this.#button("Cancel", "cancel"));
    const isTheSame = buttons.map(labelOf).join() === [...this.#buttons.children].map(labelOf).join();
    if (isTheSame) return; // a button under the finger or with the focus stays the same one
    this.#buttons.replaceChildren(...buttons);
    if (hadFocus) this.root.focus();
  }

  /**
   * @param {string} label
   * @param {keyof Actions} action
   */
  #button(label, action) {
    const button = element("button", "intake-button", label);
    button.type = "button";
    button.setAttribute("aria-label", `${label}: ${this.row?.name}`);
    button.onclick = () => this.row && this.#actions[action](this.row);
    return button;
  }
}

/** @param {Element} button */
function labelOf(button) {
  return button.textContent;
}

/**
 * @param {Row} row
 * @returns {string} how far it is, in words
 */
function progressOf(row) {
  if (row.state === "reading") {
    if (row.done === 0) return "opening";
    return row.total ? `frame ${row.done} of ${row.total}` : `frame ${row.done}`;
  }
  if (row.state === "sending" && row.total) return `${Math.floor((100 * row.done) / row.total)} %`;
  return row.state === "sent" ? "all files are being looked at" : "";
}
