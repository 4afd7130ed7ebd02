"""Mutants of small files in every format, each of which must open or get its sentence.

``python -m tests.cases.fuzzing --structure 2000 --bytes 100000`` runs many; the tests run a few of each.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset

from cases.decoding import Decoder
from cases.errors import UnreadableClipError
from cases.sentences import Refusal
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip, RegionOfTest

GREY = NumberedClip(frames=3, rows=32, columns=160)
COLOURED = NumberedClip(frames=3, rows=32, columns=160, is_colour=True)
ANSWER_S = 10.0
CHILD_BYTES = 1 << 30
_NUMBERS_OF_2_BYTES = (0, 1, 2, 7, 12, 255, 256, 4096, 4097, 32767, 32768, 65535)
_NUMBERS_OF_4_BYTES = (0, 1, 255, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_MARKS = (
    *(b"\x28\x00" + bytes([low, 0]) for low in (0x02, 0x04, 0x06, 0x08, 0x10, 0x11)),
    *(b"\x28\x00" + bytes([low, 1]) for low in (0x00, 0x01, 0x02, 0x03)),
    b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0", b"\xe0\x7f\x10\x00", b"\x18\x00\x11\x60", b"\x18\x00\x63\x10",
    b"\x18\x00\x65\x10", b"\x02\x00\x10\x00", b"\x02\x00\x00\x00", b"\xff\xc0", b"\xff\xc3", b"\xff\xf7",
    b"\xff\xc4", b"\xff\xda", b"\xff\xdb", b"\xff\x51", b"\xff\x52", b"\xff\x90", b"stsz", b"stts", b"stsc",
    b"stco", b"tkhd", b"mdhd", b"moov", b"trak", b"avcC", b"ftyp", b"mdat", b"elst", b"RIFF", b"avih", b"strh",
    b"idx1", b"movi", b"IHDR", b"IDAT", b"PLTE", b"acTL", b"\x1a\x45\xdf\xa3", b"\x16\x54\xae\x6b", b"GIF8", b"ANMF",
    b"VP8 ", b"VP8L", b"VP8X", b"II*\x00",
)  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What became of many mutants.

    Parameters
    ----------
    refusals : Counter
        How often each sentence was said; ``opened`` for those that opened.
    slowest_s : float
        The longest answer.
    largest_child_bytes : int
        Most memory that a decoding process held.
    unforeseen : list of str
        Mutants whose answer is not one for a damaged file: those that stopped the process or that nobody foresaw.
    """

    refusals: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    largest_child_bytes: int = 0
    unforeseen: list[str] = field(default_factory=list)


def seeds(folder: Path) -> list[Path]:
    """Write one small intact file of every format that can be made here."""
    made = [
        factory.write_dicom(
            folder / f"{name}-{index}.dcm", clip, syntax, regions=[RegionOfTest(0, 0, 99, 20)]
        )
        for index, clip in enumerate((GREY, COLOURED))
        for name, syntax in (
            ("implicit", factory.IMPLICIT),
            ("explicit", factory.EXPLICIT),
            ("big", factory.BIG_ENDIAN),
            ("rle", factory.RLE),
            ("jpeg", factory.JPEG_BASELINE),
        )
    ]
    made += [_compressed(folder / "j2k.dcm", "openjpeg"), _compressed(folder / "jls.dcm", "jpegls")]
    made += [_dicom_video(folder), _mr(folder)]
    made += [
        factory.write_video(folder / "a.mp4", GREY),
        factory.write_video(folder / "c.mp4", COLOURED),
        factory.write_video(folder / "a.avi", GREY, codec="mjpeg", pixel_format="yuvj420p"),
        factory.write_video(folder / "raw.avi", GREY, codec="rawvideo", pixel_format="bgr24"),
        factory.write_video(folder / "a.webm", GREY, codec="libvpx-vp9", options={"crf": "30"}),
        factory.write_video(folder / "a.mpg", GREY, codec="mpeg2video", options={"b": "900000"}),
        factory.write_png(folder / "a.png", COLOURED.frame(0)),
    ]
    return made + _pictures(folder)


def run(decoder: Decoder, folder: Path, *, structure: int, bytewise: int, seed: int = 0) -> Outcome:
    """Read so many mutants and say what became of them."""
    intact = [(path.name, path.read_bytes()) for path in seeds(folder)]
    rng, outcome = random.Random(seed), Outcome()
    mutant = folder / "mutant"
    for number, (name, content) in enumerate(_mutants(intact, rng, structure, bytewise)):
        mutant.write_bytes(content)
        begun_s = time.monotonic()
        said = _answer(decoder, mutant)
        outcome.refusals[said] += 1
        outcome.slowest_s = max(outcome.slowest_s, time.monotonic() - begun_s)
        if said in (Refusal.INTERNAL.name, Refusal.DECODER_ENDED.name) or said not in _ALLOWED:
            outcome.unforeseen.append(f"{name} #{number}: {said}")
            (folder / f"unforeseen-{number}-{name}").write_bytes(content)
        if number % 50 == 0:
            outcome.largest_child_bytes = max(outcome.largest_child_bytes, _largest_child(decoder))
    return outcome


_ALLOWED = {"opened", *(refusal.name for refusal in Refusal)}


