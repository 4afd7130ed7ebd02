"""The files that pydicom ships with itself: each opens or gets its sentence."""

from pathlib import Path

import pydicom
import pytest

from cases.decoding import Decoder
from cases.errors import UnreadableClipError

FOLDER = Path(pydicom.__file__).parent / "data" / "test_files"
FILES = sorted(
    path for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in (".py", ".md", ".txt")
)


class _Nothing:
    def add(self, encoded: bytes) -> None:
        pass

    def restart(self) -> None:
        pass


@pytest.mark.skipif(not FILES, reason="this pydicom ships no files")
def test_each_file_opens_or_is_refused_by_a_foreseen_sentence(decoder: Decoder):
    said: dict[str, str] = {}
    for path in FILES:
        try:
            decoder.read([path], _Nothing())
        except UnreadableClipError as error:
            said[path.name] = error.refusal
    unforeseen = {name: refusal for name, refusal in said.items() if refusal in ("INTERNAL", "DECODER_ENDED")}
    assert unforeseen == {}
    assert len(said) < len(FILES)
