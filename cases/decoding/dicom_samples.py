"""From stored DICOM samples to a frame for the screen: byte order, planes, unused bits, sign and colour."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.clip import Codec
from cases.decoding.dicom_header import PixelLayout
from cases.decoding.dicom_palette import Palette
from cases.decoding.frame_decoders import DamagedFrameError
from cases.decoding.source import Findings, RefusedError
from cases.sentences import Refusal, Remark

RGB_LABELS = frozenset({"RGB", "YBR_RCT", "YBR_ICT"})
"""What says that uncompressed samples, or those whose own transform was undone, are red, green and blue."""


def native_samples(raw: bytes, layout: PixelLayout, *, is_little_endian: bool) -> NDArray[Any]:
    """Arrange one uncompressed frame.

    Parameters
    ----------
    raw : bytes
        The frame as it stands in the file.
    layout : PixelLayout
        Its layout.
    is_little_endian : bool
        Order of the bytes of a sample.

    Returns
    -------
    ndarray of uint8, uint16 or uint32, shape (rows, columns) or (rows, columns, 3)
        The samples, in the colours of the file.

    References
    ----------
    DICOM PS3.3 C.7.6.3.1.2 for the order of YBR_FULL_422: two luminances, then the chroma that they share.
    """
    order, size = "<" if is_little_endian else ">", layout.bits_allocated // 8
    samples = np.frombuffer(raw, f"{order}u{size}").astype(f"=u{size}", copy=False)
    if layout.photometric == "YBR_FULL_422":
        return _with_shared_chroma(samples, layout)
    if layout.samples_per_pixel == 1:
        return samples.reshape(layout.rows, layout.columns)
    if layout.is_planar:
        by_plane = samples.reshape(layout.samples_per_pixel, layout.rows, layout.columns)
        return np.ascontiguousarray(np.moveaxis(by_plane, 0, -1))
    return samples.reshape(layout.rows, layout.columns, layout.samples_per_pixel)


@dataclass(frozen=True, slots=True, eq=False)
class Display:
    """How the samples of one clip are shown.

    Parameters
    ----------
    layout : PixelLayout
        What the header says of them.
    codec : Codec
        How they were compressed; most codecs state their own precision and sign.
    palette : Palette or None
        Colours of PALETTE COLOR.
    findings : Findings
        Takes the remarks.
    """

    layout: PixelLayout
    codec: Codec
    palette: Palette | None
    findings: Findings

    def show(self, samples: NDArray[Any], *, is_rgb: bool) -> NDArray[Any]:
        """Turn stored samples into grey or RGB; grey of more than 8 bits keeps its values.

        Parameters
        ----------
        samples : ndarray
            One decoded frame.
        is_rgb : bool
            Whether three samples a pixel are red, green and blue by now.

        Returns
        -------
        ndarray of uint8, uint16 or int16, shape (rows, columns) or (rows, columns, 3)
            The frame.

        Raises
        ------
        DamagedFrameError
            If the frame has another size than the header says.
        """
        layout = self.layout
        if samples.shape[:2] != (layout.rows, layout.columns):
            raise DamagedFrameError
        if samples.ndim == 3:
            eight_bits = to_8_bits(samples, layout)
            return eight_bits if is_rgb else _rgb_of_ybr(eight_bits)
        grey = samples
        is_sign_hidden = layout.is_signed and samples.dtype.kind == "u"  # most codecs know no sign
        if is_sign_hidden or self.codec in (Codec.UNCOMPRESSED, Codec.RLE):
            grey = _in_16_bits(_without_unused_bits(samples, layout, self.findings), layout)
        if self.palette is not None:
            return self.palette.applied_to(grey)
        return _inverted(grey, layout) if layout.photometric == "MONOCHROME1" else grey


def _with_shared_chroma(samples: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    pairs = samples.reshape(-1, 4)
    pixels = np.empty((pairs.shape[0], 2, 3), samples.dtype)
    pixels[:, :, 0] = pairs[:, :2]
    pixels[:, :, 1:] = pairs[:, np.newaxis, 2:]
    return pixels.reshape(layout.rows, layout.columns, 3)


def _rgb_of_ybr(samples: NDArray[np.uint8]) -> NDArray[np.uint8]:
    y_cr_cb = np.ascontiguousarray(samples[..., (0, 2, 1)])
    return np.asarray(cv2.cvtColor(y_cr_cb, cv2.COLOR_YCrCb2RGB), np.uint8)


def to_8_bits(samples: NDArray[Any], layout: PixelLayout) -> NDArray[np.uint8]:
    """Return the upper eight of the bits that are stored."""
    if samples.dtype == np.uint8:
        return samples
    return (samples >> max(layout.bits_stored - 8, 0)).astype(np.uint8)


def _without_unused_bits(samples: NDArray[Any], layout: PixelLayout, findings: Findings) -> NDArray[Any]:
    bits = 8 * samples.dtype.itemsize
    if layout.bits_stored >= bits or samples.dtype.kind == "i":
        return samples.view(f"i{bits // 8}") if layout.is_signed else samples
    unused_above = bits - 1 - layout.high_bit
    placed = samples << unused_above
    if not layout.is_signed and ((placed >> unused_above) != samples).any():
        findings.remark(Remark.HIGH_BITS_CLEARED)
    signed = placed.view(f"i{bits // 8}") if layout.is_signed else placed
    return signed >> (bits - layout.bits_stored)


def _in_16_bits(samples: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    """Store samples of 32 bits in 16, where all their values fit; a frame of ours holds no more."""
    if samples.dtype.itemsize <= 2:
        return samples
    narrow = np.iinfo(np.int16 if layout.is_signed else np.uint16)
    low, high = int(samples.min()), int(samples.max())
    if low < narrow.min or high > narrow.max:
        raise RefusedError(Refusal.VALUES_TOO_WIDE, bits=layout.bits_stored, low=low, high=high)
    return samples.astype(narrow.dtype)


def inverted_zero(layout: PixelLayout) -> int:
    """Return what a sample of 0 becomes when MONOCHROME1 is turned round."""
    return -1 if layout.is_signed else (1 << layout.bits_stored) - 1


def _inverted(grey: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    return np.asarray(inverted_zero(layout) - grey.astype(np.int32)).astype(grey.dtype)
