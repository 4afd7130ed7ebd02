"""Small videos with one thing wrong or unusual in each, made in code."""

import io
import struct
import zipfile
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.codec.context import Flags
from PIL import Image

from tests.cases.clip_factory import NumberedClip

CLIP = NumberedClip(frames=4, rows=32, columns=160)
MATRIX_TURNED = (0, 1, -1, 0)


def video(
    container: str = "mp4",
    codec: str = "libx264",
    layout: str = "yuv420p",
    *,
    clip: NumberedClip = CLIP,
    starts_ms: tuple[int, ...] | None = None,
    change: Callable[[Any], None] | None = None,
    **options: str,
) -> bytes:
    """Return a numbered clip as a video file; ``change`` is given the stream before its first frame."""
    target = io.BytesIO()
    with av.open(target, mode="w", format=container) as opened:
        stream: Any = opened.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = clip.columns, clip.rows, layout
        stream.options = options
        if starts_ms is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if change is not None:
            change(stream)
        for k in range(clip.frames):
            frame = av.VideoFrame.from_ndarray(np.stack([clip.frame(k)] * 3, axis=-1), format="rgb24")
            frame.pts = k if starts_ms is None else starts_ms[k]
            frame.time_base = Fraction(1, 25) if starts_ms is None else Fraction(1, 1000)
            opened.mux(stream.encode(frame))
        opened.mux(stream.encode())
    return target.getvalue()


def index_first(content: bytes) -> bytes:
    """Move the index of an mp4 file before its frames, as for sending it over the web."""
    boxes, at = {}, 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        boxes[content[at + 4 : at + 8]] = content[at : at + size]
        at += size
    moov = bytearray(boxes[b"moov"])
    table = moov.index(b"stco") + 4
    for k in range(int.from_bytes(moov[table + 4 : table + 8], "big")):
        entry = slice(table + 8 + 4 * k, table + 12 + 4 * k)
        moov[entry] = (int.from_bytes(moov[entry], "big") + len(moov)).to_bytes(4, "big")
    others = b"".join(box for name, box in boxes.items() if name not in (b"ftyp", b"moov"))
    return boxes[b"ftyp"] + bytes(moov) + others


