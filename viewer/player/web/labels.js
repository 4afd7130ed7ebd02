// What people read about a panel, a frame, a setting. Plain sentences are in words.js.
/** @import { Chapter, Panel, PlayerState } from "./types.d.ts" */
import { medianInterval_s } from "./timeline.js";
import { words } from "./words.js";

/** Shape beside each chapter's name, so that colour is never alone. */
export const CHAPTERS = Object.freeze({
  rest: { word: "REST", shape: "circle" },
  contracting: { word: "CONTRACTING", shape: "up" },
  hold: { word: "HOLD", shape: "square" },
  relaxing: { word: "RELAXING", shape: "down" },
});

/**
 * Chapter in which a frame lies.
 * @param {Panel} panel @param {number} frame_index
 * @returns {Chapter | null}
 */
export function chapterAt(panel, frame_index) {
  return panel.clip.chapters.find((chapter) => frame_index >= chapter.first_frame_index && frame_index <= chapter.last_frame_index) ?? null;
}

/** @param {Panel} panel @param {number} frame_index @returns {string} such as "frame 12/100" */
export function frameText(panel, frame_index) {
  const noun = panel.clip.kind === "series" ? "slice" : "frame";
  return panel.clip.kind === "still" && panel.clip.frames === 1 ? "" : `${noun} ${frame_index + 1}/${panel.clip.frames}`;
}

/** @param {Panel} panel @param {number} frame_index @returns {string} such as "0.367 s", "" where unknown */
export function timeText(panel, frame_index) {
  const start_s = panel.clip.kind === "clip" ? panel.clip.frame_starts_s?.[frame_index] : undefined;
  return start_s === undefined ? "" : `${start_s.toFixed(start_s < 100 ? 3 : 2)} s`;
}

/** What each role is called. */
export const ROLE_WORDS = Object.freeze({ static: "Static", rest: "Rest", contraction: "Contraction" });

/**
 * The name of a panel among others: its role, where the pair is one clip at rest and in contraction; the clip's own
 * words where two clips stand beside each other, since both of them may rest and contract.
 * @param {Panel} panel @param {readonly Panel[]} panels
 */
export function panelName(panel, panels) {
  return roleFits(panel, panels) ? ROLE_WORDS[panel.role] : panel.title;
}

/** Whether the role says what a panel shows. @param {Panel} panel @param {readonly Panel[]} panels */
export function roleFits(panel, panels) {
  if (panels.filter((each) => each.role === panel.role).length > 1) return false;
  const rest = panels.find((each) => each.role === "rest");
  if (rest === undefined || panel.role === "static") return true;
  const works = rest.pinned_frame_index === null && rest.clip.chapters.some(({ name, first_frame_index, last_frame_index }) =>
    name !== "rest" && first_frame_index <= rest.last_frame_index && last_frame_index >= rest.first_frame_index);
  return !works;
}

/** @param {readonly {panel: Panel, drawn: number | null}[]} views @returns {string[]} such as "Rest, frame 5" */
export function namesOf(views) {
  const panels = views.map(({ panel }) => panel);
  return views.map(({ panel, drawn }) => `${panelName(panel, panels)}, frame ${(drawn ?? 0) + 1}`);
}

/** @param {Panel} panel @returns {string} such as "30.0/s (Frame Time)" */
export function rateText(panel) {
  if (panel.clip.kind !== "clip" || panel.clip.frames < 2) return "";
  const interval_s = medianInterval_s(panel.clip);
  if (interval_s === null || !(interval_s > 0)) return words.rate_unknown;
  return `${(1 / interval_s).toFixed(1)}/s (${panel.clip.timing_label})`;
}

/** @param {Panel} panel @returns {string} */
export function scaleText(panel) {
  const { clip } = panel;
  if (clip.regions.some((region) => region.mm_per_px_x !== null || region.mm_per_px_y !== null)) return `Scale: ${clip.scale_label}`;
  return `Lengths in px: ${clip.scale_refused_because ?? words.no_scale}`;
}

/** @param {Panel} panel @param {number | null} frame_index @returns {string} text alternative of a picture */
export function pictureText(panel, frame_index) {
  const parts = [panel.simulated ? "Simulated." : "", panel.alt || panel.title];
  if (frame_index !== null) parts.push(spokenFrame(panel, frame_index));
  return parts.filter((part) => part !== "").join(" ");
}

/** @param {Panel} panel @param {number} frame_index */
export function spokenFrame(panel, frame_index) {
  const chapter = chapterAt(panel, frame_index);
  const noun = panel.clip.kind === "series" ? "Slice" : "Frame";
  const time = timeText(panel, frame_index);
  return `${noun} ${frame_index + 1} of ${panel.clip.frames}${time === "" ? "" : `, ${time.replace(" s", " seconds")}`}${chapter === null ? "" : `, ${chapter.name}`}`;
}

/** @param {number} speed @returns {string} such as "½×" */
export function speedText(speed) {
  return `${{ 0.25: "¼", 0.5: "½" }[speed] ?? speed}×`;
}

/** @param {PlayerState["play_mode"]} mode */
export function modeText(mode) {
  return { loop: "Loop", sweep: "Back and forth", once: "Once" }[mode];
}

/** @param {number} frame_number */
export function undecodable(frame_number) {
  return `Frame ${frame_number} cannot be decoded; the picture before it stays.`;
}
