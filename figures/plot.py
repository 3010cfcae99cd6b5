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
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, NullLocator
from matplotlib.transforms import Affine2D, Transform

from figures.errors import ResultError
from figures.svg import FONT, FONT_FILE, TEXT_SIZE, inline, text_width

# What a figure may be drawn with: CSS variable -> its value in the light theme.
COLOURS = {
    "paper": "#faf8f3", "ink": "#22201c", "ink-2": "#4a463f", "rule": "#dcd7cb", "rule-2": "#8b8578",
    "l1": "#c43b17", "l1-text": "#942a10", "l2": "#1b4389", "l2-text": "#1f4380",
    "en": "#9d46a2", "en-text": "#6f2f73", "none": "#716d66", "none-text": "#504d47",
    "s1": "#22201c", "s2": "#96621a", "s3": "#1d777b", "s4": "#5b3106", "s5": "#445a3f", "s6": "#17444c",
}  # fmt: skip
PAPER, INK, INK_2, RULE, RULE_2 = (COLOURS[name] for name in ("paper", "ink", "ink-2", "rule", "rule-2"))
# s1 is the ink in both themes, and is printed as that: of two names of a hex the first one stays.
PALETTE = {value: f"var(--{name})" for name, value in reversed(COLOURS.items())}

Dash = tuple[float, ...]
# Method -> its name, its dash where several share a panel, its marker and the marker's size.
METHODS: dict[str, tuple[str, Dash, str, float]] = {
    "l1": ("L1", (7, 3), "o", 6.8),
    "l2": ("L2", (), "s", 6.0),
    "en": ("エラスティックネット", (9, 3, 2, 3), "^", 7.4),
    "none": ("正則化なし", (1.5, 3.5), "D", 5.6),
}
# Anything else that is compared gets these in turn: colour -> dash.
SERIES: dict[str, Dash] = {
    "s1": (), "s2": (8, 3), "s3": (2, 3), "s4": (12, 3, 2, 3), "s5": (5, 2, 1.5, 2, 1.5, 2), "s6": (1.5, 5),
}  # fmt: skip

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

PAIR, SINGLE = (344, 272), (440, 304)
# A phone shows a panel smaller than 1:1, and the page's style sheet then sets its text larger, by this factor at most.
GROWTH = {PAIR: 1.18, SINGLE: 1.26}
LEFT, TOP, RIGHT, BOTTOM = 92.5, 40.5, 1.5, 35.5  # around the axes; a hairline on half a unit fills whole pixels
NAME_BELOW = 12.0  # what the name of an axis needs more
GAP = 16.0  # between the labels of a column
LEADER, LABEL = 9.0, 12.0  # from the axes to a leader's end, and to the label
CAP = 4.5  # from the middle of a label down to its baseline
HEAD = 14.5  # size of a panel's head
CROWD = 50  # more dots than these are drawn smaller, or they hide one another


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
        _frame(ax, LEFT, TOP, size[0] - RIGHT, size[1] - BOTTOM)
        _text(ax, 0, 16, title, INK, size=HEAD, weight="bold")
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
    _frame(ax, bottom=ax.figure.bbox.height - BOTTOM - NAME_BELOW)


def value_axis(ax: Axes, low: float, high: float, name: str = "") -> None:
    """What is plotted upwards: hairlines with their values, and a name at the top left."""
    ax.set_ylim(low, high)
    ax.set_yticks(_round_ticks(low, high))
    ax.set_ylabel(name)


def _round_ticks(low: float, high: float) -> list[float]:
    return _within(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high), (low, high))


