"""The kind of a file, told by its first bytes."""

from cases.clip import Container
from cases.decoding.recognition import kind_of, refusal_of_unknown
from tests.cases.fuzzing.parsers.parser import Parser


def _parse(content: bytes) -> None:
    assert isinstance(kind_of(content), Container)
    refusal_of_unknown(content).refusal.say({})


def _seeds() -> list[bytes]:
    boxes = b"\0\0\0\x14ftypisom\0\0\2\0isom"
    return [
        bytes(128) + b"DICM\2\0\0\0UL\4\0", b"\2\0\0\0UL\4\0", b"\0\x08\0\5CS\0\2", b"\x89PNG\r\n\x1a\n", b"GIF89a",
        b"RIFF\0\0\0\0AVI LIST", b"RIFF\0\0\0\0WEBPVP8X", boxes, b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm", b"PK\3\4",
        b"<!doctype html>", b"a text", b"", b"\0\0\1\xba", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    ]  # fmt: skip


PARSER = Parser("the first bytes of any file", _parse, (), _seeds)
