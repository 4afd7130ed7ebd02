"""Writing a file of marks tells its progress, and stops wherever it is asked to, with nothing left behind."""

from pathlib import Path

import numpy as np
import pytest

from annotations.errors import ExportCancelledError
from annotations.exchange.clip_facts import ClipFacts
from annotations.exchange.formats import Format
from annotations.exporting import Order, export
from annotations.mark import Kind, Mark
from annotations.pictures.annotated_frame import AnnotatedClip
from annotations.track import OnRange
from tests.annotations.clips import dicom_clip, facts_of
from tests.annotations.exchanged import carried_caliper, document_of

OUTLINE = ((20.0, 20.0), (40.0, 20.0), (30.0, 40.0))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ClipFacts:
    return facts_of(dicom_clip(tmp_path_factory.mktemp("clip") / "clip.dcm"))


def _annotated(clip: ClipFacts) -> AnnotatedClip:
    place = OnRange(first_frame_index=0, last_frame_index=clip.frames - 1, points_px=OUTLINE)
    outline = Mark(id="tear", clip=clip.clip, kind=Kind.POLYGON, place=place)
    frames = np.zeros((clip.frames, clip.rows, clip.columns), dtype=np.uint8)
    return AnnotatedClip(clip, frames, (document_of(carried_caliper(), outline),))


class _Person:
    """Stops the work when she has been asked so many times."""

    def __init__(self, patience: float) -> None:
        self.asked, self._patience = 0, patience

    def stops(self) -> bool:
        self.asked += 1
        return self.asked > self._patience


@pytest.mark.parametrize("wanted", [*Format, "png"])
def test_an_export_is_stopped_at_any_step_and_leaves_nothing_behind(
    wanted: str, clip: ClipFacts, tmp_path: Path
) -> None:
    patient = _Person(float("inf"))
    told: list[tuple[int, int]] = []
    target = tmp_path / "marks"
    export(
        _annotated(clip),
        Order(wanted),
        target,
        progress=lambda done, of: told.append((done, of)),
        cancel=patient.stops,
    )
    assert told == [(done, len(told)) for done in range(1, len(told) + 1)]
    if wanted in (Format.SR, Format.GSPS, Format.SEG):
        assert len(told) > 2
    for patience in {0, patient.asked // 2, patient.asked - 1}:
        target.unlink(missing_ok=True)
        with pytest.raises(ExportCancelledError):
            export(_annotated(clip), Order(wanted), target, cancel=_Person(patience).stops)
        assert list(tmp_path.iterdir()) == []
