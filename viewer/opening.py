"""Which of the opened clips go into which panel, and the scene that follows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.calibration import Region
from cases.clip import ClipHead
from viewer.curves import ClipCurves
from viewer.results import Result
from viewer.scene import Clip, Link, Panel, Role, Scene
from viewer.staging import (
    NO_CURVES,
    Corners,
    clip_of_head,
    default_link,
    plain_panel,
    visit_clip_url,
    with_curves,
    with_frame_rate,
    with_scale,
)

ROLES: tuple[Role, ...] = ("static", "rest", "contraction")


@dataclass(frozen=True, slots=True)
class OpenedClip:
    """One readable clip of a visit and what the visitor entered for it.

    Parameters
    ----------
    name : str
        File name, or the name of a series.
    head : ClipHead
        What the file says.
    frames_per_s, mm_per_px : float or None
        What the visitor entered where the file says nothing.
    corners_px : tuple of int, or None
        Where the entered scale holds: first column and row, last column and row; None for the whole picture.
    """

    name: str
    head: ClipHead
    frames_per_s: float | None = None
    mm_per_px: float | None = None
    corners_px: Corners | None = None

    @property
    def asks_for_rate(self) -> bool:
        """Whether it moves but nothing says how fast."""
        return self.head.kind == "clip" and self.head.timing.frame_starts_s is None

    @property
    def asks_for_scale(self) -> bool:
        """Whether no part of it carries a scale."""
        return all(region.calibration is None for region in self.head.regions)

    @property
    def entered_region(self) -> Region | None:
        """Where the scale holds that the visitor entered; ``None`` without one."""
        if not self.asks_for_scale or not self.mm_per_px:
            return None
        columns, rows = self.head.columns, self.head.rows
        x0, y0, x1, y1 = self.corners_px or (0, 0, columns - 1, rows - 1)
        return Region(x0, y0, min(x1, columns - 1), min(y1, rows - 1), self.mm_per_px, self.mm_per_px)


def opened_clips(results: Sequence[Result]) -> list[OpenedClip]:
    """Return the clips among results, in the order of their numbers."""
    return [OpenedClip(result.name, result.head) for result in results if result.head is not None]


def read_corners(text: str, *, columns: int, rows: int) -> Corners | None:
    """Read the corners of a region as a visitor writes them.

    Parameters
    ----------
    text : str
        Four whole numbers: first column, first row, last column, last row.
    columns, rows : int
        Size of the picture.

    Returns
    -------
    tuple of int, or None
        The corners; ``None`` where the text is no rectangle inside the picture.

    Examples
    --------
    >>> read_corners("0, 64, 639, 479", columns=640, rows=480)
    (0, 64, 639, 479)
    >>> read_corners("10 10 5 20", columns=640, rows=480) is None
    True
    """
    numbers = re.findall(r"\d+", text)
    if len(numbers) != 4 or re.search(r"[^\d\s,;]", text):
        return None
    x0, y0, x1, y1 = map(int, numbers)
    return (x0, y0, x1, y1) if x0 < x1 < columns and y0 < y1 < rows else None


def first_choice(clips: Sequence[OpenedClip]) -> dict[Role, int | None]:
    """Choose what each panel shows at first: pictures and series stand still, the first two clips move.

    A single clip goes to the Contraction panel.
    """
    rest: int | None
    contraction: int | None
    still = [index for index, clip in enumerate(clips) if clip.head.kind != "clip"]
    moving = [index for index, clip in enumerate(clips) if clip.head.kind == "clip"]
    match moving:
        case [first, second, *_]:
            rest, contraction = first, second
        case [only]:
            rest, contraction = None, only
        case _:
            rest, contraction = None, None
    return {"static": still[0] if still else None, "rest": rest, "contraction": contraction}


def stage_opened(
    clips: Sequence[OpenedClip],
    chosen: Mapping[Role, int | None],
    curves: Mapping[str, ClipCurves] = NO_CURVES,
    *,
    token: str,
    beside: Panel | None = None,
) -> Scene | None:
    """Return the scene of the chosen clips, or ``None`` where none is chosen; curves are named by their packs.

    They are linked by phase where every moving clip has rest, contracting and hold, else by time where all have times, else
    by frame. A panel of a case takes the place of the opened clip in its role.
    """
    opened = {
        role: plain_panel(role, clips[index].name, f"{role}-{index + 1}", _clip(clips[index], curves, token))
        for role in ROLES
        if (index := chosen.get(role)) is not None
    }
    if not opened:
        return None
    shown = opened if beside is None else {**opened, beside.role: beside}
    panels = tuple(shown[role] for role in ROLES if role in shown)
    timed = all(panel.clip.kind != "clip" or panel.clip.frame_starts_s for panel in panels)
    link: Link = default_link(panels)
    if link == "time" and not timed:
        link = "frame"
    names = "+".join(f"{panel.role}:{panel.clip.sha256[:16]}" for panel in panels)
    return Scene(
        scene_id=f"visit/{names}",
        title="Opened clips",
        panels=panels,
        link=link,
        autoplay=True,
        deep_link_case=None,
    )


def _clip(opened: OpenedClip, curves: Mapping[str, ClipCurves], token: str) -> Clip:
    clip = clip_of_head(opened.head, url=visit_clip_url(token, opened.head.sha256))
    if opened.asks_for_rate and opened.frames_per_s:
        clip = with_frame_rate(clip, opened.frames_per_s)
    if opened.asks_for_scale and opened.mm_per_px:
        clip = with_scale(clip, opened.mm_per_px, opened.corners_px)
    return with_curves(clip, curves.get(opened.head.sha256, ClipCurves()))
