"""Strokes, dots and words of a panel, in the palette and in units; ``plot`` puts the kinds of plot together from them.

Lengths are in units from the panel's top left corner: at 72 dots an inch a point, a pixel and a unit of the SVG are the
same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D, ScaledTranslation, Transform

from figures.errors import ResultError
from figures.letters import TEXT_SIZE, text_width

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

PAIR, SINGLE = (344, 272), (440, 304)
# A phone shows a panel smaller than 1:1, and the page's style sheet then sets its text larger: on 340 px by this.
GROWTH = {PAIR: 1.12, SINGLE: 1.44}
TOP = {PAIR: 40.5, SINGLE: 46.5}
LEFT, RIGHT, BOTTOM = 92.5, 1.5, 35.5  # around the axes; a hairline on half a unit fills whole pixels
NAME_BELOW = 12.0  # what the name of an axis needs more
GAP = 16.0  # between the labels of a column
LEADER, LABEL = 9.0, 12.0  # from the axes to a leader's end, and to the label
CAP = 4.5  # from the middle of a label down to its baseline
HEAD, HEAD_LINE = 14.5, 17.0  # a panel's head: its size and its baseline
CROWD = 50  # more dots than these are drawn smaller, or they hide one another


def method_of(name: str) -> str:
    """The key in METHODS of a method's name, however it is capitalised; ``ResultError`` if there is none."""
    if name.lower() not in METHODS:
        raise ResultError(f"方法 '{name}' はありません。{'、'.join(METHODS)} のどれかにしてください。")
    return name.lower()


class Look(NamedTuple):
    """How one series of a panel is drawn and named."""

    name: str
    colour: str
    text_colour: str
    dash: Dash


def looks_of(keys: Iterable[str]) -> list[Look]:
    """The look of each series of a panel: a key of METHODS gets that of its method, others the next of SERIES.

    Raises:
        ResultError: if there are more series than looks.
    """
    keys, series, looks = list(keys), iter(SERIES.items()), list[Look]()
    for key in keys:
        if key in METHODS:
            name, dash, _, _ = METHODS[key]
            looks.append(Look(name, COLOURS[key], COLOURS[f"{key}-text"], dash))
        elif look := next(series, None):
            looks.append(Look(key, COLOURS[look[0]], INK, look[1]))
        else:
            raise ResultError(f"系列が多すぎます。一つのパネルには{len(SERIES)}本までにしてください。")
    return looks if len(looks) > 1 else [look._replace(dash=()) for look in looks]


def number(value: float) -> str:
    """Six digits at most, never an exponent, U+2212 as minus."""
    text = np.format_float_positional(value + 0.0, 6, unique=False, fractional=False, trim="-")
    return text.replace("-", "−")


def within(values: Any, limits: tuple[float, float]) -> list[float]:
    """The values between the limits, to a billionth of their distance."""
    low, high = sorted(limits)
    slack = (high - low) * 1e-9
    return [float(value) for value in values if low - slack <= value <= high + slack]


def edges(ax: Axes) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the axes."""
    height = ax.figure.bbox.height
    return ax.bbox.x0, height - ax.bbox.y1, ax.bbox.x1, height - ax.bbox.y0


def frame(ax: Axes, *new: float, left: float = 0, right: float = 0, bottom: float = 0) -> None:
    """Move the edges of the axes that are given."""
    old = edges(ax)
    left, top, right, bottom = new or (left or old[0], old[1], right or old[2], bottom or old[3])
    width, height = ax.figure.bbox.width, ax.figure.bbox.height
    ax.set_position((left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height))


def room_for_labels(ax: Axes, labels: Sequence[str]) -> None:
    """Move the edges so that a column of labels fits at the right, and only the numbers of the axis at the left."""
    numbers = [number(tick) for tick in within(ax.get_yticks(), ax.get_ylim())]
    left = max(room_for(ax, printed) + 6 for printed in numbers)
    if ax.get_xscale() == "log":  # its name stands there too
        left = max(left, room_for(ax, f"{ax.get_xlabel()}{number(ax.get_xlim()[0])}") - 8)
    right = ax.figure.bbox.width - LABEL - max(room_for(ax, label) for label in labels)
    frame(ax, left=np.ceil(left) + 0.5, right=np.floor(right) - 0.5)


def room_for(ax: Axes, text: str, size: float = TEXT_SIZE) -> float:
    """Of a text at its largest, in a font whose digits run wider than those of the font for measuring."""
    return 1.03 * growth_of(ax) * text_width(text, size)


def growth_of(ax: Axes) -> float:
    """By how much the page may enlarge the text of this panel."""
    return GROWTH[PAIR if ax.figure.bbox.width == PAIR[0] else SINGLE]


def down(ax: Axes) -> Transform:
    """From units, y downwards, to matplotlib's pixels, y upwards; follows the height of the sheet."""
    return Affine2D().scale(1, -1) + ScaledTranslation(0, 1, ax.figure.transFigure)  # type: ignore[arg-type]


