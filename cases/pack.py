"""The pack: one immutable file a clip, written once and read by frame.

::

    bytes 0-7     magic ``MSUSPK01``
    bytes 8-11    length H of the head, uint32 little-endian
    H bytes       head, JSON in UTF-8
    4·(frames+1)  offsets of the frames, uint32 little-endian, from the payload's start; the last is its end
    payload       the encoded frames, one after the other

The name of a pack is the SHA-256 of the whole file.
"""

import hashlib
import itertools
import json
import math
import struct
from array import array
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from cases.calibration import Region, ScaleSource
from cases.clip import ClipHead, ClipKind, Colour, Encoding, Window
from cases.errors import CaseError, LimitExceededError, StoreError
from cases.frame_timing import FrameTiming, TimingSource
from cases.sentences import Refusal

MAGIC = b"MSUSPK01"
VERSION = 1
MAX_PAYLOAD_BYTES = 2**32 - 1
MAX_HEAD_BYTES = 16 * 1024 * 1024
_COPY_BYTES = 1 << 20


def head_to_json(head: ClipHead) -> dict[str, Any]:
    """Return the head as the JSON object that stands in the pack; the pack's own name is not in it."""
    return {
        "version": VERSION,
        "kind": head.kind,
        "frames": head.frames,
        "rows": head.rows,
        "columns": head.columns,
        "encoding": head.encoding,
        "colour": head.colour,
        "frame_starts_s": None if head.frame_starts_s is None else list(head.frame_starts_s),
        "duration_s": head.duration_s,
        "timing_source": head.timing_source,
        "regions": [region_to_json(region) for region in head.regions],
        "scale_source": head.scale_source,
        "scale_refused_because": head.scale_refused_because,
        "rescale_slope": head.rescale_slope,
        "rescale_intercept": head.rescale_intercept,
        "windows": [{"name": w.name, "center": w.center, "width": w.width} for w in head.windows],
        "warnings": list(head.warnings),
    }


def region_to_json(region: Region) -> dict[str, Any]:
    """Return a region as the JSON object that stands in a pack and in an inspection.

    What is the rule is left out, so that a pack keeps the name under which what was measured in it is known.
    """
    return {
        "x0": region.x0,
        "y0": region.y0,
        "x1": region.x1,
        "y1": region.y1,
        "mm_per_px_x": region.mm_per_px_x,
        "mm_per_px_y": region.mm_per_px_y,
        **({"is_low_priority": True} if region.is_low_priority else {}),
    }


def head_from_json(content: dict[str, Any], sha256: str = "") -> ClipHead:
    """Check a head that was read and make it a value.

    Parameters
    ----------
    content : dict
        The parsed JSON.
    sha256 : str
        Name of the pack.

    Returns
    -------
    ClipHead
        The checked head.

    Raises
    ------
    StoreError
        If a key is missing or a value is impossible.
    """
    try:
        if content["version"] != VERSION or set(content) != _HEAD_KEYS:
            raise ValueError("version or keys")
        return _checked(_head(content, sha256))
    except (KeyError, TypeError, ValueError, OverflowError, CaseError) as error:
        raise StoreError(
            f"{sha256 or 'the head'}: this is not the head of a clip; import the clip again."
        ) from error


def write_pack(target: IO[bytes], head: ClipHead, lengths: list[int], payload: IO[bytes]) -> str:
    """Write a whole pack and return its name.

    Parameters
    ----------
    target : binary file
        Open for writing, at its start.
    head : ClipHead
        The head; its frame count equals the number of lengths.
    lengths : list of int
        Length of each encoded frame in bytes.
    payload : binary file
        The frames one after the other, at its start.

    Returns
    -------
    str
        SHA-256 of everything written, in hexadecimal.

    Raises
    ------
    LimitExceededError
        If the payload is longer than the offsets can say.
    """
    if sum(lengths) > MAX_PAYLOAD_BYTES:
        raise LimitExceededError(Refusal.CLIP_TOO_LARGE.say({}), Refusal.CLIP_TOO_LARGE.name)
    digest = hashlib.sha256()
    pieces = iter(lambda: payload.read(_COPY_BYTES), b"")
    for piece in itertools.chain([_front(head, lengths)], pieces):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()


