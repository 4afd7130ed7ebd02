"""What a harness is: how a parser of ours is called, and how it may answer."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cases.fuzzing.mutation import changed_bytes, changed_structure, changed_text


@dataclass(frozen=True, slots=True)
class Parser:
    """One parser of ours and what it may do with bytes from outside.

    Parameters
    ----------
    reads : str
        What it reads, in words.
    parse : callable
        Gives bytes to it; returns on success, and checks what came out.
    refuses_with : tuple of exception classes
        Its own errors; anything else that it raises is a fault.
    seeds : callable
        Bytes that it reads without an error.
    is_text : bool
        Whether it reads text, which is then spoiled as text.
    spoil : callable or None
        How what it reads is best spoiled, where neither text nor the formats of clips are.
    """

    reads: str
    parse: Callable[[bytes], None]
    refuses_with: tuple[type[Exception], ...]
    seeds: Callable[[], list[bytes]]
    is_text: bool = False
    spoil: Callable[[bytes, random.Random], bytes] | None = None

    def answers(self, content: bytes) -> bool:
        """Give it bytes; True when it read them, False when it refused with an error of its own."""
        try:
            self.parse(content)
        except self.refuses_with:
            return False
        return True

    def spoiled(self, content: bytes, rng: random.Random) -> bytes:
        """Spoil bytes in a way that fits what it reads; equal generators spoil alike."""
        by_kind = self.spoil or (changed_text if self.is_text else changed_structure)
        return rng.choice((by_kind, by_kind, changed_bytes))(content, rng)


def in_a_file(content: bytes, name: str, folder: Path) -> Path:
    """Write bytes for a parser that reads files."""
    path = folder / name
    path.write_bytes(content)
    return path
