import re
from pathlib import Path

import numpy as np
import pydicom
import pytest

from annotations.document import AnnotatedFrame, AnnotationDocument
from annotations.errors import AnnotationFormatError
from annotations.layers import BUNDLED_FOLDER, bundled_documents
from annotations.mark import Kind, Mark
from annotations.measurement import measure
from annotations.seeds.truth import Moment, Truth
from annotations.seeds.truth_marks import TOLERANCE_PX, key_frames_of, marks_from_truth
from annotations.seeds.words import CLIP_WORDS, FRAME_WORDS, MARK_WORDS
from annotations.track import Track
from cases.calibration import Region
from cases.manifest import ManifestClip, read_manifest

CASES = Path(__file__).resolve().parents[2] / "cases" / "bundled"
FRAMES = 20
PICTURE = Region(0, 0, 639, 511, 0.1, 0.1)
CLIPS = [
    (folder.name, clip)
    for folder in sorted(CASES.glob("*/"))
    if (folder / "case.toml").is_file()
    for clip in read_manifest(folder).clips
    if clip.truth is not None
]


def _ramp() -> np.ndarray:
    """Effort that rises, holds and falls."""
    return np.clip(np.minimum(np.arange(FRAMES) - 4, FRAMES - 2 - np.arange(FRAMES)) / 5, 0, 1)


def _truth(*, torn: bool = True, long_axis: bool = True) -> Truth:
    """Build a thigh of straight lines: the tear opens from 2 to 20 mm and the muscle thickens."""
    effort = _ramp()
    x = np.linspace(100, 540, 61)
    top = np.stack([np.stack([x, np.full(61, 100 - 5 * e)], axis=1) for e in effort])
    deep = np.stack([np.stack([x, np.full(61, 240 + 10 * e)], axis=1) for e in effort])
    arrays: dict[str, np.ndarray] = {
        "activation": effort,
        "gap_mid_mm": (2 + 18 * effort) if torn else np.zeros(FRAMES),
        "rectus_outline_px": np.concatenate([top, deep[:, ::-1]], axis=1),
        "cortex_px": deep + np.array([0.0, 120.0]),
    }
    if not long_axis:
        return Truth({**arrays, "open_area_mm2": 300 * effort})
    arrays["rectus_thickness_mm"] = np.full((FRAMES, 3), 14.0)
    if torn:
        depth = np.linspace(0, 1, 41)
        ends = []
        for side in (-1, 1):
            at = 320 + side * arrays["gap_mid_mm"] * 5
            y = top[:, :1, 1] + (deep[:, :1, 1] - top[:, :1, 1]) * depth
            ends.append(np.stack([np.repeat(at[:, None], 41, axis=1), y], axis=2))
        arrays["proximal_end_px"], arrays["distal_end_px"] = ends
        arrays["stump_points_px"] = np.stack([end[:, [4, 20, 36]] for end in ends], axis=1)
    return Truth(arrays)


def _named(marks: tuple[Mark, ...]) -> dict[str, Mark]:
    return {mark.id.split(".", 1)[1]: mark for mark in marks}


def test_the_caliper_measures_the_gap_of_the_truth_on_every_frame() -> None:
    truth = _truth()
    gap = _named(marks_from_truth("clip", truth, PICTURE, {}))["gap"]
    for index in range(FRAMES):
        sighting = gap.sighting(index)
        assert sighting is not None
        measured = measure(Kind.CALIPER, sighting.points_px, regions=(PICTURE,))
        assert measured is not None
        assert measured.value == pytest.approx(truth["gap_mid_mm"][index], abs=0.1 * 2 * TOLERANCE_PX)


def test_a_torn_muscle_has_both_ends_and_what_lies_between_them() -> None:
    marks = _named(marks_from_truth("clip", _truth(), PICTURE, {}))
    assert {"gap", "proximal-stump", "distal-stump", "haematoma", "fascia", "femur", "probe-landmark"} <= set(
        marks
    )
    assert "rectus-femoris" not in marks


