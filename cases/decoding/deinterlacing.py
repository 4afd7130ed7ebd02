"""Interlaced frames, whose two halves were taken one after the other, made whole."""

from collections.abc import Iterator
from typing import Any

import av
from av.error import BlockingIOError as NotYet
from av.error import EOFError as AtEnd
from av.video.frame import VideoFrame
from av.video.stream import VideoStream


class Deinterlacer:
    """Makes one whole frame of each interlaced one; frames that are whole pass as they are.

    Parameters
    ----------
    video : VideoStream
        The stream whose frames come.
    """

    def __init__(self, video: VideoStream) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_buffer(template=video)
        # One frame out for each frame in, only where the frame says that it is interlaced.
        halves = self._graph.add("bwdif", "mode=send_frame:parity=auto:deint=interlaced")
        sink = self._graph.add("buffersink")
        source.link_to(halves)
        halves.link_to(sink)
        self._graph.configure()

    def push(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """Take a frame and give those that are ready; the filter looks one frame ahead."""
        self._graph.push(frame)
        yield from self._ready()

    def end(self) -> Iterator[VideoFrame]:
        """Give the frames that are left."""
        self._graph.push(None)
        yield from self._ready()

    def _ready(self) -> Iterator[VideoFrame]:
        while True:
            try:
                frame: Any = self._graph.pull()
            except (NotYet, AtEnd):
                return
            yield frame
