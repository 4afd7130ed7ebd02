import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from annotations.mark import Kind, Mark
from annotations.track import CarriedFrame, KeyFrame, OnFrame, OnRange, Origin, Track, with_correction
from tests.annotations.strategies import FRAMES, kinds, some_examples, tracks

ORIGIN, FAR = ((0.0, 0.0), (10.0, 0.0)), ((8.0, 4.0), (18.0, 4.0))


def _key(frame_index: int, points_px: tuple[tuple[float, float], ...], *, outside: bool = False) -> KeyFrame:
    return KeyFrame(frame_index=frame_index, points_px=points_px, outside=outside)


def test_a_mark_on_one_frame_is_shown_there_only() -> None:
    place = OnFrame(frame_index=3, points_px=ORIGIN)
    assert [index for index in range(6) if place.sighting(index)] == [3]
    assert place.frame_span == (3, 3)


def test_a_mark_on_a_range_is_shown_from_its_first_to_its_last_frame() -> None:
    place = OnRange(first_frame_index=2, last_frame_index=4, points_px=ORIGIN)
    assert [index for index in range(6) if place.sighting(index)] == [2, 3, 4]
    with pytest.raises(ValidationError, match="ends before it begins"):
        OnRange(first_frame_index=4, last_frame_index=2, points_px=ORIGIN)


def test_between_key_frames_a_track_goes_straight() -> None:
    track = Track(keys=(_key(0, ORIGIN), _key(4, FAR)))
    middle = track.sighting(1)
    assert middle is not None
    assert middle.points_px == ((2.0, 1.0), (12.0, 1.0))
    assert middle.origin is Origin.INTERPOLATED


def test_nothing_is_shown_before_the_first_and_after_the_last_key_frame() -> None:
    track = Track(keys=(_key(2, ORIGIN), _key(4, FAR)))
    assert [index for index in range(8) if track.sighting(index)] == [2, 3, 4]


def test_nothing_is_shown_from_outside_to_the_next_sighting() -> None:
    track = Track(keys=(_key(0, ORIGIN), _key(3, FAR, outside=True), _key(6, FAR), _key(7, FAR)))
    assert [index for index in range(9) if track.sighting(index)] == [0, 1, 2, 6, 7]
    before_it_left = track.sighting(2)
    assert before_it_left is not None
    assert before_it_left.points_px == ORIGIN, "a place where it was not seen draws nothing towards itself"


def test_carried_frames_are_shown_with_their_confidence_and_ask_for_a_key_frame_when_it_is_low() -> None:
    carried = (
        CarriedFrame(frame_index=1, points_px=FAR, confidence=0.9),
        CarriedFrame(frame_index=2, points_px=FAR, confidence=0.2),
    )
    track = Track(between="carried", keys=(_key(0, ORIGIN), _key(4, FAR)), carried=carried)
    sightings = [track.sighting(index) for index in range(4)]
    assert [s.origin for s in sightings if s] == [
        Origin.KEY,
        Origin.CARRIED,
        Origin.CARRIED,
        Origin.INTERPOLATED,
    ]
    assert [s.asks_for_a_key_frame for s in sightings if s] == [False, False, True, False]


def test_a_correction_becomes_a_key_frame_and_forgets_only_what_lay_between_its_neighbours() -> None:
    carried = tuple(CarriedFrame(frame_index=i, points_px=ORIGIN, confidence=1.0) for i in (1, 2, 3, 5, 6, 7))
    keys = (_key(0, ORIGIN), _key(4, ORIGIN), _key(8, ORIGIN))
    track = Track(between="carried", keys=keys, carried=carried)
    corrected = with_correction(track, _key(2, FAR))
    assert [key.frame_index for key in corrected.keys] == [0, 2, 4, 8]
    assert [part.frame_index for part in corrected.carried] == [5, 6, 7]
    assert corrected.to_follow == (0, 8)
    replaced = with_correction(corrected, _key(2, ORIGIN))
    assert [key.frame_index for key in replaced.keys] == [0, 2, 4, 8]
    assert replaced.keys[1].points_px == ORIGIN


def test_a_correction_remembers_the_frames_that_the_tissue_had_carried_it_to_beyond_its_key_frames() -> None:
    carried = tuple(CarriedFrame(frame_index=i, points_px=ORIGIN, confidence=1.0) for i in (2, 3, 5, 6))
    corrected = with_correction(
        Track(between="carried", keys=(_key(4, ORIGIN),), carried=carried), _key(5, FAR)
    )
    assert corrected.frame_span == (2, 5)
    assert corrected.to_follow == (2, 6)
    assert with_correction(corrected, _key(3, FAR)).to_follow == (2, 6)
    assert '"to_follow":[2,6]' in corrected.model_dump_json()
    drawn = with_correction(Track(keys=(_key(4, ORIGIN),)), _key(6, FAR))
    assert "to_follow" not in drawn.model_dump_json()


@pytest.mark.parametrize(
    "keys",
    [(), (_key(4, ORIGIN), _key(2, ORIGIN)), (_key(2, ORIGIN), _key(2, FAR))],
    ids=["none", "backwards", "twice"],
)
def test_key_frames_that_do_not_follow_each_other_cannot_exist(keys: tuple[KeyFrame, ...]) -> None:
    with pytest.raises(ValidationError):
        Track(keys=keys)


def test_key_frames_with_different_numbers_of_points_cannot_exist() -> None:
    with pytest.raises(ValidationError, match="as many points"):
        Track(keys=(_key(0, ORIGIN), _key(1, ((1.0, 1.0),))))


@pytest.mark.parametrize("kind", Kind)
def test_a_mark_with_too_few_points_for_its_kind_cannot_exist(kind: Kind) -> None:
    fewest, most = kind.point_count
    counts = [fewest - 1] + ([] if most is None else [most + 1])
    for count in counts:
        with pytest.raises(ValidationError):
            Mark(
                id="m",
                clip="c",
                kind=kind,
                place=OnFrame(frame_index=0, points_px=((1.0, 1.0),) * count),
            )


@some_examples
@given(kinds.flatmap(tracks), st.integers(-1, FRAMES + 1))
def test_a_track_is_never_shown_outside_its_span_nor_after_an_outside_key(track: Track, index: int) -> None:
    sighting = track.sighting(index)
    earlier = [key for key in track.keys if key.frame_index <= index]
    if sighting is not None:
        assert track.frame_span[0] <= index <= track.frame_span[1]
        assert not (earlier and earlier[-1].outside)  # before its first key frame it may be carried
        assert len(sighting.points_px) == len(track.keys[0].points_px)
    elif track.frame_span[0] <= index <= track.frame_span[1]:
        assert earlier[-1].outside


@pytest.mark.parametrize("text", ["bell\x07", "half \ud800", "\ufffe", "line\rfeed"])
def test_a_text_that_no_format_can_hold_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Mark(
            id="m",
            clip="c",
            kind=Kind.POINT,
            label=text,
            place=OnFrame(frame_index=0, points_px=((1.0, 1.0),)),
        )
