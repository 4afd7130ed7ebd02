"""The clips and static views that are shipped: which case, which scene, which words."""

from dataclasses import dataclass, replace

from cases.phantom.image_processing import Processing
from cases.phantom.mr_object import MrSeries
from cases.phantom.mr_scan import MrGeometry
from cases.phantom.probe import CLOSE
from cases.phantom.scene import Haematoma, Manoeuvre, ProbeMotion, Scene, Tear, Thigh
from cases.phantom.spin_echo import PD_FS, STIR, T1

MAIN_CASE = "rectus-femoris-tear"
INJURED = Thigh(rectus_mm=14.2, rectus_width_mm=33.0, rectus_echo_db=2.0)
WASTED = Thigh(rectus_mm=12.6, rectus_width_mm=31.0, rectus_echo_db=4.5, fat_mm=5.6)
OTHER = Thigh(rectus_mm=16.8, rectus_width_mm=36.0)
WHOLE = Thigh(rectus_mm=16.2, rectus_width_mm=35.0, fat_mm=6.2)


@dataclass(frozen=True, slots=True)
class ShippedClip:
    """One clip of a case.

    Parameters
    ----------
    case_id : str
        Case it belongs to.
    scene : Scene
        Its name is the clip's id.
    title, alt : str
        Title and text alternative.
    """

    case_id: str
    scene: Scene
    title: str
    alt: str

    @property
    def screen_left(self) -> str:
        """What lies on the left of the picture."""
        if self.scene.plane == "long axis":
            return "proximal"
        return "lateral" if self.scene.side == "right" else "medial"


_BLOOD = Tear(
    gap_rest_mm=10.0, gap_peak_mm=19.0, echo_rest_db=-17.0, echo_open_db=-20.0, clot=0.42, raggedness_mm=1.2
)
_BESIDE_BLOOD = Haematoma()
_SHORT = Manoeuvre(frames=60, contract_at=8, hold_at=25, relax_at=42, rest_at=55)

