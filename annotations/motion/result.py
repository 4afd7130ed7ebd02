"""What is asked of a clip's motion, and the whole answer as one frozen value."""

from dataclasses import dataclass
from typing import Any, Literal

from annotations.motion.border_tracking import Border
from annotations.motion.chapters import Chapters
from annotations.motion.errors import MotionStoreError
from annotations.motion.gap import GapCurve
from annotations.motion.json_values import from_json, to_json
from annotations.motion.probe_motion import ProbeMotion
from annotations.motion.stump import StumpEdges
from annotations.motion.thickness import ThicknessCurve

ALGORITHM = 5
"""Raised whenever the same question would get another answer, so that kept results are computed anew."""


@dataclass(frozen=True, slots=True)
class MotionRequest:
    """What to measure.

    Parameters
    ----------
    edges : StumpEdges or None
        The two stump edges; None lets the detector propose them.
    superficial_border, deep_border : Border or None
        The two borders of the muscle; None lets the detector propose them.
    propose : bool
        Whether the detectors may propose what is not given.
    """

    edges: StumpEdges | None = None
    superficial_border: Border | None = None
    deep_border: Border | None = None
    propose: bool = True


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the answer rests on.

    Parameters
    ----------
    pack_sha256 : str
        The clip.
    algorithm : int
        Version of the trackers.
    request : MotionRequest
        What was asked.
    area_px : tuple of int
        First column and row of the tissue, and the ones after its last.
    area_source, scale_source, timing_source : str
        Where the area, the scale and the times came from.
    """

    pack_sha256: str
    algorithm: int
    request: MotionRequest
    area_px: tuple[int, int, int, int]
    area_source: str
    scale_source: str
    timing_source: str


@dataclass(frozen=True, slots=True)
class MotionResult:
    """The motion of one clip.

    Parameters
    ----------
    provenance : Provenance
        What it rests on.
    unit : str
        ``"mm"``; ``"px"`` in a clip without scale.
    frame_starts_s : tuple of float or None
        Start of each frame in seconds; None where it is not known.
    chapters : Chapters
        Rest, contracting, hold, relaxing, proposed; with the evidence.
    motion_confidence : tuple of float
        Trust in the tracking of the whole tissue, frame by frame.
    probe : ProbeMotion
        How the hand moved.
    gap : GapCurve or None
        None where no stump edges were given or found.
    thickness : ThicknessCurve or None
        None where no borders were given or found.
    warnings : tuple of str
        All sentences that a viewer must know.
    """

    provenance: Provenance
    unit: Literal["mm", "px"]
    frame_starts_s: tuple[float, ...] | None
    chapters: Chapters
    motion_confidence: tuple[float, ...]
    probe: ProbeMotion
    gap: GapCurve | None
    thickness: ThicknessCurve | None
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the result as a JSON object."""
        content: dict[str, Any] = to_json(self)
        return content

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "MotionResult":
        """Build a result from its JSON object.

        Raises
        ------
        MotionStoreError
            If it is not one.
        """
        try:
            return from_json(cls, content)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MotionStoreError("This is not the motion of a clip; compute it again.") from error
