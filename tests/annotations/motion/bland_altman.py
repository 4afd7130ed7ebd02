"""How far two ways of measuring the same pictures disagree, as numbers and as a plot."""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Two ways of measuring the same pictures, side by side in a figure."""

    title: str
    one: FloatArray
    other: FloatArray


def draw(panels: Sequence[Panel], unit: str, path: Path) -> None:
    """Draw differences over means with bias and limits of agreement, all panels on one scale of differences."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(
        1, len(panels), figsize=(4 * len(panels), 3.6), layout="constrained", squeeze=False, sharey=True
    )
    for panel, plot in zip(panels, axes[0], strict=True):
        agreement = Agreement.of(panel.one, panel.other)
        plot.scatter((panel.one + panel.other) / 2, panel.one - panel.other, s=14, color="black")
        for level, style, word in (
            (agreement.high, "--", "limits of agreement"),
            (agreement.bias, "-", "bias"),
            (agreement.low, "--", None),
        ):
            plot.axhline(level, linestyle=style, color="#0072b2", linewidth=1.2, label=word)
        plot.set(title=panel.title, xlabel=f"mean ({unit})")
    axes[0][0].set_ylabel(f"difference, first minus second ({unit})")
    axes[0][0].legend(fontsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
