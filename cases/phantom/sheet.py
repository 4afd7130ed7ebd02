"""Sheets to look at: frames of a clip, slices of a series."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.phantom.image_processing import to_gray
from cases.phantom.mr_object import MrSeries
from cases.phantom.mr_series import display_window, render_series
from cases.phantom.render import fill, picture
from cases.phantom.scene import Scene

COLUMNS = 3


def write_clip_sheet(scene: Scene, path: Path, *, frames: int = 6) -> Path:
    """Write frames of a clip, evenly spread over rest, contraction and hold, as one picture.

    Parameters
    ----------
    scene : Scene
        What to render.
    path : Path
        PNG to write.
    frames : int
        How many frames.
    """
    thigh = fill(scene)
    last = scene.manoeuvre.relax_at - 2
    indices = np.unique(np.linspace(0, last, frames).astype(int))
    tiles = [to_gray(picture(thigh, int(index)), scene.processing) for index in indices]
    return _write(tiles, [f"{index + 1}" for index in indices], path)


def write_mr_sheet(scene: Scene, series: MrSeries, path: Path) -> Path:
    """Write all slices of a series as one picture, windowed as stored."""
    slices = render_series(scene, series)
    centre, width = display_window(slices)
    shown = np.clip((slices - centre + width / 2) / width * 255, 0, 255).astype(np.uint8)
    return _write(list(shown), [f"{number}" for number in range(1, len(shown) + 1)], path)


def _write(tiles: list[NDArray[np.uint8]], captions: list[str], path: Path) -> Path:
    """Write numbered tiles in rows."""
    for tile, caption in zip(tiles, captions, strict=True):
        cv2.putText(tile, caption, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1, cv2.LINE_AA)
    while len(tiles) % COLUMNS:
        tiles.append(np.zeros_like(tiles[0]))
    rows = [np.hstack(tiles[start : start + COLUMNS]) for start in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(path), np.vstack(rows))
    return path
