import assert from "node:assert/strict";
import { test } from "node:test";
import { shortcutFor, SHORTCUTS } from "../../viewer/player/web/shortcuts.js";
import { WAYS } from "../../viewer/player/web/ways.js";

const press = (key, more = {}) => shortcutFor({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more });

test("R and C belong to the host page, with and without Shift", () => {
  for (const key of ["r", "c", "R", "C"]) assert.equal(press(key, { shiftKey: key < "a" }), null);
  assert.ok(SHORTCUTS.every(({ keys }) => !keys.includes("r") && !keys.includes("c")));
});

test("no key has two meanings", () => {
  const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
  assert.equal(new Set(keys).size, keys.length);
});

test("Ctrl or the command key with Z takes back, with Y or Shift and Z makes again", () => {
  for (const held of ["ctrlKey", "metaKey"]) {
    assert.equal(press("z", { [held]: true }).action, "undo");
    assert.equal(press("Z", { [held]: true, shiftKey: true }).action, "redo");
    assert.equal(press("y", { [held]: true }).action, "redo");
  }
  assert.equal(press("z"), null);
});

test("other keys with Ctrl, Alt or the command key stay with the browser", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) assert.equal(press("p", { [held]: true }), null);
});

test("arrows step one frame, with Shift ten", () => {
  assert.equal(press("ArrowRight").amount, 1);
  assert.equal(press("ArrowLeft", { shiftKey: true }).amount, -10);
});

test("letters work with caps lock, and signs wherever the keyboard has them", () => {
  assert.equal(press("P").action, "pin");
  assert.equal(press("+", { shiftKey: true }).action, "zoom");
  assert.equal(press("=").action, "zoom");
  assert.equal(press("?", { shiftKey: true }).action, "help");
  assert.equal(press("]").amount, 1);
});

test("1 to 6 are the ways to compare, each with its button", () => {
  for (const { key, layout } of WAYS) assert.equal(press(key).action, `layout_${layout}`);
  assert.equal(WAYS.map(({ key }) => key).join(""), "123456");
});

test("Shift with Home is nobody's", () => {
  assert.equal(press("Home", { shiftKey: true }), null);
});
