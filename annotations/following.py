"""A mark of any life made into a track that the tissue carries: between its key frames, or around the one it has."""

import cv2
import numpy as np

from annotations.carry import FEWEST, Progress, carry_track
from annotations.errors import FollowingError
from annotations.mark import Mark, MarkSource
from annotations.motion.grey_frames import Frames, GreyFrame, GreyFrames
from annotations.speckle import REACH_PX, speckle_near
from annotations.track import MAX_FRAMES, KeyFrame, KeySource, OnFrame, OnRange, Track

MOST_POINTS = 300
FLAT_GREY_LEVELS = 1.5
KEY_SOURCES = {
    MarkSource.DRAWN: KeySource.DRAWN,
    MarkSource.SIMULATION: KeySource.SIMULATION,
    MarkSource.IMPORTED: KeySource.IMPORTED,
}


def follow_mark(frames: Frames, mark: Mark, frame_index: int, *, progress: Progress | None = None) -> Mark:
    """Carry a mark by the tissue.

    A mark on one frame is followed to both ends of the clip, one on a range over its range. A track is filled in
    between its key frames; where it has one only, or was carried before, to both ends of the clip too, but never
    past a key frame that says outside. A track with frames to follow is carried over these.

    Parameters
    ----------
    frames : Frames
        The frames of the clip.
    mark : Mark
        The mark; frames to which it was carried before are kept.
    frame_index : int
        Frame on which a mark on a range is in its right place, counted from 0; others know theirs.
    progress : callable, optional
        Told how many steps are done, and how many there are; may raise to stop.

    Returns
    -------
    Mark
        The same mark on a track, with a confidence on each carried frame.

    Raises
    ------
    FollowingError
        If there is nothing to follow, with the reason.
    """
    count = len(frames)
    if count < 2:
        raise FollowingError("This clip has one frame only; there is no motion to follow.")
    if count > MAX_FRAMES:
        raise FollowingError(f"This clip has {count} frames; marks are followed over {MAX_FRAMES} at most.")
    track, around = _as_track(mark, frame_index, count)
    _check(GreyFrames(frames), track)
    return mark.model_copy(update={"place": carry_track(frames, track, around=around, progress=progress)})


def _as_track(mark: Mark, frame_index: int, count: int) -> tuple[Track, range]:
    """Return the track of a mark, and the frames around its key frames to which it is followed."""
    place = mark.place
    if isinstance(place, OnFrame):
        return _one_key(mark, place.frame_index, place), range(count)
    if isinstance(place, OnRange):
        at = min(max(frame_index, place.first_frame_index), place.last_frame_index)
        return _one_key(mark, at, place), range(place.first_frame_index, place.last_frame_index + 1)
    is_bounded = place.to_follow is not None or (place.between == "linear" and len(place.keys) > 1)
    return place, range(0) if is_bounded else range(count)


def _one_key(mark: Mark, frame_index: int, place: OnFrame | OnRange) -> Track:
    key = KeyFrame(frame_index=frame_index, points_px=place.points_px, source=KEY_SOURCES[mark.source])
    return Track(between="carried", keys=(key,))


def _check(frames: GreyFrames, track: Track) -> None:
    """Refuse what cannot be followed from its key frames."""
    points = len(track.keys[0].points_px)
    if points > MOST_POINTS:
        raise FollowingError(
            f"This mark has {points} points; at most {MOST_POINTS} are followed. Draw it with fewer."
        )
    for key in (key for key in track.keys if not key.outside):
        if key.frame_index >= len(frames):
            raise FollowingError(
                f"The key frame {key.frame_index + 1} of this mark is not in the clip of {len(frames)} frames."
            )
        if not _has_speckle(frames[key.frame_index], key):
            raise FollowingError(
                f"There is no speckle to follow around this mark on frame {key.frame_index + 1}; "
                "put it on tissue, then try again."
            )


def _has_speckle(frame: GreyFrame, key: KeyFrame) -> bool:
    """Whether the picture around the points of a key frame has any texture."""
    points_px = np.array(key.points_px)
    if len(speckle_near(frame, points_px)) < FEWEST:
        return False
    near = np.zeros(frame.shape, dtype=np.uint8)
    for x_px, y_px in points_px:
        cv2.circle(near, (round(x_px - 0.5), round(y_px - 0.5)), round(REACH_PX), 1, thickness=-1)
    return bool(frame[near > 0].std() >= FLAT_GREY_LEVELS)
