"""Files of many kinds as a clinic drops them: good ones whose frames carry their number, and bad ones."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.defects import defect

Write = Callable[[Path, NumberedClip], object]


@dataclass(frozen=True, slots=True)
class MixedFile:
    """One file, and what is to come of it.

    Parameters
    ----------
    path : Path
        The file.
    shown_as : str
        How the list names it.
    frames : int
        Frames of a good one; 0 for a bad one.
    sentence : str
        What is said of a bad one.
    """

    path: Path
    shown_as: str
    frames: int = 0
    sentence: str = ""


def good_files(folder: Path) -> list[MixedFile]:
    """Write ten clips of different kinds; each has another number of frames, so that none equals another."""
    folder.mkdir()
    kinds: list[tuple[str, Write]] = [
        ("implicit.dcm", lambda path, clip: factory.write_dicom(path, clip, factory.IMPLICIT)),
        ("big-endian.dcm", lambda path, clip: factory.write_dicom(path, clip, factory.BIG_ENDIAN)),
        ("rle.dcm", lambda path, clip: factory.write_dicom(path, clip, factory.RLE)),
        ("jpeg.dcm", lambda path, clip: factory.write_dicom(path, clip, factory.JPEG_BASELINE)),
        ("h264.mp4", factory.write_video),
        (
            "mjpeg.avi",
            lambda path, clip: factory.write_video(path, clip, codec="mjpeg", pixel_format="yuvj420p"),
        ),
        ("animated.gif", _write_pictures),
        ("animated.webp", lambda path, clip: _write_pictures(path, clip, lossless=True)),
        ("pages.tiff", _write_pictures),
        ("clips.zip", _write_zip),
    ]
    files = []
    for more, (name, write) in enumerate(kinds):
        clip = NumberedClip(frames=5 + more)
        write(folder / name, clip)
        shown_as = "clips.zip/thigh/inside.dcm" if name == "clips.zip" else name
        files.append(MixedFile(folder / name, shown_as, clip.frames))
    return files


def bad_files(folder: Path) -> list[MixedFile]:
    """Write ten files that do not open, each for another reason."""
    folder.mkdir()
    made = [
        ("empty.dcm", b"", "The file is empty"),
        ("notes.avi", b"Patient list\nnothing here\n" * 10, "looks like text"),
        ("login.dcm", b"<!DOCTYPE html><title>Login</title>", "This is a web page"),
        ("cut-header.dcm", defect("cut in the header").content(), "cut off in the header"),
        ("huge.dcm", defect("65535 × 65535 pixels").content(), "65535 × 65535 pixels"),
        ("report.dcm", defect("report with pixels").content(), "not a picture"),
        ("private.dcm", defect("private transfer syntax").content(), "The compression"),
        ("cut.mp4", _cut_video(folder), "The video is damaged"),
        ("broken.png", _cut_png(folder), "The picture is damaged"),
        ("broken.zip", b"PK\x03\x04" + bytes(40), "The archive is damaged"),
    ]
    for name, content, _ in made:
        (folder / name).write_bytes(content)
    return [MixedFile(folder / name, name, sentence=sentence) for name, _, sentence in made]


def write_rotten(path: Path) -> Path:
    """Write a clip of which three frames are good and one is not."""
    path.write_bytes(defect("JPEG frame cut").content())
    return path


def _write_pictures(path: Path, clip: NumberedClip, **options: object) -> None:
    first, *others = [Image.fromarray(frame) for frame in clip.all_frames()]
    first.save(path, save_all=True, append_images=others, duration=40, **options)


def _write_zip(path: Path, clip: NumberedClip) -> None:
    inside = factory.write_dicom(path.with_name("inside.dcm"), clip, factory.JPEG_BASELINE)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inside, "thigh/inside.dcm")
    inside.unlink()


def _cut_video(folder: Path) -> bytes:
    whole = factory.write_video(folder / "whole.mp4", NumberedClip(frames=20))
    content = whole.read_bytes()
    whole.unlink()
    return content[: len(content) // 2]


def _cut_png(folder: Path) -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64), np.uint8)
    content = factory.write_png(folder / "whole.png", noise).read_bytes()
    (folder / "whole.png").unlink()
    return content[: len(content) // 2]
