"""Markers and headers of compressed frames: JPEG, JPEG-LS, JPEG 2000, RLE."""

from cases.decoding import jpeg_2000, jpeg_markers, rle
from cases.decoding.frame_decoders import FrameShape, gives_rgb, shape_of
from tests.cases import clip_factory as factory
from tests.cases.fuzzing.parsers.parser import Parser


def _parse(content: bytes) -> None:
    shape = shape_of(content)
    if isinstance(shape, FrameShape):
        gives_rgb(shape.codec, content)
    jpeg_2000.read_shape(content)
    jpeg_2000.has_colour_transform(content)
    rle.looks_like(content)
    jpeg = jpeg_markers.read_shape(content)
    if jpeg is not None:
        assert 0 <= jpeg.rows <= 65535
        jpeg.is_rgb(labelled_rgb=True)
    assert len(jpeg_markers.without_metadata(content)) <= len(content)
    marked = jpeg_markers.read_shape(jpeg_markers.with_rgb_marker(content))
    assert jpeg is None or marked is None or jpeg.rows == marked.rows


def _seeds() -> list[bytes]:
    import imagecodecs
    import openjpeg

    clip = factory.NumberedClip(frames=1, rows=32, columns=160)
    coloured = factory.NumberedClip(frames=1, rows=32, columns=160, is_colour=True)
    frame = clip.frame(0)
    jpeg = factory.jpeg_of(coloured.frame(0))
    return [
        factory.jpeg_of(frame), jpeg, jpeg_markers.with_rgb_marker(jpeg), factory.by_ffmpeg("jpegls", frame),
        bytes(openjpeg.encode(frame)), bytes(openjpeg.encode(coloured.frame(0), photometric_interpretation=1)),
        factory.rle_of(frame), bytes(imagecodecs.jpegxl_encode(frame)),
        bytes(imagecodecs.jpegxl_encode(frame, usecontainer=True)),
    ]  # fmt: skip


PARSER = Parser("markers of compressed frames", _parse, (), _seeds)
