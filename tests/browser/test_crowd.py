"""Very many marks on one clip: each stands where it belongs on every frame, without labels."""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from annotations.mark import Kind, Mark, MarkSource
from annotations.revision import Gesture, ItemKind
from annotations.store import AnnotationStore
from annotations.track import KeyFrame, OnRange, Place, Track
from tests.browser.conftest import OpenPage
from tests.browser.numbered_cases import FRAMES
from tests.browser.player import Player
from tests.browser.waiting import comes_to
from tests.running import RunningApp

CASE, LAYER = "uneven", "teacher"
MARKS = 90
SIDE_PX = 12.0
STILL_PX, MOVING_PX, FAR_PX, GONE_PX = (100.0, 200.0), (400.0, 200.0), (499.0, 200.0), (500.0, 400.0)
# Whether the marks canvas of a panel is coloured at a place, in image pixels.
COLOURED = """([panel, x, y]) => {
  const find = (root) => root.querySelector(`.msus-panel[data-panel-id="${panel}"]`)
    ?? [...root.querySelectorAll("*")].map((each) => each.shadowRoot && find(each.shadowRoot)).find(Boolean);
  const own = find(document);
  const marks = own.querySelector("canvas.msus-marks");
  const picture = own.querySelector("canvas.msus-picture").getBoundingClientRect();
  const box = marks.getBoundingClientRect();
  const ratio = marks.width / box.width;
  const [left, top] = [picture.left - box.left + x * picture.width / 640, picture.top - box.top + y * picture.height / 480];
  const { data } = marks.getContext("2d").getImageData(Math.round(left * ratio) - 3, Math.round(top * ratio) - 3, 7, 7);
  return data.some((value, at) => at % 4 === 3 && value > 150);
}"""


def _square(x: float, y: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + SIDE_PX, y), (x + SIDE_PX, y + SIDE_PX), (x, y + SIDE_PX))


def _gesture(run: str, number: int, place: Place) -> Gesture:
    mark = Mark(
        id=f"m{number}",
        clip="contraction",
        kind=Kind.POLYGON,
        label=f"mark {number}",
        place=place,
        source=MarkSource.DRAWN,
    )
    return Gesture(
        id=f"{run}-{number}", case=CASE, layer=LAYER, kind=ItemKind.MARK, item=mark.id, content=mark
    )


@pytest.fixture
def crowd(app: RunningApp) -> Iterator[None]:
    """Keep marks on a case: one that moves, one that goes, and many that lie still; take them away again."""
    run, last = f"crowd-{uuid.uuid4().hex}", FRAMES - 1
    keys = (
        KeyFrame(frame_index=0, points_px=_square(*MOVING_PX)),
        KeyFrame(frame_index=last, points_px=_square(*FAR_PX)),
    )
    places: list[Place] = [
        Track(keys=keys),
        OnRange(first_frame_index=0, last_frame_index=20, points_px=_square(*GONE_PX)),
        *(
            OnRange(
                first_frame_index=0,
                last_frame_index=last,
                points_px=_square(STILL_PX[0] + number, STILL_PX[1] + 2 * number),
            )
            for number in range(MARKS - 2)
        ),
    ]
    with AnnotationStore.in_folder(app.data_folder) as store:
        kept = [_gesture(run, number, place) for number, place in enumerate(places)]
        store.keep_together(kept)
        yield
        store.keep_together(
            [
                gesture.model_copy(
                    update={"id": f"{gesture.id}-gone", "content": None, "bases": (gesture.id,)}
                )
                for gesture in kept
            ]
        )


def test_a_crowd_of_marks_stands_where_it_belongs_and_has_no_labels(open_page: OpenPage, crowd: None) -> None:
    player = Player(open_page(f"/compare?case={CASE}"))
    player.wait_all_frames()
    player.focus()
    for key in "Home", "h":
        player.page.keyboard.press(key)

    def seen() -> list[bool]:
        places = STILL_PX, MOVING_PX, FAR_PX, GONE_PX
        return [bool(player.page.evaluate(COLOURED, ["contraction", x, y])) for x, y in places]

    begun = [True, True, False, True]
    assert comes_to(seen, begun) == begun
    expect(player.panel("contraction").get_by_text("So many marks have no labels here")).to_be_visible()
    player.page.keyboard.press("End")
    player.expect_shows(contraction=FRAMES - 1)
    ended = [True, False, True, False]
    assert comes_to(seen, ended) == ended
