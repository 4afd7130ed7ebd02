// Elements, made in one line.
import { icon } from "./icons.js";
/** @import { IconName } from "./icons.js" */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean | number>} [attributes]  true sets an empty attribute, false leaves it out
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * A button with a picture, a name for readers, and the key beside the name.
 * @param {{name: string, key?: string, icon?: IconName, text?: string, pressed?: boolean, className?: string}} looks
 * @param {(event: MouseEvent) => void} click
 */
export function button(looks, click) {
  const title = looks.key === undefined ? looks.name : `${looks.name} (${looks.key})`;
  const made = element("button", { type: "button", class: `msus-button ${looks.className ?? ""}`.trim(), title });
  if (looks.icon !== undefined) made.append(icon(looks.icon));
  if (looks.text !== undefined) made.append(element("span", {}, looks.text));
  if (looks.text !== looks.name) made.setAttribute("aria-label", looks.name);
  if (looks.pressed !== undefined) made.setAttribute("aria-pressed", String(looks.pressed));
  made.addEventListener("click", click);
  return made;
}

/** @param {HTMLElement} target @param {boolean} pressed */
export function press(target, pressed) {
  assign(target, "aria-pressed", String(pressed));
}

/** Buttons that belong together. @param {string} name @param {(Node | string)[]} children */
export function group(name, ...children) {
  return element("div", { class: "msus-group", role: "group", "aria-label": name }, ...children);
}

/** Sets an attribute only where it changed. @param {Element} target @param {string} name @param {string} value */
export function assign(target, name, value) {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/** Writes text only where it changed, and into the text that is there, so that nothing is laid out in vain. @param {Node} target @param {string} text */
export function write(target, text) {
  const only = target.childNodes.length === 1 ? target.firstChild : null;
  if (!(only instanceof Text)) {
    if (target.textContent !== text) target.textContent = text;
  } else if (only.data !== text) only.data = text;
}

/** Hides or shows, only where that changes: an attribute that is set to what it is costs a new style all the same. @param {HTMLElement} target @param {boolean} hidden */
export function hide(target, hidden) {
  if (target.hidden !== hidden) target.hidden = hidden;
}
