"""Maps of the tissue kept by the clip that they were measured in, and those shipped with the bundled cases.

::

    <data folder>/motion/tissue/<SHA-256 of the pack>.tissue
    annotations/bundled/<case>/motion/<clip>.tissue
"""

import functools
from pathlib import Path

from annotations.exchange.writing import keep_whole
from annotations.layers import BUNDLED_FOLDER
from annotations.motion.errors import MotionStoreError
from annotations.motion.result import MotionResult
from annotations.motion.tissue_map import (
    MAP_ALGORITHM,
    MAX_FRAMES,
    TissueMap,
    measure_tissue_map,
    read_map_head,
    rest_frame_of,
)
from annotations.motion.work import Work
from cases.cine import Cine
from cases.settings import data_folder

HEAD_BYTES = 4096
SUFFIX = ".tissue"
TISSUE_FOLDER = "tissue"
"""Beside the other results of motion."""

Signature = tuple[tuple[str, int, int], ...]


class TissueMapStore:
    """Maps in one folder, beside those that are shipped.

    Parameters
    ----------
    folder : Path, optional
        The folder; ``motion/tissue`` in the data folder when left out. Made when the first map is kept.
    shipped : Path
        Holds one folder a bundled case.
    """

    def __init__(self, folder: Path | None = None, shipped: Path = BUNDLED_FOLDER) -> None:
        self.folder = data_folder() / "motion" / TISSUE_FOLDER if folder is None else folder
        self._shipped = shipped

    def path(self, pack_sha256: str) -> Path | None:
        """Return the file of a clip's map; None where nobody has measured one with these trackers."""
        own = self._own(pack_sha256)
        if _head_of(own) == (pack_sha256, MAP_ALGORITHM):
            return own
        return _shipped_maps(self._shipped, _signature(self._shipped)).get(pack_sha256)

    def find(self, pack_sha256: str) -> TissueMap | None:
        """Return a clip's map; None where there is none that can be read."""
        path = self.path(pack_sha256)
        try:
            return None if path is None else TissueMap.from_bytes(path.read_bytes())
        except (OSError, MotionStoreError):
            return None

    def keep(self, tissue: TissueMap) -> None:
        """Write a map.

        Raises
        ------
        MotionStoreError
            If the data folder cannot be written to.
        """
        path = self._own(tissue.pack_sha256)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise MotionStoreError(
                f"{self.folder}: the data folder cannot be written to ({error.strerror}); free some space."
            ) from error
        keep_whole(path, lambda part: part.write_bytes(tissue.to_bytes()))

    def _own(self, pack_sha256: str) -> Path:
        return self.folder / f"{pack_sha256}{SUFFIX}"


def missing_map(
    cine: Cine, result: MotionResult, store: TissueMapStore, *, work: Work | None = None
) -> TissueMap | None:
    """Follow the tissue of a measured clip; ``None`` where its map is kept, and where the clip is too long for one."""
    if store.path(cine.head.sha256) is not None or len(cine.frames) > MAX_FRAMES:
        return None
    return measure_tissue_map(cine, rest_frame_of(result), work=work)


def shipped_map_path(case: str, clip: str, folder: Path = BUNDLED_FOLDER) -> Path:
    """Return where the map of a bundled clip is shipped, whether or not it is there."""
    return folder / case / "motion" / f"{clip}{SUFFIX}"


def _head_of(path: Path) -> tuple[str, int] | None:
    """Return clip and version of a map, from the beginning of its file; None where it is none."""
    try:
        with path.open("rb") as file:
            head = read_map_head(file.read(HEAD_BYTES))
        return str(head["pack_sha256"]), int(head["algorithm"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _signature(folder: Path) -> Signature:
    """Return what changes when a shipped map does."""
    stats = [(path, path.stat()) for path in sorted(folder.glob(f"*/motion/*{SUFFIX}"))]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@functools.lru_cache(maxsize=4)
def _shipped_maps(_folder: Path, files: Signature) -> dict[str, Path]:
    found = {}
    for name, _changed_ns, _bytes in files:
        head = _head_of(Path(name))
        if head is not None and head[1] == MAP_ALGORITHM:
            found[head[0]] = Path(name)
    return found
