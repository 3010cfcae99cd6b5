"""``python -m figures bench``: the project's own measures, each with the goal that it has to reach.

A suite is a tuple of measurements. A measurement is one function (repeats, shrink) -> rows: it times everything
``repeats`` times, with its sizes divided by ``shrink`` (1 measures; more only shows that the command runs). Rivals are
no dependency of the project: where one is not installed its rows have no value, say why, and are not met.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from figures.bench import lasso, networks
from figures.bench.rows import Row

Measurement: TypeAlias = Callable[[int, int], list[Row]]

SUITES: dict[str, tuple[Measurement, ...]] = {
    "lab": (
        lasso.speed_and_accuracy,
        lasso.growth,
        networks.against_torch,
        networks.exactness,
        networks.growth,
    ),
}


def measure(suite: str, repeats: int = 5, shrink: int = 1) -> list[Row]:
    """Return the rows of all measurements of a suite, one measurement after the other."""
    return [row for measurement in SUITES[suite] for row in measurement(repeats, shrink)]
