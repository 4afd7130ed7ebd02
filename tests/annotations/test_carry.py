from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.carry import carry_track
from annotations.track import LOW_CONFIDENCE, KeyFrame, KeySource, Track, with_correction

SIZE = 200
FRAMES = 9
POINTS = ((80.0, 90.0), (120.0, 90.0), (100.0, 120.0))
Picture = NDArray[np.uint8]


def _speckle(seed: int = 1) -> Picture:
    noise = np.random.default_rng(seed).normal(size=(2, SIZE, SIZE)).astype(np.float32)
    smooth = [cv2.GaussianBlur(part, (0, 0), 2.0) for part in noise]
    envelope = np.hypot(*smooth)
    return np.asarray(np.clip(envelope / envelope.mean() * 90, 0, 255), dtype=np.uint8)


def _motion(index: int) -> NDArray[np.float64]:
    """Affine motion from frame 0 to a frame: it shears, shortens and slides."""
    share = index / (FRAMES - 1)
    return np.array([[1 - 0.06 * share, 0.04 * share, 9.0 * share], [0.0, 1 + 0.06 * share, -6.0 * share]])


def _place(points: NDArray[np.float64], index: int) -> NDArray[np.float64]:
    affine = _motion(index)
    return points @ affine[:, :2].T + affine[:, 2]


def _clip(seed: int = 1) -> list[Picture]:
    """Speckle that moves; the motion is written for corners, and OpenCV warps centres."""
    frames = []
    for index in range(FRAMES):
        affine = _motion(index)
        affine[:, 2] += affine[:, :2] @ [0.5, 0.5] - 0.5
        frames.append(np.asarray(cv2.warpAffine(_speckle(seed), affine, (SIZE, SIZE), flags=cv2.INTER_CUBIC)))
    return frames


def _key(index: int, *, outside: bool = False) -> KeyFrame:
    points = tuple((float(x), float(y)) for x, y in _place(np.array(POINTS), index))
    return KeyFrame(frame_index=index, points_px=points, outside=outside)


def _errors(track: Track, frames: range) -> list[float]:
    errors = []
    for index in frames:
        sighting = track.sighting(index)
        assert sighting is not None
        errors += list(np.hypot(*(np.array(sighting.points_px) - _place(np.array(POINTS), index)).T))
    return errors


def test_a_mark_between_two_key_frames_goes_where_the_tissue_went() -> None:
    track = carry_track(_clip(), Track(keys=(_key(0), _key(FRAMES - 1))))
    assert [part.frame_index for part in track.carried] == list(range(1, FRAMES - 1))
    assert max(_errors(track, range(FRAMES))) < 0.15
    assert min(part.confidence for part in track.carried) > 0.8


def test_until_it_goes_outside_a_mark_is_carried_forwards_only() -> None:
    track = carry_track(_clip(), Track(keys=(_key(0), _key(5, outside=True))))
    assert [part.frame_index for part in track.carried] == [1, 2, 3, 4]
    assert max(_errors(track, range(5))) < 0.3
    assert track.sighting(5) is None


def test_one_key_frame_is_carried_both_ways_over_the_frames_around_it() -> None:
    track = carry_track(_clip(), Track(keys=(_key(4),)), around=range(1, FRAMES))
    assert [part.frame_index for part in track.carried] == [1, 2, 3, 5, 6, 7, 8]
    assert track.frame_span == (1, FRAMES - 1)
    assert track.sighting(0) is None
    assert max(_errors(track, range(1, FRAMES))) < 0.3


def test_where_the_tissue_cannot_be_followed_the_confidence_is_low_and_a_key_frame_is_asked_for() -> None:
    frames = _clip()
    for index in (4, 5):
        frames[index] = _speckle(seed=50 + index)
    track = carry_track(frames, Track(keys=(_key(0), _key(FRAMES - 1))))
    asked = [s.asks_for_a_key_frame for index in range(FRAMES) if (s := track.sighting(index))]
    assert asked[4]
    assert asked[5]
    assert not asked[0]


