"""The motion of bundled clips, measured beforehand and shipped with their marks, so that the first start need not wait.

::

    annotations/bundled/<case>/motion/<clip>.json    SHA-256 of the clip's file, and the result
    annotations/bundled/<case>/motion/<clip>.tissue  where its tissue goes, for the browser

A result is taken only for the very file, question and version of the trackers that it was measured with.
"""

import functools
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from annotations.errors import AnnotationError
from annotations.exchange.writing import keep_whole
from annotations.layers import BUNDLED_FOLDER, bundled_documents
from annotations.motion.analysis import analyse_motion
from annotations.motion.errors import MotionStoreError
from annotations.motion.placed_request import request_of
from annotations.motion.result import ALGORITHM, MotionRequest, MotionResult
from annotations.motion.tissue_map import measure_tissue_map, rest_frame_of
from annotations.motion.tissue_map_store import shipped_map_path
from annotations.opened_case import OpenedCase

Signature = tuple[int, int]


def shipped_path(case: str, clip: str, folder: Path = BUNDLED_FOLDER) -> Path:
    """Return where the result of a clip is shipped, whether or not it is there."""
    return folder / case / "motion" / f"{clip}.json"


def shipped_motion(path: Path, file: Path, request: MotionRequest) -> MotionResult | None:
    """Return the shipped result of a clip.

    Parameters
    ----------
    path : Path
        Where it is shipped, as `shipped_path` returns it.
    file : Path
        The clip's file.
    request : MotionRequest
        What is asked.

    Returns
    -------
    MotionResult or None
        None where nothing is shipped, or where it is of another file, question or version.
    """
    try:
        sha256, result = _read(path, _signature(path))
        if sha256 != _file_sha256(file, _signature(file)):
            return None
    except (OSError, ValueError, KeyError, TypeError, AnnotationError):
        return None
    asked, algorithm = result.provenance.request, result.provenance.algorithm
    return result if (asked, algorithm) == (request, ALGORITHM) else None


def ship_motion(opened: OpenedCase, say: Callable[[Path], None], folder: Path = BUNDLED_FOLDER) -> None:
    """Measure the long-axis clips of a bundled case and write the results where they are shipped.

    Parameters
    ----------
    opened : OpenedCase
        The case.
    say : callable
        Told of each file that was written.
    folder : Path
        Holds one folder a case.
    """
    case = opened.case.manifest.id
    documents = bundled_documents(case, folder)
    for clip in opened.case.manifest.clips:
        if clip.plane != "long axis":
            continue
        result = analyse_motion(opened.cine(clip.id), request_of(documents, clip.id))
        sha256 = hashlib.sha256((opened.folder / clip.file).read_bytes()).hexdigest()
        content = {"file_sha256": sha256, "result": result.to_json()}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
        path = shipped_path(case, clip.id, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        keep_whole(path, functools.partial(_write, text))
        say(path)
        tissue = measure_tissue_map(opened.cine(clip.id), rest_frame_of(result)).to_bytes()
        keep_whole(shipped_map_path(case, clip.id, folder), functools.partial(_write_bytes, tissue))
        say(shipped_map_path(case, clip.id, folder))


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def _write_bytes(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _signature(path: Path) -> Signature:
    """Return what changes when a file does."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


@functools.lru_cache(maxsize=64)
def _file_sha256(file: Path, _changed: Signature) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@functools.lru_cache(maxsize=64)
def _read(path: Path, _changed: Signature) -> tuple[str, MotionResult]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise MotionStoreError(f"{path}: this is no shipped motion; write it anew.")
    return str(content["file_sha256"]), MotionResult.from_json(content["result"])
