"""The scene: all that Python says to the player, as one frozen value.

``viewer/player/web/types.d.ts`` says the same to the browser; a test holds the
two equal, field by field. Geometry is in image pixels of the clip, with the
origin at the top-left corner of the top-left pixel; frame indices are 0-based;
times are in seconds.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from cases.clip import ClipKind

Role = Literal["static", "rest", "contraction"]
Link = Literal["phase", "time", "frame", "none"]
MarkKind = Literal[
    "point", "arrow", "polyline", "polygon", "ellipse", "text", "caliper", "angle", "area", "tissue"
]
MarkLine = Literal["solid", "dashed", "dotted"]
MarkPlace = tuple[float, ...] | None
CurveValue = float | None


@dataclass(frozen=True, slots=True)
class Region:
    """One calibrated rectangle of the image; ``x1`` and ``y1`` are inclusive, as in DICOM.

    A pitch is ``None`` where the file gives no usable scale along that axis. One of low priority does not count
    where it overlaps others.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    mm_per_px_x: float | None
    mm_per_px_y: float | None
    is_low_priority: bool = False


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """A named window of an MR picture, in rescaled units."""

    name: str
    center: float
    width: float


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the manoeuvre; both ends belong to it."""

    name: str
    first_frame_index: int
    last_frame_index: int


@dataclass(frozen=True, slots=True)
class Curve:
    """One value a frame with the band in which the true one lies: the gap between the stumps.

    Bounds and frames are ``None`` where nobody knows them.
    """

    unit: Literal["mm", "px"]
    values: tuple[float, ...]
    lower: tuple[float, ...] | None
    upper: tuple[float, ...] | None
    source_label: str
    rest_frame_index: int | None
    peak_frame_index: int | None


@dataclass(frozen=True, slots=True)
class OtherCurve:
    """Another value over the same frames, which can be laid over the gap: thickness, effort, torque.

    A value is ``None`` on a frame where nobody knows it.
    """

    curve_id: str
    name: str
    unit: str
    values: tuple[CurveValue, ...]
    source_label: str


@dataclass(frozen=True, slots=True)
class StillProbe:
    """What puts each frame where it would lie, had the probe been held still since the first one.

    A matrix ``(a, b, c, d, e, f)`` takes x, y to ``a x + b y + c``, ``d x + e y + f``, in image pixels.
    """

    matrices: tuple[tuple[float, ...], ...]
    summary: str


@dataclass(frozen=True, slots=True)
class StumpPaths:
    """Where the two torn ends were followed to: x and y of each frame in turn."""

    left_px: tuple[float, ...]
    right_px: tuple[float, ...]
    source_label: str


@dataclass(frozen=True, slots=True)
class Clip:
    """The pixels of one panel: where they are fetched, when each frame was taken, how large it is."""

    sha256: str
    url: str
    kind: ClipKind
    frames: int
    rows: int
    columns: int
    frame_starts_s: tuple[float, ...] | None
    duration_s: float | None
    timing_source: str
    timing_label: str
    regions: tuple[Region, ...]
    scale_source: str
    scale_label: str
    scale_refused_because: str | None
    rescale_slope: float
    rescale_intercept: float
    windows: tuple[WindowPreset, ...]
    chapters: tuple[Chapter, ...]
    warnings: tuple[str, ...]
    curve: Curve | None = None
    truth_curve: Curve | None = None
    other_curves: tuple[OtherCurve, ...] = ()
    still_probe: StillProbe | None = None
    stumps: StumpPaths | None = None
    maps_url: str | None = None


@dataclass(frozen=True, slots=True)
class ScanPlane:
    """Where the ultrasound plane lies in one slice of a static view, drawn on request."""

    frame_index: int
    label: str
    outline_px: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Landmark:
    """One anatomical place, seen in a frame of a clip and in a slice of the static view.

    Its places are where it was followed to on each frame of the clip, ``None`` where it was lost; there are none
    where nobody has followed it.
    """

    clip_id: str
    frame_index: int
    clip_px: tuple[float, float]
    slice_index: int
    static_px: tuple[float, float]
    places_px: tuple[MarkPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture of the comparison and what may be said about it."""

    panel_id: str
    role: Role
    title: str
    alt: str
    clip_id: str
    clip: Clip
    first_frame_index: int
    last_frame_index: int
    pinned_frame_index: int | None
    start_frame_index: int
    simulated: bool
    side: str
    plane: str
    screen_left: str
    screen_right: str
    scan_planes: tuple[ScanPlane, ...]
    landmarks: tuple[Landmark, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.first_frame_index <= self.last_frame_index < self.clip.frames:
            raise ValueError(
                f"Panel “{self.panel_id}” shows frames {self.first_frame_index + 1} to "
                f"{self.last_frame_index + 1}, but the clip has {self.clip.frames}."
            )


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn on a clip, placed on every frame so that the browser only draws it.

    A place holds x and y of each point in turn; it is ``None`` on a frame where
    the mark is not seen. On the unsure frames the tissue could not be followed well.
    A stump is the outline of a torn end.
    """

    mark_id: str
    kind: MarkKind
    label: str
    note: str
    layer: str
    colour: str
    line: MarkLine
    places_px: tuple[MarkPlace, ...]
    unsure_frame_indices: tuple[int, ...]
    stump: bool = False


@dataclass(frozen=True, slots=True)
class AnnotatedFrame:
    """A frame worth stopping at, with a text for those who cannot see it."""

    frame_id: str
    frame_index: int
    title: str
    text_alternative: str


@dataclass(frozen=True, slots=True)
class ClipMarks:
    """What is said of one clip; panels that show the same clip share it."""

    clip_id: str
    marks: tuple[Mark, ...]
    annotated_frames: tuple[AnnotatedFrame, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """One comparison: one to three panels and how they move together."""

    scene_id: str
    title: str
    panels: tuple[Panel, ...]
    link: Link
    autoplay: bool
    deep_link_case: str | None
    marks: tuple[ClipMarks, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= 3:
            raise ValueError(f"A scene has one to three panels, not {len(self.panels)}.")

    def to_json(self) -> dict[str, Any]:
        """Return the scene as the player reads it: plain dictionaries, lists, numbers and text."""
        return asdict(self)
