"""From tissue to echo envelope: scatterers summed with their phase, spread by the beam, weakened by the tissue."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft, sparse

from cases.phantom.attenuation import beam_loss_db, loss_rate_map
from cases.phantom.point_spread import BeamGrid, lateral_spectrum, pulse_kernel
from cases.phantom.probe import ProbePreset
from cases.phantom.tissue_frame import TissueFrame

FloatArray = NDArray[np.float32]
ComplexArray = NDArray[np.complex64]
REVERBERATION_DB = -23.0
"""Level of the near field seen once more below bone: skin, bone, skin, bone."""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """Parts of the scan that a test may switch off.

    Parameters
    ----------
    attenuation, noise, clutter, reverberation, gain : bool
        Whether tissue attenuates, the receiver makes noise, the probe face rings, bone reverberates
        and time-gain compensation is applied.
    """

    attenuation: bool = True
    noise: bool = True
    clutter: bool = True
    reverberation: bool = True
    gain: bool = True


def splat(frame: TissueFrame, grid: BeamGrid) -> list[ComplexArray]:
    """Sum the scatterers on the grid, once for each steering angle, each with the phase of its exact place.

    Returns
    -------
    list of ndarray of complex64, shape (rows, columns)
        One baseband field per angle; no carrier, so a moving scatterer never flickers.

    References
    ----------
    .. [1] Gao et al. 2009, the convolution-based simulation called COLE.
    .. [2] Storve et al. 2017, scatterers placed between samples by their phase.
    """
    x_px = (frame.x_mm - grid.x_mm[0]) / grid.pitch_x_mm
    z_px = frame.z_mm / grid.pitch_z_mm
    inside = (x_px >= 0) & (x_px < grid.columns - 1) & (z_px >= 0) & (z_px < grid.rows - 1)
    x_px, z_px = x_px[inside], z_px[inside]
    column, row = x_px.astype(np.int32), z_px.astype(np.int32)
    share_x, share_z = x_px - column, z_px - row
    first = row * grid.columns + column
    corners = np.stack([first, first + 1, first + grid.columns, first + grid.columns + 1], axis=1)
    weights = np.stack(
        [
            (1 - share_x) * (1 - share_z), share_x * (1 - share_z),
            (1 - share_x) * share_z, share_x * share_z,
        ],
        axis=1,
    ).astype(np.float32)  # fmt: skip
    count = first.size
    matrix = sparse.csc_array(
        (weights.ravel(), corners.ravel(), np.arange(0, 4 * count + 1, 4, dtype=np.int32)),
        shape=(grid.rows * grid.columns, count),
    )
    wavenumber = 4 * np.pi / grid.probe.wavelength_mm
    x, z, amplitude = frame.x_mm[inside], frame.z_mm[inside], frame.amplitude[inside]
    echoes = np.empty((count, len(grid.probe.steering_deg)), dtype=np.complex64)
    for index, angle_deg in enumerate(grid.probe.steering_deg):
        angle = np.deg2rad(angle_deg)
        phase = wavenumber * (z.astype(np.float64) * np.cos(angle) + x.astype(np.float64) * np.sin(angle))
        echoes[:, index] = amplitude * np.exp(-1j * phase)
    fields = matrix @ echoes
    return [
        np.ascontiguousarray(fields[:, index]).reshape(grid.rows, grid.columns).astype(np.complex64)
        for index in range(echoes.shape[1])
    ]


def spread(field: ComplexArray, grid: BeamGrid) -> ComplexArray:
    """Blur a field by the point spread of the probe at each depth."""
    across = fft.ifft(fft.fft(field, axis=1, workers=1) * lateral_spectrum(grid), axis=1, workers=1)
    across = np.ascontiguousarray(across.astype(np.complex64))
    near = _along_beam(across, pulse_kernel(grid.probe.pulse_near_mm, grid.pitch_z_mm))
    far = _along_beam(across, pulse_kernel(grid.probe.pulse_far_mm, grid.pitch_z_mm))
    share = np.clip(grid.z_mm / grid.probe.depth_mm, 0, 1)[:, None]
    return np.asarray(((1 - share) * near + share * far).astype(np.complex64))


def _along_beam(field: ComplexArray, kernel: FloatArray) -> ComplexArray:
    """Convolve along depth; the ring-down points away from the probe."""
    channels = field.view(np.float32).reshape(*field.shape, 2)
    identity = np.ones(1, dtype=np.float32)
    blurred = cv2.sepFilter2D(
        channels, cv2.CV_32F, identity, kernel[::-1].copy(), borderType=cv2.BORDER_CONSTANT
    )
    return np.ascontiguousarray(blurred).view(np.complex64)[..., 0]


def echo_envelope(
    frame: TissueFrame,
    grid: BeamGrid,
    *,
    noise_seed: tuple[int, ...] = (0,),
    options: ScanOptions | None = None,
) -> FloatArray:
    """Envelope of the received echo, averaged over the steering angles, in units of full scale.

    Parameters
    ----------
    frame : TissueFrame
        Tissue now.
    grid : BeamGrid
        Where to sum.
    noise_seed : tuple of int
        Seed of this frame's electronic noise.
    options : ScanOptions, optional
        All on when left out.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Envelope on the beam grid.
    """
    options = options or ScanOptions()
    probe = grid.probe
    rate = loss_rate_map(frame, probe) if options.attenuation else None
    gain_db = _gain_db(probe, grid) if options.gain else np.zeros(grid.rows, dtype=np.float32)
    noise = _noise(grid, noise_seed) if options.noise else None
    clutter = _probe_clutter(grid) if options.clutter else None
    total = np.zeros((grid.rows, grid.columns), dtype=np.float32)
    for index, echo in enumerate(splat(frame, grid)):
        field = spread(echo, grid)
        if rate is not None:
            loss = beam_loss_db(rate, probe, probe.steering_deg[index], grid.x_mm, grid.z_mm)
            field = field * np.exp(loss * np.float32(-np.log(10) / 20))
        if noise is not None:
            field = field + np.roll(noise, (37 * index, 91 * index), axis=(0, 1))
        field = field * np.float32(10.0) ** (gain_db[:, None] / 20)
        if options.reverberation:
            field = field + _bone_reverberation(field, frame, grid)
        if clutter is not None:
            field = field + clutter
        total += np.abs(field)
    return np.asarray(total / len(probe.steering_deg))


def _gain_db(probe: ProbePreset, grid: BeamGrid) -> FloatArray:
    """Time-gain compensation, in decibel per row."""
    return (probe.tgc_db_per_mm * grid.z_mm).astype(np.float32)


def _noise(grid: BeamGrid, seed: tuple[int, ...]) -> ComplexArray:
    """Electronic noise in the bandwidth of the pulse."""
    rng = np.random.default_rng(seed)
    white = rng.standard_normal((grid.rows, grid.columns, 2), dtype=np.float32).view(np.complex64)[..., 0]
    level = np.float32(10 ** (grid.probe.noise_db / 20))
    return level * _along_beam(
        np.ascontiguousarray(white), pulse_kernel(grid.probe.pulse_far_mm, grid.pitch_z_mm)
    )


def _probe_clutter(grid: BeamGrid) -> FloatArray:
    """Ringing of the probe face: bands that stay while the tissue moves."""
    z = grid.z_mm.astype(np.float64)
    bands = (
        0.16 * np.exp(-((z / 0.4) ** 2))
        + 0.012 * np.exp(-z / 2.2) * (1 + np.cos(2 * np.pi * z / 0.62)) ** 2 / 4
    )
    across = 1 + 0.15 * np.cos(2 * np.pi * grid.x_mm / 17.0) + 0.1 * np.cos(2 * np.pi * grid.x_mm / 5.3)
    return np.asarray((bands[:, None] * across[None, :]).astype(np.float32))


def _bone_reverberation(field: ComplexArray, frame: TissueFrame, grid: BeamGrid) -> ComplexArray:
    """Haze and a faint second near field below the cortex.

    Sound runs from the bone to the skin and back once more, so skin and fascia appear again below the
    cortex; what is scattered on the way fills the shadow with a haze that fades.
    """
    bone = frame.bone_depth_mm(grid.x_mm)
    if not np.isfinite(bone).any():
        return np.zeros_like(field)
    safe = np.where(np.isfinite(bone), bone, 1e3).astype(np.float32)
    below = grid.z_mm[:, None] - safe[None, :]
    source_x = np.broadcast_to(np.arange(grid.columns, dtype=np.float32)[None, :], below.shape)
    channels = field.view(np.float32).reshape(*field.shape, 2)
    near = cv2.GaussianBlur(channels, (0, 0), sigmaX=9.0, sigmaY=1.6) * np.float32(2.2)
    echo = cv2.remap(
        near, np.ascontiguousarray(source_x), (below / grid.pitch_z_mm).astype(np.float32), cv2.INTER_LINEAR
    )
    haze = cv2.remap(
        near, np.ascontiguousarray(source_x), ((below * 0.45 + 9.0) / grid.pitch_z_mm).astype(np.float32), cv2.INTER_LINEAR
    )  # fmt: skip
    level = np.float32(10 ** (REVERBERATION_DB / 20))
    fade = np.where(below > 0.5, np.exp(-np.clip(below, 0, None) / 7.0), 0.0).astype(np.float32)
    ring = np.where(below > 0.5, np.exp(-np.clip(below, 0, None) / 2.4), 0.0).astype(np.float32)
    mixed = echo * (level * fade)[..., None] + haze * (level * (0.5 * fade + 1.6 * ring))[..., None]
    return np.ascontiguousarray(mixed).view(np.complex64)[..., 0]
