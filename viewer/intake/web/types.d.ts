// The words that cross between the server, the list of files and its model. No browser loads this file.

/** Where a file stands: the first three are known to the browser alone, the others the server says. */
export type State =
  | "queued"
  | "sending"
  | "sent"
  | "waiting"
  | "reading"
  | "opened"
  | "same"
  | "undecided"
  | "refused"
  | "left_out"
  | "cancelled";

/** What the server says of one file, or of the files that are opened as one (`viewer/results.py`). */
export interface ServerRow {
  readonly row_id: number;
  readonly name: string;
  readonly state: State;
  readonly sentence: string;
  readonly clip_number: number | null;
  readonly good_frames: number | null;
  readonly carries_identity: boolean;
  readonly warnings: readonly string[];
}

/** One line of the list. */
export interface Row extends Omit<ServerRow, "row_id"> {
  /** Stays the same as long as the line stands for the same thing. */
  readonly key: string;
  /** Null until the server has looked at it. */
  readonly row_id: number | null;
  /** Numbers of the dropped things that it came with. */
  readonly numbers: readonly number[];
  /** Bytes sent or frames read, and of how many; null where that is not known. */
  readonly done: number;
  readonly total: number | null;
}

/** One line of the server's answer to an order to read. */
export type Line =
  | { readonly looking: number }
  | { readonly planned: readonly (ServerRow & { readonly numbers: readonly number[] })[] }
  | { readonly row: ServerRow; readonly after?: number }
  | { readonly reading: number; readonly done: number; readonly declared: number | null }
  | { readonly error: string }
  | { readonly end: true };

/** A file with the folders that it lies in, `thigh/left/clip.dcm`; its name alone where it lies in none. */
export interface PlacedFile {
  readonly file: File;
  readonly path: string;
}

/** One thing that was dropped or chosen: a file, or a folder with all that is in it. */
export interface Thing {
  readonly name: string;
  readonly files: readonly PlacedFile[];
  /** Why it cannot be sent. */
  readonly refusal?: string;
}

/** What the server takes. */
export interface Taken {
  readonly max_file_bytes: number;
  readonly max_files: number;
}
