/** What a drop or a choice holds: files as they are, folders walked through with the paths inside them. */
/** @import { PlacedFile, Thing } from "./types.d.ts" */

/** Files and folders that no clinic means to open: the system's own. */
const SYSTEM_FILES = new Set(["desktop.ini", "thumbs.db", "__macosx"]);
const MAX_DEPTH = 16;

/**
 * @param {string} name
 * @returns {boolean} whether a person would want this file opened
 */
export function isWanted(name) {
  return !name.startsWith(".") && !SYSTEM_FILES.has(name.toLowerCase());
}

/**
 * The things of a choice: each file, or, where a folder was chosen, that folder.
 * @param {Iterable<File>} files
 * @returns {Thing[]}
 */
export function thingsOfChoice(files) {
  /** @type {Map<string, PlacedFile[]>} */
  const folders = new Map();
  /** @type {Thing[]} */
  const things = [];
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    const [folder = "", ...inside] = path.split("/");
    if (!isWanted(file.name) || !inside.every(isWanted)) continue;
    if (path === file.name) things.push({ name: file.name, files: [{ file, path }] });
    else folders.set(folder, [...(folders.get(folder) ?? []), { file, path }]);
  }
  for (const [name, placed] of folders) things.push({ name, files: placed });
  return things;
}

/**
 * The things of a drop, in the order in which they were dropped.
 * @param {DataTransfer} transfer
 * @param {number} max_files  where to stop walking through a folder
 * @returns {Promise<Thing[]>}
 */
export async function thingsOfDrop(transfer, max_files) {
  // The items are empty after the first await, so every entry is taken now.
  const taken = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  const things = [];
  for (const { entry, file } of taken) {
    if (entry?.isDirectory) things.push(await thingOfFolder(entry, max_files));
    else if (file && isWanted(file.name)) things.push({ name: file.name, files: [{ file, path: file.name }] });
  }
  return things;
}

/**
 * @param {FileSystemEntry} folder
 * @param {number} max_files
 * @returns {Promise<Thing>}
 */
async function thingOfFolder(folder, max_files) {
  /** @type {PlacedFile[]} */
  const files = [];
  try {
    await walk(/** @type {FileSystemDirectoryEntry} */ (folder), files, { max_files, depth: 1 });
    return { name: folder.name, files };
  } catch (error) {
    const refusal =
      error instanceof RangeError ? error.message : "The browser may not read this folder; open the files in it.";
    return { name: folder.name, files: [], refusal };
  }
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @param {PlacedFile[]} files  takes what is found
 * @param {{ max_files: number, depth: number }} limits
 */
async function walk(folder, files, { max_files, depth }) {
  if (depth >= MAX_DEPTH) {
    throw new RangeError(`The folder is nested more than ${MAX_DEPTH} deep; open the folder inside it.`);
  }
  for (const child of (await childrenOf(folder)).filter(({ name }) => isWanted(name))) {
    if (child.isDirectory) {
      await walk(/** @type {FileSystemDirectoryEntry} */ (child), files, { max_files, depth: depth + 1 });
    } else {
      /** @type {File} */
      const file = await new Promise((resolve, reject) =>
        /** @type {FileSystemFileEntry} */ (child).file(resolve, reject),
      );
      files.push({ file, path: child.fullPath.replace(/^\//, "") });
    }
    if (files.length > max_files) throw new RangeError(tooMany(max_files));
  }
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>} in the order of their names
 */
async function childrenOf(folder) {
  const reader = folder.createReader();
  const children = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break; // a browser gives at most a hundred at a time
    children.push(...some);
  }
  return children.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
}

/** @param {number} max_files */
export function tooMany(max_files) {
  return `The archive or folder holds more than ${max_files} files; open a part of it.`;
}
