"""From clips to scenes: which panel shows what, and what is said beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from cases.calibration import Region as CalibratedRegion
from cases.calibration import ScaleSource
from cases.catalogue import Case
from cases.clip import ClipHead
from cases.frame_timing import TimingSource, even_timing
from cases.manifest import Chapter as ManifestChapter
from cases.manifest import ClipPanel, Comparison, ManifestClip, StaticPanel
from viewer.curves import ClipCurves
from viewer.scene import (
    Chapter,
    Clip,
    ClipMarks,
    Landmark,
    Link,
    Panel,
    Region,
    Role,
    ScanPlane,
    Scene,
    WindowPreset,
)

Corners = tuple[int, int, int, int]

ROLE_TITLES: dict[Role, str] = {"static": "Static", "rest": "Rest", "contraction": "Contraction"}
EFFORT = {"rest", "contracting", "hold"}
NO_CURVES: Mapping[str, ClipCurves] = {}
NO_MARKS: Mapping[str, ClipMarks] = {}
OPPOSITE = {"proximal": "distal", "distal": "proximal", "medial": "lateral", "lateral": "medial"}


def kept_clip_url(sha256: str) -> str:
    """Return where the pack of a case's clip is fetched."""
    return f"/api/clips/{sha256}"


def visit_clip_url(token: str, sha256: str) -> str:
    """Return where the pack of a clip is fetched that was opened for one visit."""
    return f"/api/visits/{token}/clips/{sha256}"


def clip_of_head(head: ClipHead, *, url: str, chapters: tuple[Chapter, ...] = ()) -> Clip:
    """Return what the player must know of a clip, from the head of its pack."""
    return Clip(
        sha256=head.sha256,
        url=url,
        kind=head.kind,
        frames=head.frames,
        rows=head.rows,
        columns=head.columns,
        frame_starts_s=head.timing.frame_starts_s,
        duration_s=head.timing.duration_s,
        timing_source=head.timing.source.value,
        timing_label=head.timing.source.label,
        regions=tuple(_scene_region(region) for region in head.regions),
        scale_source=head.scale_source.value,
        scale_label=head.scale_source.label,
        scale_refused_because=head.scale_refused_because,
        rescale_slope=head.rescale_slope,
        rescale_intercept=head.rescale_intercept,
        windows=tuple(WindowPreset(w.name, w.center, w.width) for w in head.windows),
        chapters=chapters,
        warnings=head.warnings,
    )


def _scene_region(region: CalibratedRegion) -> Region:
    return Region(**asdict(region))


def with_frame_rate(clip: Clip, frames_per_s: float) -> Clip:
    """Return the clip played at a rate that somebody entered, since its file says none."""
    timing = even_timing(clip.frames, 1000 / frames_per_s, TimingSource.USER)
    return replace(
        clip,
        frame_starts_s=timing.frame_starts_s,
        duration_s=timing.duration_s,
        timing_source=timing.source.value,
        timing_label=timing.source.label,
    )


def with_scale(clip: Clip, mm_per_px: float, corners_px: Corners | None = None) -> Clip:
    """Return the clip with a scale that somebody entered, since its file carries none.

    Parameters
    ----------
    clip : Clip
        A clip without scale.
    mm_per_px : float
        Pitch along both axes.
    corners_px : tuple of int, or None
        First column and row, last column and row where the scale holds; None for the whole picture. What lies
        beyond the picture is left out.
    """
    x0, y0, x1, y1 = corners_px or (0, 0, clip.columns - 1, clip.rows - 1)
    region = Region(x0, y0, min(x1, clip.columns - 1), min(y1, clip.rows - 1), mm_per_px, mm_per_px)
    return replace(
        clip,
        regions=(region,),
        scale_source=ScaleSource.USER.value,
        scale_label=ScaleSource.USER.label,
        scale_refused_because=None,
    )


def with_curves(clip: Clip, known: ClipCurves) -> Clip:
    """Return the clip with what is known of its contraction.

    Chapters that a person set here count before those of the case, and these before what was found in the motion.
    """
    return replace(
        clip,
        maps_url=f"{clip.url}/tissue" if known.tissue_followed else None,
        curve=known.tracked,
        truth_curve=known.truth,
        other_curves=known.others,
        still_probe=known.still_probe,
        stumps=known.stumps,
        warnings=(*clip.warnings, *known.warnings),
        chapters=known.chapters or clip.chapters or proposed_chapters(known),
    )


def proposed_chapters(known: ClipCurves) -> tuple[Chapter, ...]:
    """Return the chapters that were found in the motion of a clip; empty where none were."""
    found = () if known.proposed is None else known.proposed.chapters
    return tuple(Chapter(one.name, one.first_frame_index, one.last_frame_index) for one in found)


def plain_panel(role: Role, title: str, clip_id: str, clip: Clip) -> Panel:
    """Return a panel that shows a whole clip of which nothing more is known than its file says."""
    return Panel(
        panel_id=role,
        role=role,
        title=title,
        alt=f"{ROLE_TITLES[role]}: {title}",
        clip_id=clip_id,
        clip=clip,
        first_frame_index=0,
        last_frame_index=clip.frames - 1,
        pinned_frame_index=None,
        start_frame_index=clip.frames // 2 if clip.kind == "series" else 0,
        simulated=False,
        side="",
        plane="",
        screen_left="",
        screen_right="",
        scan_planes=(),
    )


