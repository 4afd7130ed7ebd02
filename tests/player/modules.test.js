import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const WEB = new URL("../../viewer/player/web/", import.meta.url);
const sourceOf = (name) => readFileSync(new URL(name, WEB), "utf8");

/** Modules that one needs at once, itself included. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of sourceOf(name).matchAll(/^import .* from "(\.[\w./]+)";$/gm)) needed(new URL(other, new URL(name, WEB)).href.slice(WEB.href.length), found);
  return found;
}

test("the door imports nothing, so that nothing waits for it", () => {
  assert.doesNotMatch(sourceOf("player.js"), /^import /m);
});

test("no module is longer than 400 lines", () => {
  for (const name of readdirSync(WEB, { recursive: true })) if (name.endsWith(".js")) assert.ok(sourceOf(name).split("\n").length <= 400, name);
});

test("the drawing tools come when they are asked for, by one door", () => {
  const doors = readdirSync(WEB).filter((name) => name.endsWith(".js") && /^[^/]*["']\.\/drawing\//m.test(sourceOf(name)));
  assert.deepEqual(doors.sort(), ["drawing_door.js", "export_requests.js", "m_mode.js", "mark_measure.js"]);
  assert.deepEqual([...needed("session.js")].filter((name) => name.startsWith("drawing/")).sort(), ["drawing/kinds.js", "drawing/measurement.js"]);
  assert.doesNotMatch(sourceOf("drawing_door.js"), /^import /m);
});

test("the worker needs little, so that it starts at once", () => {
  assert.deepEqual([...needed("decoder.worker.js")].sort(), ["decode.js", "decoder.worker.js"]);
});

test("clock, links, geometry, tone and store know no browser", () => {
  for (const name of ["clock", "timeline", "geometry", "tone", "store", "pack", "drawing/place", "drawing/kinds", "drawing/measurement", "drawing/board", "drawing/edits", "drawing/strokes", "drawing/scene_marks", "decode_order", "position", "requests", "playback", "view_requests"]) {
    assert.doesNotMatch(sourceOf(`${name}.js`), /\b(document|navigator|location|localStorage|globalThis)\./, name);
  }
});
