"""The texts of a figure: how wide they run, and whether one leaves the panel or lies on another."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from matplotlib.font_manager import get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib_fontja import get_font_ttf_path  # type: ignore[import-untyped]

from figures.errors import ResultError

FONT, FONT_FILE = "IPAexGothic", get_font_ttf_path()  # for measuring only
MARGIN = 12.0  # units beside a panel that are free on a phone, should a reader's font run as wide as this one
TEXT_SIZE = 12.5  # units; the smallest there is, and what the page's style sheet may enlarge


class Line(NamedTuple):
    """One line of text: where its anchor is, its size, and how much of it lies left of the anchor (0, ½ or 1)."""

    text: str
    x: float
    y: float
    size: float
    left: float

    def box(self, growth: float) -> tuple[float, float, float, float]:
        """Left, right, top and bottom when it is enlarged."""
        size = self.size * growth
        width = text_width(self.text, size)
        left = self.x - self.left * width
        return left, left + width, self.y - 0.85 * size, self.y + 0.12 * size


@cache
def _font() -> FT2Font:
    return get_font(FONT_FILE)


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """Width in units, in the font of matplotlib-fontja, which runs slightly wider than those of readers.

    Raises:
        ResultError: a character that the font lacks, and readers' fonts may lack too.
    """
    font = _font()
    for character in text:
        if not font.get_char_index(ord(character)):
            raise ResultError(f"文字 {character!r}（U+{ord(character):04X}）の字形がありません。別の字にしてください。")
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def refuse_collisions(lines: Sequence[Line], width: float, height: float, growth: float) -> None:
    """``ResultError`` where two texts overlap or one leaves the panel, at their size or enlarged."""
    for factor, spare in ((1.0, 1), (growth, MARGIN)):
        for line in lines:
            left, right, top, bottom = line.box(factor)
            if left < -spare or right > width + spare or top < -1 or bottom > height + 1:
                how = "スマートフォンの字の大きさでは" if factor > 1 else ""
                raise ResultError(f"「{line.text}」が{how}パネルからはみ出します。短くしてください。")
    boxes = [(line.text, line.box(growth)) for line in lines]
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]:
            raise ResultError(f"「{one}」と「{two}」が重なります。離すか、どちらかを外してください。")
