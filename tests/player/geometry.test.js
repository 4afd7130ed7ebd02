import assert from "node:assert/strict";
import { test } from "node:test";
import { FIT, fitScales, insidePicture, mainRegion, nudge, panBy, placementOf, toImage, toScreen, ZOOM_MAX, zoomAbout } from "../../viewer/player/web/geometry.js";
import { clipOf, regionOf } from "./making.js";

const box = { width: 400, height: 300 };
const clip = clipOf(1);
const [fit] = fitScales([{ clip, box, comparable: true }], true);
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test("a picture that fits fills its box", () => {
  const place = placementOf(clip, box, fit, FIT);
  assert.deepEqual(toScreen(place, { x_px: 0, y_px: 0 }), { x: 0, y: 0 });
  assert.deepEqual(toScreen(place, { x_px: 800, y_px: 600 }), { x: 400, y: 300 });
});

test("screen and image are each other's way back, zoomed, panned and flipped", () => {
  for (const view of [FIT, { zoom: 3, centre_x: 0.3, centre_y: 0.6, flip: false }, { zoom: 5.5, centre_x: 0.9, centre_y: 0.1, flip: true }]) {
    const place = placementOf(clip, box, fit, view);
    for (const point of [{ x_px: 0, y_px: 0 }, { x_px: 123.5, y_px: 456.25 }, { x_px: 800, y_px: 600 }]) {
      const back = toImage(place, toScreen(place, point));
      near(back.x_px, point.x_px);
      near(back.y_px, point.y_px);
    }
  }
});

test("a flip mirrors left and right and nothing else", () => {
  const place = placementOf(clip, box, fit, { ...FIT, flip: true });
  assert.deepEqual(toScreen(place, { x_px: 0, y_px: 150 }), { x: 400, y: 75 });
});

test("a millimetre is equally long in every calibrated panel", () => {
  const coarse = clipOf(1, { regions: [regionOf(0, 0, 799, 599, 0.2)] });
  const fine = clipOf(1, { regions: [regionOf(0, 0, 799, 599, 0.05)] });
  const [first, second] = fitScales([{ clip: coarse, box, comparable: true }, { clip: fine, box, comparable: true }], true);
  near(first.x / 0.2, second.x / 0.05);
  near(first.x, 0.5);
});

test("a static view and a picture without scale keep their own fit", () => {
  const calibrated = clipOf(1, { regions: [regionOf(0, 0, 799, 599, 0.2)] });
  const still = clipOf(1, { rows: 300, columns: 300, regions: [regionOf(0, 0, 299, 299, 0.6)] });
  const scales = fitScales([{ clip: calibrated, box, comparable: true }, { clip, box, comparable: true }, { clip: still, box, comparable: false }], true);
  near(scales[0].x, 0.5);
  near(scales[1].x, 0.5);
  near(scales[2].x, 1);
});

test("pixels that are not square are shown in their true shape", () => {
  const tall = clipOf(1, { regions: [regionOf(0, 0, 799, 599, 0.1, 0.2)] });
  const [scale] = fitScales([{ clip: tall, box, comparable: true }], true);
  near(scale.y / scale.x, 2);
  assert.ok(scale.y * 600 <= 300 + 1e-9);
});

test("zoom keeps the point under the pointer", () => {
  const at = { x: 310, y: 40 };
  let view = FIT;
  for (let turn = 0; turn < 4; turn += 1) {
    const point = toImage(placementOf(clip, box, fit, view), at);
    view = zoomAbout(view, point, 1.4, clip);
    const seen = toScreen(placementOf(clip, box, fit, view), point);
    near(seen.x, at.x);
    near(seen.y, at.y);
  }
});

test("zoom ends at the fitted picture and at its limit", () => {
  const out = zoomAbout({ zoom: 1.2, centre_x: 0.8, centre_y: 0.8, flip: false }, { x_px: 0, y_px: 0 }, 0.01, clip);
  assert.deepEqual(out, FIT);
  assert.equal(zoomAbout(FIT, { x_px: 0, y_px: 0 }, 1e6, clip).zoom, ZOOM_MAX);
});

test("the picture follows the hand, flipped or not", () => {
  for (const flip of [false, true]) {
    const view = { zoom: 4, centre_x: 0.5, centre_y: 0.5, flip };
    const before = placementOf(clip, box, fit, view);
    const after = placementOf(clip, box, fit, panBy(view, 30, -20, before));
    const point = { x_px: 400, y_px: 300 };
    near(toScreen(after, point).x - toScreen(before, point).x, 30);
    near(toScreen(after, point).y - toScreen(before, point).y, -20);
  }
});

test("arrows move by one pixel, with Shift by ten, and as the eye sees it when flipped", () => {
  assert.deepEqual(nudge("ArrowRight", false, false), { x_px: 1, y_px: 0 });
  assert.equal(nudge("ArrowUp", true, false).y_px, -10);
  assert.equal(nudge("ArrowRight", false, true).x_px, -1);
  assert.equal(nudge("a", false, false), null);
});

test("the main region is the largest that has a scale along both axes", () => {
  const clip3 = clipOf(1, { regions: [regionOf(0, 0, 799, 599, null, 0.1), regionOf(0, 0, 799, 599, 0.1, null), regionOf(0, 0, 9, 9, 0.1), regionOf(0, 0, 99, 99, 0.2)] });
  assert.equal(mainRegion(clip3).mm_per_px_x, 0.2);
  assert.equal(mainRegion(clip), null);
});

test("a point outside comes back to the edge of the picture", () => {
  assert.deepEqual(insidePicture({ x_px: -3, y_px: 900 }, clip), { x_px: 0, y_px: 600 });
});
