"""What is known of a clip once it has been read: its head, and what was found while reading it."""

from dataclasses import dataclass
from enum import StrEnum

from cases.calibration import Region, ScaleSource
from cases.frame_timing import FrameTiming, TimingSource


class ClipKind(StrEnum):
    """Whether the frames follow each other in time, in space, or there is only one."""

    CLIP = "clip"
    SERIES = "series"
    STILL = "still"


class Encoding(StrEnum):
    """How every frame of a pack is stored."""

    JPEG = "jpeg"
    PNG = "png"
    SAMPLES16 = "samples16"


class Colour(StrEnum):
    """What a pixel of a pack is."""

    GREY8 = "grey8"
    RGB8 = "rgb8"
    UINT16 = "uint16"
    INT16 = "int16"


class Container(StrEnum):
    """What kind of file a clip came in, told by its bytes."""

    DICOM = "dicom"
    MP4 = "mp4"
    MOV = "mov"
    AVI = "avi"
    MKV = "mkv"
    WEBM = "webm"
    WMV = "wmv"
    MPEG = "mpeg"
    GIF = "gif"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    TIFF = "tiff"
    BMP = "bmp"
    ZIP = "zip"
    UNKNOWN = "unknown"


class Codec(StrEnum):
    """How the frames were compressed in the file."""

    UNCOMPRESSED = "uncompressed"
    RLE = "rle"
    JPEG_BASELINE = "jpeg_baseline"
    JPEG_EXTENDED = "jpeg_extended"
    JPEG_PROGRESSIVE = "jpeg_progressive"
    JPEG_LOSSLESS = "jpeg_lossless"
    JPEG_LS = "jpeg_ls"
    JPEG_2000 = "jpeg_2000"
    HTJ2K = "htj2k"
    JPEG_XL = "jpeg_xl"
    MJPEG = "mjpeg"
    MPEG1 = "mpeg1"
    MPEG2 = "mpeg2"
    MPEG4 = "mpeg4"
    MSMPEG4 = "msmpeg4"
    WMV = "wmv"
    VC1 = "vc1"
    H264 = "h264"
    HEVC = "hevc"
    VP8 = "vp8"
    VP9 = "vp9"
    AV1 = "av1"
    GIF = "gif"
    PNG = "png"
    WEBP = "webp"
    TIFF = "tiff"
    BMP = "bmp"

    @property
    def label(self) -> str:
        """The compression in words for people."""
        return _CODEC_LABELS.get(self, self.value.replace("_", " "))


_CODEC_LABELS = {
    Codec.RLE: "RLE",
    Codec.JPEG_BASELINE: "JPEG baseline",
    Codec.JPEG_EXTENDED: "JPEG extended",
    Codec.JPEG_PROGRESSIVE: "progressive JPEG",
    Codec.JPEG_LOSSLESS: "JPEG lossless",
    Codec.JPEG_LS: "JPEG-LS",
    Codec.JPEG_2000: "JPEG 2000",
    Codec.HTJ2K: "High-Throughput JPEG 2000",
    Codec.JPEG_XL: "JPEG XL",
    Codec.MJPEG: "Motion JPEG",
    Codec.MPEG1: "MPEG-1",
    Codec.MPEG2: "MPEG-2",
    Codec.MPEG4: "MPEG-4 part 2",
    Codec.H264: "H.264",
    Codec.HEVC: "HEVC",
    Codec.VP8: "VP8",
    Codec.VP9: "VP9",
    Codec.AV1: "AV1",
}


@dataclass(frozen=True, slots=True)
class Window:
    """A range of sample values to spread over black to white (0028,1050), (0028,1051).

    Parameters
    ----------
    name : str
        What the window is for, in our words; never text of the file.
    center, width : float
        Middle and width of the range, in rescaled values.
    """

    name: str
    center: float
    width: float


@dataclass(frozen=True, slots=True)
class ClipHead:
    """All that a pack says about its frames.

    Parameters
    ----------
    kind : ClipKind
        Clip, series or still.
    frames, rows, columns : int
        Number of frames; size of each in pixels.
    encoding : Encoding
        How each frame is stored.
    colour : Colour
        What a pixel is.
    timing : FrameTiming
        When each frame begins, and where that came from.
    regions : tuple of Region
        Calibrated rectangles.
    scale_source : ScaleSource
        Where the scale came from.
    scale_refused_because : str or None
        Why there is no scale, or not everywhere.
    rescale_slope, rescale_intercept : float
        From stored samples to values: ``value = sample * slope + intercept``.
    windows : tuple of Window
        Presets for values of more than 8 bits.
    warnings : tuple of str
        What a viewer must know about the clip, in sentences without any value of the file's header.
    sha256 : str
        Name of the pack: SHA-256 of the whole file in hexadecimal.
    """

    kind: ClipKind
    frames: int
    rows: int
    columns: int
    encoding: Encoding
    colour: Colour
    timing: FrameTiming
    regions: tuple[Region, ...]
    scale_source: ScaleSource
    scale_refused_because: str | None
    rescale_slope: float
    rescale_intercept: float
    windows: tuple[Window, ...]
    warnings: tuple[str, ...]
    sha256: str = ""

    @property
    def frame_starts_s(self) -> tuple[float, ...] | None:
        """Start of each frame in seconds; None where it is not known."""
        return self.timing.frame_starts_s

    @property
    def duration_s(self) -> float | None:
        """End of the last frame in seconds; None where it is not known."""
        return self.timing.duration_s

    @property
    def timing_source(self) -> TimingSource:
        """Where the times came from."""
        return self.timing.source


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in one file, whether or not it could be read.

    Parameters
    ----------
    container : Container
        Kind of file, told by its bytes.
    codec : Codec or None
        Compression of the frames, told by their bytes.
    frames_declared, frames_decoded : int or None
        Frames that the file claims, and frames that could be decoded.
    rows, columns : int or None
        Size of a frame in pixels.
    carries_identity : bool
        Whether the header still names a person; the name itself is never kept.
    """

    container: Container = Container.UNKNOWN
    codec: Codec | None = None
    frames_declared: int | None = None
    frames_decoded: int | None = None
    rows: int | None = None
    columns: int | None = None
    carries_identity: bool = False


@dataclass(frozen=True, slots=True)
class ImportedClip:
    """A clip that the store keeps, and what was found in its file."""

    head: ClipHead
    inspection: Inspection

    @property
    def sha256(self) -> str:
        """Name of the pack in the store."""
        return self.head.sha256
