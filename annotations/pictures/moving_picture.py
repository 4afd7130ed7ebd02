"""A clip with its marks burnt in, as MP4, WebM or GIF, at the clip's own times."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from annotations.errors import ExportCancelledError, ExportError
from annotations.exchange.writing import keep_whole
from annotations.pictures.annotated_frame import AnnotatedClip, annotated_frame, caption_rows
from annotations.pictures.lettering import Canvas

TIME_BASE = Fraction(1, 1000)
GIF_COLOURS = 128
Progress = Callable[[int, int], None]
IsCancelled = Callable[[], bool]


class Film(StrEnum):
    """Kinds of moving picture."""

    MP4 = "mp4"
    WEBM = "webm"
    GIF = "gif"


_CODECS = {
    Film.MP4: ("libx264", {"crf": "18", "preset": "veryfast", "movflags": "+faststart"}),
    Film.WEBM: (
        "libvpx-vp9",
        {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"},
    ),
}


def write_film(
    clip: AnnotatedClip,
    film: Film,
    target: Path,
    *,
    frame_time_ms: float | None = None,
    progress: Progress | None = None,
    cancel: IsCancelled | None = None,
) -> None:
    """Write a clip with its marks, scale bar and captions.

    Parameters
    ----------
    clip : AnnotatedClip
        The clip and its marks.
    film : Film
        MP4 (H.264, yuv420p), WebM (VP9) or GIF.
    target : Path
        The file; it appears when it is complete.
    frame_time_ms : float, optional
        Time of each frame, for clips that do not know it; the rate of a clip is never guessed.
    progress : callable, optional
        Told the frames done and the frames there are.
    cancel : callable, optional
        Asked before each frame; the export ends when it says True.

    Raises
    ------
    ExportCancelledError
        If it was cancelled; nothing is left behind.
    ExportError
        If the clip has no times and none were given, or the file cannot be written.
    """
    starts_ms = _starts_ms(clip, frame_time_ms)
    pictures = _pictures(clip, progress, cancel)
    write = _write_gif if film is Film.GIF else _write_video
    try:
        keep_whole(target, lambda path: write(path, film, pictures, starts_ms))
    except (av.error.FFmpegError, ValueError) as error:
        raise ExportError(
            f"{target.name}: the film cannot be encoded ({error}); try another format."
        ) from error


def _starts_ms(clip: AnnotatedClip, frame_time_ms: float | None) -> list[int]:
    """Start of each frame and the end of the last, in whole milliseconds, each later than the one before."""
    frames, starts_s = clip.facts.frames, clip.facts.frame_starts_s
    if frame_time_ms is not None and frame_time_ms > 0:
        times = [index * frame_time_ms for index in range(frames + 1)]
    elif starts_s is None:
        raise ExportError(f"{clip.facts.clip}: the clip does not say how fast it runs; give a frame time.")
    else:
        steps = [later - earlier for earlier, later in pairwise(starts_s)]
        times = [start * 1000 for start in (*starts_s, starts_s[-1] + (median(steps) if steps else 1.0))]
    whole: list[int] = []
    for time in times:
        whole.append(max(round(time), whole[-1] + 1 if whole else 0))
    return whole


def _pictures(clip: AnnotatedClip, progress: Progress | None, cancel: IsCancelled | None) -> Iterator[Canvas]:
    """Each frame with its caption, in even numbers of rows and columns as yuv420p wants them."""
    captions = [clip.caption(index) for index in range(clip.facts.frames)]
    most = max(caption_rows(caption, clip.facts.columns) for caption in captions)
    rows, columns = (side + side % 2 for side in (clip.facts.rows + most, clip.facts.columns))
    places = clip.label_places()  # once: labels that choose anew on each frame hop
    for index in range(clip.facts.frames):
        if cancel is not None and cancel():
            raise ExportCancelledError("The export was stopped; nothing of it was kept.")
        picture = annotated_frame(clip, index, places=places)
        even = np.zeros((rows, columns, 3), dtype=np.uint8)
        even[: picture.shape[0], : picture.shape[1]] = picture
        yield even
        if progress is not None:
            progress(index + 1, clip.facts.frames)


def _write_video(path: Path, film: Film, pictures: Iterator[Canvas], starts_ms: list[int]) -> None:
    codec, options = _CODECS[film]
    with av.open(str(path), "w", format=film.value) as container:
        stream = cast("VideoStream", container.add_stream(codec, rate=1000, options=options))
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = TIME_BASE
        for number, (picture, (start, end)) in enumerate(zip(pictures, pairwise(starts_ms), strict=True)):
            if number == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.duration, frame.time_base = start, end - start, TIME_BASE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _write_gif(path: Path, _film: Film, pictures: Iterator[Canvas], starts_ms: list[int]) -> None:
    frames = [Image.fromarray(picture).quantize(GIF_COLOURS) for picture in pictures]
    durations = [end - start for start, end in pairwise(starts_ms)]
    frames[0].save(
        path,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        optimize=False,
    )
