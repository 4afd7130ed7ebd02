// What this browser keeps of an author between visits: her name, and the layer
// that she draws in. A browser without storage asks her again.

const NAME = "msus-author-name";
const LAYER = "msus-author-layer";

/** @param {string} key @returns {string | null} */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a private window refuses storage
  }
}

/** @param {string} key @param {string} text */
function keep(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // She is asked again at her next visit.
  }
}

/** Her name, as it is written into what she draws; "" where she gave none. */
export const authorName = () => read(NAME) ?? "";
/** @param {string} name */
export const keepAuthorName = (name) => keep(NAME, name);

/** Id of the layer that she chose last; null where she never chose one. */
export const authorLayer = () => read(LAYER);
/** @param {string} layer */
export const keepAuthorLayer = (layer) => keep(LAYER, layer);
