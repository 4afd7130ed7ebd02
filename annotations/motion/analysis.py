"""Everything about the motion of one clip, measured once and kept."""

from dataclasses import dataclass

from annotations.motion.chapters import Chapters, find_chapters, thickness_doubts
from annotations.motion.errors import PlaceError, StillPictureError
from annotations.motion.found_thickness import find_thickness
from annotations.motion.gap import GapCurve, measure_gap
from annotations.motion.grey_frames import GreyFrames
from annotations.motion.probe_motion import probe_motion
from annotations.motion.result import ALGORITHM, MotionRequest, MotionResult, Provenance
from annotations.motion.result_store import MotionStore
from annotations.motion.stump_detection import propose_stump_edges
from annotations.motion.thickness import ThicknessCurve, measure_thickness
from annotations.motion.tissue_area import TissueArea, still_marks, tissue_area
from annotations.motion.tissue_motion import TissueMotion, follow_tissue
from annotations.motion.work import IsCancelled, Progress, Work
from cases.cine import Cine
from cases.clip import ClipKind


def analyse_motion(
    cine: Cine,
    request: MotionRequest | None = None,
    *,
    store: MotionStore | None = None,
    progress: Progress | None = None,
    cancel: IsCancelled | None = None,
) -> MotionResult:
    """Measure the motion of a clip, or return what was measured before.

    Parameters
    ----------
    cine : Cine
        The clip.
    request : MotionRequest, optional
        What to measure; by default whatever the detectors propose.
    store : MotionStore, optional
        Where results are kept; nothing is kept without one.
    progress : callable, optional
        Called with the steps done and planned.
    cancel : callable, optional
        Asked often; the computation ends when it says True.

    Returns
    -------
    MotionResult
        Chapters, probe motion, and the gap and thickness curves where there is something to measure.

    Raises
    ------
    StillPictureError
        If the clip is no clip.
    PlaceError
        If an edge or border that was given lies outside the tissue.
    MotionCancelledError
        If it was cancelled.
    MotionStoreError
        If the result cannot be kept.
    """
    request = request or MotionRequest()
    if cine.head.kind is not ClipKind.CLIP or len(cine.frames) < 2:
        raise StillPictureError("A picture or a series of slices has no motion; choose a clip.")
    kept = store.find(cine.head.sha256, request) if store is not None else None
    if kept is not None:
        return kept
    area = tissue_area(cine.frames, cine.regions)
    frames = GreyFrames(cine.frames, area.rows, area.columns)
    work = Work(progress, cancel)
    work.plan(planned_steps(len(frames)))
    result = _Analysis(cine, request, area, frames, work).result()
    if store is not None:
        store.keep(result)
    return result


def planned_steps(frames: int) -> int:
    """Return how many steps of work the whole motion of a clip takes at most."""
    return (frames - 1) * 4


@dataclass(frozen=True, slots=True)
class _Analysis:
    cine: Cine
    request: MotionRequest
    area: TissueArea
    frames: GreyFrames
    work: Work

    def result(self) -> MotionResult:
        burnt = still_marks(self.cine.frames, self.area)
        motion = follow_tissue(self.frames, self.area, burnt=burnt, work=self.work)
        probe = probe_motion(motion, self.frames)
        gap = self._gap(motion)
        thickness = self._thickness()
        unlike = motion.doubts()
        chapters = self._chapters(motion, (*probe.warnings, *unlike), gap, thickness)
        doubts = thickness.doubts if thickness is not None else ()
        weak = gap.warnings if gap is not None else ()
        warnings = (*probe.warnings, *unlike, *weak, *chapters.reasons, *doubts)
        return MotionResult(
            self._provenance(),
            self.area.unit,
            self.cine.frame_starts_s,
            chapters,
            tuple(round(float(value), 3) for value in motion.tracks.confidence),
            probe,
            gap,
            thickness,
            tuple(dict.fromkeys(warnings)),
        )

    def _gap(self, motion: TissueMotion) -> GapCurve | None:
        edges, starts_s = self.request.edges, self.cine.frame_starts_s
        if edges is not None:
            return measure_gap(self.frames, self.area, edges, frame_starts_s=starts_s, work=self.work)
        proposed = propose_stump_edges(motion, self.frames) if self.request.propose else None
        if proposed is None:
            return None
        try:
            return measure_gap(self.frames, self.area, proposed, frame_starts_s=starts_s, work=self.work)
        except PlaceError:
            return None  # a proposal too near the border of the picture is none

    def _thickness(self) -> ThicknessCurve | None:
        upper, lower = self.request.superficial_border, self.request.deep_border
        if upper is not None and lower is not None:
            return measure_thickness(self.frames, self.area, (upper, lower), work=self.work)
        return find_thickness(self.frames, self.area, work=self.work) if self.request.propose else None

    def _chapters(
        self,
        motion: TissueMotion,
        doubts: tuple[str, ...],
        gap: GapCurve | None,
        thickness: ThicknessCurve | None,
    ) -> Chapters:
        """Divide the clip by the gap that an author marked, else by the motion of the tissue."""
        marked = gap is not None and gap.edges.source == "author"
        evidence = gap.evidence if gap is not None and marked else motion.evidence()
        found = find_chapters(evidence, self.cine.frame_starts_s, doubts=doubts)
        if found.certainty == "no contraction" or thickness is None or gap is not None:
            return found
        rest, hold = found.first("rest"), found.first("hold")
        if rest is None or hold is None:
            return found
        passive = thickness_doubts(
            thickness.thickness[rest.first_frame_index], thickness.thickness[hold.last_frame_index]
        )
        return find_chapters(evidence, self.cine.frame_starts_s, doubts=(*doubts, *passive))

    def _provenance(self) -> Provenance:
        area = self.area
        return Provenance(
            self.cine.head.sha256,
            ALGORITHM,
            self.request,
            (area.x0, area.y0, area.x1, area.y1),
            area.source,
            self.cine.scale_source.value if area.calibration is not None else "none",
            self.cine.timing_source.value,
        )
