"""The sentence to take away never shows a number that nobody measured."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from annotations.motion.chapters import Evidence, find_chapters
from cases.manifest import Comparison
from viewer.curves import AS_TRACKED, ClipCurves
from viewer.scene import Curve
from viewer.takeaway import takeaway_of
from viewer.truth_curves import TRUTH

SENTENCE = "The gap opens from {gap_rest_mm} mm to {gap_peak_mm} mm."
STILL = find_chapters(Evidence("motion", (0.0,) * 3, "mm", 0.1))
CURVE = Curve("mm", (2.04, 5.0, 9.26), None, None, TRUTH, 0, 2)


def _comparison(takeaway: str | None) -> Comparison:
    return Comparison.model_validate(
        {"id": "main", "title": "t", "contraction": {"clip": "long"}, "takeaway": takeaway}
    )


def test_the_numbers_come_from_the_curve_and_say_so() -> None:
    said = takeaway_of(_comparison(SENTENCE), {"long": ClipCurves(truth=CURVE)})
    assert said == ("The gap opens from 2.0 mm to 9.3 mm.", TRUTH)


def test_a_tracked_curve_comes_before_the_truth() -> None:
    tracked = replace(CURVE, values=(2.3, 5.0, 9.0), source_label=AS_TRACKED)
    said = takeaway_of(_comparison(SENTENCE), {"long": ClipCurves(tracked, CURVE)})
    assert said == ("The gap opens from 2.3 mm to 9.0 mm.", AS_TRACKED)


def test_a_measured_number_says_how_far_to_trust_it() -> None:
    tracked = replace(CURVE, lower=(1.5, 4.0, 9.0), upper=(2.9, 6.0, 9.6), source_label=AS_TRACKED)
    said = takeaway_of(_comparison(SENTENCE), {"long": ClipCurves(tracked)})
    assert said is not None
    assert said[1] == f"{AS_TRACKED}: 0.7 mm at rest, 0.3 mm at peak"


@pytest.mark.parametrize(
    ("curves", "rest", "peak", "why"),
    [
        ({}, "–", "–", "nobody has measured it in this clip"),
        ({"long": ClipCurves(proposed=STILL)}, "–", "–", "none was found in this clip"),
        (
            {"long": ClipCurves(replace(CURVE, unit="px"))},
            "–",
            "–",
            "known in px only, because the clip has no scale",
        ),
        (
            {"long": ClipCurves(truth=replace(CURVE, peak_frame_index=None))},
            "2.0",
            "–",
            f"{TRUTH}; not known at peak",
        ),
    ],
    ids=["no curve", "no gap", "no scale", "no peak"],
)
def test_a_number_that_is_not_known_is_a_dash_and_says_why(
    curves: dict[str, ClipCurves], rest: str, peak: str, why: str
) -> None:
    sentence = SENTENCE.format(gap_rest_mm=rest, gap_peak_mm=peak)
    assert takeaway_of(_comparison(SENTENCE), curves) == (sentence, why)


def test_a_number_in_mm_comes_before_one_in_px() -> None:
    said = takeaway_of(_comparison(SENTENCE), {"long": ClipCurves(replace(CURVE, unit="px"), CURVE)})
    assert said == ("The gap opens from 2.0 mm to 9.3 mm.", TRUTH)


def test_a_sentence_without_numbers_is_shown_as_it_is() -> None:
    assert takeaway_of(_comparison("Ask for a contraction."), {}) == ("Ask for a contraction.", "")
    assert takeaway_of(_comparison(None), {}) is None


@pytest.mark.parametrize(
    "text", ["{gap_mm}", "{", "{0}", "{gap_rest_mm.__class__}", "{gap_rest_mm:9999}", "{gap_rest_mm!r}"]
)
def test_the_manifest_refuses_placeholders_that_nothing_fills(text: str) -> None:
    with pytest.raises(ValidationError, match="gap_rest_mm"):
        _comparison(f"The gap is {text}.")
