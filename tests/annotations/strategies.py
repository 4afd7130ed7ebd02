"""Marks, documents and gestures of every kind, for property tests."""

import string

from hypothesis import settings
from hypothesis import strategies as st

from annotations.concept import CONCEPTS, Concept, Term
from annotations.document import AnnotatedFrame, AnnotationDocument, Layer, LayerRole
from annotations.mark import Colour, Kind, LineKind, Mark, MarkSource, Style
from annotations.part import PointPx, printable
from annotations.track import CarriedFrame, KeyFrame, KeySource, OnFrame, OnRange, Place, Track

# No deadline: no test asserts a time.
some_examples = settings(deadline=None, max_examples=40)
few_examples = settings(deadline=None, max_examples=12)

FRAMES, ROWS, COLUMNS = 12, 96, 128


def _is_printable(text: str) -> bool:
    try:
        printable(text)
    except ValueError:
        return False
    return True


texts = st.text(max_size=20).filter(_is_printable)
names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
kinds = st.sampled_from(Kind)
concepts = st.one_of(
    st.none(),
    st.sampled_from(Term).map(lambda term: CONCEPTS[term]),
    st.builds(
        lambda code, meaning: Concept(scheme="99MINE", code=code, meaning=meaning),
        st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=16),
        st.text(string.ascii_letters + " äß±", min_size=1, max_size=40).map(str.strip).filter(bool),
    ),
)
styles = st.builds(Style, colour=st.sampled_from(Colour), line=st.sampled_from(LineKind))
points = st.tuples(st.floats(0, COLUMNS), st.floats(0, ROWS))
arms = st.tuples(st.floats(-18, 18), st.floats(-18, 18))


def _ellipse(center: PointPx, first: PointPx, second: PointPx) -> tuple[PointPx, ...]:
    return tuple((center[0] + x, center[1] + y) for x, y in ((0.0, 0.0), first, second))


# Small and near the middle, so that they lie inside the picture whole.
ellipses = st.builds(_ellipse, st.tuples(st.floats(50, 78), st.floats(45, 51)), arms, arms)


def shapes(kind: Kind, count: int | None = None) -> st.SearchStrategy[tuple[PointPx, ...]]:
    """Points that a kind of mark may have, inside the picture; of a fixed number where one is given."""
    if kind is Kind.ELLIPSE:
        return ellipses
    fewest, most = kind.point_count
    size = count or most
    return st.lists(points, min_size=size or fewest, max_size=size or fewest + 5).map(tuple)


@st.composite
def places(draw: st.DrawFn, kind: Kind) -> Place:
    """Draw a place in a clip, of any of the three kinds."""
    which = draw(st.sampled_from(["frame", "range", "track"]))
    if which == "frame":
        return OnFrame(frame_index=draw(st.integers(0, FRAMES - 1)), points_px=draw(shapes(kind)))
    if which == "range":
        first = draw(st.integers(0, FRAMES - 1))
        last = draw(st.integers(first, FRAMES - 1))
        return OnRange(first_frame_index=first, last_frame_index=last, points_px=draw(shapes(kind)))
    return draw(tracks(kind))


@st.composite
def tracks(draw: st.DrawFn, kind: Kind) -> Track:
    """Draw a track whose key frames have as many points as each other."""
    count = len(draw(shapes(kind)))
    indices = sorted(draw(st.sets(st.integers(0, FRAMES - 1), min_size=1, max_size=4)))
    keys = tuple(
        KeyFrame(
            frame_index=index,
            points_px=draw(shapes(kind, count)),
            outside=draw(st.booleans()),
            source=draw(st.sampled_from(KeySource)),
        )
        for index in indices
    )
    first, last = indices[0], indices[-1]
    between = [index for index in range(first, last) if index not in indices]
    chosen = draw(st.sets(st.sampled_from(between), max_size=3)) if between else set()
    around = {*range(first - draw(st.integers(0, first)), first)}
    around |= {
        *range(last + 1, draw(st.integers(last + 1, FRAMES)))
    }  # the tissue is followed without a pause
    carried = tuple(
        CarriedFrame(frame_index=index, points_px=draw(shapes(kind, count)), confidence=draw(st.floats(0, 1)))
        for index in sorted(chosen | around)
    )
    return Track(between=draw(st.sampled_from(["linear", "carried"])), keys=keys, carried=carried)


@st.composite
def marks(draw: st.DrawFn, kinds_: st.SearchStrategy[Kind] = kinds, clip: str = "clip-1") -> Mark:
    """Draw a mark of any kind, anywhere in a clip."""
    kind = draw(kinds_)
    return Mark(
        id=draw(names),
        clip=clip,
        kind=kind,
        label=draw(texts),
        concept=draw(concepts),
        note=draw(texts),
        author=draw(texts),
        source=draw(st.sampled_from(MarkSource)),
        style=draw(styles),
        place=draw(places(kind)),
    )


frames = st.builds(
    AnnotatedFrame,
    id=names.map(lambda name: f"frame.{name}"),
    clip=st.just("clip-1"),
    frame_index=st.integers(0, FRAMES - 1),
    title=texts.filter(bool),
    text_alternative=texts.filter(bool),
)
layers = st.builds(Layer, id=names, title=texts, role=st.sampled_from(LayerRole))
documents = st.builds(
    AnnotationDocument,
    case=st.just("case-1"),
    layer=layers,
    annotated_frames=st.lists(frames, max_size=2, unique_by=lambda frame: frame.id).map(tuple),
    marks=st.lists(marks(), max_size=3, unique_by=lambda mark: mark.id).map(tuple),
)
