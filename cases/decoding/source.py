"""The protocol of every reader: a file opened as a source of encoded frames, and of a head behind them."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cases.calibration import Region, ScaleSource
from cases.clip import ClipHead, Codec, Container, Inspection
from cases.decoding.damage import DamageWatch
from cases.sentences import Refusal, Remark
from cases.settings import Limits

_OPENCV_NO_MEMORY = -4
_MAX_NAMED = 10


class RefusedError(Exception):
    """A file cannot be shown; says which sentence applies and with which values.

    Parameters
    ----------
    refusal : Refusal
        The sentence.
    **values : int, float or str
        Its values; never text of the file's header.
    """

    def __init__(self, refusal: Refusal, **values: int | float | str) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal
        self.values = values


class EncodeAgainError(Exception):
    """The frames sent so far were encoded as grey, and now a coloured one has come."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller knows and asks for.

    Parameters
    ----------
    region : Region or None
        A calibrated rectangle for files that carry no scale.
    scale_source : ScaleSource
        Where that rectangle came from.
    frame_time_ms : float or None
        Time from one frame to the next for files that carry none.
    keep_good_frames : bool
        Whether a clip with damaged or missing frames is kept without them.
    are_frames_in_time : bool
        Whether several pictures are the frames of one clip rather than slices.
    limits : Limits
        What the file may ask for.
    """

    region: Region | None = None
    scale_source: ScaleSource = ScaleSource.USER
    frame_time_ms: float | None = None
    keep_good_frames: bool = False
    are_frames_in_time: bool = False
    pictures_missing: int = 0
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class Findings:
    """What has been found so far in one file; filled while it is read, and reported whatever happens."""

    container: Container = Container.UNKNOWN
    codec: Codec | None = None
    frames_declared: int | None = None
    frames_decoded: int | None = None
    rows: int | None = None
    columns: int | None = None
    carries_identity: bool = False
    remarks: list[str] = field(default_factory=list)

    def remark(self, remark: Remark, **values: int | float | str) -> None:
        """Note a sentence once."""
        sentence = remark.say(values)
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def suspect_frames(self, watch: DamageWatch, *, are_in_time: bool = True) -> None:
        """Note the frames that look damaged; slices differ from each other anyway."""
        suspects = watch.suspects() if are_in_time else []
        if suspects:
            named = ", ".join(str(frame_index + 1) for frame_index in suspects[:_MAX_NAMED])
            more = " and more" if len(suspects) > _MAX_NAMED else ""
            self.remark(Remark.LOOKS_DAMAGED, frames=named + more)

    def inspection(self) -> Inspection:
        """Freeze what was found, except the remarks."""
        return Inspection(
            container=self.container,
            codec=self.codec,
            frames_declared=self.frames_declared,
            frames_decoded=self.frames_decoded,
            rows=self.rows,
            columns=self.columns,
            carries_identity=self.carries_identity,
        )


class Source(Protocol):
    """One opened file, or one series of files."""

    findings: Findings

    def frames(self) -> Iterator[bytes]:
        """Encode every frame in presentation order.

        Raises
        ------
        RefusedError
            If the file cannot be shown.
        EncodeAgainError
            If all frames must be asked for again, because the first ones were encoded too narrowly.
        """
        ...

    def head(self) -> ClipHead:
        """Say what the frames are, after all of them have been taken."""
        ...

    def close(self) -> None:
        """Close the files."""
        ...


def raise_if_out_of_memory(error: Exception) -> None:
    """Raise MemoryError where an error of a library means that memory ran out, and not that data are damaged.

    Raises
    ------
    MemoryError
        If it does.
    """
    is_ours = isinstance(error, MemoryError)
    is_opencvs = getattr(error, "code", None) == _OPENCV_NO_MEMORY
    if is_ours or is_opencvs or getattr(error, "errno", None) == errno.ENOMEM:
        raise MemoryError from error


def check_size(rows: int, columns: int, limits: Limits) -> None:
    """Refuse pictures without a pixel or larger than the limit, before any memory is taken.

    Raises
    ------
    RefusedError
        If the size is 0 or above the limit.
    """
    if rows < 1 or columns < 1:
        raise RefusedError(Refusal.PICTURE_SIZE_ZERO)
    if rows > limits.max_side_px or columns > limits.max_side_px:
        raise RefusedError(Refusal.PICTURE_TOO_LARGE, rows=rows, columns=columns, limit=limits.max_side_px)


def check_frames(frames: int, limits: Limits) -> None:
    """Refuse clips of more frames than the limit.

    Raises
    ------
    RefusedError
        If there are too many.
    """
    if frames > limits.max_frames:
        raise RefusedError(Refusal.TOO_MANY_FRAMES, frames=frames, limit=limits.max_frames)
