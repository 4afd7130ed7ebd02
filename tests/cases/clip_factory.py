"""Clips made in code whose frames carry their own number, for every test that must know which frame it sees.

Along the top edge of each frame stand square blocks: one always white, one always black, then the bits of the
0-based frame index, the most significant first, white for 1. Below them the picture is a smooth ramp that
depends on the frame, so that neighbouring frames differ everywhere.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.native import _encode_frame as encode_rle
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import UID, generate_uid

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
RLE = "1.2.840.10008.1.2.5"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90"
HTJ2K = "1.2.840.10008.1.2.4.201"
JPEG_XL_SYNTAXES = tuple(f"1.2.840.10008.1.2.4.{last}" for last in (110, 111, 112))
US_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.3.1"
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
REFERENCE_BLOCKS = 2


@dataclass(frozen=True, slots=True)
class NumberedClip:
    """What a numbered clip looks like.

    Parameters
    ----------
    frames, rows, columns : int
        Number of frames; size of each in pixels.
    is_colour : bool
        RGB instead of grey.
    bits : int
        Blocks that hold the frame index.
    block_px : int
        Side of a block in pixels.
    """

    frames: int = 12
    rows: int = 96
    columns: int = 208
    is_colour: bool = False
    bits: int = 8
    block_px: int = 16

    def __post_init__(self) -> None:
        """Refuse clips whose blocks do not fit or cannot count so far."""
        if (self.bits + REFERENCE_BLOCKS) * self.block_px > self.columns or self.block_px > self.rows:
            raise ValueError("the blocks do not fit into the frame")
        if self.frames > 1 << self.bits:
            raise ValueError("more frames than the bits can count")

    def frame(self, frame_index: int) -> NDArray[np.uint8]:
        """Draw one frame: ndarray of uint8, shape (rows, columns) or (rows, columns, 3)."""
        down, across = np.mgrid[0 : self.rows, 0 : self.columns]
        ramp = 40 + (across * 80 // self.columns + down * 60 // self.rows + 7 * frame_index) % 160
        grey = ramp.astype(np.uint8)
        picture = np.stack([grey, grey[:, ::-1], 255 - grey], axis=-1) if self.is_colour else grey
        for k, value in enumerate(block_values(frame_index, self.bits)):
            picture[: self.block_px, k * self.block_px : (k + 1) * self.block_px] = value
        return picture

    def all_frames(self) -> list[NDArray[np.uint8]]:
        """Draw every frame."""
        return [self.frame(k) for k in range(self.frames)]


def block_values(frame_index: int, bits: int) -> list[int]:
    """Return the grey value of each block, from left to right."""
    digits = [(frame_index >> bit) & 1 for bit in reversed(range(bits))]
    return [255, 0, *(255 * digit for digit in digits)]


def read_frame_index(picture: NDArray[Any], clip: NumberedClip) -> int:
    """Read the 0-based frame index back; -1 where the reference blocks are not white and black."""
    grey = picture if picture.ndim == 2 else picture[..., :3].mean(axis=-1)
    middle = clip.block_px // 2
    seen = [bool(grey[middle, k * clip.block_px + middle] > 127) for k in range(clip.bits + REFERENCE_BLOCKS)]
    if seen[:REFERENCE_BLOCKS] != [True, False]:
        return -1
    return sum(bit << k for k, bit in enumerate(reversed(seen[REFERENCE_BLOCKS:])))


@dataclass(frozen=True, slots=True)
class RegionOfTest:
    """One item of Sequence of Ultrasound Regions."""

    x0: int
    y0: int
    x1: int
    y1: int
    delta_x: float = 0.02
    delta_y: float = 0.02
    units_x: int = 3
    units_y: int = 3
    flags: int = 0


def dicom_dataset(clip: NumberedClip, syntax: str = EXPLICIT) -> Dataset:
    """Make the header of an ultrasound clip, without times, scale and pixels."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = UID(US_MULTIFRAME)
    dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["clip"])
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.SOPClassUID = US_MULTIFRAME
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID
    dataset.Modality = "US"
    dataset.PatientName = "Anonymous"
    dataset.PatientID = ""
    dataset.SamplesPerPixel = 3 if clip.is_colour else 1
    dataset.PhotometricInterpretation = "RGB" if clip.is_colour else "MONOCHROME2"
    if clip.is_colour:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = clip.rows, clip.columns
    dataset.NumberOfFrames = clip.frames
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
    dataset.PixelRepresentation = 0
    return dataset


def add_times(
    dataset: Dataset, frame_time_ms: float | None = None, vector_ms: Sequence[float] | None = None
) -> None:
    """State when the frames begin: by one interval, or by the increments of a Frame Time Vector."""
    if frame_time_ms is not None:
        dataset.FrameTime = str(frame_time_ms)
        dataset.FrameIncrementPointer = 0x00181063
    if vector_ms is not None:
        dataset.FrameTimeVector = [str(increment_ms) for increment_ms in vector_ms]
        dataset.FrameIncrementPointer = 0x00181065


