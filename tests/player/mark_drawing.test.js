// How a mark that is not sure of its place is drawn: what a canvas is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawMark } from "../../viewer/player/web/mark_drawing.js";

/** @param {object} more  of the shape @param {object} mark  more of it */
function told(more, mark) {
  const said = { dashes: [], texts: [] };
  let dash = [];
  const context = new Proxy({}, {
    get: (_, name) => (...given) => {
      if (name === "setLineDash") [dash] = given;
      if (name === "stroke") said.dashes.push(dash);
      if (name === "fillText") said.texts.push(given[0]);
    },
    set: () => true,
  });
  const whole = { mark_id: "m", kind: "point", label: "", note: "", layer: "", colour: "#fff", line: "solid", places_px: [], unsure_frame_indices: [], stump: false, ...mark };
  drawMark(context, { mark: whole, points: [10, 20, 30, 20], opacity: 1, unsure: false, measure: "", ...more }, 2);
  return said;
}

test("a point that was not followed well is broken in every stroke, and asks where it has no label", () => {
  assert.deepEqual(told({}, {}), { dashes: [[], [], []], texts: [] });
  const unsure = told({ unsure: true }, {});
  assert.ok(unsure.dashes.every((dash) => dash.length === 2 && dash.every((part) => part > 0)));
  assert.deepEqual(unsure.texts, ["?"]);
  assert.deepEqual(told({ unsure: true }, { label: "Tip" }).texts, []);
});

test("a line that was not followed well is dotted, and asks where it says nothing", () => {
  const line = told({ unsure: true }, { kind: "polyline" });
  assert.deepEqual(line.dashes.map((dash) => dash.length), [0, 0, 2]);
  assert.deepEqual(line.texts, ["?"]);
  assert.deepEqual(told({ unsure: true, measure: "3.0 mm ± 0.5 mm" }, { kind: "caliper" }).texts, []);
});

test("in a crowd a mark has one outline", () => {
  const strokes = (/** @type {boolean} */ plainly) => {
    const said = [];
    const context = new Proxy({}, { get: (_, name) => () => name === "stroke" && said.push(name), set: () => true });
    drawMark(context, { mark: { mark_id: "m", kind: "polyline", label: "m", colour: "#fff", line: "solid" }, points: [10, 20, 30, 20], opacity: 1, unsure: false, measure: "" }, 2, plainly);
    return said.length;
  };
  assert.deepEqual([strokes(false), strokes(true)], [3, 2]);
});
