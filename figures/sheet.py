"""The sheet that a panel is drawn on. It keeps what was drawn as columns too, for the table under the figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.errors import ResultError
from figures.results import plain

Columns = dict[str, list[float | int | str | None]]


class Sheet(Figure):
    """A figure of matplotlib with ``columns``: head -> values, all of one length; empty if nothing was noted."""

    columns: Columns = {}  # noqa: RUF012  # replaced as a whole


def tabulate(ax: Axes, columns: Mapping[str, Iterable[object]]) -> None:
    """Note what a panel shows, a column a quantity; a shorter column is empty at its end.

    Raises:
        ResultError: for NaN and infinity, or if the panel has a table already.
    """
    sheet = ax.figure
    assert isinstance(sheet, Sheet)
    if sheet.columns:
        raise ResultError("一つのパネルに図を二つ描いています。描く関数を一つにしてください。")
    values: Columns = {head: plain(np.asarray(column).tolist()) for head, column in columns.items()}
    longest = max(map(len, values.values()))
    sheet.columns = {head: column + [None] * (longest - len(column)) for head, column in values.items()}


def resize(ax: Axes, height: float) -> None:
    """Make the sheet as high as its content asks; everything keeps its distance from the top."""
    sheet = ax.figure
    assert isinstance(sheet, Sheet)
    before = sheet.bbox.height
    x0, y0, x1, y1 = ax.get_position().extents
    sheet.set_figheight(height / 72)
    top, bottom = (1 - y1) * before, (1 - y0) * before
    ax.set_position((x0, 1 - bottom / height, x1 - x0, (bottom - top) / height))
