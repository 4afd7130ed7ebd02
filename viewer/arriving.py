"""Files on their way into a visit: kept whole or not at all, in the folders that they came from.

Each thing that was dropped, a file or a folder, has a number. What it holds is recreated below a folder of
that number, under names that no disk takes amiss and that lead nowhere else::

    <folder>/parts/…              files that are being received
    <folder>/<number>/clip.dcm    a file
    <folder>/<number>/thigh/…     a folder with all that was in it
"""

import re
import shutil
import threading
import unicodedata
import uuid
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

MAX_FILES = 2_000
MAX_THINGS = 100_000
MAX_DEPTH = 16
MAX_NAME_BYTES = 120
MAX_PATH_BYTES = 600
_NOT_IN_NAMES = frozenset('<>:"|?*\\/')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class ArrivalRefusedError(Exception):
    """A file that is being sent is not taken; the message is the sentence for the person.

    Parameters
    ----------
    message : str
        What is wrong and what to do.
    status_code : int
        The HTTP status that says so.
    """

    def __init__(self, message: str, status_code: int) -> None:
        super().__init__(message)
        self.status_code = status_code


def safe_path(text: str) -> PurePosixPath:
    """Return the path that a file gets below its number.

    Parameters
    ----------
    text : str
        Its path as the sender says it: the name alone, or folders and name with slashes between them.

    Returns
    -------
    PurePosixPath
        Relative; letters that a disk may not take are replaced.

    Raises
    ------
    ArrivalRefusedError
        If it leads outside, or is nested too deep or too long.

    Examples
    --------
    >>> safe_path("thigh/left: 1.dcm").as_posix()
    'thigh/left_ 1.dcm'
    >>> safe_path("NUL.dcm").as_posix()
    '_NUL.dcm'
    """
    parts = text.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise ArrivalRefusedError(
            "The path of this file leads outside its folder; open the file itself.", 400
        )
    if len(parts) > MAX_DEPTH:
        raise ArrivalRefusedError(
            f"The folder is nested more than {MAX_DEPTH} deep; open the folder inside it.", 400
        )
    path = PurePosixPath(*map(safe_name, parts))
    if len(path.as_posix().encode()) > MAX_PATH_BYTES:
        raise ArrivalRefusedError("The path of this file is too long; open the folder inside it.", 400)
    return path


def safe_name(name: str) -> str:
    """Return the name that one file or folder gets; it leads nowhere and no disk takes it amiss.

    >>> safe_name("../thigh.dcm")
    '_thigh.dcm'
    """
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(
        "_" if letter in _NOT_IN_NAMES or not letter.isprintable() else letter for letter in composed
    )
    short = kept.encode("utf-8", "replace")[-MAX_NAME_BYTES:].decode(errors="ignore").strip(". ") or "_"
    return f"_{short}"[-MAX_NAME_BYTES:] if _RESERVED.fullmatch(short) else short


@dataclass(frozen=True, slots=True)
class Arrived:
    """One thing that has arrived.

    Parameters
    ----------
    number : int
        Its number.
    path : Path
        The file, or the folder.
    """

    number: int
    path: Path


@dataclass(slots=True)
class _Thing:
    root: str
    paths: dict[str, str] = field(default_factory=dict)
    files: int = 0


class Arrivals:
    """What is arriving in one visit, until it is read.

    Parameters
    ----------
    folder : Path
        A folder of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = folder / "parts"
        self._parts.mkdir(mode=0o700, parents=True)
        self._things: dict[int, _Thing] = {}
        self._spent: set[int] = set()
        self._guard = threading.Lock()

    def begin(self, number: int, text: str) -> tuple[Path, Path]:
        """Give a file its place.

        Parameters
        ----------
        number : int
            Number of the thing that it is, or lies in.
        text : str
            Its path as the sender says it.

        Returns
        -------
        part : Path
            Where it is written while it arrives.
        place : Path
            Where it will lie.

        Raises
        ------
        ArrivalRefusedError
            If there is no place for it.
        """
        path = safe_path(text)
        with self._guard:
            if number in self._spent or number >= MAX_THINGS:
                raise ArrivalRefusedError("This file is no longer expected; drop it again.", 409)
            if sum(len(thing.paths) for thing in self._things.values()) >= MAX_FILES:
                raise ArrivalRefusedError(
                    f"At most {MAX_FILES} files are opened at once; open a part of them.", 413
                )
            thing = self._things.setdefault(number, _Thing(path.parts[0]))
            is_alone = len(path.parts) == 1
            if thing.root != path.parts[0] or (is_alone and thing.paths) or text in thing.paths.values():
                raise ArrivalRefusedError("This file is being sent twice; drop it again.", 409)
            free = _free(path, thing.paths)
            thing.paths[free.as_posix().casefold()] = text
        return self._parts / f"{uuid.uuid4().hex}.part", self.folder / str(number) / free

    def keep(self, number: int, part: Path, place: Path) -> None:
        """Put a file that has arrived whole into its place.

        Raises
        ------
        ArrivalRefusedError
            If it is no longer wanted.
        """
        with self._guard:
            thing = self._things.get(number)
            if thing is None:
                raise ArrivalRefusedError("The sending of this file was cancelled.", 409)
            place.parent.mkdir(parents=True, exist_ok=True)
            part.replace(place)
            thing.files += 1

    def give_up(self, number: int, text: str) -> None:
        """Forget a file that did not arrive; it may be sent again."""
        with self._guard:
            thing = self._things.get(number)
            if thing is not None:
                thing.paths = {key: said for key, said in thing.paths.items() if said != text}

    def cancel(self, number: int) -> None:
        """Delete what has arrived under a number; nothing more is taken there."""
        with self._guard:
            self._things.pop(number, None)
            self._spent.add(number)
        shutil.rmtree(self.folder / str(number), ignore_errors=True)

    def take(self) -> list[Arrived]:
        """Return all that has arrived whole, in the order of its numbers; its folders are now the caller's."""
        with self._guard:
            taken = sorted((number, thing) for number, thing in self._things.items())
            self._spent.update(number for number, _ in taken)
            self._things.clear()
        return [
            Arrived(number, self.folder / str(number) / thing.root) for number, thing in taken if thing.files
        ]


def _free(path: PurePosixPath, taken: dict[str, str]) -> PurePosixPath:
    """Give a path that no other one equals, not even on a disk that does not tell capitals apart."""
    found, again = path, 1
    while found.as_posix().casefold() in taken:
        again += 1
        found = path.with_name(f"{path.stem[:80]}~{again}{path.suffix}")
    return found
