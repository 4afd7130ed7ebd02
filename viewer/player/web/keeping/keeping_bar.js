// The line below the player that says how the marks are kept, and opens what
// there is to see of it. Readers never see it.
/** @import { ItemName, OpenedKeeping, Room } from "./keeping_sheets.js" */
/** @import { KeepingNews } from "./types.d.ts" */
import { button, element, write } from "../dom.js";
import { NOT_KEPT } from "../drawing_door.js";
import { AUTHOR } from "../keeping_door.js";
import { openKeeping } from "./keeping.js";
import { openConflicts, openHistory, openWaiting } from "./keeping_sheets.js";
import { statusText } from "./revision_words.js";

/**
 * @param {HTMLElement} parent @param {Room} room
 * @returns {() => void} takes it down
 */
export function mountKeeping(parent, room) {
  const case_id = room.store.state().scene.deep_link_case;
  if (case_id === null) return () => undefined;
  const keeping = openKeeping({ case_id });
  const said = element("span", { class: "msus-keeping-said", role: "status" });
  const both = button({ name: "Look at both versions", text: "Look at both", className: "is-wide" }, () => openConflicts(room, keeping));
  const waiting = button({ name: "What is not on the server yet", text: "Not on the server yet", className: "is-wide" }, () => openWaiting(room, keeping));
  const history = button({ name: "History of marks", text: "History of marks", className: "is-wide" }, () => openHistory(room, keeping, null));
  const leave = button({ name: "Stop writing in this browser", text: "Stop writing", className: "is-wide" }, () => void stop(keeping, said));
  const bar = element("div", { class: "msus-keeping", role: "group", "aria-label": "How your marks are kept", hidden: true },
    element("span", { class: "msus-keeping-light", "aria-hidden": "true" }), said, both, waiting, history, leave);

  /** @param {KeepingNews} news */
  function show({ status }) {
    const held = keeping.waiting().length;
    const may_write = keeping.mayWrite();
    bar.hidden = !may_write && held === 0;
    remember(may_write || held > 0);
    if (may_write && status.refused !== null) room.root.dispatchEvent(new CustomEvent(NOT_KEPT));
    bar.dataset.state = status.refused !== null ? "refused" : status.changed_elsewhere.length > 0 ? "both" : status.offline ? "offline" : held > 0 ? "saving" : "saved";
    write(said, statusText(status));
    both.hidden = status.changed_elsewhere.length === 0 || !may_write;
    waiting.hidden = held === 0 || (!status.offline && status.refused === null);
    history.hidden = !may_write;
    leave.hidden = !may_write;
  }
  const end = keeping.watch(show);
  const news = () => show({ layers: keeping.layers(), status: keeping.status() });
  void keeping.ready.then(() => {
    news();
    parent.toggleAttribute("data-author", !bar.hidden);
  });
  /** Somebody else on the page asks for the history of a mark. @param {Event} event */
  function asked(event) {
    if (event instanceof CustomEvent) openHistory(room, keeping, /** @type {ItemName} */ (event.detail));
  }
  const askedForWaiting = () => openWaiting(room, keeping);
  room.root.addEventListener("msus-history", asked);
  room.root.addEventListener("msus-waiting", askedForWaiting);
  const style = element("link", { rel: "stylesheet", href: new URL("./keeping.css", import.meta.url).href });
  parent.append(style, bar);
  return () => {
    room.root.removeEventListener("msus-history", asked);
    room.root.removeEventListener("msus-waiting", askedForWaiting);
    end();
    keeping.close();
    parent.replaceChildren();
  };
}

/** So that the next page opens the outbox, and leaves room for the bar before it comes. @param {boolean} is_needed */
function remember(is_needed) {
  try {
    if (is_needed) localStorage.setItem(AUTHOR, "yes");
    else localStorage.removeItem(AUTHOR);
  } catch {
    // Private windows refuse storage; the page then moves a little.
  }
}

/** @param {OpenedKeeping} keeping @param {HTMLElement} said */
async function stop(keeping, said) {
  try {
    await keeping.stopWriting();
  } catch {
    write(said, "The server cannot be reached; try again when the connection is back.");
  }
}
