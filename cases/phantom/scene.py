"""One thigh, one tear, one manoeuvre, one scan: everything a clip is made from, in millimetres and with a seed."""

from dataclasses import dataclass, field, replace
from typing import Self

from cases.phantom.image_processing import Processing
from cases.phantom.probe import THIGH, ProbePreset


@dataclass(frozen=True, slots=True)
class Thigh:
    """Layers under the probe at rest.

    Parameters
    ----------
    skin_mm, fat_mm, fascia_mm : float
        Thickness of skin, subcutaneous fat and fascia lata.
    rectus_mm, deep_fascia_mm, vastus_mm : float
        Thickness of rectus femoris, of the plane below it and of vastus intermedius in the midline.
    rectus_width_mm : float
        Width of rectus femoris in short axis.
    femur_radius_mm : float
        Outer radius of the femoral shaft.
    pennation_deg : float
        Angle of the fascicles to the central aponeurosis.
    rectus_echo_db : float
        Echo of rectus femoris against a usual one; fatty, wasted muscle is brighter.
    """

    skin_mm: float = 1.5
    fat_mm: float = 5.2
    fascia_mm: float = 0.9
    rectus_mm: float = 16.0
    deep_fascia_mm: float = 0.9
    vastus_mm: float = 12.0
    rectus_width_mm: float = 35.0
    femur_radius_mm: float = 14.0
    pennation_deg: float = 12.0
    rectus_echo_db: float = 0.0

    @property
    def rectus_top_mm(self) -> float:
        """Depth of the superficial border of rectus femoris in the midline."""
        return self.skin_mm + self.fat_mm + self.fascia_mm

    @property
    def cortex_mm(self) -> float:
        """Depth of the femoral cortex in the midline."""
        return self.rectus_top_mm + self.rectus_mm + self.deep_fascia_mm + self.vastus_mm


@dataclass(frozen=True, slots=True)
class Tear:
    """A tear across rectus femoris. "Gap" is the distance of its ends at mid-depth.

    Parameters
    ----------
    gap_rest_mm, gap_peak_mm : float
        Gap at rest and at full effort. Simulated values: no published series of them was found.
    position_mm, tilt_deg, turn_deg : float
        Where the tear crosses mid-depth along the muscle; its tilt from perpendicular in long axis, and
        its turn across the muscle.
    raggedness_mm, rounding_mm : float
        Unevenness of the ends, and how far their corners round off at full effort.
    torn_from, torn_to : float
        Torn share of the thickness, 0 superficial to 1 deep; the rest bridges.
    echo_rest_db, echo_open_db : float
        Echo of what fills the gap against muscle, at rest and wide open.
    clot : float
        Share of the gap filled by lumps of clot.
    shadow_db : float
        Refractive shadow below either end at full effort.
    """

    gap_rest_mm: float = 2.5
    gap_peak_mm: float = 18.0
    position_mm: float = 1.0
    tilt_deg: float = 14.0
    turn_deg: float = 24.0
    raggedness_mm: float = 1.0
    rounding_mm: float = 3.6
    torn_from: float = 0.0
    torn_to: float = 1.0
    echo_rest_db: float = -7.0
    echo_open_db: float = -19.0
    clot: float = 0.3
    shadow_db: float = 19.0

    def __post_init__(self) -> None:
        if not 0.5 <= self.gap_rest_mm <= self.gap_peak_mm <= 30.0:
            raise ValueError("a tear needs 0.5 mm <= gap at rest <= gap at peak <= 30 mm")

    @property
    def closed_at_rest(self) -> bool:
        """Whether torn fibres and blood as bright as muscle fill the gap at rest, rather than fluid."""
        return self.echo_rest_db > -10.0

    @property
    def complete(self) -> bool:
        """Whether nothing bridges."""
        return self.torn_from <= 0.0 and self.torn_to >= 1.0


