/** The place on the page: buttons for those who choose, a field for those who drop, and progress while it lasts. */
import { filesOfDrop, isWanted } from "./arrivals.js";
import { openFiles } from "./sending.js";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export class DropZone {
  /** @type {string} */ #token = "";
  /** @type {(count: number) => void} */ #onOpened = () => {};
  /** @type {AbortController | null} */ #work = null;
  #root = element("section", "intake");
  #choices = element("div", "intake-choices");
  #progress = element("div", "intake-progress");
  #doing = element("p", "intake-doing");
  #bar = element("progress", "intake-bar");
  #message = element("p", "intake-message");

  /** @param {HTMLElement | ShadowRoot} parent */
  constructor(parent) {
    this.#root.setAttribute("aria-label", "Open clips");
    this.#choices.append(
      this.#chooser("Choose files", false),
      this.#chooser("Choose a folder", true),
      element("span", "intake-or", "or drop files, a folder or a zip here"),
    );
    const stop = element("button", "intake-button", "Cancel");
    stop.type = "button";
    stop.onclick = () => this.#work?.abort();
    this.#bar.max = 1;
    this.#bar.setAttribute("aria-label", "Progress");
    this.#progress.append(this.#doing, this.#bar, stop);
    this.#progress.hidden = true;
    this.#message.setAttribute("role", "status");
    this.#root.append(this.#choices, this.#progress, this.#message);
    this.#takeDrops();
    parent.append(this.#root);
  }

  /**
   * @param {string} token
   * @param {(count: number) => void} onOpened
   */
  update(token, onOpened) {
    this.#token = token;
    this.#onOpened = onOpened;
  }

  remove() {
    this.#work?.abort();
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
      const files = [...(input.files ?? [])].filter((file) => isWanted(file.name));
      input.value = "";
      this.#open(files);
    };
    button.onclick = () => input.click();
    const chooser = element("span", "");
    chooser.append(button, input);
    return chooser;
  }

  #takeDrops() {
    this.#root.ondragover = (event) => {
      event.preventDefault();
      this.#root.classList.add("is-over");
    };
    this.#root.ondragleave = () => this.#root.classList.remove("is-over");
    this.#root.ondrop = async (event) => {
      event.preventDefault();
      this.#root.classList.remove("is-over");
      if (event.dataTransfer) this.#open(await filesOfDrop(event.dataTransfer));
    };
  }

  /** @param {File[]} files */
  async #open(files) {
    if (this.#work) return; // one batch at a time
    if (files.length === 0) {
      this.#message.textContent = "There is no file in it.";
      return;
    }
    this.#work = new AbortController();
    this.#show("", true);
    try {
      const count = await openFiles(this.#token, files, this.#work.signal, ({ doing, share }) => {
        this.#doing.textContent = doing;
        this.#bar.value = share;
      });
      this.#show("", false);
      this.#onOpened(count);
    } catch (error) {
      const cancelled = error instanceof DOMException && error.name === "AbortError";
      this.#show(cancelled ? "Cancelled; nothing of it was kept." : String(/** @type {Error} */ (error).message), false);
    } finally {
      this.#work = null;
    }
  }

  /**
   * @param {string} message
   * @param {boolean} working
   */
  #show(message, working) {
    this.#message.textContent = message;
    this.#progress.hidden = !working;
    this.#choices.hidden = working;
  }
}
