"""What an export is made from: a clip of a case with its layers, or a clip of a visit, with what its visitor drew."""

from dataclasses import dataclass, replace

from annotations.document import AnnotationDocument, Layer, LayerRole
from annotations.errors import AnnotationStoreError, ExportError
from annotations.exchange.clip_facts import ClipFacts
from annotations.layers import layer_states
from annotations.opened_case import OpenedCase
from annotations.pictures.annotated_frame import AnnotatedClip
from cases.cine import Cine
from cases.errors import CaseNotFoundError
from viewer.house import house
from viewer.visits import Visit

VISIT = "opened"
ALL_LAYERS = ""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One clip and everything that is said of it.

    Parameters
    ----------
    case : str
        Id of the case, which begins the name of the file.
    facts : ClipFacts
        The clip.
    cine : Cine
        Its frames.
    documents : tuple of AnnotationDocument
        Its layers, in the order of their ids.
    title : str
        Words for the caption.
    simulated : bool
        Whether no person was examined.
    """

    case: str
    facts: ClipFacts
    cine: Cine
    documents: tuple[AnnotationDocument, ...] = ()
    title: str = ""
    simulated: bool = False

    def document(self, layer: str) -> AnnotationDocument:
        """Return one layer; an empty one where the clip has none at all.

        Raises
        ------
        ExportError
            If there is no such layer.
        """
        for document in self.documents:
            if document.layer.id == layer:
                return document
        if layer == ALL_LAYERS:
            return next(iter(self.documents), self._nothing())
        names = ", ".join(document.layer.title or document.layer.id for document in self.documents) or "none"
        raise ExportError(f"{self.facts.clip}: there is no layer “{layer}”; there are: {names}.")

    def _nothing(self) -> AnnotationDocument:
        return AnnotationDocument(case=self.case, layer=Layer(id="none", title="", role=LayerRole.STUDENT))

    def with_own(self, own: AnnotationDocument | None) -> "Source":
        """Return the same clip with what the person drew for herself in place of its layers; as it is for None."""
        return self if own is None else replace(self, documents=(own,))

    def annotated(self, layer: str) -> AnnotatedClip:
        """Return the clip with one layer, or with all of them where none is named."""
        documents = self.documents if layer == ALL_LAYERS else (self.document(layer),)
        return AnnotatedClip(
            self.facts, self.cine.frames, documents or (self._nothing(),), self.title, self.simulated
        )


def case_source(case_id: str, clip_id: str) -> Source:
    """Return a clip of a case with its layers as they stand.

    Raises
    ------
    CaseError
        If there is no such case or clip.
    AnnotationError
        If a bundled document cannot be read.
    """
    opened = opened_case_of(case_id)
    documents = _layers(case_id)
    facts = opened.facts(clip_id)
    clip = opened.annotated(clip_id, documents)
    return Source(case_id, facts, opened.cine(clip_id), documents, clip.title, clip.simulated)


def opened_case_of(case_id: str) -> OpenedCase:
    """Return a case and where its files lie.

    Raises
    ------
    CaseError
        If there is no such case, or it cannot be opened.
    """
    case = house().catalogue.case(case_id)
    if case.folder is None:
        raise CaseNotFoundError(f"The folder of the case “{case_id}” is not known; open the case again.")
    return OpenedCase(case, case.folder, house().store)


def visit_source(visit: Visit, sha256: str, clip_id: str) -> Source:
    """Return a clip that was opened for one visit; of it nothing is said on the server, and no name is known.

    Of its file, where that was DICOM, the visit has what others need to refer to it.

    Raises
    ------
    CaseError
        If the visit has no such clip.
    """
    cine = visit.store.cine(sha256)
    reference = visit.references / f"{sha256}.dcm"
    head = visit.store.head(sha256)
    facts = ClipFacts.of_head(clip_id, head, reference if reference.is_file() else None)
    return Source(VISIT, facts, cine)


def _layers(case_id: str) -> tuple[AnnotationDocument, ...]:
    """Return the layers that hold anything; one that was taken back stands in the history alone."""
    try:
        states = layer_states(case_id, house().marks.open())
    except AnnotationStoreError:
        states = layer_states(case_id)  # the page says that the database cannot be read
    documents = (state.document for state in states)
    return tuple(document for document in documents if document.marks or document.annotated_frames)
