"""The parts of a case's manifest: clips, static views and comparisons, one frozen model each.

Frame and slice numbers are 1-based, as people count them. Points are ``[x, y]`` in image pixels with the
origin at the top-left corner of the top-left pixel. Lengths are in millimetres.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Sentence = Annotated[str, Field(min_length=1)]
FrameNumber = Annotated[int, Field(ge=1)]
Coordinate = Annotated[float, Field(allow_inf_nan=False)]
PointPx = tuple[Coordinate, Coordinate]
MmPerPx = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _inside_the_folder(name: str) -> str:
    parts = name.split("/")
    if (
        not name
        or "\\" in name
        or ":" in name
        or "\0" in name
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise ValueError("a file is named relative to the case's folder, with / and without .. in it")
    return name


FileName = Annotated[str, AfterValidator(_inside_the_folder)]


class ManifestPart(BaseModel):
    """Base of every part: strict, frozen, and without room for keys that nobody knows."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class CaseText(ManifestPart):
    """The case in words, as Markdown."""

    history: str = ""
    examination: str = ""
    findings: str = ""
    diagnosis: str = ""
    discussion: str = ""


class Chapter(ManifestPart):
    """One part of a contraction, from its first to its last frame number, both included."""

    name: Literal["rest", "contracting", "hold", "relaxing"]
    first_frame: FrameNumber
    last_frame: FrameNumber

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_frame < self.first_frame:
            raise ValueError(f"chapter {self.name} ends at frame {self.last_frame} before it begins")
        return self


class Simulation(ManifestPart):
    """How a simulated clip was made, so that it can be made again."""

    scene: Sentence
    seed: int
    parameters: dict[str, JsonValue] = {}


class ManifestCalibration(ManifestPart):
    """Scale of one rectangle of a clip that carries none itself; corners in px, inclusive."""

    x0: Annotated[int, Field(ge=0)]
    y0: Annotated[int, Field(ge=0)]
    x1: Annotated[int, Field(ge=0)]
    y1: Annotated[int, Field(ge=0)]
    mm_per_px_x: MmPerPx
    mm_per_px_y: MmPerPx
    source: Sentence

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> Self:
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError("the region ends before it begins: x1 and y1 are its last column and row")
        return self


class RecordedCurve(ManifestPart):
    """A value that was recorded with a clip, such as the torque: a CSV file with a header.

    Its first column is ``time_s``, seconds from the first frame, or ``frame``, frame numbers; its second column is the
    value.
    """

    id: Identifier
    name: Sentence
    unit: Sentence
    file: FileName
    source: Sentence


class ManifestClip(ManifestPart):
    """One moving clip of the case."""

    id: Identifier
    file: FileName
    title: Sentence
    alt: Sentence
    plane: Literal["long axis", "short axis"]
    side: Literal["left", "right", "unstated"]
    screen_left: Literal["proximal", "distal", "medial", "lateral", "unstated"]
    chapters: tuple[Chapter, ...] = ()
    truth: FileName | None = None
    simulation: Simulation | None = None
    calibration: ManifestCalibration | None = None
    frame_time_ms: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    curves: tuple[RecordedCurve, ...] = ()

    @model_validator(mode="after")
    def _chapters_follow_each_other(self) -> Self:
        for before, after in zip(self.chapters, self.chapters[1:], strict=False):
            if after.first_frame <= before.last_frame:
                raise ValueError(f"chapter {after.name} begins before chapter {before.name} has ended")
        return self


class ScanPlane(ManifestPart):
    """Where the plane of a clip cuts a slice of a static view."""

    clip: Identifier
    slice: FrameNumber
    outline_px: Annotated[tuple[PointPx, ...], Field(min_length=2)]


class Landmark(ManifestPart):
    """One anatomical place, seen in a frame of a clip and in a slice of a static view."""

    label: Sentence
    clip: Identifier
    frame: FrameNumber
    clip_px: PointPx
    slice: FrameNumber
    static_px: PointPx


class StaticView(ManifestPart):
    """Pictures that never move: an MR series, or pictures in its style."""

    id: Identifier
    files: Annotated[tuple[FileName, ...], Field(min_length=1)]
    title: Sentence
    alt: Sentence
    mri_style: bool
    sequence: str = ""
    key_slice: FrameNumber = 1
    scan_planes: tuple[ScanPlane, ...] = ()
    landmarks: tuple[Landmark, ...] = ()


class StaticPanel(ManifestPart):
    """What the Static panel shows."""

    view: Identifier
    slice: FrameNumber | None = None


class ClipPanel(ManifestPart):
    """What a moving panel shows: a clip, whole, or one chapter, or pinned at one frame."""

    clip: Identifier
    chapter: Literal["rest", "contracting", "hold", "relaxing"] | None = None
    frame: FrameNumber | None = None

    @model_validator(mode="after")
    def _chapter_or_frame(self) -> Self:
        if self.chapter is not None and self.frame is not None:
            raise ValueError("a panel shows a chapter or a frame, not both")
        return self


def _known_placeholders(text: str) -> str:
    bare = text.replace("{gap_rest_mm}", "").replace("{gap_peak_mm}", "")
    if "{" in bare or "}" in bare:
        raise ValueError("in braces stands {gap_rest_mm} or {gap_peak_mm}, and nothing else")
    return text


class Comparison(ManifestPart):
    """Up to three panels side by side, and how they are linked.

    Without a link they are linked by phase where every moving clip has rest, contracting and hold, else by time.
    ``takeaway`` is the sentence to take away; {gap_rest_mm} and {gap_peak_mm} in it are filled in from the curve.
    """

    id: Identifier
    title: Sentence
    link: Literal["phase", "time", "frame", "none"] | None = None
    static: StaticPanel | None = None
    rest: ClipPanel | None = None
    contraction: ClipPanel | None = None
    takeaway: Annotated[Sentence, AfterValidator(_known_placeholders)] | None = None

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if self.static is None and self.rest is None and self.contraction is None:
            raise ValueError("a comparison shows at least one panel: static, rest or contraction")
        return self
