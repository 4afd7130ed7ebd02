"""The picture on a case's card: one still frame, and a short loop that plays while one points at it."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cases.case import Case
from cases.cine import Cine

WIDTH_PX, HEIGHT_PX = 360, 288
LOOP_FRAMES = 24
LOOP_S = 3.0
QUALITY = 72


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One case's card picture as WebP.

    Parameters
    ----------
    still : bytes
        The frame in the middle of the loop.
    loop : bytes
        The clip from its first frame to its last, in three seconds.
    """

    still: bytes
    loop: bytes


def clip_on_card(case: Case) -> str | None:
    """Return the SHA-256 of the pack that stands for the case: what its first comparison shows moving."""
    for comparison in case.manifest.comparisons:
        for panel in (comparison.contraction, comparison.rest):
            if panel is not None:
                return case.clips[panel.clip].sha256
    return None


def thumbnail(cine: Cine) -> Thumbnail:
    """Make the thumbnail of a clip.

    Parameters
    ----------
    cine : Cine
        The clip; 16-bit samples are spread over black to white.
    """
    count = min(len(cine.frames), LOOP_FRAMES)
    indices = np.linspace(0, len(cine.frames) - 1, count).round().astype(int)
    pictures = [Image.fromarray(_fitted(cine.frames[int(index)])) for index in indices]
    return Thumbnail(still=_webp(pictures[count // 2 : count // 2 + 1]), loop=_webp(pictures))


def _fitted(frame: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale a whole frame into the card's rectangle, on black: what is burnt into its margin must stay."""
    grey = np.asarray(frame, dtype=np.float32)
    if frame.dtype != np.uint8:
        low, high = np.percentile(grey, (1, 99))
        grey = (grey - low) / max(float(high - low), 1.0) * 255
    shown = np.clip(grey, 0, 255).astype(np.uint8)
    colour = shown if shown.ndim == 3 else np.repeat(shown[..., np.newaxis], 3, axis=-1)
    rows, columns = colour.shape[:2]
    scale = min(WIDTH_PX / columns, HEIGHT_PX / rows)
    width_px, height_px = max(round(columns * scale), 1), max(round(rows * scale), 1)
    left, top = (WIDTH_PX - width_px) // 2, (HEIGHT_PX - height_px) // 2
    card = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    card[top : top + height_px, left : left + width_px] = cv2.resize(
        colour, (width_px, height_px), interpolation=cv2.INTER_AREA
    )
    return card


def _webp(pictures: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    pictures[0].save(
        out,
        format="WEBP",
        quality=QUALITY,
        save_all=len(pictures) > 1,
        append_images=pictures[1:],
        duration=round(LOOP_S * 1000 / len(pictures)),
        loop=0,
    )
    return out.getvalue()
