"""What arrives with one call: files, folders, archives; what belongs together is opened as one."""

import functools
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cases.archive import is_archive, unpack
from cases.clip import ClipHead
from cases.decoding.conversation import Progress
from cases.decoding.decoder import Decoder, IsCancelled
from cases.decoding.first_look import Glance
from cases.decoding.source import Wishes
from cases.decoding.zip_members import MAX_FILES
from cases.disc_index import arranged
from cases.disk_room import DiskRoom
from cases.errors import CaseError, ImportCancelledError, StoreError, UnreadableClipError
from cases.grouping import Arrival, Group, grouped
from cases.sentences import Refusal
from cases.store import ClipStore

_log = logging.getLogger(__name__)

NamedProgress = Callable[[str, int, int | None], None]
_ABOUT_SOME_FRAMES = frozenset(
    refusal.name
    for refusal in (
        Refusal.FRAMES_DAMAGED,
        Refusal.FRAME_EMPTY,
        Refusal.FRAMES_FEWER,
        Refusal.FRAMES_MORE,
        Refusal.PIXELS_CUT,
        Refusal.VIDEO_ENDS_EARLY,
    )
)
_SKIPPED_NAMES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


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
    good_frames : int or None
        How many frames could be read where not all could.
    same_as : str or None
        Name of an earlier file of this call that holds the same clip.
    group : Group or None
        What it was read from; kept only where the person may ask for its good frames.
    """

    name: str
    head: ClipHead | None = None
    error: str | None = None
    carries_identity: bool = False
    can_keep_good_frames: bool = False
    good_frames: int | None = None
    same_as: str | None = None
    group: Group | None = field(default=None, repr=False)


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
            for group in plan(paths, decoder, Path(room), cancel=cancel):
                if cancel is not None and cancel():
                    break
                tell = None if progress is None else functools.partial(progress, group.name)
                for one in open_group(group, store, decoder, progress=tell, cancel=cancel):
                    opened.append(replace(one, same_as=_earlier(one, opened)))
        except ImportCancelledError:
            pass
    return opened


def _earlier(one: Opened, opened: Sequence[Opened]) -> str | None:
    same = (o.name for o in opened if one.head and o.head and o.head.sha256 == one.head.sha256)
    return next(same, None)


def plan(
    paths: Sequence[Path],
    decoder: Decoder,
    room: Path,
    *,
    disk: DiskRoom | None = None,
    progress: Callable[[int], None] | None = None,
    cancel: IsCancelled | None = None,
) -> list[Group]:
    """Say which files are opened together; archives are unpacked, and every file is looked at.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders and archives.
    decoder : Decoder
        Looks at the files.
    room : Path
        An empty folder for what archives hold; it must last until the groups have been opened.
    disk : DiskRoom or None
        How much archives may fill, where that is limited.
    progress : callable or None
        Called with how many files have been looked at.
    cancel : callable or None
        Asked before each file is looked at, and often while an archive is unpacked.

    Returns
    -------
    list of Group
        In the order of arrival.

    Raises
    ------
    ImportCancelledError
        If it was cancelled.
    """
    means = _Means(decoder, disk, cancel)

    def looked_at() -> Iterator[tuple[Arrival, Glance | None]]:
        for count, arrival in enumerate(_arrivals(paths, room, means), start=1):
            yield arrival, _look(arrival, decoder, cancel)
            if progress is not None:
                progress(count)

    return grouped(arranged(looked_at()))


def open_group(
    group: Group,
    store: ClipStore,
    decoder: Decoder,
    *,
    progress: Progress | None = None,
    cancel: IsCancelled | None = None,
) -> list[Opened]:
    """Open one group of a plan.

    Parameters
    ----------
    group : Group
        One file, or those that belong together; whether only its good frames are wanted, it says itself.
    store : ClipStore
        Keeps the pack.
    decoder : Decoder
        Decodes the files.
    progress : callable or None
        Called with the frames done and the frames declared.
    cancel : callable or None
        Asked often.

    Returns
    -------
    list of Opened
        One; several where files that seemed to be a series differ and are opened one by one.

    Raises
    ------
    ImportCancelledError
        If it was cancelled; nothing of it is kept then.
    """
    first = group.arrivals[0]
    if first.refused is not None:
        _log.warning("refused on arrival: %s", getattr(first.refused, "refusal", "not kept"))
        return [Opened(first.name, error=str(first.refused))]
    paths = [arrival.path for arrival in group.arrivals]
    wishes = Wishes(
        are_frames_in_time=group.are_frames_in_time,
        keep_good_frames=group.keeps_good_frames,
        pictures_missing=group.pictures_missing,
    )
    try:
        imported = store.import_series(paths, decoder, wishes=wishes, progress=progress, cancel=cancel)
    except UnreadableClipError as error:
        if error.refusal == Refusal.SERIES_UNALIKE.name:
            alone = (Group([arrival], group.carries_identity) for arrival in group.arrivals)
            return [
                opened
                for one in alone
                for opened in open_group(one, store, decoder, progress=progress, cancel=cancel)
            ]
        return [_refused(group, error)]
    except StoreError as error:
        return [Opened(group.name, error=str(error), carries_identity=group.carries_identity)]
    return [Opened(group.name, head=imported.head, carries_identity=group.carries_identity)]


def sentence_of(error: CaseError, name: str) -> str:
    """Return an error's sentence without the file's name before it."""
    return str(error).removeprefix(f"{name}: ")


@dataclass(frozen=True, slots=True, eq=False)
class _Means:
    """What archives are unpacked with."""

    decoder: Decoder
    disk: DiskRoom | None
    cancel: IsCancelled | None


def _arrivals(paths: Sequence[Path], room: Path, means: _Means) -> Iterator[Arrival]:
    for index, path in enumerate(paths):
        own_room = room / str(index)
        inside = (
            _of_folder(path, own_room, means) if path.is_dir() else _of_file(path, path.name, own_room, means)
        )
        for arrival in inside:
            yield replace(arrival, index=index)


def _of_folder(folder: Path, room: Path, means: _Means) -> Iterator[Arrival]:
    inside = sorted((path for path in folder.rglob("*") if _is_wanted(path, folder)), key=_natural)
    if not inside or len(inside) > MAX_FILES:
        refusal = Refusal.ARCHIVE_TOO_MANY if inside else Refusal.NOTHING_INSIDE
        sentence = refusal.say({"limit": MAX_FILES})
        yield Arrival(folder, folder.name, refused=UnreadableClipError(sentence, refusal.name))
        return
    for index, path in enumerate(inside):
        name = path.relative_to(folder).as_posix()
        for arrival in _of_file(path, name, room / str(index), means):
            yield replace(arrival, origin=str(room))


def _of_file(path: Path, name: str, room: Path, means: _Means) -> Iterator[Arrival]:
    if not is_archive(path):
        yield Arrival(path, name)
        return
    try:
        unpacked = unpack(path, room, means.decoder, cancel=means.cancel, disk=means.disk)
        if not unpacked:
            raise UnreadableClipError(Refusal.NOTHING_INSIDE.say({}), Refusal.NOTHING_INSIDE.name)
    except UnreadableClipError as error:
        shutil.rmtree(room, ignore_errors=True)
        sentence = sentence_of(error, path.name)
        yield Arrival(path, name, refused=type(error)(sentence, error.refusal))
        return
    except OSError as error:
        shutil.rmtree(room, ignore_errors=True)
        sentence = f"The archive could not be unpacked on the server ({error.strerror}); free some space."
        yield Arrival(path, name, refused=StoreError(sentence))
        return
    wanted = [file for file in unpacked if file.path.name not in _SKIPPED_NAMES]
    for file in sorted(wanted, key=lambda file: _natural(Path(file.name))):
        yield Arrival(file.path, file.name, str(room), file.refused)


def _is_wanted(path: Path, folder: Path) -> bool:
    """Whether a file is worth a look: not one of the system's own, and no link that leads out of the folder."""
    is_inside = path.resolve().is_relative_to(folder.resolve())
    return is_inside and path.is_file() and path.name not in _SKIPPED_NAMES and not path.name.startswith("._")


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", path.as_posix())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _look(arrival: Arrival, decoder: Decoder, cancel: IsCancelled | None) -> Glance | None:
    if arrival.refused is not None:
        return None
    try:
        return decoder.look(arrival.path, cancel=cancel)
    except UnreadableClipError:
        return None  # reading it will say the same


def _refused(group: Group, error: UnreadableClipError) -> Opened:
    sentence = str(error)
    first, more = group.arrivals[0].path.name, len(group.arrivals) - 1
    sentence = sentence_of(UnreadableClipError(sentence), f"{first} and {more} more")
    for arrival in group.arrivals:
        sentence = sentence_of(UnreadableClipError(sentence), arrival.path.name)
    good_frames = error.inspection.frames_decoded if error.inspection else None
    can_keep = error.refusal in _ABOUT_SOME_FRAMES and bool(good_frames)
    return Opened(
        group.name,
        error=sentence,
        carries_identity=group.carries_identity,
        can_keep_good_frames=can_keep,
        good_frames=good_frames if can_keep else None,
        group=group if can_keep else None,
    )