def trimmed(clip: NumberedClip, first: int, last: int) -> bytes:
    """Return an mp4 file of which an edit list shows only some frames, as phones trim clips; groups have 4 frames."""
    content = video(clip=clip, bf="0", g="4")
    media_hz = int.from_bytes(content[(at := content.index(b"mdhd")) + 16 : at + 20], "big")
    shown = struct.pack(">IiI", (last - first) * 40, first * media_hz // 25, 1 << 16)
    at = content.index(b"elst") + 12
    return content[:at] + shown + content[at + len(shown) :]


def png_with_stand_in() -> bytes:
    """Return an animated PNG that begins with a picture for programs that do not play it."""
    frames = [Image.fromarray(frame) for frame in CLIP.all_frames()]
    target = io.BytesIO()
    Image.new("L", frames[0].size, 90).save(
        target, "PNG", save_all=True, append_images=frames, duration=40, default_image=True
    )
    return target.getvalue()


def cut(content: bytes, share: float = 0.6) -> bytes:
    return content[: int(len(content) * share)]


def rotten(content: bytes) -> bytes:
    middle = content.index(b"mdat") + (len(content) - content.index(b"mdat")) // 2
    return (
        content[:middle]
        + bytes(byte ^ 0x5A for byte in content[middle : middle + 24])
        + content[middle + 24 :]
    )


def patched(content: bytes, box: bytes, at: int, value: bytes) -> bytes:
    """Overwrite bytes of a box, counted from behind its name."""
    start = content.index(box) + 4 + at
    return content[:start] + value + content[start + len(value) :]


def standing_still() -> bytes:
    """Return a video of uneven rate whose first frame lasts no time."""
    return patched(video(codec="mpeg4", starts_ms=(0, 20, 90, 400)), b"stts", 12, bytes(4))


def turned() -> bytes:
    matrix = b"".join(struct.pack(">i", entry << 16) for entry in MATRIX_TURNED)
    zero, one = struct.pack(">i", 0), struct.pack(">i", 1 << 30)
    whole = matrix[:8] + zero + matrix[8:] + zero + zero + zero + one
    return patched(video(), b"tkhd", 40, whole)


def sound_only() -> bytes:
    target = io.BytesIO()
    with av.open(target, mode="w", format="mp4") as opened:
        _add_sound(opened)
    return target.getvalue()


def many_frames(frames: int) -> bytes:
    target = io.BytesIO()
    with av.open(target, mode="w", format="mp4") as opened:
        stream: Any = opened.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        black = np.zeros((16, 16, 3), np.uint8)
        for k in range(frames):
            frame = av.VideoFrame.from_ndarray(black, format="rgb24")
            frame.pts = k
            opened.mux(stream.encode(frame))
        opened.mux(stream.encode())
    return target.getvalue()


def rotten_member(content: bytes) -> bytes:
    """Return an archive of one file whose checksum is wrong."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.dcm", content)
    written = bytearray(target.getvalue())
    written[written.index(b"PK\x01\x02") + 16] ^= 0xFF
    return bytes(written)


def interlaced() -> bytes:
    def as_halves(stream: Any) -> None:
        stream.codec_context.flags |= Flags.interlaced_dct | Flags.interlaced_me

    return video("mpeg", "mpeg2video", change=as_halves, b="4000000")


def unknown_fourcc() -> bytes:
    return video("avi", "mpeg4").replace(b"FMP4", b"ZZZZ")


def gif(duration_ms: int = 40) -> bytes:
    return _pictures("GIF", duration=duration_ms)


def several_jpegs() -> bytes:
    return _pictures("MPO")


def tiff_with_resolution() -> bytes:
    return _pictures("TIFF", dpi=(300, 300))


def _pictures(kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    first, *others = [Image.fromarray(frame) for frame in CLIP.all_frames()]
    first.save(target, kind, save_all=True, append_images=others, **options)
    return target.getvalue()


def encrypted() -> bytes:
    key = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "00" * 16, "encryption_kid": "11" * 16}
    target = io.BytesIO()
    with av.open(target, mode="w", format="mp4", options=key) as opened:
        _add_video(opened, "libx264")
    return target.getvalue()


def two_pictures() -> bytes:
    target = io.BytesIO()
    with av.open(target, mode="w", format="matroska") as opened:
        streams = [_stream(opened, "libx264") for _ in range(2)]
        for k in range(CLIP.frames):
            for stream in streams:
                opened.mux(stream.encode(_frame(k)))
        for stream in streams:
            opened.mux(stream.encode())
    return target.getvalue()


def cover_art() -> bytes:
    """Return a sound recording whose only picture is its cover."""
    target = io.BytesIO()
    with av.open(target, mode="w", format="mp4") as opened:
        sound: Any = opened.add_stream("aac", rate=44100)
        cover: Any = opened.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = CLIP.columns, CLIP.rows, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        for k in range(4):
            opened.mux(sound.encode(_silence(k)))
        opened.mux(sound.encode())
        opened.mux(cover.encode(_frame(0)))
        opened.mux(cover.encode())
    return target.getvalue()


def with_alpha() -> bytes:
    return video("webm", "libvpx-vp9", "yuva420p", crf="20", b="0")


def wide_pixels() -> bytes:
    def widen(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)

    return video(change=widen)


def with_company() -> bytes:
    """Return a video with sound, a title and a place."""
    target = io.BytesIO()
    with av.open(target, mode="w", format="mp4") as opened:
        opened.metadata["title"] = "Jane Doe"
        opened.metadata["location"] = "+48.1+11.5/"
        stream, sound = _stream(opened, "libx264"), opened.add_stream("aac", rate=44100)
        for k in range(CLIP.frames):
            opened.mux(stream.encode(_frame(k)))
            opened.mux(sound.encode(_silence(k)))
        opened.mux(stream.encode())
        opened.mux(sound.encode())
    return target.getvalue()


def _add_video(opened: Any, codec: str) -> None:
    stream = _stream(opened, codec)
    for k in range(CLIP.frames):
        opened.mux(stream.encode(_frame(k)))
    opened.mux(stream.encode())


def _add_sound(opened: Any) -> None:
    sound: Any = opened.add_stream("aac", rate=44100)
    opened.mux(sound.encode(_silence(0)))
    opened.mux(sound.encode())


def _stream(opened: Any, codec: str) -> Any:
    stream = opened.add_stream(codec, rate=25)
    stream.width, stream.height, stream.pix_fmt = CLIP.columns, CLIP.rows, "yuv420p"
    return stream


def _frame(k: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.stack([CLIP.frame(k)] * 3, axis=-1), format="rgb24")
    frame.pts, frame.time_base = k, Fraction(1, 25)
    return frame


def _silence(k: int) -> Any:
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
    frame.sample_rate, frame.pts = 44100, 1024 * k
    return frame
