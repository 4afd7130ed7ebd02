/** The place on the page: buttons for those who choose, a field for those who drop, and the list of what comes of it. */
/** @import { Taken, Thing } from "./types.d.ts" */
import { thingsOfChoice, thingsOfDrop } from "./arrivals.js";
import { Desk } from "./desk.js";
import { FileList } from "./file_list.js";
import { element } from "./making.js";
import { doingOf, shareOf, summaryOf } from "./rows.js";

export class DropZone {
  #root = element("section", "intake");
  #head = element("div", "intake-head");
  #summary = element("p", "intake-summary");
  #bar = element("progress", "intake-bar");
  #stop = element("button", "intake-button", "Cancel all");
  #message = element("p", "intake-message");
  #spoken = element("p", "intake-spoken");
  #max_files = 0;
  #settled = 0;
  #isQueued = false;
  /** @type {Desk | null} */ #desk = null;
  #list = new FileList({
    cancel: (row) => this.#desk?.cancel(row),
    keep: (row) => this.#desk?.keep(row),
    leaveOut: (row) => this.#desk?.giveUp(row),
  });
  #listeners = new AbortController();

  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.#root.setAttribute("aria-label", "Open clips");
    const choices = element("div", "intake-choices");
    choices.append(
      this.#chooser("Choose files", false),
      this.#chooser("Choose a folder", true),
      element("span", "intake-or", "or drop files, folders or a zip here"),
    );
    this.#stop.type = "button";
    this.#stop.onclick = () => this.#desk?.cancelAll();
    this.#bar.max = 1;
    this.#bar.setAttribute("aria-label", "All files");
    this.#head.append(this.#summary, this.#stop);
    this.#spoken.setAttribute("role", "status");
    this.#message.setAttribute("role", "alert");
    this.#root.append(choices, this.#message, this.#head, this.#bar, this.#list.root, this.#spoken);
    this.#takeDrops();
    parent.append(this.#root);
  }

  /**
   * @param {Desk} desk
   * @param {Taken} taken
   */
  update(desk, { max_files }) {
    if (this.#desk && this.#desk !== desk) this.#desk.onChange = () => {};
    this.#desk = desk;
    this.#max_files = max_files;
    desk.onChange = () => this.#showSoon();
    this.#show();
  }

  remove() {
    if (this.#desk) this.#desk.onChange = () => {};
    this.#listeners.abort();
    this.#root.remove();
  }

  /**
   * @param {string} label
   * @param {boolean} folder
   */
  #chooser(label, folder) {
    const button = element("button", "intake-button", label);
    button.type = "button";
    const input = element("input", "");
    input.type = "file";
    input.multiple = true;
    input.webkitdirectory = folder;
    input.hidden = true; // its button stands for it
    input.onchange = () => {
      const things = thingsOfChoice(input.files ?? []);
      input.value = "";
      this.#add(things);
    };
    button.onclick = () => input.click();
    const chooser = element("span", "");
    chooser.append(button, input);
    return chooser;
  }

  /** Files may be dropped anywhere on the page: beside the field, the browser would leave the page for them. */
  #takeDrops() {
    const { signal } = this.#listeners;
    addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.#root.classList.add("is-over");
    }, { signal });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.#root.classList.remove("is-over");
    }, { signal });
    addEventListener("drop", async (event) => {
      this.#root.classList.remove("is-over");
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      this.#add(await thingsOfDrop(event.dataTransfer, this.#max_files));
    }, { signal });
  }

  /** @param {Thing[]} things */
  #add(things) {
    this.#message.textContent = things.length === 0 ? "There is no file in it." : "";
    this.#desk?.add(things);
  }

  /** A folder of a thousand files changes a thousand times a second; one drawing a display frame is enough. */
  #showSoon() {
    if (this.#isQueued) return;
    this.#isQueued = true;
    requestAnimationFrame(() => {
      this.#isQueued = false;
      this.#show();
    });
  }

  #show() {
    if (!this.#desk) return;
    const { rows, rowsInHand, looked_at, isBusy, settled } = this.#desk;
    const words = [doingOf(rowsInHand, looked_at), summaryOf(rows)].filter(Boolean).join(" · ");
    Object.assign(this.#root.dataset, { busy: String(isBusy), settled: String(settled) });
    this.#head.hidden = this.#bar.hidden = rows.length === 0;
    this.#summary.textContent = words;
    this.#bar.value = shareOf(rowsInHand);
    // Hidden, yet in their place, so that nothing below moves when the work ends.
    this.#bar.style.visibility = this.#stop.style.visibility = isBusy ? "visible" : "hidden";
    this.#list.show(rows);
    if (isBusy) this.#spoken.textContent = "The files are being opened.";
    else if (settled !== this.#settled) {
      this.#spoken.textContent = words;
      this.#list.showFirstDecision();
    }
    this.#settled = settled;
  }
}

/** @param {DragEvent} event */
function holdsFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}