def test_a_whole_muscle_has_an_outline_and_no_gap() -> None:
    marks = _named(marks_from_truth("clip", _truth(torn=False), PICTURE, {}))
    assert {"rectus-femoris", "fascia", "vastus-intermedius", "femur"} <= set(marks)
    assert not {"gap", "proximal-stump", "haematoma"} & set(marks)


def test_the_fluid_of_a_short_axis_is_pointed_at_only_while_the_gap_is_open() -> None:
    fluid = _named(marks_from_truth("clip", _truth(long_axis=False), PICTURE, {}))["fluid"]
    shown = [fluid.sighting(index) is not None for index in range(FRAMES)]
    assert not shown[0]
    assert shown[FRAMES // 2]
    assert not shown[-1]


def test_lines_keep_inside_the_picture_on_every_frame() -> None:
    small = Region(200, 0, 400, 511)
    fascia = _named(marks_from_truth("clip", _truth(), small, {}))["fascia"]
    xs = [x for points in fascia.every_points_px() for x, _ in points]
    assert 200 < min(xs) < max(xs) < 401


def test_a_bone_below_the_picture_has_no_mark() -> None:
    shallow = Region(0, 0, 639, 300)
    marks = _named(marks_from_truth("clip", _truth(), shallow, {}))
    assert "femur" not in marks
    assert "vastus-name" in marks


def test_key_frames_are_few_where_the_truth_goes_straight_and_many_where_it_bends() -> None:
    time = np.linspace(0, 1, 101)
    straight = np.stack([100 * time, 40 * time], axis=1)[:, None]
    bent = np.stack([100 * time, 30 * np.sin(6 * time)], axis=1)[:, None]
    assert [key.frame_index for key in key_frames_of(straight)] == [0, 100]
    keys = key_frames_of(bent)
    assert 4 < len(keys) < 30
    track = Track(keys=keys)
    for index in range(101):
        sighting = track.sighting(index)
        assert sighting is not None
        assert np.hypot(*(np.array(sighting.points_px[0]) - bent[index, 0])) <= TOLERANCE_PX + 0.01


def test_moments_are_found_by_the_effort_and_the_gap() -> None:
    truth = _truth()
    moments = {moment: truth.frame_of(moment) for moment in Moment}
    assert list(moments.values()) == sorted(moments.values())
    assert (moments[Moment.FIRST], moments[Moment.AFTER]) == (5, FRAMES - 1)
    peak = moments[Moment.PEAK]
    assert truth["gap_mid_mm"][peak] == truth["gap_mid_mm"].max()


def test_a_truth_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"no archive")
    with pytest.raises(AnnotationFormatError, match=r"bad\.npz"):
        Truth.read(tmp_path / "bad.npz")
    np.savez(tmp_path / "poor.npz", activation=np.zeros(3))
    with pytest.raises(AnnotationFormatError, match="cortex_px"):
        Truth.read(tmp_path / "poor.npz")


def test_no_word_gives_a_bare_number_as_a_fact() -> None:
    for words in (w for frames in FRAME_WORDS.values() for w in frames):
        if "{" in words.text:
            assert "simulated value" in words.text, words.title
        assert not re.search(r"\d", words.text.replace("mm2", "")), words.title
    said = [*MARK_WORDS.values(), *(w for words in CLIP_WORDS.values() for w in words.values())]
    assert all(words.label and words.note and not re.search(r"\d", words.note) for words in said)


needs_clips = pytest.mark.skipif(not CLIPS, reason="the bundled clips have not been simulated here")


def _bundled(case: str) -> AnnotationDocument:
    (document,) = bundled_documents(case)
    return document


