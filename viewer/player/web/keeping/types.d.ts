/**
 * What the browser keeps and sends, and what the server answers. No browser
 * loads this file. `annotations/revision.py` and `viewer/layer_json.py` say
 * the same in Python.
 */

export type ItemKind = "mark" | "frame" | "layer" | "chapters";

/** A mark, an annotated frame, a layer or the chapters of a clip, as documents hold it; fields that nobody here knows are kept. */
export type Content = any;

export interface AnnotationDocument {
  readonly schema_version: number;
  readonly case: string;
  readonly layer: { readonly id: string; readonly title: string; readonly role: "teacher" | "student" | "reader" };
  readonly annotated_frames: readonly Content[];
  readonly marks: readonly Content[];
}

/** One finished act of an author; `content` is null where the item is deleted. */
export interface Gesture {
  /** Made by the client; the revision's name for ever. */
  readonly id: string;
  readonly case: string;
  readonly layer: string;
  readonly item: string;
  readonly kind: ItemKind;
  /** Revisions that the author saw and replaces. */
  readonly bases: readonly string[];
  readonly author: string;
  readonly content: Content | null;
}

/** A gesture that the server keeps. */
export interface Revision extends Gesture {
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly written_at: string;
}

export interface LayerState {
  readonly document: AnnotationDocument;
  /** By item: its present revisions; items of the bundled document that nobody changed have none. */
  readonly heads: Readonly<Record<string, readonly string[]>>;
  /** Items with more than one present revision, the oldest first. */
  readonly changed_elsewhere: Readonly<Record<string, readonly Revision[]>>;
}

/** The acknowledgement of a gesture. */
export interface Kept {
  readonly id: string;
  readonly sequence: number;
  readonly heads: readonly string[];
  readonly was_known: boolean;
  readonly changed_elsewhere: boolean;
}

/** An item as it stands, told because it changed. */
export interface ChangedItem {
  readonly layer: string;
  readonly item: string;
  readonly heads: readonly Revision[];
}

/** What came of sending a gesture. */
export type Answer =
  | { readonly outcome: "kept"; readonly kept: Kept }
  /** Never to be kept as it is. */
  | { readonly outcome: "refused"; readonly sentence: string }
  /** This browser may not write, or not any more. */
  | { readonly outcome: "forbidden"; readonly sentence: string }
  | { readonly outcome: "unreachable" };

/** A gesture that waits in this browser. */
export interface Waiting {
  readonly id: string;
  /** Grows with each gesture. */
  readonly order: number;
  readonly gesture: Gesture;
  /** Why the server refused it for good; null while it waits. */
  readonly refused: string | null;
}

/** Where gestures wait. */
export interface OutboxStorage {
  /** Resolves when the gesture is safe; where it cannot be made safe, when it is held in memory. */
  put(waiting: Waiting): Promise<void>;
  remove(id: string): Promise<void>;
  /** In their order. */
  all(): Promise<readonly Waiting[]>;
  /** The first that was not refused. */
  first(): Promise<Waiting | undefined>;
  /** How many would be lost with the page. */
  readonly unsafe: number;
}

export interface KeepingStatus {
  readonly waiting: number;
  readonly offline: boolean;
  /** Why something was refused, in one sentence. */
  readonly refused: string | null;
  readonly changed_elsewhere: readonly { readonly layer: string; readonly item: string }[];
}

/** What a watcher is told: the layers with all that waits laid over them, and how things stand. */
export interface KeepingNews {
  readonly layers: readonly LayerState[];
  readonly status: KeepingStatus;
}

export interface Keeping {
  readonly ready: Promise<{ readonly may_write: boolean; readonly layers: readonly LayerState[] }>;
  keep(gesture: Gesture): void;
  watch(listener: (news: KeepingNews) => void): () => void;
  status(): KeepingStatus;
  history(layer: string, item: string): Promise<readonly Revision[]>;
  restore(revision_id: string): Promise<void>;
  close(): void;
}
