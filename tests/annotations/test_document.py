import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.sr.codedict import codes

from annotations.concept import CONCEPTS, PRIVATE_SCHEME, Concept
from annotations.document import (
    AnnotationDocument,
    Layer,
    LayerRole,
    document_schema,
    document_text,
    parse_document,
    read_document,
)
from annotations.errors import AnnotationFormatError
from annotations.mark import Kind, Mark
from annotations.migration import migrated
from annotations.track import OnFrame
from tests.annotations.strategies import documents, some_examples

SCHEMA = Path(__file__).resolve().parents[2] / "annotations" / "annotation.schema.json"
TEACHER = Layer(id="teacher", title="Teacher", role=LayerRole.TEACHER)


def _point(name: str) -> Mark:
    place = OnFrame(frame_index=0, points_px=((1.5, 2.5),))
    return Mark(id=name, clip="clip-1", kind=Kind.POINT, place=place)


@some_examples
@given(documents)
def test_a_document_comes_back_from_its_text_unchanged(document: AnnotationDocument) -> None:
    text = document_text(document)
    assert parse_document(text) == document
    assert document_text(parse_document(text)) == text


@some_examples
@given(documents)
def test_every_document_keeps_to_the_published_schema(document: AnnotationDocument) -> None:
    jsonschema.validate(json.loads(document_text(document)), json.loads(document_schema()))


def test_the_published_schema_is_that_of_the_model() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == document_schema()


def test_changing_one_mark_changes_only_lines_of_that_mark() -> None:
    before = AnnotationDocument(
        case="c", layer=TEACHER, marks=tuple(_point(name) for name in ("a", "b", "c"))
    )
    moved = before.marks[1].model_copy(update={"label": "moved"})
    after = before.model_copy(update={"marks": (before.marks[0], moved, before.marks[2])})
    pairs = zip(document_text(before).splitlines(), document_text(after).splitlines(), strict=True)
    assert [(a.strip(), b.strip()) for a, b in pairs if a != b] == [('"label": "",', '"label": "moved",')]


def test_a_document_can_be_read_from_a_file(tmp_path: Path) -> None:
    document = AnnotationDocument(case="c", layer=TEACHER, marks=(_point("a"),))
    path = tmp_path / "teacher.json"
    path.write_text(document_text(document), encoding="utf-8")
    assert read_document(path) == document


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "not one of our documents"),
        ("{}", "schema_version is missing"),
        ('{"schema_version": true}', "schema_version is missing"),
        ('{"schema_version": 0}', "version 0"),
        ('{"schema_version": 1}', "key case"),
        ('{"schema_version": 1, "case": "c", "layer": {"id": "a", "title": "", "role": "king"}}', "role"),
    ],
)
def test_what_is_not_a_document_is_refused_with_a_reason(text: str, said: str) -> None:
    with pytest.raises(AnnotationFormatError, match=said):
        parse_document(text, "marks.json")


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotationFormatError, match="absent"):
        read_document(tmp_path / "absent.json")
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe")
    with pytest.raises(AnnotationFormatError, match="UTF-8"):
        read_document(tmp_path / "latin.json")


def test_an_id_used_twice_is_refused() -> None:
    document = AnnotationDocument(case="c", layer=TEACHER, marks=(_point("a"),))
    content = json.loads(document_text(document))
    content["marks"] *= 2
    with pytest.raises(AnnotationFormatError, match="used twice"):
        parse_document(json.dumps(content))


@some_examples
@given(documents, st.dictionaries(st.sampled_from(["glow", "sound"]), st.integers(), min_size=1))
def test_what_a_newer_version_adds_is_kept(document: AnnotationDocument, added: dict[str, int]) -> None:
    content = json.loads(document_text(document))
    content["schema_version"] = 7
    content |= added
    content["layer"] |= added
    for mark in content["marks"]:
        mark |= added
        mark["place"] |= added
    content["marks"].append({"id": "strange", "kind": "hologram", "voxels": [1, 2, 3]})
    content["annotated_frames"].append({"id": "odd", "sound": "beep"})
    read = parse_document(json.dumps(content))
    assert json.loads(document_text(read)) == content


def test_a_mark_of_an_unknown_kind_is_refused_in_a_document_of_our_own_version() -> None:
    content = json.loads(document_text(AnnotationDocument(case="c", layer=TEACHER)))
    content["marks"] = [{"id": "strange", "kind": "hologram"}]
    with pytest.raises(AnnotationFormatError, match=r"key marks\[1\]"):
        parse_document(json.dumps(content))


def test_documents_of_earlier_versions_are_brought_up_step_by_step() -> None:
    steps = {
        1: lambda content: {**content, "case": content["name"]},
        2: lambda content: {key: value for key, value in content.items() if key != "name"},
    }
    old = {"schema_version": 1, "name": "thigh"}
    assert migrated(old, "x", steps=steps, current=3) == {"schema_version": 3, "case": "thigh"}
    with pytest.raises(AnnotationFormatError, match="version 1"):
        migrated(old, "x", steps={2: steps[2]}, current=3)


@pytest.mark.parametrize(
    "concept", [c for c in CONCEPTS.values() if c.scheme != PRIVATE_SCHEME], ids=lambda c: c.meaning
)
def test_every_public_code_stands_in_the_dictionary_of_pydicom(concept: Concept) -> None:
    scheme = getattr(codes, concept.scheme)
    assert (concept.code, concept.meaning) in {
        (code.value, code.meaning) for code in (getattr(scheme, name) for name in _keywords(concept))
    }


def _keywords(concept: Concept) -> list[str]:
    return [
        name for name in dir(getattr(codes, concept.scheme)) if _squeezed(concept.meaning) == name.lower()
    ]


def _squeezed(meaning: str) -> str:
    return "".join(letter for letter in meaning.lower() if letter.isalnum())


def test_private_codes_are_short_enough_for_dicom_and_differ() -> None:
    codes_of_ours = [c.code for c in CONCEPTS.values() if c.scheme == PRIVATE_SCHEME]
    assert all(len(code) <= 16 for code in codes_of_ours)
    assert len(set(codes_of_ours)) == len(codes_of_ours)
