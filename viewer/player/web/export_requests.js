// Exports and imports as the server is asked for them. No part of the page.
/** @import { Panel, Scene } from "./types.d.ts" */
import { authorName } from "./drawing/author_memory.js";

/** @typedef {{id: string, title: string, left_out: readonly string[], hindrance: string | null}} Product */
/** @typedef {{layers: readonly {id: string, title: string}[], products: readonly Product[]}} Offer */
/** @typedef {{clip: string, layer?: string, product?: string, frame_index?: number, scale?: number, frame_time_ms?: number, own?: unknown}} Wish  own: the reader's own marks, where they shall be in the file */
/** @typedef {{format: string, marks: readonly {label: string, kind: string, frames: string}[], count: number, annotated_frames: number, remarks: readonly string[], title: string}} Preview */
/** @typedef {Preview & {contents: readonly import("./drawing/types.d.ts").DocumentMark[]}} Read */

/** Names this page to the server, which does one long work at a time for each; `randomUUID` is not there over plain http. */
export const VISITOR = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** What the server answers when it refuses, or a sentence of ours where it does not answer. */
export class Refusal extends Error {}

/** Where the server is asked about a panel's clip: in its case, else in the visit. @param {Scene} scene @param {Panel} panel */
export function clipUrl({ deep_link_case: case_id }, { clip, clip_id }) {
  return case_id === null ? clip.url : `/api/cases/${encodeURIComponent(case_id)}/clips/${encodeURIComponent(clip_id)}`;
}

/** @param {Scene} scene @param {Panel} panel */
export function exportsUrl(scene, panel) {
  return `${clipUrl(scene, panel)}/exports`;
}

/** @param {string} url @param {RequestInit} init */
export async function ask(url, init) {
  const answer = await fetch(url, { credentials: "same-origin", ...init }).catch((error) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal("The server cannot be reached; try again.");
  });
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({}));
  throw new Refusal(typeof said.error === "string" ? said.error : `The server answered ${answer.status}; try again.`);
}

/** @param {string} url @param {Wish} wish @returns {Promise<Offer>} */
export async function askOffer(url, wish) {
  return (await ask(`${url}/offer`, { method: "POST", body: JSON.stringify(wish) })).json();
}

/**
 * Has a file made; aborting the signal stops the work.
 * @param {string} url @param {Wish} wish @param {(done: number, of: number) => void} progress @param {AbortSignal} signal
 * @returns {Promise<{ready: string, name: string}>}
 */
export async function askExport(url, wish, progress, signal) {
  const answer = await ask(url, { method: "POST", body: JSON.stringify(wish), headers: { "X-Visitor": VISITOR }, signal });
  for await (const line of linesOf(answer)) {
    if (typeof line.error === "string") throw new Refusal(line.error);
    if (typeof line.ready === "string") return { ready: line.ready, name: String(line.name) };
    progress(Number(line.done), Number(line.of));
  }
  throw new Refusal("The export was broken off; try again.");
}

/** @param {Response} answer @returns {AsyncGenerator<Record<string, unknown>>} */
export async function* linesOf(answer) {
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await (reader?.read() ?? { value: undefined, done: true });
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
    if (done) return;
  }
}

/** Whether this browser may write. @returns {Promise<boolean>} */
export async function mayWrite() {
  const said = await fetch("/api/author", { credentials: "same-origin" }).then((answer) => answer.json()).catch(() => ({}));
  return said.may_write === true;
}

/** What a file of marks holds; nothing is kept. @param {string} exports_url @param {File} file @returns {Promise<Preview>} */
export async function askPreview(exports_url, file) {
  return (await ask(`${importsUrl(exports_url)}/preview`, sent(file))).json();
}

/** The marks of a file, for who sent it; nothing is kept. @param {string} exports_url @param {File} file @param {string} clip_id @returns {Promise<Read>} */
export async function askReading(exports_url, file, clip_id) {
  const { headers, ...others } = sent(file);
  return (await ask(`${importsUrl(exports_url)}/read`, { ...others, headers: { ...headers, "X-Clip": clip_id } })).json();
}

/** Keeps a file of marks as a layer. @param {string} exports_url @param {File} file @param {string} title @returns {Promise<{layer: string, title: string, count: number}>} */
export async function askImport(exports_url, file, title) {
  return (await ask(importsUrl(exports_url), sent(file, title))).json();
}

/** Takes an imported layer back. @param {string} case_id @param {string} layer */
export async function askRemoval(case_id, layer) {
  await ask(`/api/cases/${encodeURIComponent(case_id)}/layers/${encodeURIComponent(layer)}`, { method: "DELETE", headers: { "X-Author": encodeURIComponent(authorName()) } });
}

/** @param {string} exports_url */
const importsUrl = (exports_url) => exports_url.replace(/exports$/, "imports");

/** @param {File} file @param {string} [title] @returns {RequestInit} */
function sent(file, title = "") {
  return { method: "POST", body: file, headers: { "X-File-Name": encodeURIComponent(file.name), "X-Layer-Title": encodeURIComponent(title), "X-Author": encodeURIComponent(authorName()) } };
}

/** Lets the browser save a file of the server. @param {string} url @param {string} name */
export function save(url, name) {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
}