class _Nothing:
    def add(self, encoded: bytes) -> None:
        pass

    def restart(self) -> None:
        pass


def _answer(decoder: Decoder, path: Path) -> str:
    try:
        decoder.read([path], _Nothing())
    except UnreadableClipError as error:
        return error.refusal
    return "opened"


def _mutants(
    intact: list[tuple[str, bytes]], rng: random.Random, structure: int, bytewise: int
) -> Iterator[tuple[str, bytes]]:
    for _ in range(structure):
        name, content = rng.choice(intact)
        yield name, changed_structure(content, rng)
    for _ in range(bytewise):
        name, content = rng.choice(intact)
        yield name, changed_bytes(content, rng)


def changed_bytes(content: bytes, rng: random.Random) -> bytes:
    """Flip, overwrite, remove, double or zero a few bytes anywhere."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        at = rng.randrange(len(changed))
        count = rng.choice((1, 1, 2, 4, 64))
        match rng.randrange(6):
            case 0:
                changed[at] ^= 1 << rng.randrange(8)
            case 1:
                changed[at : at + count] = rng.randbytes(len(changed[at : at + count]))
            case 2 if len(changed) > 200:
                del changed[at : at + count]
            case 3:
                changed[at:at] = changed[at : at + count]
            case 4:
                changed[at : at + count] = bytes(len(changed[at : at + count]))
            case _:
                changed[at] = rng.choice((0, 0xFF, 0x7F, 0x80))
    return bytes(changed)


def changed_structure(content: bytes, rng: random.Random) -> bytes:
    """Write an extreme number near a mark of the format: a tag, a marker, a box; or cut or repeat at one."""
    places = [at for mark in _MARKS for at in _all_of(content, mark)]
    if not places:
        return changed_bytes(content, rng)
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.choice(places) + rng.choice((-4, 2, 4, 4, 5, 6, 7, 8, 8, 12, 16, 20))
        order = rng.choice(("little", "big"))
        match rng.randrange(8):
            case 0:
                del changed[max(at, 150) :]
            case 1:
                changed[at:at] = changed[at : at + rng.randrange(1, 400)]
            case 2 | 3 | 4:
                changed[at : at + 2] = rng.choice(_NUMBERS_OF_2_BYTES).to_bytes(2, order)
            case _:
                changed[at : at + 4] = rng.choice(_NUMBERS_OF_4_BYTES).to_bytes(4, order)
    return bytes(changed)


def _all_of(content: bytes, mark: bytes) -> Iterator[int]:
    at = content.find(mark)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1)


def _largest_child(decoder: Decoder) -> int:
    peaks = [0]
    for child in list(decoder._all):
        status = Path(f"/proc/{child.pid}/status")
        if status.exists():
            lines = status.read_text().splitlines()
            peaks += [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


def _compressed(path: Path, encoder: str) -> Path:
    if encoder == "openjpeg":
        import openjpeg

        streams = [bytes(openjpeg.encode(frame)) for frame in GREY.all_frames()]
    else:
        streams = [factory.by_ffmpeg(encoder, frame) for frame in GREY.all_frames()]

    def change(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, streams)

    syntax = factory.JPEG_2000_LOSSLESS if encoder == "openjpeg" else "1.2.840.10008.1.2.4.80"
    return factory.write_dicom(path, GREY, syntax, change=change)


def _dicom_video(folder: Path) -> Path:
    stream = factory.write_video(folder / "inside.mp4", GREY).read_bytes()

    def change(dataset: Dataset) -> None:
        factory.set_encapsulated(dataset, [stream], has_bot=False, fragments=3)

    return factory.write_dicom(folder / "video.dcm", GREY, "1.2.840.10008.1.2.4.102", change=change)


def _mr(folder: Path) -> Path:
    return factory.write_mr_series(folder, slices=1)[0]


def _pictures(folder: Path) -> list[Path]:
    from PIL import Image

    first, *others = [Image.fromarray(frame) for frame in GREY.all_frames()]
    made = []
    for name in ("a.gif", "a.webp", "a.tiff"):
        first.save(folder / name, save_all=True, append_images=others)
        made.append(folder / name)
    for name in ("a.bmp", "a.jpg"):
        first.save(folder / name)
        made.append(folder / name)
    return made


def main() -> int:
    """Run as a command; status 1 when an answer was unforeseen, late or the process too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--structure", type=int, default=2_000)
    parser.add_argument("--bytes", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=None)
    chosen = parser.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="fuzzing-"))
    folder.mkdir(parents=True, exist_ok=True)
    with Decoder(processes=1) as decoder:
        outcome = run(decoder, folder, structure=chosen.structure, bytewise=chosen.bytes, seed=chosen.seed)
    for said, count in outcome.refusals.most_common():
        print(f"{count:8d}  {said}")  # noqa: T201
    print(  # noqa: T201
        f"slowest answer {outcome.slowest_s:.2f} s, largest process {outcome.largest_child_bytes >> 20} MiB, "
        f"unforeseen {len(outcome.unforeseen)}"
    )
    print("\n".join(outcome.unforeseen[:50]))  # noqa: T201
    is_late = outcome.slowest_s > ANSWER_S or outcome.largest_child_bytes > CHILD_BYTES
    return 1 if outcome.unforeseen or is_late else 0


if __name__ == "__main__":
    raise SystemExit(main())
