/**
 * The shapes that cross the border between Python and the player, and the
 * player's own shared shapes. No browser loads this file; `tsc` reads it.
 * `viewer/scene.py` says the same in Python; a test holds the two equal.
 *
 * Geometry is in image pixels of the clip: origin at the top-left *corner* of
 * the top-left pixel, whose centre is (0.5, 0.5). Frame indices are 0-based
 * here and frame numbers 1-based on screen. Times are seconds.
 */

/** One calibrated rectangle of the image; x1 and y1 are inclusive, as in DICOM. */
export interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** null where the file gives no usable scale along this axis. */
  readonly mm_per_px_x: number | null;
  readonly mm_per_px_y: number | null;
  /** Whether others that overlap it count there instead. */
  readonly is_low_priority: boolean;
}

/** A named window of an MR picture, in rescaled units. */
export interface WindowPreset {
  readonly name: string;
  readonly center: number;
  readonly width: number;
}

/** A part of the manoeuvre; both ends belong to it. */
export interface Chapter {
  readonly name: "rest" | "contracting" | "hold" | "relaxing";
  readonly first_frame_index: number;
  readonly last_frame_index: number;
}

/** One value a frame with the band in which the true one lies: the gap between the stumps. */
export interface Curve {
  readonly unit: "mm" | "px";
  readonly values: readonly number[];
  readonly lower: readonly number[] | null;
  readonly upper: readonly number[] | null;
  /** Where it comes from, such as "as tracked". */
  readonly source_label: string;
  readonly rest_frame_index: number | null;
  readonly peak_frame_index: number | null;
}

/** null on a frame where nobody knows it. */
export type CurveValue = number | null;

/** Another value over the same frames, which can be laid over the gap: thickness, effort, torque. */
export interface OtherCurve {
  readonly curve_id: string;
  readonly name: string;
  readonly unit: string;
  /** One a frame. */
  readonly values: readonly CurveValue[];
  readonly source_label: string;
}

/** What puts each frame where it would lie, had the probe been held still since the first one. */
export interface StillProbe {
  /** One a frame: a, b, c, d, e, f take x, y to a x + b y + c, d x + e y + f. */
  readonly matrices: readonly (readonly number[])[];
  /** How far the probe moved, in words. */
  readonly summary: string;
}

/** Where the two torn ends were followed to: x and y of each frame in turn. */
export interface StumpPaths {
  readonly left_px: readonly number[];
  readonly right_px: readonly number[];
  readonly source_label: string;
}

export interface Clip {
  /** Identity of the pixels: SHA-256 of the pack; the key of the frame store. */
  readonly sha256: string;
  /** Where the pack is fetched from. */
  readonly url: string;
  /** A clip moves in time; a series is a stack of slices; a still is one picture. */
  readonly kind: "clip" | "series" | "still";
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  /** Start of each frame in seconds; null where nothing says how fast it was recorded. */
  readonly frame_starts_s: readonly number[] | null;
  readonly duration_s: number | null;
  readonly timing_source: string;
  /** Display word for the timing source, such as "Frame Time". */
  readonly timing_label: string;
  readonly regions: readonly Region[];
  readonly scale_source: string;
  readonly scale_label: string;
  /** One sentence why lengths are in px, or null. */
  readonly scale_refused_because: string | null;
  readonly rescale_slope: number;
  readonly rescale_intercept: number;
  readonly windows: readonly WindowPreset[];
  readonly chapters: readonly Chapter[];
  /** The gap as tracked; null where nobody has tracked it. */
  readonly curve: Curve | null;
  /** The gap of a simulated clip as it was made. */
  readonly truth_curve: Curve | null;
  /** What can be laid over the gap. */
  readonly other_curves: readonly OtherCurve[];
  /** null where nobody has measured how the probe moved. */
  readonly still_probe: StillProbe | null;
  /** null where nobody has followed the torn ends. */
  readonly stumps: StumpPaths | null;
  /** Where the strain of each frame is fetched; null where nobody has measured it. */
  readonly maps_url: string | null;
  /** Warnings of the reader, shown beside the clip. */
  readonly warnings: readonly string[];
}

