"""What an author placed says what is measured: her caliper across the gap, and the two fasciae of the muscle."""

from annotations.concept import CONCEPTS, Term
from annotations.document import AnnotationDocument, Layer, LayerRole
from annotations.mark import Kind, Mark
from annotations.motion.placed_borders import placed_borders
from annotations.motion.placed_edges import placed_edges
from annotations.motion.placed_request import request_of
from annotations.motion.result import MotionRequest
from annotations.track import CarriedFrame, KeyFrame, OnFrame, OnRange, Track


def caliper(place: OnFrame | OnRange | Track, term: Term = Term.GAP) -> Mark:
    return Mark(id="gap", clip="long", kind=Kind.CALIPER, concept=CONCEPTS[term], place=place)


def test_the_widest_placing_counts_and_not_where_the_tissue_carried_it() -> None:
    keys = (
        KeyFrame(frame_index=2, points_px=((100.0, 50.0), (120.0, 50.0))),
        KeyFrame(frame_index=9, points_px=((160.0, 52.0), (80.0, 51.0))),
        KeyFrame(frame_index=12, points_px=((10.0, 50.0), (300.0, 50.0)), outside=True),
    )
    carried = (CarriedFrame(frame_index=5, points_px=((10.0, 50.0), (400.0, 50.0)), confidence=1.0),)
    edges = placed_edges([caliper(Track(between="carried", keys=keys, carried=carried))])
    assert edges is not None
    assert (edges.frame_index, edges.left_px, edges.right_px) == (9, (80.0, 51.0), (160.0, 52.0))
    assert edges.source == "author"


def test_a_caliper_on_one_frame_or_on_a_range_is_a_placing_too() -> None:
    points = ((10.0, 5.0), (30.0, 5.0))
    on_frame = placed_edges([caliper(OnFrame(frame_index=4, points_px=points))])
    on_range = placed_edges([caliper(OnRange(first_frame_index=7, last_frame_index=8, points_px=points))])
    assert on_frame is not None
    assert on_range is not None
    assert (on_frame.frame_index, on_range.frame_index) == (4, 7)


def test_a_caliper_across_something_else_or_without_length_places_no_edges() -> None:
    points = ((10.0, 5.0), (30.0, 5.0))
    assert placed_edges([caliper(OnFrame(frame_index=4, points_px=points), Term.MUSCLE)]) is None
    assert placed_edges([caliper(OnFrame(frame_index=4, points_px=(points[0], points[0])))]) is None


def test_what_is_asked_of_a_clip_are_the_edges_of_its_own_caliper() -> None:
    mark = caliper(OnFrame(frame_index=4, points_px=((10.0, 5.0), (30.0, 5.0))))
    layer = Layer(id="teacher", title="Teacher", role=LayerRole.TEACHER)
    document = AnnotationDocument(case="case", layer=layer, marks=(mark,))
    assert request_of([document], "long").edges == placed_edges([mark])
    assert request_of([document], "short") == MotionRequest()
    assert request_of([document], "short", plane="short axis") == MotionRequest(propose=False)


def test_what_students_draw_does_not_say_what_is_measured() -> None:
    mark = caliper(OnFrame(frame_index=4, points_px=((10.0, 5.0), (30.0, 5.0))))
    layer = Layer(id="student", title="Student", role=LayerRole.STUDENT)
    document = AnnotationDocument(case="case", layer=layer, marks=(mark,))
    assert request_of([document], "long") == MotionRequest()


def fascia(name: str, row: float, frames: tuple[int, ...], kind: Kind = Kind.POLYLINE) -> Mark:
    keys = tuple(
        KeyFrame(frame_index=index, points_px=((10.0, row + index), (200.0, row + index))) for index in frames
    )
    place = Track(between="linear", keys=keys)
    return Mark(id=name, clip="long", kind=kind, concept=CONCEPTS[Term.FASCIA], place=place)


def test_the_two_fasciae_are_the_borders_on_the_first_frame_on_which_both_were_placed() -> None:
    deep, superficial = fascia("deep", 90.0, (0, 5, 7)), fascia("superficial", 40.0, (5, 7))
    borders = placed_borders([deep, superficial])
    assert borders is not None
    assert [border.frame_index for border in borders] == [5, 5]
    assert [border.points_px[0][1] for border in borders] == [45.0, 95.0]
    layer = Layer(id="teacher", title="Teacher", role=LayerRole.TEACHER)
    request = request_of([AnnotationDocument(case="case", layer=layer, marks=(deep, superficial))], "long")
    assert (request.superficial_border, request.deep_border) == borders


def test_one_fascia_three_or_two_that_share_no_frame_bound_no_muscle() -> None:
    one, other, third = fascia("a", 40.0, (0,)), fascia("b", 90.0, (0,)), fascia("c", 130.0, (0,))
    assert placed_borders([one]) is None
    assert placed_borders([one, other, third]) is None
    assert placed_borders([one, fascia("d", 90.0, (3,))]) is None
    assert placed_borders([one, other]) is not None
