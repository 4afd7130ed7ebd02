"""From an input event to the pictures drawn: random jumps, single steps, and a drag along the whole clip."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from bench.clips import FRAMES
from bench.contestants import Contestant, Track

ANSWER_LIMIT_MS = 10_000
SETTLE_MS = 250
MIN_JUMP_FRAMES = 5
MOST_UNANSWERED = 0.1
DRAG_STEP_S = 0.017  # 100 positions in about 1.7 s


class NoPictureError(RuntimeError):
    """A press or a key led to no new picture in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One event and the picture it led to; times in milliseconds of the page's clock."""

    frame_before: int
    frame_shown: int
    event_ms: float
    release_ms: float | None
    drawn_ms: float
    displayed_ms: float


def steps(page: Page, contestant: Contestant, *, count: int, chance: random.Random) -> dict[str, float]:
    """Press ArrowRight, one press at a time, and measure each."""
    _go_to(page, contestant, frame_index=0)
    if contestant.focus:
        page.locator(contestant.focus).first.focus()
    answers = []
    for _ in range(min(count, FRAMES - 2)):
        _await_idle(page, contestant)
        answers.append(_answer(page, lambda: page.keyboard.press("ArrowRight"), event="keydown"))
        _idle(page, chance)
    wrong = sum(answer.frame_shown != (answer.frame_before + 1) % FRAMES for answer in answers)
    return {
        **spread("step", [answer.drawn_ms - answer.event_ms for answer in answers]),
        **spread("step_displayed", [answer.displayed_ms - answer.event_ms for answer in answers]),
        "step_wrong": wrong,
    }


def jumps(page: Page, contestant: Contestant, *, count: int, chance: random.Random) -> dict[str, float]:
    """Press on the track at random frames and measure each, from the press and from the release."""
    track = _track(contestant)
    answers, wrong, unanswered = [], 0, 0
    _go_to(page, contestant, frame_index=0)  # a press ends playing, too
    shown = _settled_number(page)
    for _ in range(count):
        target = chance.choice([k for k in range(track.frames) if abs(k % FRAMES - shown) >= MIN_JUMP_FRAMES])
        _await_idle(page, contestant)
        page.mouse.move(*track.places_px(page)[target])
        try:
            answers.append(_answer(page, lambda: _click(page), event="pointerdown"))
        except NoPictureError:
            unanswered += 1
            if unanswered > count * MOST_UNANSWERED:
                raise
            continue
        _idle(page, chance)
        shown = _settled_number(page)
        wrong += shown != answers[-1].frame_shown or abs(shown - target % FRAMES) > 1
    from_press = [answer.drawn_ms - answer.event_ms for answer in answers]
    from_release = [a.drawn_ms - a.release_ms for a in answers if a.release_ms is not None]
    return {
        **spread("jump", from_press),
        **spread("jump_displayed", [answer.displayed_ms - answer.event_ms for answer in answers]),
        **(spread("jump_from_release", from_release) if len(from_release) == len(answers) else {}),
        "jump_wrong": wrong,
        "jump_unanswered": unanswered,
    }


def drag(page: Page, contestant: Contestant) -> dict[str, float]:
    """Drag along the whole track in 100 steps and count the pictures shown before the release."""
    places_px = _track(contestant).places_px(page)
    page.mouse.move(*places_px[0])
    page.mouse.down()
    page.wait_for_timeout(SETTLE_MS)
    page.evaluate("benchProbe.record()")
    begun_s = time.perf_counter()
    for step, place_px in enumerate(places_px):
        time.sleep(max(0.0, begun_s + step * DRAG_STEP_S - time.perf_counter()))
        page.mouse.move(*place_px)
    lasted_s = time.perf_counter() - begun_s
    page.wait_for_timeout(50)
    shown_dragging = pictures_shown(page.evaluate("benchProbe.stop()"))
    page.mouse.up()
    return {"drag_shown": len(set(shown_dragging)), "drag_s": lasted_s}


def pictures_shown(tape: Sequence[Sequence[float | None]]) -> list[int]:
    """Return the number shown in each recorded frame in which all pictures agree.

    >>> pictures_shown([[0.0, 3, 3], [16.7, 4, 3], [33.3, 4, 4], [50.0, None, 4]])
    [3, 4]
    """
    return [int(row[1]) for row in tape if row[1] is not None and len(set(row[1:])) == 1]


def spread(name: str, latencies_ms: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the largest of some latencies, and how many there were."""
    ordered = sorted(latencies_ms)
    p95 = statistics.quantiles(ordered, n=20, method="inclusive")[-1] if len(ordered) > 1 else ordered[0]
    return {
        f"{name}_p50_ms": statistics.median(ordered),
        f"{name}_p95_ms": p95,
        f"{name}_max_ms": ordered[-1],
        f"{name}_count": len(ordered),
    }


def _answer(page: Page, act: Callable[[], None], *, event: str) -> Answer:
    page.evaluate("benchProbe.arm()")
    act()
    told = page.evaluate("benchProbe.answer", ANSWER_LIMIT_MS)
    if told is None:
        shown = page.evaluate("benchProbe.numbers()")
        raise NoPictureError(f"no new picture within {ANSWER_LIMIT_MS} ms of {event}; shown: {shown}")
    return Answer(
        frame_before=told["before"] if told["before"] is not None else -1,
        frame_shown=told["shown"],
        event_ms=told[event],
        release_ms=told.get("pointerup"),
        drawn_ms=told["drawn"],
        displayed_ms=told["displayed"],
    )


def _click(page: Page) -> None:
    page.mouse.down()
    page.mouse.up()


def _await_idle(page: Page, contestant: Contestant) -> None:
    """Wait until the page has done what was asked before: a press in the middle of a rerun can be lost."""
    if contestant.idle is not None:
        page.locator(contestant.idle).first.wait_for(state="attached")


def _idle(page: Page, chance: random.Random) -> None:
    page.wait_for_timeout(chance.uniform(60, 110))


def _settled_number(page: Page) -> int:
    number = page.evaluate("benchProbe.together()")
    if number is None:
        page.wait_for_timeout(SETTLE_MS)
        number = page.evaluate("benchProbe.together()")
    if number is None:
        raise RuntimeError(f"the pictures disagree at rest: {page.evaluate('benchProbe.numbers()')}")
    return int(number)


def _go_to(page: Page, contestant: Contestant, *, frame_index: int) -> None:
    _await_idle(page, contestant)
    page.mouse.move(*_track(contestant).places_px(page)[frame_index])
    _click(page)
    page.wait_for_function(
        "wanted => benchProbe.together() === wanted", arg=frame_index % FRAMES, timeout=ANSWER_LIMIT_MS
    )
    page.wait_for_timeout(SETTLE_MS)


def _track(contestant: Contestant) -> Track:
    if contestant.track is None:
        raise ValueError(f"{contestant.name} has no track")
    return contestant.track
