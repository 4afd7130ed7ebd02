"""The head of what videos and picture files hold: frames that carry neither a scale nor measured values."""

from cases.calibration import ScaleSource
from cases.clip import ClipHead, ClipKind, Colour, Encoding
from cases.decoding.dicom_scale import Scale, given_scale
from cases.decoding.source import Findings, Wishes
from cases.frame_timing import FrameTiming
from cases.sentences import ScaleRefusal


def unscaled_head(
    findings: Findings,
    wishes: Wishes,
    timing: FrameTiming,
    *,
    frames: int,
    stored_as: tuple[Encoding, Colour],
) -> ClipHead:
    """Say what the frames are; their scale is the caller's, where there is one.

    Parameters
    ----------
    findings : Findings
        Size of the frames and the remarks.
    wishes : Wishes
        May hold a calibrated region.
    timing : FrameTiming
        Times of the frames.
    frames : int
        How many there are.
    stored_as : tuple of Encoding and Colour
        How each frame is stored, and what a pixel is.

    Returns
    -------
    ClipHead
        The head.
    """
    rows, columns = findings.rows or 1, findings.columns or 1
    none = Scale((), ScaleSource.NONE, ScaleRefusal.VIDEO)
    scale = given_scale(wishes, rows, columns, none)
    encoding, colour = stored_as
    return ClipHead(
        kind=ClipKind.CLIP if frames > 1 else ClipKind.STILL,
        frames=frames,
        rows=rows,
        columns=columns,
        encoding=encoding,
        colour=colour,
        timing=timing,
        regions=scale.regions,
        scale_source=scale.source,
        scale_refused_because=scale.refused_because,
        rescale_slope=1.0,
        rescale_intercept=0.0,
        windows=(),
        warnings=tuple(findings.remarks),
    )