@dataclass(frozen=True, slots=True)
class Haematoma:
    """Blood that has spread out of the gap along the muscle.

    Parameters
    ----------
    above_mm, below_mm : float
        Greatest thickness of the layer between rectus femoris and fascia lata, and of the one below it.
    length_mm : float
        Half length of either layer along the muscle.
    echo_db : float
        Its echo against muscle.
    clot : float
        Share filled by lumps of clot.
    seepage_mm : float
        How far blood seeps between the fascicles from the torn ends.
    """

    above_mm: float = 1.2
    below_mm: float = 3.5
    length_mm: float = 17.0
    echo_db: float = -17.0
    clot: float = 0.35
    seepage_mm: float = 3.0


@dataclass(frozen=True, slots=True)
class Manoeuvre:
    """Rest, contraction, hold and relaxation, with the deformation they cause.

    Parameters
    ----------
    frames, contract_at, hold_at, relax_at, rest_at : int
        Number of frames, and the zero-based first frame of each phase after rest.
    shortening : float
        Shortening of an intact rectus femoris at full effort.
    stump_shortening : float
        Shortening of a free end far from the tear; it retracts unopposed.
    vastus_shortening : float
        Shortening of vastus intermedius.
    tremor : float
        Amplitude of the tremor during the hold, as a share of full effort.
    effort : float
        Peak activation.
    glide_mm : float
        Shift of the whole muscle towards its origin.
    out_of_plane_mm : float
        How far tissue leaves the picture plane at full effort.
    uneven_timing : bool
        Whether the frame intervals vary, as they do when a scanner is busy.
    """

    frames: int = 75
    contract_at: int = 9
    hold_at: int = 30
    relax_at: int = 53
    rest_at: int = 69
    shortening: float = 0.10
    stump_shortening: float = 0.17
    vastus_shortening: float = 0.07
    tremor: float = 0.012
    effort: float = 1.0
    glide_mm: float = 2.0
    out_of_plane_mm: float = 0.45
    uneven_timing: bool = False

    def with_frames(self, share: float) -> Self:
        """Return the same manoeuvre in fewer frames, at least ten.

        >>> Manoeuvre().with_frames(0.2).frames
        15
        """
        factor = max(share, 10.0 / self.frames)
        turns = [
            max(1, round(at * factor)) for at in (self.contract_at, self.hold_at, self.relax_at, self.rest_at)
        ]
        return replace(
            self, frames=round(self.frames * factor),
            contract_at=turns[0], hold_at=turns[1], relax_at=turns[2], rest_at=turns[3],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProbeMotion:
    """Unwanted motion of the hand that holds the probe.

    Parameters
    ----------
    slip_mm, slip_out_of_plane_mm : float
        Greatest sliding along and across the picture during contraction.
    tilt_deg : float
        Greatest tilt in the picture plane.
    drift_mm : float
        Slow unsteadiness that is always there.
    """

    slip_mm: float = 0.0
    slip_out_of_plane_mm: float = 0.0
    tilt_deg: float = 0.0
    drift_mm: float = 0.12


@dataclass(frozen=True, slots=True)
class Scene:
    """One clip, fully described.

    Parameters
    ----------
    name : str
        Name on the command line and in the manifest.
    plane : str
        ``"long axis"`` or ``"short axis"``.
    side : str
        ``"left"`` or ``"right"``.
    seed : int
        Seed of everything random.
    thigh, tear, haematoma, manoeuvre, probe_motion, probe, processing
        The parts; ``tear`` and ``haematoma`` may be None.
    short_axis_at_mm : float
        Where along the thigh the short-axis plane lies.

    Raises
    ------
    ValueError
        If plane or side is not one of the two words.
    """

    name: str
    plane: str = "long axis"
    side: str = "right"
    seed: int = 1
    thigh: Thigh = field(default_factory=Thigh)
    tear: Tear | None = None
    haematoma: Haematoma | None = None
    manoeuvre: Manoeuvre = field(default_factory=Manoeuvre)
    probe_motion: ProbeMotion = field(default_factory=ProbeMotion)
    probe: ProbePreset = THIGH
    processing: Processing = field(default_factory=Processing)
    short_axis_at_mm: float = 1.0

    def __post_init__(self) -> None:
        if self.plane not in ("long axis", "short axis") or self.side not in ("left", "right"):
            raise ValueError(
                f"scene {self.name!r}: plane is 'long axis' or 'short axis', side 'left' or 'right'"
            )
