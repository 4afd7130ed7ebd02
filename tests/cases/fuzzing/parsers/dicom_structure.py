"""The walk over the skeleton of a DICOM header, in all three encodings; the first byte chooses."""

import io

from cases.decoding.dicom_structure import Encoding, StructureWalk
from cases.decoding.source import RefusedError
from cases.settings import Limits
from tests.cases import clip_factory as factory
from tests.cases.fuzzing.parsers.parser import Parser

_ENCODINGS = (Encoding(True, True), Encoding(False, True), Encoding(False, False), Encoding(True, False))
_LIMITS = Limits(max_elements=2_000)


def _parse(content: bytes) -> None:
    encoding, body = _ENCODINGS[content[0] % 4 if content else 0], content[1:]
    stream = io.BytesIO(body)
    at = StructureWalk(stream, len(body), encoding, _LIMITS).walk()
    assert 0 <= at <= len(body)


def _seeds() -> list[bytes]:
    clip = factory.NumberedClip(frames=1, rows=16, columns=160)
    seeds = []
    for k, syntax in enumerate((factory.IMPLICIT, factory.EXPLICIT, factory.BIG_ENDIAN)):
        dataset = factory.dicom_dataset(clip, syntax)
        factory.add_regions(dataset, [factory.RegionOfTest(0, 0, 9, 9)])
        factory.set_uncompressed(dataset, [clip.frame(0)[:1]])
        content = factory.as_bytes(dataset)
        meta = content.index(b"\x02\x00\x00\x00UL") + 12
        at = meta + int.from_bytes(content[meta - 4 : meta], "little")
        seeds.append(bytes([k]) + content[at:])
    return seeds


PARSER = Parser("the skeleton of a DICOM header", _parse, (RefusedError,), _seeds)
