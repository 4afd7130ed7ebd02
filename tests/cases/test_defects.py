from pathlib import Path

import pytest

from cases.decoding import Decoder
from cases.errors import UnreadableClipError
from cases.sentences import Refusal, Remark, ScaleRefusal
from tests.cases.defects import Defect, defects, table

DOCUMENT = Path(__file__).resolve().parents[2] / "cases" / "DEFECTS.md"
ALL = list(defects())


class _Nothing:
    def add(self, encoded: bytes) -> None:
        pass

    def restart(self) -> None:
        pass


@pytest.mark.parametrize("defect", ALL, ids=lambda defect: f"{defect.number}-{defect.what}")
def test_a_defect_gets_its_sentence_or_opens(tmp_path: Path, decoder: Decoder, defect: Defect):
    path = tmp_path / "clip.dcm"
    path.write_bytes(defect.content())
    if isinstance(defect.outcome, Refusal):
        with pytest.raises(UnreadableClipError) as refused:
            decoder.read([path], _Nothing())
        assert refused.value.refusal == defect.outcome.name
        return
    head, _ = decoder.read([path], _Nothing())
    if isinstance(defect.outcome, ScaleRefusal):
        assert head.scale_refused_because == defect.outcome
    elif isinstance(defect.outcome, Remark):
        beginning = defect.outcome.value.split("{")[0]
        assert any(sentence.startswith(beginning) for sentence in head.warnings), head.warnings
    else:
        assert head.warnings == ()


def test_the_document_holds_the_table_of_the_tests():
    assert table() in DOCUMENT.read_text(encoding="utf-8")
