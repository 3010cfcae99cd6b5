"""A drawing of who reads whom: files in a column, each above those that read it, an arc for every reading.

Beside ``plot``, and with its strokes: an experiment calls it from a ``draw_…``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from figures.sheet import tabulate
from figures.strokes import CAP, HEAD_LINE, INK, INK_2, RULE_2, dots, edges, frame, stroke, words

SPINE = 118.5  # from the left edge: where the files' dots stand, and the arcs end
NAME, DOTS = 12.0, 160.0  # from the spine to a file's name, and to the dots of its edits
STEP = 10.0  # between two of these dots


def who_reads_whom(
    ax: Axes,
    names: Sequence[str],
    links: Sequence[tuple[int, int]],
    moved: Sequence[Sequence[bool]],
    trail: Sequence[int],
) -> None:
    """Draw the files that lead to one number; the last one is the experiment, and two steps follow it.

    Args:
        ax: the panel; no axes are drawn.
        names: (n_files,) each file after those that it reads.
        links: (a, b): file b reads file a.
        moved: for each file one value an edit, whether it moved the number: a filled or a hollow dot.
        trail: files whose way down to the number is drawn in ink.
    """
    tabulate(
        ax,
        {
            "ファイル": names,
            "書きかえ": [len(tries) for tries in moved],
            "数字が動いた": [sum(tries) for tries in moved],
        },
    )
    names = [*names, "記録", "文の数字"]
    last = len(names) - 1
    links = [*((a, b) for a, b in links), (last - 2, last - 1), (last - 1, last)]
    _, top, _, bottom = edges(ax)
    bottom = ax.figure.bbox.height - 6.5
    frame(ax, SPINE - 0.5, top, SPINE + 0.5, bottom)  # no wider: its base line should not be seen
    ax.set_xticks([])
    ax.set_yticks([])
    words(ax, SPINE + DOTS, HEAD_LINE, "黒：数字が動いた", INK_2)
    rows = np.linspace(top, bottom - 4, len(names))
    inked, reached = set(), list(trail)
    while reached:  # follow each file to the reader nearest to the number
        here = reached.pop()
        after = [b for a, b in links if a == here]
        if after:
            inked.add((here, max(after)))
            reached.append(max(after))
    for a, b in links:
        _arc(ax, rows[a], rows[b], (rows[-1] - rows[0]), (a, b) in inked)
    for row, name in zip(rows, names, strict=True):
        dots(ax, [SPINE], [row], INK, 5)
        words(ax, SPINE + NAME, row + CAP, name, INK)
    for row, tries in zip(rows, moved, strict=False):
        for hollow in (False, True):
            x = [SPINE + DOTS + STEP * i for i, did in enumerate(tries) if did != hollow]
            dots(ax, x, [row] * len(x), INK_2 if hollow else INK, 6.4, hollow=hollow)


def _arc(ax: Axes, above: float, below: float, whole: float, inked: bool) -> None:
    """Half an ellipse to the left of the spine, the wider the farther apart its ends."""
    angle = np.linspace(0, np.pi, 25)
    width = (SPINE - 8) * ((below - above) / whole) ** 0.8
    x, y = SPINE - width * np.sin(angle), (above + below) / 2 - (below - above) / 2 * np.cos(angle)
    stroke(ax, x, y, INK if inked else RULE_2, width=2 if inked else 1, zorder=2 if inked else 1)
