"""How panels are linked where the case says nothing."""

from tests.viewer.test_scene import make_clip, make_panel
from viewer.scene import Chapter
from viewer.staging import default_link

EFFORT = tuple(
    Chapter(name, first, first + 1) for first, name in enumerate(["rest", "contracting", "hold", "relaxing"])
)


def test_efforts_are_linked_by_phase() -> None:
    panels = [
        make_panel(panel_id=role, role=role, clip=make_clip(chapters=EFFORT))
        for role in ("rest", "contraction")
    ]
    assert default_link(panels) == "phase"
    assert default_link([make_panel(panel_id="static", role="static"), *panels]) == "phase"


def test_a_clip_that_ends_in_the_hold_is_linked_by_phase() -> None:
    whole, held = (make_panel(clip=make_clip(chapters=chapters)) for chapters in (EFFORT, EFFORT[:3]))
    assert default_link([held, whole]) == "phase"


def test_a_clip_without_rest_contracting_or_hold_is_linked_by_time() -> None:
    whole = make_panel(clip=make_clip(chapters=EFFORT))
    for chapters in ((), EFFORT[:2], EFFORT[1:]):
        assert default_link([make_panel(clip=make_clip(chapters=chapters)), whole]) == "time"


def test_one_moving_panel_has_nothing_to_be_linked_with() -> None:
    assert default_link([make_panel(clip=make_clip(chapters=EFFORT))]) == "time"
