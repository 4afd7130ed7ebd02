"""The manifest of a case."""

import tempfile
from pathlib import Path

from cases.errors import ManifestError
from cases.manifest import MANIFEST_NAME, read_manifest
from cases.settings import BUNDLED_CASES_FOLDER
from tests.cases.fuzzing.parsers.parser import Parser, in_a_file

_FOLDER = Path(tempfile.mkdtemp(prefix="parser-"))


def _parse(content: bytes) -> None:
    in_a_file(content, MANIFEST_NAME, _FOLDER)
    manifest = read_manifest(_FOLDER)
    assert all((_FOLDER / name).is_file() for name in manifest.file_names())


def _seeds() -> list[bytes]:
    bundled = sorted(BUNDLED_CASES_FOLDER.glob(f"*/{MANIFEST_NAME}"))
    for path in bundled:  # empty files under the names of the real ones
        for name in read_manifest(path.parent).file_names():
            (_FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
            (_FOLDER / name).touch()
    return [path.read_bytes() for path in bundled]


PARSER = Parser("case.toml", _parse, (ManifestError,), _seeds, is_text=True)
