"""Searching for λ: a grid, random draws, successive halving; and what the search costs.

    grid         n values, equally far apart in log λ
    random       n values, log λ uniform between the ends
    halving      all n values with little; the better half with twice as much; … until one is left

What a fit is given is its resource r: training rows, or epochs. The cost of a search is the sum of r over all fits, so
that searches of different kinds can be compared at the same cost. Halving with a budget B makes L = ⌈log2 n⌉ rounds,

    round k:  |S_k| values, each fitted with r_k = ⌊B / (|S_k| L)⌋, at most ``most``;     |S_{k+1}| = ⌈|S_k| / 2⌉

Each round costs at most B/L. Losses that agree to nine digits are equal, and smaller λ go first (``choose_lambda``).
Two things differ from the paper: every fit starts anew, with r_k in all (there training goes on from round to round, so
that a value has had r_0 + … + r_k), and half of an odd number is rounded up, as in Karnin, Koren & Somekh (2013).
λ is rounded to 8 digits: powers differ between machines in their last bits, and these should not.

    lambdas: (n,) > 0      loss(lambdas, r) -> (n,), the loss on rows left out, for all values of a round at once

Elsewhere: scikit-learn ``GridSearchCV``, ``RandomizedSearchCV`` over ``scipy.stats.loguniform``,
``HalvingGridSearchCV(factor=2)`` (it may add a last round with the single survivor).
Sources: Bergstra & Bengio (2012), J. Mach. Learn. Res. 13; Jamieson & Talwalkar (2016), Non-stochastic best arm
identification and hyperparameter optimization, AISTATS, section 3 (successive halving).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from figures.models.choose_lambda import best
from figures.models.regression_data import Floats, finite_array, penalties

Loss: TypeAlias = Callable[[Floats, int], ArrayLike]


class Search(NamedTuple):
    """The chosen λ, and the rounds that led to it: the values tried and the resource that each fit was given."""

    chosen: float
    rounds: list[tuple[Floats, int]]

    @property
    def cost(self) -> int:
        """The sum of the resource over all fits."""
        return sum(len(tried) * resource for tried, resource in self.rounds)


def log_grid(low: float, high: float, n: int) -> Floats:
    """Return λ: (n,), rising, with λ_{i+1} / λ_i constant. Raises ``ValueError`` unless 0 < low < high, n >= 2."""
    _check_range(low, high)
    return _between(low, high, np.arange(_count("n", n, 2)) / (n - 1))


def log_uniform(seed: int, low: float, high: float, n: int) -> Floats:
    """Return λ: (n,) in the order drawn. Raises ``ValueError`` unless 0 < low < high, n >= 1."""
    _check_range(low, high)
    return _between(low, high, np.random.default_rng(seed).random(_count("n", n, 1)))


def try_all(loss: Loss, lambdas: ArrayLike, resource: int) -> Search:
    """Fit every λ with the same resource and take the one with the smallest loss: grid or random search."""
    tried, resource = np.sort(penalties(lambdas)), _count("resource", resource, 1)
    return Search(float(best(tried, _losses(loss, tried, resource), 1)[0]), [(tried, resource)])


def successive_halving(loss: Loss, lambdas: ArrayLike, budget: int, most: int) -> Search:
    """Spend ``budget`` on the given λ, no fit with more than ``most``.

    Raises:
        ValueError: for a bad λ, a loss that is not finite, or a budget too small to give each λ something.
    """
    left, rounds = np.sort(penalties(lambdas)), list[tuple[Floats, int]]()
    n_rounds = math.ceil(math.log2(len(left)))
    _count("budget", budget, max(1, len(left) * n_rounds))
    _count("most", most, 1)
    for _ in range(n_rounds):
        resource = min(most, budget // (len(left) * n_rounds))
        rounds.append((left, resource))
        left = best(left, _losses(loss, left, resource), (len(left) + 1) // 2)
    return Search(float(left[0]), rounds)


def _losses(loss: Loss, lambdas: Floats, resource: int) -> Floats:
    expected = f"λごとに一つ、形が ({len(lambdas)},) の有限な値を返す loss"
    losses = finite_array("loss の値", loss(lambdas, resource), 1, expected)
    if len(losses) != len(lambdas):
        raise ValueError(f"loss の値の形は {losses.shape} です。{expected}を渡してください。")
    return losses


def _check_range(low: float, high: float) -> None:
    ends = finite_array("low と high", [low, high], 1, "0より大きく low < high の有限な数")
    if not 0 < ends[0] < ends[1]:
        raise ValueError(f"low={low}、high={high} は使えません。0より大きく low < high の数を渡してください。")


def _between(low: float, high: float, share: Floats) -> Floats:
    return np.array([float(f"{low * (high / low) ** float(u):.8g}") for u in share])


def _count(name: str, value: int, least: int) -> int:
    if not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name}={value} は使えません。{least} 以上の整数を渡してください。")
    return int(value)
