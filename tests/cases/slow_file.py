"""A small file that takes long to read, for tests that cancel it meanwhile."""

from pathlib import Path

import numpy as np

from tests.cases.clip_factory import (
    RLE,
    NumberedClip,
    add_times,
    dicom_dataset,
    rle_of,
    save,
    set_encapsulated,
)


def write_slow_dicom(path: Path, frames: int = 3000) -> Path:
    """Write a small file that takes long to read: black frames as RLE."""
    black = NumberedClip(frames=1, rows=480, columns=640)
    dataset = dicom_dataset(black, RLE)
    dataset.NumberOfFrames = frames
    add_times(dataset, 40.0)
    set_encapsulated(dataset, [rle_of(np.zeros((black.rows, black.columns), np.uint8))] * frames)
    return save(dataset, path)
