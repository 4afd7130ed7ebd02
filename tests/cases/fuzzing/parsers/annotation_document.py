"""Our own documents of marks."""

from pathlib import Path

import annotations
from annotations.document import document_text, parse_document
from annotations.errors import AnnotationFormatError
from tests.cases.fuzzing.parsers.parser import Parser


def _parse(content: bytes) -> None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return  # a document is read as text, and refused before this
    document = parse_document(text)
    again = parse_document(document_text(document))
    assert again == document


def _seeds() -> list[bytes]:
    bundled = Path(annotations.__file__).parent / "bundled"
    return sorted((path.read_bytes() for path in bundled.glob("*/*.json")), key=len)[:3]


PARSER = Parser("a document of marks", _parse, (AnnotationFormatError,), _seeds, is_text=True)
