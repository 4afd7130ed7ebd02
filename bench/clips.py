"""Numbered clips: every contestant shows the same frames, and every frame carries its number in a strip.

The strip lies along the top edge, as wide as the picture: one white and one
black reference block, seven blocks for the 0-based frame index (most
significant first, white is 1) and one that makes the count of white ones even.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pydicom
import simplejpeg
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, generate_uid

ROWS, COLUMNS, FRAMES = 600, 800, 100
JPEG_QUALITY = 90
INDEX_BITS = 7
BLOCKS = 2 + INDEX_BITS + 1
BLOCK_COLUMNS = COLUMNS // BLOCKS
STRIP_ROWS = BLOCK_COLUMNS // 2
AXIAL_SIGMA_PX, LATERAL_SIGMA_PX = 1.8, 3.2  # speckle that costs about 100 kB a frame at this quality
_ULTRASOUND_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.3.1"


@dataclass(frozen=True, slots=True)
class NumberedClip:
    """One clip as its encoded frames; the same bytes reach every contestant."""

    name: str
    jpegs: tuple[bytes, ...]

    def blob(self) -> bytes:
        """Return the frames as one download: count and lengths as little-endian u32, then the frames."""
        lengths = [len(jpeg) for jpeg in self.jpegs]
        return struct.pack(f"<{1 + len(lengths)}I", len(lengths), *lengths) + b"".join(self.jpegs)

    @property
    def median_frame_bytes(self) -> float:
        """Median size of an encoded frame, in bytes."""
        return float(np.median([len(jpeg) for jpeg in self.jpegs]))


def strip_values(frame_index: int) -> list[int]:
    """Return the grey value of each block of the strip of one frame.

    >>> strip_values(5)
    [255, 0, 0, 0, 0, 0, 255, 0, 255, 0]
    """
    bits = [frame_index >> shift & 1 for shift in reversed(range(INDEX_BITS))]
    return [255, 0, *(255 * bit for bit in [*bits, sum(bits) % 2])]


def draw_strip(picture: NDArray[np.uint8], frame_index: int) -> None:
    """Write the number of a frame along the top edge of a picture, shape (rows, columns)."""
    picture[:STRIP_ROWS] = np.repeat(np.array(strip_values(frame_index), np.uint8), BLOCK_COLUMNS)


def numbered_clip(name: str, *, seed: int, frames: int = FRAMES) -> NumberedClip:
    """Make a clip of speckle that changes slowly from frame to frame, encoded as baseline JPEG.

    Parameters
    ----------
    name : str
        Name of the clip.
    seed : int
        Equal seeds make equal bytes.
    frames : int
        Number of frames.
    """
    fields = _smooth_fields(np.random.default_rng(seed))
    pictures = (_speckle(fields, phase_rad=2 * np.pi * index / frames) for index in range(frames))
    jpegs = []
    for frame_index, picture in enumerate(pictures):
        draw_strip(picture, frame_index % FRAMES)  # a longer clip counts from 0 again
        jpegs.append(
            simplejpeg.encode_jpeg(picture[..., np.newaxis], quality=JPEG_QUALITY, colorspace="GRAY")
        )
    return NumberedClip(name, tuple(jpegs))


def write_dicom(clip: NumberedClip, path: Path, *, frame_time_ms: float) -> None:
    """Write a clip as an ultrasound multi-frame DICOM file, its JPEG frames untouched."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = pydicom.uid.UID(_ULTRASOUND_MULTI_FRAME)
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[clip.name, str(frame_time_ms)])
    meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=["study"])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=["series", clip.name])
    dataset.Modality, dataset.PatientID, dataset.PatientName = "US", "NUMBERED", "Numbered^Clip"
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    _describe_pixels(dataset, frames=len(clip.jpegs), frame_time_ms=frame_time_ms)
    dataset.PixelData = encapsulate(list(clip.jpegs))
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(path, enforce_file_format=True)


def _describe_pixels(dataset: Dataset, *, frames: int, frame_time_ms: float) -> None:
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = ROWS, COLUMNS, frames
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 8, 8, 7, 0
    dataset.FrameTime = f"{frame_time_ms:.6f}"
    dataset.FrameIncrementPointer = 0x00181063
    dataset.LossyImageCompression = "01"
    dataset.LossyImageCompressionRatio = "5"
    dataset.LossyImageCompressionMethod = "ISO_10918_1"


def _smooth_fields(random: np.random.Generator) -> NDArray[np.float32]:
    fields = random.standard_normal((4, ROWS, COLUMNS), dtype=np.float32)
    smooth = [cv2.GaussianBlur(field, (0, 0), LATERAL_SIGMA_PX, None, AXIAL_SIGMA_PX) for field in fields]
    return np.stack([field / field.std() for field in smooth]).astype(np.float32)


def _speckle(fields: NDArray[np.float32], *, phase_rad: float) -> NDArray[np.uint8]:
    cosine, sine = np.float32(np.cos(phase_rad)), np.float32(np.sin(phase_rad))
    real, imaginary = cosine * fields[0] + sine * fields[1], cosine * fields[2] + sine * fields[3]
    envelope_db = 10 * np.log10(real**2 + imaginary**2 + np.float32(0.05))
    return np.asarray(np.clip(70 + 3 * envelope_db, 0, 180), dtype=np.uint8)
