"""What a JPEG stream says about itself in its markers, without decoding it.

References
----------
ITU-T T.81 Annex B; T.87 for JPEG-LS; the Adobe marker in T.872, 6.5.3.
"""

import struct
from dataclasses import dataclass

from cases.clip import Codec

_PROCESSES = {
    0xC0: Codec.JPEG_BASELINE,
    0xC1: Codec.JPEG_EXTENDED,
    0xC2: Codec.JPEG_PROGRESSIVE,
    0xC3: Codec.JPEG_LOSSLESS,
    0xF7: Codec.JPEG_LS,
}
_STANDALONE = {0x01, *range(0xD0, 0xDA)}
_START_OF_SCAN = 0xDA
_ADOBE = b"Adobe"
ADOBE_RGB = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class JpegShape:
    """Frame header of a JPEG stream.

    Parameters
    ----------
    codec : Codec
        Its process.
    precision : int
        Bits of a sample.
    rows, columns : int
        Size in pixels.
    component_ids : tuple of int
        One for each component.
    is_subsampled : bool
        Whether components differ in resolution.
    adobe_transform : int or None
        Colour transform of the Adobe marker: 0 none, 1 YCbCr; None without the marker.
    has_jfif : bool
        Whether there is a JFIF marker.
    """

    codec: Codec
    precision: int
    rows: int
    columns: int
    component_ids: tuple[int, ...]
    is_subsampled: bool
    adobe_transform: int | None
    has_jfif: bool

    def is_rgb(self, labelled_rgb: bool) -> bool:
        """Whether the three components are red, green and blue.

        The stream decides where it can: its Adobe marker, JFIF, sampling or component names. Only where it
        says nothing, the label does.

        Parameters
        ----------
        labelled_rgb : bool
            Whether the file around the stream says RGB.
        """
        if len(self.component_ids) != 3:
            return False
        if self.adobe_transform is not None:
            return self.adobe_transform == 0
        if self.has_jfif or self.is_subsampled:
            return False
        return labelled_rgb or self.component_ids == (82, 71, 66)

    @property
    def leaves_colour_open(self) -> bool:
        """Whether nothing in the stream says what its three components are."""
        is_silent = self.adobe_transform is None and not self.has_jfif and not self.is_subsampled
        return is_silent and len(self.component_ids) == 3 and not self._names_rgb

    @property
    def is_read_as_rgb(self) -> bool:
        """Whether a browser or libjpeg takes the components for red, green and blue."""
        return len(self.component_ids) == 3 and not self.has_jfif and self._names_rgb

    @property
    def _names_rgb(self) -> bool:
        return (
            self.component_ids == (82, 71, 66) if self.adobe_transform is None else self.adobe_transform == 0
        )


def read_shape(stream: bytes) -> JpegShape | None:
    """Read the markers up to the first scan.

    Parameters
    ----------
    stream : bytes
        A JPEG stream.

    Returns
    -------
    JpegShape or None
        None if there is no frame header that we know.
    """
    adobe_transform, has_jfif, frame = None, False, None
    for marker, body in _segments(stream):
        if marker in _PROCESSES:
            frame = (_PROCESSES[marker], body)
        elif marker == 0xEE and body.startswith(_ADOBE) and len(body) >= 12:
            adobe_transform = body[11]
        elif marker == 0xE0 and body.startswith(b"JFIF\x00"):
            has_jfif = True
        elif marker == _START_OF_SCAN:
            break
    return None if frame is None else _shape(*frame, adobe_transform, has_jfif)


def shape_of_whole(stream: bytes) -> JpegShape:
    """Read the markers of a stream that is about to be decoded.

    Raises
    ------
    ValueError
        If there is no frame header that we know.
    """
    shape = read_shape(stream)
    if shape is None:
        raise ValueError("no frame header")
    return shape


def interleaving(stream: bytes) -> int:
    """Read how the first scan of a JPEG-LS stream mixes its components: 0 planes, 1 lines, 2 samples."""
    scans = [body for marker, body in _segments(stream) if marker == _START_OF_SCAN and len(body) >= 3]
    return scans[0][-2] if scans else 0


def with_rgb_marker(stream: bytes) -> bytes:
    """Insert the Adobe marker that tells browsers and libjpeg that the components are red, green and blue.

    A JFIF marker says the opposite and is left out; everything else stays as it is.
    """
    kept = stream[2:]
    if kept[:2] == b"\xff\xe0" and kept[4:8] == b"JFIF":
        kept = kept[2 + int.from_bytes(kept[2:4], "big") :]
    return stream[:2] + ADOBE_RGB + kept


def without_metadata(stream: bytes) -> bytes:
    """Leave out comments and application markers, which may name a person or a place; keep JFIF and Adobe."""
    kept, position = [stream[:2]], 2
    for marker, start, end in _spans(stream):
        is_colour = marker == 0xEE and stream[start + 4 : start + 9] == _ADOBE
        is_jfif = marker == 0xE0 and stream[start + 4 : start + 8] == b"JFIF"
        if marker == _START_OF_SCAN:
            kept.append(stream[start:])
            return b"".join(kept)
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or is_colour or is_jfif:
            kept.append(stream[start:end])
        position = end
    return b"".join(kept) + stream[position:]


def _segments(stream: bytes) -> list[tuple[int, bytes]]:
    return [(marker, stream[start + 4 : end]) for marker, start, end in _spans(stream)]


def _spans(stream: bytes) -> list[tuple[int, int, int]]:
    spans, position = [], 2
    while position + 4 <= len(stream) and stream[position] == 0xFF:
        marker = stream[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _STANDALONE:
            position += 2
            continue
        end = position + 2 + int.from_bytes(stream[position + 2 : position + 4], "big")
        spans.append((marker, position, min(end, len(stream))))
        if marker == _START_OF_SCAN:
            break
        position = end
    return spans


def _shape(codec: Codec, body: bytes, adobe_transform: int | None, has_jfif: bool) -> JpegShape | None:
    if len(body) < 6:
        return None
    precision, rows, columns, count = struct.unpack(">BHHB", body[:6])
    components = [body[6 + 3 * k : 9 + 3 * k] for k in range(count)]
    if any(len(component) < 3 for component in components):
        return None
    return JpegShape(
        codec=codec,
        precision=precision,
        rows=rows,
        columns=columns,
        component_ids=tuple(component[0] for component in components),
        is_subsampled=len({component[1] for component in components}) > 1,
        adobe_transform=adobe_transform,
        has_jfif=has_jfif,
    )