def test_speckle_that_leaves_the_plane_bit_by_bit_takes_no_mark_with_it() -> None:
    tissue, frames = _speckle(), []
    is_of_the_first = np.ones((SIZE, SIZE), dtype=bool)
    for index, centres in enumerate(np.random.default_rng(3).uniform(30, 170, size=(16, 12, 2))):
        gone = np.zeros((SIZE, SIZE), dtype=np.uint8)
        for x, y in centres if index else ():
            cv2.circle(gone, (round(x), round(y)), 12, 1, thickness=-1)
        is_of_the_first &= gone == 0
        tissue = np.where(gone > 0, _speckle(seed=100 + index), tissue)
        frames.append(np.roll(tissue, index, axis=1))
    assert is_of_the_first[60:150, 50:150].mean() < 0.05
    track = carry_track(frames, Track(keys=(_key(0),)), around=range(len(frames)))
    last = track.carried[-1]
    expected = np.add(POINTS, (len(frames) - 1.0, 0.0))
    assert np.hypot(*(np.array(last.points_px) - expected).T).max() < 2.0
    assert last.confidence >= LOW_CONFIDENCE


def test_a_key_frame_that_does_not_fit_the_tissue_lowers_the_confidence() -> None:
    wrong = KeyFrame(frame_index=FRAMES - 1, points_px=tuple((x + 20, y) for x, y in POINTS))
    track = carry_track(_clip(), Track(keys=(_key(0), wrong)))
    assert max(part.confidence for part in track.carried) < 0.5


def test_after_a_correction_only_its_neighbours_are_computed_anew() -> None:
    whole = carry_track(_clip(), Track(keys=(_key(0), _key(4), _key(8))))
    correction = _key(2).model_copy(update={"source": KeySource.CORRECTED})
    read: set[int] = set()

    class Noticed(list[Picture]):
        def __getitem__(self, index: int) -> Picture:  # type: ignore[override]
            read.add(index)
            return super().__getitem__(index)

    again = carry_track(Noticed(_clip()), with_correction(whole, correction))
    assert read == {0, 1, 2, 3, 4}
    assert [part.frame_index for part in again.carried] == [1, 3, 5, 6, 7]
    assert again.carried[2:] == whole.carried[-3:]
    sighting = again.sighting(2)
    assert sighting is not None
    assert sighting.points_px == correction.points_px


def test_carrying_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[tuple[int, int]] = []
    track = Track(keys=(_key(0), _key(2), _key(4)))
    carry_track(_clip(), track, progress=lambda done, of: told.append((done, of)))
    assert told == [(done, 4) for done in range(5)]  # there and back, to each of two frames

    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_track(_clip(), track, progress=stop)


@pytest.mark.parametrize(
    "made", [lambda frame: np.stack([frame] * 3, axis=2), lambda frame: frame], ids=["colour", "grey"]
)
def test_colour_and_grey_clips_are_carried_alike(made: Callable[[Picture], Picture]) -> None:
    track = carry_track([made(frame) for frame in _clip()], Track(keys=(_key(0), _key(FRAMES - 1))))
    assert max(_errors(track, range(FRAMES))) < 0.15


def test_a_clip_of_sixteen_bits_is_carried_too() -> None:
    frames = [frame.astype(np.uint16) * 9 for frame in _clip()]
    track = carry_track(frames, Track(keys=(_key(0), _key(FRAMES - 1))))
    assert max(_errors(track, range(FRAMES))) < 0.15


def test_a_mark_over_nothing_is_not_trusted() -> None:
    blank = [np.zeros((SIZE, SIZE), dtype=np.uint8)] * FRAMES
    track = carry_track(blank, Track(keys=(_key(0), _key(FRAMES - 1))))
    assert all(part.confidence < 0.5 for part in track.carried)
