"""A value recorded with a clip, brought onto its frames."""

from pathlib import Path

import pytest

from cases.errors import CurveFileError
from cases.recorded_curve import read_recorded_curve

STARTS_S = (1.0, 1.1, 1.4, 1.5)


def _table(folder: Path, text: str) -> Path:
    path = folder / "torque.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_curve_by_time_is_read_between_its_samples_and_not_beyond_them(tmp_path: Path) -> None:
    path = _table(tmp_path, "time_s,torque\n0.05,10\n0.25,30\n0.45,30\n")
    assert read_recorded_curve(path, 4, STARTS_S) == (None, 15.0, 30.0, None)


def test_a_curve_by_frame_needs_no_times(tmp_path: Path) -> None:
    path = _table(tmp_path, "\ufeffFrame,torque\n1,5\n\n3,7\n")
    assert read_recorded_curve(path, 4, None) == (5.0, 6.0, 7.0, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1 must name the columns"),
        ("torque,time_s\n1,2\n", "line 1 must name the columns"),
        ("frame,torque\n1,2\nx,3\n", "line 3 must hold two numbers"),
        ("frame,torque\n2,2\n1,3\n", "line 3 must hold two numbers, the first larger"),
        ("frame,torque\n1,nan\n2,3\n", "line 2 must hold two numbers"),
        ("frame,torque\n1\n2,3\n", "line 2 must hold two numbers"),
        ("frame,torque\n1,2\n", "at least two samples"),
        ("time_s,torque\n0,2\n1,3\n", "give a column “frame” instead"),
    ],
)
def test_a_table_that_is_none_says_where_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CurveFileError, match=r"torque\.csv") as error:
        read_recorded_curve(_table(tmp_path, text), 4, None)
    assert says in str(error.value)


def test_a_missing_or_binary_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "torque.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("torque.csv", "none.csv"):
        with pytest.raises(CurveFileError, match="CSV in UTF-8"):
            read_recorded_curve(tmp_path / name, 4, None)
