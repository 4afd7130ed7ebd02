"""How strongly each kind of tissue scatters, in decibel against dark muscle, as seeded textures without a period.

A texture is a function of material coordinates and of the slice (``turn``): when tissue leaves the
picture plane the next slice shows the same septa elsewhere and the finer grain anew.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cases.phantom.noise import NoiseField, smoothstep

FloatArray = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class PennateTexture:
    """Muscle in long axis: dark fascicles, broken bright perimysium along them, patches of either.

    Parameters
    ----------
    warp, patch : NoiseField
        What bends the septa, and where they crowd.
    coarse, medium, fine : tuple of NoiseField
        Pairs of fields from which the septa of each slice are turned.
    """

    warp: NoiseField
    patch: NoiseField
    coarse: tuple[NoiseField, NoiseField]
    medium: tuple[NoiseField, NoiseField]
    fine: tuple[NoiseField, NoiseField]

    @classmethod
    def make(cls, rng: np.random.Generator) -> Self:
        """Draw the fields."""

        def pair(u_mm: float, v_mm: float) -> tuple[NoiseField, NoiseField]:
            return NoiseField.make(rng, u_mm, v_mm), NoiseField.make(rng, u_mm, v_mm)

        return cls(
            NoiseField.make(rng, 7.0, 2.2), NoiseField.make(rng, 8.0, 3.0),
            pair(2.3, 0.22), pair(1.0, 0.13), pair(0.4, 0.12),
        )  # fmt: skip

    def db(self, along_mm: FloatArray, across_mm: FloatArray, turn: float) -> FloatArray:
        """Echo level of points given along and across the fascicles, in millimetres.

        Parameters
        ----------
        along_mm, across_mm : ndarray
            Coordinates that follow the fascicles.
        turn : float
            Slice, in radians: 0 is the picture plane at rest.
        """
        bent = across_mm + 0.42 * self.warp.at(along_mm, across_mm)
        patch = self.patch.at(along_mm, across_mm)
        coarse = _turned(self.coarse, along_mm, bent, 0.45 * turn)
        medium = _turned(self.medium, along_mm, bent, 0.8 * turn)
        fine = _turned(self.fine, along_mm, bent, turn)
        crowd = smoothstep(-1.6, 1.4, patch)
        septa = 19.0 * smoothstep(0.55, 1.5, coarse) * (0.55 + 0.45 * crowd)
        strands = 11.0 * smoothstep(0.5, 1.6, medium) * (0.3 + 0.7 * crowd)
        return np.asarray(septa + strands + 2.0 * fine + 2.6 * patch - 2.0)


@dataclass(frozen=True, slots=True, eq=False)
class StarryTexture:
    """Muscle in short axis: bright dots and short curved strands of perimysium between dark fascicles.

    Parameters
    ----------
    warp_x, warp_z, patch : NoiseField
        What bends the strands, and where they crowd.
    cells, dots, fine : tuple of NoiseField
        Pairs of fields turned into each slice.
    """

    warp_x: NoiseField
    warp_z: NoiseField
    patch: NoiseField
    cells: tuple[NoiseField, NoiseField]
    dots: tuple[NoiseField, NoiseField]
    fine: tuple[NoiseField, NoiseField]

    @classmethod
    def make(cls, rng: np.random.Generator) -> Self:
        """Draw the fields."""

        def pair(u_mm: float, v_mm: float) -> tuple[NoiseField, NoiseField]:
            return NoiseField.make(rng, u_mm, v_mm), NoiseField.make(rng, u_mm, v_mm)

        return cls(
            NoiseField.make(rng, 3.0, 2.0), NoiseField.make(rng, 3.0, 2.0), NoiseField.make(rng, 6.0, 4.0),
            pair(1.0, 0.6), pair(0.3, 0.15), pair(0.35, 0.18),
        )  # fmt: skip

    def db(self, x_mm: FloatArray, z_mm: FloatArray, turn: float) -> FloatArray:
        """Echo level of points of the section, in one slice."""
        bent_x = x_mm + 0.6 * self.warp_x.at(x_mm, z_mm)
        bent_z = z_mm + 0.5 * self.warp_z.at(x_mm, z_mm)
        patch = self.patch.at(x_mm, z_mm)
        cells = _turned(self.cells, bent_x, bent_z, 0.5 * turn)
        dots = _turned(self.dots, bent_x, bent_z, 0.8 * turn)
        fine = _turned(self.fine, x_mm, z_mm, turn)
        crowd = smoothstep(-1.6, 1.5, patch)
        strands = 11.0 * np.exp(-((cells / 0.17) ** 2)) * smoothstep(-0.5, 1.4, dots + 0.5 * patch)
        stars = 17.0 * smoothstep(0.7, 1.9, dots) * (0.6 + 0.4 * crowd)
        return np.asarray(strands + stars + 1.6 * fine + 2.0 * patch - 2.5)


@dataclass(frozen=True, slots=True, eq=False)
class FatTexture:
    """Skin and subcutaneous fat: hypoechoic lobules with thin, mostly flat, incomplete septa.

    Parameters
    ----------
    septa, second, presence, grain : NoiseField
        Fields whose level lines are the septa, where they are present, and the grain.
    """

    septa: NoiseField
    second: NoiseField
    presence: NoiseField
    grain: NoiseField

    @classmethod
    def make(cls, rng: np.random.Generator) -> Self:
        """Draw the fields."""
        return cls(
            NoiseField.make(rng, 6.0, 2.2), NoiseField.make(rng, 4.0, 2.0),
            NoiseField.make(rng, 7.0, 1.0), NoiseField.make(rng, 0.9, 0.3),
        )  # fmt: skip

    def db(self, x_mm: FloatArray, z_mm: FloatArray, skin_mm: float) -> FloatArray:
        """Echo level of points of skin and fat."""
        presence = self.presence.at(x_mm, z_mm)
        # Level lines of depth plus noise run across the picture and never close into loops.
        flat = z_mm / 2.3 + 0.012 * x_mm + 0.52 * self.septa.at(x_mm, z_mm)
        crossing = z_mm / 3.1 - 0.05 * x_mm + 0.5 * self.second.at(x_mm, z_mm)
        first = _line(flat, 0.055) * smoothstep(-0.7, 0.6, presence)
        second = _line(crossing, 0.04) * smoothstep(-0.1, 1.2, -presence)
        grain = self.grain.at(x_mm, z_mm)
        fat = (
            -1.0 + 1.5 * grain + 20.0 * first + 14.0 * second + 1.2 * self.presence.at(x_mm * 0.7, z_mm * 0.5)
        )
        uneven = 0.16 * self.second.at(x_mm * 2, x_mm * 0 + 3.0)
        dermis = 18.0 + 2.5 * grain - 6.0 * smoothstep(0.35, 0.9, z_mm / skin_mm)
        return np.where(z_mm < skin_mm + uneven, dermis, fat)


def _line(phase: FloatArray, half_width: float) -> FloatArray:
    """1 where a phase passes a whole number, 0 away from it."""
    return np.exp(-(((phase - np.round(phase)) / half_width) ** 2))


def layered_db(
    share: FloatArray, along_mm: FloatArray, noise: NoiseField, layers: float, peak_db: float
) -> FloatArray:
    """Echo level of a fascia: parallel bright lamellae with thin dark seams, uneven along it.

    Parameters
    ----------
    share : ndarray
        Place inside the fascia, 0 on top to 1 below.
    along_mm : ndarray
        Place along it.
    noise : NoiseField
        Unevenness.
    layers, peak_db : float
        Number of lamellae, and their level.
    """
    wander = 0.3 * noise.at(along_mm, share * 0.4)
    lamella = 0.5 + 0.5 * np.cos(2 * np.pi * (layers * (share + wander) - 0.5))
    uneven = noise.at(along_mm * 1.7, share + 5.0) + 0.8 * noise.at(along_mm * 4.0, share + 15.0)
    return peak_db - 11.0 * (1 - lamella) + 2.4 * uneven


def _turned(
    pair: tuple[NoiseField, NoiseField], u_mm: FloatArray, v_mm: FloatArray, turn: float
) -> FloatArray:
    """Cut a slice through a field that changes from slice to slice while keeping its variance."""
    if turn == 0.0:
        return pair[0].at(u_mm, v_mm)
    return np.asarray(np.cos(turn) * pair[0].at(u_mm, v_mm) + np.sin(turn) * pair[1].at(u_mm, v_mm))
