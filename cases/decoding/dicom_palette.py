"""The colour table of PALETTE COLOR pictures.

References
----------
DICOM PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6, Palette Color Lookup Tables; C.7.9.2 for those in segments.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from cases.decoding.dicom_header import value
from cases.decoding.dicom_palette_segments import expanded
from cases.decoding.source import RefusedError
from cases.sentences import Refusal

_COLOURS = ("Red", "Green", "Blue")


class Palette:
    """Colours of sample values.

    Parameters
    ----------
    table : ndarray of uint8, shape (entries, 3)
        Red, green and blue of each entry.
    first_value : int
        Sample value of the first entry; lower ones look like it, and those above the last one like the last.
    """

    def __init__(self, table: NDArray[np.uint8], first_value: int) -> None:
        self._table, self._first_value = table, first_value

    def applied_to(self, samples: NDArray[Any]) -> NDArray[np.uint8]:
        """Colour a frame: ndarray of uint8, shape (rows, columns, 3)."""
        entries = np.clip(samples.astype(np.int32) - self._first_value, 0, len(self._table) - 1)
        return np.asarray(self._table[entries])


def read_palette(dataset: Dataset) -> Palette:
    """Read the three tables (0028,1101-1103), and (0028,1201-1203) or, in segments, (0028,1221-1223).

    Raises
    ------
    RefusedError
        If a table is missing, short or unlike the others.
    """
    descriptors = [_descriptor(dataset, colour) for colour in _COLOURS]
    if len(set(descriptors)) != 1:
        raise RefusedError(Refusal.PALETTE_DAMAGED)
    entries, first_value, bits = descriptors[0]
    columns = [_entries(dataset, colour, entries, bits) for colour in _COLOURS]
    return Palette(np.ascontiguousarray(np.stack(columns, axis=-1)), first_value)


def _descriptor(dataset: Dataset, colour: str) -> tuple[int, int, int]:
    found = value(dataset, f"{colour}PaletteColorLookupTableDescriptor")
    try:
        entries, first_value, bits = (int(entry) for entry in found)
    except (TypeError, ValueError) as error:
        raise RefusedError(Refusal.PALETTE_DAMAGED) from error
    if not 8 <= bits <= 16 or entries < 0:
        raise RefusedError(Refusal.PALETTE_DAMAGED)
    return entries or 65_536, first_value, bits


def _entries(dataset: Dataset, colour: str, entries: int, bits: int) -> NDArray[np.uint8]:
    segments = value(dataset, f"Segmented{colour}PaletteColorLookupTableData")
    if isinstance(segments, bytes):
        words = expanded(segments, entries, bits, is_big_endian=_is_big_endian(dataset))
        return _to_8_bits(words, bits)
    raw = value(dataset, f"{colour}PaletteColorLookupTableData")
    if not isinstance(raw, bytes) or len(raw) < entries * (1 if bits == 8 else 2):
        raise RefusedError(Refusal.PALETTE_DAMAGED)
    if bits == 8:
        if _is_big_endian(dataset):  # the table is made of words, whose bytes then stand the other way round
            raw = np.frombuffer(raw[: len(raw) // 2 * 2], ">u2").astype("<u2").tobytes()
        # Some scanners write 8-bit entries into 16-bit words, one in each.
        step = 2 if len(raw) >= 2 * entries else 1
        return np.frombuffer(raw, np.uint8)[: step * entries : step]
    return _to_8_bits(np.frombuffer(raw[: 2 * entries], ">u2" if _is_big_endian(dataset) else "<u2"), bits)


def _to_8_bits(words: NDArray[np.uint16], bits: int) -> NDArray[np.uint8]:
    # Tables that claim more than 8 bits but hold 8 would all be black.
    return (words >> (bits - 8) if words.max() > 255 else words).astype(np.uint8)


def _is_big_endian(dataset: Dataset) -> bool:
    return dataset.original_encoding[1] is False
