/** Which files a drop or a choice holds: files as they are, folders walked through. */

/** Files that no clinic means to open: the system's own. */
const SYSTEM_FILES = new Set(["desktop.ini", "thumbs.db"]);

/**
 * @param {string} name
 * @returns {boolean} whether a person would want this file opened
 */
export function isWanted(name) {
  return !name.startsWith(".") && !SYSTEM_FILES.has(name.toLowerCase());
}

/**
 * All files of a drop, in the order of their names within each folder.
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
export async function filesOfDrop(transfer) {
  // The items are empty after the first await, so every entry is taken now.
  const entries = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const files = [];
  for (const entry of entries) {
    if (entry instanceof File) files.push(entry);
    else if (entry) files.push(...(await filesOfEntry(entry)));
  }
  return files.filter((file) => isWanted(file.name));
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<File[]>}
 */
async function filesOfEntry(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    );
    return [file];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const children = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break; // a browser gives at most a hundred at a time
    children.push(...some);
  }
  children.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
  const files = [];
  for (const child of children) files.push(...(await filesOfEntry(child)));
  return files;
}
