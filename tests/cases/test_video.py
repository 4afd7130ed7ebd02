import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from cases.calibration import Region, ScaleSource
from cases.clip import Codec, Colour, Container, Encoding
from cases.decoding import Wishes
from cases.decoding.video_frames import OPENING
from cases.errors import UnreadableClipError
from cases.frame_timing import TimingSource
from cases.sentences import Remark, ScaleRefusal
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, RegionOfTest, read_frame_index
from tests.cases.conftest import Import

GREY, COLOURED = NumberedClip(frames=20), NumberedClip(frames=20, is_colour=True)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "container", "found_codec"),
    [
        ("a.mp4", "libx264", "yuv420p", Container.MP4, Codec.H264),
        ("a.mov", "mjpeg", "yuvj422p", Container.MOV, Codec.MJPEG),
        ("a.mov", "libx264", "yuv444p", Container.MOV, Codec.H264),
        ("a.avi", "mjpeg", "yuvj420p", Container.AVI, Codec.MJPEG),
        ("a.avi", "rawvideo", "bgr24", Container.AVI, Codec.UNCOMPRESSED),
        ("a.avi", "mpeg4", "yuv420p", Container.AVI, Codec.MPEG4),
        ("a.webm", "libvpx-vp9", "yuv420p", Container.WEBM, Codec.VP9),
        ("a.webm", "libvpx", "yuv420p", Container.WEBM, Codec.VP8),
        ("a.mkv", "libx265", "yuv420p", Container.MKV, Codec.HEVC),
        ("a.wmv", "wmv2", "yuv420p", Container.WMV, Codec.WMV),
        ("a.mpg", "mpeg2video", "yuv420p", Container.MPEG, Codec.MPEG2),
        ("a.mp4", "libx264", "yuv420p10le", Container.MP4, Codec.H264),
        ("a.mp4", "libx264", "yuv444p", Container.MP4, Codec.H264),
    ],
)
def test_every_frame_comes_in_presentation_order_with_its_time(
    tmp_path: Path,
    imported: Import,
    name: str,
    codec: str,
    pixel_format: str,
    container: Container,
    found_codec: Codec,
):
    options = {"b": "4000000"} if codec in ("wmv2", "mpeg2video") else {"crf": "8"}
    path = factory.write_video(
        tmp_path / name, COLOURED, codec=codec, pixel_format=pixel_format, options=options
    )
    found, cine = imported(path)
    assert (found.inspection.container, found.inspection.codec) == (container, found_codec)
    assert [read_frame_index(frame, COLOURED) for frame in cine.frames] == list(range(20))
    assert found.head.timing_source is TimingSource.CONTAINER
    assert found.head.frame_starts_s == pytest.approx([k / 25 for k in range(20)], abs=1e-3)
    assert found.head.duration_s == pytest.approx(20 / 25, abs=1e-3)
    assert found.head.colour is Colour.RGB8


def test_frames_out_of_order_in_the_file_are_shown_in_order(tmp_path: Path, imported: Import):
    path = factory.write_video(tmp_path / "b.mp4", GREY, options={"crf": "10", "bf": "3", "g": "20"})
    _, cine = imported(path)
    assert [read_frame_index(frame, GREY) for frame in cine.frames] == list(range(20))


def test_a_variable_rate_keeps_the_time_stamps(tmp_path: Path, imported: Import):
    starts_ms = [0, 20, 70, 80, 90, 200, 210, 220, 300, 400]
    clip = NumberedClip(frames=10)
    found, _ = imported(factory.write_video(tmp_path / "v.mp4", clip, starts_ms=starts_ms))
    assert found.head.frame_starts_s == pytest.approx([start_ms / 1000 for start_ms in starts_ms], abs=1e-4)


def test_a_video_without_colour_is_stored_grey(tmp_path: Path, imported: Import):
    found, _ = imported(factory.write_video(tmp_path / "grey.mp4", GREY))
    assert (found.head.colour, found.head.encoding) == (Colour.GREY8, Encoding.PNG)


