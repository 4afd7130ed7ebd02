"""Files on their way into a visit: whole or not at all, and never outside their folder."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.arriving import (
    MAX_DEPTH,
    MAX_FILES,
    MAX_NAME_BYTES,
    MAX_PATH_BYTES,
    ArrivalRefusedError,
    Arrivals,
    safe_path,
)


def _arrive(arrivals: Arrivals, number: int, text: str, content: bytes = b"x") -> None:
    part, place = arrivals.begin(number, text)
    part.write_bytes(content)
    arrivals.keep(number, part, place)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@given(st.text(max_size=400))
def test_whatever_a_path_says_it_stays_below_its_folder_or_is_refused(text: str) -> None:
    try:
        path = safe_path(text)
    except ArrivalRefusedError:
        return
    assert not path.is_absolute()
    assert not {"", ".", ".."} & set(path.parts)
    assert len(path.parts) == len(text.split("/")) <= MAX_DEPTH
    assert all(0 < len(part.encode()) <= MAX_NAME_BYTES for part in path.parts)
    assert not set('\\:*?"<>|\0') & set(path.as_posix())
    assert path.as_posix().isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "../x.dcm",
        "/etc/passwd",
        "a/../../x.dcm",
        "a//b",
        "a/./b",
        "..",
        "",
        "a/",
        "/".join("a" * (MAX_DEPTH + 1)),
    ],
)
def test_a_path_that_leads_elsewhere_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(ArrivalRefusedError, match="open the"):
        safe_path(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("thigh/frame_001.png", "thigh/frame_001.png"),
        ("a\\b.dcm", "a_b.dcm"),
        ("con", "_con"),
        ("LPT1.dcm/x", "_LPT1.dcm/x"),
        ("knee. ", "knee"),
        ("fro\u202eg.dcm", "fro_g.dcm"),
        ("Mu\u0308ller.dcm", "M\u00fcller.dcm"),
        ("...", "_"),
    ],
)
def test_a_name_keeps_all_that_a_disk_can_take(text: str, path: str) -> None:
    assert safe_path(text) == PurePosixPath(path)


def test_a_long_name_keeps_its_end_and_a_long_path_is_refused() -> None:
    assert safe_path("🦵" * 200 + "7.png").name.endswith("🦵7.png")
    with pytest.raises(ArrivalRefusedError, match="too long"):
        safe_path("/".join(["n" * MAX_NAME_BYTES] * (MAX_PATH_BYTES // MAX_NAME_BYTES + 1)))


def test_a_folder_is_recreated_and_a_file_stands_alone(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path / "arriving")
    for text in ("thigh/DICOMDIR", "thigh/left/1.dcm", "thigh/right/1.dcm"):
        _arrive(arrivals, 3, text)
    _arrive(arrivals, 0, "clip.mp4")
    taken = arrivals.take()
    assert [(one.number, one.path.name) for one in taken] == [(0, "clip.mp4"), (3, "thigh")]
    assert _files(taken[1].path) == ["DICOMDIR", "left/1.dcm", "right/1.dcm"]
    assert arrivals.take() == []


def test_a_file_is_there_only_when_it_is_whole(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path / "arriving")
    part, place = arrivals.begin(0, "clip.mp4")
    part.write_bytes(b"half")
    assert not place.exists()
    assert arrivals.take() == []
    with pytest.raises(ArrivalRefusedError):
        arrivals.keep(0, part, place)  # what was taken without it is being read already
    assert not place.exists()


def test_names_that_differ_in_capitals_only_are_both_kept_and_the_same_one_is_refused(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path / "arriving")
    _arrive(arrivals, 0, "exam/A.png", b"1")
    _arrive(arrivals, 0, "exam/a.PNG", b"2")
    with pytest.raises(ArrivalRefusedError, match="sent twice"):
        arrivals.begin(0, "exam/A.png")
    names = _files(tmp_path / "arriving" / "0")
    assert len({name.casefold() for name in names}) == 2


@pytest.mark.parametrize("second", ["b.dcm", "a.dcm", "other/a.dcm"])
def test_under_one_number_only_one_thing_arrives(tmp_path: Path, second: str) -> None:
    arrivals = Arrivals(tmp_path / "arriving")
    _arrive(arrivals, 0, "a.dcm")
    with pytest.raises(ArrivalRefusedError, match="sent twice") as refused:
        arrivals.begin(0, second)
    assert refused.value.status_code == 409


def test_what_was_cancelled_is_gone_and_nothing_more_is_taken_for_it(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path / "arriving")
    _arrive(arrivals, 0, "exam/1.png")
    part, place = arrivals.begin(0, "exam/2.png")
    part.write_bytes(b"x")
    arrivals.cancel(0)
    with pytest.raises(ArrivalRefusedError, match="cancelled"):
        arrivals.keep(0, part, place)
    with pytest.raises(ArrivalRefusedError, match="no longer expected"):
        arrivals.begin(0, "exam/3.png")
    assert arrivals.take() == []
    assert not (tmp_path / "arriving" / "0").exists()


def test_what_was_broken_off_may_be_sent_again(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path / "arriving")
    arrivals.begin(0, "clip.dcm")
    arrivals.give_up(0, "clip.dcm")
    _arrive(arrivals, 0, "clip.dcm")
    assert len(arrivals.take()) == 1


def test_more_files_than_the_limit_are_refused(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path / "arriving")
    for number in range(MAX_FILES):
        arrivals.begin(0, f"exam/{number}.png")
    with pytest.raises(ArrivalRefusedError, match=str(MAX_FILES)) as refused:
        arrivals.begin(1, "clip.dcm")
    assert refused.value.status_code == 413
