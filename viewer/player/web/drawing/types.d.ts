/**
 * Marks as documents hold them, and what the drawing tools share. No browser
 * loads this file. `annotations/mark.py` and `annotations/track.py` say the
 * same in Python; fields that neither knows are kept and written again.
 */
import type { Clip, Mark } from "../types.d.ts";

export type Kind = Mark["kind"];
export type Line = Mark["line"];
export type Colour = "sky-blue" | "orange" | "bluish-green" | "yellow" | "blue" | "vermillion" | "reddish-purple" | "white";
/** x and y in image pixels. */
export type PointPx = readonly [number, number];
export type PointsPx = readonly PointPx[];
export type KeySource = "drawn" | "corrected" | "simulation" | "imported";

export interface OnFrame {
  readonly on: "frame";
  readonly frame_index: number;
  readonly points_px: PointsPx;
}

/** Both ends belong to it. */
export interface OnRange {
  readonly on: "range";
  readonly first_frame_index: number;
  readonly last_frame_index: number;
  readonly points_px: PointsPx;
}

export interface KeyFrame {
  readonly frame_index: number;
  readonly points_px: PointsPx;
  /** Not seen from here on. */
  readonly outside: boolean;
  readonly source: KeySource;
}

export interface CarriedFrame {
  readonly frame_index: number;
  readonly points_px: PointsPx;
  readonly confidence: number;
}

export interface OnTrack {
  readonly on: "track";
  readonly between: "linear" | "carried";
  readonly keys: readonly KeyFrame[];
  readonly carried: readonly CarriedFrame[];
  /** First and last frame over which it is still to be carried, after a key frame was corrected. */
  readonly to_follow?: readonly [number, number];
}

export type Place = OnFrame | OnRange | OnTrack;

export interface Sighting {
  readonly points_px: PointsPx;
  readonly origin: "still" | "key" | "interpolated" | "carried";
  readonly confidence: number;
}

export interface Concept {
  readonly scheme: string;
  readonly code: string;
  readonly meaning: string;
}

/** A built-in concept and the name that the menu shows it under. */
export interface Term extends Concept {
  readonly term: string;
}

export interface DocumentMark {
  readonly id: string;
  readonly clip: string;
  readonly kind: Kind;
  readonly label: string;
  readonly concept: Concept | null;
  readonly note: string;
  readonly author: string;
  readonly source: "drawn" | "simulation" | "imported";
  readonly style: { readonly colour: Colour; readonly line: Line };
  readonly place: Place;
}

export interface DocumentFrame {
  readonly id: string;
  readonly clip: string;
  readonly frame_index: number;
  readonly title: string;
  readonly text_alternative: string;
}

export interface DocumentLayer {
  readonly id: string;
  readonly title: string;
  readonly role: "teacher" | "student" | "reader";
}

export interface AnnotationDocument {
  readonly schema_version: number;
  readonly case: string;
  readonly layer: DocumentLayer;
  readonly annotated_frames: readonly DocumentFrame[];
  readonly marks: readonly DocumentMark[];
}

/** A document as the drawing tools hold it. */
export interface Sheet {
  readonly layer: DocumentLayer;
  readonly marks: readonly DocumentMark[];
  readonly frames: readonly DocumentFrame[];
  /** In this browser only; shared ones are kept by the server. */
  readonly is_private: boolean;
  /** Marks that the server refused, by id, and why; they wait in this browser. */
  readonly not_kept?: ReadonlyMap<string, string>;
}

/** One finished act, either way: what was there before and what is there after, and where in its list. */
export interface Change {
  readonly layer: string;
  readonly item: string;
  readonly kind: "mark" | "frame";
  readonly before: DocumentMark | DocumentFrame | null;
  readonly after: DocumentMark | DocumentFrame | null;
  readonly at: number;
  /** Changes of one group are taken back together. */
  readonly group?: string;
}

/** The one frozen state of the drawing tools. */
export interface Board {
  readonly sheets: readonly Sheet[];
  /** Layer in which new marks are drawn. */
  readonly layer: string;
  readonly chosen: { readonly layer: string; readonly item: string } | null;
  readonly past: readonly Change[];
  readonly future: readonly Change[];
}

/** What a clip must say for its marks to be measured. */
export type Scaled = Pick<Clip, "regions" | "scale_source">;

export interface Measurement {
  readonly quantity: "length" | "area" | "angle";
  readonly value: number;
  readonly unit: "mm" | "px" | "mm²" | "px²" | "°";
  /** Twice the standard uncertainty, in the same unit. */
  readonly uncertainty: number;
  readonly in_px_because: string | null;
}
