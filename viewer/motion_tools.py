"""What can be done about the motion of the clips on a page: measure it, and set the chapters."""

from collections.abc import Mapping, Sequence

import streamlit as st

from annotations.errors import AnnotationStoreError
from annotations.motion.result import MotionRequest
from annotations.motion.result_store import MotionStore
from cases.case import Case
from viewer.authors import page_may_write
from viewer.chapter_editor import EditedClip, edit_chapters
from viewer.curves import ClipCurves, measured_curves
from viewer.house import house
from viewer.measure_offer import Offer, offer_measuring
from viewer.measuring import Question
from viewer.opening import OpenedClip
from viewer.scene import Chapter, Panel, Scene
from viewer.set_chapters import keep_chapters, kept_chapters, with_chapters
from viewer.state import Address, set_chapters, set_chapters_of
from viewer.visits import Visit
from viewer.words import plain

MOTION_FOLDER = "motion"


def chosen_chapters(case: Case, curves: Mapping[str, ClipCurves]) -> Mapping[str, ClipCurves]:
    """Return the curves of a case with the chapters that its authors keep and, before them, what was set here."""
    frames = {clip_id: head.frames for clip_id, head in case.clips.items()}
    here = {clip_id: set_chapters().get(head.sha256, ()) for clip_id, head in case.clips.items()}
    return with_chapters(curves, frames, kept_chapters(case.manifest.id, house().marks), here)


def show_case_tools(
    case: Case,
    scene: Scene,
    curves: Mapping[str, ClipCurves],
    asked: Mapping[str, MotionRequest],
    here: Address,
) -> None:
    """Draw below the player of a case what can be measured and set in its long-axis clips."""
    panels = _moving(scene.panels)
    offers = []
    for panel in panels:
        if curves[panel.clip_id].proposed is None and panel.plane == "long axis":
            sha256 = case.clips[panel.clip_id].sha256
            question = Question(
                house().store.path(sha256), sha256, house().measured.folder, asked[panel.clip_id]
            )
            offers.append(Offer(panel.title, question))
    offer_measuring(offers)
    edited = _chosen(panels)
    if edited is not None:
        frame = here.frame_number if here.clip_id == edited.clip_id else None
        shown = edit_chapters(_edited(edited, curves[edited.clip_id], is_in_address=True, frame_number=frame))
        if page_may_write():
            _offer_keeping(case.manifest.id, edited.clip_id, shown, edited.clip.sha256)


def visit_curves(visit: Visit, clips: Sequence[OpenedClip]) -> Mapping[str, ClipCurves]:
    """Return what was measured in the opened clips, with the chapters set here, by the names of their packs."""
    store = MotionStore(visit.folder / MOTION_FOLDER)
    heads = {clip.head.sha256: clip.head for clip in clips}
    curves = {
        sha256: measured_curves(store.find(sha256, MotionRequest()), head) for sha256, head in heads.items()
    }
    return with_chapters(curves, {sha256: head.frames for sha256, head in heads.items()}, set_chapters())


def show_visit_tools(visit: Visit, scene: Scene, curves: Mapping[str, ClipCurves]) -> None:
    """Draw below the player of opened clips what can be measured and set."""
    panels = _moving(scene.panels)
    folder = visit.folder / MOTION_FOLDER
    offers = [
        Offer(
            panel.title,
            Question(visit.store.path(panel.clip.sha256), panel.clip.sha256, folder, MotionRequest()),
        )
        for panel in panels
        if curves[panel.clip.sha256].proposed is None
    ]
    offer_measuring(offers)
    edited = _chosen(panels)
    if edited is not None:
        edit_chapters(_edited(edited, curves[edited.clip.sha256]))


def _moving(panels: Sequence[Panel]) -> list[Panel]:
    """Panels of different clips that move."""
    moving = [panel for panel in panels if panel.role != "static" and panel.clip.kind == "clip"]
    return list({panel.clip.sha256: panel for panel in moving}.values())


def _chosen(panels: Sequence[Panel]) -> Panel | None:
    """Ask whether and of which clip the chapters are to be set; nothing is drawn or loaded before."""
    if not panels or not st.toggle("Set the chapters of the contraction", key="set-chapters"):
        return None
    if len(panels) == 1:
        return panels[0]
    number = st.selectbox(
        "Clip", range(len(panels)), format_func=lambda index: panels[index].title, key="chapters-of"
    )
    return panels[number]


def _edited(
    panel: Panel, known: ClipCurves, *, is_in_address: bool = False, frame_number: int | None = None
) -> EditedClip:
    return EditedClip(panel.clip.sha256, panel.title, panel.clip, known, is_in_address, frame_number)


def _offer_keeping(case_id: str, clip_id: str, shown: Sequence[Chapter], name: str) -> None:
    """Draw the two buttons of an author: keep for everybody, and go back to the chapters of the case."""
    keep = st.button("Keep these chapters for everybody", icon=":material/save:", key=f"keep-{clip_id}")
    back = st.button("Go back to the chapters of the case", icon=":material/restore:", key=f"back-{clip_id}")
    if not keep and not back:
        return
    try:
        keep_chapters(case_id, clip_id, shown if keep else (), house().marks.open())
    except AnnotationStoreError as error:
        st.error(plain(str(error)), icon=":material/cloud_off:")
        return
    set_chapters_of(name, ())
    st.rerun()
