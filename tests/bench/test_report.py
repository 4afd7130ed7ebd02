"""The table says what the figures say: medians, ratios, and whether a target is reached."""

import json
from pathlib import Path

import pytest

from bench.cine import cine_figures
from bench.report import Sample, medians, results, write
from bench.responsiveness import pictures_shown, spread
from bench.targets import targets

OURS = {
    "step_p95_ms": 12.0,
    "jump_p50_ms": 10.0,
    "jump_p95_ms": 15.0,
    "drag_shown": 98.0,
    "cine_30_missed": 0.0,
    "cine_30_shown_per_s": 30.0,
    "cine_60_missed": 2.0,
    "cine_60_shown_per_s": 59.0,
    "first_picture_ms": 1000.0,
    "all_ready_ms": 1800.0,
    "renderer_mb": 200.0,
    "server_cpu_s": 0.35,
    "import_ms": 300.0,
}
OTHERS = {
    "bare": {"step_p95_ms": 10.0, "jump_p95_ms": 10.0, "decode_both_clips_ms": 400.0},
    "empty": {"element_ms": 880.0, "server_cpu_s": 0.2},
    "plain": {"jump_from_release_p50_ms": 100.0, "jump_from_release_p95_ms": 110.0},
    "reference": {"import_ms": 200.0},
    "reading/rle": {"child_against_alone": 1.05},
    "reading/jpeg": {"child_against_alone": 1.2},
    "following/whole clip": {"motion_cpu_s": 3.0, "plain_flow_cpu_s": 2.0},
    "following/carry: ours": {"error_median_mm": 0.05, "error_p95_mm": 0.5},
    "ways/curtain": {"step_p95_ms": 12.0, "jump_p95_ms": 10.0},
    "ways/blink": {"step_p95_ms": 20.0, "jump_p95_ms": 9.0},
    "ways/500 marks": {"step_p95_ms": 11.0, "jump_p95_ms": 13.0},
}


def test_each_target_is_a_ratio_or_a_difference_of_the_figures() -> None:
    values = [(round(target.value or 0.0, 3), target.reached) for target in targets({"ours": OURS, **OTHERS})]
    assert values == [
        (1.2, True),
        (1.5, False),
        (10.0, True),
        (7.333, False),
        (98.0, False),
        (0.0, True),
        (1.0, True),
        (2.0, False),
        (0.983, False),
        (120.0, True),
        (520.0, False),
        (200.0, True),
        (0.15, False),
        (1.5, True),
        (1.2, False),
        (1.5, True),
        (0.05, True),
        (0.5, False),
        (2.0, False),
        (1.1, True),
        (1.0, True),
        (1.3, False),
    ]


def test_what_was_not_measured_is_neither_reached_nor_missed() -> None:
    assert {target.reached for target in targets({})} == {None}


def test_the_results_hold_every_round_and_the_table_every_target(tmp_path: Path) -> None:
    samples = [Sample(1, "ours", OURS), *(Sample(1, name, figures) for name, figures in OTHERS.items())]
    run = results(
        samples, titles={"ours": "our player", "bare": "bare page"}, about={"cores": 2}, failures=[]
    )
    page = write(run, stamp="20260101T000000Z", folder=tmp_path).read_text(encoding="utf-8")
    assert page.count("| yes |") + page.count("| **no** |") == len(run["targets"])
    assert "| our player |" in page
    assert "| file |" in page
    assert "| carry: ours | 0.05 / 0.50 |" in page
    assert (
        json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))["rounds"][0]["contestant"]
        == "ours"
    )


def test_a_figure_is_the_median_of_the_rounds_and_a_maximum_the_largest() -> None:
    rounds = [
        Sample(n, "bare", {"jump_p95_ms": ms, "jump_max_ms": ms}) for n, ms in enumerate((9.0, 1.0, 5.0))
    ]
    assert medians(rounds) == {"bare": {"jump_p95_ms": 5.0, "jump_max_ms": 9.0}}


def test_a_picture_counts_when_all_panels_show_it() -> None:
    assert pictures_shown([[0.0, 7, 7], [16.0, 8, 7], [33.0, 8, 8]]) == [7, 8]


def test_the_worse_panel_speaks_for_the_cine() -> None:
    tape = [[0.0, 0, 0], [500.0, 1, 2], [1000.0, 2, 2]]
    figures = cine_figures(tape)
    assert figures == {"shown": 1, "shown_per_s": pytest.approx(1.0), "missed": 1, "out_of_step": 1}


def test_the_spread_of_latencies_has_its_percentiles_in_order() -> None:
    figures = spread("step", [float(ms) for ms in range(1, 101)])
    assert figures["step_p50_ms"] == 50.5
    assert figures["step_p95_ms"] == pytest.approx(95.05)
    assert figures["step_max_ms"] == 100.0
