from pathlib import Path

from cases.decoding import Decoder
from tests.cases import fuzzing


def test_two_hundred_wrong_structures_and_two_thousand_wrong_bytes_are_opened_or_refused(
    tmp_path: Path, decoder: Decoder
):
    outcome = fuzzing.run(decoder, tmp_path, structure=200, bytewise=2_000, seed=20_260_101)
    assert outcome.unforeseen == []
    assert outcome.slowest_s <= fuzzing.ANSWER_S
    assert outcome.largest_child_bytes <= fuzzing.CHILD_BYTES
    assert sum(outcome.refusals.values()) == 2_200
    assert outcome.refusals["opened"] > 100
