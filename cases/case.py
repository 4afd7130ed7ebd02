"""A case that is open: its manifest and the heads of its clips."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cases.clip import ClipHead
from cases.errors import CaseNotFoundError, ManifestError
from cases.manifest import CaseManifest, Comparison, ManifestClip, StaticView


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case in the list: what it is, or why it cannot be opened.

    Parameters
    ----------
    case_id, title, teaches, level, origin : str
        From the manifest; the folder's name as id and title where the manifest cannot be read.
    order : int
        Place in the library; lower numbers stand first.
    error : str or None
        One sentence why it cannot be opened.
    """

    case_id: str
    title: str
    teaches: str = ""
    level: str = ""
    origin: str = ""
    order: int = 100
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case whose clips are all in the store.

    Parameters
    ----------
    manifest : CaseManifest
        What the author says.
    clips, static_views : mapping of str to ClipHead
        Head of the pack of each clip and static view, by their ids.
    folder : Path or None
        Where the manifest and the files that it names are; None for a case that is not on disk.

    Raises
    ------
    ManifestError
        If the manifest speaks of frames or slices that are not there.
    """

    manifest: CaseManifest
    clips: Mapping[str, ClipHead]
    static_views: Mapping[str, ClipHead]
    folder: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a manifest that speaks of frames that its clips do not have."""
        for clip in self.manifest.clips:
            for chapter in clip.chapters:
                self._check(
                    f"clip “{clip.id}”, chapter {chapter.name}", chapter.last_frame, self.clips[clip.id]
                )
        for view in self.manifest.static_views:
            slices = self.static_views[view.id]
            self._check(f"static view “{view.id}”, key_slice", view.key_slice, slices)
            for plane in view.scan_planes:
                self._check(f"static view “{view.id}”, scan_planes", plane.slice, slices)
            for landmark in view.landmarks:
                self._check(f"static view “{view.id}”, landmark “{landmark.label}”", landmark.slice, slices)
                self._check(f"landmark “{landmark.label}”", landmark.frame, self.clips[landmark.clip])
        self._check_panels()

    def manifest_clip(self, clip_id: str) -> ManifestClip:
        """Return what the author says of a clip.

        Raises
        ------
        CaseNotFoundError
            If the case has no such clip.
        """
        for clip in self.manifest.clips:
            if clip.id == clip_id:
                return clip
        raise CaseNotFoundError(f"{self.manifest.id}: there is no clip “{clip_id}” in this case.")

    def manifest_view(self, view_id: str) -> StaticView:
        """Return what the author says of a static view.

        Raises
        ------
        CaseNotFoundError
            If the case has no such view.
        """
        for view in self.manifest.static_views:
            if view.id == view_id:
                return view
        raise CaseNotFoundError(f"{self.manifest.id}: there is no static view “{view_id}” in this case.")

    def comparison(self, comparison_id: str | None) -> Comparison:
        """Return a comparison by its id, the first one where there is none of that id.

        Raises
        ------
        ManifestError
            If the case names no comparison at all.
        """
        known = {comparison.id: comparison for comparison in self.manifest.comparisons}
        shown = known.get(comparison_id or "") or next(iter(known.values()), None)
        if shown is None:
            raise ManifestError(
                f"case.toml of {self.manifest.id}: the case names no comparison, so there is nothing to show; "
                "add one as [[comparisons]]."
            )
        return shown

    def _check_panels(self) -> None:
        for comparison in self.manifest.comparisons:
            static = comparison.static
            if static is not None and static.slice is not None:
                self._check(f"comparison “{comparison.id}”", static.slice, self.static_views[static.view])
            for panel in (comparison.rest, comparison.contraction):
                if panel is not None and panel.frame is not None:
                    self._check(f"comparison “{comparison.id}”", panel.frame, self.clips[panel.clip])

    def _check(self, place: str, frame_number: int, head: ClipHead) -> None:
        if frame_number > head.frames:
            raise ManifestError(
                f"case.toml of {self.manifest.id}: {place} speaks of frame or slice {frame_number}, "
                f"but there are {head.frames}. Correct it and open the case again."
            )
