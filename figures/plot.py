"""One look for all figures: palette, font, axes, and the few kinds of plot that the experiments use.

An experiment draws in a few lines, with limits that both panels of a pair share::

    def draw_path(ax, data):
        plot.lambda_axis(ax, 0.001, 100)
        plot.value_axis(ax, -40, 40)
        plot.paths(ax, **data, primary=["BMI", "血圧"])

Lengths are in units from the panel's top left corner: at 72 dots an inch a point, a pixel and a unit of the SVG are the
same. No pyplot, no state.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, NullLocator

from figures.errors import ResultError
from figures.strokes import (
    BOTTOM,
    CAP,
    COLOURS,
    CROWD,
    GROWTH,
    HEAD,
    INK,
    INK_2,
    LEFT,
    METHODS,
    NAME_BELOW,
    PAIR,
    PALETTE,
    RIGHT,
    RULE,
    RULE_2,
    SERIES,
    SINGLE,
    TOP,
    cursor_line,
    dots,
    edges,
    end_labels,
    frame,
    method_of,
    number,
    room_for,
    room_for_labels,
    stroke,
    units,
    within,
    words,
)
from figures.svg import FONT, FONT_FILE, TEXT_SIZE, inline, text_width

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


def render(name: str, draw: Callable[[Axes, Any], None], panels: Mapping[str, Any]) -> dict[str, str]:
    """Draw each panel of a figure: title -> one inline SVG, the same bytes wherever it is drawn.

    Args:
        name: of the figure, unique in the site; ids begin with it.
        draw: the experiment's function.
        panels: title -> data. Two panels make a pair (344 by 272 units each); a single one has 440 by 304.

    Raises:
        ResultError: a colour outside the palette, a character without a glyph, texts that overlap.
    """
    size = SINGLE if len(panels) == 1 else PAIR
    return {title: _panel(f"{name}-{i}", title, size, draw, data) for i, (title, data) in enumerate(panels.items(), 1)}


def _panel(name: str, title: str, size: tuple[int, int], draw: Callable[[Axes, Any], None], data: Any) -> str:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE | {"svg.hashsalt": name})
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), dpi=72)
        ax = figure.add_axes((0, 0, 1, 1))
        frame(ax, LEFT, TOP, size[0] - RIGHT, size[1] - BOTTOM)
        words(ax, 0, 16, title, INK, size=HEAD, weight="bold")
        draw(ax, data)
        try:
            _draw_axes(ax)
            for text in figure.findobj(Text):
                text_width(text.get_text().replace("\n", ""))
            written = io.StringIO()
            FigureCanvasSVG(figure).print_svg(written, metadata={"Date": None})  # type: ignore[no-untyped-call]
            return inline(written.getvalue(), name, PALETTE, GROWTH[size])
        except ResultError as error:
            raise ResultError(f"図 {name}「{title}」: {error}") from None


# --- axes: set here, before the plot; drawn when it is done ---


def lambda_axis(ax: Axes, low: float, high: float) -> None:
    """λ from left to right on a log axis, ticked at its decades."""
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    ax.set_xticks(10.0 ** np.arange(np.ceil(np.log10(low) - 1e-9), np.floor(np.log10(high) + 1e-9) + 1))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel("λ")


def linear_axis(ax: Axes, low: float, high: float, name: str) -> None:
    """Any other quantity from left to right; its name stands below the numbers."""
    ax.set_xlim(low, high)
    ax.set_xticks(_round_ticks(low, high))
    ax.set_xlabel(name)
    frame(ax, bottom=ax.figure.bbox.height - BOTTOM - NAME_BELOW)


def value_axis(ax: Axes, low: float, high: float, name: str = "") -> None:
    """What is plotted upwards: hairlines with their values, and a name at the top left."""
    ax.set_ylim(low, high)
    ax.set_yticks(_round_ticks(low, high))
    ax.set_ylabel(name)


def _round_ticks(low: float, high: float) -> list[float]:
    return within(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high), (low, high))


def _draw_axes(ax: Axes) -> None:
    """The hairlines, ticks, numbers and names that the axes were given."""
    left, top, right, bottom = edges(ax)
    across, up = ax.set_xlim(ax.get_xlim()), ax.set_ylim(ax.get_ylim())  # no longer to be fitted to what is drawn
    ax.xaxis.label.set_visible(False)
    ax.yaxis.label.set_visible(False)
    stroke(ax, [left, right], [bottom, bottom], RULE, zorder=0)
    for value in within(ax.get_yticks(), up):
        y = units(ax, across[0], value)[1]
        if value != up[0]:
            stroke(ax, [left, right], [y, y], RULE if value else RULE_2, zorder=0)
        if ax.yaxis.get_label_position() == "right":  # type: ignore[comparison-overlap]  # the stub thinks of x
            words(ax, right, y - 4, number(value), INK_2, ha="right")
        else:
            words(ax, left - 6, y + CAP, number(value), INK_2, ha="right")
    words(ax, left, top - 5, ax.get_ylabel(), INK_2)
    first = left
    for value in within(ax.get_xticks(), across):
        x = units(ax, value, up[0])[0]
        half = room_for(ax, number(value)) / 2
        stroke(ax, [x, x], [bottom, bottom + 4], RULE_2, zorder=0)
        at_end = x + half > ax.figure.bbox.width
        words(ax, x, bottom + 20, number(value), INK_2, ha="right" if at_end else "center")
        first = min(first, x - half - 5)
    beside = room_for(ax, ax.get_xlabel()) < first
    words(ax, first if beside else right, bottom + (20 if beside else 36), ax.get_xlabel(), INK_2, ha="right")


# --- kinds of plot ---


def paths(
    ax: Axes,
    lambdas: Sequence[float],
    coef: Sequence[Sequence[float]],
    names: Sequence[str],
    method: str,
    *,
    cursor: float,
    at_cursor: Sequence[float],
    zero: Sequence[bool],
    primary: Collection[str] | None = None,
) -> None:
    """Each weight along λ for one method, with all weights marked at one λ.

    Args:
        ax: the panel, its axes set.
        lambdas: (n_lambdas,).
        coef: (n_features, n_lambdas).
        names: (n_features,).
        method: a key of ``METHODS``; the panel's head takes its colour.
        cursor: the λ at which the weights are marked.
        at_cursor: (n_features,) the weights there.
        zero: (n_features,) whether a weight is exactly 0 there; these are hollow, side by side, and counted.
        primary: the names that get a label and a full stroke; the other weights stay thin. All, if not given.
    """
    method = method_of(method)
    colour, text_colour = COLOURS[method], COLOURS[f"{method}-text"]
    primary = names if primary is None else primary
    if missing := sorted(set(primary) - set(names)):
        raise ResultError(f"重み {'、'.join(missing)} はありません。{'、'.join(names)} から選んでください。")
    ends = []
    for name, curve, value, is_zero in zip(names, coef, at_cursor, zero, strict=True):
        xs, ys = units(ax, lambdas, curve)
        stroke(ax, xs, ys, colour, width=2 if name in primary else 1, zorder=2)
        if name in primary:
            ends.append((name, xs[0], ys[0], INK))
        if not is_zero:
            dots(ax, *units(ax, [cursor], [value]), colour, 6.8 if name in primary else 4.4)
    end_labels(ax, ends, "left")
    ax.yaxis.set_label_position("right")  # the values too: the left side is taken, and there the curves converge
    cursor_line(ax, cursor)

    left, _, right, _ = edges(ax)
    x, y = units(ax, cursor, 0)
    n_zero = sum(zero)
    step = 10 if x + 10 * n_zero < right else -10
    dots(ax, [x + step * i for i in range(n_zero)], [y] * n_zero, colour, 8.4, hollow=True)
    head = ax.figure.texts[0]
    head.set_color(text_colour)
    words(ax, max(left, room_for(ax, head.get_text(), HEAD) + 12), 16, f"ちょうど0：{n_zero}個", text_colour)


def against(
    ax: Axes,
    x: Sequence[float],
    y_by_method: Mapping[str, Sequence[float]],
    low: float,
    high: float,
    *,
    names: tuple[str, str] = ("罰なしの重み", "罰ありの重み"),
    joined: bool = False,
) -> None:
    """Each weight without penalty (x) against the same weight with one (y), several methods in one panel.

    Args:
        ax: the panel.
        x: (n_features,).
        y_by_method: key of ``METHODS`` -> (n_features,). Weights that are exactly 0 are hollow.
        low: of both axes.
        high: of both axes.
        names: of the axes.
        joined: whether y is a function of x, so that a line may join the weights.
    """
    same = "そのまま"
    linear_axis(ax, low, high, names[0])
    value_axis(ax, low, high, names[1])
    room_for_labels(ax, [same, *(METHODS[method_of(method)][0] for method in y_by_method)])
    corner = units(ax, high, high)
    stroke(ax, *units(ax, [low, high], [low, high]), RULE_2)
    ends = [(same, *corner, INK_2)]
    order = np.argsort(x, kind="stable")
    for key, y in y_by_method.items():
        name, dash, marker, size = METHODS[method_of(key)]
        size *= 1 if len(x) <= CROWD else 0.55
        colour = COLOURS[method_of(key)]
        xs, ys = units(ax, np.asarray(x)[order], np.asarray(y)[order])
        zero = np.asarray(y)[order] == 0
        if joined:
            stroke(ax, xs, ys, colour, width=2, dash=dash, zorder=2)
        dots(ax, xs[~zero], ys[~zero], colour, size, marker=marker)
        dots(ax, xs[zero], ys[zero], colour, size, marker=marker, hollow=True)
        ends.append((name, xs[-1], ys[-1], COLOURS[f"{method_of(key)}-text"]))
    end_labels(ax, ends, "right")


def curves(ax: Axes, x: Sequence[float], y_by_name: Mapping[str, Sequence[float]], cursor: float | None = None) -> None:
    """Curves over one axis, labelled at their right ends. A key of ``METHODS`` gets the look of its method.

    Args:
        ax: the panel, its axes set.
        x: (n,).
        y_by_name: name -> (n,), six at most that are no methods.
        cursor: an x to be marked.
    """
    series = iter(SERIES.items())
    looks = []
    for name in y_by_name:
        if name in METHODS:
            looks.append((METHODS[name][0], name, COLOURS[f"{name}-text"], METHODS[name][1]))
        elif look := next(series, None):
            looks.append((name, look[0], INK, look[1]))
        else:
            raise ResultError(f"線が多すぎます。一つのパネルには{len(SERIES)}本までにしてください。")
    room_for_labels(ax, [look[0] for look in looks])
    ends = []
    for (label, token, text_colour, dash), y in zip(looks, y_by_name.values(), strict=True):
        xs, ys = units(ax, x, y)
        stroke(ax, xs, ys, COLOURS[token], width=2, dash=dash if len(looks) > 1 else (), zorder=2)
        ends.append((label, xs[-1], ys[-1], text_colour))
    end_labels(ax, ends, "right")
    if cursor is not None:
        cursor_line(ax, cursor)
