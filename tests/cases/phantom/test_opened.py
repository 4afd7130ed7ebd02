"""The bundled cases as the application opens them: scale, time and slices come out as they went in."""

import numpy as np
import pytest

from cases.catalogue import Catalogue
from cases.decoding import Decoder
from cases.phantom.catalogue import case_ids, clip_named
from cases.store import ClipStore
from tests.cases.phantom.shipped import BUNDLED


@pytest.mark.parametrize("case_id", case_ids())
def test_a_bundled_case_opens(case_id: str, store: ClipStore, decoder: Decoder) -> None:
    catalogue = Catalogue([BUNDLED], store, decoder)
    case = catalogue.case(case_id)
    assert {summary.case_id for summary in catalogue.cases()} == set(case_ids())
    assert not [summary for summary in catalogue.cases() if summary.error]
    assert len(case.clips) == len(case.manifest.clips)
    for name, head in case.clips.items():
        scene = clip_named(name).scene
        truth = np.load(BUNDLED / case_id / f"{name}.truth.npz", allow_pickle=False)
        assert [region.mm_per_px_x for region in head.regions] == [pytest.approx(scene.probe.mm_per_px)]
        assert head.warnings == ()
        assert head.timing.frame_starts_s is not None
        assert np.allclose(head.timing.frame_starts_s, truth["frame_starts_s"], atol=1e-3)
    for view in case.manifest.static_views:
        assert case.static_views[view.id].frames == len(view.files)
