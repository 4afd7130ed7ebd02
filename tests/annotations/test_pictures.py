from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from annotations.document import AnnotatedFrame, AnnotationDocument, Layer, LayerRole
from annotations.errors import ExportCancelledError, ExportError
from annotations.mark import Colour, Kind, LineKind, Mark, Style
from annotations.pictures.annotated_frame import AnnotatedClip, annotated_frame, png, with_caption
from annotations.pictures.lettering import wrapped
from annotations.pictures.moving_picture import Film, write_film
from annotations.track import CarriedFrame, KeyFrame, OnFrame, OnRange, Track
from tests.annotations.clips import facts_of
from tests.annotations.strategies import COLUMNS, FRAMES, ROWS

LAYER = Layer(id="teacher", title="Teacher", role=LayerRole.TEACHER)
GREY = np.full((FRAMES, ROWS, COLUMNS), 90, dtype=np.uint8)
POINTS = ((40.0, 30.0), (90.0, 30.0), (60.0, 70.0))


def _mark(kind: Kind, *, label: str = "", line: LineKind = LineKind.SOLID, last: int = FRAMES - 1) -> Mark:
    most = kind.point_count[1]
    place = OnRange(first_frame_index=0, last_frame_index=last, points_px=POINTS[: most or 3])
    style = Style(colour=Colour.ORANGE, line=line)
    return Mark(id=kind.value, clip="clip-1", kind=kind, label=label, style=style, place=place)


def _clip(
    *marks: Mark, simulated: bool = False, frames: np.ndarray = GREY, timed: bool = True
) -> AnnotatedClip:
    frame = AnnotatedFrame(id="f", clip="clip-1", frame_index=2, title="Rest", text_alternative="At rest.")
    document = AnnotationDocument(case="c", layer=LAYER, annotated_frames=(frame,), marks=marks)
    facts = facts_of(None)
    if timed:
        starts = tuple(0.04 * index + (0.02 if index > 5 else 0.0) for index in range(FRAMES))
        facts = type(facts)(**{**{n: getattr(facts, n) for n in facts.__slots__}, "frame_starts_s": starts})
    return AnnotatedClip(facts, frames, (document,), title="Gap", simulated=simulated)


def _colours(picture: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(int(v) for v in colour) for colour in np.unique(picture.reshape(-1, 3), axis=0)}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TEXT])
@pytest.mark.parametrize("line", LineKind)
def test_every_kind_of_mark_is_drawn_with_a_dark_and_a_light_outline(kind: Kind, line: LineKind) -> None:
    picture = _clip(_mark(kind, line=line)).picture(0)
    assert {(0, 0, 0), (255, 255, 255), Colour.ORANGE.rgb} <= _colours(picture)


def test_a_broken_line_shows_less_of_its_colour_than_a_solid_one() -> None:
    counts = [
        int((_clip(_mark(Kind.CALIPER, line=line)).picture(0) == Colour.ORANGE.rgb).all(axis=2).sum())
        for line in (LineKind.SOLID, LineKind.DASHED, LineKind.DOTTED)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0]


def test_a_mark_is_drawn_where_it_is_and_only_on_its_frames() -> None:
    clip = _clip(_mark(Kind.CALIPER, last=3))
    on, off = clip.picture(3), clip.picture(4)
    assert tuple(on[30, 65]) == Colour.ORANGE.rgb
    assert tuple(off[30, 65]) == (90, 90, 90)


def test_at_twice_the_size_a_mark_lies_at_twice_the_place() -> None:
    picture = _clip(_mark(Kind.CALIPER)).picture(0, scale=2)
    assert picture.shape == (2 * ROWS, 2 * COLUMNS, 3)
    assert tuple(picture[60, 130]) == Colour.ORANGE.rgb


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    picture = _clip().picture(0)
    rows, columns = np.nonzero((picture == 255).all(axis=2))
    lowest = columns[rows == rows.max()]
    # The widest round length in a third of 12.8 mm is 2 mm: 20 px at 0.1 mm a pixel.
    assert abs((lowest.max() - lowest.min()) - 20) <= 3


def test_without_a_scale_there_is_no_bar() -> None:
    clip = _clip()
    facts = type(clip.facts)(clip="clip-1", frames=FRAMES, rows=ROWS, columns=COLUMNS)
    assert _colours(AnnotatedClip(facts, GREY, ()).picture(0)) == {(90, 90, 90)}


def test_the_frame_itself_is_not_changed() -> None:
    frames = GREY.copy()
    annotated_frame(_clip(_mark(Kind.TISSUE, label="Muscle"), frames=frames), 0)
    assert (frames == GREY).all()


def test_the_caption_names_title_frame_time_and_that_it_is_simulated() -> None:
    caption = _clip(simulated=True).caption(2)
    assert caption.startswith("SIMULATED · Gap · Rest · frame 3 of 12, 0.08 s")
    assert caption.endswith("For teaching, not a medical device.")
    assert "SIMULATED" not in _clip().caption(2)
    assert _clip(timed=False).caption(0).startswith("Gap · frame 1 of 12\n")


