"""The moving thigh: gaps as asked for, area kept, speckle that follows the tissue."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cases.phantom.activation import activation, frame_starts_s, phases
from cases.phantom.long_axis import LongAxisThigh
from cases.phantom.long_axis_motion import LongAxisMotion, layers_at_rest
from cases.phantom.render import fill, picture
from cases.phantom.scan import ScanOptions
from cases.phantom.scene import Manoeuvre, Scene, Tear
from cases.phantom.short_axis import ShortAxisThigh
from cases.phantom.tear_edges import TearEdges
from cases.phantom.truth import gap_mm, truth_of


def _motion(scene: Scene, effort: float) -> LongAxisMotion:
    edges = TearEdges.of(scene) if scene.tear else None
    return LongAxisMotion(scene, layers_at_rest(scene), edges, effort)


def _determinants(motion: LongAxisMotion, side: int, x: np.ndarray, zeta: np.ndarray) -> np.ndarray:
    """Return the determinant of the deformation at points of rectus femoris, by central differences."""
    layers, step = motion.layers, 0.05

    def placed(x_mm: np.ndarray, z_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        share = (z_mm - layers.top(x_mm)) / layers.height(x_mm)
        return motion.rectus(x_mm, share, side)

    z = layers.top(x) + zeta * layers.height(x)
    along = [
        np.subtract(*pair) / (2 * step) for pair in zip(placed(x + step, z), placed(x - step, z), strict=True)
    ]
    down = [
        np.subtract(*pair) / (2 * step) for pair in zip(placed(x, z + step), placed(x, z - step), strict=True)
    ]
    return along[0] * down[1] - along[1] * down[0]


def test_the_gap_is_as_asked_for_at_rest_and_at_full_effort(short_scene: Scene) -> None:
    assert gap_mm(_motion(short_scene, 0.0))[0] == pytest.approx(2.5, abs=0.05)
    assert gap_mm(_motion(short_scene, 1.0))[0] == pytest.approx(18.0, abs=0.05)


def test_another_gap_can_be_asked_for(short_scene: Scene) -> None:
    wider = replace(short_scene, tear=Tear(gap_rest_mm=4.0, gap_peak_mm=6.0))
    assert gap_mm(_motion(wider, 1.0))[0] == pytest.approx(6.0, abs=0.05)


def test_a_tear_refuses_a_gap_that_closes_on_contraction() -> None:
    with pytest.raises(ValueError, match="gap at rest"):
        Tear(gap_rest_mm=6.0, gap_peak_mm=4.0)


def test_an_intact_muscle_keeps_its_area_and_thickens_by_about_a_tenth(short_scene: Scene) -> None:
    intact = replace(short_scene, tear=None)
    motion, rest = _motion(intact, 1.0), _motion(intact, 0.0)
    x, zeta = (axis.ravel() for axis in np.meshgrid(np.linspace(-20, 20, 41), np.linspace(0.05, 0.95, 15)))
    assert np.median(_determinants(motion, 1, x, zeta)) == pytest.approx(1.0, abs=0.03)
    at = np.array([0.0])
    thickness = [float((m.border("bottom", at) - m.border("top", at))[0]) for m in (rest, motion)]
    assert thickness[1] / thickness[0] == pytest.approx(1.10, abs=0.03)


def test_a_torn_muscle_keeps_its_area_on_the_median(short_scene: Scene) -> None:
    motion = _motion(short_scene, 1.0)
    values = []
    for side in (-1, 1):
        x, zeta = np.meshgrid(np.linspace(-26, 26, 105), np.linspace(0.05, 0.95, 19))
        x, zeta = x.ravel(), zeta.ravel()
        edges = motion.edges
        assert edges is not None
        inside = side * (x - edges.rest_at(side, zeta)) > 0.3
        values.append(_determinants(motion, side, x[inside], zeta[inside]))
    determinant = np.concatenate(values)
    assert np.median(determinant) == pytest.approx(1.0, abs=0.03)
    # The spread that the README states: corners of the ends are squeezed, nothing folds over.
    low, high = np.percentile(determinant, [5, 95])
    assert low > 0.75
    assert high < 1.2
    assert determinant.min() > 0.2


def test_what_shortens_along_the_muscle_widens_its_section(short_scene: Scene) -> None:
    scene = replace(short_scene, plane="short axis", tear=None)
    thigh = ShortAxisThigh.of(scene)
    motion = LongAxisMotion(scene, thigh.layers, None, 1.0)
    outline = np.stack(thigh.shape.moved(*thigh.shape.outline_px_points(), motion), axis=1).astype(np.float32)
    still = np.stack(thigh.shape.outline_px_points(), axis=1).astype(np.float32)
    growth = cv2.contourArea(outline) / cv2.contourArea(still)
    assert 1.0 < growth < 1.0 / (1.0 - scene.manoeuvre.shortening) + 0.05


def test_a_partial_tear_keeps_its_superficial_fibres_together() -> None:
    scene = Scene("partial", seed=2, tear=Tear(gap_rest_mm=3.0, gap_peak_mm=10.0, torn_from=0.46))
    motion = _motion(scene, 1.0)
    left, right = motion.end(-1)[0], motion.end(1)[0]
    edges = motion.edges
    assert edges is not None
    assert np.abs(right - left)[edges.zeta < 0.3].max() < 0.05
    assert (right - left)[edges.zeta > 0.6].min() > 3.0


def test_the_phases_cover_every_frame_once() -> None:
    covered = [frame for _, first, last in phases(Manoeuvre()) for frame in range(first, last + 1)]
    assert covered == list(range(1, Manoeuvre().frames + 1))


def test_a_clip_that_shows_rest_again_ends_in_a_chapter_of_rest(short_scene: Scene) -> None:
    name, first, last = phases(short_scene.manoeuvre)[-1]
    assert (name, last) == ("rest", short_scene.manoeuvre.frames)
    assert np.all(activation(short_scene)[first - 1 :] == 0)
    assert activation(short_scene)[first - 2] > 0
    cut_short = replace(short_scene.manoeuvre, frames=short_scene.manoeuvre.rest_at)
    assert [name for name, *_ in phases(cut_short)][-1] == "relaxing"


def test_the_hold_trembles_a_little_and_rest_is_still(short_scene: Scene) -> None:
    effort = activation(short_scene)
    first, last = next(frames for name, *frames in phases(short_scene.manoeuvre) if name == "hold")
    assert np.all(effort[: short_scene.manoeuvre.contract_at - 1] == 0)
    assert 0.002 < effort[first : last - 2].std() < 0.05


def test_uneven_timing_has_uneven_intervals(short_scene: Scene) -> None:
    uneven = replace(short_scene, manoeuvre=replace(short_scene.manoeuvre, uneven_timing=True))
    assert np.unique(np.round(np.diff(frame_starts_s(uneven)), 5)).size > 2
    assert np.ptp(np.diff(frame_starts_s(short_scene))) < 1e-9


def test_speckle_follows_the_tissue_from_frame_to_frame(short_scene: Scene) -> None:
    thigh = LongAxisThigh.of(short_scene)
    arrays = truth_of(thigh)
    options = ScanOptions(noise=False)
    first, second = (picture(thigh, index, options) for index in (18, 19))
    grid, region = np.asarray(arrays["grid_px"], dtype=np.float64), np.asarray(arrays["grid_region"])
    half, scores = 16, []
    for point in np.flatnonzero(region == 1)[::6]:
        (x0, y0), (x1, y1) = grid[18, point] - (92, 28), grid[19, point] - (92, 28)
        if not (half + 4 < min(x0, x1) and max(x0, x1) < 500 - half - 4 and y0 > 40):
            continue
        size = (2 * half + 1, 2 * half + 1)
        patches = [
            cv2.getRectSubPix(frame, size, (float(x) - 0.5, float(y) - 0.5))
            for frame, x, y in ((first, x0, y0), (second, x1, y1))
        ]
        scores.append(np.corrcoef(patches[0].ravel(), patches[1].ravel())[0, 1])
    assert len(scores) >= 5
    assert np.median(scores) > 0.9


def test_tissue_that_leaves_the_plane_changes_its_speckle(short_scene: Scene) -> None:
    leaving = replace(short_scene, manoeuvre=replace(short_scene.manoeuvre, out_of_plane_mm=3.0))
    group = next(g for g in LongAxisThigh.of(leaving).groups if g.region == "vastus")
    here, near, far = (group.amplitude_at(position) for position in (0.0, 0.3, 1.0))
    assert np.corrcoef(here, near)[0, 1] > 0.8
    assert abs(np.corrcoef(here, far)[0, 1]) < 0.2
    assert far.std() == pytest.approx(here.std(), rel=0.15)


def test_in_short_axis_the_gap_opens_with_the_contraction() -> None:
    scene = Scene(
        "short",
        plane="short axis",
        seed=3,
        tear=Tear(),
        manoeuvre=Manoeuvre(frames=12, contract_at=2, hold_at=6, relax_at=9, rest_at=11),
    )
    area = np.asarray(truth_of(fill(scene))["open_area_mm2"])
    assert area[6] > 4 * area[0]
    assert area[-1] == pytest.approx(area[0], rel=0.1)
