"""Which of the files that arrived belong together: the slices of a series, the numbered pictures of a folder."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePosixPath

from cases.clip import Container
from cases.decoding.first_look import Glance
from cases.errors import CaseError

MIN_NUMBERED_PICTURES = 3
_PICTURES = frozenset({Container.PNG, Container.JPEG, Container.BMP})


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file, with the name that the person knows it by.

    Parameters
    ----------
    path : Path
        Where it is.
    name : str
        Its name, with the folders inside what arrived.
    origin : str
        The folder or archive that it came in; empty where it came alone.
    refused : CaseError or None
        Why it is refused already.
    index : int
        Which of the files, folders and archives that arrived it came with; 0-based.
    """

    path: Path
    name: str
    origin: str = ""
    refused: CaseError | None = None
    index: int = 0


@dataclass(slots=True)
class Group:
    """Files that are opened as one.

    Parameters
    ----------
    arrivals : list of Arrival
        One file, the slices of one series, or the numbered pictures of one folder.
    carries_identity : bool
        Whether one of their headers still names a person.
    are_frames_in_time : bool
        Whether they are the frames of one clip.
    keeps_good_frames : bool
        Whether damaged and missing frames are left out, as the person decided.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    carries_identity: bool = False
    are_frames_in_time: bool = False
    keeps_good_frames: bool = False

    @property
    def name(self) -> str:
        """The name of the file, or of the first one and how many follow it."""
        first, more = self.arrivals[0].name, len(self.arrivals) - 1
        return first if more == 0 else f"{first} and {more} more"

    @property
    def pictures_missing(self) -> int:
        """How many numbers are missing between numbered pictures, by their smallest step."""
        if not self.are_frames_in_time:
            return 0
        numbers = {found[1] for arrival in self.arrivals if (found := number_of(arrival.name)) is not None}
        steps = [later - earlier for earlier, later in pairwise(sorted(numbers))]
        return sum(step // min(steps) - 1 for step in steps)


def grouped(looked_at: Iterable[tuple[Arrival, Glance | None]]) -> list[Group]:
    """Say which files are opened together.

    Parameters
    ----------
    looked_at : iterable of (Arrival, Glance or None)
        The files, and what each one is; None where it could not be looked at.

    Returns
    -------
    list of Group
        In the order of arrival; a group stands where its first file came.
    """
    groups: dict[str, Group] = {}
    slices = _Slices()
    for index, (arrival, glance) in enumerate(looked_at):
        key = _key(arrival, glance) or f"alone/{index}"
        is_slice = glance is not None and glance.series is not None
        if is_slice and slices.have_copy_of(arrival.path, glance.instance if glance else None):
            continue
        group = groups.setdefault(key, Group(are_frames_in_time=key.startswith("numbered/")))
        group.arrivals.append(arrival)
        group.carries_identity |= glance is not None and glance.carries_identity
    return [part for group in groups.values() for part in _split_if_few(group)]


class _Slices:
    """The slices so far, of which a copy is no second slice; only those of one identifier are read to compare them."""

    def __init__(self) -> None:
        self._first: dict[str, Path] = {}
        self._digests: dict[str, set[str]] = {}

    def have_copy_of(self, path: Path, instance: str | None) -> bool:
        """Whether a file of this very content was here; it is remembered."""
        if instance is None:
            return False
        first = self._first.setdefault(instance, path)
        if first == path:
            return False
        digests = self._digests.setdefault(instance, {_digest(first)})
        digest = _digest(path)
        is_copy = digest in digests
        digests.add(digest)
        return is_copy


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def number_of(name: str) -> tuple[str, int] | None:
    """Split a name into what stays and its last number.

    Examples
    --------
    >>> number_of("jump/frame_048.png")
    ('jump/frame_#.png', 48)
    """
    path = PurePosixPath(name)
    found = re.fullmatch(r"(.*?)(\d+)(\D*)", path.stem)
    if found is None:
        return None
    before, digits, after = found.groups()
    return f"{path.parent / before}#{after}{path.suffix.lower()}".removeprefix("./"), int(digits[-15:])


def _key(arrival: Arrival, glance: Glance | None) -> str | None:
    if glance is None:
        return None
    if glance.series is not None:
        return f"series/{glance.series}"
    numbered = number_of(arrival.name)
    if arrival.origin and glance.container in _PICTURES and numbered is not None:
        return f"numbered/{arrival.origin}/{glance.container}/{numbered[0]}"
    return None


def _split_if_few(group: Group) -> list[Group]:
    if not group.are_frames_in_time:
        return [group]
    if len(group.arrivals) < MIN_NUMBERED_PICTURES:
        return [Group([arrival], group.carries_identity) for arrival in group.arrivals]
    group.arrivals.sort(key=lambda arrival: (number_of(arrival.name) or ("", 0))[1])
    return [group]