def _draw_axes(ax: Axes) -> None:
    """The hairlines, ticks, numbers and names that the axes were given."""
    left, top, right, bottom = _edges(ax)
    across, up = ax.set_xlim(ax.get_xlim()), ax.set_ylim(ax.get_ylim())  # no longer to be fitted to what is drawn
    ax.xaxis.label.set_visible(False)
    ax.yaxis.label.set_visible(False)
    _line(ax, [left, right], [bottom, bottom], RULE, zorder=0)
    for value in _within(ax.get_yticks(), up):
        y = _units(ax, across[0], value)[1]
        if value != up[0]:
            _line(ax, [left, right], [y, y], RULE if value else RULE_2, zorder=0)
        if ax.yaxis.get_label_position() == "right":  # type: ignore[comparison-overlap]  # the stub thinks of x
            _text(ax, right, y - 4, _number(value), INK_2, ha="right")
        else:
            _text(ax, left - 6, y + CAP, _number(value), INK_2, ha="right")
    _text(ax, left, top - 5, ax.get_ylabel(), INK_2)
    first = left
    for value in _within(ax.get_xticks(), across):
        x = _units(ax, value, up[0])[0]
        half = _width(ax, _number(value)) / 2
        _line(ax, [x, x], [bottom, bottom + 4], RULE_2, zorder=0)
        at_end = x + half > ax.figure.bbox.width
        _text(ax, x, bottom + 20, _number(value), INK_2, ha="right" if at_end else "center")
        first = min(first, x - half - 5)
    beside = _width(ax, ax.get_xlabel()) < first
    _text(ax, first if beside else right, bottom + (20 if beside else 36), ax.get_xlabel(), INK_2, ha="right")


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
    method = _method(method)
    colour, text_colour = COLOURS[method], COLOURS[f"{method}-text"]
    primary = names if primary is None else primary
    if missing := sorted(set(primary) - set(names)):
        raise ResultError(f"重み {'、'.join(missing)} はありません。{'、'.join(names)} から選んでください。")
    ends = []
    for name, curve, value, is_zero in zip(names, coef, at_cursor, zero, strict=True):
        xs, ys = _units(ax, lambdas, curve)
        _line(ax, xs, ys, colour, width=2 if name in primary else 1, zorder=2)
        if name in primary:
            ends.append((name, xs[0], ys[0], INK))
        if not is_zero:
            _dots(ax, *_units(ax, [cursor], [value]), colour, 6.8 if name in primary else 4.4)
    _end_labels(ax, ends, "left")
    ax.yaxis.set_label_position("right")  # the values too: the left side is taken, and there the curves converge
    _cursor(ax, cursor)

    left, _, right, _ = _edges(ax)
    x, y = _units(ax, cursor, 0)
    n_zero = sum(zero)
    step = 10 if x + 10 * n_zero < right else -10
    _dots(ax, [x + step * i for i in range(n_zero)], [y] * n_zero, colour, 8.4, hollow=True)
    head = ax.figure.texts[0]
    head.set_color(text_colour)
    _text(ax, max(left, _width(ax, head.get_text(), HEAD) + 12), 16, f"ちょうど0：{n_zero}個", text_colour)


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
    _room_for_labels(ax, [same, *(METHODS[_method(method)][0] for method in y_by_method)])
    corner = _units(ax, high, high)
    _line(ax, *_units(ax, [low, high], [low, high]), RULE_2)
    ends = [(same, *corner, INK_2)]
    order = np.argsort(x, kind="stable")
    for key, y in y_by_method.items():
        name, dash, marker, size = METHODS[_method(key)]
        size *= 1 if len(x) <= CROWD else 0.55
        colour = COLOURS[_method(key)]
        xs, ys = _units(ax, np.asarray(x)[order], np.asarray(y)[order])
        zero = np.asarray(y)[order] == 0
        if joined:
            _line(ax, xs, ys, colour, width=2, dash=dash, zorder=2)
        _dots(ax, xs[~zero], ys[~zero], colour, size, marker=marker)
        _dots(ax, xs[zero], ys[zero], colour, size, marker=marker, hollow=True)
        ends.append((name, xs[-1], ys[-1], COLOURS[f"{_method(key)}-text"]))
    _end_labels(ax, ends, "right")


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
    _room_for_labels(ax, [look[0] for look in looks])
    ends = []
    for (label, token, text_colour, dash), y in zip(looks, y_by_name.values(), strict=True):
        xs, ys = _units(ax, x, y)
        _line(ax, xs, ys, COLOURS[token], width=2, dash=dash if len(looks) > 1 else (), zorder=2)
        ends.append((label, xs[-1], ys[-1], text_colour))
    _end_labels(ax, ends, "right")
    if cursor is not None:
        _cursor(ax, cursor)


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions apart: at least ``gap`` between any two, within [low, high], by the least squared distance.

    For z = position − rank × gap this is isotonic regression: pool neighbours that are out of order (Ayer et al. 1955),
    then clip.

    Raises:
        ResultError: if that many do not fit.
    """
    slack = high - low - gap * (len(positions) - 1)
    if slack < 0:
        raise ResultError(f"ラベル{len(positions)}個は並びきりません。ラベルを付ける系列を減らしてください。")
    order = sorted(range(len(positions)), key=positions.__getitem__)
    pools: list[tuple[float, int]] = []  # mean z, how many
    for rank, i in enumerate(order):
        mean, n = positions[i] - gap * rank, 1
        while pools and pools[-1][0] > mean:
            before, m = pools.pop()
            mean, n = (before * m + mean * n) / (m + n), m + n
        pools.append((mean, n))
    z = [min(max(mean, low), low + slack) for mean, n in pools for _ in range(n)]
    moved = {i: z[rank] + gap * rank for rank, i in enumerate(order)}
    return [moved[i] for i in range(len(positions))]


# --- strokes, dots and words, in units ---


def _method(name: str) -> str:
    if name.lower() not in METHODS:
        raise ResultError(f"方法 '{name}' はありません。{'、'.join(METHODS)} のどれかにしてください。")
    return name.lower()


def _number(value: float) -> str:
    """Six digits at most, never an exponent, U+2212 as minus."""
    text = np.format_float_positional(value + 0.0, 6, unique=False, fractional=False, trim="-")
    return text.replace("-", "−")


def _within(values: Any, limits: tuple[float, float]) -> list[float]:
    """The values between the limits, to a billionth of their distance."""
    low, high = sorted(limits)
    slack = (high - low) * 1e-9
    return [float(value) for value in values if low - slack <= value <= high + slack]


def _edges(ax: Axes) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the axes."""
    height = ax.figure.bbox.height
    return ax.bbox.x0, height - ax.bbox.y1, ax.bbox.x1, height - ax.bbox.y0


