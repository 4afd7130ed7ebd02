"""How far two ways of measuring the same pictures disagree, as numbers and as a plot."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Bias, limits of agreement and mean absolute difference, in the unit of the measurements.

    References
    ----------
    Bland JM, Altman DG, Lancet 1986;327:307, doi:10.1016/S0140-6736(86)90837-8.
    """

    pairs: int
    bias: float
    low: float
    high: float
    mean_absolute: float

    @classmethod
    def of(cls, one: FloatArray, other: FloatArray) -> "Agreement":
        """Compare two series of measurements."""
        difference = np.asarray(one) - np.asarray(other)
        bias, spread = float(difference.mean()), 1.96 * float(difference.std(ddof=1))
        return cls(len(difference), bias, bias - spread, bias + spread, float(np.abs(difference).mean()))


def plot(one: FloatArray, other: FloatArray, title: str, unit: str, path: Path) -> Agreement:
    """Draw differences over means with bias and limits of agreement, and return the numbers."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    agreement = Agreement.of(one, other)
    figure, axes = pyplot.subplots(figsize=(5, 4), layout="constrained")
    axes.scatter((one + other) / 2, one - other, s=14, color="black")
    for level, style in ((agreement.bias, "-"), (agreement.low, "--"), (agreement.high, "--")):
        axes.axhline(level, linestyle=style, color="black", linewidth=1)
    axes.set(title=title, xlabel=f"mean ({unit})", ylabel=f"difference ({unit})")
    figure.savefig(path)
    pyplot.close(figure)
    return agreement
