"""What the probe sees at one moment: scatterers where they are now, and what weakens the sound."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cases.phantom.noise import smoothstep
from cases.phantom.scatterers import ScattererGroup
from cases.phantom.scene import Tear

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """A line along which sound is lost by refraction, such as the rounded end of a torn muscle.

    Parameters
    ----------
    x_mm, z_mm : ndarray
        Points of the line.
    loss_db : float
        Two-way loss of a beam that runs along the whole line.
    width_mm : float
        Width of the band around the line.
    """

    x_mm: NDArray[np.float64]
    z_mm: NDArray[np.float64]
    loss_db: float
    width_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class TissueFrame:
    """Tissue at one moment, in millimetres of the picture: x to the right of its middle, z below the skin.

    Parameters
    ----------
    x_mm, z_mm, amplitude : ndarray of float32, shape (scatterers,)
        Where each scatterer is, and how strongly (with sign) it scatters.
    attenuation_db_per_mm : ndarray of float32, shape (scatterers,)
        Two-way attenuation of the tissue it stands for.
    bone_x_mm, bone_z_mm : ndarray
        Depth of the cortex along x; infinite where there is none. Nothing is seen through it.
    shadows : tuple of Shadow
        Refractive losses.
    """

    x_mm: FloatArray
    z_mm: FloatArray
    amplitude: FloatArray
    attenuation_db_per_mm: FloatArray
    bone_x_mm: NDArray[np.float64]
    bone_z_mm: NDArray[np.float64]
    shadows: tuple[Shadow, ...] = ()

    def bone_depth_mm(self, x_mm: NDArray[np.floating]) -> NDArray[np.float64]:
        """Depth of the cortex under each x."""
        return np.asarray(np.interp(x_mm, self.bone_x_mm, self.bone_z_mm))


def fluid_of_closed_tear(group: ScattererGroup, tear: Tear, position: float, opening: float) -> FloatArray:
    """Amplitudes of what fills a tear that is closed at rest: torn fibres and blood give way to fluid as it opens.

    Parameters
    ----------
    group : ScattererGroup
        The content of the gap.
    tear : Tear
        How bright it is, closed and open.
    position : float
        Slice that is seen.
    opening : float
        From 0 at rest to 1.
    """
    share = float(smoothstep(0.0, 0.26, np.array(opening)))
    fluid = group.amplitude_at(position) * np.float32(10 ** (tear.echo_open_db / 20) * np.sqrt(share))
    if group.closed_amplitude is None:
        return fluid
    return fluid + group.closed_amplitude * np.float32(10 ** (tear.echo_rest_db / 20) * np.sqrt(1 - share))
