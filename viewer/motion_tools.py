"""What can be done about the motion of the clips of a case: measure it, and set the chapters."""

from collections.abc import Mapping, Sequence

import streamlit as st

from annotations.errors import AnnotationStoreError
from annotations.motion.result import MotionRequest
from cases.case import Case
from viewer.asked_motion import asked_motion
from viewer.authors import page_may_write
from viewer.chapter_editor import EditedClip, edit_chapters
from viewer.curves import ClipCurves
from viewer.house import house
from viewer.measure_offer import Offer, offer_measuring, show_how_to_place
from viewer.measuring import Question
from viewer.scene import Chapter, Panel, Scene
from viewer.set_chapters import keep_chapters, kept_chapters, with_chapters
from viewer.state import Address, set_chapters, set_chapters_of
from viewer.words import plain

SHORT_AXIS = (
    "in the short axis a contracting muscle moves through the picture, so that each frame shows other tissue."
)


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
    panels = moving_panels(scene.panels)
    offers = [
        Offer(panel.title, _question(case, panel.clip_id, asked[panel.clip_id]))
        for panel in panels
        if curves[panel.clip_id].proposed is None and panel.plane != "short axis"
    ]
    is_asked_anew = (lambda: asked_motion(case, house().marks) != asked) if page_may_write() else None
    offer_measuring(offers, is_asked_anew)
    if page_may_write():
        show_how_to_place(curves[panel.clip_id] for panel in panels)
    for panel in panels:
        if panel.plane == "short axis":
            st.caption(f"Motion is not measured in {plain(panel.title)}: {SHORT_AXIS}")
    edited = chosen_panel(panels)
    if edited is not None:
        frame = here.frame_number if here.clip_id == edited.clip_id else None
        shown = edit_chapters(edited_clip(edited, curves[edited.clip_id], frame))
        if page_may_write():
            _offer_keeping(case.manifest.id, edited.clip_id, shown, edited.clip.sha256)


def moving_panels(panels: Sequence[Panel]) -> list[Panel]:
    """Panels of different clips that move."""
    moving = [panel for panel in panels if panel.role != "static" and panel.clip.kind == "clip"]
    return list({panel.clip.sha256: panel for panel in moving}.values())


def chosen_panel(panels: Sequence[Panel]) -> Panel | None:
    """Ask whether and of which clip the chapters are to be set; nothing is drawn or loaded before."""
    if not panels or not st.toggle("Set the chapters of the contraction", key="set-chapters"):
        return None
    if len(panels) == 1:
        return panels[0]
    number = st.selectbox(
        "Clip", range(len(panels)), format_func=lambda index: panels[index].title, key="chapters-of"
    )
    return panels[number]


def edited_clip(panel: Panel, known: ClipCurves, frame_number: int | None) -> EditedClip:
    """Return a panel's clip for the editor of chapters, with the frame of it that is on the screen."""
    return EditedClip(panel.clip.sha256, panel.title, panel.clip, known, frame_number)


def _question(case: Case, clip_id: str, request: MotionRequest) -> Question:
    head = case.clips[clip_id]
    return Question(
        house().store.path(head.sha256), head.sha256, head.frames, house().measured.folder, request
    )


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
