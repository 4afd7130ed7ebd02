// Three sheets: the history of a mark, what was changed in two places, and what
// waits or was refused.
/** @import { PlayerState } from "../types.d.ts" */
/** @import { FrameStore } from "../frame_store.js" */
/** @import { Store } from "../store.js" */
/** @import { Gesture, LayerState, Revision, Waiting } from "./types.d.ts" */
import { button, element } from "../dom.js";
import { authorName } from "../drawing/author_memory.js";
import { newId, openKeeping } from "./keeping.js";
import { contentOf } from "./layer_view.js";
import { changeText, nameOf, whoAndWhen } from "./revision_words.js";
import { revisionPicture } from "./revision_picture.js";

/** @typedef {ReturnType<typeof openKeeping>} OpenedKeeping */
/** @typedef {{root: HTMLElement, store: Store<PlayerState>, frames: FrameStore}} Room */
/** @typedef {{layer: string, item: string}} ItemName */

/**
 * A sheet over the player that gives the focus back.
 * @param {HTMLElement} root @param {string} title
 * @param {(() => void)} [closed]
 * @returns {{body: HTMLElement, said: HTMLElement, close: () => void}}
 */
function openSheet(root, title, closed = () => undefined) {
  const body = element("div", { class: "msus-revisions", tabindex: 0, role: "group", "aria-label": title });
  const said = element("p", { class: "msus-revisions-said", role: "status" });
  const close = () => dialog.close();
  const dialog = element("dialog", { class: "msus-help msus-keeping-sheet", "aria-label": title },
    element("div", { class: "msus-help-head" }, element("h2", {}, title), button({ name: "Close", key: "Esc", icon: "close" }, close)), said, body);
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // its keys are not the player's
  const came_from = /** @type {ShadowRoot | Document} */ (root.getRootNode()).activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
    if (came_from instanceof HTMLElement && came_from.isConnected) came_from.focus({ preventScroll: true });
  });
  root.append(dialog);
  dialog.showModal();
  return { body, said, close };
}

/** @param {Room} room @param {OpenedKeeping} keeping @param {ItemName | null} named  null for the first of the list */
export function openHistory(room, keeping, named) {
  const { body, said } = openSheet(room.root, "History of marks");
  const items = itemsOf(keeping.layers());
  const choice = element("select", { "aria-label": "Mark" }, ...items.map(({ layer, item, name, title }) => element("option", { value: `${layer}/${item}` }, `${name} (${title})`)));
  const list = element("ol", { class: "msus-revision-list" });
  if (items.length === 0) return void said.append("Nothing has been drawn on this case yet.");
  body.append(choice, list);
  if (named !== null) choice.value = `${named.layer}/${named.item}`;
  const show = async () => {
    const one = items.find(({ layer, item }) => choice.value === `${layer}/${item}`);
    if (one === undefined) return;
    try {
      const revisions = await keeping.history(one.layer, one.item);
      const heads = keeping.layers().find(({ document }) => document.layer.id === one.layer)?.heads[one.item] ?? [];
      list.replaceChildren(...revisionRows(room, revisions, heads, async (revision) => {
        await keeping.restore(revision.id);
        await show();
        said.textContent = "Restored.";
      }, said));
      said.textContent = revisions.length === 0 ? "As it came with the case: nobody has changed it." : "";
    } catch (error) {
      said.textContent = sentenceOf(error);
    }
  };
  choice.addEventListener("change", () => void show());
  void show();
}

/** Everything that a history can be asked of: what is there, and what was deleted. @param {readonly LayerState[]} layers */
function itemsOf(layers) {
  return layers.flatMap(({ document, heads }) => {
    const contents = [...document.marks, ...document.annotated_frames];
    const there = contents.map((content) => ({ layer: document.layer.id, item: /** @type {string} */ (content.id), name: nameOf(content, content.id), title: document.layer.title }));
    const changed_first = (/** @type {{item: string}} */ { item }) => (heads[item] === undefined ? 1 : 0);
    there.sort((a, b) => changed_first(a) - changed_first(b));
    const gone = Object.keys(heads).filter((item) => item !== document.layer.id && !contents.some(({ id }) => id === item));
    return [...there, ...gone.map((item) => ({ layer: document.layer.id, item, name: `deleted: ${item}`, title: document.layer.title }))];
  });
}

/**
 * The newest first.
 * @param {Room} room @param {readonly Revision[]} revisions @param {readonly string[]} heads @param {(revision: Revision) => Promise<void>} restore @param {HTMLElement} said
 */
function revisionRows(room, revisions, heads, restore, said) {
  const contents = new Map(revisions.map((revision) => [revision.id, revision.content]));
  return revisions.map((revision) => {
    const before = revision.bases.map((base) => contents.get(base)).find((content) => content !== undefined);
    const is_present = heads.includes(revision.id);
    const back = button({ name: "Restore", text: "Restore", className: "is-wide" }, () => {
      back.disabled = true;
      restore(revision).catch((error) => {
        said.textContent = sentenceOf(error);
        back.disabled = false;
      });
    });
    return element("li", { class: "msus-revision", "data-revision": revision.id },
      revisionPicture(revision.content, before, place(room)),
      element("div", {}, element("strong", {}, changeText(revision.content, before)), element("span", {}, whoAndWhen(revision)),
        ...(revision.content?.label ? [element("span", {}, `“${revision.content.label}”`)] : [])),
      is_present ? element("span", { class: "msus-revision-present" }, "as it is now") : back);
  }).reverse();
}

