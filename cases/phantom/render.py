"""From a scene to its pictures, on one or more processes with the same result."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from cases.phantom.image_processing import compress, enhance_edges, persist, reduce_speckle, to_gray
from cases.phantom.long_axis import LongAxisThigh
from cases.phantom.point_spread import BeamGrid
from cases.phantom.scan import ScanOptions, echo_envelope
from cases.phantom.scene import Scene
from cases.phantom.short_axis import ShortAxisThigh

ByteArray = NDArray[np.uint8]
FloatArray = NDArray[np.float32]
FilledThigh = LongAxisThigh | ShortAxisThigh
NOISE_STREAM = 91
_thigh_of_this_process: dict[Scene, FilledThigh] = {}


def fill(scene: Scene) -> FilledThigh:
    """Fill the thigh of a scene, in its plane."""
    return LongAxisThigh.of(scene) if scene.plane == "long axis" else ShortAxisThigh.of(scene)


def picture(thigh: FilledThigh, frame_index: int, options: ScanOptions | None = None) -> FloatArray:
    """One frame, compressed and processed, before persistence.

    Parameters
    ----------
    thigh : LongAxisThigh or ShortAxisThigh
        What is scanned.
    frame_index : int
        Zero-based frame.
    options : ScanOptions, optional
        Parts of the scan to leave out.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        0 black to 1 white.
    """
    scene = thigh.scene
    grid = BeamGrid(scene.probe)
    envelope = echo_envelope(
        thigh.frame(frame_index), grid, noise_seed=(scene.seed, NOISE_STREAM, frame_index), options=options
    )
    shown = compress(envelope, grid, scene.processing)
    calm = reduce_speckle(shown, scene.processing, scene.probe.mm_per_px)
    return enhance_edges(calm, scene.processing, scene.probe.mm_per_px)


def render(
    scene: Scene,
    *,
    frame_indices: Sequence[int] | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> ByteArray:
    """Pictures of a clip, without margin.

    Parameters
    ----------
    scene : Scene
        What to render.
    frame_indices : sequence of int, optional
        Frames to render, all when left out; persistence runs over them in this order.
    workers : int
        Number of processes; the result does not depend on it.
    progress : callable, optional
        Called with 1 after each frame.

    Returns
    -------
    ndarray of uint8, shape (frames, rows, columns)
        Grey levels before any file compression.
    """
    indices = list(range(scene.manoeuvre.frames)) if frame_indices is None else list(frame_indices)
    pictures = []
    for one in _pictures(scene, indices, workers):
        pictures.append(one)
        if progress is not None:
            progress(1)
    kept = persist(pictures, scene.processing)
    return np.stack([to_gray(one, scene.processing) for one in kept])


def _pictures(scene: Scene, indices: list[int], workers: int) -> Iterator[FloatArray]:
    """Yield the processed frames in order."""
    if workers <= 1:
        thigh = fill(scene)
        for index in indices:
            yield picture(thigh, index)
        return
    with multiprocessing.get_context("spawn").Pool(
        workers, initializer=cv2.setNumThreads, initargs=(1,)
    ) as pool:
        yield from pool.imap(_picture_in_worker, [(scene, index) for index in indices], chunksize=4)


def _picture_in_worker(task: tuple[Scene, int]) -> FloatArray:
    """One frame in a worker process, which fills the thigh once."""
    scene, index = task
    if scene not in _thigh_of_this_process:
        _thigh_of_this_process.clear()
        _thigh_of_this_process[scene] = fill(scene)
    return picture(_thigh_of_this_process[scene], index)
