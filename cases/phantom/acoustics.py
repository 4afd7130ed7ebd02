"""Attenuation of each tissue, and the echo level the textures start from.

Attenuation is read as decibel per centimetre and megahertz, one way, and turned into two-way decibel per
millimetre at the preset's effective frequency. Echo levels were set by eye and by the grey levels of real
pictures; contrast between muscle and fluid is lower than literature would give.

References
----------
.. [1] Ranges in the open reviews PMC10001275 and PMC10346919.
"""

DARK_MUSCLE_DB = -36.0
"""Echo of dark fascicles against full scale, before any texture is added."""

ATTENUATION_DB_PER_CM_MHZ = {
    "skin": 0.95,
    "fat": 0.52,
    "fascia": 1.3,
    "muscle": 0.62,
    "blood": 0.30,
    "bone": 20.0,
}
"""One-way attenuation by tissue."""


def two_way_db_per_mm(tissue: str, effective_frequency_mhz: float) -> float:
    """Two-way attenuation in decibel per millimetre.

    Parameters
    ----------
    tissue : str
        A key of ``ATTENUATION_DB_PER_CM_MHZ``.
    effective_frequency_mhz : float
        Frequency that is left on average.

    >>> round(two_way_db_per_mm("muscle", 7.0), 3)
    0.868
    """
    return ATTENUATION_DB_PER_CM_MHZ[tissue] * effective_frequency_mhz * 2 / 10
