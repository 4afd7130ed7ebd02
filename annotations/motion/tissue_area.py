"""Where in the picture tissue is shown: no burnt-in text, no grey ramp, no margin of the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from annotations.motion.grey_frames import Frames, GreyFrames
from cases.calibration import Calibration, Region

SAMPLED_FRAMES = 16
CHANGE_LEVELS = 8
MIN_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class TissueArea:
    """The rectangle of the picture that is measured.

    Parameters
    ----------
    x0, y0, x1, y1 : int
        First column and row, and the ones after the last.
    calibration : Calibration or None
        Its scale; None where lengths are in px.
    source : str
        ``"region"`` of the file, ``"change"`` where the picture changes, or ``"picture"``: all of it.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    calibration: Calibration | None
    source: Literal["region", "change", "picture"]

    @property
    def rows(self) -> slice:
        """The rows, for cutting an array."""
        return slice(self.y0, self.y1)

    @property
    def columns(self) -> slice:
        """The columns, for cutting an array."""
        return slice(self.x0, self.x1)

    @property
    def unit(self) -> Literal["mm", "px"]:
        """Unit of every length that is measured here."""
        return "px" if self.calibration is None else "mm"

    @property
    def unit_per_px(self) -> NDArray[np.float64]:
        """Length of a pixel along x and y in `unit`."""
        if self.calibration is None:
            return np.ones(2)
        return np.array([self.calibration.mm_per_px_x, self.calibration.mm_per_px_y])

    @property
    def origin_px(self) -> NDArray[np.float64]:
        """What is added to a point of OpenCV's in the cut frame to get image coordinates."""
        return np.array([self.x0 + 0.5, self.y0 + 0.5])


def tissue_area(frames: Frames, regions: Sequence[Region] = ()) -> TissueArea:
    """Find the rectangle that shows tissue.

    Parameters
    ----------
    frames : Frames
        Frames of the clip.
    regions : sequence of Region
        Regions that the file declares; the largest one with a scale is taken, else the largest.

    Returns
    -------
    TissueArea
        The region cut to the picture; without one, where the picture changes in time; in a clip that never
        changes, the whole picture.
    """
    rows, columns = np.asarray(frames[0]).shape[:2]
    inside = [region for region in regions if region.x0 < columns and region.y0 < rows]
    if inside:
        region = max(inside, key=lambda one: (one.calibration is not None, one.area_px))
        x1, y1 = min(region.x1 + 1, columns), min(region.y1 + 1, rows)
        return TissueArea(region.x0, region.y0, x1, y1, region.calibration, "region")
    box = _changing_box(frames)
    if box is None:
        return TissueArea(0, 0, columns, rows, None, "picture")
    return TissueArea(*box, None, "change")


def still_marks(frames: Frames, area: TissueArea) -> NDArray[np.bool_]:
    """Find what is burnt into the tissue: bright pixels that never change while others do.

    Parameters
    ----------
    frames : Frames
        Frames of the clip.
    area : TissueArea
        Where to look.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        True on burnt-in marks and one pixel around them; all False in a frozen clip.
    """
    low, high = _extremes(GreyFrames(frames, area.rows, area.columns))
    changes = (high.astype(np.int16) - low) > CHANGE_LEVELS
    if changes.mean() < 0.3:
        return np.zeros(low.shape, dtype=np.bool_)
    still = (~changes & (low > 90)).astype(np.uint8)
    return np.asarray(cv2.dilate(still, np.ones((3, 3), np.uint8))) > 0


def _changing_box(frames: Frames) -> tuple[int, int, int, int] | None:
    low, high = _extremes(GreyFrames(frames))
    changes = ((high.astype(np.int16) - low) > CHANGE_LEVELS).astype(np.uint8)
    size = max(5, min(changes.shape) // 40) | 1
    closed = cv2.morphologyEx(changes, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(opened)
    if count < 2:
        return None
    left, top, wide, high_px, pixels = (int(v) for v in max(boxes[1:], key=lambda box: int(box[4])))
    if pixels < MIN_SHARE * changes.size:
        return None
    return left, top, left + wide, top + high_px


def _extremes(frames: GreyFrames) -> tuple[NDArray[Any], NDArray[Any]]:
    indices = np.unique(np.linspace(0, len(frames) - 1, min(SAMPLED_FRAMES, len(frames))).astype(int))
    low = high = frames[int(indices[0])]
    for index in indices[1:]:
        frame = frames[int(index)]
        low, high = np.minimum(low, frame), np.maximum(high, frame)
    return low, high
