"""What arrives with one call: files, folders, archives; what belongs together is opened as one."""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cases.archive import MAX_FILES, is_archive, unpack
from cases.clip import ClipHead
from cases.decoding.decoder import Decoder, Glance, IsCancelled
from cases.decoding.source import Wishes
from cases.errors import CaseError, ImportCancelledError, StoreError, UnreadableClipError
from cases.grouping import Arrival, Group, grouped
from cases.sentences import Refusal
from cases.settings import Limits
from cases.store import ClipStore

NamedProgress = Callable[[str, int, int | None], None]
_SKIPPED_NAMES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "DICOMDIR"})


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of one file or series.

    Parameters
    ----------
    name : str
        Its name as the person knows it.
    head : ClipHead or None
        The clip; None where it could not be read.
    error : str or None
        One sentence why not; without the name.
    carries_identity : bool
        Whether the header still names a person.
    can_keep_good_frames : bool
        Whether it would open without its damaged or missing frames.
    same_as : str or None
        Name of an earlier file of this call that holds the same clip.
    """

    name: str
    head: ClipHead | None = None
    error: str | None = None
    carries_identity: bool = False
    can_keep_good_frames: bool = False
    same_as: str | None = None


def open_files(
    paths: Sequence[Path],
    store: ClipStore,
    decoder: Decoder,
    *,
    progress: NamedProgress | None = None,
    cancel: IsCancelled | None = None,
) -> list[Opened]:
    """Open files, folders and archives; each file or series becomes a clip or one sentence, in order.

    Parameters
    ----------
    paths : sequence of Path
        What arrived.
    store : ClipStore
        Keeps the packs; archives are unpacked beside them and removed again.
    decoder : Decoder
        Decodes the files.
    progress : callable or None
        Called with the name, the frames done and the frames declared.
    cancel : callable or None
        Asked often; files not opened yet are then left out.

    Returns
    -------
    list of Opened
        One for each file or series.
    """
    opened: list[Opened] = []
    with tempfile.TemporaryDirectory(prefix="unpacking-", dir=store.folder) as room:
        try:
            for group in plan(paths, decoder, Path(room)):
                if cancel is not None and cancel():
                    break
                for one in _opened(group, store, decoder, progress, cancel):
                    opened.append(replace(one, same_as=_earlier(one, opened)))
        except ImportCancelledError:
            pass
    return opened


def _earlier(one: Opened, opened: Sequence[Opened]) -> str | None:
    same = (o.name for o in opened if one.head and o.head and o.head.sha256 == one.head.sha256)
    return next(same, None)


def plan(paths: Sequence[Path], decoder: Decoder, room: Path) -> list[Group]:
    """Say which files are opened together; archives are unpacked, and every file is looked at.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders and archives.
    decoder : Decoder
        Looks at the files.
    room : Path
        An empty folder for what archives hold.

    Returns
    -------
    list of Group
        In the order of arrival.
    """
    return grouped((arrival, _look(arrival, decoder)) for arrival in _arrivals(paths, room, decoder.limits))


def sentence_of(error: CaseError, name: str) -> str:
    """Return an error's sentence without the file's name before it."""
    return str(error).removeprefix(f"{name}: ")


def _arrivals(paths: Sequence[Path], room: Path, limits: Limits) -> Iterator[Arrival]:
    for index, path in enumerate(paths):
        if path.is_dir():
            yield from _of_folder(path, room / str(index), limits)
        else:
            yield from _of_file(path, path.name, room / str(index), limits)


def _of_folder(folder: Path, room: Path, limits: Limits) -> Iterator[Arrival]:
    inside = sorted((path for path in folder.rglob("*") if _is_wanted(path)), key=_natural)
    if not inside or len(inside) > MAX_FILES:
        refusal = Refusal.ARCHIVE_TOO_MANY if inside else Refusal.NOTHING_INSIDE
        sentence = refusal.say({"limit": MAX_FILES})
        yield Arrival(folder, folder.name, refused=UnreadableClipError(sentence, refusal.name))
        return
    for index, path in enumerate(inside):
        name = path.relative_to(folder).as_posix()
        for arrival in _of_file(path, name, room / str(index), limits):
            yield replace(arrival, origin=str(room))


def _of_file(path: Path, name: str, room: Path, limits: Limits) -> Iterator[Arrival]:
    if not is_archive(path):
        yield Arrival(path, name)
        return
    try:
        unpacked = unpack(path, room, limits)
        if not unpacked:
            raise UnreadableClipError(Refusal.NOTHING_INSIDE.say({}), Refusal.NOTHING_INSIDE.name)
    except UnreadableClipError as error:
        yield Arrival(path, name, refused=error)
        return
    wanted = [file for file in unpacked if file.path.name not in _SKIPPED_NAMES]
    for file in sorted(wanted, key=lambda file: _natural(Path(file.name))):
        yield Arrival(file.path, file.name, origin=str(room))


def _is_wanted(path: Path) -> bool:
    return path.is_file() and path.name not in _SKIPPED_NAMES and not path.name.startswith("._")


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", path.as_posix())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _look(arrival: Arrival, decoder: Decoder) -> Glance | None:
    if arrival.refused is not None:
        return None
    try:
        return decoder.look(arrival.path)
    except UnreadableClipError:
        return None  # reading it will say the same


def _opened(
    group: Group,
    store: ClipStore,
    decoder: Decoder,
    progress: NamedProgress | None,
    cancel: IsCancelled | None,
) -> list[Opened]:
    first = group.arrivals[0]
    if first.refused is not None:
        return [Opened(first.name, error=str(first.refused))]

    def tell(done: int, declared: int | None) -> None:
        if progress is not None:
            progress(group.name, done, declared)

    paths = [arrival.path for arrival in group.arrivals]
    wishes = Wishes(are_frames_in_time=group.are_frames_in_time)
    try:
        imported = store.import_series(paths, decoder, wishes=wishes, progress=tell, cancel=cancel)
    except UnreadableClipError as error:
        if error.refusal == Refusal.SERIES_UNALIKE.name:
            return [
                opened
                for arrival in group.arrivals
                for opened in _opened(
                    Group([arrival], group.carries_identity), store, decoder, progress, cancel
                )
            ]
        return [_refused(group, error)]
    except StoreError as error:
        return [Opened(group.name, error=str(error), carries_identity=group.carries_identity)]
    return [Opened(group.name, head=imported.head, carries_identity=group.carries_identity)]


def _refused(group: Group, error: UnreadableClipError) -> Opened:
    sentence = str(error)
    for arrival in group.arrivals:
        sentence = sentence_of(UnreadableClipError(sentence), arrival.path.name)
    can_keep = error.refusal in (
        Refusal.FRAMES_DAMAGED.name,
        Refusal.FRAMES_FEWER.name,
        Refusal.FRAMES_MORE.name,
        Refusal.PIXELS_CUT.name,
    )
    return Opened(
        group.name,
        error=sentence,
        carries_identity=group.carries_identity,
        can_keep_good_frames=can_keep and bool(error.inspection and error.inspection.frames_decoded),
    )
