"""Visits: apart from each other, and gone when they end."""

from pathlib import Path

from viewer.visits import Visits


def test_a_visit_is_found_by_its_token_and_by_nothing_else(tmp_path: Path) -> None:
    visits = Visits(tmp_path)
    visit = visits.begin()
    assert visits.find(visit.token) is visit
    assert visits.find(visit.token[:-1] + "!") is None
    assert visits.find("../" + visit.token) is None
    visits.close()


def test_nothing_of_an_ended_visit_is_left(tmp_path: Path) -> None:
    visits = Visits(tmp_path)
    visit = visits.begin()
    (visit.folder / "clip.dcm").write_bytes(b"x")
    visits.end(visit)
    visits.end(visit)
    assert visits.find(visit.token) is None
    assert not visit.folder.exists()
    visits.close()
    assert list(tmp_path.iterdir()) == []


def test_visits_of_a_server_that_was_killed_are_swept_and_those_of_a_running_one_are_not(
    tmp_path: Path,
) -> None:
    running = Visits(tmp_path)
    kept = running.begin()
    left_over = tmp_path / "0123456789abcdef"
    (left_over / "token").mkdir(parents=True)
    Visits(tmp_path).close()
    assert kept.folder.exists()
    assert not left_over.exists()
    running.close()


def test_the_last_one_at_work_clears_up_an_ended_visit(tmp_path: Path) -> None:
    visits = Visits(tmp_path)
    visit = visits.begin()
    with visit.at_work():
        visits.end(visit)
        (visit.folder / "late").write_bytes(b"x")
    assert not visit.folder.exists()
    visits.close()