def test_colour_that_comes_late_is_kept_in_all_frames(tmp_path: Path, imported: Import):
    import av

    path = tmp_path / "late.mp4"
    with av.open(str(path), mode="w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 208, 96, "yuv420p"
        for k in range(10):
            picture = np.stack([GREY.frame(k)] * 3, axis=-1)
            if k >= 6:
                picture[40:, 40:120] = (200, 30, 30)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    found, cine = imported(path)
    assert (found.head.colour, found.head.frames) == (Colour.RGB8, 10)
    assert [read_frame_index(frame, GREY) for frame in cine.frames] == list(range(10))
    assert cine.frames[8][60, 80, 0] > cine.frames[8][60, 80, 2] + 80


def test_a_raw_video_is_stored_without_loss(tmp_path: Path, imported: Import):
    path = factory.write_video(tmp_path / "raw.avi", COLOURED, codec="rawvideo", pixel_format="bgr24")
    _, cine = imported(path)
    assert np.array_equal(cine.frames[11], COLOURED.frame(11))


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "libx264", {"crf": "30"}),
        ("a.mkv", "libx265", {"crf": "30"}),
        ("a.mpg", "mpeg2video", {"b": "600000"}),
        ("a.webm", "libvpx-vp9", {"crf": "40", "b": "0"}),
        ("a.avi", "mjpeg", {"q": "8"}),
    ],
)
def test_what_the_decoder_gives_is_kept_bit_by_bit(
    tmp_path: Path, imported: Import, name: str, codec: str, options: dict[str, str]
):
    import av

    layout = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = factory.write_video(tmp_path / name, COLOURED, codec=codec, pixel_format=layout, options=options)
    _, cine = imported(path)
    with av.open(str(path)) as container:
        theirs = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert all(np.array_equal(one, other) for one, other in zip(cine.frames, theirs, strict=True))


def _rotten(path: Path, at: float) -> Path:
    content = bytearray(path.read_bytes())
    start = int(len(content) * at)
    content[start : start + 24] = bytes(byte ^ 0x5A for byte in content[start : start + 24])
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "libx264", {"crf": "10", "g": "5", "bf": "0"}),
        ("a.mpg", "mpeg2video", {"b": "4000000", "g": "5"}),
        ("a.avi", "mjpeg", {"q": "2"}),
    ],
)
def test_frames_that_bit_rot_has_reached_are_named_and_only_the_good_ones_may_be_kept(
    tmp_path: Path, imported: Import, name: str, codec: str, options: dict[str, str]
):
    layout = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    path = factory.write_video(tmp_path / name, COLOURED, codec=codec, pixel_format=layout, options=options)
    _, whole = imported(path)
    _rotten(path, 0.5)
    with pytest.raises(UnreadableClipError, match=r"Frame \d+ cannot be decoded; \d+ of 20 frames are good"):
        imported(path)
    found, cine = imported(path, wishes=Wishes(keep_good_frames=True))
    kept = [read_frame_index(frame, COLOURED) for frame in cine.frames]
    assert len(kept) < 20
    assert found.head.warnings[0] == f"The file declares 20 frames; the {len(kept)} good ones are shown."
    assert all(np.array_equal(frame, whole.frames[k]) for frame, k in zip(cine.frames, kept, strict=True))


def test_a_video_carries_no_scale_unless_somebody_gives_one(tmp_path: Path, imported: Import):
    path = factory.write_video(tmp_path / "a.mp4", GREY)
    found, _ = imported(path)
    assert found.head.scale_source is ScaleSource.NONE
    assert "carries no scale" in str(found.head.scale_refused_because)
    given = Wishes(region=Region(0, 0, 100, 90, 0.0883, 0.0883), scale_source=ScaleSource.USER)
    found, _ = imported(path, wishes=given)
    assert (found.head.scale_source, found.head.regions) == (ScaleSource.USER, (given.region,))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_video_that_is_cut_off_is_refused(tmp_path: Path, imported: Import, kept: float):
    path = factory.write_video(tmp_path / "a.mp4", GREY)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(UnreadableClipError, match=r"a\.mp4: "):
        imported(path)


