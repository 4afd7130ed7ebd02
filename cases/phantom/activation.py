"""How strongly the muscle contracts in each frame, when each frame was taken, and where the hand holds the probe."""

import numpy as np
from numpy.typing import NDArray

from cases.phantom.noise import curve_noise, smoothstep
from cases.phantom.scene import Manoeuvre, Scene

ACTIVATION_STREAM = 11
TIMING_STREAM = 12
HAND_STREAM = 13


def phases(manoeuvre: Manoeuvre) -> tuple[tuple[str, int, int], ...]:
    """Chapters of the clip: name, first and last frame number, both 1-based.

    >>> phases(Manoeuvre())[0]
    ('rest', 1, 9)
    """
    m = manoeuvre
    effort = (
        ("rest", 1, m.contract_at),
        ("contracting", m.contract_at + 1, m.hold_at),
        ("hold", m.hold_at + 1, m.relax_at),
        ("relaxing", m.relax_at + 1, min(m.rest_at, m.frames)),
    )
    return (*effort, ("rest", m.rest_at + 1, m.frames)) if m.rest_at < m.frames else effort


def activation(scene: Scene) -> NDArray[np.float64]:
    """Activation of each frame, 0 at rest and about 1 at full effort.

    Returns
    -------
    ndarray of float64, shape (frames,)
        With a slow tremor during the hold.
    """
    m = scene.manoeuvre
    frame = np.arange(m.frames, dtype=np.float64)
    rise = smoothstep(m.contract_at - 1, m.hold_at, frame)
    fall = smoothstep(m.relax_at - 1, m.rest_at, frame)
    held = rise * (1 - fall)
    rng = np.random.default_rng((scene.seed, ACTIVATION_STREAM))
    shake = curve_noise(rng, frame, 1.4) if m.frames > 1 else np.zeros(1)
    steady = smoothstep(0.9, 1.0, held)
    return np.asarray(m.effort * np.clip(held * (1 + m.tremor * shake * steady), 0.0, None))


def frame_starts_s(scene: Scene) -> NDArray[np.float64]:
    """Start of each frame in seconds, the first at zero.

    Even at the preset's rate, or with the small irregular delays of a busy scanner.
    """
    interval_ms = np.full(scene.manoeuvre.frames - 1, 1000.0 / scene.probe.frame_rate_hz)
    if scene.manoeuvre.uneven_timing:
        rng = np.random.default_rng((scene.seed, TIMING_STREAM))
        interval_ms = interval_ms + rng.choice(
            [0.0, 2.0, 5.0, 9.0, 22.0], interval_ms.size, p=[0.5, 0.2, 0.15, 0.1, 0.05]
        )
    return np.concatenate([[0.0], np.cumsum(np.round(interval_ms, 3))]) / 1000.0


def hand(scene: Scene) -> NDArray[np.float64]:
    """Where the probe is held in each frame.

    Returns
    -------
    ndarray of float64, shape (frames, 3)
        Shift along the picture (mm), shift across it (mm), tilt in the picture plane (rad).
    """
    motion, effort = scene.probe_motion, activation(scene)
    frame = np.arange(scene.manoeuvre.frames, dtype=np.float64)
    rng = np.random.default_rng((scene.seed, HAND_STREAM))
    if frame.size > 1:
        drift = np.stack([curve_noise(rng, frame, 9.0) for _ in range(2)]) * motion.drift_mm
    else:
        drift = np.zeros((2, 1))
    late = smoothstep(0.15, 0.95, effort)
    return np.stack(
        [motion.slip_mm * late + drift[0], motion.slip_out_of_plane_mm * late + drift[1], np.deg2rad(motion.tilt_deg) * late],
        axis=1,
    )  # fmt: skip


def under_the_hand(
    held: NDArray[np.float64], x_mm: NDArray[np.float64], z_mm: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates in the picture of tissue, under a probe that is held as one row of `hand` says."""
    slip, _, tilt = held
    x = x_mm - slip
    return x * np.cos(tilt) + z_mm * np.sin(tilt), z_mm * np.cos(tilt) - x * np.sin(tilt)
