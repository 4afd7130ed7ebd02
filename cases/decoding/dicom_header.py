"""The numbers of a DICOM header, as typed values.

Every number that a header claims is checked here before anyone relies on it.
"""

from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from cases.decoding.source import RefusedError, check_frames, check_size
from cases.sentences import Refusal
from cases.settings import Limits

PIXEL_DATA = (0x7FE0, 0x0010)
UNDEFINED_LENGTH = 0xFFFFFFFF
_DEPTHS = (8, 16)
_DEPTHS_OF_GREY = (8, 16, 32)
"""Bits Allocated; those with 32 are shown where the values of all samples fit into 16."""

PHOTOMETRICS = {
    "MONOCHROME1": 1,
    "MONOCHROME2": 1,
    "PALETTE COLOR": 1,
    "RGB": 3,
    "YBR_FULL": 3,
    "YBR_FULL_422": 3,
    "YBR_PARTIAL_420": 3,
    "YBR_PARTIAL_422": 3,
    "YBR_ICT": 3,
    "YBR_RCT": 3,
    "XYB": 3,
}


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """How the samples of a frame are laid out (0028,xxxx).

    Parameters
    ----------
    rows, columns, samples_per_pixel : int
        Size of a frame and samples of a pixel.
    bits_allocated, bits_stored, high_bit : int
        Bits that a sample takes, bits that hold its value, and the highest of these.
    is_signed, is_planar : bool
        Two's complement samples; one plane a colour instead of one pixel after the other.
    photometric : str
        A Photometric Interpretation of ``PHOTOMETRICS``.
    frames : int
        Number of Frames.
    frames_stated : bool
        Whether the header states that number, or it is 1 because it does not.
    """

    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool
    photometric: str
    frames: int
    frames_stated: bool

    @property
    def frame_bytes(self) -> int:
        """Length of one uncompressed frame in bytes."""
        samples = 2 if self.photometric == "YBR_FULL_422" else self.samples_per_pixel
        return self.rows * self.columns * samples * self.bits_allocated // 8


def read_layout(dataset: Dataset, limits: Limits) -> PixelLayout:
    """Read and check the layout of the samples.

    Raises
    ------
    RefusedError
        If a field is missing, unreadable or beyond the limits.
    """
    rows, columns = required_number(dataset, "Rows"), required_number(dataset, "Columns")
    check_size(rows, columns, limits)
    frames, frames_stated = _frames(dataset)
    check_frames(frames, limits)
    samples = required_number(dataset, "SamplesPerPixel")
    photometric = _photometric(dataset, samples)
    allocated = required_number(dataset, "BitsAllocated")
    if allocated not in (_DEPTHS_OF_GREY if photometric == "MONOCHROME2" else _DEPTHS):
        raise RefusedError(Refusal.UNSUPPORTED_BITS, bits=allocated)
    stored = number(dataset, "BitsStored") or allocated
    if not 1 <= stored <= allocated:
        raise RefusedError(Refusal.UNSUPPORTED_BITS, bits=stored)
    high_bit = number(dataset, "HighBit")
    return PixelLayout(
        rows=rows,
        columns=columns,
        samples_per_pixel=samples,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=stored - 1 if high_bit is None or not stored - 1 <= high_bit < allocated else high_bit,
        is_signed=required_number(dataset, "PixelRepresentation") == 1,
        is_planar=number(dataset, "PlanarConfiguration") == 1,
        photometric=photometric,
        frames=frames,
        frames_stated=frames_stated,
    )


def value(dataset: Dataset, keyword: str) -> Any:
    """Return an element's value; None where it is absent, empty or damaged."""
    try:
        return dataset.get(keyword)
    except Exception:  # a value is parsed when first asked for, and a damaged one raises nearly anything
        return None


def items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """Return the items of a sequence; none where it is absent or damaged into something else."""
    found = value(dataset, keyword)
    return tuple(found) if isinstance(found, Sequence) else ()


def number(dataset: Dataset, keyword: str) -> int | None:
    """Return a whole number; None where it is absent, empty or no such number."""
    found = value(dataset, keyword)
    try:
        return None if found is None or found == "" else int(found)
    except (TypeError, ValueError, OverflowError):
        return None


def required_number(dataset: Dataset, keyword: str) -> int:
    """Return a whole number that must be there.

    Raises
    ------
    RefusedError
        If it is missing or no number.
    """
    if keyword not in dataset or value(dataset, keyword) is None:
        raise RefusedError(Refusal.FIELD_MISSING, field=keyword)
    found = number(dataset, keyword)
    if found is None or found < 0:
        raise RefusedError(Refusal.FIELD_UNREADABLE, field=keyword)
    return found


def _frames(dataset: Dataset) -> tuple[int, bool]:
    if "NumberOfFrames" not in dataset:
        return 1, False
    found = number(dataset, "NumberOfFrames")
    if value(dataset, "NumberOfFrames") is not None and (found is None or found < 1):
        raise RefusedError(Refusal.FIELD_UNREADABLE, field="NumberOfFrames")
    return (1, False) if found is None else (found, True)


def _photometric(dataset: Dataset, samples: int) -> str:
    found = value(dataset, "PhotometricInterpretation")
    if not found:
        raise RefusedError(Refusal.FIELD_MISSING, field="PhotometricInterpretation")
    photometric = str(found).strip().upper()
    if photometric not in PHOTOMETRICS:
        raise RefusedError(Refusal.UNSUPPORTED_COLOUR, colour="unknown Photometric Interpretation")
    if samples != PHOTOMETRICS[photometric]:
        raise RefusedError(Refusal.UNSUPPORTED_COLOUR, colour=f"{photometric} with {samples} samples a pixel")
    return photometric