@needs_clips
@pytest.mark.parametrize(("case", "clip"), CLIPS, ids=lambda part: getattr(part, "id", part))
def test_the_bundled_marks_of_a_clip_are_those_of_its_truth(case: str, clip: object) -> None:
    manifest_clip = next(c for name, c in CLIPS if name == case and c is clip)
    assert manifest_clip.truth is not None
    truth = Truth.read(CASES / case / manifest_clip.truth)
    header = pydicom.dcmread(CASES / case / manifest_clip.file, stop_before_pixels=True)
    item = header.SequenceOfUltrasoundRegions[0]
    picture = Region(
        int(item.RegionLocationMinX0),
        int(item.RegionLocationMinY0),
        int(item.RegionLocationMaxX1),
        int(item.RegionLocationMaxY1),
    )
    made = marks_from_truth(manifest_clip.id, truth, picture, CLIP_WORDS.get(manifest_clip.id, {}))
    kept = _bundled(case).marks_of(manifest_clip.id)
    assert [mark.id for mark in kept] == [mark.id for mark in made], "run python -m annotations bundle again"
    for before, after in zip(kept, made, strict=True):
        for index in range(truth.frames):
            one, other = before.sighting(index), after.sighting(index)
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                assert np.abs(np.array(one.points_px) - np.array(other.points_px)).max() <= 0.02


@needs_clips
def test_every_simulated_clip_has_annotated_frames_with_a_text_alternative() -> None:
    for case, clip in CLIPS:
        frames: tuple[AnnotatedFrame, ...] = _bundled(case).frames_of(clip.id)
        assert frames, clip.id
        assert all(len(frame.text_alternative) > 60 for frame in frames)


@needs_clips
@pytest.mark.parametrize("case", sorted({case for case, _ in CLIPS}))
def test_every_case_has_at_least_eight_annotated_frames(case: str) -> None:
    frames = _bundled(case).annotated_frames
    assert len(frames) >= 8
    assert len({(frame.clip, frame.frame_index) for frame in frames}) == len(frames)
    assert len({frame.title for frame in frames}) == len(frames)


LONG_AXIS = frozenset({"fascia", "deep-fascia", "aponeurosis"})
TEAR = frozenset({"gap", "proximal-stump", "distal-stump", "haematoma"})
BONE = frozenset({"femur", "probe-landmark"})


@needs_clips
@pytest.mark.parametrize(("case", "clip"), CLIPS, ids=lambda part: getattr(part, "id", part))
def test_a_clip_has_the_marks_that_apply_to_it(case: str, clip: ManifestClip) -> None:
    """What lies in the plane and in the picture is marked, and nothing else."""
    assert clip.truth is not None
    truth = Truth.read(CASES / case / clip.truth)
    names = {mark.id.removeprefix(f"{clip.id}.") for mark in _bundled(case).marks_of(clip.id)}
    is_open = truth["gap_mid_mm"].max() > 0
    shows_bone = clip.id != "ends-separate"  # a closer view, whose lower edge lies above the bone
    expected = BONE if shows_bone else frozenset()
    expected |= {"vastus-intermedius"} if truth.is_long_axis and shows_bone else {"vastus-name"}
    if truth.is_long_axis:
        expected |= LONG_AXIS | ((TEAR | {"aponeurosis-distal"}) if is_open else {"rectus-femoris"})
    else:
        expected |= {"rectus-femoris"} | ({"fluid"} if is_open else set())
    assert names == expected
    concepts = {mark.id: mark.concept for mark in _bundled(case).marks_of(clip.id)}
    assert all(concept is not None for concept in concepts.values()), concepts


@needs_clips
def test_every_bundled_document_belongs_to_a_case_and_its_clips() -> None:
    known = {(case, clip.id) for case, clip in CLIPS}
    for path in BUNDLED_FOLDER.glob("*/*.json"):
        document = _bundled(path.parent.name)
        assert document.case == path.parent.name
        assert {(document.case, mark.clip) for mark in document.marks} <= known
