"""The cases of all folders: listed by their manifests, opened when somebody asks for one."""

import functools
import threading
from collections.abc import Sequence
from pathlib import Path

from cases.calibration import Region, ScaleSource
from cases.case import Case, CaseSummary
from cases.clip import ClipHead
from cases.decoding.decoder import Decoder
from cases.decoding.source import Wishes
from cases.errors import CaseError, CaseNotFoundError, ManifestError, UnreadableClipError
from cases.import_index import ImportIndex
from cases.manifest import MANIFEST_NAME, CaseManifest, ManifestClip, read_manifest
from cases.store import ClipStore

__all__ = ["Case", "CaseSummary", "Catalogue"]


class Catalogue:
    """Cases found in folders, each case in a folder of its own.

    Parameters
    ----------
    folders : sequence of Path
        Folders of case folders; missing ones hold no case.
    store : ClipStore
        Keeps the clips of opened cases.
    decoder : Decoder
        Decodes clips when a case is opened for the first time.
    """

    def __init__(self, folders: Sequence[Path], store: ClipStore, decoder: Decoder) -> None:
        self._folders = tuple(folders)
        self._store, self._decoder = store, decoder
        self._index = ImportIndex(store.folder / "imported.json")
        self._lock = threading.Lock()

    def cases(self) -> list[CaseSummary]:
        """List every case folder in the authors' order; a broken one stands last, with its sentence."""
        summaries: dict[str, CaseSummary] = {}
        for folder in self._case_folders():
            summary = _summary(folder)
            if summary.case_id in summaries:
                sentence = (
                    f"{folder}: another case has the id “{summary.case_id}” too; give this one another id."
                )
                summary = CaseSummary(f"{summary.case_id} ({folder.name})", folder.name, error=sentence)
            summaries[summary.case_id] = summary
        return sorted(summaries.values(), key=lambda summary: (summary.error is not None, summary.order))

    def case(self, case_id: str) -> Case:
        """Open a case; its clips are imported the first time and found again after that.

        Parameters
        ----------
        case_id : str
            Id in the manifest.

        Returns
        -------
        Case
            The case, with all its clips in the store.

        Raises
        ------
        CaseNotFoundError
            If no folder holds a case of this id.
        ManifestError
            If its manifest is wrong.
        UnreadableClipError
            If one of its clips cannot be read.
        """
        folder, manifest = self._find(case_id)
        with self._lock:
            clips = {clip.id: self._clip(folder, clip) for clip in manifest.clips}
            views = {
                view.id: self._imported([folder / name for name in view.files], Wishes())
                for view in manifest.static_views
            }
        return Case(manifest, clips, views, folder)

    def manifest(self, case_id: str) -> CaseManifest:
        """Return the manifest of a case, without opening its clips.

        Parameters
        ----------
        case_id : str
            Id in the manifest.

        Returns
        -------
        CaseManifest
            What the case says of itself.

        Raises
        ------
        CaseNotFoundError
            If no folder holds a case of this id.
        ManifestError
            If its manifest is wrong.
        """
        return self._find(case_id)[1]

    def kept_packs(self, case_id: str, comparison_id: str | None) -> list[str]:
        """Return the packs of one comparison that are in the store already; nothing is imported.

        Parameters
        ----------
        case_id, comparison_id : str
            Ids in the manifest; where the second names none, the first comparison counts.

        Returns
        -------
        list of str
            SHA-256 of each, in the order of the panels. Empty where there is no such case.
        """
        try:
            folder, manifest = self._find(case_id)
        except CaseError:
            return []
        known = {each.id: each for each in manifest.comparisons}
        shown = known.get(comparison_id or "") or next(iter(known.values()), None)
        if shown is None:
            return []
        files = {clip.id: ([folder / clip.file], _wishes(clip)) for clip in manifest.clips}
        views = {
            view.id: ([folder / name for name in view.files], Wishes()) for view in manifest.static_views
        }
        asked = [views[shown.static.view]] if shown.static else []
        asked += [files[panel.clip] for panel in (shown.rest, shown.contraction) if panel]
        found = [self._index.find_unchanged(paths, wishes) for paths, wishes in asked]
        return [pack for pack in dict.fromkeys(found) if pack is not None and self._store.has(pack)]

    def _find(self, case_id: str) -> tuple[Path, CaseManifest]:
        broken: ManifestError | None = None
        for folder in self._case_folders():
            try:
                manifest = _manifest(folder)
            except ManifestError as error:
                broken = error if folder.name == case_id else broken
                continue
            if manifest.id == case_id:
                return folder, manifest
        if broken is not None:
            raise broken
        raise CaseNotFoundError(f"There is no case “{case_id}”; go back to the library and choose another.")

    def _case_folders(self) -> list[Path]:
        inside = (path for folder in self._folders if folder.is_dir() for path in sorted(folder.iterdir()))
        return [path for path in inside if (path / MANIFEST_NAME).is_file()]

    def _clip(self, folder: Path, clip: ManifestClip) -> ClipHead:
        return self._imported([folder / clip.file], _wishes(clip))

    def _imported(self, paths: list[Path], wishes: Wishes) -> ClipHead:
        try:
            known = self._index.find(paths, wishes)
            if known is not None and self._store.has(known):
                return self._store.head(known)
        except OSError as error:
            raise UnreadableClipError(f"{paths[0]}: the file cannot be read ({error.strerror}).") from error
        except CaseError:
            pass  # the pack is damaged: import it again
        imported = self._store.import_series(paths, self._decoder, wishes=wishes)
        self._index.add(paths, wishes, imported.sha256)
        return imported.head


def _manifest(folder: Path) -> CaseManifest:
    """Read a manifest, or remember it while its file has not changed."""
    try:
        said = (folder / MANIFEST_NAME).stat()
    except OSError:
        return read_manifest(folder)  # says what is wrong
    return _remembered(folder, said.st_mtime_ns, said.st_size)


@functools.lru_cache(maxsize=256)
def _remembered(folder: Path, _mtime_ns: int, _size: int) -> CaseManifest:
    return read_manifest(folder)


def _summary(folder: Path) -> CaseSummary:
    try:
        manifest = _manifest(folder)
    except ManifestError as error:
        return CaseSummary(folder.name, folder.name, error=str(error))
    return CaseSummary(
        manifest.id, manifest.title, manifest.teaches, manifest.level, manifest.origin, manifest.order
    )


def _wishes(clip: ManifestClip) -> Wishes:
    said = clip.calibration
    region = None
    if said is not None:
        region = Region(said.x0, said.y0, said.x1, said.y1, said.mm_per_px_x, said.mm_per_px_y)
    return Wishes(region=region, scale_source=ScaleSource.MANIFEST, frame_time_ms=clip.frame_time_ms)