/** Where the ultrasound plane lies in a static view, drawn on request. */
export interface ScanPlane {
  readonly frame_index: number;
  readonly label: string;
  readonly outline_px: readonly (readonly [number, number])[];
}

/** One anatomical place, seen in a frame of a clip and in a slice of the static view. */
export interface Landmark {
  readonly clip_id: string;
  readonly frame_index: number;
  readonly clip_px: readonly [number, number];
  readonly slice_index: number;
  readonly static_px: readonly [number, number];
  /** Where it was followed to on each frame; empty where nobody has followed it. */
  readonly places_px: readonly MarkPlace[];
}

export interface Panel {
  readonly panel_id: string;
  readonly role: "static" | "rest" | "contraction";
  readonly title: string;
  /** Text alternative. */
  readonly alt: string;
  readonly clip_id: string;
  readonly clip: Clip;
  /** The part that is played; both ends belong to it. */
  readonly first_frame_index: number;
  readonly last_frame_index: number;
  /** The panel holds this frame until it is unpinned; null lets it move. */
  readonly pinned_frame_index: number | null;
  /** The slice or frame shown first. */
  readonly start_frame_index: number;
  readonly simulated: boolean;
  readonly side: string;
  readonly plane: string;
  /** What lies at the left and the right edge of the picture, "" where unsaid. */
  readonly screen_left: string;
  readonly screen_right: string;
  readonly scan_planes: readonly ScanPlane[];
  /** Of a static view: places that a clip shows too. */
  readonly landmarks: readonly Landmark[];
}

/** x and y of each point in turn; null on a frame where the mark is not seen. */
export type MarkPlace = readonly number[] | null;

/** Something drawn on a clip, placed on every frame of it. */
export interface Mark {
  readonly mark_id: string;
  readonly kind: "point" | "arrow" | "polyline" | "polygon" | "ellipse" | "text" | "caliper" | "angle" | "area" | "tissue";
  readonly label: string;
  /** What a learner should know of it. */
  readonly note: string;
  readonly layer: string;
  /** As CSS writes it; one of a set that colour-blind readers tell apart. */
  readonly colour: string;
  readonly line: "solid" | "dashed" | "dotted";
  /** One place a frame. */
  readonly places_px: readonly MarkPlace[];
  /** Frames on which the tissue could not be followed well. */
  readonly unsure_frame_indices: readonly number[];
  /** Whether it is the outline of a torn end. */
  readonly stump: boolean;
}

/** A frame worth stopping at. */
export interface AnnotatedFrame {
  readonly frame_id: string;
  readonly frame_index: number;
  readonly title: string;
  readonly text_alternative: string;
}

/** What is said of one clip; panels that show the same clip share it. */
export interface ClipMarks {
  readonly clip_id: string;
  readonly marks: readonly Mark[];
  readonly annotated_frames: readonly AnnotatedFrame[];
}

export type Link = "phase" | "time" | "frame" | "none";

/** All that Python says to the player. */
export interface Scene {
  /** Changes when the player has to start over; equal ids keep position and view. */
  readonly scene_id: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly link: Link;
  readonly autoplay: boolean;
  /** Written to the URL without a rerun: ?case=…&clip=…&frame=…; null writes nothing. */
  readonly deep_link_case: string | null;
  /** Of the clips in the panels; none where nothing is drawn. */
  readonly marks: readonly ClipMarks[];
}

/** All that the player says to Python, when it has come to rest. */
export interface RestPosition {
  readonly clip_id: string;
  readonly frame_number: number;
}

// ---------------------------------------------------------------------------
// Inside the player only: nothing below crosses the border to Python.

