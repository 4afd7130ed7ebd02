// A menu of the toolbar: one button that opens a sheet with named buttons.
/** @import { IconName } from "./icons.js" */
import { button, element, press } from "./dom.js";

/**
 * @param {{name: string, icon: IconName, text?: string, closes: boolean}} looks  closes: a choice is an errand, after which the menu is in the way
 * @param {readonly HTMLElement[]} items
 * @returns {HTMLElement}
 */
export function makeMenu({ closes, ...looks }, items) {
  const open = button({ ...looks, pressed: false, ...(looks.text === undefined ? {} : { className: "is-wide" }) }, () => show(sheet.hidden !== false));
  const sheet = element("div", { class: "msus-sheet msus-menu", hidden: true, role: "group", "aria-label": looks.name }, ...items);
  const pop = element("span", { class: "msus-pop", hidden: items.every((item) => item.hidden) }, open, sheet);
  open.setAttribute("aria-expanded", "false");
  if (closes) for (const item of items) item.addEventListener("click", () => show(false));
  const away = (/** @type {Event} */ event) => event.composedPath().includes(pop) || show(false);

  /** @param {boolean} shown */
  function show(shown) {
    const held_focus = sheet.matches(":focus-within");
    sheet.hidden = !shown;
    press(open, shown);
    open.setAttribute("aria-expanded", String(shown));
    if (!shown && held_focus) open.focus({ preventScroll: true });
    const player = pop.closest(".msus-player");
    if (shown) player?.addEventListener("pointerdown", away);
    else player?.removeEventListener("pointerdown", away);
  }
  return pop;
}
