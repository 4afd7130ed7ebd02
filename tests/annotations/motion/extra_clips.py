"""Simulated clips beyond the bundled ones, made from scenes and kept outside the repository.

Other seeds, peak gaps from 4 to 25 mm, faster and slower efforts, a tilting probe, more noise. Which clips are plain
and which are hard was decided when the scenes were written, before anything was measured on them.
"""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import typer

from cases.phantom.canvas import put_on_screen
from cases.phantom.catalogue import INJURED, OTHER, WASTED, WHOLE
from cases.phantom.probe import THIGH
from cases.phantom.render import fill, render
from cases.phantom.scene import Haematoma, Manoeuvre, ProbeMotion, Scene, Tear
from cases.phantom.truth import save, truth_of
from cases.phantom.ultrasound_object import write_clip

Difficulty = Literal["plain", "hard"]
_USUAL = Manoeuvre(frames=60, contract_at=8, hold_at=25, relax_at=42, rest_at=55)
_FAST = Manoeuvre(frames=50, contract_at=8, hold_at=15, relax_at=34, rest_at=42)
_SLOW = Manoeuvre(frames=80, contract_at=9, hold_at=46, relax_at=58, rest_at=74)
_MORE_NOISE = replace(THIGH, noise_db=-85.0)


@dataclass(frozen=True, slots=True)
class ExtraClip:
    """A scene, what is special about it, and how hard it was meant to be."""

    scene: Scene
    special: str
    difficulty: Difficulty


EXTRA = (
    ExtraClip(
        Scene("small-gap", seed=101, thigh=INJURED, manoeuvre=_USUAL, tear=Tear(gap_rest_mm=1.5, gap_peak_mm=4.0, rounding_mm=1.6)),
        "opens to 4 mm only", "plain",
    ),
    ExtraClip(
        Scene("wide-gap", seed=103, thigh=OTHER, manoeuvre=_USUAL, tear=Tear(gap_rest_mm=4.0, gap_peak_mm=25.0, tilt_deg=-8.0)),
        "opens to 25 mm", "plain",
    ),
    ExtraClip(
        Scene("other-thigh", seed=107, thigh=WASTED, manoeuvre=_USUAL, tear=Tear(gap_rest_mm=5.0, gap_peak_mm=12.0, position_mm=4.0, echo_rest_db=-14.0)),
        "wasted muscle, another place", "plain",
    ),
    ExtraClip(
        Scene("fast-effort", seed=109, thigh=INJURED, manoeuvre=_FAST, tear=Tear(gap_rest_mm=3.0, gap_peak_mm=15.0)),
        "contracts in 7 frames", "hard",
    ),
    ExtraClip(
        Scene("slow-effort", seed=113, thigh=WHOLE, manoeuvre=_SLOW, tear=Tear(gap_rest_mm=3.0, gap_peak_mm=14.0, tilt_deg=5.0)),
        "contracts in 37 frames", "plain",
    ),
    ExtraClip(
        Scene("tilting-probe", seed=127, thigh=INJURED, manoeuvre=_USUAL, tear=Tear(gap_rest_mm=3.0, gap_peak_mm=16.0), probe_motion=ProbeMotion(tilt_deg=1.0, slip_mm=1.0, slip_out_of_plane_mm=0.4)),
        "probe tilts by 1° and slips by 1 mm", "hard",
    ),
    ExtraClip(
        Scene("more-noise", seed=131, thigh=INJURED, manoeuvre=_USUAL, tear=Tear(gap_rest_mm=3.0, gap_peak_mm=17.0), probe=_MORE_NOISE),
        "10 dB more noise", "hard",
    ),
    ExtraClip(
        Scene("other-blood", seed=137, thigh=INJURED, manoeuvre=replace(_USUAL, stump_shortening=0.14), haematoma=Haematoma(), tear=Tear(gap_rest_mm=9.0, gap_peak_mm=18.0, echo_rest_db=-17.0, echo_open_db=-20.0, clot=0.42)),
        "haematoma with clot", "hard",
    ),
)  # fmt: skip
"""The clips of the table."""


def _in_other_thighs(suffix: int, seeds_on: int) -> tuple[ExtraClip, ...]:
    """Return the same efforts with every speckle, fascicle and edge drawn anew."""
    return tuple(
        replace(
            one, scene=replace(one.scene, name=f"{one.scene.name}-{suffix}", seed=one.scene.seed + seeds_on)
        )
        for one in EXTRA
    )


HELD_OUT = _in_other_thighs(2, 400)
"""Looked at only after trackers of version 2 were settled; trackers of version 4 were made knowing them."""
FRESH = _in_other_thighs(3, 800)
"""Looked at only after trackers of version 4 were settled."""
LAST = _in_other_thighs(4, 1200)
"""Looked at only after the band's numbers had been tried on all the others, and left as they were."""


def cache_folder() -> Path:
    """Folder in which made clips are kept; ``MSUS_MOTION_CLIPS`` names another."""
    named = os.environ.get("MSUS_MOTION_CLIPS")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named) if named else base / "msus-viewer" / "motion-clips"


def made(extra: ExtraClip, folder: Path) -> Path:
    """Path of a clip with its truth beside it, rendered when it is not there yet; about a minute."""
    scene = extra.scene
    name = f"{scene.name}-{hashlib.sha256(repr(scene).encode()).hexdigest()[:12]}"
    path, truth = folder / f"{name}.dcm", folder / f"{name}.truth.npz"
    if not (path.is_file() and truth.is_file()):
        folder.mkdir(parents=True, exist_ok=True)
        with typer.progressbar(length=scene.manoeuvre.frames, label=f"{scene.name:20}") as bar:
            pictures = render(scene, workers=2, progress=bar.update)
        write_clip(put_on_screen(pictures, scene), scene, path, case_id="motion")
        save(truth_of(fill(scene), pictures), truth)
    return path
