"""One look for all figures: an experiment draws in a few lines, with limits that both panels of a pair share.

    def draw_path(ax, data):
        plot.lambda_axis(ax, 0.001, 100)
        plot.value_axis(ax, -40, 40)
        plot.paths(ax, **data, primary=["BMI", "血圧"])

``paths`` weights along λ, ``curves`` a few quantities over one axis, ``against`` weights with a penalty against those
without, ``strips`` values of all seeds, ``paired`` two methods seed by seed, ``images`` small pictures, ``valley`` the
map of a loss with the ways down. Each notes its numbers for the table under the figure; an experiment that draws
otherwise calls ``tabulate`` itself.

Lengths are in units from the panel's top left corner: at 72 dots an inch a point, a pixel and a unit of the SVG are the
same. No pyplot, no state.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.lines import Line2D
from matplotlib.text import Text

from figures.against import against
from figures.axes import draw_axes, lambda_axis, linear_axis, value_axis
from figures.errors import ResultError
from figures.images import images
from figures.letters import FONT, FONT_FILE, TEXT_SIZE, text_width
from figures.paired import paired
from figures.paths import curves, paths
from figures.sheet import Columns, Sheet, tabulate
from figures.strips import strips
from figures.strokes import BOTTOM, GROWTH, HEAD, HEAD_LINE, INK, LEFT, PAIR, PALETTE, RIGHT, SINGLE, TOP, frame, words
from figures.svg import inline
from figures.valleys import valley

__all__ = [
    "against",
    "curves",
    "images",
    "lambda_axis",
    "linear_axis",
    "paired",
    "paths",
    "render",
    "strips",
    "tabulate",
    "valley",
    "value_axis",
]

MOST_BYTES = 6 * 1024  # of all panels of a figure, compressed

STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "path.simplify": False, "text.parse_math": False,
    "font.family": FONT, "font.size": TEXT_SIZE, "text.color": INK,
    "figure.frameon": False, "axes.facecolor": "none", "axes.xmargin": 0,
    "axes.spines.left": False, "axes.spines.right": False, "axes.spines.top": False, "axes.spines.bottom": False,
    "xtick.bottom": False, "xtick.labelbottom": False, "ytick.left": False, "ytick.labelleft": False,
    "lines.linewidth": 2, "lines.scale_dashes": False, "lines.solid_capstyle": "butt",
}  # fmt: skip

# The font comes in one weight. Without this the search for a bold one would log a warning.
fontManager.ttflist.append(FontEntry(FONT_FILE, name=FONT, weight=700, size="scalable"))


def render(
    name: str, draw: Callable[[Axes, Any], None], panels: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, Columns]]:
    """Draw each panel of a figure: title -> one inline SVG, the same bytes wherever it is drawn; and title -> table.

    Args:
        name: of the figure, unique in the site; ids begin with it.
        draw: the experiment's function.
        panels: title -> data. Two panels make a pair (344 by 272 units each); a single one has 440 by 304.

    Raises:
        ResultError: a colour outside the palette, a character without a glyph, texts that overlap or leave the panel,
            NaN or infinity in a line, more than 6 KiB.
    """
    size = SINGLE if len(panels) == 1 else PAIR
    svgs, tables = dict[str, str](), dict[str, Columns]()
    for i, (title, data) in enumerate(panels.items(), 1):
        try:
            svgs[title], tables[title] = _panel(f"{name}-{i}", title, size, draw, data)
        except ResultError as error:
            error.args = (f"図 {name}-{i}「{title}」: {error}",)  # the same error: its traceback knows the line
            raise
    if (size_in_bytes := len(gzip.compress("".join(svgs.values()).encode()))) > MOST_BYTES:
        raise ResultError(
            f"図 {name}: 圧縮して{size_in_bytes / 1024:.1f}KBです。{MOST_BYTES // 1024}KBまでにしてください"
            "（点や線を減らす、値をまとめる）。"
        )
    return svgs, tables


def _panel(
    name: str, title: str, size: tuple[int, int], draw: Callable[[Axes, Any], None], data: Any
) -> tuple[str, Columns]:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE | {"svg.hashsalt": name})
        sheet = Sheet(figsize=(size[0] / 72, size[1] / 72), dpi=72)
        ax = sheet.add_axes((0, 0, 1, 1))
        frame(ax, LEFT, TOP[size], size[0] - RIGHT, size[1] - BOTTOM)
        words(ax, 0, HEAD_LINE, title, INK, size=HEAD, weight="bold")
        draw(ax, data)
        draw_axes(ax)
        for text in sheet.findobj(Text):
            text_width(text.get_text().replace("\n", ""))
        for line in sheet.findobj(Line2D):
            if not np.isfinite(np.asarray(line.get_xydata(), dtype=float)).all():
                raise ResultError("NaN か無限大を通る線があります。有限の値だけを描いてください。")
        written = io.StringIO()
        FigureCanvasSVG(sheet).print_svg(written, metadata={"Date": None})  # type: ignore[no-untyped-call]
        return inline(written.getvalue(), name, PALETTE, GROWTH[size]), sheet.columns