def add_regions(dataset: Dataset, regions: Sequence[RegionOfTest]) -> None:
    """State the calibrated regions."""
    items = []
    for region in regions:
        item = Dataset()
        item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = 1, 1, region.flags
        item.RegionLocationMinX0, item.RegionLocationMinY0 = region.x0, region.y0
        item.RegionLocationMaxX1, item.RegionLocationMaxY1 = region.x1, region.y1
        item.PhysicalUnitsXDirection, item.PhysicalUnitsYDirection = region.units_x, region.units_y
        item.PhysicalDeltaX, item.PhysicalDeltaY = region.delta_x, region.delta_y
        items.append(item)
    dataset.SequenceOfUltrasoundRegions = DicomSequence(items)


def set_uncompressed(dataset: Dataset, frames: Sequence[NDArray[Any]]) -> None:
    """Put the frames in as they are, in the byte order of the transfer syntax."""
    is_big = str(dataset.file_meta.TransferSyntaxUID) == BIG_ENDIAN
    ordered = (
        np.ascontiguousarray(frame, frame.dtype.newbyteorder(">" if is_big else "<")) for frame in frames
    )
    raw = b"".join(frame.tobytes() for frame in ordered)
    dataset.PixelData = raw + b"\0" * (len(raw) % 2)
    dataset["PixelData"].VR = "OW" if dataset.BitsAllocated > 8 else "OB"


def set_jpeg(dataset: Dataset, frames: Sequence[NDArray[np.uint8]], *, has_bot: bool = True) -> list[bytes]:
    """Put the frames in as JPEG baseline, and return the streams; colour becomes YBR_FULL_422."""
    streams = [jpeg_of(frame) for frame in frames]
    if frames[0].ndim == 3:
        dataset.PhotometricInterpretation = "YBR_FULL_422"
    set_encapsulated(dataset, streams, has_bot=has_bot)
    return streams


def set_rle(dataset: Dataset, frames: Sequence[NDArray[Any]]) -> None:
    """Put the frames in as RLE."""
    set_encapsulated(dataset, [rle_of(frame) for frame in frames])


def set_encapsulated(
    dataset: Dataset, streams: Sequence[bytes], *, has_bot: bool = True, fragments: int = 1
) -> None:
    """Put compressed frames in, each as one or more fragments."""
    padded = [stream + b"\0" * (len(stream) % 2) for stream in streams]
    dataset.PixelData = encapsulate(padded, fragments_per_frame=fragments, has_bot=has_bot)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True


def jpeg_of(frame: NDArray[np.uint8], quality: int = 90) -> bytes:
    """Compress one frame as JPEG baseline, colour with chroma at half width."""
    if frame.ndim == 2:
        return bytes(simplejpeg.encode_jpeg(frame[..., np.newaxis].copy(), quality, "GRAY"))
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(frame), quality, "RGB", "422"))


def rle_of(frame: NDArray[Any]) -> bytes:
    """Compress one frame as DICOM RLE, by pydicom's own slow and readable encoder."""
    from pydicom.pixels.encoders.base import EncodeRunner

    runner = EncodeRunner(UID(RLE))
    samples = 1 if frame.ndim == 2 else 3
    bits = 8 * frame.dtype.itemsize
    runner.set_options(
        rows=frame.shape[0],
        columns=frame.shape[1],
        samples_per_pixel=samples,
        number_of_frames=1,
        bits_allocated=bits,
        bits_stored=bits,
        pixel_representation=0,
        photometric_interpretation="MONOCHROME2" if samples == 1 else "RGB",
        planar_configuration=0,
    )
    return bytes(encode_rle(np.ascontiguousarray(frame).tobytes(), runner))


def by_ffmpeg(encoder: str, frame: NDArray[np.uint8]) -> bytes:
    """Compress one frame with an encoder of FFmpeg's that keeps every pixel, such as ``jpegls``."""
    layout = "gray" if frame.ndim == 2 else "rgb24"
    context: Any = av.CodecContext.create(encoder, "w")
    context.width, context.height, context.pix_fmt = frame.shape[1], frame.shape[0], layout
    context.time_base = Fraction(1, 25)
    picture = av.VideoFrame.from_ndarray(frame, format=layout)
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*context.encode(picture), *context.encode(None)])


def save(dataset: Dataset, path: Path) -> Path:
    """Write a DICOM file with preamble."""
    path.write_bytes(as_bytes(dataset))
    return path


