/** Sends files to the visit, one after another, and follows their reading line by line. */

/**
 * @typedef {object} Progress
 * @property {string} doing  what is being done, for people
 * @property {number} share  how much of it is done, 0 to 1
 */

/**
 * Send one file; resolves when the server has it on its disk.
 * @param {string} url
 * @param {File} file
 * @param {AbortSignal} signal
 * @param {(sent_bytes: number) => void} onSent
 * @returns {Promise<void>}
 */
function sendFile(url, file, signal, onSent) {
  // XMLHttpRequest, because fetch tells nothing of what has been sent so far.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onerror = () => reject(new Error("The server could not be reached; check that it is running."));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Error(sentenceOf(request.responseText, request.status)));
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
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
 * Send all files, have them read, and report on the way.
 * @param {string} token  the visit
 * @param {readonly File[]} files
 * @param {AbortSignal} signal
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<number>} how many clips, stills and refusals came of it
 */
export async function openFiles(token, files, signal, onProgress) {
  const all_bytes = Math.max(1, files.reduce((sum, file) => sum + file.size, 0));
  let before_bytes = 0;
  for (const [number, file] of files.entries()) {
    const doing = `Sending ${file.name} (${number + 1} of ${files.length})`;
    await sendFile(`/api/visits/${token}/files/${number}`, file, signal, (sent_bytes) =>
      onProgress({ doing, share: (before_bytes + sent_bytes) / all_bytes }),
    );
    before_bytes += file.size;
  }
  onProgress({ doing: "Reading", share: 0 });
  const answer = await fetch(`/api/visits/${token}/open`, { method: "POST", signal, cache: "no-store" });
  if (!answer.ok || !answer.body) throw new Error(sentenceOf(await answer.text(), answer.status));
  let opened = 0;
  for await (const line of linesOf(answer.body)) {
    if (line.error) throw new Error(line.error);
    if (line.opened !== undefined) opened = line.opened;
    else onProgress({ doing: `Reading ${line.name}`, share: line.total > 0 ? line.done / line.total : 0 });
  }
  return opened;
}

/**
 * Lines of JSON as they arrive, however the network cuts them.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<any>}
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
