/** The intake's only module that knows Streamlit: mounts the drop zone once and tells Python when files were read. */
/** @import { Taken } from "./types.d.ts" */
import { Desk } from "./desk.js";
import { DropZone } from "./drop_zone.js";

/** @type {WeakMap<object, { zone: DropZone, run: number }>} */
const mounts = new WeakMap();

/** Work goes on while the person looks at another page of ours; its visit ends with the browser's page only. */
let visitToken = "";
/** @type {Desk | null} */
let desk = null;

globalThis.addEventListener?.("pagehide", (event) => {
  if (visitToken && !event.persisted) navigator.sendBeacon(`/api/visits/${visitToken}/leave`);
});

/**
 * @param {{ data: Taken & { visit_token: string }, parentElement: HTMLElement | ShadowRoot,
 *           setTriggerValue: (name: string, value: unknown) => void }} component
 */
export default function intake({ data, parentElement, setTriggerValue }) {
  if (!desk || visitToken !== data.visit_token) desk = new Desk(data.visit_token, data);
  visitToken = data.visit_token;
  let mount = mounts.get(parentElement);
  if (!mount) {
    mount = { zone: new DropZone(parentElement), run: 0 };
    mounts.set(parentElement, mount);
  }
  const run = (mount.run += 1);
  mount.zone.update(desk, data);
  desk.onOpened = () => setTriggerValue("opened", Date.now());
  return () => {
    // A superseded run's cleanup is called while the mount lives; only the newest may take it down.
    const current = mounts.get(parentElement);
    if (current?.run !== run) return;
    current.zone.remove();
    mounts.delete(parentElement);
    if (desk) desk.onOpened = () => {};
  };
}
