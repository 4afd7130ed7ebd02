"""The motion of opened clips: edges that a visitor places, her scale, the map, and why clips are not lined up."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotations.motion.chapters import Evidence, find_chapters
from annotations.motion.result import MotionRequest
from annotations.motion.stump import StumpEdges
from annotations.motion.tissue_map import MAX_FRAMES, TOO_LONG, map_steps
from cases.clip import ClipHead
from cases.intake import Opened
from tests.annotations.motion.torn_muscle import activation_of, cine_of
from tests.browser.measured_cases import FRAMES, measurement, tissue_map
from tests.viewer.test_scene import make_clip, make_panel
from viewer.curves import ClipCurves, with_tissue
from viewer.linking import why_not_by_phase
from viewer.opening import OpenedClip, stage_opened
from viewer.scene import Chapter, Panel
from viewer.visit_motion import FROM_YOUR_EDGES, SCALE_BY_YOU, known_motion_of, take_edges
from viewer.visits import Visit, Visits

CALIPER = {
    "id": "m-1",
    "clip": "contraction-1",
    "kind": "caliper",
    "concept": {"scheme": "99MSUS", "code": "GAP", "meaning": "Gap between torn muscle ends"},
    "place": {"on": "frame", "frame_index": 12, "points_px": [[243, 140], [178, 140]]},
}
EFFORT = tuple(
    Chapter(name, first, first + 1) for first, name in enumerate(["rest", "contracting", "hold", "relaxing"])
)


@pytest.fixture
def head(tmp_path: Path) -> ClipHead:
    return cine_of(tmp_path, np.zeros((FRAMES, 48, 64), np.uint8)).head


@pytest.fixture
def visit(tmp_path: Path, head: ClipHead) -> Iterator[Visit]:
    visits = Visits(tmp_path / "visits")
    begun = visits.begin()
    row_id = begun.results.announce("torn.gif").row_id
    begun.results.begin(row_id)
    begun.results.finish(row_id, Opened("torn.gif", head))
    yield begun
    visits.close()


def test_the_ends_of_the_caliper_become_the_edges_until_it_is_deleted(visit: Visit, head: ClipHead) -> None:
    assert take_edges(visit, {head.sha256: [CALIPER]})
    assert visit.placed_edges == {head.sha256: StumpEdges(12, (178.0, 140.0), (243.0, 140.0))}
    assert not take_edges(visit, {head.sha256: [CALIPER]})
    assert not take_edges(visit, {})
    assert take_edges(visit, {head.sha256: []})
    assert visit.placed_edges == {}


@pytest.mark.parametrize("said", [None, 5, [5], [{"id": "m"}], [CALIPER | {"kind": "caliper\n"}]])
def test_what_is_no_mark_is_passed_over(visit: Visit, head: ClipHead, said: Any) -> None:
    assert not take_edges(visit, {head.sha256: said})
    assert not take_edges(visit, {"0" * 64: [CALIPER]})


def _measured_in_px(head: ClipHead, request: MotionRequest) -> Any:
    result = measurement(head.sha256, None)
    assert result.gap is not None
    assert result.thickness is not None
    places = ((20.0, 20.0),) * FRAMES
    gap = replace(result.gap, unit="px", left_px=places, right_px=places, edges=replace(result.gap.edges, source="author"))  # fmt: skip
    probe = replace(result.probe, unit="px")
    provenance = replace(result.provenance, request=request, area_px=(0, 0, 64, 48))
    thickness = replace(result.thickness, unit="px")
    return replace(
        result, unit="px", gap=gap, probe=probe, thickness=thickness, provenance=provenance, warnings=()
    )


def test_numbers_from_own_edges_and_an_entered_scale_say_so(visit: Visit, head: ClipHead) -> None:
    take_edges(visit, {head.sha256: [CALIPER]})
    request = MotionRequest(edges=visit.placed_edges[head.sha256])
    visit.measured.keep(_measured_in_px(head, request))
    clip = OpenedClip("torn.gif", head)
    known = known_motion_of(visit, clip)
    assert known.tracked is not None
    assert (known.tracked.unit, known.tracked.source_label) == ("px", FROM_YOUR_EDGES)
    in_mm = known_motion_of(visit, replace(clip, mm_per_px=0.5))
    assert in_mm.tracked is not None
    assert (in_mm.tracked.unit, in_mm.tracked.source_label) == ("mm", f"{FROM_YOUR_EDGES}; {SCALE_BY_YOU}")
    assert in_mm.tracked.values[-1] == pytest.approx(known.tracked.values[-1] / 2)
    assert in_mm.still_probe is not None
    assert in_mm.still_probe.matrices == known.still_probe.matrices  # type: ignore[union-attr]
    assert in_mm.others[0].source_label.endswith(SCALE_BY_YOU)


def test_the_map_of_an_opened_clip_lies_beside_its_frames(visit: Visit, head: ClipHead) -> None:
    clip = OpenedClip("torn.gif", head)
    assert not known_motion_of(visit, clip).tissue_followed
    visit.tissue.keep(tissue_map(head.sha256))
    known = known_motion_of(visit, clip)
    assert known.tissue_followed
    scene = stage_opened([clip], {"contraction": 0}, {head.sha256: known}, token="t" * 32)
    assert scene is not None
    assert scene.panels[0].clip.maps_url == f"/api/visits/{'t' * 32}/clips/{head.sha256}/tissue"


def test_a_clip_too_long_for_a_map_says_what_can_be_done(visit: Visit, head: ClipHead) -> None:
    long = replace(head, frames=MAX_FRAMES + 1)
    proposed = find_chapters(Evidence("motion", (0.0,) * 4, "px", 1.0))
    assert with_tissue(ClipCurves(proposed=proposed), long, visit.tissue).warnings == (TOO_LONG,)
    assert with_tissue(ClipCurves(), long, visit.tissue).warnings == ()
    assert "cut the clip" in TOO_LONG
    assert (map_steps(MAX_FRAMES + 1), map_steps(3)) == (0, 5)


def _panel(role: str, sha256: str, chapters: tuple[Chapter, ...] = ()) -> Panel:
    return make_panel(panel_id=role, role=role, title=role, clip=make_clip(sha256=sha256, chapters=chapters))


def test_a_clip_without_contraction_is_named_instead_of_lined_up(head: ClipHead) -> None:
    scene = stage_opened([OpenedClip("a", head)], {"contraction": 0}, token="t" * 32, beside=_panel("rest", "r", EFFORT))  # fmt: skip
    assert scene is not None
    still = find_chapters(Evidence("motion", (0.0,) * FRAMES, "px", 1.0))
    said = why_not_by_phase(scene, {head.sha256: ClipCurves(proposed=still)})
    assert said is not None
    assert "No contraction was found in a" in said
    assert "measure its motion" in str(why_not_by_phase(scene, {}))
    effort = find_chapters(Evidence("motion", tuple(map(float, 10 * activation_of(FRAMES, 6, 14, 24, 34))), "px", 1.0))  # fmt: skip
    curves = {head.sha256: ClipCurves(proposed=effort)}
    lined_up = stage_opened([OpenedClip("a", head)], {"contraction": 0}, curves, token="t" * 32, beside=_panel("rest", "r", EFFORT))  # fmt: skip
    assert lined_up is not None
    assert (lined_up.link, why_not_by_phase(lined_up, curves)) == ("phase", None)
    assert [panel.clip.sha256 for panel in lined_up.panels] == ["r", head.sha256]
