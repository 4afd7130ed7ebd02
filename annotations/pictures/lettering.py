"""Words on pictures: with an outline of their own, in a font that Pillow carries with it."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Canvas = NDArray[np.uint8]
DARK, LIGHT = (0, 0, 0), (255, 255, 255)


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # OpenCV's letters know neither ± nor umlauts.
    return ImageFont.load_default(size_px)


def text_size_px(text: str, size_px: int) -> tuple[int, int]:
    """Width and height of a text in pixels."""
    left, top, right, bottom = _font(size_px).getbbox(text or " ")
    return round(right - left), round(bottom - top)


def write_text(
    canvas: Canvas, text: str, at_px: tuple[float, float], size_px: int, colour: tuple[int, int, int] = LIGHT
) -> None:
    """Write a text into a picture, with a dark outline so that it reads on speckle.

    Parameters
    ----------
    canvas : ndarray of uint8, shape (rows, columns, 3)
        The picture; it is changed.
    text : str
        One or more lines.
    at_px : tuple of float
        Top-left corner of the text.
    size_px : int
        Height of the letters.
    colour : tuple of int
        Red, green and blue.
    """
    picture = Image.fromarray(canvas)
    outline = max(1, size_px // 10)
    ImageDraw.Draw(picture).text(
        at_px, text, fill=colour, font=_font(size_px), stroke_width=outline, stroke_fill=DARK
    )
    canvas[:] = np.asarray(picture)


def unbroken(text: str) -> list[str]:
    """Return the parts of a text between which a line may end: its words, a number together with its unit.

    >>> unbroken("Gap 18.3 ± 0.5 mm wide")
    ['Gap', '18.3 ± 0.5 mm', 'wide']
    """
    pieces: list[str] = []
    for word in text.split():
        if pieces and (pieces[-1][-1].isdigit() or pieces[-1].endswith("±")):
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def wrapped(text: str, size_px: int, width_px: int) -> list[str]:
    """Break a text into lines that fit a width; a word that is longer than a line, a number and its unit stay whole."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in unbroken(paragraph):
            longer = f"{line} {word}".strip()
            if line and text_size_px(longer, size_px)[0] > width_px:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines
