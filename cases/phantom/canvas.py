"""The screen of the simulated scanner: the picture, a depth scale, settings, and the word SIMULATED."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.phantom.probe import ProbePreset
from cases.phantom.scene import Scene

ByteArray = NDArray[np.uint8]
COLUMNS_PX, ROWS_PX = 640, 512
REGION_LEFT_PX, REGION_TOP_PX = 92, 28
INK, PALE = 214, 150
FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class Region:
    """Where the picture lies on the screen.

    Parameters
    ----------
    left_px, top_px, columns_px, rows_px : int
        Top-left pixel and size.
    mm_per_px : float
        Pitch, both ways.
    """

    left_px: int
    top_px: int
    columns_px: int
    rows_px: int
    mm_per_px: float

    @classmethod
    def of(cls, probe: ProbePreset) -> "Region":
        """Region that a preset's picture takes."""
        return cls(REGION_LEFT_PX, REGION_TOP_PX, probe.columns_px, probe.rows_px, probe.mm_per_px)

    def to_px(self, x_mm: NDArray[np.floating], z_mm: NDArray[np.floating]) -> NDArray[np.float64]:
        """Image coordinates of points of the picture, origin at the top-left corner of the screen.

        Parameters
        ----------
        x_mm : ndarray
            From the middle of the picture to the right.
        z_mm : ndarray
            Below the skin.

        Returns
        -------
        ndarray, shape (..., 2)
            x and y in pixels.
        """
        x = self.left_px + self.columns_px / 2 + np.asarray(x_mm) / self.mm_per_px
        return np.stack([x, self.top_px + np.asarray(z_mm) / self.mm_per_px], axis=-1)


def blank_screen(scene: Scene) -> ByteArray:
    """Screen without a picture.

    Returns
    -------
    ndarray of uint8, shape (ROWS_PX, COLUMNS_PX)
        With everything that does not change from frame to frame.
    """
    screen = np.zeros((ROWS_PX, COLUMNS_PX), dtype=np.uint8)
    probe, region = scene.probe, Region.of(scene.probe)
    _write(screen, "SIMULATED", (8, 18), 0.52, INK, 1)
    _write(screen, "digital phantom, not a patient", (112, 18), 0.36, PALE, 1)
    lines = (
        probe.name, f"{probe.centre_frequency_mhz:.0f} MHz", f"{probe.depth_mm / 10:.1f} cm",
        f"DR {probe.dynamic_range_db:.0f}", f"FR {probe.frame_rate_hz:.0f} Hz", "",
        "THIGH " + ("R" if scene.side == "right" else "L"), "LONG" if scene.plane == "long axis" else "SHORT",
    )  # fmt: skip
    for index, line in enumerate(lines):
        _write(screen, line, (10, 190 + 17 * index), 0.36, PALE, 1)
    ramp = np.linspace(255, 0, 110).astype(np.uint8)
    screen[50:160, 12:22] = ramp[:, None]
    _depth_scale(screen, region)
    cv2.circle(screen, (REGION_LEFT_PX - 9, REGION_TOP_PX + 7), 4, INK, 1, cv2.LINE_AA)
    return screen


def _depth_scale(screen: ByteArray, region: Region) -> None:
    """Draw a tick every 5 mm and a number every centimetre, right of the picture."""
    right = region.left_px + region.columns_px
    for half_cm in range(int(region.rows_px * region.mm_per_px / 5) + 1):
        y = round(region.top_px + half_cm * 5 / region.mm_per_px)
        whole = half_cm % 2 == 0
        cv2.line(screen, (right + 4, y), (right + (12 if whole else 8), y), PALE, 1)
        if whole:
            _write(screen, str(half_cm // 2), (right + 17, y + 4), 0.36, PALE, 1)
    focus = round(region.top_px + 18.0 / region.mm_per_px)
    cv2.fillPoly(
        screen, [np.array([[right + 36, focus], [right + 42, focus - 4], [right + 42, focus + 4]])], PALE
    )


def _write(screen: ByteArray, text: str, place: tuple[int, int], size: float, grey: int, weight: int) -> None:
    """Write text with its baseline at a place."""
    cv2.putText(screen, text, place, FONT, size, grey, weight, cv2.LINE_AA)


def put_on_screen(pictures: ByteArray, scene: Scene) -> ByteArray:
    """Put each picture of a clip on the screen.

    Parameters
    ----------
    pictures : ndarray of uint8, shape (frames, rows, columns)
        Pictures without margin.
    scene : Scene
        Supplies the settings that are written beside them.

    Returns
    -------
    ndarray of uint8, shape (frames, ROWS_PX, COLUMNS_PX)
        Screens.
    """
    region, screen = Region.of(scene.probe), blank_screen(scene)
    screens = np.repeat(screen[None], pictures.shape[0], axis=0)
    rows = slice(region.top_px, region.top_px + region.rows_px)
    columns = slice(region.left_px, region.left_px + region.columns_px)
    screens[:, rows, columns] = pictures
    return screens
