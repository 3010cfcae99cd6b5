"""Learning rates η_t for steps t = 0, 1, …, T - 1, as an array (T,).

    constant      η
    step          η γ^⌊t / s⌋
    exponential   η γ^t
    1/t           η / (1 + c t)
    cosine        η (1 + cos(π t / T)) / 2
    warm-up       (t + 1) / n of the rate for the first n steps of any of these

Sources: Robbins & Monro (1951), A stochastic approximation method, Ann. Math. Statist. 22(3), for 1/t; Loshchilov &
Hutter (2017), SGDR, ICLR, eq. (5) without restarts; Goyal et al. (2017), arXiv:1706.02677, section 2.2, for warm-up.
PyTorch: ``torch.optim.lr_scheduler`` (``StepLR``, ``ExponentialLR``, ``CosineAnnealingLR``, ``LinearLR``).
"""

from __future__ import annotations

import math

import numpy as np

from figures.models.regression_data import Floats


def constant(rate: float, n_steps: int) -> Floats:
    """η."""
    return np.full(n_steps, rate)


def stepwise(rate: float, n_steps: int, every: int, factor: float) -> Floats:
    """η γ^⌊t / s⌋."""
    return exponential(rate, -(-n_steps // every), factor).repeat(every)[:n_steps]


def exponential(rate: float, n_steps: int, factor: float) -> Floats:
    """η γ^t, by one multiplication a step."""
    return np.asarray(np.multiply.accumulate([rate, *[factor] * (n_steps - 1)]), dtype=np.float64)


def inverse(rate: float, n_steps: int, speed: float) -> Floats:
    """η / (1 + c t)."""
    return rate / (1 + speed * np.arange(n_steps, dtype=np.float64))


def cosine(rate: float, n_steps: int) -> Floats:
    """η (1 + cos(π t / T)) / 2, the cosine by its series, because a library's is not the same everywhere."""
    angle = np.pi * (0.5 - np.arange(n_steps) / n_steps)  # cos(π x) = sin(π (½ - x))
    series = np.zeros(n_steps)
    for k in range(11, -1, -1):
        series = 1 / math.factorial(2 * k + 1) - angle * angle * series
    return rate * (1 + angle * series) / 2


def warmed_up(rates: Floats, n_warm: int) -> Floats:
    """The same rates, the first ``n_warm`` of them raised step by step."""
    return rates * np.minimum(1, np.arange(1, len(rates) + 1) / n_warm)
