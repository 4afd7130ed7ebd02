"""The probe reads the number of a frame from drawn pixels: in an image, and anywhere on a canvas."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page, sync_playwright

from bench.browser import chromium_path, probe_script
from bench.clips import NumberedClip, numbered_clip
from bench.contestants import Contestant

pytestmark = pytest.mark.browser
NUMBERS = (0, 1, 42, 63, 99)
NEW_CANVAS = """{
  const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 700 });
  document.querySelector("canvas").replaceWith(canvas);
}"""
DRAW = """([jpeg, left, top, width]) => new Promise((resolve, reject) => {
  const image = document.querySelector("img");
  image.onerror = reject;
  image.onload = () => {
    const canvas = document.querySelector("canvas");
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, left, top, width, width * 0.75);
    resolve(benchProbe.numbers());
  };
  image.src = "data:image/jpeg;base64," + jpeg;
})"""


@pytest.fixture(scope="module")
def clip() -> NumberedClip:
    return numbered_clip("probe", seed=3)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), chromium_sandbox=False, args=["--disable-gpu"]
            )
        except Error as error:
            pytest.skip(f"no Chromium on this machine: {str(error).splitlines()[0]}")
        page = browser.new_page()
        nobody = Contestant(name="", title="", url="", one_clip_url="", pictures="img, canvas", count=2)
        page.set_content("<img alt=''><canvas width=900 height=700></canvas>")
        page.evaluate(probe_script(nobody, pictures=2))
        yield page
        browser.close()


@pytest.mark.parametrize("place", [(0, 0, 800), (37, 21, 613), (150, 90, 420)])
def test_the_probe_reads_the_number_wherever_the_picture_lies(
    page: Page, clip: NumberedClip, place: tuple[int, int, int]
) -> None:
    page.evaluate(NEW_CANVAS)
    read = [page.evaluate(DRAW, [_base64(clip.jpegs[number]), *place]) for number in NUMBERS]
    assert read == [[number, number] for number in NUMBERS]


def test_the_probe_reads_nothing_where_no_number_is_drawn(page: Page) -> None:
    page.evaluate(NEW_CANVAS)
    blank = page.evaluate("benchProbe.numbers()")
    assert blank[1] is None


def _base64(jpeg: bytes) -> str:
    return base64.b64encode(jpeg).decode()
