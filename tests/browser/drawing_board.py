"""The numbered case with its drawing tools: every kind of mark, how it is drawn, and what is kept of it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from annotations.document import AnnotationDocument, parse_document
from annotations.mark import Kind, Mark
from annotations.part import PointPx
from tests.browser.numbered_cases import NUMBERED
from tests.browser.player import Player

KEY = "msus-marks/case/numbered/contraction"
SIZE = (NUMBERED.columns, NUMBERED.rows)
YELLOW = (240, 228, 66)
NEAR_PX = 3.5
TOLERANCE_PX = 0.9
# Whether a pixel of about this colour lies on the marks canvas within some CSS px of a place of the picture.
INKED = """([canvas, x, y, colour, size, near]) => {
  const picture = canvas.parentElement.querySelector("canvas.msus-picture").getBoundingClientRect();
  const box = canvas.getBoundingClientRect(), ratio = canvas.width / box.width;
  const at = [picture.left - box.left + x * picture.width / size[0], picture.top - box.top + y * picture.height / size[1]];
  const side = Math.ceil(2 * near * ratio);
  const { data } = canvas.getContext("2d").getImageData((at[0] - near) * ratio, (at[1] - near) * ratio, side, side);
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] > 200 && colour.every((value, k) => Math.abs(data[i + k] - value) < 28)) return true;
  }
  return false;
}"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a kind is drawn by drag, and click after click, and a place where its ink must then be."""

    tool: str
    drag: tuple[PointPx, ...]
    clicks: tuple[PointPx, ...]
    ink: PointPx


SHAPES = {
    Kind.POINT: Drawn("Point", ((120, 120),), ((120, 120),), (120, 113.5)),
    Kind.ARROW: Drawn("Arrow", ((180, 180), (140, 140)), ((180, 180), (140, 140)), (165, 165)),
    Kind.TEXT: Drawn("Text", ((260, 120),), ((260, 120),), (0, 0)),
    Kind.CALIPER: Drawn("Caliper", ((60, 260), (360, 260)), ((60, 260), (360, 260)), (100, 260)),
    Kind.ANGLE: Drawn("Angle", ((480, 180), (400, 180)), ((480, 180), (400, 180), (400, 110)), (440, 180)),
    Kind.POLYLINE: Drawn("Line", ((60, 300), (160, 300), (160, 340)), ((60, 300), (160, 300), (160, 340)), (90, 300)),
    Kind.POLYGON: Drawn("Polygon", ((220, 300), (300, 300), (300, 360), (220, 360)), ((220, 300), (300, 300), (300, 360), (220, 360)), (235, 300)),
    Kind.AREA: Drawn("Area", ((340, 300), (420, 300), (420, 360), (340, 360)), ((340, 300), (420, 300), (420, 360), (340, 360)), (355, 300)),
    Kind.ELLIPSE: Drawn("Ellipse", ((500, 220), (580, 280)), ((500, 220), (580, 280)), (540, 220)),
    Kind.TISSUE: Drawn("Tissue", ((460, 340), (560, 340), (560, 420), (460, 420)), ((460, 340), (560, 340), (560, 420), (460, 420)), (480, 340)),
}  # fmt: skip


class Board:
    """The drawing tools over one picture of the numbered case."""

    def __init__(self, page: Page) -> None:
        self.player = Player(page)
        self.page = page
        self.panel = self.player.panel("contraction")
        self.row = self.player.root.get_by_role("region", name="Drawing", exact=True)
        self.marks = self.panel.locator("canvas.msus-marks")

    def open(self) -> None:
        self.player.wait_all_frames()
        for other in ("MRI-style test series", "Numbered clip at rest"):
            self.player.button(f"Show {other}").click()
        self.player.button("Draw").first.click()
        expect(self.row).to_be_visible()

    def tool(self, name: str) -> Locator:
        return self.row.get_by_role("button", name=name, exact=True)

    def at(self, point: PointPx) -> tuple[float, float]:
        box = self.panel.locator("canvas.msus-picture").bounding_box()
        assert box is not None
        return box["x"] + point[0] * box["width"] / SIZE[0], box["y"] + point[1] * box["height"] / SIZE[1]

    def drag(self, points: tuple[PointPx, ...]) -> None:
        self.page.mouse.move(*self.at(points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.at(point), steps=6)
        self.page.mouse.up()

    def click(self, *points: PointPx) -> None:
        for point in points:
            self.page.mouse.click(*self.at(point))

    def kept(self, count: int) -> tuple[Mark, ...]:
        """Wait until the private layer holds so many marks; return them as Python reads them."""
        self.page.wait_for_function(
            "([key, count]) => (JSON.parse(localStorage.getItem(key) ?? 'null')?.marks ?? []).length === count",
            arg=[KEY, count],
        )
        return self.document().marks if count else ()

    def expect_kept(self, at: int, point: PointPx) -> None:
        """Wait until a point of the last mark is kept where it should be."""
        self.page.wait_for_function(
            """([key, at, point, near]) => {
              const there = JSON.parse(localStorage.getItem(key)).marks.at(-1).place.points_px[at];
              return there !== undefined && there.every((value, axis) => Math.abs(value - point[axis]) <= near);
            }""",
            arg=[KEY, at, list(point), TOLERANCE_PX],
        )

    def document(self) -> AnnotationDocument:
        return parse_document(self.page.evaluate("key => localStorage.getItem(key)", KEY))

    def handle(self, name: str | re.Pattern[str]) -> Locator:
        return self.panel.get_by_role("button", name=name)

    def expect_ink(self, point: PointPx, *, there: bool = True) -> None:
        self.page.wait_for_function(
            f"([args, there]) => ({INKED})(args) === there",
            arg=[[self.marks.element_handle(), *point, list(YELLOW), list(SIZE), NEAR_PX], there],
        )


def _near(one: PointPx, other: PointPx) -> bool:
    return abs(one[0] - other[0]) <= TOLERANCE_PX and abs(one[1] - other[1]) <= TOLERANCE_PX


def _expected(kind: Kind, shown: tuple[PointPx, ...]) -> tuple[PointPx, ...]:
    if kind is not Kind.ELLIPSE:
        return shown
    (x0, y0), (x1, y1) = shown
    return ((x0 + x1) / 2, (y0 + y1) / 2), (x1, (y0 + y1) / 2), ((x0 + x1) / 2, y1)


def assert_as_shown(mark: Mark, shape: Drawn) -> None:
    seen = mark.sighting(0)
    assert seen is not None
    expected = _expected(mark.kind, shape.clicks)
    assert len(seen.points_px) == len(expected), mark
    assert all(map(_near, seen.points_px, expected)), mark