def write_dicom(
    path: Path,
    clip: NumberedClip,
    syntax: str = EXPLICIT,
    *,
    frame_time_ms: float | None = 40.0,
    vector_ms: Sequence[float] | None = None,
    regions: Sequence[RegionOfTest] = (),
    change: Callable[[Dataset], None] | None = None,
) -> Path:
    """Write a numbered clip as a DICOM file.

    Parameters
    ----------
    path : Path
        The file to write.
    clip : NumberedClip
        Its frames.
    syntax : str
        Transfer syntax: implicit, explicit, big endian, RLE or JPEG baseline.
    frame_time_ms, vector_ms : float or sequence of float
        Times; the vector is written instead of the interval where both are given.
    regions : sequence of RegionOfTest
        Calibrated regions.
    change : callable or None
        Changes the dataset before it is written.

    Returns
    -------
    Path
        The file.
    """
    dataset = dicom_dataset(clip, syntax)
    add_times(dataset, None if vector_ms is not None else frame_time_ms, vector_ms)
    if regions:
        add_regions(dataset, regions)
    frames = clip.all_frames()
    if syntax == JPEG_BASELINE:
        set_jpeg(dataset, frames)
    elif syntax == RLE:
        set_rle(dataset, frames)
    else:
        set_uncompressed(dataset, frames)
    if change is not None:
        change(dataset)
    return save(dataset, path)


def uneven_increments_ms(frames: int) -> list[float]:
    """Return increments that repeat 20, 50 and 35 ms, the first one 0."""
    return [0.0, *((20.0, 50.0, 35.0)[k % 3] for k in range(frames - 1))]


def write_video(
    path: Path,
    clip: NumberedClip,
    *,
    codec: str = "libx264",
    rate_hz: int = 25,
    starts_ms: Sequence[int] | None = None,
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
) -> Path:
    """Write a numbered clip as a video; the name's ending chooses the container.

    Parameters
    ----------
    path : Path
        The file to write.
    clip : NumberedClip
        Its frames.
    codec : str
        Name of FFmpeg's encoder.
    rate_hz : int
        Frames a second.
    starts_ms : sequence of int or None
        Start of each frame, for clips of uneven rate.
    pixel_format : str
        Layout of the samples.
    options : dict or None
        Options of the encoder.

    Returns
    -------
    Path
        The file.
    """
    with av.open(str(path), mode="w") as container:
        stream: Any = container.add_stream(codec, rate=rate_hz)
        stream.width, stream.height, stream.pix_fmt = clip.columns, clip.rows, pixel_format
        stream.options = options or ({"crf": "10"} if codec == "libx264" else {})
        if starts_ms is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        for k in range(clip.frames):
            picture = clip.frame(k)
            rgb = picture if clip.is_colour else np.stack([picture] * 3, axis=-1)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts = k if starts_ms is None else starts_ms[k]
            frame.time_base = Fraction(1, rate_hz) if starts_ms is None else Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def write_png(path: Path, picture: NDArray[Any]) -> Path:
    """Write one picture as PNG: grey or RGB of 8 bits, or grey of 16."""
    from PIL import Image

    Image.fromarray(picture).save(path, format="PNG")
    return path


def write_mr_series(folder: Path, slices: int = 5, rows: int = 32, columns: int = 24) -> list[Path]:
    """Write an MR series; slice k holds ``100 k + column`` and lies 3 mm above the one before it."""
    series, paths = generate_uid(entropy_srcs=["series"]), []
    for k in range(slices):
        dataset = mr_dataset(rows, columns)
        dataset.SeriesInstanceUID = series
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=["slice", str(k)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.InstanceNumber = slices - k
        dataset.ImagePositionPatient = [0, 0, 3 * k]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        set_uncompressed(dataset, [(100 * k + np.arange(columns) + np.zeros((rows, 1))).astype(np.int16)])
        paths.append(save(dataset, folder / f"slice-{slices - k}.dcm"))
    return paths


def mr_dataset(rows: int, columns: int) -> Dataset:
    """Make the header of one signed 16-bit MR slice, without pixels."""
    dataset = dicom_dataset(NumberedClip(frames=1, rows=max(rows, 16), columns=208))
    del dataset.NumberOfFrames
    dataset.file_meta.MediaStorageSOPClassUID = UID(MR_IMAGE)
    dataset.SOPClassUID = MR_IMAGE
    dataset.Modality = "MR"
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.PixelRepresentation = 1
    dataset.PixelSpacing = ["0.5", "0.25"]
    dataset.RescaleSlope, dataset.RescaleIntercept = "2", "-10"
    dataset.WindowCenter, dataset.WindowWidth = "300", "600"
    return dataset


def as_bytes(dataset: Dataset) -> bytes:
    """Return the DICOM file that a dataset would be written as."""
    buffer = io.BytesIO()
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax in JPEG_XL_SYNTAXES:  # pydicom does not write these; the other name has the same length
        dataset.file_meta.TransferSyntaxUID = UID(HTJ2K)
    dataset.save_as(buffer, enforce_file_format=True)
    written = buffer.getvalue()
    return written.replace(HTJ2K.encode(), syntax.encode(), 1) if syntax in JPEG_XL_SYNTAXES else written
