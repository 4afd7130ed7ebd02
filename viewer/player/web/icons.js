// Line icons on a 24 px grid.

const PATHS = Object.freeze({
  play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  back: "M15 5l-8 7 8 7z",
  on: "M9 5l8 7-8 7z",
  first: "M18 5l-8 7 8 7zM6 5v14",
  last: "M6 5l8 7-8 7zM18 5v14",
  rest: "M4 14c4 0 4-3 8-3s4 3 8 3",
  peak: "M3 19c5 0 5-13 9-13s4 13 9 13",
  loop: "M17 3l3 3-3 3M20 6H8a4 4 0 0 0-4 4v1M7 21l-3-3 3-3M4 18h12a4 4 0 0 0 4-4v-1",
  sweep: "M7 8l-4 4 4 4M17 8l4 4-4 4M3 12h18",
  once: "M4 12h13M13 7l5 5-5 5M21 6v12",
  repeat: "M4 5v14M20 5v14M4 12h16M8 9l-3 3 3 3M16 9l3 3-3 3",
  side: "M3 5h8v14H3zM13 5h8v14h-8z",
  curtain: "M3 5h18v14H3zM12 3v18M9.5 12h-2M14.5 12h2",
  blink: "M3 5h13v10H3zM8 9h13v10H8z",
  hues: "M9 6a6 6 0 1 0 .01 0M15 6a6 6 0 1 0 .01 0",
  difference: "M3 5h18v14H3zM7.500 9h5M10 6.500v5M12.500 15.500h5",
  m_mode: "M3 5v14h18M6 9c3 0 3-2 6-2s3 6 6 6h2M6 14c3 0 4 2 7 2s4-2 7-2",
  scrub: "M3 12h18M12 7a5 5 0 1 0 .01 0M6 9l-3 3 3 3M18 9l3 3-3 3",
  pan: "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
  window: "M12 4a8 8 0 1 0 .01 0M12 4v16M12 8h5M12 12h7.5M12 16h5",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  choose: "M6 3l12 9-5.500 1 3 6-2.500 1.200-3-6L6 18z",
  point: "M12 8a4 4 0 1 0 .01 0M12 3v3M12 18v3M3 12h3M18 12h3",
  arrow: "M5 19L19 5M11 5h8v8",
  polyline: "M3 18l5-9 6 5 7-10",
  polygon: "M12 3l8 6-3 10H7L4 9z",
  ellipse: "M12 6c6 0 9 3 9 6s-3 6-9 6-9-3-9-6 3-6 9-6z",
  letter: "M6 7V5h12v2M12 5v14M10 19h4",
  angle: "M19 19H5L15 5M10 12a8 8 0 0 1 3 7",
  area: "M5 5h14v14H5zM5 12l7-7M5 19L19 5M12 19l7-7",
  tissue: "M5 9c2-5 8-6 11-4s5 6 3 10-8 5-11 4-5-5-3-10zM9 11h.01M13 9h.01M12 14h.01M16 12h.01",
  undo: "M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3",
  redo: "M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h3",
  snap: "M5 4v16M5 8h4M5 12h7M5 16h4M16 8l4 4-4 4M20 12h-6",
  key_frame: "M12 4l6 8-6 8-6-8z",
  caliper: "M4 16L16 4M4 12v4h4M12 4h4v4M20 8l-8 12M9 11l2 2M11.500 8.500l2 2",
  zoom_in: "M11 4a7 7 0 1 0 .01 0M16 16l5 5M8 11h6M11 8v6",
  zoom_out: "M11 4a7 7 0 1 0 .01 0M16 16l5 5M8 11h6",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  flip: "M12 3v18M9 7l-6 10h6zM15 7l6 10h-6z",
  tone: "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h5M13 12h7M11 10v4",
  scale: "M3 8h18v8H3zM7 8v4M11 8v3M15 8v4M19 8v3",
  link: "M10 14a4 4 0 0 1 0-6l3-3a4 4 0 0 1 6 6l-2 2M14 10a4 4 0 0 1 0 6l-3 3a4 4 0 0 1-6-6l2-2",
  marks: "M3 12c4-8 14-8 18 0-4 8-14 8-18 0M12 9a3 3 0 1 0 .01 0",
  text: "M5 6V4h14v2M12 4v16M9 20h6",
  large: "M3 20l5-14 5 14M5 15h6M15 20l3.500-9 3.500 9M16.200 17h4.600",
  black: "M4 5h16v12H4zM9 21h6M4 5l16 12",
  plane: "M4 8l10-4 6 12-10 4z",
  save: "M12 4v11M8 11l4 4 4-4M4 17v3h16v-3",
  export: "M12 15V4M8 8l4-4 4 4M5 12v8h14v-8",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  full: "M4 9V4h5M20 15v5h-5M4 4l6 6M20 20l-6-6",
  help: "M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 18v.01",
  pin: "M9 4h6l-1 6 3 3v1H7v-1l3-3zM12 14v7",
  close: "M6 6l12 12M18 6L6 18",
  more: "M3.500 12a1.500 1.500 0 1 0 3 0 1.500 1.500 0 1 0-3 0M10.500 12a1.500 1.500 0 1 0 3 0 1.500 1.500 0 1 0-3 0M17.500 12a1.500 1.500 0 1 0 3 0 1.500 1.500 0 1 0-3 0",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  ghost: "M5 5c4 3 4 11 0 14M19 5c-4 3-4 11 0 14M10 6v2M10 11v2M10 16v2M14 6v2M14 11v2M14 16v2",
  strain: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7zM5 9l4-4M14 18l4-4",
  trail: "M4 18c4 0 3-9 7-9M14 9h.01M18 7.500h.01M18 7.500a2 2 0 1 0 .01 0",
  invert: "M12 4a8 8 0 1 0 .01 0M12 4v16",
  reset: "M5 5v5h5M5.500 10a7.500 7.500 0 1 1-1 5",
  history: "M4 5v5h5M4.500 10a8 8 0 1 1-.5 3M12 8v4.500l3 2",
  list: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
  spotlight: "M12 8a4 4 0 1 0 .01 0M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
});

/** @typedef {keyof typeof PATHS} IconName */

const FILLED = new Set(["play", "pause", "back", "on", "first", "last", "more"]);

/** @param {IconName} name */
export function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", FILLED.has(name) ? "msus-icon is-filled" : "msus-icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  picture.append(path);
  return picture;
}
