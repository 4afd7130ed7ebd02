// Where gestures wait until the server has them: IndexedDB, which all tabs
// share, which holds more than a few megabytes and which can be asked to write
// to the disk before it says so (localStorage does neither). Where a browser
// refuses it, memory, and the page warns before it is left.
/** @import { OutboxStorage, Waiting } from "./types.d.ts" */

const DATABASE = "msus-outbox";
const STORE = "gestures";
const BY_ORDER = "by_order";

/** @returns {OutboxStorage} */
export function memoryStorage() {
  /** @type {Map<string, Waiting>} */
  const held = new Map();
  return {
    async put(waiting) {
      held.set(waiting.id, waiting);
    },
    async remove(id) {
      held.delete(id);
    },
    all: async () => inOrder([...held.values()]),
    first: async () => inOrder([...held.values()]).find(({ refused }) => refused === null),
    get unsafe() {
      return held.size;
    },
  };
}

/** What the database takes, and in memory what it does not. @returns {Promise<OutboxStorage>} */
export async function openStorage() {
  try {
    return withMemory(await openDatabase());
  } catch {
    return memoryStorage(); // private windows of some browsers
  }
}

/** @param {IDBDatabase} database @returns {OutboxStorage} */
function withMemory(database) {
  const memory = memoryStorage();
  let writing = 0;
  return {
    async put(waiting) {
      writing += 1;
      try {
        await done(database, (store) => store.put(waiting));
        await memory.remove(waiting.id);
      } catch {
        await memory.put(waiting); // the disk is full, or the person forbade it
      } finally {
        writing -= 1;
      }
    },
    async remove(id) {
      await memory.remove(id);
      await done(database, (store) => store.delete(id));
    },
    async all() {
      const stored = await result(database.transaction(STORE).objectStore(STORE).getAll());
      return inOrder([...stored, ...(await memory.all())]);
    },
    async first() {
      const [stored, held] = [await firstOf(database), await memory.first()];
      return stored === undefined || (held !== undefined && held.order < stored.order) ? held : stored;
    },
    get unsafe() {
      return writing + memory.unsafe;
    },
  };
}

/** @returns {Promise<IDBDatabase>} */
async function openDatabase() {
  const asked = indexedDB.open(DATABASE, 1);
  asked.addEventListener("upgradeneeded", () => asked.result.createObjectStore(STORE, { keyPath: "id" }).createIndex(BY_ORDER, "order"));
  const database = await result(asked);
  database.addEventListener("versionchange", () => database.close());
  return database;
}

/** The first that was not refused, without reading all the others. @param {IDBDatabase} database @returns {Promise<Waiting | undefined>} */
function firstOf(database) {
  return new Promise((resolve, reject) => {
    const asked = database.transaction(STORE).objectStore(STORE).index(BY_ORDER).openCursor();
    asked.addEventListener("error", () => reject(asked.error));
    asked.addEventListener("success", () => {
      const cursor = asked.result;
      if (cursor === null || cursor.value.refused === null) resolve(cursor?.value);
      else cursor.continue();
    });
  });
}

/** Changes something, and waits until it is on the disk. @param {IDBDatabase} database @param {(store: IDBObjectStore) => void} change @returns {Promise<void>} */
function done(database, change) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(transaction.error));
    change(transaction.objectStore(STORE));
  });
}

/** @template Result @param {IDBRequest<Result>} asked @returns {Promise<Result>} */
function result(asked) {
  return new Promise((resolve, reject) => {
    asked.addEventListener("success", () => resolve(asked.result));
    asked.addEventListener("error", () => reject(asked.error));
  });
}

/** @param {Waiting[]} waiting */
function inOrder(waiting) {
  return waiting.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}