def test_sound_alone_is_no_clip(tmp_path: Path, imported: Import):
    import av

    path = tmp_path / "sound.mp4"
    with av.open(str(path), mode="w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(UnreadableClipError, match="no moving picture"):
        imported(path)


def test_a_codec_that_is_not_on_the_list_is_refused_before_it_decodes(tmp_path: Path, imported: Import):
    path = factory.write_video(tmp_path / "a.avi", GREY, codec="flashsv", pixel_format="bgr24")
    with pytest.raises(UnreadableClipError, match="flashsv is not supported"):
        imported(path)


def test_a_codec_that_is_not_on_the_list_is_not_even_tried_when_the_file_is_opened(tmp_path: Path):
    import av

    path = factory.write_video(tmp_path / "a.avi", GREY, codec="flashsv", pixel_format="bgr24")
    with av.open(str(path), options=OPENING) as container:
        assert container.streams.video[0].codec_context.pix_fmt is None  # known once a frame was decoded
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.pix_fmt == "bgr24"


def test_a_picture_of_odd_size_keeps_every_line(tmp_path: Path, imported: Import):
    clip = NumberedClip(frames=3, rows=97, columns=209)
    found, _ = imported(factory.write_video(tmp_path / "odd.mp4", clip, pixel_format="yuv444p"))
    assert (found.head.rows, found.head.columns) == (97, 209)


def _turned(content: bytes, degrees: int) -> bytes:
    """Write a rotation into the display matrix of the track (ISO 14496-12, 8.3.2)."""
    matrix = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[degrees]
    a, b, c, d = (struct.pack(">i", entry << 16) for entry in matrix)
    zero, one = struct.pack(">i", 0), struct.pack(">i", 1 << 30)
    at = content.index(b"tkhd") + 4 + 40
    return content[:at] + a + b + zero + c + d + zero + zero + zero + one + content[at + 36 :]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_picture_is_turned_as_the_file_asks(tmp_path: Path, imported: Import, degrees: int):
    path = factory.write_video(tmp_path / "a.mp4", GREY)
    path.write_bytes(_turned(path.read_bytes(), degrees))
    found, cine = imported(path)
    back = [np.rot90(frame, degrees // 90) for frame in cine.frames]
    assert [read_frame_index(frame, GREY) for frame in back] == list(range(20))
    assert any("turned" in sentence for sentence in found.head.warnings)


def test_a_mirrored_picture_is_mirrored_and_not_turned(tmp_path: Path, imported: Import):
    path = factory.write_video(tmp_path / "a.mp4", GREY)
    content = path.read_bytes()
    at = content.index(b"tkhd") + 4 + 40
    path.write_bytes(content[:at] + struct.pack(">i", -1 << 16) + content[at + 4 :])
    found, cine = imported(path)
    assert [read_frame_index(frame[:, ::-1], GREY) for frame in cine.frames] == list(range(20))
    assert any("turned" in sentence for sentence in found.head.warnings)


def test_pixels_that_are_not_square_are_widened(tmp_path: Path, imported: Import):
    import av

    path = tmp_path / "wide.mp4"
    with av.open(str(path), mode="w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 208, 96, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)
        for k in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(GREY.frame(k), format="gray")))
        container.mux(stream.encode())
    found, _ = imported(path)
    assert (found.head.rows, found.head.columns) == (96, 312)
    assert any("not square" in sentence for sentence in found.head.warnings)


def test_interlaced_frames_are_put_together_without_losing_one(tmp_path: Path, imported: Import):
    options = {"crf": "8", "x264-params": "interlaced=1"}
    path = factory.write_video(tmp_path / "i.mp4", GREY, options=options)
    found, cine = imported(path)
    assert [read_frame_index(frame, GREY) for frame in cine.frames] == list(range(20))
    assert any("halves" in sentence for sentence in found.head.warnings)


DICOM_VIDEO = {
    "1.2.840.10008.1.2.4.102": ("libx264", "a.mp4", Codec.H264),
    "1.2.840.10008.1.2.4.103": ("libx264", "a.264", Codec.H264),
    "1.2.840.10008.1.2.4.107": ("libx265", "a.265", Codec.HEVC),
    "1.2.840.10008.1.2.4.100": ("mpeg2video", "a.m2v", Codec.MPEG2),
    "1.2.840.10008.1.2.4.101": ("mpeg2video", "a.ts", Codec.MPEG2),
}


@pytest.mark.parametrize("syntax", DICOM_VIDEO)
def test_a_video_inside_dicom_is_taken_out_of_its_fragments(tmp_path: Path, imported: Import, syntax: str):
    codec, name, found_codec = DICOM_VIDEO[syntax]
    options = {"b": "4000000"} if codec == "mpeg2video" else {"crf": "8"}
    stream = factory.write_video(tmp_path / name, COLOURED, codec=codec, options=options).read_bytes()

    def as_video(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, [stream], has_bot=False, fragments=5)
        dataset.PhotometricInterpretation = "YBR_PARTIAL_420"

    path = factory.write_dicom(
        tmp_path / "v.dcm", COLOURED, syntax, regions=[RegionOfTest(0, 0, 99, 49)], change=as_video
    )
    found, cine = imported(path)
    assert (found.inspection.container, found.inspection.codec) == (Container.DICOM, found_codec)
    assert [read_frame_index(frame, COLOURED) for frame in cine.frames] == list(range(20))
    assert found.head.timing_source is TimingSource.FRAME_TIME
    assert found.head.scale_source is ScaleSource.ULTRASOUND_REGIONS


def _h264_in_dicom(path: Path, aspect: Fraction, rows: int = GREY.rows, columns: int = GREY.columns) -> Path:
    """Write a video whose header states a size and a region of 0.2 mm a pixel over the whole of it."""
    import av

    stream = path.with_suffix(".264")
    with av.open(str(stream), mode="w", format="h264") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = GREY.columns, GREY.rows, "yuv420p"
        video.codec_context.sample_aspect_ratio = aspect
        for k in range(GREY.frames):
            container.mux(video.encode(av.VideoFrame.from_ndarray(GREY.frame(k), format="gray")))
        container.mux(video.encode())

    def as_video(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, [stream.read_bytes()], has_bot=False)
        dataset.Rows, dataset.Columns = rows, columns

    region = RegionOfTest(0, 0, columns - 1, rows - 1)
    return factory.write_dicom(path, GREY, "1.2.840.10008.1.2.4.102", regions=[region], change=as_video)


def test_the_scale_of_a_video_inside_dicom_is_widened_with_its_pixels(tmp_path: Path, imported: Import):
    found, _ = imported(_h264_in_dicom(tmp_path / "v.dcm", Fraction(3, 2)))
    assert (found.head.rows, found.head.columns) == (96, 312)
    (region,) = found.head.regions
    assert (region.x0, region.y0, region.x1, region.y1) == (0, 0, 311, 95)
    assert region.mm_per_px_x == pytest.approx(0.2 / 1.5)
    assert region.mm_per_px_y == pytest.approx(0.2)


def test_a_video_inside_dicom_of_another_size_than_its_header_has_no_scale(tmp_path: Path, imported: Import):
    found, _ = imported(_h264_in_dicom(tmp_path / "v.dcm", Fraction(1), rows=48, columns=104))
    assert (found.head.regions, found.head.scale_source) == ((), ScaleSource.NONE)
    assert found.head.scale_refused_because == ScaleRefusal.UNLIKE_HEADER


@pytest.mark.parametrize(("name", "has_stamps"), [("a.mp4", True), ("a.264", False)])
def test_the_good_frames_of_a_damaged_video_inside_dicom_keep_their_own_times(
    tmp_path: Path, imported: Import, name: str, has_stamps: bool
):
    options = {"crf": "10", "g": "5", "bf": "0"}
    stream = _rotten(factory.write_video(tmp_path / name, GREY, options=options), 0.5).read_bytes()

    def as_video(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, [stream], has_bot=False)

    path = factory.write_dicom(tmp_path / "v.dcm", GREY, "1.2.840.10008.1.2.4.102", change=as_video)
    found, cine = imported(path, wishes=Wishes(keep_good_frames=True))
    kept = [read_frame_index(frame, GREY) for frame in cine.frames]
    assert len(kept) < 20
    assert found.head.warnings[0] == f"The file declares 20 frames; the {len(kept)} good ones are shown."
    if has_stamps:
        assert found.head.frame_starts_s == pytest.approx([0.04 * number for number in kept])
    else:
        assert (found.head.frame_starts_s, found.head.warnings[-1]) == (None, Remark.TIMES_LOST.say())


@pytest.mark.parametrize("is_stated", [True, False])
def test_a_bare_stream_has_the_rate_that_it_states_and_no_other(
    tmp_path: Path, imported: Import, is_stated: bool
):
    options = {"x265-params": f"fps=50:vui-timing-info={int(is_stated)}"}
    video = factory.write_video(tmp_path / "a.265", GREY, codec="libx265", options=options)

    def as_video(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, [video.read_bytes()], has_bot=False)

    path = factory.write_dicom(
        tmp_path / "v.dcm", GREY, "1.2.840.10008.1.2.4.107", frame_time_ms=None, change=as_video
    )
    found, _ = imported(path)
    if is_stated:
        assert found.head.frame_starts_s == pytest.approx([0.02 * k for k in range(20)])
    else:
        assert (found.head.frame_starts_s, found.head.timing_source) == (None, TimingSource.UNKNOWN)


def test_a_video_inside_dicom_with_fewer_frames_than_declared_is_refused(tmp_path: Path, imported: Import):
    stream = factory.write_video(tmp_path / "a.mp4", COLOURED).read_bytes()

    def as_video(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, [stream], has_bot=False)
        dataset.NumberOfFrames = 50

    path = factory.write_dicom(
        tmp_path / "v.dcm", COLOURED, "1.2.840.10008.1.2.4.102", frame_time_ms=None, change=as_video
    )
    with pytest.raises(UnreadableClipError, match="declares 50 frames but holds 20"):
        imported(path)
    found, _ = imported(path, wishes=Wishes(keep_good_frames=True))
    assert found.head.timing_source is TimingSource.CONTAINER