CLIPS: tuple[ShippedClip, ...] = (
    ShippedClip(
        MAIN_CASE,
        Scene("long-axis-defect", seed=5, thigh=INJURED, tear=Tear()),
        "Long axis: a small defect opens",
        "Simulated long-axis ultrasound of the front of the right thigh. At rest a cleft of 2.5 mm crosses rectus "
        "femoris and is hard to see; on contraction its ragged ends part to about 18 mm and fluid fills the gap.",
    ),
    ShippedClip(
        MAIN_CASE,
        Scene("short-axis-defect", plane="short axis", seed=5, thigh=INJURED, tear=Tear(), manoeuvre=_SHORT),
        "Short axis of the same defect",
        "Simulated short-axis ultrasound at the level of the tear. At rest an oblique, slightly darker band crosses "
        "rectus femoris; on contraction the muscle ends leave the plane and fluid with debris takes their place.",
    ),
    ShippedClip(
        MAIN_CASE,
        Scene(
            "dynamic-atrophy", seed=17, thigh=WASTED,
            tear=Tear(gap_rest_mm=6.0, gap_peak_mm=16.0, position_mm=-5.0, tilt_deg=-10.0, echo_rest_db=-18.0),
            manoeuvre=replace(_SHORT, stump_shortening=0.15),
        ),
        "Dynamic examination: full-thickness tear in a thin, bright muscle",
        "Simulated long-axis ultrasound of the injured right side. Rectus femoris is thinner and brighter than on the "
        "other side in the same position; its ends part over the full thickness on contraction.",
    ),
    ShippedClip(
        MAIN_CASE,
        Scene("other-side", side="left", seed=23, thigh=OTHER, manoeuvre=_SHORT),
        "The intact other side in the same manoeuvre",
        "Simulated long-axis ultrasound of the intact left side. The fascicles shorten and the muscle thickens evenly; "
        "nothing separates.",
    ),
    ShippedClip(
        MAIN_CASE,
        Scene(
            "haematoma-long", seed=31, thigh=INJURED, tear=_BLOOD, haematoma=_BESIDE_BLOOD,
            manoeuvre=replace(_SHORT, uneven_timing=True, stump_shortening=0.14),
        ),
        "Long axis: complete tear with a large haematoma",
        "Simulated long-axis ultrasound. Fluid with faint echoes and clot lies between the two ends and spreads along "
        "the muscle; the tissue below it is brighter, and either end casts a shadow at its edge.",
    ),
    ShippedClip(
        MAIN_CASE,
        Scene("haematoma-short", plane="short axis", seed=31, thigh=INJURED, tear=_BLOOD, haematoma=_BESIDE_BLOOD, manoeuvre=_SHORT),
        "Short axis: the haematoma",
        "Simulated short-axis ultrasound at the level of the tear. Fluid with clot fills most of the section of rectus "
        "femoris inside its border; muscle remains beside it at rest.",
    ),
    ShippedClip(
        MAIN_CASE,
        Scene(
            "ends-separate", seed=43, thigh=replace(INJURED, vastus_mm=11.0, fat_mm=4.6),
            tear=Tear(gap_rest_mm=3.0, gap_peak_mm=15.0, tilt_deg=18.0, raggedness_mm=1.15, echo_rest_db=-4.0),
            manoeuvre=Manoeuvre(frames=72, contract_at=8, hold_at=46, relax_at=58, rest_at=70), probe=CLOSE,
            processing=Processing(video_filter_mm=0.08, smoothing_mm=0.32, speckle_reduction=0.5, gain_db=4.0, gray_gamma=1.35),
        ),
        "The muscle ends separate, slowly and close",
        "Simulated long-axis ultrasound with a higher frequency. Torn fibres hang from both ends into the fluid as the "
        "ends part slowly.",
    ),
    ShippedClip(
        "partial-tear",
        Scene(
            "partial-long", seed=53, thigh=WHOLE,
            tear=Tear(gap_rest_mm=3.0, gap_peak_mm=10.0, torn_from=0.55, echo_rest_db=-6.0, rounding_mm=2.2, shadow_db=7.0),
            manoeuvre=replace(_SHORT, stump_shortening=0.11),
        ),
        "Long axis: deep fibres part, superficial fibres bridge",
        "Simulated long-axis ultrasound. A cleft opens in the deep half of rectus femoris; the fibres above it stay "
        "continuous through the whole contraction.",
    ),
    ShippedClip(
        "partial-tear",
        Scene(
            "partial-short", plane="short axis", seed=53, thigh=WHOLE,
            tear=Tear(gap_rest_mm=3.0, gap_peak_mm=10.0, torn_from=0.55, echo_rest_db=-6.0, rounding_mm=2.2, shadow_db=7.0),
            manoeuvre=replace(_SHORT, stump_shortening=0.11),
        ),
        "Short axis: fluid in the deep part only",
        "Simulated short-axis ultrasound. On contraction a dark area appears in the deep part of rectus femoris; muscle "
        "stays above it.",
    ),
    ShippedClip(
        "haematoma-hides-gap",
        Scene(
            "hidden-gap", seed=61, thigh=WHOLE,
            tear=Tear(gap_rest_mm=8.0, gap_peak_mm=17.0, echo_rest_db=-1.0, echo_open_db=-15.0, clot=0.45, shadow_db=8.0),
            haematoma=Haematoma(above_mm=0.8, below_mm=1.6, echo_db=-5.0, clot=0.6, length_mm=14.0, seepage_mm=0.5),
            manoeuvre=replace(_SHORT, stump_shortening=0.14),
        ),
        "A haematoma as bright as muscle hides the gap at rest",
        "Simulated long-axis ultrasound. At rest blood as bright as the muscle fills an 8 mm gap; on contraction the "
        "ends move apart on either side of it and the gap shows.",
    ),
    ShippedClip(
        "probe-slip",
        Scene(
            "slipping-probe", seed=71, side="right", thigh=WHOLE, manoeuvre=_SHORT,
            probe_motion=ProbeMotion(slip_mm=7.0, slip_out_of_plane_mm=3.2, tilt_deg=3.0, drift_mm=0.3),
        ),
        "An intact thigh, scanned with a slipping probe",
        "Simulated long-axis ultrasound of an intact rectus femoris. The whole picture, femur included, slides and "
        "tilts during contraction because the probe slips; nothing is torn.",
    ),
)  # fmt: skip
"""Every shipped clip, in the order of the cases."""

_SAGITTAL = MrGeometry("sagittal", field_of_view_mm=172.8, matrix=288)
_AXIAL = MrGeometry("axial", field_of_view_mm=172.8, matrix=288, middle_mm=(1.0, 4.0, 74.0))
SERIES: tuple[MrSeries, ...] = (
    MrSeries("pd-fs-sagittal", _SAGITTAL, PD_FS, "right", 5),
    MrSeries("t1-axial", _AXIAL, T1, "right", 5),
    MrSeries("stir-axial", _AXIAL, STIR, "right", 5),
)
"""The MRI-style views of the main case, at rest, of the thigh of its first clip."""


def clip_named(name: str) -> ShippedClip:
    """Find a shipped clip.

    Raises
    ------
    KeyError
        If none has that name.
    """
    for clip in CLIPS:
        if clip.scene.name == name:
            return clip
    raise KeyError(f"no clip is called {name!r}; choose one of {', '.join(c.scene.name for c in CLIPS)}")


def case_ids() -> tuple[str, ...]:
    """Cases in order, each once."""
    return tuple(dict.fromkeys(clip.case_id for clip in CLIPS))
