import contextlib
from pathlib import Path

import numpy as np
import pytest

from cases.decoding.damage import DamageWatch, thumbnail_of
from cases.errors import UnreadableClipError
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.conftest import Import


def _speckle(frames: int, *, is_moving: bool) -> list[np.ndarray]:
    """Make a clip whose tissue moves by a pixel a frame, with noise of its own in each."""
    rng = np.random.default_rng(7)
    tissue = np.clip(rng.rayleigh(60, (400, 900)), 0, 255)
    shift = 1 if is_moving else 0
    return [
        np.clip(tissue[:, k * shift : k * shift + 600] + rng.normal(0, 6, (400, 600)), 0, 255).astype(
            np.uint8
        )
        for k in range(frames)
    ]


def _suspects(frames: list[np.ndarray]) -> list[int]:
    watch = DamageWatch()
    for frame in frames:
        watch.see(thumbnail_of(frame))
    return watch.suspects()


@pytest.mark.parametrize("is_moving", [False, True])
def test_an_intact_clip_raises_no_suspicion(is_moving: bool):
    assert _suspects(_speckle(30, is_moving=is_moving)) == []


def test_a_jump_of_the_probe_is_no_damage():
    clip = _speckle(20, is_moving=False)
    assert _suspects([*clip[:10], *[255 - frame for frame in clip[10:]]]) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_a_frame_unlike_both_of_its_neighbours_is_named(share: float):
    clip = _speckle(20, is_moving=False)
    clip[7][: int(400 * share)] = 0
    assert _suspects(clip) == [7]


@pytest.mark.parametrize("frames", [4, 5])
def test_in_a_clip_of_a_few_frames_a_damaged_one_is_named_too(frames: int):
    clip = _speckle(frames, is_moving=False)
    clip[1][:200] = 0
    assert _suspects(clip) == [1]


def test_a_run_of_zeros_in_one_frame_is_named_and_in_all_frames_is_not():
    one, all_of_them = DamageWatch(), DamageWatch()
    for k in range(10):
        one.see(np.zeros((4, 4), np.uint8), b"\x01" * 20 + bytes(60) if k == 4 else b"\x01" * 80)
        all_of_them.see(np.zeros((4, 4), np.uint8), bytes(60))
    assert one.suspects() == [4]
    assert all_of_them.suspects() == []


@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name", ["us_mf_jpeg_baseline_ybr422_bot", "us_mf_j2k_lossless_rgb", "us_mf_rle_mono"]
)
def test_a_zeroed_block_in_a_real_clip_is_refused_or_named(
    tmp_path: Path, shared_data: Path, imported: Import, name: str
):
    content = bytearray((shared_data / "derived" / f"{name}.dcm").read_bytes())
    at = len(content) // 2
    content[at : at + 512] = bytes(512)
    path = tmp_path / "zeroed.dcm"
    path.write_bytes(content)
    said: tuple[str, ...] = ()
    with contextlib.suppress(UnreadableClipError):
        said = ("refused",)
        said = imported(path)[0].head.warnings
    assert said == ("refused",) or any("look damaged" in sentence for sentence in said)


@pytest.mark.shared_data
def test_no_intact_real_clip_is_suspected(shared_data: Path, imported: Import):
    for path in sorted((shared_data / "derived").glob("us_mf_*.dcm")):
        found, _ = imported(path)
        assert not any("look damaged" in sentence for sentence in found.head.warnings), path.name


def test_frames_of_a_numbered_clip_are_not_suspected(tmp_path: Path, imported: Import):
    path = factory.write_dicom(tmp_path / "a.dcm", NumberedClip(frames=40), factory.JPEG_BASELINE)
    found, _ = imported(path)
    assert found.head.warnings == ()
