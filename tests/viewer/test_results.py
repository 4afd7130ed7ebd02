"""What the server says of a file is what the browser's list expects, and no more."""

import re
from pathlib import Path

from viewer import intake
from viewer.results import Result, State

TYPES = (Path(intake.__file__).parent / "web" / "types.d.ts").read_text(encoding="utf-8")
KNOWN_TO_THE_BROWSER_ALONE = {"queued", "sending", "sent"}


def _interface(name: str) -> list[str]:
    found = re.search(rf"export interface {name} \{{(.*?)\n\}}", TYPES, re.DOTALL)
    assert found is not None
    return re.findall(r"readonly (\w+):", found[1])


def test_a_row_has_the_fields_that_the_browser_reads() -> None:
    assert list(Result(1, "a.dcm").row()) == _interface("ServerRow")


def test_the_states_are_those_that_the_browser_has_words_for() -> None:
    found = re.search(r"export type State =(.*?);", TYPES, re.DOTALL)
    assert found is not None
    assert set(re.findall(r'"(\w+)"', found[1])) - KNOWN_TO_THE_BROWSER_ALONE == set(State)
