// A server of the shape of the real one's route, with faults: it keeps what it
// is sent, in memory, and answers only what a fault lets through.
import { createServer } from "node:http";

export class Endpoint {
  /** Gestures in the order of keeping. */
  kept = [];
  /** What is to happen to the next requests: "ok", "lost" (kept, but the answer is lost), "cut" (not kept), or a status. */
  faults = [];
  requests = 0;
  most_at_once = 0;
  #now = 0;
  #server = createServer((request, response) => void this.#answer(request, response));

  async start(port = 0) {
    await new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  headsOf(item) {
    const mine = this.kept.filter((gesture) => gesture.item === item);
    const replaced = new Set(mine.flatMap((gesture) => gesture.bases));
    return mine.filter((gesture) => !replaced.has(gesture.id)).map((gesture) => gesture.id);
  }

  async #answer(request, response) {
    this.requests += 1;
    this.#now += 1;
    this.most_at_once = Math.max(this.most_at_once, this.#now);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await new Promise((resolve) => setTimeout(resolve, 1)); // another one could come in between
    this.#now -= 1;
    const fault = this.faults.shift() ?? "ok";
    if (fault === "cut") return request.socket.destroy();
    if (typeof fault === "number") return this.#say(response, fault, { error: `Refused with ${fault}.` });
    const [status, said] = this.#keep(JSON.parse(Buffer.concat(chunks).toString()));
    if (fault === "lost") return request.socket.destroy();
    this.#say(response, status, said);
  }

  #keep(gesture) {
    const known = this.kept.find(({ id }) => id === gesture.id);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(gesture)) return [409, { error: "Another content." }];
    if (known === undefined) this.kept.push(gesture);
    const heads = this.headsOf(gesture.item);
    return [200, { id: gesture.id, sequence: this.kept.findIndex(({ id }) => id === gesture.id) + 1, heads, was_known: known !== undefined, changed_elsewhere: heads.length > 1 }];
  }

  #say(response, status, said) {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(said));
  }
}

/** One at a time, as Web Locks have it between tabs. */
export function lock() {
  let last = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

export function gestureOf(id, item = "gap", more = {}) {
  return { id, case: "numbered", layer: "teacher", item, kind: "mark", bases: [], author: "", content: { id: item, label: id }, ...more };
}

export async function until(holds) {
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`It did not come to: ${holds}`);
}
