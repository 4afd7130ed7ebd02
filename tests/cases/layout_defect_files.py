"""Small DICOM files whose frames are kept together, cut up, coloured or deep in an unusual way, made in code."""

import struct

import imagecodecs
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels import convert_color_space
from pydicom.sequence import Sequence

from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.defect_files import CLIP, Change, dicom, jpeg_streams, palette, said

COLOURED = NumberedClip(frames=4, rows=32, columns=160, is_colour=True)
_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0\0\0\0\0"


def with_items(pieces: list[bytes], syntax: str, table: tuple[int, ...] = ()) -> bytes:
    """Return a clip whose compressed frames are these items, whatever they hold."""
    content = dicom(lambda dataset: factory.set_encapsulated(dataset, [b"\0\0"]), syntax)
    at = content.index(b"\xe0\x7f\x10\x00") + 12
    padded = [piece + b"\0" * (len(piece) % 2) for piece in pieces]
    items = [struct.pack(f"<{len(table)}I", *table), *padded]
    return content[:at] + b"".join(_ITEM + struct.pack("<I", len(item)) + item for item in items) + _END


def small_picture_before_frames(syntax: str = factory.JPEG_BASELINE) -> bytes:
    """Return a clip with a small picture of itself in its header, compressed like the frames."""

    def change(dataset: Dataset) -> None:
        frames = CLIP.all_frames()
        small = Dataset()
        small.PixelData = encapsulate([factory.jpeg_of(frames[0]) + bytes(2)], has_bot=False)
        small["PixelData"].VR = "OB"
        small["PixelData"].is_undefined_length = True
        dataset.IconImageSequence = Sequence([small])
        factory.set_rle(dataset, frames) if syntax == factory.RLE else factory.set_jpeg(dataset, frames)

    return dicom(change, syntax)


def with_implicit_meta(content: bytes) -> bytes:
    """Write the file meta without types, against the standard."""
    at, written = 132, content[:132]
    while content[at : at + 2] == b"\x02\x00":
        is_long = content[at + 4 : at + 6] == b"OB"
        begin = at + (12 if is_long else 8)
        length = int.from_bytes(content[at + 8 : begin] if is_long else content[at + 6 : begin], "little")
        written += content[at : at + 4] + struct.pack("<I", length) + content[begin : begin + length]
        at = begin + length
    return written + content[at:]


def mostly_grey(frames: int = 2) -> list[NDArray[np.uint8]]:
    """Make pictures like those of ultrasound: black, grey, and a small box of colour."""
    grey = np.random.default_rng(3).integers(0, 256, (frames, 64, 128), np.uint8)
    grey[:, :, :40] = 0
    pictures = np.stack([grey] * 3, axis=-1)
    pictures[:, 8:24, 60:80] = (200, 40, 10)
    return list(pictures)


