"""Where things are kept and how much a file from outside may ask for."""

import math
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

APPLICATION_NAME = "msus-viewer"
BUNDLED_CASES_FOLDER = Path(__file__).parent / "bundled"

GIB = 1024**3
MAX_VISIT_BYTES = 8 * GIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file, one archive and one decoding process may use.

    Parameters
    ----------
    max_file_bytes, max_archive_bytes : int
        Size of one file, and of one archive when expanded.
    max_archive_ratio : int
        How many times larger than itself an archive may become.
    max_archive_depth : int
        Archives inside an archive that are opened.
    max_frames, max_side_px : int
        Frames of one clip; rows or columns of one frame.
    max_elements, max_nesting : int
        DICOM elements of one file; depth of its sequences.
    max_file_s, max_frame_s : float
        Seconds that a file may take, and one frame of it.
    max_memory_bytes : int
        Memory of the decoding process; it has no such limit on Windows.
    """

    max_file_bytes: int = 2 * GIB
    max_archive_bytes: int = 4 * GIB
    max_archive_ratio: int = 200
    max_archive_depth: int = 1
    max_frames: int = 5_000
    max_side_px: int = 4_096
    max_elements: int = 50_000
    max_nesting: int = 64
    max_file_s: float = 120.0
    max_frame_s: float = 10.0
    max_memory_bytes: int = GIB

    def to_json(self) -> dict[str, int | float]:
        """Return the limits as plain numbers under their names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of this installation.

    Parameters
    ----------
    data_folder : Path
        Holds the person's own clips and cases.
    extra_cases_folder : Path or None
        A further folder of case folders.
    limits : Limits
        What a file from outside may ask for.
    database_url : str or None
        Where marks are kept, ``postgresql+psycopg://…``; None for SQLite in the data folder.
    author_link_anywhere : bool
        Whether the author link counts on addresses other than loopback.
    max_visit_bytes : int
        What one person's opened clips may take on the disk together.
    """

    data_folder: Path
    extra_cases_folder: Path | None = None
    limits: Limits = Limits()
    database_url: str | None = None
    author_link_anywhere: bool = False
    max_visit_bytes: int = MAX_VISIT_BYTES

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the environment, of which each name may be absent.

        ``MSUS_DATA_DIR``, ``MSUS_CASES_DIR``, ``MSUS_DATABASE_URL``; ``MSUS_AUTHOR_LINK``: the author link counts
        away from loopback only where it is ``anywhere``; ``MSUS_VISIT_GIB``: a number above 0, what one person's opened
        clips may take on the disk.
        """
        extra = _said("MSUS_CASES_DIR")
        return cls(
            data_folder=data_folder(),
            extra_cases_folder=Path(extra).expanduser() if extra else None,
            database_url=_said("MSUS_DATABASE_URL") or None,
            author_link_anywhere=_said("MSUS_AUTHOR_LINK") == "anywhere",
            max_visit_bytes=_gib(_said("MSUS_VISIT_GIB")) or MAX_VISIT_BYTES,
        )

    @property
    def case_folders(self) -> tuple[Path, ...]:
        """Folders in which cases are looked for, the bundled ones first."""
        extra = self.extra_cases_folder
        return (BUNDLED_CASES_FOLDER,) if extra is None else (BUNDLED_CASES_FOLDER, extra)


def data_folder() -> Path:
    """Return the folder for the person's own data: ``MSUS_DATA_DIR``, else the platform's usual place."""
    chosen = _said("MSUS_DATA_DIR")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir(APPLICATION_NAME, False))


def _gib(said: str) -> int | None:
    """Return so many GiB in bytes; None where the words are no number above 0."""
    try:
        gib = float(said)
    except ValueError:
        return None
    return int(gib * GIB) if 0 < gib < math.inf else None


def _said(name: str) -> str:
    return os.environ.get(name, "").strip()
