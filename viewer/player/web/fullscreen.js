// Full screen for halls: large type, and a screen that does not fall asleep.
// Where the browser refuses (phones), the player fills the window instead.

export class FullScreen {
  #root;
  #changed;
  /** @type {{release: () => Promise<void>} | null} */
  #lock = null;
  #hear = () => this.#settle(document.fullscreenElement !== null);
  #wake = () => void (this.on && document.visibilityState === "visible" && this.#keepAwake());
  on = false;

  /** @param {HTMLElement} root @param {(on: boolean) => void} changed */
  constructor(root, changed) {
    this.#root = root;
    this.#changed = changed;
    document.addEventListener("fullscreenchange", this.#hear);
    document.addEventListener("visibilitychange", this.#wake);
  }

  async toggle() {
    if (this.on) return this.leave();
    try {
      await this.#root.requestFullscreen({ navigationUI: "hide" });
    } catch {
      this.#settle(true);
    }
  }

  async leave() {
    if (document.fullscreenElement !== null) await document.exitFullscreen().catch(() => undefined);
    this.#settle(false);
  }

  destroy() {
    document.removeEventListener("fullscreenchange", this.#hear);
    document.removeEventListener("visibilitychange", this.#wake);
    void this.#lock?.release().catch(() => undefined);
  }

  /** @param {boolean} on */
  #settle(on) {
    if (on === this.on) return;
    this.on = on;
    this.#root.toggleAttribute("data-full", on);
    if (on) void this.#keepAwake();
    else {
      void this.#lock?.release().catch(() => undefined);
      this.#lock = null;
    }
    this.#changed(on);
  }

  async #keepAwake() {
    try {
      this.#lock = await navigator.wakeLock.request("screen");
    } catch {
      this.#lock = null; // refused or unknown: the lecture goes on
    }
  }
}
