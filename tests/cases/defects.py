"""Every class of defect that was ever seen in a clip, each as one small file made in code; good files among them.

The numbers are those of ``cases/DEFECTS.md``, which is made from this list: ``python -m tests.cases.defects``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cases.sentences import Refusal, Remark, ScaleRefusal
from tests.cases.dicom_defects import DICOM_DEFECTS, Outcome, Row
from tests.cases.file_defects import ARCHIVE_DEFECTS, VIDEO_DEFECTS

ROWS: list[Row] = [*DICOM_DEFECTS, *ARCHIVE_DEFECTS, *VIDEO_DEFECTS]


@dataclass(frozen=True, slots=True)
class Defect:
    """One row of the table.

    Parameters
    ----------
    number : int
        Its number in the table.
    classes : tuple of str
        The classes that it stands for.
    what : str
        The defect, in a few words.
    outcome : Refusal, Remark, ScaleRefusal or None
        What is said; None where the file opens without a word.
    content : callable
        Makes the file.
    """

    number: int
    classes: tuple[str, ...]
    what: str
    outcome: Outcome
    content: Callable[[], bytes]


def defects() -> Iterator[Defect]:
    """Yield every row in the order of its number."""
    for number, (classes, what, outcome, content) in enumerate(ROWS, start=1):
        yield Defect(number, tuple(classes.split()), what, outcome, content)


def defect(what: str) -> Defect:
    """Return the row of this name."""
    return next(one for one in defects() if one.what == what)


def table() -> str:
    """Return the numbered table as Markdown."""
    rows = "".join(
        f"| {one.number} | {', '.join(one.classes)} | {one.what} | {_words(one.outcome)} |\n"
        for one in defects()
    )
    return f"| # | class | file | what is said |\n|---|---|---|---|\n{rows}"


def _words(outcome: Outcome) -> str:
    if outcome is None:
        return "opens"
    kind = {Refusal: "refused", Remark: "opens, with", ScaleRefusal: "opens, lengths in px"}[type(outcome)]
    return f"{kind}: {outcome.value}".replace("|", "/")


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201
