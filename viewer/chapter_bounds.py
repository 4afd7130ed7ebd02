"""Where the chapters of a clip begin, as people say it: frame numbers from 1, each chapter up to the next one."""

from collections.abc import Sequence
from dataclasses import replace

from viewer.scene import Chapter

NAMES = ("rest", "contracting", "hold", "relaxing")


def first_frames(chapters: Sequence[Chapter]) -> tuple[int, ...]:
    """Return the frame number at which each chapter begins.

    >>> first_frames([Chapter("rest", 0, 8), Chapter("contracting", 9, 20)])
    (1, 10)
    """
    return tuple(chapter.first_frame_index + 1 for chapter in chapters)


def chapters_from(names: Sequence[str], begins: Sequence[int], frames: int) -> tuple[Chapter, ...] | str:
    """Return the chapters that begin at these frame numbers, or one sentence why they cannot.

    Parameters
    ----------
    names : sequence of str
        Names of the chapters, in their order.
    begins : sequence of int
        Frame number at which each begins.
    frames : int
        Frames of the clip.

    Examples
    --------
    >>> chapters_from(["rest", "contracting"], [1, 10], 20)[1]
    Chapter(name='contracting', first_frame_index=9, last_frame_index=19)
    >>> chapters_from(["rest", "contracting"], [10, 10], 20)
    'Contracting begins at frame 10, but rest begins at frame 10 before it; every chapter needs a frame.'
    """
    ends = [*(begin - 1 for begin in begins[1:]), frames]
    for number, (name, begin) in enumerate(zip(names, begins, strict=True)):
        if not 1 <= begin <= frames:
            return f"{name.capitalize()} begins at frame {begin}, but the clip has frames 1 to {frames}."
        if number and begin <= begins[number - 1]:
            return (
                f"{name.capitalize()} begins at frame {begin}, but {names[number - 1]} begins at frame "
                f"{begins[number - 1]} before it; every chapter needs a frame."
            )
    return tuple(
        Chapter(name, begin - 1, end - 1) for name, begin, end in zip(names, begins, ends, strict=True)
    )


def begun_here(
    chapters: Sequence[Chapter], number: int, frame_number: int, frames: int
) -> tuple[Chapter, ...] | str:
    """Return the chapters with one of them beginning at another frame, or one sentence why it cannot."""
    begins = list(first_frames(chapters))
    begins[number] = frame_number
    return chapters_from([chapter.name for chapter in chapters], begins, frames)


def usual_chapters(frames: int) -> tuple[Chapter, ...]:
    """Return four chapters of equal length to begin with, where nothing was found; fewer in a very short clip."""
    count = min(len(NAMES), frames)
    begins = [1 + number * frames // count for number in range(count)]
    made = chapters_from(NAMES[:count], begins, frames)
    return () if isinstance(made, str) else made


def within(chapters: Sequence[Chapter], frames: int) -> tuple[Chapter, ...]:
    """Return the chapters without what lies beyond the end of the clip."""
    return tuple(
        replace(chapter, last_frame_index=min(chapter.last_frame_index, frames - 1))
        for chapter in chapters
        if chapter.first_frame_index < frames
    )
