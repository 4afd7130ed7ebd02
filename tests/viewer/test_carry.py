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
from annotations.track import OnFrame, Place, Track
from bench.following import simulated_clip
from tests.annotations.motion.carried import intact_points_px
from tests.running import RunningApp
from viewer.followings import Followings

CASE = "/api/cases/rectus-femoris-tear"
CLIP = "long-axis-defect"
VISITOR = {"X-Visitor": "a-visitor-of-the-tests"}
NEAR_MM = 0.8


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


def test_one_visitor_has_one_mark_followed_at_a_time_and_a_stopped_one_frees_the_place() -> None:
    followings = Followings()
    stopped, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        stopped.wait(30)

    first = followings.run("visitor", stopped, work)
    assert begun.wait(30)
    with pytest.raises(FollowingError, match="of yours"):
        followings.run("visitor", threading.Event(), lambda: None)
    other = followings.run("somebody else", threading.Event(), lambda: None)
    stopped.set()
    first.result(timeout=30)
    other.result(timeout=30)
    followings.run("visitor", threading.Event(), lambda: None).result(timeout=30)
    followings.close()


def test_who_goes_away_stops_the_work(client: httpx.Client) -> None:
    mark = _mark(OnFrame(frame_index=0, points_px=((300.0, 200.0),)))
    content = {"mark": content_of(mark)}
    with client.stream("POST", f"{CASE}/clips/{CLIP}/carry", json=content, headers=VISITOR) as answer:
        next(answer.iter_lines())
    for _ in range(600):
        text = _asked(client, mark).text
        if "A mark of yours" not in text:
            break
        threading.Event().wait(0.1)
    assert json.loads(text.splitlines()[-1])["mark"]["id"] == "m-1"
