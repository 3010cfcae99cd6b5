"""Curves over one axis: the weights of one method along λ, or a few quantities side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from figures.errors import ResultError
from figures.sheet import tabulate
from figures.strokes import (
    COLOURS,
    HEAD,
    HEAD_LINE,
    INK,
    LABEL,
    cursor_line,
    dots,
    edges,
    end_labels,
    frame,
    looks_of,
    method_of,
    room_for,
    room_for_labels,
    stroke,
    units,
    words,
)


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
    tabulate(ax, {"λ": lambdas, **dict(zip(names, coef, strict=True))})
    frame(ax, left=max(edges(ax)[0], np.ceil(LABEL + max(room_for(ax, name) for name in primary)) + 0.5))
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
    words(ax, max(left, room_for(ax, head.get_text(), HEAD) + 12), HEAD_LINE, f"ちょうど0：{n_zero}個", text_colour)


def curves(ax: Axes, x: Sequence[float], y_by_name: Mapping[str, Sequence[float]], cursor: float | None = None) -> None:
    """Curves over one axis, labelled at their right ends. A key of ``METHODS`` gets the look of its method.

    Args:
        ax: the panel, its axes set.
        x: (n,).
        y_by_name: name -> (n,), six at most that are no methods.
        cursor: an x to be marked.
    """
    looks = looks_of(y_by_name)
    room_for_labels(ax, [look.name for look in looks])
    tabulate(ax, {ax.get_xlabel(): x, **{look.name: y for look, y in zip(looks, y_by_name.values(), strict=True)}})
    ends = []
    for look, y in zip(looks, y_by_name.values(), strict=True):
        xs, ys = units(ax, x, y)
        stroke(ax, xs, ys, look.colour, width=2, dash=look.dash, zorder=2)
        ends.append((look.name, xs[-1], ys[-1], look.text_colour))
    end_labels(ax, ends, "right")
    if cursor is not None:
        cursor_line(ax, cursor)
