"""Headers that are cut, too deep, too long, too many, deflated, without preamble or written otherwise than they say."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from cases.decoding import Decoder
from cases.decoding.dicom_file import open_dicom
from cases.decoding.source import RefusedError
from cases.errors import UnreadableClipError
from cases.settings import Limits
from tests.cases import clip_factory as factory
from tests.cases.clip_factory import NumberedClip
from tests.cases.conftest import Import

CLIP = NumberedClip(frames=2, rows=16, columns=160)
META_END = b"\x08\x00\x16\x00"


def _bytes(
    tmp_path: Path, syntax: str = factory.EXPLICIT, change: Callable[[Dataset], None] | None = None
) -> bytes:
    return factory.write_dicom(tmp_path / "made.dcm", CLIP, syntax, change=change).read_bytes()


def _file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "clip.dcm"
    path.write_bytes(content)
    return path


def _before_pixels(content: bytes, inserted: bytes) -> bytes:
    at = content.index(b"\xe0\x7f\x10\x00")
    return content[:at] + inserted + content[at:]


def _element(tag: tuple[int, int], kind: bytes, value: bytes, length: int | None = None) -> bytes:
    stated = len(value) if length is None else length
    if kind in (b"SQ", b"UN", b"OB"):
        return struct.pack("<HH2sHI", *tag, kind, 0, stated) + value
    return struct.pack("<HH2sH", *tag, kind, stated) + value


@pytest.mark.parametrize("syntax", [factory.IMPLICIT, factory.EXPLICIT, factory.BIG_ENDIAN])
def test_a_file_without_preamble_and_meta_is_read_by_its_first_element(
    tmp_path: Path, imported: Import, syntax: str
):
    content = _bytes(tmp_path, syntax)
    body = content[content.index(b"\x00\x08\x00\x16" if syntax == factory.BIG_ENDIAN else META_END) :]
    _, cine = imported(_file(tmp_path, body))
    assert np.array_equal(cine.frames[1], CLIP.frame(1))


def test_a_file_without_preamble_but_with_meta_is_read(tmp_path: Path, imported: Import):
    _, cine = imported(_file(tmp_path, _bytes(tmp_path)[132:]))
    assert np.array_equal(cine.frames[1], CLIP.frame(1))


def test_a_file_that_says_implicit_but_states_its_types_is_read_by_its_data(tmp_path: Path, imported: Import):
    content = _bytes(tmp_path).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0", 1)
    _, cine = imported(_file(tmp_path, content))
    assert np.array_equal(cine.frames[1], CLIP.frame(1))


def test_a_deflated_file_is_inflated(tmp_path: Path, imported: Import):
    _, cine = imported(_file(tmp_path, _deflated(_bytes(tmp_path))))
    assert np.array_equal(cine.frames[1], CLIP.frame(1))


def _deflated(content: bytes) -> bytes:
    at = content.index(META_END)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    syntax = b"1.2.840.10008.1.2.1.99"
    meta = content[:at].replace(
        struct.pack("<H", 20) + b"1.2.840.10008.1.2.1\0", struct.pack("<H", 22) + syntax
    )
    return meta + packer.compress(content[at:]) + packer.flush()


def test_a_deflated_file_that_expands_too_far_is_refused(tmp_path: Path, imported: Import):
    bomb = _before_pixels(_bytes(tmp_path), _element((0x0099, 0x0010), b"OB", bytes(30_000_000)))
    with pytest.raises(UnreadableClipError, match="200 times its size"):
        imported(_file(tmp_path, _deflated(bomb)))


def _nested(depth: int) -> Callable[[Dataset], None]:
    def change(dataset: Dataset) -> None:
        inner = Dataset()
        for _ in range(depth):
            outer = Dataset()
            outer.ContentSequence = Sequence([inner])
            inner = outer
        dataset.ContentSequence = inner.ContentSequence

    return change


def test_sequences_as_deep_as_the_limit_are_read_and_deeper_ones_refused(tmp_path: Path, imported: Import):
    imported(_file(tmp_path, _bytes(tmp_path, change=_nested(60))))
    with pytest.raises(UnreadableClipError, match="more than 64 deep"):
        imported(_file(tmp_path, _bytes(tmp_path, change=_nested(70))))


def test_sequences_three_thousand_deep_are_refused(tmp_path: Path, imported: Import):
    start = _element((0x0040, 0xA730), b"SQ", b"", 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    with pytest.raises(UnreadableClipError, match="more than 64 deep"):
        imported(_file(tmp_path, _before_pixels(_bytes(tmp_path), start * 3_000)))


@pytest.mark.parametrize("kind", [b"OB", b"SQ", b"UN"])
def test_an_element_that_claims_two_gigabytes_is_refused_by_its_tag(
    tmp_path: Path, imported: Import, kind: bytes
):
    inserted = _element((0x0040, 0xA730), kind, b"abcd", 2_000_000_000)
    with pytest.raises(UnreadableClipError, match=r"\(0040,A730\) claims to be longer than the file"):
        imported(_file(tmp_path, _before_pixels(_bytes(tmp_path), inserted)))


def test_more_elements_than_the_limit_are_refused(tmp_path: Path, imported: Import):
    many = b"".join(_element((0x0099, 0x1000 + k % 0xEFFF), b"LO", b"x ") for k in range(60_000))
    with pytest.raises(UnreadableClipError, match="more than 50000 elements"):
        imported(_file(tmp_path, _before_pixels(_bytes(tmp_path), many)))


def test_a_type_that_does_not_exist_is_refused_by_its_tag(tmp_path: Path, imported: Import):
    with pytest.raises(UnreadableClipError, match=r"damaged at \(0099,0010\)"):
        imported(_file(tmp_path, _before_pixels(_bytes(tmp_path), _element((0x0099, 0x0010), b"zz", b"x "))))


def test_a_file_that_names_no_compression_is_refused(tmp_path: Path, imported: Import):
    content = _bytes(tmp_path)
    at = content.index(b"\x02\x00\x10\x00UI")
    with pytest.raises(UnreadableClipError, match="does not state its compression"):
        imported(_file(tmp_path, content[:at] + content[at + 28 :]))


def test_a_private_compression_is_refused_by_its_number(tmp_path: Path, imported: Import):
    streams = [factory.jpeg_of(frame) for frame in CLIP.all_frames()]
    content = _bytes(
        tmp_path, factory.JPEG_BASELINE, lambda dataset: factory.set_encapsulated(dataset, streams)
    )
    other = content.replace(b"1.2.840.10008.1.2.4.50", b"1.2.840.99999.1.2.4.50", 1)
    with pytest.raises(UnreadableClipError, match=r"compression 1\.2\.840\.99999\.1\.2\.4\.50 is not known"):
        imported(_file(tmp_path, other))


@pytest.mark.parametrize(
    "syntax", [factory.IMPLICIT, factory.EXPLICIT, factory.BIG_ENDIAN, factory.RLE, factory.JPEG_BASELINE]
)
def test_a_file_cut_anywhere_is_refused_in_one_sentence(tmp_path: Path, decoder: Decoder, syntax: str):
    content = _bytes(tmp_path, syntax)
    for end in range(1, len(content) - 9, len(content) // 40):
        with pytest.raises(UnreadableClipError) as refused:
            decoder.read([_file(tmp_path, content[:end])], _Nothing())
        assert refused.value.refusal not in ("INTERNAL", "DECODER_ENDED")


class _Nothing:
    def add(self, encoded: bytes) -> None:
        pass

    def restart(self) -> None:
        pass


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, 1200),
    byte=st.integers(0, 255),
    syntax=st.sampled_from([factory.IMPLICIT, factory.EXPLICIT]),
)
def test_a_changed_byte_of_a_header_is_read_or_refused_and_never_anything_else(
    tmp_path: Path, at: int, byte: int, syntax: str
):
    content = bytearray(_bytes(tmp_path, syntax))
    content[at] = byte
    try:
        file = open_dicom(_file(tmp_path, bytes(content)), Limits())
    except RefusedError:
        return
    file.stream.close()
    assert file.pixels_at <= len(content)


def test_a_private_element_larger_than_the_memory_is_passed_over(tmp_path: Path, imported: Import):
    content = factory.write_dicom(tmp_path / "a.dcm", CLIP).read_bytes()
    at, private_bytes = content.index(b"\xe0\x7f\x10\x00"), 3 << 29
    path = tmp_path / "b.dcm"
    with path.open("wb") as stream:
        stream.write(content[:at] + struct.pack("<HH2sHI", 0x0099, 0x0010, b"OB", 0, private_bytes))
        stream.seek(private_bytes, os.SEEK_CUR)  # a hole, which takes no room on the disk
        stream.write(content[at:])
    found, _ = imported(path)
    assert found.head.frames == CLIP.frames


def test_an_offset_table_larger_than_any_clip_is_refused_unread(tmp_path: Path, imported: Import):
    content = factory.write_dicom(tmp_path / "a.dcm", CLIP, factory.JPEG_BASELINE).read_bytes()
    at, table_bytes = content.index(b"\xfe\xff\x00\xe0"), 3 << 29
    path = tmp_path / "b.dcm"
    with path.open("wb") as stream:
        stream.write(content[: at + 4] + struct.pack("<I", table_bytes))
        stream.seek(table_bytes, os.SEEK_CUR)
        stream.write(content[at + 8 + int.from_bytes(content[at + 4 : at + 8], "little") :])
    with pytest.raises(UnreadableClipError, match="table of the compressed frames is damaged"):
        imported(path)