def read_head(source: IO[bytes], name: str) -> tuple[ClipHead, tuple[int, ...]]:
    """Read head and frame positions of a pack.

    Parameters
    ----------
    source : binary file
        The pack, at its start.
    name : str
        Its SHA-256.

    Returns
    -------
    head : ClipHead
        The head.
    positions : tuple of int
        Position of each frame in the file, and of the end of the last one: ``frames + 1`` numbers.

    Raises
    ------
    StoreError
        If the file is not a whole pack.
    """
    front = source.read(len(MAGIC) + 4)
    if len(front) != len(MAGIC) + 4 or not front.startswith(MAGIC):
        raise StoreError(f"{name}: this is not a pack; import the clip again.")
    (head_bytes,) = struct.unpack("<I", front[len(MAGIC) :])
    if head_bytes > MAX_HEAD_BYTES:
        raise StoreError(f"{name}: the head of the pack is damaged; import the clip again.")
    try:
        content = json.loads(source.read(head_bytes))
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{name}: the head of the pack is damaged; import the clip again.") from error
    head = head_from_json(content, name)
    return head, _positions(source, head.frames, name)


def read_pack_head(path: Path) -> ClipHead:
    """Read only the head of a pack; its file is named by its SHA-256.

    Raises
    ------
    StoreError
        If the file cannot be read or is not a pack.
    """
    try:
        with path.open("rb") as source:
            return read_head(source, path.stem)[0]
    except OSError as error:
        raise StoreError(
            f"{path}: the pack cannot be read ({error.strerror}); import the clip again."
        ) from error


def _front(head: ClipHead, lengths: list[int]) -> bytes:
    content = json.dumps(
        head_to_json(head), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()
    offsets, end = array("Q", [0]), 0
    for length in lengths:
        end += length
        offsets.append(end)
    return MAGIC + struct.pack("<I", len(content)) + content + struct.pack(f"<{len(offsets)}I", *offsets)


def _positions(source: IO[bytes], frames: int, name: str) -> tuple[int, ...]:
    table = source.read(4 * (frames + 1))
    if len(table) != 4 * (frames + 1):
        raise StoreError(f"{name}: the pack is cut short; import the clip again.")
    start, offsets = source.tell(), struct.unpack(f"<{frames + 1}I", table)
    if offsets[0] != 0 or any(later < earlier for earlier, later in pairwise(offsets)):
        raise StoreError(f"{name}: the index of the pack is damaged; import the clip again.")
    return tuple(start + offset for offset in offsets)


_HEAD_KEYS = frozenset(
    {
        "version",
        "kind",
        "frames",
        "rows",
        "columns",
        "encoding",
        "colour",
        "frame_starts_s",
        "duration_s",
        "timing_source",
        "regions",
        "scale_source",
        "scale_refused_because",
        "rescale_slope",
        "rescale_intercept",
        "windows",
        "warnings",
    }
)


def _head(content: dict[str, Any], sha256: str) -> ClipHead:
    starts_s = content["frame_starts_s"]
    return ClipHead(
        kind=ClipKind(content["kind"]),
        frames=content["frames"],
        rows=content["rows"],
        columns=content["columns"],
        encoding=Encoding(content["encoding"]),
        colour=Colour(content["colour"]),
        timing=FrameTiming(
            None if starts_s is None else tuple(float(start_s) for start_s in starts_s),
            content["duration_s"],
            TimingSource(content["timing_source"]),
        ),
        regions=tuple(Region(**region) for region in content["regions"]),
        scale_source=ScaleSource(content["scale_source"]),
        scale_refused_because=content["scale_refused_because"],
        rescale_slope=float(content["rescale_slope"]),
        rescale_intercept=float(content["rescale_intercept"]),
        windows=tuple(Window(w["name"], float(w["center"]), float(w["width"])) for w in content["windows"]),
        warnings=tuple(content["warnings"]),
        sha256=sha256,
    )


def _checked(head: ClipHead) -> ClipHead:
    counts = (head.frames, head.rows, head.columns)
    if not all(isinstance(count, int) and 1 <= count <= MAX_PAYLOAD_BYTES for count in counts):
        raise ValueError("sizes")
    corners = (corner for r in head.regions for corner in (r.x0, r.y0, r.x1, r.y1))
    if not all(isinstance(corner, int) for corner in corners):
        raise TypeError("regions")
    if not all(isinstance(region.is_low_priority, bool) for region in head.regions):
        raise TypeError("priorities")
    if head.frame_starts_s is not None and len(head.frame_starts_s) != head.frames:
        raise ValueError("times")
    if not (math.isfinite(head.rescale_slope) and math.isfinite(head.rescale_intercept)):
        raise ValueError("rescale")
    if not all(math.isfinite(number) for window in head.windows for number in (window.center, window.width)):
        raise ValueError("windows")
    names = (window.name for window in head.windows)
    if not all(
        isinstance(words, str) for words in (*head.warnings, *names, head.scale_refused_because or "")
    ):
        raise TypeError("sentences")
    return head
