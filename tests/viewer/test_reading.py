"""Reading what arrived in a visit: each outcome said, each decision the person's, and nothing half-kept."""

import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.decoding import Decoder
from cases.settings import Limits
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.defect_files import disc_index
from tests.cases.defects import defect
from tests.cases.slow_file import write_slow_dicom
from viewer.reading import Reading, in_own_thread
from viewer.results import State
from viewer.visits import Visit, VisitEndedError

CLIP = NumberedClip(frames=5)


class Lines(list[dict[str, Any]]):
    """What the browser is told, and what happens when it is told."""

    def __init__(self) -> None:
        self.on_progress: Callable[[int], None] = lambda row_id: None

    def say(self, line: dict[str, Any]) -> None:
        self.append(line)
        if "reading" in line:
            self.on_progress(line["reading"])


def _when_read(row_id: int, decoder: Decoder, stop: Callable[[], object]) -> Callable[[int], None]:
    """Stop a file as soon as it is being read, and wait until its process has been ended for it."""

    def on_progress(read_row_id: int) -> None:
        if read_row_id == row_id:
            (child,) = decoder._all
            stop()
            _until(lambda: not child.is_alive)

    return on_progress


def _until(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder(processes=1) as shared:
        yield shared


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    return Visit("token", tmp_path / "visit")


def _arrive(visit: Visit, number: int, text: str, content: bytes) -> None:
    part, place = visit.arrivals.begin(number, text)
    part.write_bytes(content)
    visit.arrivals.keep(number, part, place)


def _clip(folder: Path, clip: NumberedClip = CLIP) -> bytes:
    return factory.write_dicom(folder / "made.dcm", clip).read_bytes()


def _read(visit: Visit, decoder: Decoder, lines: Lines | None = None) -> Lines:
    lines = Lines() if lines is None else lines
    Reading(visit, decoder, lines.say, lambda: visit.stop_reading.is_set()).all_arrived()
    return lines


def _states(visit: Visit) -> list[State]:
    return [result.state for result in visit.results.all()]


def _packs(visit: Visit) -> int:
    return len(list(visit.store.folder.rglob("*.pack")))


def _others(visit: Visit) -> list[Path]:
    return [path for path in visit.folder.rglob("*") if path.is_file() and path.suffix != ".pack"]


def test_each_thing_is_planned_read_and_said_in_order(visit: Visit, decoder: Decoder, tmp_path: Path) -> None:
    _arrive(visit, 0, "good.dcm", _clip(tmp_path))
    _arrive(visit, 1, "empty.dcm", b"")
    _arrive(visit, 2, "again.dcm", _clip(tmp_path))
    lines = _read(visit, decoder)
    assert lines[0] == {"looking": 1}
    (planned,) = (line["planned"] for line in lines if "planned" in line)
    assert [(row["name"], row["numbers"]) for row in planned] == [
        ("good.dcm", [0]),
        ("empty.dcm", [1]),
        ("again.dcm", [2]),
    ]
    assert _states(visit) == [State.OPENED, State.REFUSED, State.SAME]
    assert visit.results.all()[2].sentence == "The same clip as good.dcm."
    assert [result.name for result in visit.results.clips()] == ["good.dcm"]
    assert (_packs(visit), _others(visit)) == (1, [])


def test_a_copy_is_recognised_in_a_later_drop_too(visit: Visit, decoder: Decoder, tmp_path: Path) -> None:
    for number in range(2):
        _arrive(visit, number, f"{number}.dcm", _clip(tmp_path))
        _read(visit, decoder)
    assert _states(visit) == [State.OPENED, State.SAME]


def test_what_lies_in_a_folder_or_a_zip_is_named_with_it(
    visit: Visit, decoder: Decoder, tmp_path: Path
) -> None:
    for number in (1, 2, 3, 10):
        picture = factory.write_png(tmp_path / "made.png", CLIP.frame(number % 5))
        _arrive(visit, 0, f"jump/frame_{number}.png", picture.read_bytes())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("thigh/a.dcm", _clip(tmp_path))
    _arrive(visit, 1, "a.zip", (tmp_path / "a.zip").read_bytes())
    _read(visit, decoder)
    assert [(one.name, one.head.frames if one.head else 0) for one in visit.results.all()] == [
        ("jump/frame_1.png and 3 more", 4),
        ("a.zip/thigh/a.dcm", 5),
    ]
    assert _others(visit) == []


def test_a_disc_that_arrives_as_a_folder_is_read_in_the_order_of_its_index(
    visit: Visit, decoder: Decoder, tmp_path: Path
) -> None:
    order = [3, 1, 2]
    for number in order:
        _arrive(visit, 0, f"disc/IMAGES/IM{number}", _clip(tmp_path, NumberedClip(frames=number)))
    _arrive(visit, 0, "disc/DICOMDIR", disc_index([("IMAGES", f"IM{number}") for number in order]))
    _arrive(visit, 1, "alone.dcm", _clip(tmp_path))
    _read(visit, decoder)
    names = [f"disc/IMAGES/IM{number}" for number in order]
    assert [result.name for result in visit.results.clips()] == [*names, "alone.dcm"]
    assert _others(visit) == []


def test_good_frames_are_kept_only_when_the_person_says_so_and_the_warning_stays(
    visit: Visit, decoder: Decoder
) -> None:
    _arrive(visit, 0, "rot.dcm", defect("JPEG frame cut").content())
    _read(visit, decoder)
    (result,) = visit.results.all()
    assert (result.state, result.good_frames, _packs(visit)) == (State.UNDECIDED, 3, 0)
    lines = Lines()
    Reading(visit, decoder, lines.say, lambda: False).good_frames_of(result.row_id)
    (kept,) = visit.results.clips()
    assert kept.head is not None
    assert (kept.head.frames, kept.state) == (3, State.OPENED)
    assert "the 3 good ones are shown" in " ".join(lines[-1]["row"]["warnings"])
    assert "the 3 good ones are shown" in " ".join(visit.store.head(kept.head.sha256).warnings)
    assert _others(visit) == []


def test_what_is_left_out_leaves_nothing(visit: Visit, decoder: Decoder) -> None:
    _arrive(visit, 0, "rot.dcm", defect("JPEG frame cut").content())
    _read(visit, decoder)
    (result,) = visit.results.all()
    assert _others(visit)
    left_out = visit.results.give_up(result.row_id)
    assert left_out is not None
    assert left_out.state is State.LEFT_OUT
    assert visit.results.give_up(result.row_id) is None
    assert [path for path in visit.folder.rglob("*") if path.is_file()] == []


def test_a_decision_that_is_stopped_is_open_again(visit: Visit, decoder: Decoder) -> None:
    _arrive(visit, 0, "rot.dcm", defect("JPEG frame cut").content())
    _read(visit, decoder)
    (result,) = visit.results.all()
    Reading(visit, decoder, Lines().say, lambda: True).good_frames_of(result.row_id)
    assert (_states(visit), _packs(visit)) == ([State.UNDECIDED], 0)
    Reading(visit, decoder, Lines().say, lambda: False).good_frames_of(result.row_id)
    assert _states(visit) == [State.OPENED]


def _arrive_with_a_slow_one(visit: Visit, folder: Path) -> None:
    slow = write_slow_dicom(folder / "slow.dcm").read_bytes()
    for number, content in enumerate((_clip(folder), slow, _clip(folder, NumberedClip(frames=6)))):
        _arrive(visit, number, f"{number}.dcm", content)


def test_one_of_three_is_cancelled_while_it_is_decoded_and_the_others_are_read(
    visit: Visit, decoder: Decoder, tmp_path: Path
) -> None:
    _arrive_with_a_slow_one(visit, tmp_path)
    lines = Lines()
    lines.on_progress = _when_read(2, decoder, lambda: visit.results.give_up(2))
    before = {child.pid for child in decoder._all}
    _read(visit, decoder, lines)
    assert _states(visit) == [State.OPENED, State.CANCELLED, State.OPENED]
    assert before.isdisjoint({child.pid for child in decoder._all})  # its process was ended and replaced
    assert (_packs(visit), _others(visit)) == (2, [])


def test_all_is_cancelled_while_one_is_decoded(visit: Visit, decoder: Decoder, tmp_path: Path) -> None:
    _arrive_with_a_slow_one(visit, tmp_path)
    lines = Lines()
    lines.on_progress = _when_read(2, decoder, visit.stop_reading.set)
    _read(visit, decoder, lines)
    assert _states(visit) == [State.OPENED, State.CANCELLED, State.CANCELLED]
    assert [line["row"]["state"] for line in lines[-2:]] == ["cancelled", "cancelled"]
    assert (_packs(visit), _others(visit)) == (1, [])


@pytest.fixture(scope="module")
def two_processes() -> Iterator[Decoder]:
    # A file that waits for another one here must not be taken for a slow one.
    with Decoder(Limits(max_frame_s=60.0), processes=2) as shared:
        yield shared


def test_two_files_are_read_at_once_and_are_numbered_as_they_were_dropped(
    visit: Visit, two_processes: Decoder, tmp_path: Path
) -> None:
    other = _clip(tmp_path, NumberedClip(frames=6))
    for number, content in enumerate((_clip(tmp_path), other, _clip(tmp_path))):
        _arrive(visit, number, f"{number}.dcm", content)
    seen: list[tuple[State, int | None]] = []

    def wait_in_the_first(row_id: int) -> None:
        if row_id == 1 and not seen:
            _until(lambda: visit.results.of(3).state is State.OPENED)
            seen.extend((result.state, result.clip_number) for result in visit.results.all())

    lines = Lines()
    lines.on_progress = wait_in_the_first
    _read(visit, two_processes, lines)
    assert seen == [(State.READING, None), (State.OPENED, None), (State.OPENED, None)]
    assert [(one.state, one.clip_number) for one in visit.results.all()] == [
        (State.OPENED, 1),
        (State.OPENED, 2),
        (State.SAME, None),
    ]
    assert visit.results.all()[2].sentence == "The same clip as 0.dcm."
    said = {line["row"]["row_id"]: line["row"] for line in lines if "row" in line}
    assert [said[result.row_id] for result in visit.results.all()] == [
        result.row() for result in visit.results.all()
    ]
    assert (_packs(visit), _others(visit)) == (2, [])


def test_all_is_cancelled_while_two_are_decoded(visit: Visit, two_processes: Decoder, tmp_path: Path) -> None:
    for number in range(3):
        _arrive(visit, number, f"{number}.dcm", write_slow_dicom(tmp_path / "slow.dcm").read_bytes())
    lines, seen = Lines(), set[int]()

    def stop_when_both_are_read(row_id: int) -> None:
        seen.add(row_id)
        if seen == {1, 2}:
            visit.stop_reading.set()

    lines.on_progress = stop_when_both_are_read
    _read(visit, two_processes, lines)
    assert seen == {1, 2}
    assert _states(visit) == [State.CANCELLED] * 3
    assert (_packs(visit), _others(visit)) == (0, [])


def test_a_copy_of_a_clip_that_was_given_up_at_the_last_moment_keeps_its_pack(
    visit: Visit, two_processes: Decoder, tmp_path: Path
) -> None:
    for number in range(2):
        _arrive(visit, number, f"{number}.dcm", _clip(tmp_path))
    lines = Lines()

    def give_the_first_up(row_id: int) -> None:
        if row_id == 1:
            _until(lambda: visit.results.of(2).state is State.OPENED)
            visit.results.give_up(1)

    lines.on_progress = give_the_first_up
    _read(visit, two_processes, lines)
    assert _states(visit) == [State.CANCELLED, State.OPENED]
    assert [result.clip_number for result in visit.results.clips()] == [1]
    assert (_packs(visit), _others(visit)) == (1, [])


def test_a_visit_that_ends_while_it_is_read_leaves_no_folder(
    visit: Visit, decoder: Decoder, tmp_path: Path
) -> None:
    _arrive_with_a_slow_one(visit, tmp_path)
    lines = Lines()
    lines.on_progress = _when_read(2, decoder, visit.end)
    _read(visit, decoder, lines)
    assert not visit.folder.exists()
    with pytest.raises(VisitEndedError):
        _read(visit, decoder)


def test_the_pack_of_a_clip_that_was_given_up_at_the_last_moment_is_removed(
    visit: Visit, decoder: Decoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _arrive(visit, 0, "a.dcm", _clip(tmp_path))
    finish = visit.results.finish

    def give_up_first(row_id: int, opened: Any) -> Any:
        visit.results.give_up(row_id)
        return finish(row_id, opened)

    monkeypatch.setattr(visit.results, "finish", give_up_first)
    _read(visit, decoder)
    assert (_states(visit), _packs(visit)) == ([State.CANCELLED], 0)


def test_a_fault_of_ours_is_one_sentence_and_its_words_stay_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def faulty() -> None:
        raise RuntimeError("Doe_Jane.dcm")

    lines = Lines()
    with caplog.at_level("INFO"):
        in_own_thread(faulty, lines.say).result()
    assert "did not foresee" in lines[0]["error"]
    assert lines[1] == {"end": True}
    assert "RuntimeError" in caplog.text
    assert "Doe" not in caplog.text
