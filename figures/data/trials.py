"""Edit one file that an experiment runs on, run it again from text, and see what became of one number of it.

The number is ``l1_vs_l2.l1_zeros``, of the first ``N_REPEATS`` of the experiment's own repeats. Nothing is written.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from figures.data.edits import cosmetic_edit, real_edit
from figures.data.sources import execute, experiment_file, line_limit, read_sources, readers
from figures.data.watches import WATCHES, Key, Texts, clock
from figures.errors import ResultError
from figures.results import Number

TARGET = "l1_vs_l2"
OWN = experiment_file(TARGET)
N_REPEATS = 3

Outcome: TypeAlias = tuple[tuple[Any, ...], tuple[float, ...]]


class Trial(NamedTuple):
    """One edit: where, what became of the number, and which of the ``WATCHES`` would run the experiment again."""

    path: str
    changed: bool  # the printed number or a value behind it is another, or none comes out
    stopped: bool
    finer: bool  # the weights behind the count differ in 8 digits, or none come out
    noticed: Mapping[str, bool]


@lru_cache(maxsize=1)
def sources() -> dict[str, str]:
    """The files as they stand, path -> text."""
    return read_sources(TARGET)


@lru_cache(maxsize=1)
def modules() -> dict[str, ModuleType]:
    """The same, run."""
    return execute(TARGET, sources())


@lru_cache(maxsize=8)
def unedited(watch: Callable[[Texts], Key]) -> Key:
    """What a watch makes of them."""
    return watch(sources())


@lru_cache(maxsize=1024)
def outcome(path: str, text: str) -> Outcome | None:
    """With one file replaced: the number (its values, what is printed) and the weights behind it; None if it stops."""
    try:
        known = {other: module for other, module in modules().items() if other not in readers(path, sources())}
        module = execute(TARGET, {**sources(), path: text}, known)[OWN]
        with np.errstate(all="ignore"), line_limit():
            data = [(t.X, t.y) for t in module.subsamples(range(N_REPEATS))]
            weights = module.fit(data, module.LAMBDA, module.LAMBDA).l1
            number = module.Number(module.zeros(weights), "個")
            printed = (*number.values, number.text, number.error_text)
        return printed, Number(weights.ravel()).values
    except Exception:  # whatever the edit broke: readers get no number
        return None


def counted_before() -> Outcome:
    """Without an edit."""
    before = outcome(OWN, sources()[OWN])
    if before is None:
        raise ResultError(f"{TARGET} が走りません。figures/{OWN} が止まっているなら、先にそちらを直してください。")
    return before


def compared(path: str, text: str) -> tuple[bool, bool, bool]:
    """Whether an edit changed the number, stopped the run, changed the weights behind the number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of edited code
        before, after = counted_before(), outcome(path, text)
    return after is None or after[0] != before[0], after is None, after != before


def tried(path: str, text: str) -> Trial:
    """Make one edit, run, compare; ask each of the watches."""
    edited = {**sources(), path: text}
    noticed = {name: watch(edited) != unedited(watch) for name, watch in WATCHES.items()}
    later = clock(edited, second=1) != unedited(clock)
    return Trial(path, *compared(path, text), {**noticed, "later": later})


@lru_cache(maxsize=64)
def real_trials(seed: int, n: int) -> list[Trial]:
    """``n`` edits of any of the files."""
    generator = np.random.default_rng(seed)
    return [tried(*real_edit(sources(), generator)) for _ in range(n)]


@lru_cache(maxsize=64)
def cosmetic_trials(seed: int, n: int) -> list[Trial]:
    """``n`` edits of looks only."""
    generator = np.random.default_rng(seed)
    return [tried(*cosmetic_edit(sources(), generator)) for _ in range(n)]


def moving(path: str, seed: int, edits: int) -> float:
    """The share of edits of one file that move the number."""
    generator = np.random.default_rng(seed)
    drawn = [real_edit({path: sources()[path]}, generator) for _ in range(edits)]
    return float(np.mean([compared(*edit)[0] for edit in drawn]))