/** The head of a pack, as far as the player reads it. */
export interface PackHead {
  readonly version: 1;
  readonly kind: string;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly encoding: "jpeg" | "png" | "samples16";
  readonly colour: "grey8" | "rgb8" | "uint16" | "int16";
}

/** Samples of one decoded frame, row by row; rgba has four bytes a pixel. */
export type Decoded =
  | { readonly kind: "grey8"; readonly samples: Uint8Array }
  | { readonly kind: "rgba"; readonly samples: Uint8ClampedArray }
  | { readonly kind: "uint16"; readonly samples: Uint16Array }
  | { readonly kind: "int16"; readonly samples: Int16Array };

/** A grey picture as shown: pixels of four bytes whose first three are alike. */
export interface Greys {
  readonly pixels: Uint32Array;
  readonly columns: number;
  readonly rows: number;
}

/** What a player wants of one clip at this moment. */
export interface Demand {
  readonly sha256: string;
  readonly url: string;
  readonly frames: number;
  readonly first_frame_index: number;
  readonly last_frame_index: number;
  readonly wanted_frame_index: number;
  /** Frames ahead are decoded before frames behind while it plays. */
  readonly playing: boolean;
  /** 1 for what moves; more for what holds still and can wait. */
  readonly patience: number;
}

/** Hears of a clip's progress; bytes are one array per encoded frame. */
export interface StreamListener {
  head(head: PackHead): void;
  /** What is returned settles with the first picture, as long as there is none: the rest need not be read before. */
  frames(first_frame_index: number, bytes: readonly Uint8Array[]): Promise<void> | null;
  done(): void;
  failed(sentence: string): void;
}

/** Fetches packs and decodes frames; workers in the browser, a fake in tests. */
export interface DecoderPool {
  /** How many frames may be decoded at once. */
  readonly capacity: number;
  stream(sha256: string, url: string, listener: StreamListener): () => void;
  decode(bytes: Uint8Array, head: PackHead): Promise<Decoded>;
  /** Settles when what was asked for has been drawn. */
  drawn(): Promise<void>;
}

/** What the frame store tells of one clip. */
export interface ClipProgress {
  readonly head: PackHead | null;
  readonly loaded: number;
  readonly decoded: number;
  readonly error: string | null;
}

export interface Point {
  readonly x_px: number;
  readonly y_px: number;
}

/** One moving panel's part: start of each frame from the start of the part. */
export interface Track {
  readonly panel_id: string;
  readonly first_frame_index: number;
  readonly starts_s: readonly number[];
  readonly end_s: number;
  readonly rate_known: boolean;
  /** Moments between which the way through the effort is even; null without its four chapters. */
  readonly anchors_s: readonly number[] | null;
}

/** The axis of one scrubber: where it stops, and what moves along. */
export interface Timeline {
  readonly leader_id: string;
  readonly link: Link;
  readonly tracks: readonly Track[];
  /** Start of each stop in seconds from the start of the axis; never empty. */
  readonly stops_s: readonly number[];
  readonly end_s: number;
}

export type PlayMode = "loop" | "sweep" | "once";
/** What a drag on the picture does; the kinds of mark draw, `choose` takes hold of one. */
export type Tool = "scrub" | "pan" | "window" | "choose" | Mark["kind"];
export type Layout = "side" | "curtain" | "blink" | "hues" | "difference" | "m_mode";

/** Zoom 1 fits; the centre is a fraction of the picture's width and height. */
export interface View {
  readonly zoom: number;
  readonly centre_x: number;
  readonly centre_y: number;
  readonly flip: boolean;
}

/** Brightness and contrast run from -1 to 1; the window is for 16-bit samples. */
export interface Tone {
  readonly brightness: number;
  readonly contrast: number;
  readonly invert: boolean;
  readonly window: { readonly center: number; readonly width: number } | null;
}

