// Links: how one axis moves several panels. An axis counts seconds; its stops
// are the frames of the panel that leads.
/** @import { Link, Panel, Timeline, Track } from "./types.d.ts" */
import { indexAt } from "./clock.js";
import { anchorsOf, sameMoment } from "./phase.js";

/** Shown in words wherever it is used: nothing says how fast the clip was recorded. */
export const NOMINAL_INTERVAL_S = 1 / 25;

/** @param {Panel} panel */
export function moves(panel) {
  return panel.role !== "static" && panel.clip.kind === "clip" && panel.last_frame_index > panel.first_frame_index;
}

/**
 * Typical interval between frames.
 * @param {Panel["clip"]} clip
 * @returns {number | null} seconds; null where nothing says it
 */
export function medianInterval_s(clip) {
  const starts_s = clip.frame_starts_s;
  if (starts_s === null || starts_s.length < 2) return null;
  const gaps = starts_s.slice(1).map((start_s, index) => start_s - (starts_s[index] ?? 0)).sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? null;
}

/**
 * The part that a panel plays, timed from its own start.
 * @param {Panel} panel
 * @returns {Track}
 */
export function trackOf(panel) {
  const { first_frame_index, last_frame_index, clip } = panel;
  const frames = last_frame_index - first_frame_index + 1;
  const interval_s = medianInterval_s(clip) ?? NOMINAL_INTERVAL_S;
  const known = clip.frame_starts_s;
  const rate_known = known !== null && known.length >= clip.frames;
  if (!rate_known || known === null) {
    const starts_s = Array.from({ length: frames }, (_, index) => index * NOMINAL_INTERVAL_S);
    return { panel_id: panel.panel_id, first_frame_index, starts_s, end_s: frames * NOMINAL_INTERVAL_S, rate_known: false, anchors_s: anchorsOf(panel, starts_s, frames * NOMINAL_INTERVAL_S) };
  }
  const origin_s = known[first_frame_index] ?? 0;
  const starts_s = known.slice(first_frame_index, last_frame_index + 1).map((start_s) => start_s - origin_s);
  const last_s = starts_s[frames - 1] ?? 0;
  const next_s = known[last_frame_index + 1] ?? clip.duration_s;
  const stop_s = next_s === null ? last_s + interval_s : next_s - origin_s;
  const end_s = stop_s > last_s ? stop_s : last_s + interval_s;
  return { panel_id: panel.panel_id, first_frame_index, starts_s, end_s, rate_known: true, anchors_s: anchorsOf(panel, starts_s, end_s) };
}

/**
 * One axis for the tracks that move together.
 * @param {readonly Track[]} tracks  at least one
 * @param {Link} link
 * @param {string} leader_id
 * @returns {Timeline}
 */
export function timelineOf(tracks, link, leader_id) {
  const leader = tracks.find((track) => track.panel_id === leader_id) ?? tracks[0];
  if (leader === undefined) throw new RangeError("an axis needs a track");
  const stops_s = [...leader.starts_s];
  let end_s = leader.end_s;
  for (const track of tracks) {
    if (link === "time" && track.end_s > end_s) {
      stops_s.push(...track.starts_s.filter((start_s) => start_s > (stops_s[stops_s.length - 1] ?? 0) && start_s >= end_s - 1e-6));
      end_s = track.end_s;
    }
    if (link === "frame" && track.starts_s.length > stops_s.length) end_s = extendByFrame(stops_s, end_s, track);
  }
  return { leader_id: leader.panel_id, link, tracks, stops_s, end_s };
}

/** @param {number[]} stops_s @param {number} end_s @param {Track} track */
function extendByFrame(stops_s, end_s, track) {
  const from = stops_s.length;
  const shift_s = end_s - (track.starts_s[from] ?? 0);
  stops_s.push(...track.starts_s.slice(from).map((start_s) => start_s + shift_s));
  return track.end_s + shift_s;
}

/**
 * Stop that the axis rests on at a moment.
 * @param {Timeline} timeline @param {number} time_s
 */
