import errno
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cases.clip import ClipKind
from cases.decoding import Decoder, Wishes
from cases.decoding.sandbox import MAX_OPEN_FILES
from cases.errors import ImportCancelledError
from cases.frame_timing import TimingSource
from cases.intake import open_files, open_group, plan
from cases.sentences import Refusal, Remark
from cases.store import ClipStore
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, read_frame_index
from tests.cases.defects import defect

CLIP = NumberedClip(frames=3)


def _zip(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _clip_bytes(frames: int) -> bytes:
    dataset = factory.dicom_dataset(NumberedClip(frames=frames))
    factory.set_uncompressed(dataset, NumberedClip(frames=frames).all_frames())
    return factory.as_bytes(dataset)


def test_bad_and_good_files_come_back_in_order_each_with_a_clip_or_a_sentence(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    paths = []
    for k in range(4):
        paths.append(factory.write_dicom(tmp_path / f"good-{k}.dcm", NumberedClip(frames=2 + k)))
        paths.append(tmp_path / f"bad-{k}.dcm")
        paths[-1].write_bytes(b"no clip at all " * k)
    opened = open_files(paths, store, decoder)
    assert [one.name for one in opened] == [path.name for path in paths]
    assert [one.head.frames if one.head else None for one in opened] == [2, None, 3, None, 4, None, 5, None]
    assert all((one.error is None) == (one.head is not None) for one in opened)
    assert not any((one.error or "").startswith("bad-") for one in opened)


def test_the_slices_of_a_series_become_one_clip_among_others(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    slices = factory.write_mr_series(tmp_path)
    film = factory.write_dicom(tmp_path / "film.dcm", CLIP)
    opened = open_files([slices[0], film, *slices[1:]], store, decoder)
    assert [(one.name, one.head.frames if one.head else 0) for one in opened] == [
        ("slice-5.dcm and 4 more", 5),
        ("film.dcm", 3),
    ]


def test_a_folder_is_opened_in_natural_order_without_the_systems_own_files(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    folder = tmp_path / "exam"
    (folder / "sub").mkdir(parents=True)
    for name in ("clip10.dcm", "clip9.dcm", "sub/clip1.dcm"):
        factory.write_dicom(folder / name, CLIP)
    (folder / ".DS_Store").write_bytes(b"x")
    assert [one.name for one in open_files([folder], store, decoder)] == [
        "clip9.dcm",
        "clip10.dcm",
        "sub/clip1.dcm",
    ]


def test_an_empty_folder_says_so(tmp_path: Path, store: ClipStore, decoder: Decoder):
    (tmp_path / "empty").mkdir()
    (opened,) = open_files([tmp_path / "empty"], store, decoder)
    assert opened.error == "There is no file inside; choose another folder or archive."
    assert not opened.carries_identity


def test_identity_is_reported_and_never_repeated(tmp_path: Path, store: ClipStore, decoder: Decoder):
    named = factory.write_dicom(
        tmp_path / "named.dcm", CLIP, change=lambda dataset: setattr(dataset, "PatientName", "Doe^Jane")
    )
    neutral = factory.write_dicom(tmp_path / "neutral.dcm", CLIP)
    opened = open_files([named, neutral], store, decoder)
    assert [one.carries_identity for one in opened] == [True, False]
    assert "Doe" not in repr(opened)


@pytest.mark.parametrize(
    ("said", "carries"),
    [
        ({"PatientName": "ANONYMOUS^PATIENT"}, False),
        ({"PatientName": "", "PatientID": "000000"}, False),
        ({"PatientID": "4711"}, True),
        ({"PatientBirthDate": "19700101"}, True),
        ({"PatientBirthDate": "19000101"}, False),
        ({"PatientName": "Müller^Hans"}, True),
        ({"PatientName": "Testa^Anna"}, True),
    ],
)
def test_what_names_a_person_and_what_does_not(
    tmp_path: Path, decoder: Decoder, said: dict[str, str], carries: bool
):
    def change(dataset: object) -> None:
        dataset.SpecificCharacterSet = "ISO_IR 192"
        for keyword, value in said.items():
            setattr(dataset, keyword, value)

    path = factory.write_dicom(tmp_path / "a.dcm", CLIP, change=change)
    assert decoder.look(path).carries_identity is carries


def test_progress_names_the_file_and_a_cancel_stops_before_the_next(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    paths = [factory.write_dicom(tmp_path / f"{k}.dcm", CLIP) for k in range(3)]
    names: list[str] = []
    opened = open_files(
        paths,
        store,
        decoder,
        progress=lambda name, done, declared: names.append(name),
        cancel=lambda: "0.dcm" in names,
    )
    assert set(names) == {"0.dcm"}
    assert len(opened) <= 1


@pytest.mark.parametrize(
    "what",
    [
        "cut inside compressed frames",
        "raw frames cut short",
        "a zeroed block in a frame",
        "more frames declared than present",
        "fewer frames declared than present",
        "an empty frame",
        "JPEG frame cut",
        "RLE rot",
        "video rot",
        "cut, with a length but no index",
    ],
)
def test_of_a_clip_with_bad_frames_as_many_can_be_kept_as_were_promised(
    tmp_path: Path, store: ClipStore, decoder: Decoder, what: str
):
    path = tmp_path / "a.dcm"
    path.write_bytes(defect(what).content())
    (refused,) = open_files([path], store, decoder)
    assert refused.group is not None
    assert not list(store.folder.rglob("*.pack"))
    refused.group.keeps_good_frames = True
    (kept,) = open_group(refused.group, store, decoder)
    assert kept.head is not None
    assert kept.head.frames == refused.good_frames
    assert kept.head.warnings


def test_a_plan_says_with_which_arrival_each_file_came_and_can_be_stopped(tmp_path: Path, decoder: Decoder):
    inside = {f"{k}.dcm": _clip_bytes(2) for k in range(3)}
    paths = [_zip(tmp_path / "a.zip", **inside), factory.write_dicom(tmp_path / "b.dcm", CLIP)]
    planned = plan(paths, decoder, tmp_path / "room")
    assert [group.arrivals[0].index for group in planned] == [0, 0, 0, 1]
    with pytest.raises(ImportCancelledError):
        plan(paths, decoder, tmp_path / "other room", cancel=lambda: True)


def _numbered_pictures(folder: Path, numbers: list[int]) -> Path:
    folder.mkdir()
    for number in numbers:
        factory.write_png(folder / f"frame_{number}.png", NumberedClip().frame(number))
    return folder


def test_the_numbered_pictures_of_a_folder_are_one_clip_in_the_order_of_their_numbers(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    folder = _numbered_pictures(tmp_path / "exam", [9, 10, 8, 100])
    (folder / "notes.txt").write_text("no picture")
    opened = open_files([folder], store, decoder)
    assert [one.name for one in opened] == ["frame_8.png and 3 more", "notes.txt"]
    head = opened[0].head
    assert head is not None
    assert (head.kind, head.timing_source) == (ClipKind.CLIP, TimingSource.UNKNOWN)
    frames = store.cine(head.sha256).frames
    assert [read_frame_index(frame, NumberedClip()) for frame in frames] == [8, 9, 10, 100]
    assert any("89 are missing" in sentence for sentence in head.warnings)


def test_numbers_with_an_even_step_miss_nothing(tmp_path: Path, store: ClipStore, decoder: Decoder):
    (opened,) = open_files([_numbered_pictures(tmp_path / "exam", [10, 20, 30, 40])], store, decoder)
    assert opened.head is not None
    assert not any("missing" in sentence for sentence in opened.head.warnings)


def test_two_pictures_or_pictures_that_came_alone_stay_alone(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    two = _numbered_pictures(tmp_path / "two", [1, 2])
    four = _numbered_pictures(tmp_path / "four", [1, 2, 3, 4])
    assert len(open_files([two], store, decoder)) == 2
    assert len(open_files(sorted(four.iterdir()), store, decoder)) == 4


def test_a_damaged_picture_among_numbered_ones_is_named_and_the_others_may_be_kept(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    folder = _numbered_pictures(tmp_path / "exam", [1, 2, 3, 4])
    damaged = folder / sorted(path.name for path in folder.iterdir())[2]
    damaged.write_bytes(damaged.read_bytes()[:-200])
    (opened,) = open_files([folder], store, decoder)
    assert opened.error == Refusal.FRAMES_DAMAGED.say({"frame": 3, "good": 3, "declared": 4})
    assert (opened.can_keep_good_frames, opened.good_frames) == (True, 3)
    assert opened.group is not None
    opened.group.keeps_good_frames = True
    (kept,) = open_group(opened.group, store, decoder)
    assert kept.head is not None
    assert kept.head.frames == 3
    assert Remark.FEWER_FRAMES_KEPT.say({"declared": 4, "good": 3}) in kept.head.warnings
    wishes = Wishes(are_frames_in_time=True, keep_good_frames=True, frame_time_ms=40)
    timed = store.import_series([one.path for one in opened.group.arrivals], decoder, wishes=wishes)
    assert timed.head.frame_starts_s == (0.0, 0.04, 0.12)


def _slice(k: int) -> bytes:
    dataset = factory.mr_dataset(32, 24)
    dataset.SeriesInstanceUID, dataset.SOPInstanceUID, dataset.InstanceNumber = "1.2.3", f"1.2.3.{k}", k
    factory.set_uncompressed(dataset, [np.full((32, 24), k, np.int16)])
    return factory.as_bytes(dataset)


def test_a_series_may_have_more_slices_than_a_process_may_open_files(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    (tmp_path / "exam").mkdir()
    for k in range(MAX_OPEN_FILES + 9):
        (tmp_path / "exam" / f"{k}.dcm").write_bytes(_slice(k))
    (opened,) = open_files([tmp_path / "exam"], store, decoder)
    assert opened.head is not None
    assert opened.head.frames == MAX_OPEN_FILES + 9
    cine = store.cine(opened.head.sha256)
    assert [int(frame[0, 0]) for frame in cine.frames] == list(range(MAX_OPEN_FILES + 9))


def test_a_slice_that_lost_its_size_is_named_and_the_others_may_be_kept(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    (tmp_path / "exam").mkdir()
    for k in range(1, 6):
        content = _slice(k)
        at = content.index(b"\x28\x00\x00\x01US")  # Bits Allocated
        damaged = content[: at + 8] + struct.pack("<H", 13) + content[at + 10 :]
        (tmp_path / "exam" / f"{k}.dcm").write_bytes(damaged if k in (2, 4) else content)
    (opened,) = open_files([tmp_path / "exam"], store, decoder)
    assert opened.error == Refusal.FRAMES_DAMAGED.say({"frame": 2, "good": 3, "declared": 5})
    assert opened.group is not None
    opened.group.keeps_good_frames = True
    (kept,) = open_group(opened.group, store, decoder)
    assert kept.head is not None
    assert [int(frame[0, 0]) for frame in store.cine(kept.head.sha256).frames] == [1, 3, 5]


def test_a_series_of_which_no_slice_opens_says_why(tmp_path: Path, store: ClipStore, decoder: Decoder):
    (tmp_path / "exam").mkdir()
    for k in range(1, 4):
        content = _slice(k)
        at = content.index(b"\x28\x00\x00\x01US")
        (tmp_path / "exam" / f"{k}.dcm").write_bytes(content[: at + 8] + b"\x0d\0" + content[at + 10 :])
    (opened,) = open_files([tmp_path / "exam"], store, decoder)
    assert opened.error == Refusal.UNSUPPORTED_BITS.say({"bits": 13})


def test_a_copy_of_a_slice_is_no_second_slice(tmp_path: Path, store: ClipStore, decoder: Decoder):
    (tmp_path / "exam").mkdir()
    for name, k in (("a", 1), ("b", 2), ("c", 3), ("copy", 2)):
        (tmp_path / "exam" / f"{name}.dcm").write_bytes(_slice(k))
    (opened,) = open_files([tmp_path / "exam"], store, decoder)
    assert opened.head is not None
    assert opened.head.frames == 3


def test_numbered_pictures_of_different_sizes_are_opened_one_by_one(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    folder = _numbered_pictures(tmp_path / "exam", [1, 2, 3])
    factory.write_png(folder / "frame_4.png", NumberedClip(rows=50).frame(4))
    assert [one.error for one in open_files([folder], store, decoder)] == [None] * 4


@pytest.mark.shared_data
def test_the_real_numbered_pictures_are_one_clip(shared_data: Path, store: ClipStore, decoder: Decoder):
    opened = open_files([shared_data / "gl_jump_stills_cc0"], store, decoder)
    assert [one.head.frames for one in opened if one.head is not None] == [23]


def test_a_second_copy_of_a_clip_is_recognised_by_its_content(
    tmp_path: Path, store: ClipStore, decoder: Decoder
):
    first = factory.write_dicom(tmp_path / "first.dcm", CLIP)
    other = factory.write_dicom(tmp_path / "other.dcm", NumberedClip(frames=4))
    copy = tmp_path / "copy.dcm"
    copy.write_bytes(first.read_bytes())
    opened = open_files([first, other, copy], store, decoder)
    assert [one.same_as for one in opened] == [None, None, "first.dcm"]


def test_the_log_says_what_became_of_a_file_and_names_nobody(
    tmp_path: Path, store: ClipStore, decoder: Decoder, caplog: pytest.LogCaptureFixture
):
    named = factory.write_dicom(
        tmp_path / "Doe_Jane.dcm", CLIP, change=lambda dataset: setattr(dataset, "PatientName", "Doe^Jane")
    )
    bad = tmp_path / "Doe_John.dcm"
    bad.write_bytes(b"")
    with caplog.at_level("INFO", logger="cases"):
        open_files([named, bad], store, decoder)
    assert "imported: files=1 container=dicom codec=uncompressed frames=3" in caplog.text
    assert "import refused: EMPTY" in caplog.text
    assert "Doe" not in caplog.text


def test_a_full_disk_is_said_beside_each_file_and_stops_nothing_else(
    tmp_path: Path, store: ClipStore, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    paths = [factory.write_dicom(tmp_path / f"{k}.dcm", CLIP) for k in range(2)]
    monkeypatch.setattr(os, "fsync", full)
    opened = open_files(paths, store, decoder)
    assert ["No space left" in (one.error or "") for one in opened] == [True, True]
