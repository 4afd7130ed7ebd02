"""A mark followed by the tissue, as the player asks for it: near the truth, in one sentence where it cannot be, never kept."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from annotations.document import content_of
from annotations.errors import FollowingError
from annotations.mark import Kind, Mark
from annotations.track import KeyFrame, OnFrame, Place, Track, with_correction
from bench.following import simulated_clip
from tests.annotations.motion.carried import intact_points_px
from tests.running import RunningApp
from viewer.followings import MAX_WAITING, Followings

CASE = "/api/cases/rectus-femoris-tear"
CLIP = "long-axis-defect"
VISITOR = {"X-Visitor": "a-visitor-of-the-tests"}
NEAR_MM = 0.9  # the largest error of all frames, from one key frame; docs/motion.md has the medians


@pytest.fixture(scope="module")
def client(app: RunningApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=120) as opened:
        yield opened


def _mark(place: Place, clip: str = CLIP) -> Mark:
    return Mark(id="m-1", clip=clip, kind=Kind.POINT, label="fascicle", place=place)


def _asked(client: httpx.Client, mark: Mark, *, clip: str = CLIP, **parts: Any) -> httpx.Response:
    content = {"mark": content_of(mark)} | parts
    return client.post(f"{CASE}/clips/{clip}/carry", json=content, headers=VISITOR)


def _followed(client: httpx.Client, mark: Mark) -> Mark:
    lines = [json.loads(line) for line in _asked(client, mark).text.splitlines()]
    assert [line["done"] for line in lines[:-1]] == sorted(line["done"] for line in lines[:-1])
    return Mark.model_validate_json(json.dumps(lines[-1]["mark"]))


def test_a_point_in_intact_tissue_goes_where_the_simulation_moved_it(
    client: httpx.Client, tmp_path: Path
) -> None:
    clip = simulated_clip(tmp_path)
    true_px = intact_points_px(clip, 3)
    layers_before = client.get(f"{CASE}/layers").text
    trusted = 0
    for truth_px in true_px.transpose(1, 0, 2):
        x_px, y_px = (float(value) for value in truth_px[0])
        mark = _followed(client, _mark(OnFrame(frame_index=0, points_px=((x_px, y_px),))))
        assert mark.label == "fascicle"
        assert mark.place.frame_span == (0, len(truth_px) - 1)
        for frame_index, true in enumerate(truth_px):
            seen = mark.sighting(frame_index)
            assert seen is not None
            if not seen.asks_for_a_key_frame:
                trusted += 1
                error_mm = np.hypot(*(np.array(seen.points_px[0]) - true)) * clip.area.unit_per_px[0]
                assert error_mm < NEAR_MM, (frame_index, seen)
    assert trusted > 0.8 * true_px.shape[0] * true_px.shape[1]
    assert client.get(f"{CASE}/layers").text == layers_before


def test_what_was_carried_before_is_kept_and_what_is_missing_is_filled_in(client: httpx.Client) -> None:
    whole = _followed(client, _mark(OnFrame(frame_index=0, points_px=((300.0, 200.0),)))).place
    assert isinstance(whole, Track)
    holed = whole.model_copy(update={"carried": whole.carried[:4] + whole.carried[9:]})
    again = _followed(client, _mark(holed)).place
    assert isinstance(again, Track)
    assert again == whole


def test_a_mark_over_nothing_is_refused_in_one_sentence(client: httpx.Client) -> None:
    mark = _mark(OnFrame(frame_index=2, points_px=((5_000.0, 5_000.0),)))
    assert "no speckle to follow around this mark on frame 3" in _asked(client, mark).text
    late = _mark(OnFrame(frame_index=9_000, points_px=((300.0, 200.0),)))
    assert "is not in the clip" in _asked(client, late).text


def test_what_cannot_be_followed_is_refused_before_any_work(client: httpx.Client) -> None:
    mark = _mark(OnFrame(frame_index=0, points_px=((300.0, 200.0),)))
    assert _asked(client, mark, frame_index=-1).status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert _asked(client, mark, clip="absent").status_code == httpx.codes.UNPROCESSABLE_ENTITY
    absent = _mark(mark.place, clip="absent")
    assert _asked(client, absent, clip="absent").status_code == httpx.codes.NOT_FOUND
    nobody = client.post(f"{CASE}/clips/{CLIP}/carry", json={"mark": content_of(mark)})
    assert nobody.status_code == httpx.codes.BAD_REQUEST
    large = client.post(f"{CASE}/clips/{CLIP}/carry", content=b" " * (9 * 2**20), headers=VISITOR)
    assert large.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert "8 MiB" in large.json()["error"]


def test_what_a_visitor_asks_for_last_takes_the_place_of_what_she_had_under_way() -> None:
    followings = Followings()
    stopped, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        stopped.wait(30)

    first = followings.run("visitor", stopped, work)
    assert begun.wait(30)
    other_stopped = threading.Event()
    other = followings.run("somebody else", other_stopped, lambda: None)
    assert not stopped.is_set()
    again_stopped = threading.Event()
    again = followings.run("visitor", again_stopped, lambda: None)
    for one in (first, other, again):
        one.result(timeout=30)
    assert stopped.is_set()
    assert not other_stopped.is_set()
    assert not again_stopped.is_set()
    followings.close()


def test_no_more_wait_than_the_server_can_follow_soon() -> None:
    followings = Followings()
    stopped = threading.Event()
    waiting = [followings.run(f"visitor {number}", stopped, stopped.wait) for number in range(MAX_WAITING)]
    with pytest.raises(FollowingError, match="Many marks"):
        followings.run("one more", threading.Event(), lambda: None)
    stopped.set()
    for one in waiting:
        one.result(timeout=30)
    followings.close()


def test_who_goes_away_stops_the_work(client: httpx.Client) -> None:
    mark = _mark(OnFrame(frame_index=0, points_px=((300.0, 200.0),)))
    content = {"mark": content_of(mark)}
    with client.stream("POST", f"{CASE}/clips/{CLIP}/carry", json=content, headers=VISITOR) as answer:
        next(answer.iter_lines())
    assert json.loads(_asked(client, mark).text.splitlines()[-1])["mark"]["id"] == "m-1"


def test_a_correction_is_followed_over_the_frames_that_the_mark_had(client: httpx.Client) -> None:
    whole = _followed(client, _mark(OnFrame(frame_index=0, points_px=((300.0, 200.0),)))).place
    assert isinstance(whole, Track)
    ended = whole.model_copy(update={"carried": tuple(p for p in whole.carried if p.frame_index <= 20)})
    seen = ended.sighting(10)
    assert seen is not None
    corrected = with_correction(ended, KeyFrame(frame_index=10, points_px=seen.points_px))
    assert corrected.to_follow == (0, 20)
    again = _followed(client, _mark(corrected)).place
    assert isinstance(again, Track)
    assert again.to_follow is None
    assert [part.frame_index for part in again.carried] == [*range(1, 10), *range(11, 21)]
