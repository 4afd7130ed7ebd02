import assert from "node:assert/strict";
import { test } from "node:test";
import { inverse, mapped, then, toBox } from "../../viewer/player/web/affine.js";
import { toScreen } from "../../viewer/player/web/geometry.js";
import { isKnown, underSameProbe } from "../../viewer/player/web/held_still.js";
import { clipOf, panelOf } from "./making.js";

const place = (more = {}) => ({ left: 10, top: 5, scale_x: 2, scale_y: 3, columns: 800, rows: 600, flip: false, ...more });
const near = (a, b) => assert.ok(Math.hypot(a.x_px - b.x_px, a.y_px - b.y_px) < 1e-6, `${JSON.stringify(a)} ${JSON.stringify(b)}`);
const POINT = { x_px: 120, y_px: 77 };

test("a map and its inverse come back to where they began", () => {
  const map = [0.9, -0.2, 14, 0.2, 0.9, -3];
  near(mapped(then(map, inverse(map)), POINT), POINT);
  assert.equal(inverse([1, 2, 0, 2, 4, 0]), null);
});

test("a picture lies in its box where the geometry says, flipped too", () => {
  for (const flip of [false, true]) {
    const { x, y } = toScreen(place({ flip }), POINT);
    near(mapped(toBox(place({ flip })), POINT), { x_px: x, y_px: y });
  }
});

/** The probe slides 3 px to the right each frame: what is undone is 3 px to the left. */
const sliding = clipOf(4, { still_probe: { matrices: [0, 1, 2, 3].map((frame) => [1, 0, -3 * frame, 0, 1, 0]), summary: "" } });

test("tissue of one frame is drawn where it lies under the probe of another", () => {
  const seen = (frame_index) => ({ panel: panelOf("rest", sliding), frame_index, place: place() });
  near(mapped(underSameProbe(seen(0), seen(2)), POINT), mapped(toBox(place()), { ...POINT, x_px: POINT.x_px + 6 }));
});

test("two clips in boxes of their own keep their places, each less its own slide", () => {
  const left = { panel: panelOf("rest", sliding), frame_index: 3, place: place() };
  const right = { panel: panelOf("contraction", sliding), frame_index: 0, place: place({ scale_x: 4 }) };
  near(mapped(underSameProbe(left, right), POINT), mapped(toBox(place()), { ...POINT, x_px: POINT.x_px - 9 }));
});

test("where the motion of one probe is not known, both pictures stay as recorded", () => {
  const bare = panelOf("contraction", clipOf(4));
  assert.equal(isKnown(panelOf("rest", sliding), bare), false);
  const map = underSameProbe({ panel: panelOf("rest", sliding), frame_index: 3, place: place() }, { panel: bare, frame_index: 1, place: place() });
  near(mapped(map, POINT), mapped(toBox(place()), POINT));
});
