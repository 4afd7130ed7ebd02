/** The intake's only module that knows Streamlit: mounts the drop zone once and tells Python when files were read. */
import { DropZone } from "./drop_zone.js";

/** @type {WeakMap<object, { zone: DropZone, run: number }>} */
const mounts = new WeakMap();

/** Token of the newest visit on this page; its end is announced when the page is closed. */
let visitToken = "";

globalThis.addEventListener?.("pagehide", (event) => {
  if (visitToken && !event.persisted) navigator.sendBeacon(`/api/visits/${visitToken}/leave`);
});

/**
 * @param {{ data: { visit_token: string }, parentElement: HTMLElement | ShadowRoot,
 *           setTriggerValue: (name: string, value: unknown) => void }} component
 */
export default function intake({ data, parentElement, setTriggerValue }) {
  visitToken = data.visit_token;
  let mount = mounts.get(parentElement);
  if (!mount) {
    mount = { zone: new DropZone(parentElement), run: 0 };
    mounts.set(parentElement, mount);
  }
  const run = (mount.run += 1);
  mount.zone.update(data.visit_token, (count) => setTriggerValue("opened", count));
  return () => {
    // A superseded run's cleanup is called while the mount lives; only the newest may take it down.
    const current = mounts.get(parentElement);
    if (current?.run !== run) return;
    current.zone.remove();
    mounts.delete(parentElement);
  };
}
