"""Small pictures in a grid, such as digits of 8 by 8 pixels, as areas of ink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from figures.errors import ResultError
from figures.sheet import resize, tabulate
from figures.strokes import INK, INK_2, RULE_2, down, frame, stroke, words

ACROSS = 5  # pictures in a row, which a phone still shows in 50 px each
TOP, BELOW = 30.0, 30.0  # above the first row; below each picture, for its title
BETWEEN = 16.0
LEVELS = 8  # of ink, besides none
OVERLAP = 0.25  # of neighbours, or a hairline of paper would show between them


def images(ax: Axes, pictures: Sequence[Sequence[Sequence[float]]], titles: Sequence[str], most: float) -> None:
    """Each picture with its title below; the ink is the darker the larger the value, so a dark page shows it light.

    A level k of K is one area: all pixels of k/K of ``most`` or more, drawn over that of the level below with such an
    opacity that k layers are k/K of full ink: 1 − (1 − k/K) / (1 − (k−1)/K).

    Args:
        ax: the panel; it gets as high as the grid.
        pictures: (n, rows, columns), from 0 to ``most``.
        titles: (n,).
        most: the value of full ink.

    Raises:
        ResultError: if the shapes do not fit together, or a value is below 0 or above ``most``.
    """
    shades = np.asarray(pictures, dtype=float) / most
    if shades.ndim != 3 or len(shades) != len(titles):
        raise ResultError(
            f"画像の形は {shades.shape}、題は{len(titles)}個です。(枚数, 行, 列) と、同じ数の題にしてください。"
        )
    if not ((shades >= 0) & (shades <= 1)).all():
        raise ResultError(f"画像の値に、0から{most:g}の外のものがあります。範囲を合わせてください。")
    n, height, width = shades.shape
    side = (ax.figure.bbox.width - 2 - BETWEEN * (ACROSS - 1)) / ACROSS
    pitch = side * height / width + BELOW
    resize(ax, TOP + pitch * -(-n // ACROSS))
    frame(ax, 0.5, TOP, 1.5, TOP + 1)  # no wider: its base line should not be seen
    ax.set_axis_off()
    ax.set_xticks([])
    ax.set_yticks([])
    ink: list[list[tuple[float, float, float, float]]] = [[] for _ in range(LEVELS)]
    for i, picture in enumerate(shades):
        x, y = 1 + i % ACROSS * (side + BETWEEN), TOP + i // ACROSS * pitch
        bottom = y + pitch - BELOW
        stroke(ax, [x, x + side, x + side, x, x], [y, y, bottom, bottom, y], RULE_2)
        words(ax, x + side / 2, bottom + 19, titles[i], INK_2, ha="center")
        levels = np.floor(picture * LEVELS + 0.5)
        for level in range(1, LEVELS + 1):
            for row, first, last in runs(levels >= level):
                pixel = side / width
                ink[level - 1].append((x + first * pixel, y + row * pixel, (last - first) * pixel, pixel))
    for level, areas in enumerate(ink, 1):
        if areas:
            alpha = 1 - (1 - level / LEVELS) / (1 - (level - 1) / LEVELS)
            look: dict[str, Any] = {
                "fc": INK,
                "alpha": round(alpha, 3),
                "lw": 0,
                "transform": down(ax),
                "clip_on": False,
            }
            ax.figure.add_artist(PathPatch(outline(areas), **look))
    head = [f"{row + 1}行{column + 1}列" for row in range(height) for column in range(width)]
    flat = np.asarray(pictures, dtype=float).reshape(n, -1)
    tabulate(ax, {"画像": titles, **{pixel: flat[:, i] for i, pixel in enumerate(head)}})


def runs(inside: np.ndarray) -> list[tuple[int, int, int]]:
    """Each run of true pixels in a row: row, first column, column behind the last."""
    found = []
    for row, line in enumerate(inside):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(int)))
        found += [(row, int(first), int(last)) for first, last in edges.reshape(-1, 2)]
    return found


def outline(areas: Sequence[tuple[float, float, float, float]]) -> Path:
    """One path of rectangles (left, top, width, height), each a little higher than its pixels."""
    corners, codes = [], []
    for x, y, width, height in areas:
        foot = y + height + OVERLAP
        corners += [(x, y), (x + width, y), (x + width, foot), (x, foot), (x, y)]
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(corners, codes)
