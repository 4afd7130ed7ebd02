// The server's routes for marks, asked by HTTP. Nothing here knows the page.
/** @import { Answer, ChangedItem, Gesture, Kept, LayerState, Revision } from "./types.d.ts" */

/** Longer than the server waits for its database. */
const PATIENCE_MS = 45_000;
const REFUSED = new Set([400, 404, 405, 409, 413, 415, 422]);

/** An answer that is not what was asked for, in one sentence. */
export class ServerError extends Error {
  /** @param {number} status @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export class Server {
  #root;

  /** @param {string} [root]  where the server is; "" for that of this page */
  constructor(root = "") {
    this.#root = root;
  }

  /** Whether this browser may write. @returns {Promise<boolean>} */
  async mayWrite() {
    const { may_write } = await this.#ask("/api/author");
    return may_write === true;
  }

  /** @param {string} case_id @returns {Promise<{sequence: number, layers: LayerState[]}>} */
  layers(case_id) {
    return this.#ask(`${caseRoute(case_id)}/layers`);
  }

  /** @param {string} case_id @param {number} sequence @returns {Promise<{sequence: number, items: ChangedItem[]}>} */
  since(case_id, sequence) {
    return this.#ask(`${caseRoute(case_id)}/since/${sequence}`);
  }

  /** @param {string} case_id @param {string} layer @param {string} item @returns {Promise<Revision[]>} */
  async history(case_id, layer, item) {
    const { revisions } = await this.#ask(`${caseRoute(case_id)}/history/${encodeURIComponent(layer)}/${encodeURIComponent(item)}`);
    return revisions;
  }

  /** @param {string} case_id @param {{revision_id: string, new_id: string, author: string}} asked @returns {Promise<Kept>} */
  restore(case_id, asked) {
    return this.#ask(`${caseRoute(case_id)}/restore`, asked);
  }

  async leave() {
    await this.#ask("/api/author/leave", {});
  }

  /** Sends a gesture; whatever happens is an answer. @param {Gesture} gesture @returns {Promise<Answer>} */
  async send(gesture) {
    try {
      return { outcome: "kept", kept: await this.#ask(`${caseRoute(gesture.case)}/gestures`, gesture) };
    } catch (error) {
      if (!(error instanceof ServerError)) return { outcome: "unreachable" };
      if (error.status === 403) return { outcome: "forbidden", sentence: error.message };
      return REFUSED.has(error.status) ? { outcome: "refused", sentence: error.message } : { outcome: "unreachable" };
    }
  }

  /** @param {string} route @param {unknown} [body] @returns {Promise<any>} */
  async #ask(route, body) {
    /** @type {RequestInit} */
    const how = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(this.#root + route, { ...how, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
    // What is not of our making, a proxy's page say, is no answer at all.
    const said = (answer.headers.get("content-type") ?? "").startsWith("application/json") ? await answer.json() : null;
    if (answer.ok && said !== null) return said;
    if (typeof said?.error !== "string") throw new Error(`The server answered ${answer.status}.`);
    throw new ServerError(answer.status, said.error);
  }
}

/** @param {string} case_id */
function caseRoute(case_id) {
  return `/api/cases/${encodeURIComponent(case_id)}`;
}
