"""Where the tissue goes and how it is stretched, in a form small enough for a browser to draw at frame rate.

A file holds, little endian and without gaps::

    8 bytes    MSUSTM01
    4 bytes    length of the head
    head       JSON: algorithm, pack_sha256, unit, rest_frame_index, frames, points, cell_px, px_per_step, strain_per_step
    float32    points x 2            place of each point on the frame at rest, in image pixels
    int8       frames x points x 2   how far it has moved since, in steps; -128 where it was lost
    int8       frames x points       strain along the fascicles, in steps; -128 where it is not reliable
"""

import json
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.motion.errors import MotionStoreError, StillPictureError
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.result import MotionResult
from annotations.motion.strain import STEP_MM, StrainField, follow_strain
from annotations.motion.stump import px_per_mm
from annotations.motion.tissue_area import tissue_area
from annotations.motion.work import Work
from cases.cine import Cine
from cases.clip import ClipKind

MAP_ALGORITHM = 1
"""Raised whenever the same clip would get another map."""

MAGIC = b"MSUSTM01"
MAX_FRAMES = 5_000
TOO_LONG = (
    f"This clip is too long for its tissue to be followed as strain and in the M-mode: at most {MAX_FRAMES:,} frames "
    "can be; cut the clip and open the part with the contraction."
)
THINNING = 1.5
STRAIN_PER_STEP = 0.005
NONE = -128

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TissueMap:
    """Points of the tissue through a clip.

    Parameters
    ----------
    pack_sha256 : str
        The clip.
    rest_frame_index : int
        The frame that motion and strain are counted from.
    rest_px : ndarray of float64, shape (points, 2)
        Places on that frame, in image pixels.
    moved_px : ndarray of float64, shape (frames, points, 2)
        Displacement since; NaN where a point was lost.
    strain : ndarray of float64, shape (frames, points)
        Change of length over length along the fascicles; NaN where it is not reliable.
    cell_px : float
        Side of the square that a point stands for.
    """

    pack_sha256: str
    rest_frame_index: int
    rest_px: FloatArray
    moved_px: FloatArray
    strain: FloatArray
    cell_px: float

    def to_bytes(self) -> bytes:
        """Write the map as a file; lengths are rounded to the step that its largest motion allows."""
        largest = float(np.nanmax(np.abs(self.moved_px), initial=0.0))
        px_per_step = max(largest / 127, 0.02)
        head = json.dumps(
            {
                "algorithm": MAP_ALGORITHM,
                "pack_sha256": self.pack_sha256,
                "rest_frame_index": self.rest_frame_index,
                "frames": len(self.moved_px),
                "points": len(self.rest_px),
                "cell_px": round(self.cell_px, 2),
                "px_per_step": px_per_step,
                "strain_per_step": STRAIN_PER_STEP,
            }
        ).encode()
        parts = [
            self.rest_px.astype("<f4"),
            _steps(self.moved_px, px_per_step),
            _steps(self.strain, STRAIN_PER_STEP),
        ]
        return b"".join([MAGIC, struct.pack("<I", len(head)), head, *(part.tobytes() for part in parts)])

    @classmethod
    def from_bytes(cls, content: bytes) -> "TissueMap":
        """Read a file.

        Raises
        ------
        MotionStoreError
            If it is none.
        """
        try:
            head = read_map_head(content)
            frames, points = int(head["frames"]), int(head["points"])
            at = len(MAGIC) + 4 + int.from_bytes(content[8:12], "little")
            rest = np.frombuffer(content, "<f4", 2 * points, at).reshape(points, 2)
            moved = np.frombuffer(content, np.int8, 2 * frames * points, at + rest.nbytes)
            strain = np.frombuffer(content, np.int8, frames * points, at + rest.nbytes + moved.nbytes)
            return cls(
                str(head["pack_sha256"]),
                int(head["rest_frame_index"]),
                rest.astype(np.float64),
                _values(moved, float(head["px_per_step"])).reshape(frames, points, 2),
                _values(strain, float(head["strain_per_step"])).reshape(frames, points),
                float(head["cell_px"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise MotionStoreError("This is no map of the tissue; measure the clip again.") from error


def read_map_head(content: bytes) -> dict[str, str | int | float]:
    """Return the head of a file that begins with these bytes.

    Raises
    ------
    ValueError
        If it is none.
    """
    if content[: len(MAGIC)] != MAGIC:
        raise ValueError("no map of the tissue")
    head = json.loads(content[12 : 12 + int.from_bytes(content[8:12], "little")])
    if not isinstance(head, dict):
        raise ValueError("the head is no object")
    return head


def measure_tissue_map(cine: Cine, rest_frame_index: int = 0, *, work: Work | None = None) -> TissueMap:
    """Follow the tissue of a clip and measure its strain on every frame.

    Parameters
    ----------
    cine : Cine
        The clip.
    rest_frame_index : int
        A frame at rest.
    work : Work, optional
        Told of each frame.

    Returns
    -------
    TissueMap
        The map, of as many points as a browser draws at frame rate.

    Raises
    ------
    StillPictureError
        If the clip is no clip, or too long for a map.
    MotionCancelledError
        If the work was stopped.
    """
    if cine.head.kind is not ClipKind.CLIP or len(cine.frames) < 2:
        raise StillPictureError("A picture or a series of slices has no motion; choose a clip.")
    if len(cine.frames) > MAX_FRAMES:
        raise StillPictureError(TOO_LONG)
    work = work or Work()
    work.plan(map_steps(len(cine.frames)))
    area = tissue_area(cine.frames, cine.regions)
    frames = GreyFrames(cine.frames, area.rows, area.columns)
    field = follow_strain(frames, area, rest_frame_index=rest_frame_index, work=work)
    cell_px = THINNING * max(4.0, STEP_MM * float(px_per_mm(area)[0]))
    kept = thinned(field.tracks.points_px[rest_frame_index], cell_px)
    rest = field.tracks.points_px[rest_frame_index, kept]
    moved = field.tracks.points_px[:, kept] - rest
    moved[field.tracks.lost[:, kept]] = np.nan
    strain = np.stack([_strain_on(field, index, work)[kept] for index in range(len(frames))])
    return TissueMap(cine.head.sha256, rest_frame_index, rest + area.origin_px, moved, strain, cell_px)


def map_steps(frames: int) -> int:
    """Return how many steps of work the map of a clip takes; none where it is too long for one."""
    return 2 * frames - 1 if frames <= MAX_FRAMES else 0


def rest_frame_of(result: MotionResult) -> int:
    """Return the frame at rest that a map is counted from: that of the gap, else the first of the first rest."""
    if result.gap is not None:
        return result.gap.rest_frame_index
    rest = result.chapters.first("rest")
    return 0 if rest is None else rest.first_frame_index


def thinned(points: FloatArray, apart_px: float) -> NDArray[np.intp]:
    """Choose one point of each square of a grid, the first that lies in it.

    >>> thinned(np.array([[1.0, 1.0], [2.0, 1.0], [9.0, 1.0]]), 5.0).tolist()
    [0, 2]
    """
    squares = np.floor(points / apart_px).astype(np.int64)
    return np.sort(np.unique(squares, axis=0, return_index=True)[1])


def _strain_on(field: StrainField, frame_index: int, work: Work) -> FloatArray:
    """Return the strain of every point on a frame, NaN where it is not reliable."""
    work.step()
    found = field.at(frame_index)
    return np.where(np.array(found.reliable), np.array(found.strain), np.nan)


def _steps(values: FloatArray, per_step: float) -> NDArray[np.int8]:
    """Round to steps of one byte; `NONE` stands for NaN."""
    steps = np.clip(np.rint(values / per_step), -127, 127)
    return np.where(np.isnan(values), NONE, steps).astype(np.int8)


def _values(steps: NDArray[np.int8], per_step: float) -> FloatArray:
    return np.where(steps == NONE, np.nan, steps.astype(np.float64) * per_step)
