"""A clip as DICOM Ultrasound Multi-frame Image, JPEG baseline."""

from pathlib import Path

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import JPEGBaseline8Bit, UltrasoundMultiFrameImageStorage

from cases.phantom.activation import frame_starts_s
from cases.phantom.canvas import Region
from cases.phantom.identity import add_nobody, code_item, file_meta, uid_of
from cases.phantom.scene import Scene

JPEG_QUALITY = 86
PLANE_CODES = {"long axis": ("38717003", "Longitudinal"), "short axis": ("62824007", "Transverse")}


def write_clip(screens: NDArray[np.uint8], scene: Scene, path: Path, *, case_id: str) -> None:
    """Write a clip.

    Parameters
    ----------
    screens : ndarray of uint8, shape (frames, rows, columns)
        Screens with margin.
    scene : Scene
        What they show.
    path : Path
        Where to.
    case_id : str
        Case the clip belongs to.
    """
    identity = (case_id, repr(scene))
    instance = uid_of(*identity, "instance")
    meta = file_meta(UltrasoundMultiFrameImageStorage, instance, JPEGBaseline8Bit)
    dataset = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    add_nobody(dataset, case_id=case_id, side=scene.side)
    dataset.SOPClassUID = UltrasoundMultiFrameImageStorage
    dataset.SOPInstanceUID = instance
    dataset.Modality = "US"
    dataset.SeriesInstanceUID = uid_of(*identity, "series")
    dataset.SeriesNumber = 1
    dataset.SeriesDescription = f"SIMULATED {scene.plane} {scene.side} {scene.name}"[:64]
    dataset.ImageType = ["DERIVED", "SECONDARY"]
    dataset.ImageComments = f"SIMULATED. scene {scene.name}, seed {scene.seed}. Not for diagnosis."
    value, meaning = PLANE_CODES[scene.plane]
    dataset.AnatomicRegionSequence = Sequence([code_item("68367000", "Thigh")])
    view = code_item(value, meaning)
    dataset.ViewCodeSequence = Sequence([view])
    _add_probe(dataset, scene)
    _add_timing(dataset, scene, screens.shape[0])
    _add_pixels(dataset, screens)
    dataset.save_as(path, enforce_file_format=True)


def _add_probe(dataset: Dataset, scene: Scene) -> None:
    """Probe settings and the calibrated region."""
    probe, region = scene.probe, Region.of(scene.probe)
    dataset.TransducerData = [probe.name, "", ""]
    dataset.TransducerType = "LINEAR"
    dataset.DepthOfScanField = round(probe.depth_mm)
    dataset.FocusDepth = float(probe.focus_depth_mm / 10)
    item = Dataset()
    item.RegionSpatialFormat = 1
    item.RegionDataType = 1
    item.RegionFlags = 0
    item.RegionLocationMinX0 = region.left_px
    item.RegionLocationMinY0 = region.top_px
    item.RegionLocationMaxX1 = region.left_px + region.columns_px - 1
    item.RegionLocationMaxY1 = region.top_px + region.rows_px - 1
    item.ReferencePixelX0 = region.columns_px // 2
    item.ReferencePixelY0 = 0
    item.PhysicalUnitsXDirection = 3
    item.PhysicalUnitsYDirection = 3
    item.ReferencePixelPhysicalValueX = 0.0
    item.ReferencePixelPhysicalValueY = 0.0
    item.PhysicalDeltaX = probe.mm_per_px / 10
    item.PhysicalDeltaY = probe.mm_per_px / 10
    item.TransducerFrequency = round(probe.centre_frequency_mhz * 1000)
    dataset.SequenceOfUltrasoundRegions = Sequence([item])


def _add_timing(dataset: Dataset, scene: Scene, frames: int) -> None:
    """Frame times: one interval when it is even, each of them when it is not."""
    starts_ms = frame_starts_s(scene)[:frames] * 1000
    intervals_ms = np.diff(starts_ms)
    dataset.NumberOfFrames = frames
    if scene.manoeuvre.uneven_timing:
        dataset.FrameTimeVector = [0.0, *(round(float(value), 3) for value in intervals_ms)]
        dataset.FrameIncrementPointer = 0x00181065
    else:
        dataset.FrameTime = round(1000.0 / scene.probe.frame_rate_hz, 3)
        dataset.FrameIncrementPointer = 0x00181063
    dataset.CineRate = round(scene.probe.frame_rate_hz)
    dataset.RecommendedDisplayFrameRate = round(scene.probe.frame_rate_hz)
    dataset.EffectiveDuration = round(float(starts_ms[-1]) / 1000, 3)
    dataset.PreferredPlaybackSequencing = 0


def _add_pixels(dataset: Dataset, screens: NDArray[np.uint8]) -> None:
    """Pixels, one JPEG per frame, with a basic offset table."""
    frames, rows, columns = screens.shape
    encoded = [
        simplejpeg.encode_jpeg(
            np.ascontiguousarray(screen[..., None]), quality=JPEG_QUALITY, colorspace="GRAY", fastdct=False
        )
        for screen in screens
    ]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelRepresentation = 0
    dataset.LossyImageCompression = "01"
    dataset.LossyImageCompressionMethod = "ISO_10918_1"
    dataset.LossyImageCompressionRatio = round(frames * rows * columns / sum(map(len, encoded)), 2)
    dataset.PixelData = encapsulate(encoded, has_bot=True)
    dataset["PixelData"].VR = "OB"