def test_a_caption_stands_below_the_picture_and_fits_its_width() -> None:
    picture = GREY[0][:, :, None].repeat(3, axis=2)
    whole = with_caption(picture, "one two three four five six seven eight nine ten ± ü")
    assert (whole[:ROWS] == picture).all()
    assert whole[ROWS:].any()
    assert all(line for line in wrapped("one two three four", 13, 60))


def test_a_caption_keeps_a_number_and_its_unit_on_one_line() -> None:
    caption = "Full contraction · frame 34 of 75, 1.32 s"
    for width_px in range(60, 320, 4):
        assert not any(line.split()[0] == "s" for line in wrapped(caption, 13, width_px))


def test_a_mark_whose_place_is_uncertain_says_so() -> None:
    keys = tuple(KeyFrame(frame_index=i, points_px=POINTS[:1]) for i in (0, 2))
    pictures = []
    for confidence in (0.9, 0.1):
        carried = (CarriedFrame(frame_index=1, points_px=POINTS[:1], confidence=confidence),)
        place = Track(between="carried", keys=keys, carried=carried)
        pictures.append(_clip(Mark(id="m", clip="clip-1", kind=Kind.POINT, place=place)).picture(1))
    assert not np.array_equal(*pictures)


def test_frames_of_sixteen_bits_and_of_colour_are_drawn() -> None:
    deep = (GREY.astype(np.uint16) * 11) + np.arange(COLUMNS, dtype=np.uint16)
    assert _clip(frames=deep).picture(0).dtype == np.uint8
    colour = np.repeat(GREY[..., None], 3, axis=3)
    assert _clip(frames=colour).picture(0).shape == (ROWS, COLUMNS, 3)


def test_a_png_holds_the_picture() -> None:
    picture = annotated_frame(_clip(_mark(Kind.ELLIPSE, label="Größe ±")), 0)
    decoded = cv2.imdecode(np.frombuffer(png(picture), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert (decoded == picture).all()


def test_a_frame_that_is_not_there_is_refused() -> None:
    with pytest.raises(ExportError, match="no frame 13 of 12"):
        annotated_frame(_clip(), 12)


@pytest.mark.parametrize(("film", "codec"), [(Film.MP4, "h264"), (Film.WEBM, "vp9")])
def test_a_film_has_every_frame_at_its_own_time(film: Film, codec: str, tmp_path: Path) -> None:
    target = tmp_path / f"clip.{film}"
    told: list[tuple[int, int]] = []
    write_film(_clip(_mark(Kind.CALIPER)), film, target, progress=lambda done, of: told.append((done, of)))
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        times_ms = [
            round(float(frame.pts * stream.time_base) * 1000) for frame in frames if frame.pts is not None
        ]
        assert (stream.codec_context.name.removeprefix("lib"), stream.codec_context.pix_fmt) == (
            codec,
            "yuv420p",
        )
    assert times_ms == [40 * index + (20 if index > 5 else 0) for index in range(FRAMES)]
    assert frames[0].width % 2 == frames[0].height % 2 == 0
    assert told[-1] == (FRAMES, FRAMES)
    drawn = frames[0].to_ndarray(format="rgb24")[30, 50:80].astype(int)
    assert (drawn[:, 0] - drawn[:, 2]).mean() > 60, "the orange caliper is burnt in"


def test_a_gif_has_every_frame_and_its_time(tmp_path: Path) -> None:
    pictures = GREY + np.arange(FRAMES, dtype=np.uint8)[:, None, None] * 9
    write_film(_clip(frames=pictures), Film.GIF, tmp_path / "clip.gif")
    with Image.open(tmp_path / "clip.gif", formats=["GIF"]) as gif:
        assert getattr(gif, "n_frames", 1) == FRAMES
        gif.seek(5)
        assert gif.info["duration"] == 60


@pytest.mark.parametrize("film", Film)
def test_a_cancelled_film_leaves_nothing_behind(film: Film, tmp_path: Path) -> None:
    asked = 0

    def cancel() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(ExportCancelledError):
        write_film(_clip(), film, tmp_path / f"clip.{film}", cancel=cancel)
    assert list(tmp_path.iterdir()) == []


def test_the_rate_of_a_clip_without_times_is_never_guessed(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="give a frame time"):
        write_film(_clip(timed=False), Film.GIF, tmp_path / "clip.gif")
    write_film(_clip(timed=False), Film.GIF, tmp_path / "clip.gif", frame_time_ms=50.0)
    assert (tmp_path / "clip.gif").is_file()


def test_a_text_mark_shows_its_words() -> None:
    place = OnFrame(frame_index=0, points_px=((40.0, 40.0),))
    text = Mark(id="t", clip="clip-1", kind=Kind.TEXT, label="Stump", place=place)
    assert not np.array_equal(_clip(text).picture(0), _clip().picture(0))
