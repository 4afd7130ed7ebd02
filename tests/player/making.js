// Truth for the tests: packs, clips, panels and scenes, built here.

/** Bytes of a pack, from the description of the format. */
export function packBytes(head, frames) {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const payload = frames.reduce((sum, frame) => sum + frame.length, 0);
  const bytes = new Uint8Array(12 + text.length + (frames.length + 1) * 4 + payload);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("MSUSPK01"), 0);
  view.setUint32(8, text.length, true);
  bytes.set(text, 12);
  let offset = 0;
  const index_at = 12 + text.length;
  const payload_at = index_at + (frames.length + 1) * 4;
  frames.forEach((frame, at) => {
    view.setUint32(index_at + at * 4, offset, true);
    bytes.set(frame, payload_at + offset);
    offset += frame.length;
  });
  view.setUint32(index_at + frames.length * 4, offset, true);
  return bytes;
}

export function headOf(frames, more = {}) {
  return { version: 1, kind: "clip", frames, rows: 6, columns: 8, encoding: "jpeg", colour: "grey8", ...more };
}

export function clipOf(frames, more = {}) {
  const interval_s = more.interval_s ?? 0.1;
  const moving = (more.kind ?? "clip") === "clip";
  return {
    sha256: more.sha256 ?? "a", url: "/pack", kind: "clip", frames, rows: 600, columns: 800,
    frame_starts_s: moving ? Array.from({ length: frames }, (_, at) => at * interval_s) : null, duration_s: moving ? frames * interval_s : null,
    timing_source: "frame_time", timing_label: "Frame Time", regions: [], scale_source: "none", scale_label: "", scale_refused_because: null,
    rescale_slope: 1, rescale_intercept: 0, windows: [], chapters: [], curve: null, truth_curve: null, other_curves: [], still_probe: null, stumps: null, maps_url: null, warnings: [], ...more,
  };
}

export function panelOf(panel_id, clip, more = {}) {
  return {
    panel_id, role: panel_id === "static" ? "static" : panel_id === "rest" ? "rest" : "contraction", title: panel_id, alt: "", clip_id: `clip-${panel_id}`, clip,
    first_frame_index: 0, last_frame_index: clip.frames - 1, pinned_frame_index: null, start_frame_index: 0, simulated: false, side: "", plane: "",
    screen_left: "", screen_right: "", scan_planes: [], landmarks: [], ...more,
  };
}

export function sceneOf(panels, more = {}) {
  return { scene_id: "scene", title: "A scene", panels, link: "time", autoplay: false, deep_link_case: null, marks: [], ...more };
}

export function regionOf(x0, y0, x1, y1, mm_per_px_x, mm_per_px_y = mm_per_px_x, is_low_priority = false) {
  return { x0, y0, x1, y1, mm_per_px_x, mm_per_px_y, is_low_priority };
}
