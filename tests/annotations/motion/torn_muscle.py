"""A muscle made in code that tears by a known amount: speckle and streaks, moved by a formula, with noise.

Light enough for every test; the phantom of `cases` is the heavy truth.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.calibration import Region, ScaleSource
from cases.cine import Cine
from cases.clip import ClipHead, ClipKind, Colour, Encoding
from cases.frame_timing import FrameTiming, TimingSource
from cases.pack import write_pack

MM_PER_PX = 0.1
ROWS, COLUMNS = 280, 420
MUSCLE_TOP, MUSCLE_BOTTOM = 60, 220
MID_DEPTH_PX = 140.0
REST_GAP_PX, RETREAT_PX, SHORTENING = 20.0, 45.0, 0.08

Pictures = NDArray[np.uint8]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TornMuscle:
    """A clip and its truth: gap in mm, edges at mid-depth in image pixels, activation."""

    pictures: Pictures
    activation: FloatArray
    gap_mm: FloatArray
    left_px: FloatArray
    right_px: FloatArray


def activation_of(frames: int, first: int, full: int, fall: int, rest: int) -> FloatArray:
    """Rise from frame ``first`` to ``full``, fall from ``fall`` to ``rest``, smoothly."""
    t = np.arange(frames, dtype=np.float64)

    def smoothstep(low: float, high: float) -> FloatArray:
        share = np.clip((t - low) / (high - low), 0, 1)
        return share * share * (3 - 2 * share)

    return smoothstep(first, full) * (1 - smoothstep(fall, rest))


def speckle(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    """Grey speckle with streaks that lean like fascicles."""
    grain = cv2.GaussianBlur(rng.standard_normal(shape), (0, 0), sigmaX=2.2, sigmaY=1.4)
    streaks = cv2.GaussianBlur(rng.standard_normal(shape), (0, 0), sigmaX=14, sigmaY=1.6)
    lean = np.array([[1, 0, 0], [0.2, 1, -0.1 * shape[1]]], dtype=np.float64)
    streaks = cv2.warpAffine(streaks, lean, (shape[1], shape[0]), borderMode=cv2.BORDER_REFLECT)
    grey = 95 + 26 * grain / grain.std() + 22 * streaks / streaks.std()
    return np.asarray(grey, dtype=np.float64)


def torn_muscle(
    activation: FloatArray, *, seed: int = 1, noise: float = 5.0, shift_px: float = 0.0
) -> TornMuscle:
    """Render the clip; ``shift_px`` slides the whole picture with the effort, as a slipping probe does."""
    rng = np.random.default_rng(seed)
    tissue = speckle(rng, (ROWS, COLUMNS)).astype(np.float32)
    fluid = (28 + 7 * cv2.GaussianBlur(rng.standard_normal((ROWS, COLUMNS)), (0, 0), 2)).astype(np.float32)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32)
    centre = COLUMNS / 2
    rest_left, rest_right = centre - REST_GAP_PX / 2, centre + REST_GAP_PX / 2
    pictures, edges = [], []
    for a in activation:
        retreat, squeeze = a * RETREAT_PX / 2, a * SHORTENING
        left, right = rest_left - retreat, rest_right + retreat
        source = np.where(
            x < centre, rest_left + (x - left) / (1 - squeeze), rest_right + (x - right) / (1 - squeeze)
        )
        muscle = (y >= MUSCLE_TOP) & (y < MUSCLE_BOTTOM)
        source = np.where(muscle, source, x).astype(np.float32)
        picture = cv2.remap(tissue, source, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        inside = np.clip(np.minimum(x - left, right - x) + 0.5, 0, 1) * muscle
        picture = picture * (1 - inside) + fluid * inside
        for line in (MUSCLE_TOP, MUSCLE_BOTTOM):
            picture += 120 * np.exp(-0.5 * ((y - line) / 2.5) ** 2)
        slid = np.array([[1, 0, a * shift_px], [0, 1, 0]], dtype=np.float64)
        picture = cv2.warpAffine(picture, slid, (COLUMNS, ROWS), borderMode=cv2.BORDER_REFLECT)
        picture = picture + noise * cv2.GaussianBlur(rng.standard_normal(picture.shape), (0, 0), 1) * 2
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
        edges.append((left + 0.5 + a * shift_px, right + 0.5 + a * shift_px))
    ends = np.array(edges)
    depth = np.full(len(ends), MID_DEPTH_PX)
    return TornMuscle(
        np.stack(pictures),
        activation,
        (ends[:, 1] - ends[:, 0]) * MM_PER_PX,
        np.column_stack([ends[:, 0], depth]),
        np.column_stack([ends[:, 1], depth]),
    )


def cine_of(
    folder: Path,
    pictures: Pictures,
    *,
    frame_starts_s: tuple[float, ...] | None = None,
    regions: tuple[Region, ...] = (),
    kind: ClipKind = ClipKind.CLIP,
) -> Cine:
    """Write grey pictures as a pack and open it."""
    encoded = [cv2.imencode(".png", picture)[1].tobytes() for picture in pictures]
    timing = FrameTiming(None, None, TimingSource.UNKNOWN)
    if frame_starts_s is not None:
        timing = FrameTiming(frame_starts_s, frame_starts_s[-1] + 0.04, TimingSource.FRAME_TIME_VECTOR)
    count, rows, columns = pictures.shape
    scale = ScaleSource.ULTRASOUND_REGIONS if regions else ScaleSource.NONE
    head = ClipHead(
        kind, count, rows, columns, Encoding.PNG, Colour.GREY8, timing, regions, scale, None, 1.0, 0.0, (), ()
    )
    payload, whole = folder / "payload", folder / "whole"
    payload.write_bytes(b"".join(encoded))
    with whole.open("wb") as target, payload.open("rb") as source:
        name = write_pack(target, head, [len(one) for one in encoded], source)
    return Cine(whole.rename(folder / f"{name}.pack"))


def whole_region(pictures: Pictures) -> Region:
    """Make a region over the whole picture, with a scale."""
    return Region(0, 0, pictures.shape[2] - 1, pictures.shape[1] - 1, MM_PER_PX, MM_PER_PX)


def even_starts(frames: int, interval_s: float = 0.04) -> tuple[float, ...]:
    """Return starts of frames at an even rate."""
    return tuple(index * interval_s for index in range(frames))
