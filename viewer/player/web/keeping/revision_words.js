// What a revision did, in words. Nothing here knows a browser.
/** @import { Content, KeepingStatus, Revision } from "./types.d.ts" */

/** @param {KeepingStatus} status @returns {string} */
export function statusText({ waiting, offline, refused, changed_elsewhere }) {
  const parts = [];
  if (waiting > 0) parts.push(`${waiting} ${waiting === 1 ? "change" : "changes"} ${waitingFor(offline, refused, waiting)}`);
  if (refused !== null) parts.push(refused);
  if (changed_elsewhere.length > 0) parts.push("Changed elsewhere: both kept");
  return parts.length === 0 ? "Saved" : parts.join(" · ");
}

/** @param {boolean} offline @param {string | null} refused @param {number} waiting */
function waitingFor(offline, refused, waiting) {
  const verb = waiting === 1 ? "waits" : "wait";
  if (offline) return `${verb} for the connection`;
  return refused === null ? (waiting === 1 ? "is being saved" : "are being saved") : `${verb} in this browser`;
}

/** Name of an item for people. @param {Content | null} content @param {string} item */
export function nameOf(content, item) {
  return content?.label || content?.title || (content?.kind === undefined ? item : `${content.kind} ${item}`);
}

/**
 * What a revision did to the one before it.
 * @param {Content | null} content @param {Content | null | undefined} before  undefined for the first
 * @returns {string}
 */
export function changeText(content, before) {
  if (before === undefined) return content === null ? "deleted" : "first kept";
  if (content === null) return "deleted";
  if (before === null) return "brought back";
  const done = CHANGES.filter(([name]) => JSON.stringify(content[name]) !== JSON.stringify(before[name])).map(([, verb]) => verb);
  return done.length === 0 ? "kept again" : done.join(", ");
}

/** @type {readonly [string, string][]} */
const CHANGES = [
  ["place", "moved"], ["frame_index", "put on another frame"], ["label", "renamed"], ["title", "renamed"], ["note", "note changed"],
  ["text_alternative", "text changed"], ["concept", "concept changed"], ["style", "style changed"], ["clip", "put on another clip"], ["kind", "kind changed"],
];

/** @param {Revision} revision @param {string} [locale] @returns {string} */
export function whoAndWhen({ author, written_at }, locale) {
  const moment = new Date(written_at);
  const when = Number.isNaN(moment.getTime()) ? "not sent yet" : moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" });
  return `${author === "" ? "An author" : author}, ${when}`;
}
