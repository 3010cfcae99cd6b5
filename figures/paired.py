"""Two methods seed by seed: a line joins what each of them got of the same seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from figures.axes import value_axis
from figures.digits import scaled_by_unit
from figures.errors import ResultError
from figures.results import Number
from figures.sheet import tabulate
from figures.strokes import (
    INK,
    INK_2,
    LABEL,
    RULE_2,
    Dash,
    dots,
    edges,
    end_labels,
    frame,
    looks_of,
    number,
    room_for,
    stroke,
    units,
    words,
)

# What a seed did from the left to the right: how it is called, its colour, its dash.
WAYS: list[tuple[str, str, Dash]] = [("下がる", INK, ()), ("上がる", INK_2, (2, 3)), ("同じ", RULE_2, (8, 3))]
BELOW = 58.5  # the axes: two lines of text
INSIDE = 0.24  # of the width of the axes: between their edges and the two columns


def paired(ax: Axes, values: Mapping[str, Sequence[float]], low: float, high: float, name: str, unit: str = "") -> None:
    """Two columns of dots, joined by seed; how many go down, up or nowhere stands at the right, the means below.

    Args:
        ax: the panel.
        values: two keys of METHODS or other names, left and right -> (n_seeds,).
        low: of the axis, in the unit that is printed.
        high: of the axis.
        name: of the axis.
        unit: behind the means; ``%`` and ``ポイント`` are shares, as in a ``Number``.

    Raises:
        ResultError: for other than two methods, numbers of seeds that differ, or a value outside the axis.
    """
    if len(values) != 2 or len({len(column) for column in values.values()}) != 1:
        raise ResultError("二つの方法を、乱数の種ごとに並べます。二つとも、同じ数の値を渡してください。")
    looks = looks_of(values)
    columns = [[float(scaled_by_unit(float(v), unit)) for v in column] for column in values.values()]
    tabulate(ax, {"回": range(1, len(columns[0]) + 1), looks[0].name: columns[0], looks[1].name: columns[1]})
    value_axis(ax, low, high, name)
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    signs = np.sign(np.array(columns[1]) - np.array(columns[0])).astype(int)
    ways = [(way, signs == sign) for way, sign in zip(WAYS, (-1, 1, 0), strict=True) if (signs == sign).any()]
    labels = [f"{way[0]}{members.sum()}回" for way, members in ways]
    width, height = ax.figure.bbox.size
    left = max(room_for(ax, number(tick)) for tick in ax.get_yticks()) + 6
    right = width - LABEL - max(room_for(ax, label) for label in labels)
    frame(ax, np.ceil(left) + 0.5, edges(ax)[1], np.floor(right) - 0.5, height - BELOW)
    ends = []
    for ((_, colour, dash), members), label in zip(ways, labels, strict=True):
        pairs = np.array(columns).T[members]
        for pair in pairs:
            stroke(ax, *units(ax, [INSIDE, 1 - INSIDE], pair), colour, dash=dash, zorder=1)
        ends.append((label, *units(ax, 1 - INSIDE, float(np.median(pairs[:, 1]))), INK))
    end_labels(ax, ends, "right")
    for x, look, column, given in zip((INSIDE, 1 - INSIDE), looks, columns, values.values(), strict=True):
        across, up = units(ax, np.full(len(column), x), column)
        dots(ax, across, up, look.colour, 5.6)
        mean = Number(given, unit)
        words(ax, across[0], height - BELOW + 22, look.name, look.text_colour, ha="center")
        words(ax, across[0], height - BELOW + 46, f"{mean.text} ±{mean.error_text}", INK_2, ha="center")
