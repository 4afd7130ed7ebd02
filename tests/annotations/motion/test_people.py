"""Thickness beside people: real pictures of the shared data folder, px, and the plot of the disagreement."""

from pathlib import Path

import numpy as np
import pytest

from tests.annotations.motion.bland_altman import Agreement, Panel, draw
from tests.annotations.motion.people import HumanSeries, between_raters_px, followed, vastus_series
from tests.annotations.motion.thickness_report import SAME_LINE_PX, Line, table
from tests.shared_data import needs_shared_data


@pytest.fixture(scope="module")
def vastus() -> list[HumanSeries]:
    return vastus_series()


@pytest.mark.shared_data
@needs_shared_data
def test_drawn_borders_give_the_height_of_vastus_lateralis_as_people_agree_with_each_other(
    vastus: list[HumanSeries],
) -> None:
    raters = np.concatenate([series.heights_px for series in vastus])
    ours = np.concatenate([followed(series, "drawn").height_px for series in vastus])
    agreement = Agreement.of(ours, raters.mean(axis=1))
    between = between_raters_px(raters)
    assert agreement.pairs == 36
    assert agreement.mean_absolute <= between
    assert abs(agreement.bias) <= between
    two = Agreement.of(raters[:, 0], raters[:, 1])
    assert agreement.high - agreement.low <= two.high - two.low


@pytest.mark.shared_data
@needs_shared_data
def test_found_borders_give_the_height_of_vastus_lateralis_as_people_agree_with_each_other(
    vastus: list[HumanSeries],
) -> None:
    raters = np.concatenate([series.heights_px for series in vastus])
    found = [followed(series, "found") for series in vastus]
    ours = np.concatenate([one.height_px for one in found])
    between = between_raters_px(raters)
    assert np.abs(ours - raters.mean(axis=1)).mean() <= between
    assert np.abs(np.tile(ours, 3) - raters.T.ravel()).mean() <= between
    same_line = np.ptp(raters, axis=1) <= SAME_LINE_PX
    apart = np.abs(ours - raters.mean(axis=1))[same_line]
    assert apart.mean() <= between_raters_px(raters[same_line])
    assert not any(one.unsure.any() for one in found)


def test_the_difference_between_raters_is_the_mean_over_their_pairs() -> None:
    heights = np.array([[10.0, 12.0, 14.0], [20.0, 20.0, 26.0]])
    assert between_raters_px(heights) == pytest.approx((1.0 + 5.0 + 4.0) / 3)


def test_what_was_refused_unsure_or_measured_elsewhere_stands_in_the_table() -> None:
    people = np.array([100.0, 110.0, 120.0, 130.0])
    ours = np.array([101.0, np.nan, 170.0, 190.0])
    line = Line("calf", ours, people, 2.5, np.array([False, False, True, False]))
    *_, row, _ = table([line]).split("\n")
    assert row == "| calf | 3 | +37.0 | -24.9 to +98.9 | 37.0 | 2.5 | no | 1 | 1 | 1 |"


def test_the_disagreement_is_plotted(tmp_path: Path) -> None:
    one, other = np.array([10.0, 12.0, 15.0]), np.array([11.0, 12.5, 13.0])
    draw([Panel("first", one, other), Panel("second", other, one)], "px", tmp_path / "agreement.svg")
    drawn = (tmp_path / "agreement.svg").read_text(encoding="utf-8")
    assert drawn.count('id="axes_') == 2
