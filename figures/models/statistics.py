"""What many seeds say, beyond the mean and standard error that ``results.Number`` has.

    paired difference     mean of d_i = a_i - b_i, and SE = s_d / √n with s_d over n - 1
    bootstrap             B times n values drawn with replacement from the n, and the statistic of each; the interval
                          from their (1-level)/2 to their (1+level)/2 quantile; SE = their standard deviation over B - 1
    share                 of the seeds in which a comparison holds

Two models that saw the same seeds are compared by their difference in each seed: what a seed does to both cancels.
The bootstrap is for statistics without a formula for SE, such as the median. Sums are exact before they are rounded
(``math.fsum``), and the order of the draws is fixed, so that each result is the same on every machine.

    a, b, values: (n_seeds,)

Elsewhere: ``scipy.stats.ttest_rel`` (mean / SE is its statistic); ``scipy.stats.bootstrap(method="percentile")``.
Sources: Efron & Tibshirani (1993), An Introduction to the Bootstrap, algorithm 6.1 (SE) and eq. (13.5) (interval).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, finite_array
from figures.results import Claim, Relation


class Difference(NamedTuple):
    """Mean of a - b over the seeds, and its standard error."""

    mean: float
    standard_error: float


class Bootstrap(NamedTuple):
    """The ends of the percentile interval, and the standard error of the statistic."""

    low: float
    high: float
    standard_error: float


def paired_difference(a: ArrayLike, b: ArrayLike) -> Difference:
    """Compare two values per seed. Raises ``ValueError`` unless both are finite, (n_seeds,), two seeds or more."""
    a, b = _per_seed("a", a), _per_seed("b", b)
    if len(a) != len(b):
        raise ValueError(f"a の形は {a.shape}、b の形は {b.shape} です。同じ種の値を、同じ順に渡してください。")
    d = (a - b).tolist()
    return Difference(statistics.fmean(d), _standard_deviation(d) / math.sqrt(len(d)))


def bootstrap(
    values: ArrayLike,
    statistic: Callable[[Sequence[float]], float] = statistics.fmean,
    level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Bootstrap:
    """Return the percentile interval of a statistic, such as ``statistics.fmean`` or ``statistics.median``.

    Raises:
        ValueError: unless values are finite, (n_seeds,), two or more; 0 < level < 1; n_resamples >= 2.
    """
    array = _per_seed("values", values)
    if not 0 < level < 1:
        raise ValueError(f"level={level} は使えません。0より大きく1より小さい数を渡してください。")
    if not isinstance(n_resamples, int) or n_resamples < 2:
        raise ValueError(f"n_resamples={n_resamples} は使えません。2以上の整数を渡してください。")
    draws = np.random.default_rng(seed).integers(0, len(array), (n_resamples, len(array)))
    drawn = sorted(float(statistic(sample)) for sample in array[draws].tolist())
    low, high = (_quantile(drawn, share) for share in ((1 - level) / 2, (1 + level) / 2))
    return Bootstrap(low, high, _standard_deviation(drawn))


def share(left: ArrayLike, relation: Relation, right: ArrayLike) -> float:
    """Return the share of seeds in which ``left relation right`` holds, as a ``Claim`` counts it (to 8 digits)."""
    other = finite_array("right", right, min(np.ndim(right), 1), "一つの数か、left と同じ形の有限な数値の配列")
    claim = Claim(_per_seed("left", left).tolist(), relation, other.tolist())
    return claim.held / claim.n


def _per_seed(name: str, values: ArrayLike) -> Floats:
    array = finite_array(name, values, 1, "形が (n_seeds,) で2個以上の、有限な数値の配列")
    if len(array) < 2:
        raise ValueError(f"{name} の形は {array.shape} です。種ごとの値を2個以上渡してください。")
    return array


def _standard_deviation(values: Sequence[float]) -> float:
    mean = statistics.fmean(values)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value at place share·(n-1), counted from 0, on the line between its neighbours."""
    place = share * (len(ordered) - 1)
    k = min(int(place), len(ordered) - 2)
    return ordered[k] + (place - k) * (ordered[k + 1] - ordered[k])
