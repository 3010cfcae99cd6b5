"""Synthetic data: linear models whose true weights are known.

    y = X w + σ ε,      ε_i ~ N(0, 1) independent

Each generator is named by its design X and draws row by row, so that the first rows are the same however many are
drawn (not so ``orthonormal``). The same seed gives the same data on every machine.
"""

from __future__ import annotations

import numpy as np

from figures.models.regression_data import Floats


def sparse_linear(
    seed: int, n_samples: int, n_features: int = 50, n_real: int = 5, weight: float = 1.0, noise: float = 1.0
) -> tuple[Floats, Floats, Floats]:
    """Few features matter: x_ij ~ N(0, 1) independent, w_j = ``weight`` for the first ``n_real`` features, else 0.

    Returns:
        X: (n_samples, n_features), y: (n_samples,), w: (n_features,).
    """
    rng = np.random.default_rng(seed)
    draws = rng.standard_normal((n_samples, n_features + 1))
    X, w = draws[:, :-1], np.zeros(n_features)
    w[:n_real] = weight
    return X, X @ w + noise * draws[:, -1], w


def twins(
    seed: int, n_samples: int, n_twins: int = 5, n_features: int = 20, rho: float = 0.99, noise: float = 1.0
) -> tuple[Floats, Floats, Floats]:
    """The first features are nearly the same and equally important; the others do not matter.

    x_ij = √ρ z_i + √(1-ρ) e_ij for the ``n_twins`` first features, e_ij for the others, with z_i, e_ij ~ N(0, 1)
    independent, so that two twins correlate by ρ; w_j = 1 for the twins, else 0.

    Returns:
        X: (n_samples, n_features), y: (n_samples,), w: (n_features,).
    """
    rng = np.random.default_rng(seed)
    draws = rng.standard_normal((n_samples, n_features + 2))
    X, w = draws[:, :-2].copy(), np.zeros(n_features)
    X[:, :n_twins] = np.sqrt(rho) * draws[:, -2:-1] + np.sqrt(1 - rho) * X[:, :n_twins]
    w[:n_twins] = 1
    return X, X @ w + noise * draws[:, -1], w


def orthonormal(seed: int, w: Floats, n_samples: int = 100, noise: float = 1.0) -> tuple[Floats, Floats]:
    """No feature can stand in for another: X'X / n = I and every column has mean 0, so that X is standardised.

    X = √n Q from the QR decomposition of a centred Gaussian matrix. Then the least-squares weights are X'y / n.

    Args:
        seed: of the generator.
        w: (n_features,) the true weights.
        n_samples: n, more than n_features.
        noise: σ.

    Returns:
        X: (n_samples, n_features), y: (n_samples,).
    """
    draws = np.random.default_rng(seed).standard_normal((n_samples, len(w) + 1))
    centred = draws - draws.mean(axis=0)
    X = np.sqrt(n_samples) * np.linalg.qr(centred[:, :-1])[0]
    return X, X @ w + noise * centred[:, -1]
