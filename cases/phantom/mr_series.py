"""A whole MRI-style series, from the thigh to its files."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cases.phantom.mr_object import MrSeries, write_slice
from cases.phantom.mr_scan import MrOptions, acquire, tissue_shares
from cases.phantom.scene import Scene
from cases.phantom.whole_thigh import WholeThigh

FloatArray = NDArray[np.float32]


def render_series(
    scene: Scene,
    series: MrSeries,
    *,
    options: MrOptions | None = None,
    progress: Callable[[int], None] | None = None,
) -> FloatArray:
    """All slices of a series.

    Parameters
    ----------
    scene : Scene
        The thigh, at rest.
    series : MrSeries
        How it is imaged.
    options : MrOptions, optional
        What the scanner adds.
    progress : callable, optional
        Called with 1 after each slice.

    Returns
    -------
    ndarray of float32, shape (slices, matrix, matrix)
        Signal against fully relaxed water.
    """
    thigh, options = WholeThigh.of(scene), options or MrOptions()
    slices = []
    for index in range(series.geometry.slices):
        content = tissue_shares(thigh, series.geometry, index)
        slices.append(acquire(content, series.sequence, series.geometry, options, (series.seed, index)))
        if progress is not None:
            progress(1)
    return np.stack(slices)


def display_window(slices: FloatArray) -> tuple[float, float]:
    """Centre and width that show a series from black to its bright tissue."""
    top = float(np.percentile(slices, 99.3)) * 1.2
    return top / 2, top


def write_series(slices: FloatArray, series: MrSeries, folder: Path, *, case_id: str) -> list[Path]:
    """Write every slice of a series into a folder."""
    window = display_window(slices)
    return [
        write_slice(one, series, index, window, folder, case_id=case_id) for index, one in enumerate(slices)
    ]
