"""The axes of a panel: an experiment sets them before it plots, and they are drawn when it is done."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from figures.letters import TEXT_SIZE
from figures.strokes import (
    BOTTOM,
    CAP,
    INK_2,
    NAME_BELOW,
    RULE,
    RULE_2,
    edges,
    frame,
    growth_of,
    number,
    room_for,
    stroke,
    units,
    within,
    words,
)


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


def draw_axes(ax: Axes) -> None:
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
    first, below = left, bottom + 5.25 + TEXT_SIZE * growth_of(ax)  # under the lowest number of the other axis
    free = -np.inf
    for value in within(ax.get_xticks(), across):
        x = units(ax, value, up[0])[0]
        half = room_for(ax, number(value)) / 2
        stroke(ax, [x, x], [bottom, bottom + 4], RULE_2, zorder=0)
        at_end = x + half > ax.figure.bbox.width
        first = min(first, x - half - 5)
        if x - (2 if at_end else 1) * half >= free:  # a narrow axis has all its ticks, and numbers as far as they fit
            words(ax, x, below, number(value), INK_2, ha="right" if at_end else "center")
            free = x + half + 4
    name = ax.get_xlabel()
    if ax.get_xscale() == "log" and room_for(ax, name) < first:
        words(ax, first, below, name, INK_2, ha="right")
    else:
        words(ax, right, below + 13.5 * growth_of(ax), name, INK_2, ha="right")
