"""The index of a disc (DICOMDIR): which of the files beside it it means, in its order, and which are missing.

Nothing is ever opened because an index names it: its references are only compared with the files that arrived, so
that an index cannot lead outside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from cases.clip import Container
from cases.decoding.first_look import Glance, Reference
from cases.errors import UnreadableClipError
from cases.grouping import Arrival
from cases.sentences import Refusal

LookedAt = tuple[Arrival, Glance | None]
_MAX_NAMED = 5
_SINGLE_FILES = -1
_NEVER_CLIPS = frozenset(
    {Container.UNKNOWN, Container.PNG, Container.JPEG, Container.BMP, Container.GIF, Container.WEBP}
)
"""What the programs on a disc are made of; beside an index these are no clips."""


def arranged(looked_at: Iterable[LookedAt]) -> list[LookedAt]:
    """Put what an index names into its order, and say what of it is missing.

    Parameters
    ----------
    looked_at : iterable of (Arrival, Glance or None)
        The files, and what each one is.

    Returns
    -------
    list of (Arrival, Glance or None)
        Folders, archives and single files in the order of arrival; inside one that holds an index: the index only
        where it names files that are missing, what it names, then the other DICOM files and videos. The files of
        the disc's own programs are left out.
    """
    files = list(looked_at)
    scopes: dict[int, list[LookedAt]] = {}
    for one in files:
        scopes.setdefault(_scope(one), []).append(one)
    with_index = {_scope(one) for one in files if _is_index(one)}
    result: list[LookedAt] = []
    for one in files:
        scope = _scope(one)
        if scope not in with_index:
            result.append(one)
        elif one is scopes[scope][0]:
            result += _by_index(scopes[scope], is_disc=scope != _SINGLE_FILES)
    return result


def _scope(one: LookedAt) -> int:
    """Return which folder or archive a file came in; files that came alone belong together."""
    return one[0].index if one[0].origin else _SINGLE_FILES


def _is_index(one: LookedAt) -> bool:
    return one[1] is not None and one[1].references is not None


def _by_index(files: list[LookedAt], *, is_disc: bool) -> list[LookedAt]:
    others = _Others([one for one in files if not _is_index(one)])
    if not others.files:
        return files  # reading an index on its own says what to do
    named: dict[Path, LookedAt] = {}
    said: list[LookedAt] = []
    for arrival, glance in filter(_is_index, files):
        references = (glance.references if glance else None) or ()
        found = [others.meant_by(reference, arrival) for reference in references]
        named |= {one[0].path: one for one in found if one is not None}
        missing = [reference for reference, one in zip(references, found, strict=True) if one is None]
        if missing:
            said.append((replace(arrival, refused=_missing(missing, len(references))), glance))
    rest = [one for one in others.files if one[0].path not in named]
    return [*said, *named.values(), *(one for one in rest if not (is_disc and _is_of_a_program(one)))]


class _Others:
    """The files beside an index, found by their identifier or by their place."""

    def __init__(self, files: list[LookedAt]) -> None:
        self.files = files
        self._by_name = {one[0].name.casefold(): one for one in files}
        self._by_instance = {one[1].instance: one for one in files if one[1] is not None}

    def meant_by(self, reference: Reference, index: Arrival) -> LookedAt | None:
        if reference.instance is not None and reference.instance in self._by_instance:
            return self._by_instance[reference.instance]
        if reference.name is None:
            return None
        place = PurePosixPath(index.name).parent / reference.name
        return self._by_name.get(place.as_posix().casefold())


def _missing(missing: Sequence[Reference], named: int) -> UnreadableClipError:
    if any(reference.name is None for reference in missing):
        refusal = Refusal.INDEX_LEADS_OUTSIDE
        return refusal.error_class(refusal.say({}), refusal.name)
    names = [reference.name or "" for reference in missing]
    listed = ", ".join(names[:_MAX_NAMED]) + (" and others" if len(names) > _MAX_NAMED else "")
    refusal = Refusal.INDEX_NAMES_MISSING
    sentence = refusal.say({"missing": len(names), "named": named, "names": listed})
    return refusal.error_class(sentence, refusal.name)


def _is_of_a_program(one: LookedAt) -> bool:
    arrival, glance = one
    return arrival.refused is None and (glance is None or glance.container in _NEVER_CLIPS)
