"""Golden pictures: what a page should look like, compared coarsely, since fonts differ between machines."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

GOLDEN = Path(__file__).parent / "golden"
ACTUAL = Path(__file__).parent / "actual"
COARSE_PX = (96, 60)
TOLERANCE_GREY = 12.0
"""Mean difference of the coarse pictures that is still the same picture, in grey levels."""


def assert_like_golden(png: bytes, name: str, *, update: bool) -> None:
    """Compare a screenshot with the golden picture of that name.

    Raises
    ------
    AssertionError
        If they differ; the actual picture and the difference are then written beside the golden ones.
    """
    golden = GOLDEN / f"{name}.png"
    if update:
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(png)
        return
    assert golden.is_file(), f"there is no golden picture “{name}”; make it with --update-golden"
    expected, actual = _coarse(golden.read_bytes()), _coarse(png)
    difference = np.abs(expected - actual)
    if difference.mean() > TOLERANCE_GREY:
        ACTUAL.mkdir(exist_ok=True)
        (ACTUAL / f"{name}.png").write_bytes(png)
        cv2.imwrite(str(ACTUAL / f"{name}.difference.png"), difference)
    assert difference.mean() <= TOLERANCE_GREY, f"{name}: see {ACTUAL.name}/{name}.png"


def _coarse(png: bytes) -> NDArray[np.float32]:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return cv2.resize(picture, COARSE_PX, interpolation=cv2.INTER_AREA).astype(np.float32)
