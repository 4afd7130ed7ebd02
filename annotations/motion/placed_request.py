"""What is to be measured in a clip, by what its author placed: the edges of the gap, the borders of the muscle."""

from collections.abc import Iterable
from typing import Literal

from annotations.document import AnnotationDocument, LayerRole
from annotations.motion.placed_borders import placed_borders
from annotations.motion.placed_edges import placed_edges
from annotations.motion.result import MotionRequest

Plane = Literal["long axis", "short axis"]


def request_of(
    documents: Iterable[AnnotationDocument],
    clip: str,
    *,
    plane: Plane = "long axis",
) -> MotionRequest:
    """Return what is to be measured in a clip: from the author's own edges and borders, where she placed some.

    Parameters
    ----------
    documents : iterable of AnnotationDocument
        The layers of the case; the first of a teacher's with a caliper across the gap is taken, and the first with
        the two lines of the fasciae.
    clip : str
        Id of the clip.
    plane : str
        Its plane; in short axis the detectors propose nothing, because what they look for runs along the muscle.

    Returns
    -------
    MotionRequest
        With the edges and the borders; what was not placed is left to the detectors.
    """
    taught = [document.marks_of(clip) for document in documents if document.layer.role is LayerRole.TEACHER]
    edges = next((one for marks in taught if (one := placed_edges(marks)) is not None), None)
    borders = (both for marks in taught if (both := placed_borders(marks)) is not None)
    upper, lower = next(borders, (None, None))
    return MotionRequest(edges, upper, lower, propose=plane == "long axis")
