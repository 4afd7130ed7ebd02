"""The likeness of simulated to real muscle as one table and one figure."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cases.phantom.likeness import (
    MEASURES,
    histogram,
    measure_real,
    measure_simulated,
    overlap,
    real_boxes,
    simulated_boxes,
)

HEAD = """# Likeness of simulated and real muscle

Written by `python -m cases.phantom likeness --real FOLDER --out docs`; do not edit by hand.

No radiologist has looked at the simulated pictures yet. Amplitudes, point spread and grey map were set with these
numbers in view, on these same real pictures: the table shows a fit, not an independent validation.

Real: vastus lateralis and gastrocnemius of healthy people (van der Zee & Kuo, TimTrack, CC0; Drazan et al. 2019,
Zenodo 2598553, CC BY 4.0), none of them a torn rectus femoris; the scale of the first set is assumed from a 50 mm
footprint, of the others it was read from the depth scale on the screen by us. They come from two scanners with very
different settings, so the range over all of them is wide. One row is the median over patches of 9 × 14 mm of each picture; ranges run over pictures. Sizes are full
widths at half maximum of the autocorrelation, after removing what is larger than 3 mm. Local contrast is the standard
deviation over the mean in squares of 2 mm. Direction is that of the texture to the horizontal; its order is 1 when all
gradients agree.
"""
REASONS = {
    "mean grey": "gain is a matter of the hand that sets it; ours stands near the brighter scanner",
    "grey sd": "follows the gain and the dynamic range",
    "grey skew": "follows the gain",
    "direction deg": "rectus femoris is bipennate, so both feathers partly cancel in one patch",
}


def write_likeness(real: Path, out: Path, *, quick: bool = False) -> Path:
    """Measure, and write ``likeness.md`` and ``likeness.png``.

    Parameters
    ----------
    real : Path
        Folder with the real pictures; none of them is copied.
    out : Path
        Where to.
    quick : bool
        One frame a clip only.

    Returns
    -------
    Path
        The table.
    """
    by_group, simulated = measure_real(real), measure_simulated(quick=quick)
    every = [row for rows in by_group.values() for row in rows]
    lines = [
        HEAD,
        "| measure | " + " | ".join(by_group) + " | real, all | simulated: median (range) | inside |",
    ]
    lines.append("| --- |" + " --- |" * (len(by_group) + 3))
    for name in MEASURES:
        ours = np.array([row[name] for row in simulated])
        low, high = _span([row[name] for row in every])
        middle = float(np.median(ours))
        inside = low <= middle <= high
        verdict = "yes" if inside else f"no: {REASONS.get(name, 'not explained')}"
        groups = " | ".join(
            "{:.2f} to {:.2f}".format(*_span([row[name] for row in rows])) for rows in by_group.values()
        )
        span = f"{middle:.2f} ({ours.min():.2f} to {ours.max():.2f})"
        lines.append(f"| {name} | {groups} | {low:.2f} to {high:.2f} | {span} | {verdict} |")
    counts = ", ".join(f"{len(rows)} of {group}" for group, rows in by_group.items())
    lines += ["", f"Pictures: {counts}; {len(simulated)} boxes of simulated muscle."]
    histograms = _histograms(real, quick=quick)
    lines += [
        "",
        "Overlap of the mean histograms of grey levels (1 is the same):",
        "",
        *_overlaps(histograms),
    ]
    lines += ["", "![Likeness](likeness.png)"]
    path = out / "likeness.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _figure(by_group, simulated, histograms, out / "likeness.png")
    return path


def _span(values: list[float]) -> tuple[float, float]:
    """Smallest and largest value."""
    return min(values), max(values)


def _histograms(real: Path, *, quick: bool) -> dict[str, NDArray[np.float64]]:
    """Mean histogram of grey levels of each group, and of simulated muscle."""
    boxes: dict[str, list[NDArray[np.float32]]] = {}
    for group, box in real_boxes(real):
        boxes.setdefault(group, []).append(box)
    boxes["simulated"] = [box for _, box in simulated_boxes(quick=quick)]
    return {group: histogram(of_group) for group, of_group in boxes.items()}


def _overlaps(histograms: dict[str, NDArray[np.float64]]) -> list[str]:
    """Lines of the table of overlaps."""
    names = list(histograms)
    lines = ["| | " + " | ".join(names) + " |", "| --- |" + " --- |" * len(names)]
    for one in names:
        cells = " | ".join(f"{overlap(histograms[one], histograms[other]):.2f}" for other in names)
        lines.append(f"| {one} | {cells} |")
    return lines


def _figure(
    by_group: dict[str, list[dict[str, float]]],
    simulated: list[dict[str, float]],
    histograms: dict[str, NDArray[np.float64]],
    path: Path,
) -> None:
    """One panel for each measure, every picture a dot; and the histograms of grey levels."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(3, 3, figsize=(10, 8), constrained_layout=True)
    groups = [*by_group.items(), ("simulated", simulated)]
    short = ["VL", "GL", "GM", "sim."]
    rng = np.random.default_rng(0)
    for panel, name in zip(axes.ravel()[1:], MEASURES, strict=True):
        for place, (label, rows) in enumerate(groups):
            values = [row[name] for row in rows]
            at = place + rng.uniform(-0.18, 0.18, len(values))
            panel.scatter(at, values, s=11, alpha=0.7, color="C3" if label == "simulated" else "C0")
            panel.hlines(np.median(values), place - 0.3, place + 0.3, color="black", linewidth=1)
        panel.set_title(name, fontsize=10)
        panel.set_xticks(range(len(groups)), short[: len(groups) - 1] + short[-1:], fontsize=8)
        panel.tick_params(axis="y", labelsize=8)
    first = axes.ravel()[0]
    for (label, shares), style in zip(histograms.items(), ("-", "--", ":", "-"), strict=False):
        colour = "C3" if label == "simulated" else "C0"
        first.plot(np.arange(shares.size) * 8 + 4, shares, style, color=colour, label=label, linewidth=1.2)
    first.set_title("histogram of grey levels", fontsize=10)
    first.legend(fontsize=6)
    first.tick_params(labelsize=8)
    figure.suptitle(
        "Real muscle (blue: VL, GL on LOGIQ E9, GM on Telemed) and simulated muscle (red)", fontsize=10
    )
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)
