"""What is opened without a case: which clip goes where, and what a visitor entered for it."""

from hypothesis import given
from hypothesis import strategies as st

from tests.viewer.test_scene import make_clip
from viewer.opening import read_corners
from viewer.staging import with_frame_rate, with_scale

WHOLE = st.integers(min_value=0, max_value=5000)


@given(WHOLE, WHOLE, WHOLE, WHOLE)
def test_corners_are_taken_only_where_they_are_a_rectangle_inside_the_picture(
    x0: int, y0: int, x1: int, y1: int
) -> None:
    found = read_corners(f"{x0}, {y0}; {x1} {y1}", columns=640, rows=480)
    assert found == ((x0, y0, x1, y1) if x0 < x1 < 640 and y0 < y1 < 480 else None)


def test_anything_but_four_whole_numbers_is_no_region() -> None:
    for text in ("", "1 2 3", "1 2 3 4 5", "1.5 2 3 4", "-1 0 5 5", "a b c d"):
        assert read_corners(text, columns=640, rows=480) is None


def test_an_entered_scale_holds_in_its_region_and_says_where_it_came_from() -> None:
    clip = with_scale(make_clip(), 0.0883, (0, 8, 63, 47))
    (region,) = clip.regions
    assert (region.x0, region.y0, region.x1, region.y1) == (0, 8, 63, 47)
    assert (region.mm_per_px_x, region.mm_per_px_y) == (0.0883, 0.0883)
    assert (clip.scale_source, clip.scale_label) == ("user", "entered by hand")


def test_an_entered_rate_spaces_the_frames_evenly_and_says_where_it_came_from() -> None:
    clip = with_frame_rate(make_clip(frame_starts_s=None, duration_s=None), 50.0)
    assert clip.frame_starts_s is not None
    assert clip.frame_starts_s[1] == 0.02
    assert (clip.timing_source, clip.timing_label) == ("user", "entered by hand")