def _frame(ax: Axes, *edges: float, left: float = 0, right: float = 0, bottom: float = 0) -> None:
    """Move the edges of the axes that are given."""
    old = _edges(ax)
    left, top, right, bottom = edges or (left or old[0], old[1], right or old[2], bottom or old[3])
    width, height = ax.figure.bbox.width, ax.figure.bbox.height
    ax.set_position((left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height))


def _room_for_labels(ax: Axes, labels: Sequence[str]) -> None:
    """Move the edges so that a column of labels fits at the right, and only the numbers of the axis at the left."""
    numbers = [_number(tick) for tick in _within(ax.get_yticks(), ax.get_ylim())]
    left = max(_width(ax, number) + 6 for number in numbers)
    if ax.get_xscale() == "log":  # its name stands there too
        left = max(left, _width(ax, f"{ax.get_xlabel()}{_number(ax.get_xlim()[0])}") - 8)
    right = ax.figure.bbox.width - LABEL - max(_width(ax, label) for label in labels)
    _frame(ax, left=np.ceil(left) + 0.5, right=np.floor(right) - 0.5)


def _width(ax: Axes, text: str, size: float = TEXT_SIZE) -> float:
    """Of a text at its largest."""
    return GROWTH[PAIR if ax.figure.bbox.width == PAIR[0] else SINGLE] * text_width(text, size)


def _down(ax: Axes) -> Transform:
    """From units, y downwards, to matplotlib's pixels, y upwards."""
    return Affine2D().scale(1, -1).translate(0, ax.figure.bbox.height)


def _units(ax: Axes, x: Any, y: Any) -> tuple[Any, Any]:
    """Where values lie in the panel. Limits are fixed, so that a pair can share them: what lies outside is an error."""
    for axis, values, limits in (("横", x, ax.get_xlim()), ("縦", y, ax.get_ylim())):
        for value in np.ravel(values):
            if not _within([value], limits):
                low, high = map(_number, limits)
                raise ResultError(f"{axis}の値 {_number(value)} が軸（{low}〜{high}）の外です。範囲を広げてください。")
    points = _down(ax).inverted().transform(ax.transData.transform(np.stack([x, y], axis=-1)))
    return points[..., 0], points[..., 1]


def _text(ax: Axes, x: float, y: float, text: str, colour: str, **style: Any) -> None:
    """One line, its baseline at ``y``."""
    ax.figure.text(x, y, text, color=colour, transform=_down(ax), **style)


def _line(ax: Axes, x: Any, y: Any, colour: str, *, width: float = 1, dash: Dash = (), zorder: float = 1) -> None:
    look: dict[str, Any] = {"color": colour, "linewidth": width, "ls": (0, dash) if dash else "-", "zorder": zorder}
    ax.plot(x, y, transform=_down(ax), clip_on=False, **look)


def _dots(ax: Axes, x: Any, y: Any, colour: str, size: float, *, marker: str = "o", hollow: bool = False) -> None:
    """Filled dots, or hollow ones, which stand for exactly 0 and lie below."""
    look: dict[str, Any] = {"mfc": PAPER, "mew": 1.6, "zorder": 3} if hollow else {"mfc": colour, "mew": 0, "zorder": 4}
    ax.plot(x, y, marker, markersize=size, mec=colour, transform=_down(ax), clip_on=False, **look)


def _cursor(ax: Axes, at: float) -> None:
    """A vertical line through the panel, with its λ beside it where the values of the axis leave room."""
    _, top, right, bottom = _edges(ax)
    x = _units(ax, at, ax.get_ylim()[0])[0]
    _line(ax, [x, x], [top - 14, bottom], INK)
    label = f"{ax.get_xlabel()} = {_number(at)}"
    fits = x + 5 + _width(ax, label) + 40 < right
    _text(ax, x + 5 if fits else x - 5, top - 5, label, INK, ha="left" if fits else "right")


def _end_labels(ax: Axes, ends: Sequence[tuple[str, float, float, str]], side: Literal["left", "right"]) -> None:
    """Names (text, end of its curve, colour) in a column beside the axes, each led to its curve."""
    left, top, right, bottom = _edges(ax)
    edge, sign = (left, -1) if side == "left" else (right, 1)
    gap = GAP * (1 if ax.figure.bbox.width == PAIR[0] else GROWTH[SINGLE])
    for (name, x, y, colour), at in zip(ends, spread([end[2] for end in ends], gap, top, bottom - 2), strict=True):
        _line(ax, [x + sign * (1 if abs(x - edge) < 1 else 6), edge + sign * LEADER], [y, at], RULE_2)
        _text(ax, edge + sign * LABEL, at + CAP, name, colour, ha="right" if side == "left" else "left")
