"""Values of all seeds as dots, a strip a quantity, over one shared axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from figures.axes import linear_axis
from figures.digits import scaled_by_unit
from figures.errors import ResultError
from figures.results import Number
from figures.sheet import resize, tabulate
from figures.strokes import BOTTOM, CROWD, INK, INK_2, NAME_BELOW, dots, edges, frame, looks_of, stroke, units, words

STRIP = 76.0  # height of one, its name included
NAME, MIDDLE, WHISKER = 18.0, 42.0, 63.0  # from its top down to the name's baseline, the dots, the mean
SIDE = 14.5  # left and right of the axis
ROOM = 30.0  # height that a pile of dots may take


def strips(ax: Axes, values: Mapping[str, Sequence[float]], low: float, high: float, name: str, unit: str = "") -> None:
    """A dot a seed; below them the mean with one standard error to each side, which is also written out.

    Args:
        ax: the panel; it gets as high as it has strips.
        values: a key of METHODS or any name -> (n_seeds,), the same number for all.
        low: of the axis, in the unit that is printed.
        high: of the axis.
        name: of the axis.
        unit: behind the mean; ``%`` and ``ポイント`` are shares, as in a ``Number``.

    Raises:
        ResultError: if the numbers of seeds differ, or a value lies outside the axis.
    """
    looks = looks_of(values)
    if len({len(of_one) for of_one in values.values()}) != 1:
        raise ResultError("系列ごとに値の数が違います。どの系列にも、同じ乱数の種の値を渡してください。")
    first = edges(ax)[1]
    bottom = first + STRIP * len(values)
    resize(ax, bottom + BOTTOM + NAME_BELOW)
    ax.set_yticks([])
    ax.set_ylim(0, 1)
    linear_axis(ax, low, high, name)
    frame(ax, SIDE, first, ax.figure.bbox.width - SIDE, bottom)
    shown = {key: [float(scaled_by_unit(float(value), unit)) for value in of_one] for key, of_one in values.items()}
    runs = range(1, len(next(iter(shown.values()))) + 1)
    tabulate(ax, {"回": runs, **{look.name: of_one for look, of_one in zip(looks, shown.values(), strict=True)}})
    for row, (look, key) in enumerate(zip(looks, values, strict=True)):
        top = first + STRIP * row
        number = Number(values[key], unit)
        words(ax, SIDE, top + NAME, look.name, look.text_colour)
        printed = f"{number.text} ±{number.error_text}"
        words(ax, ax.figure.bbox.width - SIDE, top + NAME, printed, INK_2, ha="right")
        size = 6.8 if len(runs) <= CROWD else 4.4
        x = units(ax, shown[key], np.zeros(len(runs)))[0]
        dots(ax, x, top + MIDDLE + piled(x, size), look.colour, size)
        mean, error = (float(scaled_by_unit(of, unit)) for of in (number.value, number.standard_error))
        left, middle, right = units(ax, [max(low, mean - error), mean, min(high, mean + error)], np.zeros(3))[0]
        stroke(ax, [left, right], [top + WHISKER] * 2, INK, width=1.4, zorder=2)
        stroke(ax, [middle, middle], [top + WHISKER - 5, top + WHISKER + 5], INK, width=2, zorder=2)


def piled(x: Sequence[float], size: float) -> np.ndarray:
    """How far below the middle each dot goes, so that none hides another: the nearest free place, from left to right.

    A pile that would get too high is pressed together.
    """
    y = np.zeros(len(x))
    placed: list[int] = []
    for i in np.argsort(x, kind="stable"):
        near = [y[j] for j in placed if x[i] - x[j] < size]
        level = 0
        while any(abs(_place(level) * size - other) < size for other in near):
            level += 1
        y[i] = _place(level) * size
        placed.append(int(i))
    most = np.abs(y).max()
    return y * min(1.0, (ROOM - size) / 2 / most) if most else y


def _place(level: int) -> int:
    """0, -1, 1, -2, 2 and so on."""
    return -(level + 1) // 2 if level % 2 else level // 2
