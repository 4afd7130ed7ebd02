"""A case opened for annotation: its clips, the facts that exchange formats need, and their frames."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from annotations.document import AnnotationDocument
from annotations.exchange.clip_facts import ClipFacts
from annotations.pictures.annotated_frame import AnnotatedClip
from cases.case import Case
from cases.catalogue import Catalogue
from cases.cine import Cine
from cases.decoding import Decoder
from cases.errors import CaseNotFoundError, ManifestError
from cases.manifest import MANIFEST_NAME, read_manifest
from cases.settings import Settings
from cases.store import ClipStore


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case and where its files lie.

    Parameters
    ----------
    case : Case
        The case, all of whose clips are in the store.
    folder : Path
        The folder of its manifest.
    store : ClipStore
        Holds the frames.
    """

    case: Case
    folder: Path
    store: ClipStore

    def facts(self, clip: str) -> ClipFacts:
        """Return what exchange formats need to know of a clip.

        Raises
        ------
        CaseNotFoundError
            If the case has no such clip.
        """
        manifest_clip = self.case.manifest_clip(clip)
        return ClipFacts.of_head(clip, self.case.clips[clip], self.folder / manifest_clip.file)

    def cine(self, clip: str) -> Cine:
        """Open a clip for reading its frames."""
        return self.store.cine(self.case.clips[clip].sha256)

    def annotated(self, clip: str, documents: Sequence[AnnotationDocument]) -> AnnotatedClip:
        """Return a clip with the layers that pictures of it show."""
        return AnnotatedClip(
            facts=self.facts(clip),
            frames=self.cine(clip).frames,
            documents=documents,
            title=self.case.manifest_clip(clip).title,
            simulated=self.case.manifest.origin == "simulated",
        )


@contextmanager
def opened_case(case_id: str, settings: Settings) -> Iterator[OpenedCase]:
    """Open a case of this installation; its clips are imported the first time.

    Parameters
    ----------
    case_id : str
        Id of the case.
    settings : Settings
        Where cases and clips lie.

    Yields
    ------
    OpenedCase
        The case.

    Raises
    ------
    CaseError
        If there is no such case, or one of its files cannot be read.
    """
    store = ClipStore(settings.data_folder / "clips")
    with Decoder(settings.limits, processes=1) as decoder:
        case = Catalogue(settings.case_folders, store, decoder).case(case_id)
        yield OpenedCase(case, _folder_of(case_id, settings), store)


def _folder_of(case_id: str, settings: Settings) -> Path:
    for folder in settings.case_folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if (path / MANIFEST_NAME).is_file() and _id_in(path) == case_id:
                return path
    raise CaseNotFoundError(f"There is no case “{case_id}”; go back to the library and choose another.")


def _id_in(folder: Path) -> str | None:
    try:
        return read_manifest(folder).id
    except ManifestError:
        return None  # a broken case hides no other