export function stopAt(timeline, time_s) {
  return indexAt(timeline.stops_s, time_s);
}

/**
 * Start of a stop; the ends hold.
 * @param {Timeline} timeline @param {number} stop
 */
export function stopStart_s(timeline, stop) {
  const at = Math.min(Math.max(Math.round(stop), 0), timeline.stops_s.length - 1);
  return timeline.stops_s[at] ?? 0;
}

/**
 * End of a stop: start of the next, or the end of the axis.
 * @param {Timeline} timeline @param {number} stop
 */
export function stopEnd_s(timeline, stop) {
  return timeline.stops_s[stop + 1] ?? timeline.end_s;
}

/** Where a moment lies on the axis, from 0 to 1: the axis is one of time, whatever the intervals between frames. @param {Timeline} timeline @param {number} time_s */
export function shareOf({ end_s }, time_s) {
  return end_s > 0 ? Math.min(Math.max(time_s / end_s, 0), 1) : 0;
}

/** Middle of a stop on the axis, from 0 to 1. @param {Timeline} timeline @param {number} stop */
export function middleOf(timeline, stop) {
  return shareOf(timeline, (stopStart_s(timeline, stop) + stopEnd_s(timeline, stop)) / 2);
}

/** Stop at a place of the axis. @param {Timeline} timeline @param {number} share  from 0 to 1 */
export function stopAtShare(timeline, share) {
  return Math.min(stopAt(timeline, Math.min(Math.max(share, 0), 1) * timeline.end_s), timeline.stops_s.length - 1);
}

/**
 * Frame index of one panel at a moment; a shorter clip holds its last frame.
 * @param {Timeline} timeline @param {string} panel_id @param {number} time_s
 * @returns {number | null} null for a panel that does not move with this axis
 */
export function frameOn(timeline, panel_id, time_s) {
  const track = timeline.tracks.find((each) => each.panel_id === panel_id);
  if (track === undefined) return null;
  const step = countsTime(timeline) ? indexAt(track.starts_s, trackTime_s(timeline, track, time_s)) : stopAt(timeline, time_s);
  return track.first_frame_index + Math.min(step, track.starts_s.length - 1);
}

/**
 * Moment at which a panel begins to show a frame.
 * @param {Timeline} timeline @param {string} panel_id @param {number} frame_index
 * @returns {number} seconds on the axis
 */
export function momentOf(timeline, panel_id, frame_index) {
  const track = timeline.tracks.find((each) => each.panel_id === panel_id);
  if (track === undefined) return 0;
  const step = Math.min(Math.max(frame_index - track.first_frame_index, 0), track.starts_s.length - 1);
  return countsTime(timeline) ? axisTime_s(timeline, track, track.starts_s[step] ?? 0) : stopStart_s(timeline, step);
}

/** Whether each clip is asked for a moment of its own, not for the number of a stop. @param {Timeline} timeline */
const countsTime = ({ link }) => link === "time" || link === "phase";

/** @param {Timeline} timeline */
const leaderTrack = (timeline) => timeline.tracks.find((each) => each.panel_id === timeline.leader_id);

/**
 * Moment of a track that belongs to a moment of the axis: its own by phase, the same by time.
 * @param {Timeline} timeline @param {Track} track @param {number} time_s
 */
export function trackTime_s(timeline, track, time_s) {
  const from = leaderTrack(timeline)?.anchors_s ?? null;
  if (timeline.link !== "phase" || track.panel_id === timeline.leader_id || from === null || track.anchors_s === null) return time_s;
  return sameMoment(from, track.anchors_s, time_s);
}

/** Moment of the axis that belongs to a moment of a track. @param {Timeline} timeline @param {Track} track @param {number} time_s */
function axisTime_s(timeline, track, time_s) {
  const to = leaderTrack(timeline)?.anchors_s ?? null;
  if (timeline.link !== "phase" || track.panel_id === timeline.leader_id || to === null || track.anchors_s === null) return time_s;
  return sameMoment(track.anchors_s, to, time_s);
}
