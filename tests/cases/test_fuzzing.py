from pathlib import Path

import pytest

from tests.cases.fuzzing import guided, table
from tests.cases.fuzzing.parts import Part, try_part
from tests.cases.fuzzing.trial import CHILD_BYTES, OPENED, Tally


@pytest.fixture(scope="module")
def tallies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tally]:
    part = Part(number=0, structure=200, bytewise=2_000, seed=20_260_101)
    return try_part(part, tmp_path_factory.mktemp("fuzzing"))


def test_two_hundred_wrong_structures_and_two_thousand_wrong_bytes_are_opened_or_refused(
    tallies: dict[str, Tally],
) -> None:
    assert {name: dict(tally.wrong) for name, tally in tallies.items() if tally.wrong} == {}
    assert sum(tally.files for tally in tallies.values()) == 2_200
    assert sum(tally.said[OPENED] for tally in tallies.values()) > 100


def test_no_decoding_process_needs_more_than_its_memory(tallies: dict[str, Tally]) -> None:
    assert max(tally.largest_child_bytes for tally in tallies.values()) <= CHILD_BYTES


def test_the_page_of_a_run_counts_every_file(tallies: dict[str, Tally]) -> None:
    page = table.document(tallies, [guided.Guided("pack", 12, None)], structure=200, bytewise=2_000)
    assert "| **all** | 2,200 |" in page
    assert "| `pack` | a pack of ours | 12 | nothing |" in page


@pytest.mark.skipif(not guided.is_there(), reason="atheris has no package for this system or Python")
def test_atheris_finds_nothing_in_a_parser_in_a_second(tmp_path: Path) -> None:
    result = guided.guide("dicom_structure", tmp_path, seconds=1)
    assert result.fault is None
    assert result.runs > 0