def as_luminance_and_colours(frames: list[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    return [np.asarray(convert_color_space(frame, "RGB", "YBR_FULL"), np.uint8) for frame in frames]


def labelled(frames: list[NDArray[np.uint8]], photometric: str, syntax: str = factory.EXPLICIT) -> bytes:
    """Return a clip of these samples under any label of their colours."""

    def change(dataset: Dataset) -> None:
        factory.set_rle(dataset, frames) if syntax == factory.RLE else factory.set_uncompressed(
            dataset, frames
        )
        dataset.PhotometricInterpretation = photometric

    rows, columns = frames[0].shape[:2]
    clip = NumberedClip(frames=len(frames), rows=rows, columns=columns, bits=4, block_px=8, is_colour=True)
    return dicom(change, syntax, clip)


def jpegs_that_do_not_say_their_colours(photometric: str) -> bytes:
    """Return JPEG frames of luminance and colours without the marker that says so."""
    streams = [simplejpeg.encode_jpeg(frame, 95, "RGB", "444") for frame in mostly_grey()]
    silent = [stream[:2] + stream[4 + int.from_bytes(stream[4:6], "big") :] for stream in map(bytes, streams)]

    def change(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, silent)
        dataset.PhotometricInterpretation = photometric

    clip = NumberedClip(frames=2, rows=64, columns=128, bits=4, block_px=8, is_colour=True)
    return dicom(change, factory.JPEG_BASELINE, clip)


def rle_in_three_pieces_with_a_wrong_table() -> bytes:
    streams = [factory.rle_of(frame) for frame in CLIP.all_frames()]
    pieces = [piece for stream in streams for piece in (stream[:70], stream[70:200], stream[200:])]
    return with_items(pieces, factory.RLE, table=(0, 5, 7, 9))


def jpegs_in_one_piece(frames: int = 4) -> bytes:
    return with_items([b"".join(jpeg_streams()[:frames])], factory.JPEG_BASELINE)


def a_mark_damaged_with_a_table() -> bytes:
    """Return JPEG frames, the second without its start mark, whose table says where each begins."""
    streams = [stream + b"\0" * (len(stream) % 2) for stream in jpeg_streams()]
    starts = np.cumsum([0, *(8 + len(stream) for stream in streams[:-1])])
    streams[1] = bytes(4) + streams[1][4:]
    return with_items(streams, factory.JPEG_BASELINE, tuple(int(start) for start in starts))


def segments(*numbers: int, bits: int = 16) -> bytes:
    """Write a table in segments, filled up to an even length."""
    written = struct.pack(f"<{len(numbers)}{'H' if bits == 16 else 'B'}", *numbers)
    return written + b"\0" * (len(written) % 2)


def segmented_palette(bits: int = 16, entries: int = 256) -> Change:
    """Set a colour table in segments: black to white, and the first colours again where it is of 8 bits."""
    top = 65_535 if bits == 16 else 255
    half = (entries - 8) // 2 if bits == 8 else entries - 2
    numbers = [0, 2, 0, 7, 1, half, top]
    if bits == 8:
        numbers += [1, entries - 2 - half - 2, 3, 2, 1, 0, 0, 0, 0]

    def change(dataset: Dataset) -> None:
        palette()(dataset)
        for colour in ("Red", "Green", "Blue"):
            setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [entries % 65_536, 0, bits])
            delattr(dataset, f"{colour}PaletteColorLookupTableData")
            setattr(dataset, f"Segmented{colour}PaletteColorLookupTableData", segments(*numbers, bits=bits))

    return change


def palette_of_12_bits(dataset: Dataset) -> None:
    palette()(dataset)
    table = (np.arange(256, dtype="<u2") * 16).tobytes()
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 12])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", table)


def deep_jpeg(frame: NDArray[np.uint8], subsampling: str = "444") -> bytes:
    """Compress a frame as an extended JPEG of 12 bits."""
    return bytes(
        imagecodecs.jpeg8_encode(
            frame.astype(np.uint16) * 16, level=98, bitspersample=12, subsampling=subsampling
        )
    )


def deep_colour_jpeg() -> bytes:
    def change(dataset: Dataset) -> None:
        said(BitsAllocated=16, BitsStored=12, HighBit=11, PhotometricInterpretation="YBR_FULL")(dataset)
        factory.set_encapsulated(dataset, [deep_jpeg(frame) for frame in COLOURED.all_frames()])

    return dicom(change, "1.2.840.10008.1.2.4.51", COLOURED)


def of_32_bits(add: int = 0, syntax: str = factory.EXPLICIT) -> bytes:
    """Return a clip whose samples have 32 bits, and values as large as those of 8 and ``add``."""

    def change(dataset: Dataset) -> None:
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 32, 32, 31
        frames = [frame.astype(np.uint32) + np.uint32(add) for frame in CLIP.all_frames()]
        factory.set_rle(dataset, frames) if syntax == factory.RLE else factory.set_uncompressed(
            dataset, frames
        )

    return dicom(change, syntax)


def of_floating_point() -> bytes:
    def change(dataset: Dataset) -> None:
        said(BitsAllocated=32, BitsStored=32, HighBit=31)(dataset)
        del dataset.PixelData, dataset.PixelRepresentation
        dataset.FloatPixelData = np.stack(CLIP.all_frames()).astype("<f4").tobytes()

    return dicom(change)


def transformed_labelled_rgb() -> bytes:
    """Return JPEG 2000 frames whose streams undo a colour transform, under a label that says they have none."""
    import openjpeg

    streams = [
        bytes(openjpeg.encode(frame, photometric_interpretation=1, use_mct=True))
        for frame in COLOURED.all_frames()
    ]
    change = lambda dataset: factory.set_encapsulated(dataset, streams)  # noqa: E731
    return dicom(change, factory.JPEG_2000_LOSSLESS, COLOURED)
