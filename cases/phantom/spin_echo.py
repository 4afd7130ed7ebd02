"""Signal of a tissue in a spin-echo and an inversion-recovery sequence, and the tissues of the thigh at 3 T.

References
----------
.. [1] Gold et al. 2004: muscle, fat and marrow at 3 T (taken from memory, not read again).
.. [2] Pai et al. 2008, abstract: T2 of muscle 34 +- 7 ms.
.. [3] Petrovic et al. 2016, abstract: ageing blood at 3 T, T1 333-2153 ms, T2 24-97 ms; clot lies inside.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class MrTissue:
    """What decides the signal of a tissue.

    Parameters
    ----------
    proton_density : float
        Against water.
    t1_ms, t2_ms : float
        Relaxation times at 3 T.
    is_fat : bool
        Whether fat saturation suppresses it.
    source : str
        Where the numbers come from.
    """

    proton_density: float
    t1_ms: float
    t2_ms: float
    is_fat: bool = False
    source: str = "chosen"


TISSUES = {
    "air": MrTissue(0.0, 1000.0, 100.0),
    "skin": MrTissue(0.55, 900.0, 22.0),
    "fat": MrTissue(0.95, 371.0, 133.0, is_fat=True, source="Gold 2004; proton density chosen"),
    "marrow": MrTissue(0.92, 365.0, 133.0, is_fat=True, source="Gold 2004; proton density chosen"),
    "muscle": MrTissue(0.80, 1420.0, 32.0, source="Gold 2004; proton density chosen"),
    "tendon": MrTissue(0.45, 600.0, 7.0),
    "cortex": MrTissue(0.10, 250.0, 1.0),
    "vessel": MrTissue(0.12, 1600.0, 30.0, source="chosen: flow void"),
    "vein": MrTissue(0.85, 1600.0, 75.0),
    "nerve": MrTissue(0.72, 1100.0, 42.0),
    "oedema": MrTissue(0.86, 1550.0, 47.0),
    "clot": MrTissue(0.83, 1350.0, 37.0, source="inside the range of Petrovic 2016; proton density chosen"),
}
"""Tissues by name; a picture holds their index in this order."""
NAMES = tuple(TISSUES)
FLUID = MrTissue(0.95, 2500.0, 300.0)
"""What a seroma would be; put in place of clot it shows the defect."""


@dataclass(frozen=True, slots=True)
class MrSequence:
    """One sequence.

    Parameters
    ----------
    name : str
        As printed.
    repetition_time_ms, echo_time_ms : float
        TR and TE.
    inversion_time_ms : float
        TI; 0 for plain spin echo.
    fat_factor : float
        Share of the fat signal that fat saturation leaves.
    chemical_shift_px : float
        Shift of fat along the rows.
    """

    name: str
    repetition_time_ms: float
    echo_time_ms: float
    inversion_time_ms: float = 0.0
    fat_factor: float = 1.0
    chemical_shift_px: float = 0.0


PD_FS = MrSequence("PD-FS", 3000.0, 36.0, fat_factor=0.08)
T1 = MrSequence("T1", 620.0, 12.0, chemical_shift_px=1.1)
STIR = MrSequence("STIR", 4200.0, 42.0, inversion_time_ms=235.0)


def signal(tissue: MrTissue, sequence: MrSequence) -> float:
    """Signal of a tissue against fully relaxed water.

    ``PD (1 - exp(-TR/T1)) exp(-TE/T2)`` for spin echo, and
    ``PD |1 - 2 exp(-TI/T1) + exp(-TR/T1)| exp(-TE/T2)`` with inversion.

    >>> round(signal(TISSUES["muscle"], PD_FS), 3)
    0.228
    """
    recovery = np.exp(-sequence.repetition_time_ms / tissue.t1_ms)
    if sequence.inversion_time_ms > 0:
        longitudinal = abs(1 - 2 * np.exp(-sequence.inversion_time_ms / tissue.t1_ms) + recovery)
    else:
        longitudinal = 1 - recovery
    suppressed = sequence.fat_factor if tissue.is_fat else 1.0
    return float(
        tissue.proton_density * longitudinal * np.exp(-sequence.echo_time_ms / tissue.t2_ms) * suppressed
    )
