"""The map of a loss over two weights, with the ways that methods take down to its bottom."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figures.errors import ResultError
from figures.letters import TEXT_SIZE
from figures.sheet import tabulate
from figures.strokes import (
    CAP,
    HEAD_LINE,
    INK,
    PAPER,
    RULE_2,
    Look,
    dots,
    down,
    edges,
    growth_of,
    looks_of,
    number,
    room_for,
    stroke,
    units,
    words,
)

LINES = 9  # of equal height
ARROW, AIM = 8.0, 12.0  # length of its head; how far back it looks for its direction
SAMPLE = 26.0  # of a line, before its name
ARM = 6.0  # of a cross
AWAY = (10.0, 18.0, 28.0, 40.0)  # from a point to its label
AROUND = [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)]

Box = tuple[float, float, float, float]  # left, right, top, bottom


def valley(
    ax: Axes,
    x: Sequence[float],
    y: Sequence[float],
    heights: Sequence[Sequence[float]],
    ways: Mapping[str, Sequence[Sequence[float]]],
    start: str = "出発",
    bottom: Sequence[float] | None = None,
    cursor: float | None = None,
) -> None:
    """Lines of equal height, and each way with its steps; an arrow at its end, unless the bottom is marked.

    The names of the ways stand above the map. The heights of the lines grow as squares,
    ``min + (max − min) (k / LINES)²``: evenly spaced in a quadratic valley.

    Args:
        ax: the panel, its axes set to the range of ``x`` and ``y``.
        x: (n,) across.
        y: (m,) upwards.
        heights: (m, n), the loss.
        ways: a key of METHODS or any name -> (n_steps + 1, 2), from the start to the end.
        start: how the common start is called.
        bottom: (2,), marked with a cross.
        cursor: the λ of this valley, said above it; where a reader can move λ, whatever moves has no name beside it.

    Raises:
        ResultError: for shapes that do not fit, a point off the map, or a name that finds no place.
    """
    z = np.asarray(heights, dtype=float)
    if z.shape != (len(y), len(x)):
        raise ResultError(f"高さの形は {z.shape}、軸は縦{len(y)}、横{len(x)}です。(縦, 横) にそろえてください。")
    looks = looks_of(ways)
    steps = {look.name: np.asarray(way, dtype=float) for look, way in zip(looks, ways.values(), strict=True)}
    tabulate(
        ax,
        {
            "歩": range(max(map(len, steps.values()))),
            **{f"{name}、{axis}": way[:, i] for name, way in steps.items() for i, axis in enumerate(("横", "縦"))},
        },
    )
    units(ax, [x[0], x[-1]], [y[0], y[-1]])
    levels = z.min() + (z.max() - z.min()) * (np.arange(1, LINES) / LINES) ** 2
    ax.contour(x, y, z, levels=levels, colors=RULE_2, linewidths=1, clip_on=False)
    places = {look.name: np.column_stack(units(ax, *steps[look.name].T)) for look in looks}
    for look in looks:
        way = places[look.name]
        stroke(ax, way[:, 0], way[:, 1], look.colour, width=2, dash=look.dash, zorder=3)
        shown = way if bottom else way[:-1]
        dots(ax, shown[:, 0], shown[:, 1], look.colour, 5 if len(way) <= 25 else 3)
        if not bottom:
            _arrow(ax, way, look.colour)
    if bottom:
        _cross(ax, *units(ax, *bottom))
    if cursor is not None:
        words(ax, edges(ax)[2], HEAD_LINE, f"λ = {number(cursor)}", INK, ha="right")
    _names(ax, looks)
    taken = [point for way in places.values() for point in _along(way)]
    boxes: list[Box] = []
    for point in {tuple(np.round(way[0], 3)): way[0] for way in places.values()}.values():
        boxes.append(_beside(ax, point, start, INK, taken, boxes))


def _names(ax: Axes, looks: Sequence[Look]) -> None:
    """Above the axes at the right, each behind a piece of its line: beside ways that wind there is no room."""
    left, top, right, _ = edges(ax)
    widths = [SAMPLE + 5 + room_for(ax, look.name) for look in looks]
    x = right - sum(widths) - 14 * (len(looks) - 1)
    if x < left + room_for(ax, ax.get_ylabel()) + 8:
        names = "」「".join(look.name for look in looks)
        raise ResultError(f"「{names}」を書く場所が、地図の上にありません。名前を短くしてください。")
    for look, width in zip(looks, widths, strict=True):
        stroke(ax, [x, x + SAMPLE], [top - 9, top - 9], look.colour, width=2, dash=look.dash, zorder=7)
        words(ax, x + SAMPLE + 5, top - 5, look.name, look.text_colour)
        x += width + 14


def _cross(ax: Axes, x: float, y: float) -> None:
    for dx, dy in ((ARM, 0), (0, ARM)):
        stroke(ax, [x - dx, x + dx], [y - dy, y + dy], INK, width=1.6, zorder=6)


def _along(way: np.ndarray) -> list[tuple[float, float]]:
    """Points on a way, at most two units apart."""
    points = []
    for a, b in itertools.pairwise(way):
        n = int(np.hypot(*(b - a)) // 2) + 1
        points += [tuple(a + (b - a) * i / n) for i in range(n + 1)]
    return points


def _arrow(ax: Axes, way: np.ndarray, colour: str) -> None:
    """A head at the end, in the direction from the last point that is far enough from it."""
    tip = way[-1]
    far = [point for point in way if np.hypot(*(tip - point)) > AIM]
    back = (far[-1] if far else way[0]) - tip
    if not np.hypot(*back):
        return
    turn = np.arctan2(back[1], back[0]) + np.array([0.45, -0.45])
    left, right = (tip + ARROW * np.array([np.cos(a), np.sin(a)]) for a in turn)
    stroke(ax, [left[0], tip[0], right[0]], [left[1], tip[1], right[1]], colour, width=2, zorder=5)


def _beside(
    ax: Axes, point: np.ndarray, text: str, colour: str, taken: Sequence[tuple[float, float]], boxes: Sequence[Box]
) -> Box:
    """Write a name in the nearest place beside a point where it hides no way and no other name; the place."""
    left, top, right, bottom = edges(ax)
    width, height = room_for(ax, text), TEXT_SIZE * growth_of(ax)
    for away in AWAY:
        for dx, dy in AROUND:
            x = point[0] + dx * away - width * (1 - dx) / 2
            y = point[1] + dy * (away + height / 2)
            box = (x - 2, x + width + 2, y - height / 2 - 1, y + height / 2 + 1)
            inside = left < box[0] and box[1] < right and top < box[2] and box[3] < bottom
            hides = any(box[0] < a < box[1] and box[2] < b < box[3] for a, b in taken)
            meets = any(box[0] < b[1] and b[0] < box[1] and box[2] < b[3] and b[2] < box[3] for b in boxes)
            if inside and not hides and not meets:
                look: dict[str, Any] = {"fc": PAPER, "lw": 0, "transform": down(ax), "clip_on": False, "zorder": 2}
                ax.add_patch(Rectangle((box[0], box[2]), box[1] - box[0], box[3] - box[2], **look))
                words(ax, x + width / 2, y + CAP, text, colour, ha="center")
                return box
    raise ResultError(f"「{text}」を書く場所が、地図の中にありません。範囲を広げるか、名前を短くしてください。")