def units(ax: Axes, x: Any, y: Any) -> tuple[Any, Any]:
    """Where values lie in the panel. Limits are fixed, so that a pair can share them: what lies outside is an error."""
    for axis, values, limits in (("横", x, ax.get_xlim()), ("縦", y, ax.get_ylim())):
        for value in np.ravel(np.asarray(values, dtype=float)):
            if not np.isfinite(value):
                raise ResultError(f"{axis}の値に {value} があります。有限の値だけを描いてください。")
            if not within([value], limits):
                low, high = map(number, limits)
                raise ResultError(f"{axis}の値 {number(value)} が軸（{low}〜{high}）の外です。範囲を広げてください。")
    points = down(ax).inverted().transform(ax.transData.transform(np.stack([x, y], axis=-1)))
    return points[..., 0], points[..., 1]


def words(ax: Axes, x: float, y: float, text: str, colour: str, **style: Any) -> None:
    """One line, its baseline at ``y``."""
    ax.figure.text(x, y, text, color=colour, transform=down(ax), **style)


def stroke(ax: Axes, x: Any, y: Any, colour: str, *, width: float = 1, dash: Dash = (), zorder: float = 1) -> None:
    """A line through points, on top of those with a smaller ``zorder``."""
    look: dict[str, Any] = {"color": colour, "linewidth": width, "ls": (0, dash) if dash else "-", "zorder": zorder}
    ax.plot(x, y, transform=down(ax), clip_on=False, **look)


def dots(ax: Axes, x: Any, y: Any, colour: str, size: float, *, marker: str = "o", hollow: bool = False) -> None:
    """Filled dots, or hollow ones, which stand for exactly 0 and lie below."""
    look: dict[str, Any] = {"mfc": PAPER, "mew": 1.6, "zorder": 3} if hollow else {"mfc": colour, "mew": 0, "zorder": 4}
    ax.plot(x, y, marker, markersize=size, mec=colour, transform=down(ax), clip_on=False, **look)


def cursor_line(ax: Axes, at: float) -> None:
    """A vertical line through the panel, with its λ beside it where the values of the axis leave room."""
    _, top, right, bottom = edges(ax)
    x = units(ax, at, ax.get_ylim()[0])[0]
    stroke(ax, [x, x], [top - 14, bottom], INK)
    label = f"{ax.get_xlabel()} = {number(at)}"
    values = 40 if ax.yaxis.get_label_position() == "right" else 0  # type: ignore[comparison-overlap]
    fits = x + 5 + room_for(ax, label) + values < right
    words(ax, x + 5 if fits else x - 5, top - 5, label, INK, ha="left" if fits else "right")


def end_labels(ax: Axes, ends: Sequence[tuple[str, float, float, str]], side: Literal["left", "right"]) -> None:
    """Names (text, end of its curve, colour) in a column beside the axes, each led to its curve."""
    left, top, right, bottom = edges(ax)
    edge, sign = (left, -1) if side == "left" else (right, 1)
    gap = GAP * (1 if ax.figure.bbox.width == PAIR[0] else GROWTH[SINGLE])
    for (name, x, y, colour), at in zip(ends, spread([end[2] for end in ends], gap, top, bottom - 2), strict=True):
        stroke(ax, [x + sign * (1 if abs(x - edge) < 1 else 6), edge + sign * LEADER], [y, at], RULE_2)
        words(ax, edge + sign * LABEL, at + CAP, name, colour, ha="right" if side == "left" else "left")


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
