"""The index of a disc (DICOMDIR) beside the files that it names, and beside those that it should not."""

import gc
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.fileset import FileSet

from cases.decoding import Decoder
from cases.intake import open_files
from cases.store import ClipStore
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, read_frame_index
from tests.cases.defect_files import disc_index

ORDER = [3, 1, 2]


def _clip(path: Path, number: int) -> Path:
    """Write a clip of so many frames, whose identifier ends in that number."""

    def name(dataset: Dataset) -> None:
        dataset.SOPInstanceUID = f"1.2.3.{number}"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID

    path.parent.mkdir(parents=True, exist_ok=True)
    return factory.write_dicom(path, NumberedClip(frames=number), change=name)


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """Write a disc whose index names three clips in an order of its own, beside a viewer program."""
    folder = tmp_path / "disc"
    for number in ORDER:
        _clip(folder / "IMAGES" / f"IM{number}", number)
    (folder / "DICOMDIR").write_bytes(disc_index([("IMAGES", f"IM{number}") for number in ORDER]))
    (folder / "AUTORUN.INF").write_bytes(b"[autorun]\nopen=viewer.exe\n")
    factory.write_png(folder / "ICON.PNG", np.zeros((8, 8), np.uint8))
    return folder


def _zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder.parent))
    return target


def _frames(paths: list[Path], store: ClipStore, decoder: Decoder) -> list[tuple[str, int | str | None]]:
    opened = open_files(paths, store, decoder)
    return [(one.name, one.head.frames if one.head else one.error) for one in opened]


def test_an_index_in_a_folder_opens_what_it_names_in_its_order(
    disc: Path, store: ClipStore, decoder: Decoder
):
    assert _frames([disc], store, decoder) == [(f"IMAGES/IM{number}", number) for number in ORDER]


def test_an_index_in_an_archive_and_in_one_inside_it_too(
    tmp_path: Path, disc: Path, store: ClipStore, decoder: Decoder
):
    inner = _zipped(disc, tmp_path / "inner.zip")
    assert _frames([inner], store, decoder) == [(f"disc/IMAGES/IM{number}", number) for number in ORDER]
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(inner, "inner.zip")
    expected = [(f"inner.zip/disc/IMAGES/IM{number}", number) for number in ORDER]
    assert _frames([tmp_path / "outer.zip"], store, decoder) == expected


def test_files_that_the_index_names_and_that_are_missing_are_named_in_one_sentence(
    disc: Path, store: ClipStore, decoder: Decoder
):
    (disc / "IMAGES" / "IM1").unlink()
    assert _frames([disc], store, decoder) == [
        (
            "DICOMDIR",
            "1 of the 3 files that the index of the disc names cannot be found (IMAGES/IM1); copy the whole disc.",
        ),
        ("IMAGES/IM3", 3),
        ("IMAGES/IM2", 2),
    ]


def test_clips_that_the_index_does_not_name_follow_those_that_it_names(
    disc: Path, store: ClipStore, decoder: Decoder
):
    factory.write_video(disc / "A.MP4", NumberedClip(frames=7))
    assert [name for name, _ in _frames([disc], store, decoder)][-1] == "A.MP4"


def test_what_an_index_names_is_known_by_its_identifier_wherever_it_lies(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    index = tmp_path / "DICOMDIR"
    index.write_bytes(disc_index([("A", "IM2"), ("B", "IM1")], instances=["1.2.3.2", "1.2.3.1"]))
    flat = [_clip(tmp_path / "first", 1), index, _clip(tmp_path / "second", 2)]
    assert _frames(flat, store, decoder) == [("second", 2), ("first", 1)]


@pytest.mark.parametrize(
    "parts", [("..", "SECRET"), ("", "etc", "passwd"), ("..\\SECRET",), ("C:", "SECRET")]
)
def test_an_index_that_leads_outside_reads_nothing_there(
    tmp_path: Path, disc: Path, store: ClipStore, decoder: Decoder, parts: tuple[str, ...]
):
    _clip(tmp_path / "SECRET", 9)
    (disc / "DICOMDIR").write_bytes(disc_index([("IMAGES", "IM1"), parts]))
    (said, *opened) = _frames([disc], store, decoder)
    assert said[0] == "DICOMDIR"
    assert "refers to files outside its folder" in str(said[1])
    assert [name for name, _ in opened] == ["IMAGES/IM1", "IMAGES/IM2", "IMAGES/IM3"]


def test_a_link_in_a_folder_that_leads_out_of_it_is_not_followed(
    tmp_path: Path, disc: Path, store: ClipStore, decoder: Decoder
):
    (disc / "IMAGES" / "IM1").unlink()
    (disc / "IMAGES" / "IM1").symlink_to(_clip(tmp_path / "SECRET", 9))
    opened = _frames([disc], store, decoder)
    assert [name for name, _ in opened] == ["DICOMDIR", "IMAGES/IM3", "IMAGES/IM2"]


def test_an_index_on_its_own_says_what_to_do(disc: Path, store: ClipStore, decoder: Decoder):
    ((name, said),) = _frames([disc / "DICOMDIR"], store, decoder)
    assert (name, said) == (
        "DICOMDIR",
        "This is the index of a disc (DICOMDIR); open the folder that it lies in.",
    )


def test_an_index_does_not_change_the_order_of_what_else_arrived(
    tmp_path: Path, disc: Path, store: ClipStore, decoder: Decoder
):
    before, after = _clip(tmp_path / "before", 5), _clip(tmp_path / "after", 6)
    names = [name for name, _ in _frames([before, disc, after], store, decoder)]
    assert names == ["before", "IMAGES/IM3", "IMAGES/IM1", "IMAGES/IM2", "after"]


def test_an_index_that_another_program_wrote_is_understood(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    files = FileSet()
    for number in (2, 3):
        files.add(_read(_clip(tmp_path / f"{number}.dcm", number)))
    files.write(tmp_path / "written")
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        del files  # pydicom leaves the removal of its temporary folder to the collector
        gc.collect()
    opened = open_files([tmp_path / "written"], store, decoder)
    assert sorted(one.head.frames for one in opened if one.head) == [2, 3]
    assert all(one.error is None for one in opened)
    assert all(
        read_frame_index(store.cine(one.head.sha256).frames[1], NumberedClip()) == 1
        for one in opened
        if one.head
    )


def _read(path: Path) -> Dataset:
    import pydicom

    dataset = pydicom.dcmread(path)
    dataset.PatientID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "phantom", "1.2.4", "1.2.5"
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20000101", "000000", "1"
    dataset.SeriesNumber, dataset.InstanceNumber = "1", "1"
    return dataset
