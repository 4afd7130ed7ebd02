"""One torn muscle for all tests of motion."""

import pytest

from tests.annotations.motion.torn_muscle import TornMuscle, activation_of, torn_muscle


@pytest.fixture(scope="session")
def muscle() -> TornMuscle:
    """Forty frames: rest, contracting, hold, relaxing, rest; the gap opens from 2 to 6.5 mm."""
    return torn_muscle(activation_of(40, 6, 16, 25, 34))
