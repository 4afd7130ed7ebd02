"""The simulated linear probe: what it resolves, how deep and how fast; the same values fill the DICOM attributes."""

from dataclasses import dataclass

SPEED_OF_SOUND_MM_PER_S = 1.54e6
"""Speed assumed by every scanner when it turns echo time into depth."""


@dataclass(frozen=True, slots=True)
class ProbePreset:
    """One probe with one setting.

    Parameters
    ----------
    name : str
        What the scanner prints.
    centre_frequency_mhz, effective_frequency_mhz : float
        Transmitted centre frequency, and the lower one that attenuation leaves of it on average.
    width_mm, depth_mm : float
        Size of the picture.
    focus_depth_mm : float
        Depth of the lateral focus.
    lateral_resolution_mm, lateral_widening : float
        Width (-6 dB) of a point at the focus, and what is added to it per millimetre away from the focus.
    pulse_near_mm, pulse_far_mm : float
        Axial width (-6 dB) of a point at the skin and at full depth.
    elevation_width_mm : float
        Thickness of the slice at the focus; tissue that leaves it takes its speckle along.
    steering_deg : tuple of float
        Angles of spatial compounding; their envelopes are averaged.
    frame_rate_hz : float
        Frames per second.
    dynamic_range_db : float
        Range between black and white.
    tgc_db_per_mm : float
        Gain per millimetre of depth (time-gain compensation).
    noise_db : float
        Electronic noise below full scale, before time-gain compensation.
    mm_per_px : float
        Pitch of the displayed pixels, both ways.

    Raises
    ------
    ValueError
        If a size is not positive or no angle is given.
    """

    name: str = "L12-3"
    centre_frequency_mhz: float = 9.0
    effective_frequency_mhz: float = 7.0
    width_mm: float = 48.0
    depth_mm: float = 45.12
    focus_depth_mm: float = 18.0
    lateral_resolution_mm: float = 0.38
    lateral_widening: float = 0.011
    pulse_near_mm: float = 0.23
    pulse_far_mm: float = 0.36
    elevation_width_mm: float = 1.6
    steering_deg: tuple[float, ...] = (-10.0, -5.0, 0.0, 5.0, 10.0)
    frame_rate_hz: float = 25.0
    dynamic_range_db: float = 60.0
    tgc_db_per_mm: float = 0.85
    noise_db: float = -95.0
    mm_per_px: float = 0.096

    def __post_init__(self) -> None:
        sizes = (self.width_mm, self.depth_mm, self.mm_per_px, self.frame_rate_hz, self.lateral_resolution_mm)
        if min(sizes) <= 0 or not self.steering_deg:
            raise ValueError(f"probe {self.name!r} needs positive sizes and at least one steering angle")

    @property
    def wavelength_mm(self) -> float:
        """Wavelength at the centre frequency, in millimetres."""
        return SPEED_OF_SOUND_MM_PER_S / (self.centre_frequency_mhz * 1e6)

    @property
    def columns_px(self) -> int:
        """Columns of the displayed picture."""
        return round(self.width_mm / self.mm_per_px)

    @property
    def rows_px(self) -> int:
        """Rows of the displayed picture."""
        return round(self.depth_mm / self.mm_per_px)

    def lateral_width_mm(self, depth_mm: float) -> float:
        """Lateral width (-6 dB) of a point at a depth, in millimetres.

        >>> round(ProbePreset().lateral_width_mm(18.0), 3)
        0.38
        """
        return self.lateral_resolution_mm + self.lateral_widening * abs(depth_mm - self.focus_depth_mm)

    def pulse_width_mm(self, depth_mm: float) -> float:
        """Axial width (-6 dB) of a point at a depth, in millimetres."""
        share = min(max(depth_mm / self.depth_mm, 0.0), 1.0)
        return self.pulse_near_mm + share * (self.pulse_far_mm - self.pulse_near_mm)


THIGH = ProbePreset()
"""The setting of every shipped clip unless its scene says otherwise."""

CLOSE = ProbePreset(
    name="L18-4", centre_frequency_mhz=10.0, width_mm=38.4, depth_mm=32.64, mm_per_px=0.0768,
    lateral_resolution_mm=0.33, pulse_near_mm=0.21, pulse_far_mm=0.29, focus_depth_mm=15.0, frame_rate_hz=20.0,
)  # fmt: skip
"""A higher frequency and a smaller field, for the slow close look."""
