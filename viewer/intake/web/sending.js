/** How files go to the visit, and how the lines come back that tell of their reading. */
/** @import { Line, PlacedFile } from "./types.d.ts" */

const LOST = "The connection to the server was lost; check it and drop the file again.";

/** The server's answer was a refusal; the message is its sentence. */
export class RefusedError extends Error {
  /**
   * @param {string} sentence
   * @param {number} status  0 where no answer came
   */
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/**
 * Send one file; resolves when the server has it whole on its disk.
 * @param {string} url
 * @param {PlacedFile} placed
 * @param {AbortSignal} signal
 * @param {(sent_bytes: number) => void} onSent
 * @returns {Promise<void>}
 */
export function sendFile(url, { file, path }, signal, onSent) {
  // XMLHttpRequest, because fetch tells nothing of what has been sent so far.
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PUT", url);
    request.setRequestHeader("X-File-Name", encodeURIComponent(path));
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onerror = () => reject(new RefusedError(LOST, 0));
    request.onabort = () => reject(cancelled());
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new RefusedError(sentenceOf(request.responseText, request.status), request.status));
    };
    request.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort);
    request.send(file);
  });
}

function cancelled() {
  return new DOMException("cancelled", "AbortError");
}

/**
 * @param {unknown} error
 * @returns {boolean} whether the person cancelled it
 */
export function isCancelled(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * @param {string} body
 * @param {number} status
 * @returns {string} the server's own sentence, or one that names the status
 */
export function sentenceOf(body, status) {
  try {
    const { error } = JSON.parse(body);
    if (typeof error === "string") return error;
  } catch {
    // Not ours: a proxy's page, say.
  }
  return `The server refused the file (status ${status}).`;
}

/**
 * Give an order to the server and take its lines as they come.
 * @param {string} url
 * @param {AbortSignal} signal
 * @param {(line: Line) => void} onLine
 * @returns {Promise<void>}  resolves at the last line
 */
export async function follow(url, signal, onLine) {
  try {
    const answer = await fetch(url, { method: "POST", signal, cache: "no-store" });
    if (!answer.ok || !answer.body) throw new RefusedError(sentenceOf(await answer.text(), answer.status), answer.status);
    for await (const line of linesOf(answer.body)) {
      if ("end" in line) return;
      onLine(line);
    }
  } catch (error) {
    if (error instanceof RefusedError || isCancelled(error)) throw error;
  }
  throw new RefusedError(LOST, 0); // the last line did not come
}

/**
 * Lines of JSON as they arrive, however the network cuts them.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<Line>}
 */
export async function* linesOf(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) yield JSON.parse(line);
    if (done) return;
  }
}
