/** The list of files as a value: what is sent and read, and how each line of the server changes it. */
/** @import { Line, Row, ServerRow, State, Thing } from "./types.d.ts" */

/** @type {ReadonlySet<State>} States in which something is still to come without the person. */
const UNDER_WAY = new Set(["queued", "sending", "sent", "waiting", "reading"]);

/**
 * @param {Row} row
 * @returns {boolean} whether something is still to come of it, unless it is cancelled
 */
export function isUnderWay(row) {
  return UNDER_WAY.has(row.state);
}

/**
 * @param {Thing} thing
 * @param {number} number
 * @returns {Row}
 */
export function rowOfThing(thing, number) {
  const total = thing.files.reduce((sum, { file }) => sum + file.size, 0);
  return {
    key: `thing-${number}`,
    row_id: null,
    numbers: [number],
    name: thing.files.length > 1 ? `${thing.name} (${thing.files.length} files)` : thing.name,
    state: thing.refusal ? "refused" : "queued",
    sentence: thing.refusal ?? "",
    clip_number: null,
    good_frames: null,
    carries_identity: false,
    warnings: [],
    done: 0,
    total,
  };
}

/**
 * A file of a folder that did not arrive, while the others did.
 * @param {number} number  of the folder
 * @param {string} path
 * @param {string} sentence
 * @returns {Row}
 */
export function rowOfLost(number, path, sentence) {
  const row = rowOfThing({ name: path, files: [], refusal: sentence }, number);
  return { ...row, key: `lost-${number}-${path}`, numbers: [] };
}

/**
 * @param {ServerRow} said
 * @param {readonly number[]} numbers
 * @returns {Row}
 */
function rowOfServer(said, numbers) {
  return { ...said, key: `row-${said.row_id}`, numbers, done: 0, total: null };
}

/**
 * Change the lines that a test picks out.
 * @param {readonly Row[]} rows
 * @param {(row: Row) => boolean} isMeant
 * @param {Partial<Row>} change
 * @returns {Row[]}
 */
export function changed(rows, isMeant, change) {
  return rows.map((row) => (isMeant(row) ? { ...row, ...change } : row));
}

/**
 * The list after one line of the server.
 * @param {readonly Row[]} rows
 * @param {Line} line
 * @returns {readonly Row[]}
 */
export function afterLine(rows, line) {
  if ("planned" in line) return planned(rows, line.planned);
  if ("reading" in line) {
    return changed(rows, (row) => row.row_id === line.reading, { done: line.done, total: line.declared });
  }
  if ("row" in line) {
    const { row: said, after } = line;
    const known = rows.some((row) => row.row_id === said.row_id);
    if (known) return changed(rows, (row) => row.row_id === said.row_id, said);
    const place = rows.findLastIndex((row) => row.row_id === after) + 1;
    return rows.toSpliced(place || rows.length, 0, rowOfServer(said, []));
  }
  return rows;
}

/**
 * What was sent becomes what is read: each thing gives way to its clips, where its own line was.
 * @param {readonly Row[]} rows
 * @param {readonly (ServerRow & { readonly numbers: readonly number[] })[]} said
 * @returns {Row[]}
 */
function planned(rows, said) {
  const read = new Set(said.flatMap(({ numbers }) => numbers));
  const placed = new Set();
  return rows.flatMap((row) => {
    const [number] = row.numbers;
    if (row.row_id !== null || number === undefined || !read.has(number)) return [row];
    const here = said.filter(({ row_id, numbers }) => numbers.includes(number) && !placed.has(row_id));
    for (const { row_id } of here) placed.add(row_id);
    return here.map(({ numbers, ...rest }) => rowOfServer(rest, numbers));
  });
}

/**
 * How far the whole list is, each line counting the same: half of it is sending, half is reading.
 * @param {readonly Row[]} rows
 * @returns {number} 0 to 1
 */
export function shareOf(rows) {
  if (rows.length === 0) return 1;
  return rows.reduce((sum, row) => sum + shareOfRow(row), 0) / rows.length;
}

/** @param {Row} row */
function shareOfRow(row) {
  const part = row.total ? Math.min(1, row.done / row.total) : 0;
  if (row.state === "queued") return 0;
  if (row.state === "sending") return part / 2;
  if (row.state === "sent" || row.state === "waiting") return 0.5;
  return row.state === "reading" ? 0.5 + part / 2 : 1;
}

/**
 * @param {readonly Row[]} rows
 * @returns {string} how many wait for a decision, opened and did not open, in words
 */
export function summaryOf(rows) {
  /** @param {...State} states */
  const count = (...states) => rows.filter((row) => states.includes(row.state)).length;
  return [
    [count("undecided"), "to decide"],
    [count("opened"), "opened"],
    [count("same"), "opened already"],
    [count("refused"), "could not be opened"],
    [count("left_out", "cancelled"), "left out"],
  ]
    .filter(([number]) => number)
    .map(([number, word]) => `${number} ${word}`)
    .join(" · ");
}

/**
 * @param {readonly Row[]} rows
 * @param {number} looked_at  how many files the server has looked at before it reads
 * @returns {string} what is being done just now; empty where nothing is
 */
export function doingOf(rows, looked_at) {
  const now = rows.find((row) => row.state === "reading") ?? rows.find((row) => row.state === "sending");
  if (now) {
    const ended = rows.filter((row) => !isUnderWay(row)).length;
    return now.state === "reading" ? `Reading ${ended + 1} of ${rows.length}` : "Sending";
  }
  return rows.some(isUnderWay) ? `Looking at file ${looked_at + 1}` : "";
}
