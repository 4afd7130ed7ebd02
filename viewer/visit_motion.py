"""What is known of the motion of opened clips, and what can be done about it: as in a case, for this visit only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from annotations.mark import Mark
from annotations.motion.entered_scale import in_mm
from annotations.motion.placed_edges import placed_edges
from annotations.motion.result import MotionRequest, MotionResult
from viewer.chapter_editor import edit_chapters
from viewer.curves import ClipCurves, measured_curves, with_tissue
from viewer.measure_offer import Offer, offer_measuring, show_how_to_place
from viewer.measuring import Question
from viewer.motion_tools import chosen_panel, edited_clip, moving_panels
from viewer.opening import OpenedClip
from viewer.scene import Scene
from viewer.set_chapters import with_chapters
from viewer.staging import visit_clip_url
from viewer.state import Address, set_chapters
from viewer.visits import Visit

FROM_YOUR_EDGES = "as tracked, from the edges that you placed, ± of the tracking alone"
SCALE_BY_YOU = "scale entered by you, its ± 4 % included"
_MARKS = TypeAdapter(tuple[Mark, ...])


def visit_curves(visit: Visit, clips: Sequence[OpenedClip]) -> Mapping[str, ClipCurves]:
    """Return what was measured in the opened clips, with the chapters set here, by the names of their packs."""
    curves = {clip.head.sha256: known_motion_of(visit, clip) for clip in clips}
    return with_chapters(curves, {clip.head.sha256: clip.head.frames for clip in clips}, set_chapters())


def take_edges(visit: Visit, calipers: Mapping[str, Any]) -> bool:
    """Hold the edges of the gap that were placed in opened clips.

    Parameters
    ----------
    visit : Visit
        Who placed them; they are gone when it ends.
    calipers : mapping of str to Any
        Calipers across the gap by the names of the packs, as the browser says them.

    Returns
    -------
    bool
        Whether they are others than before. What is no mark of ours, or of no clip of the visit, is passed over.
    """
    placed = dict(visit.placed_edges)
    for sha256, said in calipers.items():
        if not visit.results.holds_clip(sha256):
            continue
        try:
            edges = placed_edges(_MARKS.validate_json(json.dumps(said)))
        except ValidationError:
            continue
        placed.pop(sha256, None)
        if edges is not None:
            placed[sha256] = edges
    is_other = placed != visit.placed_edges
    visit.placed_edges = placed
    return is_other


def show_visit_tools(visit: Visit, scene: Scene, curves: Mapping[str, ClipCurves], here: Address) -> None:
    """Draw below the player of opened clips what can be measured and set; a clip of a case is measured in its case."""
    own = [one for one in scene.panels if one.clip.url == visit_clip_url(visit.token, one.clip.sha256)]
    panels = moving_panels(own)
    questions = [_question(visit, panel.clip.sha256, panel.clip.frames) for panel in panels]
    offer_measuring(
        [
            Offer(panel.title, question)
            for panel, question in zip(panels, questions, strict=True)
            if visit.measured.find(question.pack_sha256, question.request) is None
        ]
    )
    show_how_to_place(curves[panel.clip.sha256] for panel in panels)
    edited = chosen_panel(panels)
    if edited is not None:
        shown_as = {panel.clip_id for panel in own if panel.clip.sha256 == edited.clip.sha256}
        frame = here.frame_number if here.clip_id in shown_as else None
        edit_chapters(edited_clip(edited, curves[edited.clip.sha256], frame))


def said_in_scale(result: MotionResult, clip: OpenedClip) -> ClipCurves:
    """Return the curves of an opened clip, in mm where she who opened it entered a scale, which they say."""
    region = clip.entered_region
    if region is None:
        return _as_placed(measured_curves(result, clip.head), result)
    known = measured_curves(in_mm(result, region), replace(clip.head, regions=(region,)))
    known = _as_placed(known, result)
    tracked = known.tracked
    if tracked is not None and tracked.unit == "mm" and result.unit == "px":
        tracked = replace(tracked, source_label=f"{tracked.source_label}; {SCALE_BY_YOU}")
    others = tuple(
        replace(curve, source_label=f"{curve.source_label}; {SCALE_BY_YOU}") if curve.unit == "mm" else curve
        for curve in known.others
    )
    return replace(known, tracked=tracked, others=others)


def known_motion_of(visit: Visit, clip: OpenedClip) -> ClipCurves:
    """Return what was measured from the edges that were placed, else what was measured without."""
    sha256 = clip.head.sha256
    asked = (_request(visit, sha256), MotionRequest())
    result = next((found for one in asked if (found := visit.measured.find(sha256, one)) is not None), None)
    known = ClipCurves() if result is None else said_in_scale(result, clip)
    return with_tissue(known, clip.head, visit.tissue)


def _as_placed(known: ClipCurves, result: MotionResult) -> ClipCurves:
    if result.gap is None or result.gap.edges.source != "author":
        return known
    tracked = None if known.tracked is None else replace(known.tracked, source_label=FROM_YOUR_EDGES)
    stumps = None if known.stumps is None else replace(known.stumps, source_label=FROM_YOUR_EDGES)
    return replace(known, tracked=tracked, stumps=stumps)


def _request(visit: Visit, sha256: str) -> MotionRequest:
    return MotionRequest(edges=visit.placed_edges.get(sha256))


def _question(visit: Visit, sha256: str, frames: int) -> Question:
    return Question(visit.store.path(sha256), sha256, frames, visit.measured.folder, _request(visit, sha256))
