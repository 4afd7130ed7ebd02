"""How much bit rot is noticed: bytes inside the frames of intact videos are changed, and what is said is counted."""

import contextlib
import random
from dataclasses import dataclass
from pathlib import Path

import av

from cases.decoding.recognition import recognise
from cases.decoding.source import EncodeAgainError, Findings, RefusedError, Wishes
from cases.decoding.video import DEMUXERS, VideoSource
from tests.cases.fuzzing.seeds import seeds

_HEADER_BYTES = 12
_CHANGED_BYTES = (1, 1, 4, 24)


@dataclass(slots=True)
class Noticed:
    """Rotten files of one format: those that do not show what the intact one shows, and those that it is said of."""

    changed: int = 0
    said: int = 0


def rates(folder: Path, files: int, seed: int = 0) -> dict[str, Noticed]:
    """Change bytes inside frames, file after file.

    Parameters
    ----------
    folder : Path
        Where the files are written.
    files : int
        Of each format.
    seed : int
        Equal seeds make equal files.

    Returns
    -------
    dict of str to Noticed
        By the names of the formats.
    """
    found: dict[str, Noticed] = {}
    for intact in seeds(folder):
        path = folder / "rotten"
        path.write_bytes(intact.content)
        container = recognise(path, Wishes().limits)
        if container not in DEMUXERS:
            continue
        noticed = found.setdefault(intact.format, Noticed())
        expected, _ = _shown(path)
        with av.open(str(path)) as opened:
            stream = opened.streams.video[0]
            frames = [(one.pos, one.size) for one in opened.demux(stream) if one.pos is not None and one.size]
        rng = random.Random(f"{seed} {intact.format}")
        for _ in range(files):
            path.write_bytes(_rotten(intact.content, *rng.choice(frames), rng))
            shown, is_said = _shown(path)
            noticed.changed += is_said or shown != expected
            noticed.said += is_said
    return found


def _rotten(content: bytes, position: int, size: int, rng: random.Random) -> bytes:
    changed = bytearray(content)
    at = position + rng.randrange(min(_HEADER_BYTES, size - 1), size)
    for k in range(at, min(at + rng.choice(_CHANGED_BYTES), position + size, len(content))):
        changed[k] ^= rng.randrange(1, 256)
    return bytes(changed)


def _shown(path: Path) -> tuple[list[bytes], bool]:
    """Return the frames of a file, and whether it is refused or said that some of them look damaged."""
    findings = Findings(container=recognise(path, Wishes().limits))
    try:
        source = VideoSource(path, Wishes(), findings)
    except (RefusedError, MemoryError):
        return [], True
    with contextlib.closing(source):
        for _ in range(3):
            try:
                return list(source.frames()), any("look damaged" in remark for remark in findings.remarks)
            except EncodeAgainError:
                continue
            except (RefusedError, MemoryError):  # the worker refuses both
                break
    return [], True
