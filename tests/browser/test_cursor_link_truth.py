"""The linked cursor on the bundled case, against the displacement that the simulation moved its tissue by."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from annotations.layers import bundled_documents
from annotations.mark import Kind
from annotations.motion.tissue_map import read_map_head
from annotations.motion.tissue_map_store import shipped_map_path
from cases.manifest import CaseManifest, StaticView, read_manifest
from tests.browser.conftest import OpenPage
from tests.browser.player import Player

FloatArray = NDArray[np.float64]
BUNDLED = Path(__file__).parents[2] / "cases" / "bundled"
CASE, CLIP, VIEW = "rectus-femoris-tear", "long-axis-defect", "pd-fs-sagittal"
ALLOWED_MM = 1.5
REGION, PITCH_MM = (92, 28, 592, 498), 0.096
US_PX, MR_PX = (640, 512), (288, 288)

_MAP_ALL = """async ({ url, landmarks, frames }) => {
  const base = "/_stcore/bidi-components/viewer.player/";
  const [{ mapOf }, { carry, readTissueMap }] = await Promise.all([import(base + "landmark_map.js"), import(base + "tissue_map.js")]);
  const tissue = readTissueMap(await (await fetch(url)).arrayBuffer());
  const map = mapOf(landmarks, landmarks[0].clip_id);
  return frames.map(([frame, points]) => points.map(([x_px, y_px]) => {
    const rest = carry(tissue, { x_px, y_px }, frame, map.frame_index);
    const there = rest === null ? null : map.toStatic(rest);
    return there === null ? null : [there.x_px, there.y_px];
  }));
}"""


@pytest.fixture(scope="module")
def manifest() -> CaseManifest:
    return read_manifest(BUNDLED / CASE)


@pytest.fixture(scope="module")
def truth() -> dict[str, FloatArray]:
    with np.load(BUNDLED / CASE / f"{CLIP}.truth.npz") as arrays:
        return {name: arrays[name].astype(np.float64) for name in ("grid_px", "grid_region")}


def _view(manifest: CaseManifest) -> StaticView:
    return next(view for view in manifest.static_views if view.id == VIEW)


def _in_static_view(manifest: CaseManifest, at_rest_px: FloatArray) -> tuple[FloatArray, float]:
    """Return where places of the first frame lie in the static view, by the plane of the scan; and its mm per px."""
    plane = next(one for one in _view(manifest).scan_planes if one.clip == CLIP)
    upper_left, upper_right, lower_right, _ = np.array(plane.outline_px)
    x0, y0, x1, y1 = REGION
    share = (at_rest_px - (x0, y0)) / (x1 - x0, y1 - y0)
    across, down = upper_right - upper_left, lower_right - upper_right
    places = upper_left + share[..., :1] * across + share[..., 1:] * down
    return places, PITCH_MM * (x1 - x0) / float(np.linalg.norm(across))


def _inside(points_px: FloatArray) -> NDArray[np.bool_]:
    x0, y0, x1, y1 = REGION
    return np.asarray(((points_px > (x0 + 4, y0 + 4)) & (points_px < (x1 - 4, y1 - 4))).all(axis=-1))


def test_every_place_that_is_shown_lies_within_a_millimetre_and_a_half_of_the_truth(
    open_page: OpenPage, manifest: CaseManifest, truth: dict[str, FloatArray]
) -> None:
    grid = truth["grid_px"]
    inside = _inside(grid)
    expected, mm_per_px = _in_static_view(manifest, grid[0])
    sha256 = read_map_head(shipped_map_path(CASE, CLIP).read_bytes())["pack_sha256"]
    landmarks = [
        {"clip_id": one.clip, "frame_index": one.frame - 1, "clip_px": one.clip_px, "slice_index": one.slice - 1, "static_px": one.static_px}
        for one in _view(manifest).landmarks
    ]  # fmt: skip
    frames = range(10, len(grid), 4)  # all of the effort, and what follows
    page = open_page(f"/compare?case={CASE}")
    Player(page).wait_first_picture()
    found = page.evaluate(
        _MAP_ALL,
        {
            "url": f"/api/clips/{sha256}/tissue",
            "landmarks": landmarks,
            "frames": [[index, grid[index][inside[index]].tolist()] for index in frames],
        },
    )
    missed = []
    asked = 0
    for index, places in zip(frames, found, strict=True):
        asked += len(places)
        there = expected[inside[index]]
        missed += [
            np.hypot(*(np.array(place) - there[at])) * mm_per_px
            for at, place in enumerate(places)
            if place is not None
        ]
    assert asked > 4_000
    assert len(missed) > 0.9 * asked
    assert np.median(missed) < 0.2
    assert max(missed) < ALLOWED_MM


def test_pointing_at_contracted_tissue_shows_where_it_lies_in_the_static_view(
    open_page: OpenPage, manifest: CaseManifest, truth: dict[str, FloatArray]
) -> None:
    grid, at = truth["grid_px"], 34
    expected, mm_per_px = _in_static_view(manifest, grid[0])
    player = Player(open_page(f"/compare?case={CASE}&clip={CLIP}&frame={at + 1}", height=1300))
    player.wait_all_frames()
    boxes = {}
    for panel_id in ("contraction", "static"):
        boxes[panel_id] = player.panel(panel_id).locator("canvas.msus-picture").bounding_box()
    moving, still = boxes["contraction"], boxes["static"]
    assert moving is not None
    assert still is not None
    cross = player.root.locator(".msus-cross")
    region = truth["grid_region"]
    for wanted in (1, 2, 3):  # proximal and distal of the tear, and below it
        chosen = np.flatnonzero(region == wanted)
        middle = chosen[np.argsort(np.abs(grid[0][chosen] - grid[0][chosen].mean(axis=0)).sum(axis=1))[0]]
        x_px, y_px = grid[at][middle]
        x, y = (
            moving["x"] + x_px / US_PX[0] * moving["width"],
            moving["y"] + y_px / US_PX[1] * moving["height"],
        )
        player.page.mouse.move(x - 3, y)
        player.page.mouse.move(x, y)
        expect(cross).to_contain_text("landmark error")
        box = cross.bounding_box()
        assert box is not None
        seen = (np.array([box["x"] - still["x"], box["y"] - still["y"]]) / still["width"]) * MR_PX[0]
        assert np.hypot(*(seen - expected[middle])) * mm_per_px < ALLOWED_MM


def test_in_the_gap_it_is_said_that_no_place_is_known(open_page: OpenPage) -> None:
    (document,) = bundled_documents(CASE)
    gap = next(mark for mark in document.marks_of(CLIP) if mark.kind is Kind.CALIPER).sighting(34)
    assert gap is not None
    x_px, y_px = np.mean(gap.points_px, axis=0)
    player = Player(open_page(f"/compare?case={CASE}&clip={CLIP}&frame=35", height=1300))
    player.wait_all_frames()
    moving = player.panel("contraction").locator("canvas.msus-picture").bounding_box()
    assert moving is not None
    player.page.mouse.move(
        moving["x"] + x_px / US_PX[0] * moving["width"], moving["y"] + y_px / US_PX[1] * moving["height"]
    )
    said = player.panel("static").locator(".msus-cross")
    expect(said).to_have_text("No place here: the tissue could not be followed.")
