"""Every parser of ours reads what it should and refuses everything else with an error of its own."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.fuzzing.parsers import PARSERS
from tests.cases.fuzzing.parsers.parser import Parser

# No deadline: no test asserts a time.
many_examples = settings(deadline=None, max_examples=80)
parsers = pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS.keys())


@functools.cache
def _seeds(parser: Parser) -> list[bytes]:
    return parser.seeds()


@parsers
def test_a_parser_reads_what_is_intact(parser: Parser) -> None:
    assert all(parser.answers(seed) for seed in _seeds(parser))


@parsers
@many_examples
@given(data=st.data())
def test_a_parser_reads_or_refuses_any_bytes(parser: Parser, data: st.DataObject) -> None:
    parser.answers(data.draw(st.binary(max_size=600)))


@parsers
@many_examples
@given(data=st.data())
def test_a_parser_reads_or_refuses_what_was_spoiled(parser: Parser, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(_seeds(parser)))
    parser.answers(parser.spoiled(seed, data.draw(st.randoms(use_true_random=False))))
