"""How a file is spoiled: bytes anywhere, or the structure of its own format."""

import random
import re
import zlib
from typing import Literal

from tests.cases.fuzzing.records import Record, records_of
from tests.cases.fuzzing.seeds import Seed, deflated

_EXTREMES = (0, 1, 2, 3, 7, 8, 12, 16, 127, 128, 255, 256, 4095, 4096, 4097, 32767, 32768, 65534, 65535)
_LARGE = (65536, 0x00FFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 2**40, 2**63, 2**64 - 1)
_REACH = (0, 0, 0, 1, 2, 4, 4, 5, 6, 8, 8, 12, 16, 20, 24, 36, 40)
MAX_BYTES = 1 << 20


def spoiled(seed: Seed, rng: random.Random, *, by_structure: bool) -> bytes:
    """Spoil a file in one way, or in a few at once.

    Parameters
    ----------
    seed : Seed
        An intact file.
    rng : random.Random
        Equal generators spoil alike.
    by_structure : bool
        Whether its own format is looked at.

    Returns
    -------
    bytes
        The file, spoiled, at most ``MAX_BYTES`` longer than before.
    """
    content = changed_structure(seed.content, rng) if by_structure else changed_bytes(seed.content, rng)
    return deflated(content) if seed.is_deflated and rng.random() < 0.8 else content


def changed_bytes(content: bytes, rng: random.Random) -> bytes:
    """Flip, overwrite, remove, double or zero a few bytes anywhere."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16)) if content else 0):
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
    """Make a few parts of the file lie: about their length, their fields, their place, their number."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        records = records_of(content)
        if not records:
            return changed_bytes(content, rng)
        content = _one_lie(content, rng.choice(records), rng.choice(records), rng)[: len(content) + MAX_BYTES]
    is_png = content.startswith(b"\x89PNG")
    return _with_true_checksums(content) if is_png and rng.random() < 0.8 else content


def changed_text(content: bytes, rng: random.Random) -> bytes:
    """Make a text lie: a number, a word, a line or a bracket."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        tokens = [found.span() for found in _TOKENS.finditer(content)]
        if not tokens:
            return changed_bytes(content, rng)
        start, end = rng.choice(tokens)
        other = slice(*rng.choice(tokens))
        match rng.randrange(6):
            case 0 | 1 | 2:
                content = content[:start] + rng.choice(_ODD_WORDS) + content[end:]
            case 3:
                content = content[:start] + content[end:]
            case 4:
                content = content[:start] + content[other] + content[end:]
            case _:
                content = content[: rng.randrange(start, end)] + content[rng.randrange(start, len(content)) :]
    return content


_TOKENS = re.compile(rb"-?[\d.]+|\w+|\"[^\"\n]*\"|[\[\]{}<>/,:=]|[^\n]+\n")
_ODD_WORDS = (
    b"0", b"-1", b"1e999", b"-1e-400", b"NaN", b"Infinity", b"null", b"true", b'""', b"[]", b"{}", b"[[]]",
    b'{"a": 1}', b"1" * 400, b"9" * 5_000, b"0.1", b"2147483648", b"18446744073709551616", b"\xff\xfe", b"\0",
    b'"\\ud800"', b'"\\u0000"', "é\u202e".encode(), b"[" * 3_000, b'{"a":' * 3_000, b"<a>" * 3_000, b"../../x",
    b"inf", b"1979-05-27", b"&#0;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b" ", b"\n",
)  # fmt: skip


def _one_lie(content: bytes, one: Record, other: Record, rng: random.Random) -> bytes:
    start, end = one.start, one.end
    match rng.randrange(12):
        case 0 | 1 | 2 if one.length_bytes:
            return _with_length(content, one, rng)
        case 0 | 1 | 2 | 3 | 4 | 5:
            return _with_field(content, one, rng)
        case 6:
            return content[:start] + content[end:]
        case 7:
            return content[:end] + content[start:end] * rng.choice((1, 1, 2, 50)) + content[end:]
        case 8:
            return content[:start] + content[other.start : other.end] + content[end:]
        case 9:
            return content[: rng.choice((start, one.body, (one.body + end) // 2))]
        case 10:
            return content[: one.body] + content[other.body : other.end] + content[end:]
        case _:  # the name of another part on this one
            size = max(1, min(4, one.body - start, other.body - other.start))
            return content[:start] + content[other.start : other.start + size] + content[start + size :]


def _with_length(content: bytes, record: Record, rng: random.Random) -> bytes:
    now = int.from_bytes(_length_of(content, record), _order(record))
    near = (now - 1, now + 1, now * 2, now // 2, now + 8, len(content), len(content) - record.body)
    return _written(content, record.length_at, record.length_bytes, rng.choice((*near, *_LARGE, 0)), record)


def _with_field(content: bytes, record: Record, rng: random.Random) -> bytes:
    size = rng.choice((1, 2, 2, 4, 4, 8))
    at = min(record.body + rng.choice(_REACH), max(record.end - size, record.body))
    now = int.from_bytes(content[at : at + size], _order(record))
    return _written(
        content, at, size, rng.choice((*_EXTREMES, *_LARGE, now + 1, now - 1, -now, now * 256)), record
    )


def _written(content: bytes, at: int, size: int, number: int, record: Record) -> bytes:
    room = min(size, len(content) - at)
    if room <= 0:
        return content
    wrapped = (number % (1 << 8 * room)).to_bytes(room, _order(record))
    return content[:at] + wrapped + content[at + room :]


def _length_of(content: bytes, record: Record) -> bytes:
    return content[record.length_at : record.length_at + record.length_bytes]


def _order(record: Record) -> Literal["little", "big"]:
    return "little" if record.order == "little" else "big"


def _with_true_checksums(content: bytes) -> bytes:
    """Correct the checksum of every chunk of a PNG file, so that its lies are believed."""
    changed = bytearray(content)
    for chunk in records_of(content):
        if chunk.end - 4 >= chunk.start + 4 and chunk.end <= len(changed):
            checksum = zlib.crc32(changed[chunk.start + 4 : chunk.end - 4])
            changed[chunk.end - 4 : chunk.end] = checksum.to_bytes(4, "big")
    return bytes(changed)
