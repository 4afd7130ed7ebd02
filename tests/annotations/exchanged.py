"""The document and the mark that tests send there and back."""

from annotations.concept import CONCEPTS, Term
from annotations.document import AnnotationDocument, Layer, LayerRole
from annotations.mark import Kind, Mark
from annotations.track import CarriedFrame, KeyFrame, Track

TEACHER = Layer(id="teacher", title="Teacher’s marks", role=LayerRole.TEACHER)


def document_of(*drawn: Mark) -> AnnotationDocument:
    """Return a document of the teacher's layer."""
    return AnnotationDocument(case="case-1", layer=TEACHER, marks=drawn)


def carried_caliper(name: str = "gap") -> Mark:
    """Return a caliper that the tissue carries between two key frames, and that is outside from the tenth frame on."""
    keys = (
        KeyFrame(frame_index=1, points_px=((20.0, 30.0), (60.0, 30.0))),
        KeyFrame(frame_index=5, points_px=((10.0, 30.0), (70.0, 30.0))),
        KeyFrame(frame_index=9, points_px=((10.0, 30.0), (70.0, 30.0)), outside=True),
    )
    carried = tuple(
        CarriedFrame(frame_index=i, points_px=((15.25, 31.0), (65.5, 30.0)), confidence=0.75)
        for i in (2, 3, 4)
    )
    place = Track(between="carried", keys=keys, carried=carried)
    return Mark(
        id=name,
        clip="clip-1",
        kind=Kind.CALIPER,
        label="Gap",
        concept=CONCEPTS[Term.GAP],
        note="Widens.",
        author="A",
        place=place,
    )
