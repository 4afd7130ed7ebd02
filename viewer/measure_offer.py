"""The button that measures the motion of a clip, and how far its measuring is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from annotations.motion.errors import MotionError
from viewer.curves import AS_PROPOSED, ClipCurves
from viewer.house import house
from viewer.measuring import Measuring, Question
from viewer.words import plain

ASK_EVERY_S = 1.0
LOOK_EVERY_S = 4.0
OWN_EDGES = (
    "The computer proposed the edges of the gap. To measure it from your own, draw a caliper across it on the frame on "
    "which it is widest, and give it the concept “gap between the stumps” under Details."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A clip that was not measured yet: its title, and what would be measured."""

    title: str
    question: Question


def show_how_to_place(curves: Iterable[ClipCurves]) -> None:
    """Say how the edges of a gap are placed, where those of a curve on the page were proposed by the computer."""
    if any(known.tracked is not None and AS_PROPOSED in known.tracked.source_label for known in curves):
        st.caption(OWN_EDGES)


def offer_measuring(offers: Sequence[Offer], is_asked_anew: Callable[[], bool] | None = None) -> None:
    """Draw a button for each clip, or how far it is; once a clip is measured, the page runs anew with its curve.

    Parameters
    ----------
    offers : sequence of Offer
        What was not measured yet.
    is_asked_anew : callable, optional
        Looked at every few seconds: whether something else is to be measured now, because an author placed the edges
        of the gap meanwhile; then the page runs anew.
    """
    measurements = house().measurements
    states = [measurements.state(offer.question) for offer in offers]
    is_busy = any(state is not None and not state.is_over for state in states)
    if not offers and is_asked_anew is None:
        return
    idle_s = None if is_asked_anew is None else LOOK_EVERY_S

    @st.fragment(run_every=ASK_EVERY_S if is_busy else idle_s)
    def draw() -> None:
        now = [measurements.state(offer.question) for offer in offers]
        for offer, state in zip(offers, now, strict=True):
            _draw_one(offer, state)
        if is_busy and any(state is not None and state.is_over for state in now):
            st.rerun()
        if is_asked_anew is not None and is_asked_anew():
            st.rerun()

    draw()


def _draw_one(offer: Offer, state: Measuring | None) -> None:
    measurements, name = house().measurements, plain(offer.title)
    if state is not None and not state.is_over:
        waits = "waiting for its turn" if state.stage == "waiting" else f"{100 * state.share:.0f} %"
        st.progress(state.share, text=f"Measuring the motion in {name}: {waits}")
        if st.button("Stop measuring", icon=":material/stop_circle:", key=f"stop-{offer.question.key}"):
            measurements.stop(offer.question)
            st.rerun()
        return
    if state is not None and state.sentence:
        st.error(f"{name}: {plain(state.sentence)}", icon=":material/error:")
    is_placed = offer.question.request.edges is not None
    if st.button(
        f"Measure the gap in {name} from the edges that were placed"
        if is_placed
        else f"Measure the motion in {name}",
        icon=":material/timeline:",
        help="Finds the chapters of the contraction, follows the tissue and, where a muscle parts, its ends. "
        "Made for clips along the muscle (long axis). You can go on meanwhile.",
        key=f"measure-{offer.question.key}",
    ):
        try:
            measurements.begin(offer.question)
        except MotionError as error:
            st.error(str(error), icon=":material/hourglass:")
            return
        st.rerun()