def stage_case(
    case: Case,
    comparison: Comparison,
    curves: Mapping[str, ClipCurves] = NO_CURVES,
    marks: Mapping[str, ClipMarks] = NO_MARKS,
) -> Scene:
    """Return the scene of one comparison of a case.

    Parameters
    ----------
    case : Case
        The manifest and the heads of its clips.
    comparison : Comparison
        One of the manifest's comparisons.
    curves : mapping of str to ClipCurves
        What is known of the gap in its clips, by their ids.
    marks : mapping of str to ClipMarks
        What is drawn on its clips and static views, by their ids.

    Returns
    -------
    Scene
        Static, Rest and Contraction, as far as the comparison names them. Where
        rest and contraction are one clip, the Rest panel is that clip held at
        its rest frame.
    """
    same_clip = (
        comparison.rest is not None
        and comparison.contraction is not None
        and comparison.rest.clip == comparison.contraction.clip
    )
    panels = []
    if comparison.static is not None:
        panels.append(_static_panel(case, comparison.static))
    if comparison.rest is not None:
        panels.append(_moving_panel(case, "rest", comparison.rest, curves, held=same_clip))
    if comparison.contraction is not None:
        panels.append(_moving_panel(case, "contraction", comparison.contraction, curves, held=False))
    return Scene(
        scene_id=f"{case.manifest.id}/{comparison.id}",
        title=comparison.title,
        panels=tuple(panels),
        link=comparison.link or default_link(panels),
        autoplay=True,
        deep_link_case=case.manifest.id,
        marks=tuple(
            marks[clip_id] for clip_id in dict.fromkeys(p.clip_id for p in panels) if clip_id in marks
        ),
    )


def case_panel(case: Case, role: Role, clip_id: str, curves: Mapping[str, ClipCurves]) -> Panel:
    """Return a panel that shows a whole clip of a case."""
    return _moving_panel(case, role, ClipPanel(clip=clip_id), curves, held=False)


def at_address(scene: Scene, clip_id: str | None, frame_number: int | None) -> Scene:
    """Return the scene starting at the frame that a link names; a link that fits nothing changes nothing."""
    if clip_id is None or frame_number is None:
        return scene
    panels = tuple(
        replace(panel, start_frame_index=frame_number - 1)
        if panel.clip_id == clip_id
        and panel.pinned_frame_index is None
        and panel.first_frame_index < frame_number <= panel.last_frame_index + 1
        else panel
        for panel in scene.panels
    )
    if panels == scene.panels:
        return scene
    return replace(scene, panels=panels, autoplay=False)


def default_link(panels: Sequence[Panel]) -> Link:
    """Return the link of a comparison that names none: by phase where every clip shows an effort, else by time."""
    moving = [panel for panel in panels if panel.role != "static"]
    return "phase" if len(moving) > 1 and all(map(has_effort, moving)) else "time"


def has_effort(panel: Panel) -> bool:
    """Whether the clip of a panel has the chapters of an effort; it may end in the hold."""
    return {chapter.name for chapter in panel.clip.chapters} >= EFFORT


def _moving_panel(
    case: Case, role: Role, shown: ClipPanel, curves: Mapping[str, ClipCurves], *, held: bool
) -> Panel:
    said = case.manifest_clip(shown.clip)
    written = tuple(_scene_chapter(chapter) for chapter in said.chapters)
    head = case.clips[shown.clip]
    known = curves.get(shown.clip, ClipCurves())
    clip = with_curves(clip_of_head(head, url=kept_clip_url(head.sha256), chapters=written), known)
    chapters = clip.chapters
    first, last = _range_shown(shown, chapters, clip.frames)
    pinned = None
    if shown.frame is not None:
        pinned = shown.frame - 1
    elif held:
        pinned = (first + last) // 2
    if pinned is not None:
        first, last = 0, clip.frames - 1
    return Panel(
        panel_id=role,
        role=role,
        title=said.title,
        alt=said.alt,
        clip_id=said.id,
        clip=clip,
        first_frame_index=first,
        last_frame_index=last,
        pinned_frame_index=pinned,
        start_frame_index=first if pinned is None else pinned,
        simulated=case.manifest.origin == "simulated",
        side=_unless_unstated(said.side),
        plane=said.plane,
        screen_left=_unless_unstated(said.screen_left),
        screen_right=OPPOSITE.get(said.screen_left, ""),
        scan_planes=(),
    )


def _static_panel(case: Case, shown: StaticPanel) -> Panel:
    said = case.manifest_view(shown.view)
    head = case.static_views[shown.view]
    slice_number = shown.slice or said.key_slice
    return Panel(
        panel_id="static",
        role="static",
        title=said.title,
        alt=said.alt,
        clip_id=said.id,
        clip=clip_of_head(head, url=kept_clip_url(head.sha256)),
        first_frame_index=0,
        last_frame_index=head.frames - 1,
        pinned_frame_index=None,
        start_frame_index=min(slice_number, head.frames) - 1,
        simulated=case.manifest.origin == "simulated",
        side="",
        plane="MRI-style" if said.mri_style else "",
        screen_left="",
        screen_right="",
        scan_planes=tuple(
            ScanPlane(plane.slice - 1, _plane_label(case.manifest_clip(plane.clip)), plane.outline_px)
            for plane in said.scan_planes
        ),
        landmarks=tuple(
            Landmark(place.clip, place.frame - 1, place.clip_px, place.slice - 1, place.static_px)
            for place in said.landmarks
        ),
    )


def _range_shown(shown: ClipPanel, chapters: tuple[Chapter, ...], frames: int) -> tuple[int, int]:
    for chapter in chapters:
        if chapter.name == shown.chapter:
            return chapter.first_frame_index, min(chapter.last_frame_index, frames - 1)
    return 0, frames - 1


def _scene_chapter(chapter: ManifestChapter) -> Chapter:
    return Chapter(chapter.name, chapter.first_frame - 1, chapter.last_frame - 1)


def _unless_unstated(word: str) -> str:
    return "" if word == "unstated" else word


def _plane_label(clip: ManifestClip) -> str:
    return f"Ultrasound plane: {clip.title}"
