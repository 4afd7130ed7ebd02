"""A mark on an opened clip followed by the tissue: as in a case, for this visit alone, and over when it ends."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.document import content_of
from annotations.mark import Kind, Mark
from annotations.track import OnFrame, Track
from cases.clip import ClipKind
from cases.store import ClipStore
from tests.annotations.motion.torn_muscle import cine_of
from tests.viewer.own_server import LIMIT_S, until
from viewer.house import house
from viewer.routes.carry import Footage, Wish, followed_lines
from viewer.visits import Visit

VISITOR = {"X-Visitor": "a-visitor-of-the-tests"}
FRAMES = 12
STEP_PX = 1.5
BEGINS_PX = (40.0, 60.0)
HELD_AT = 4
MARK = Mark(
    id="m-1", clip="contraction-1", kind=Kind.POINT, place=OnFrame(frame_index=0, points_px=(BEGINS_PX,))
)
WISH = Wish(mark=MARK)
ENDED = "This visit has ended. Reload the page to begin a new one."


def _pictures() -> NDArray[np.uint8]:
    """Return speckle that goes to the right at an even pace."""
    noise = np.random.default_rng(7).normal(size=(120, 200)).astype(np.float32)
    speckle = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 1.6), None, 20, 235, cv2.NORM_MINMAX)
    moved = [
        cv2.warpAffine(speckle, np.array([[1, 0, STEP_PX * index], [0, 1, 0]]), (200, 120), borderMode=cv2.BORDER_REFLECT)
        for index in range(FRAMES)
    ]  # fmt: skip
    return np.array(moved).astype(np.uint8)


def _kept(store: ClipStore, folder: Path, kind: ClipKind = ClipKind.CLIP) -> str:
    """Put the clip into a store and return its name."""
    sha256 = cine_of(folder, _pictures(), kind=kind).head.sha256
    store.path(sha256).parent.mkdir(exist_ok=True)
    (folder / f"{sha256}.pack").rename(store.path(sha256))
    return sha256


@pytest.fixture
def client(port: int) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/", timeout=LIMIT_S, headers=VISITOR) as opened:
        yield opened


def _asked(client: httpx.Client, path: str) -> httpx.Response:
    return client.post(path, json={"mark": content_of(MARK)})


def _expect_at_the_truth(answer: httpx.Response) -> None:
    assert answer.headers["cache-control"] == "no-store"
    *told, last = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["done"] for line in told] == sorted(line["done"] for line in told)
    mark = Mark.model_validate_json(json.dumps(last["mark"]))
    assert mark.clip == MARK.clip
    assert isinstance(mark.place, Track)
    assert [part.frame_index for part in mark.place.carried] == list(range(1, FRAMES))
    for part in mark.place.carried:
        true_px = (BEGINS_PX[0] + STEP_PX * part.frame_index, BEGINS_PX[1])
        assert part.points_px[0] == pytest.approx(true_px, abs=0.5)
        assert part.confidence > 0.5


def test_a_point_goes_where_the_tissue_of_an_opened_clip_took_it_and_nothing_is_kept(
    client: httpx.Client, visit: Visit, tmp_path: Path
) -> None:
    sha256 = _kept(visit.store, tmp_path)
    before = sorted(visit.folder.rglob("*"))
    _expect_at_the_truth(_asked(client, f"visits/{visit.token}/clips/{sha256}/carry"))
    assert sorted(visit.folder.rglob("*")) == before


def test_a_clip_of_a_case_beside_opened_clips_is_followed_by_its_name(
    client: httpx.Client, tmp_path: Path
) -> None:
    _expect_at_the_truth(_asked(client, f"clips/{_kept(house().store, tmp_path)}/carry"))
    for absent in ("0" * 64, "short"):
        answer = _asked(client, f"clips/{absent}/carry")
        assert (answer.status_code, answer.json()) == (404, {"error": "There is no such clip."})


@pytest.mark.parametrize("work", ["carry", "exports", "exports/offer", "imports/read"])
def test_nothing_is_made_of_a_clip_of_another_visit_nor_after_the_end(
    client: httpx.Client, visit: Visit, tmp_path: Path, work: str
) -> None:
    other = house().visits.begin()
    sha256 = _kept(other.store, tmp_path)
    said = {"mark": content_of(MARK)} if work == "carry" else {}

    def answered(token: str) -> tuple[int, Any]:
        answer = client.post(f"visits/{token}/clips/{sha256}/{work}", json=said)
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code, answer.json()

    assert answered(visit.token) == (404, {"error": "There is no such clip."})
    assert answered("x" * 32) == (404, {"error": ENDED})
    assert client.post(f"visits/{other.token}/leave").status_code == 204
    assert answered(other.token) == (404, {"error": ENDED})


def test_slices_that_somebody_opened_are_not_followed(
    client: httpx.Client, visit: Visit, tmp_path: Path
) -> None:
    sha256 = _kept(visit.store, tmp_path, ClipKind.SERIES)
    answer = _asked(client, f"visits/{visit.token}/clips/{sha256}/carry")
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Slices are places, not moments" in answer.json()["error"]


class HeldFrames:
    """Frames of which one is given only when it may be."""

    def __init__(self) -> None:
        self._pictures = _pictures()
        self.furthest = 0
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __len__(self) -> int:
        return len(self._pictures)

    def __getitem__(self, index: int, /) -> NDArray[np.uint8]:
        self.furthest = max(self.furthest, index)
        if index == HELD_AT:
            self.reached.set()
            assert self.go_on.wait(LIMIT_S)
        return np.asarray(self._pictures[index])


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a loop of its own; the browser tests of the same process keep theirs running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _expect_room_for_the_next() -> None:
    house().followings.run("somebody else", threading.Event(), lambda: None).result(timeout=LIMIT_S)


def test_who_goes_away_stops_the_work_at_the_next_frame(visit: Visit) -> None:
    frames = HeldFrames()

    async def listen_and_go() -> None:
        lines = followed_lines("visitor", Footage(frames, visit), WISH)
        await anext(lines)
        await asyncio.to_thread(frames.reached.wait, LIMIT_S)
        await lines.aclose()
        frames.go_on.set()

    _run(listen_and_go())
    _expect_room_for_the_next()
    assert frames.furthest == HELD_AT


def test_what_is_followed_for_a_visit_stops_at_its_end_and_then_the_visit_goes(visit: Visit) -> None:
    frames = HeldFrames()

    async def listen_to_the_end() -> None:
        lines = followed_lines("visitor", Footage(frames, visit), WISH)
        await anext(lines)
        await asyncio.to_thread(frames.reached.wait, LIMIT_S)
        house().end_visit(visit)
        assert visit.folder.exists(), "its frames are being read"
        frames.go_on.set()
        said = [json.loads(line) async for line in lines]
        assert said[-1] == {"error": ENDED}

    _run(listen_to_the_end())
    assert frames.furthest == HELD_AT
    until(lambda: not visit.folder.exists())


def test_what_still_waits_for_its_turn_when_the_visit_ends_is_never_begun(visit: Visit) -> None:
    frames, gate = HeldFrames(), threading.Event()

    async def listen_from_the_queue() -> None:
        lines = followed_lines("visitor", Footage(frames, visit), WISH)
        waiting = asyncio.ensure_future(anext(lines))
        await asyncio.sleep(0)
        house().end_visit(visit)
        gate.set()
        assert json.loads(await waiting) == {"error": ENDED}

    house().followings.run("somebody else", gate, lambda: gate.wait(LIMIT_S) and None)
    _run(listen_from_the_queue())
    assert not frames.reached.is_set()
