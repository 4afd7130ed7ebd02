"""The child's side: receives paths, recognises each file by its bytes, sends its frames and its head."""

import contextlib
import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any, BinaryIO

from pydicom import config as pydicom_config

from cases.calibration import Region, ScaleSource
from cases.clip import Container
from cases.decoding import sandbox
from cases.decoding.animation import ANIMATIONS, AnimationSource
from cases.decoding.dicom_source import DicomSource, open_dicom_source
from cases.decoding.glance import glance_at
from cases.decoding.messages import BUFFER_BYTES, FOLDER_PREFIX, Kind, put, receive, send, send_json
from cases.decoding.picture import PictureSource, is_animated
from cases.decoding.recognition import recognise, refusal_of_unknown
from cases.decoding.series import SeriesSource, Unopened
from cases.decoding.source import EncodeAgainError, Findings, RefusedError, Source, Wishes
from cases.decoding.video import DEMUXERS, VideoSource
from cases.decoding.zip_members import Begun, Spoilt, members
from cases.pack import head_to_json
from cases.sentences import Refusal
from cases.settings import Limits

# Frames that are quickly made go to the parent some at a time: to wake it for each costs more than some of them.
_HELD_BACK_S = 0.05
PICTURES = frozenset({Container.PNG, Container.JPEG, Container.BMP})


def main(max_memory_bytes: int) -> None:
    """Serve requests until the parent closes the pipe."""
    requests, answers = _private_streams()
    _quiet()
    sandbox.restrict_process(max_memory_bytes)
    try:
        send(answers, Kind.READY)
        while True:
            kind, body = receive(requests)
            _serve(answers, kind, json.loads(body))
    except (EOFError, BrokenPipeError):
        _leave_nothing()


def _leave_nothing() -> None:
    """Remove the folder of this process, which is empty: a server that was killed can no longer do it."""
    folder = Path.cwd()
    if folder.name.startswith(FOLDER_PREFIX):
        with contextlib.suppress(OSError):
            folder.rmdir()


def open_source(path: Path, wishes: Wishes, findings: Findings) -> Source:
    """Open one file as what its bytes say it is.

    Parameters
    ----------
    path : Path
        The file.
    wishes : Wishes
        What the caller knows and asks for.
    findings : Findings
        Filled while the file is read.

    Returns
    -------
    Source
        The file as a source of frames.

    Raises
    ------
    RefusedError
        If it is nothing that can be shown.
    """
    findings.container = recognise(path, wishes.limits)
    if findings.container is Container.DICOM:
        return open_dicom_source(path, wishes, findings)
    if findings.container in DEMUXERS:
        return VideoSource(path, wishes, findings)
    if findings.container in PICTURES and not is_animated(path):
        return PictureSource(path, wishes, findings)
    if findings.container in ANIMATIONS:
        return AnimationSource(path, wishes, findings)
    if findings.container is Container.ZIP:
        raise RefusedError(Refusal.ARCHIVE_INSIDE)
    with path.open("rb") as stream:
        raise refusal_of_unknown(stream.read(4096))


def _serve(answers: BinaryIO, kind: Kind, request: dict[str, Any]) -> None:
    limits = Limits(**request["limits"])
    sandbox.allow_cpu(limits.max_file_s)
    findings = Findings()
    try:
        paths = [Path(path) for path in request["paths"]]
        if kind is Kind.LOOK:
            send_json(answers, Kind.DONE, glance_at(paths[0], limits))
        elif kind is Kind.UNPACK:
            _unpack(answers, paths[0])
        else:
            _read(answers, paths, _wishes(request, limits), findings)
    except RefusedError as refused:
        _refuse(answers, refused, findings)
    except RecursionError:
        _refuse(answers, RefusedError(Refusal.TOO_DEEP, limit=limits.max_nesting), findings)
    except MemoryError:
        _refuse(
            answers, RefusedError(Refusal.OUT_OF_MEMORY, limit_mib=limits.max_memory_bytes >> 20), findings
        )
    except BrokenPipeError:
        raise
    except Exception:  # the server must get an answer whatever a library does
        _refuse(answers, RefusedError(Refusal.INTERNAL), findings)


def _unpack(answers: BinaryIO, archive: Path) -> None:
    for event in members(archive):
        if isinstance(event, Begun):
            put(answers, Kind.MEMBER, json.dumps({"name": event.name}).encode())
        elif isinstance(event, Spoilt):
            put(answers, Kind.SPOILT, json.dumps({"refusal": event.refusal.name}).encode())
        else:
            put(answers, Kind.PIECE, event)
    send_json(answers, Kind.DONE, {})


def _read(answers: BinaryIO, paths: list[Path], wishes: Wishes, findings: Findings) -> None:
    source = _open_all(paths, wishes, findings)
    try:
        send_json(answers, Kind.OPENED, {"frames_declared": findings.frames_declared})
        while not _send_frames(answers, source):
            send(answers, Kind.AGAIN)
        head = source.head()
        send_json(answers, Kind.DONE, {"head": head_to_json(head), "inspection": _report(findings)})
    finally:
        source.close()


def _open_all(paths: list[Path], wishes: Wishes, findings: Findings) -> Source:
    if len(paths) == 1:
        return open_source(paths[0], wishes, findings)
    sources: list[Source] = []
    for path in paths:
        part = Findings()
        try:
            source = open_source(path, wishes, part)
        except RefusedError as refused:
            source = Unopened(refused, part)
        sources.append(source)
        if isinstance(source, DicomSource):
            source.rest()  # a process may have fewer files open than a series has slices
    return SeriesSource(sources, wishes, findings)


def _send_frames(answers: BinaryIO, source: Source) -> bool:
    sent_s = time.monotonic()
    try:
        for encoded in source.frames():
            put(answers, Kind.FRAME, encoded)
            if time.monotonic() - sent_s > _HELD_BACK_S:
                answers.flush()
                sent_s = time.monotonic()
    except EncodeAgainError:
        return False
    return True


def _refuse(answers: BinaryIO, refused: RefusedError, findings: Findings) -> None:
    content = {
        "refusal": refused.refusal.name,
        "values": refused.values,
        "inspection": _report(findings),
    }
    send_json(answers, Kind.REFUSED, content)


def _report(findings: Findings) -> dict[str, Any]:
    return {
        "container": findings.container,
        "codec": findings.codec,
        "frames_declared": findings.frames_declared,
        "frames_decoded": findings.frames_decoded,
        "rows": findings.rows,
        "columns": findings.columns,
        "carries_identity": findings.carries_identity,
    }


def _wishes(request: dict[str, Any], limits: Limits) -> Wishes:
    region = request["region"]
    return Wishes(
        region=None if region is None else Region(**region),
        scale_source=ScaleSource(request["scale_source"]),
        frame_time_ms=request["frame_time_ms"],
        keep_good_frames=request["keep_good_frames"],
        are_frames_in_time=request["are_frames_in_time"],
        pictures_missing=request["pictures_missing"],
        limits=limits,
    )


def _private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to ourselves: what a library prints must not become part of a message."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb", buffering=BUFFER_BYTES)


def _quiet() -> None:
    import av.logging
    import cv2
    from PIL import Image

    sys.setrecursionlimit(1_000)
    Image.MAX_IMAGE_PIXELS = Limits().max_side_px ** 2
    warnings.simplefilter("ignore")
    pydicom_config.settings.reading_validation_mode = pydicom_config.IGNORE
    av.logging.set_level(av.logging.PANIC)
    cv2.setNumThreads(1)