/** Both versions of what was changed in two places, and what is to hold. @param {Room} room @param {OpenedKeeping} keeping */
export function openConflicts(room, keeping) {
  let shown = "";
  const { body, said, close } = openSheet(room.root, "Changed elsewhere: both kept", () => end());
  const show = () => {
    const states = keeping.layers().filter(({ changed_elsewhere }) => Object.keys(changed_elsewhere).length > 0);
    if (states.length === 0) return close();
    const key = JSON.stringify(states.map(({ changed_elsewhere }) => changed_elsewhere));
    if (key === shown) return; // what has the focus keeps it
    shown = key;
    body.replaceChildren(...states.flatMap(({ document, changed_elsewhere }) => Object.entries(changed_elsewhere)
      .map(([item, versions]) => conflictCard(room, { layer: document.layer.id, item }, versions, (gestures) => {
        said.textContent = "Settled.";
        for (const gesture of gestures) keeping.keep(gesture);
      }))));
  };
  const end = keeping.watch(show);
  show();
}

/** @param {Room} room @param {ItemName} named @param {readonly Revision[]} versions @param {(gestures: Gesture[]) => void} settle */
function conflictCard(room, named, versions, settle) {
  const name = nameOf(versions.find(({ content }) => content !== null)?.content ?? null, named.item);
  const cards = versions.map((version, at) => element("li", { class: "msus-revision" }, revisionPicture(version.content, null, place(room)),
    element("div", {}, element("strong", {}, version.content === null ? "deleted" : nameOf(version.content, named.item)), element("span", {}, whoAndWhen(version))),
    button({ name: `Keep version ${at + 1}`, text: "Keep this one", className: "is-wide" }, () => settle([settled(versions, version)]))));
  const there = versions.filter(({ kind, content }) => kind === "mark" && content !== null);
  const both = there.length < 2 ? [] : [button({ name: `Keep both of ${name}`, text: "Keep both, as two marks", className: "is-wide" }, () => settle(asTwo(versions, there)))];
  return element("section", { class: "msus-conflict" }, element("h3", {}, name), element("ul", { class: "msus-revision-list" }, ...cards), ...both);
}

/** The gesture of who settles it that lets one version hold, in place of all. @param {readonly Revision[]} versions @param {Revision} chosen @returns {Gesture} */
function settled(versions, chosen) {
  const { layer, item, kind, content } = chosen;
  return { id: newId(), case: chosen.case, layer, item, kind, bases: versions.map(({ id }) => id), author: authorName(), content };
}

/** @param {readonly Revision[]} versions @param {readonly Revision[]} there @returns {Gesture[]} */
function asTwo(versions, there) {
  return there.map((version, at) => {
    if (at === 0) return settled(versions, version);
    const item = `${version.item.slice(0, 50)}-${newId().slice(0, 8)}`;
    return { ...settled(versions, version), id: newId(), item, bases: [], content: { ...version.content, id: item } };
  });
}

/** What waits in this browser and what the server refused: to be taken along, or given up. @param {Room} room @param {OpenedKeeping} keeping */
export function openWaiting(room, keeping) {
  let shown = "";
  const { body, said, close } = openSheet(room.root, "Not on the server yet", () => end());
  const show = () => {
    const waiting = keeping.waiting();
    if (waiting.length === 0) return close();
    const key = JSON.stringify(waiting);
    if (key === shown) return;
    shown = key;
    body.replaceChildren(
      element("div", { class: "msus-row" },
        button({ name: "Download all as JSON", icon: "save", text: "Download all as JSON", className: "is-wide" }, () => download(waiting)),
        button({ name: "Try again now", text: "Try again now", className: "is-wide" }, () => keeping.sendNow())),
      element("ul", { class: "msus-revision-list" }, ...waiting.map((each) => waitingRow(room, keeping, each, () => {
        said.textContent = "Given up.";
      }))));
  };
  const end = keeping.watch(show);
  show();
}

/** @param {Room} room @param {OpenedKeeping} keeping @param {Waiting} waiting @param {() => void} dropped */
function waitingRow(room, keeping, { id, gesture, refused }, dropped) {
  const before = contentOf(keeping.layers(), gesture.layer, gesture.item);
  const drop = button({ name: `Give up the change of ${nameOf(gesture.content ?? before, gesture.item)}`, text: "Give up", className: "is-wide" }, () => {
    if (drop.textContent === "Give up") return void (drop.textContent = "Really give up?");
    void keeping.drop(id).then(dropped);
  });
  return element("li", { class: "msus-revision" }, revisionPicture(gesture.content, before, place(room)),
    element("div", {}, element("strong", {}, nameOf(gesture.content ?? before, gesture.item)), element("span", {}, refused ?? "waits for the server")), drop);
}

/** @param {readonly Waiting[]} waiting */
function download(waiting) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(waiting.map(({ gesture, refused }) => ({ ...gesture, refused })), null, 2)], { type: "application/json" }));
  const link = element("a", { href: url, download: "marks-not-on-the-server.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {Room} room */
function place({ store, frames }) {
  return { panels: store.state().scene.panels, frames };
}

/** @param {unknown} error */
function sentenceOf(error) {
  return error instanceof Error && error.name !== "TypeError" ? error.message : "The server cannot be reached; try again when the connection is back.";
}
