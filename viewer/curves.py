"""The curves of a case's clips: the gap as it was tracked, and on simulated clips as it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from annotations.layers import BUNDLED_FOLDER
from annotations.motion.chapters import Chapters
from annotations.motion.gap import GapCurve
from annotations.motion.result import MotionRequest, MotionResult
from annotations.motion.result_store import MotionStore
from annotations.motion.shipped import shipped_motion, shipped_path
from annotations.motion.tissue_map import MAX_FRAMES, TOO_LONG
from annotations.motion.tissue_map_store import TissueMapStore
from cases.case import Case
from cases.clip import ClipHead
from cases.errors import CurveFileError
from cases.manifest import ManifestClip
from cases.recorded_curve import read_recorded_curve
from viewer.motion_facts import still_probe_of, stump_paths_of, thickness_of
from viewer.scene import Chapter, Curve, OtherCurve, StillProbe, StumpPaths
from viewer.truth_curves import truth_curve, truth_others

AS_TRACKED = "as tracked, ± of the tracking alone"
AS_PROPOSED = "as tracked, from edges that the computer proposes, ± of both"


@dataclass(frozen=True, slots=True)
class ClipCurves:
    """What is known of one clip's contraction; ``None`` where nobody has measured it, or nobody made it.

    ``warnings`` are sentences that a viewer must know of the motion, such as that the probe slipped; ``proposed``
    are the chapters that were found in it, and ``chapters`` those that a person set in their place.
    """

    tracked: Curve | None = None
    truth: Curve | None = None
    others: tuple[OtherCurve, ...] = ()
    still_probe: StillProbe | None = None
    stumps: StumpPaths | None = None
    warnings: tuple[str, ...] = ()
    proposed: Chapters | None = None
    chapters: tuple[Chapter, ...] = ()
    tissue_followed: bool = False


def curves_of(
    case: Case,
    measured: MotionStore,
    asked: Mapping[str, MotionRequest],
    folder: Path = BUNDLED_FOLDER,
    *,
    tissue: TissueMapStore | None = None,
) -> Mapping[str, ClipCurves]:
    """Return the curves of every clip of a case, by the ids of the clips; nothing is measured here.

    Parameters
    ----------
    case : Case
        An open case.
    measured : MotionStore
        Holds what was measured before.
    asked : mapping of str to MotionRequest
        What is to be known of each clip.
    folder : Path
        Holds the motion that is shipped with bundled cases.
    tissue : TissueMapStore, optional
        Holds the maps of the tissue.
    """
    found = {}
    for clip in case.manifest.clips:
        head = case.clips[clip.id]
        known = measured_curves(known_motion(case, clip.id, measured, asked[clip.id], folder), head)
        if case.folder is not None and clip.truth is not None:
            path = case.folder / clip.truth
            truth, others = truth_curve(path, head.frames, _mm_per_px(head)), truth_others(path, head.frames)
            known = replace(known, truth=truth, others=(*known.others, *others))
        if case.folder is not None:
            known = with_recorded(known, clip, case.folder, head)
        found[clip.id] = known if tissue is None else with_tissue(known, head, tissue)
    return found


def with_tissue(known: ClipCurves, head: ClipHead, tissue: TissueMapStore) -> ClipCurves:
    """Say whether the tissue of a clip was followed, and why not where it was measured and is too long for that."""
    if tissue.path(head.sha256) is not None:
        return replace(known, tissue_followed=True)
    if known.proposed is None or head.frames <= MAX_FRAMES:
        return known
    return replace(known, warnings=(*known.warnings, TOO_LONG))


def with_recorded(known: ClipCurves, clip: ManifestClip, folder: Path, head: ClipHead) -> ClipCurves:
    """Add what was recorded with a clip; a table that cannot be read becomes a sentence beside the clip."""
    others, warnings = list(known.others), list(known.warnings)
    for curve in clip.curves:
        try:
            values = read_recorded_curve(folder / curve.file, head.frames, head.timing.frame_starts_s)
        except CurveFileError as error:
            warnings.append(str(error))
            continue
        others.append(OtherCurve(curve.id, curve.name, curve.unit, values, curve.source))
    return replace(known, others=tuple(others), warnings=tuple(warnings))


def known_motion(
    case: Case, clip_id: str, measured: MotionStore, request: MotionRequest, folder: Path = BUNDLED_FOLDER
) -> MotionResult | None:
    """Return what was measured in a clip here, else what was shipped with it; ``None`` where there is neither."""
    result = measured.find(case.clips[clip_id].sha256, request)
    if result is not None or case.folder is None:
        return result
    file = case.folder / case.manifest_clip(clip_id).file
    return shipped_motion(shipped_path(case.manifest.id, clip_id, folder), file, request)


def measured_curves(result: MotionResult | None, head: ClipHead) -> ClipCurves:
    """Return what a result says of a clip; nothing where there is none, or where it does not fit the clip."""
    if result is None or len(result.motion_confidence) != head.frames:
        return ClipCurves()
    thickness = thickness_of(result)
    return ClipCurves(
        tracked=None if result.gap is None else tracked_curve(result.gap),
        others=() if thickness is None else (thickness,),
        still_probe=still_probe_of(result, head.regions),
        stumps=stump_paths_of(result),
        warnings=result.warnings,
        proposed=result.chapters,
    )


def tracked_curve(gap: GapCurve) -> Curve:
    """Return a tracked gap as the player draws it."""
    return Curve(
        unit=gap.unit,
        values=gap.gap,
        lower=gap.low,
        upper=gap.high,
        source_label=AS_TRACKED if gap.edges.source == "author" else AS_PROPOSED,
        rest_frame_index=gap.rest_frame_index,
        peak_frame_index=gap.peak_frame_index,
    )


def _mm_per_px(head: ClipHead) -> float | None:
    """Pitch along x of the largest region with a scale; None where there is none."""
    scaled = [region for region in head.regions if region.mm_per_px_x is not None]
    return max(scaled, key=lambda region: region.area_px).mm_per_px_x if scaled else None
