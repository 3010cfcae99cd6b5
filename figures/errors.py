"""Everything that the laboratory reports to its author, as one tree of exceptions.

A message is Japanese, begins with ``file:line`` where there is one, and ends with what to do.
"""

from __future__ import annotations

from collections.abc import Sequence


class FiguresError(Exception):
    """The root: catch this to report any failure of the laboratory as one message."""


class ResultError(FiguresError, ValueError):
    """A result that may not be published: NaN, infinite, empty, or not what its kind promises."""


class UnknownResult(FiguresError, KeyError):
    """A name that no experiment gives; the message suggests the nearest one."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would print the repr


class ExperimentFailed(FiguresError):
    """An experiment that gave no publishable result. ``experiment`` and ``result`` say which citations it concerns."""

    def __init__(self, message: str, experiment: str, result: str | None = None) -> None:
        super().__init__(message)
        self.experiment = experiment
        self.result = result


class ExperimentsFailed(FiguresError):
    """All experiments that failed in one update, as one message."""

    def __init__(self, failures: Sequence[ExperimentFailed]) -> None:
        super().__init__("\n".join(str(failure) for failure in failures))
        self.failures = tuple(failures)


class CacheUnusable(FiguresError):
    """The cache folder cannot be read or written (read-only, disk full)."""