/** A mark that was drawn in this browser, or may be changed in it. */
export interface DrawnMark extends Mark {
  /** What it measures on a frame, such as "18.0 mm ± 0.4 mm"; "" where it measures nothing. */
  readonly measureAt: (frame_index: number) => string;
}

/** A repeated part of an axis, by stop index; both ends belong to it. */
export interface Repeat {
  readonly group: string;
  readonly a: number;
  readonly b: number | null;
}

/** Line of an M-mode: two points or more, as they lie on one frame. */
export interface MLine {
  readonly points: readonly Point[];
  readonly frame_index: number;
  /** Whether the tissue takes its points along; else it is fixed in the picture. */
  readonly follows: boolean;
}

/** Two annotated frames side by side: the one chosen so far, and what was shown before both came. */
export interface Beside {
  readonly chosen: { readonly clip_id: string; readonly frame: AnnotatedFrame } | null;
  readonly before: Pick<PlayerState, "shown" | "pins" | "slices" | "layout" | "playing" | "heads_s" | "marks_off" | "marks_hidden" | "active_id"> | null;
}

/** The one frozen state of a player. */
export interface PlayerState {
  readonly scene: Scene;
  readonly shown: Readonly<Record<string, boolean>>;
  readonly active_id: string;
  readonly link: Link;
  readonly pins: Readonly<Record<string, number | null>>;
  /** Frame of each panel that does not move: a slice of a series, a still. */
  readonly slices: Readonly<Record<string, number>>;
  /** Position of each group on its axis, in seconds. */
  readonly heads_s: Readonly<Record<string, number>>;
  readonly playing: boolean;
  readonly speed: number;
  readonly play_mode: PlayMode;
  readonly repeat: Repeat | null;
  readonly layout: Layout;
  /** Where the curtain hangs, 0 at the left and 1 at the right. */
  readonly curtain: number;
  /** Whether the pictures take turns by themselves. */
  readonly blinking: boolean;
  /** Grows by one each time somebody asks for the other picture. */
  readonly swaps: number;
  /** The reader asks for less motion: nothing blinks by itself. */
  readonly calm: boolean;
  /** Whether the motion of the probe is taken out where pictures are laid over each other. */
  readonly still_probe: boolean;
  /** What is drawn of the stumps: their outline at rest, and the way that they took. */
  readonly ghost: boolean;
  readonly trail: boolean;
  /** Whether strain is laid over the pictures as colours. */
  readonly strain: boolean;
  /** Id of the curve that is laid over the gap; null for none. */
  readonly second_curve: string | null;
  /** Line of the M-mode by panel; without one it lies across the upper third. */
  readonly m_lines: Readonly<Record<string, MLine>>;
  readonly tool: Tool;
  readonly views: Readonly<Record<string, View>>;
  readonly tones: Readonly<Record<string, Tone>>;
  readonly views_linked: boolean;
  readonly same_scale: boolean;
  readonly marks_hidden: boolean;
  /** Ids of the marks that are switched off one by one. */
  readonly marks_off: readonly string[];
  /** Id of the mark outside of which the picture dims. */
  readonly spotlight: string | null;
  readonly beside: Beside;
  readonly text_hidden: boolean;
  readonly black: boolean;
  readonly large_type: boolean;
  readonly scan_plane_shown: boolean;
  /** Whether the row of drawing tools is open. */
  readonly drawing: boolean;
  /** The marks as they stand: those of the scene, and what is drawn over them. */
  readonly marks: readonly ClipMarks[];
  /** The mark that is in the hand; it takes the place of the one with its id. */
  readonly draft: { readonly clip_id: string; readonly mark: DrawnMark } | null;
  /** One sentence for the live region, and a count that changes with it. */
  readonly said: { readonly text: string; readonly count: number };
}

/** Where the pixels of a picture lie on its box, in CSS pixels. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly scale_x: number;
  readonly scale_y: number;
  readonly columns: number;
  readonly rows: number;
  readonly flip: boolean;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}
