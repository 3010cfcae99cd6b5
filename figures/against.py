"""Each weight without penalty against the same weight with one: how a method shrinks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from figures.axes import linear_axis, value_axis
from figures.sheet import tabulate
from figures.strokes import (
    COLOURS,
    CROWD,
    INK_2,
    METHODS,
    RULE_2,
    dots,
    end_labels,
    method_of,
    room_for_labels,
    stroke,
    units,
)


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
    tabulate(ax, {names[0]: x, **{METHODS[method_of(key)][0]: y for key, y in y_by_method.items()}})
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
