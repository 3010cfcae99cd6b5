"""Batch normalisation of what goes into a layer's units, before the activation.

    ẑ = (z - mean) / √(var + ε),     a unit's mean and variance (÷ rows) over the batch;    γ ẑ + β goes on

    ∂l/∂z = γ / √(var + ε)  (δ - mean(δ) - ẑ mean(δ ẑ)),      ∂l/∂γ = Σ δ ẑ,    ∂l/∂β = Σ δ

Multiplying the weights before it by c > 0 changes nothing but ε's share: the output keeps, the gradient is divided by c
and stands at a right angle to the weights. Rows that come one by one are given the moments of the training rows.

Source: Ioffe & Szegedy (2015), ICML, algorithm 1; van Laarhoven (2017), arXiv:1706.05350, for the scale invariance.
PyTorch: ``nn.BatchNorm1d`` in training.
"""

from __future__ import annotations

import numpy as np

from figures.models.exact import ordered_sum
from figures.models.regression_data import Floats

EPSILON = 1e-5


def normalize(z: Floats, mean: Floats, variance: Floats) -> Floats:
    """Return ẑ, (…, rows, units), for a mean and variance (…, 1, units)."""
    return (z - mean) / np.sqrt(variance + EPSILON)


def moments(z: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of z: (…, rows, units) over its rows, each (…, 1, units)."""
    mean = ordered_sum(z, axis=-2)[..., None, :] / z.shape[-2]
    return mean, ordered_sum(np.square(z - mean), axis=-2)[..., None, :] / z.shape[-2]


def backward(delta: Floats, normalized: Floats, variance: Floats, gamma: Floats) -> tuple[Floats, Floats, Floats]:
    """Return ∂l/∂z, (…, rows, units), and ∂l/∂γ, ∂l/∂β, (…, 1, units), for δ = ∂l/∂(γ ẑ + β)."""
    n = delta.shape[-2]
    of_beta = ordered_sum(delta, axis=-2)[..., None, :]
    of_gamma = ordered_sum(delta * normalized, axis=-2)[..., None, :]
    of_z = gamma / np.sqrt(variance + EPSILON) * (delta - of_beta / n - normalized * (of_gamma / n))
    return of_z, of_gamma, of_beta
