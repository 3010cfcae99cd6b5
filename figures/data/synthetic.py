"""Synthetic data: linear models whose true weights are known.

    y = X w + σ ε,      ε_i ~ N(0, 1) independent

Each generator is named by its design X and draws row by row, so that the first rows are the same however many are
drawn (not so ``orthonormal``). The same seed gives the same data on every machine: all generators of this folder are
``default_rng(seed)`` (PCG64) with ``standard_normal``, ``random``, ``integers`` and ``permutation`` only. NumPy does
not promise that these streams never change; from 2.0.2 to 2.4.6 they did not.
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


def autoregressive(seed: int, w: Floats, n_samples: int, rho: float = 0.5, noise: float = 1.0) -> tuple[Floats, Floats]:
    """Neighbours correlate, and the less the farther apart: corr(x_j, x_k) = ρ^|j-k|, every variance 1.

    x_i1 = z_i1,  x_ij = ρ x_i,j-1 + √(1-ρ²) z_ij,  z_ij ~ N(0, 1) independent. Source: Tibshirani (1996), J. R. Stat.
    Soc. B 58(1), section 7.2.

    Args:
        seed: of the generator.
        w: (n_features,) the true weights.
        n_samples: n.
        rho: ρ, from -1 to 1.
        noise: σ.

    Returns:
        X: (n_samples, n_features), y: (n_samples,).
    """
    draws = np.random.default_rng(seed).standard_normal((n_samples, len(w) + 1))
    X = draws[:, :-1].copy()
    for j in range(1, len(w)):
        X[:, j] = rho * X[:, j - 1] + np.sqrt(1 - rho**2) * X[:, j]
    return X, X @ w + noise * draws[:, -1]


def teacher(seed: int, n_samples: int, n_features: int, noise: float = 1.0) -> tuple[Floats, Floats, Floats]:
    """A linear student learns from a linear teacher: y_i = 1/√N Σ_j u_j ξ_ij + σ ε_i, with u_j, ξ_ij, ε_i ~ N(0, 1).

    Returned is X = ξ/√N, N being ``n_features``. In the paper the penalty λ/2 ||w||² stands beside 1/2 ||y - X w||²: it
    is n times the λ of ``regression_data``. The error averaged over teachers is smallest at λ = σ² / var(u) = σ².

    Source: Krogh & Hertz (1991), A simple weight decay can improve generalization, NIPS 4.

    Returns:
        X: (n_samples, n_features), y: (n_samples,), u: (n_features,) the teacher.
    """
    rng = np.random.default_rng(seed)
    u = rng.standard_normal(n_features)
    draws = rng.standard_normal((n_samples, n_features + 1))
    X = draws[:, :-1] / np.sqrt(n_features)
    return X, X @ u + noise * draws[:, -1], u


def stationary_noise(seed: int, n_steps: int, batch_size: int, n_features: int) -> tuple[Floats, Floats]:
    """Mini-batches with nothing to learn: x_ij, y_i ~ N(0, 1), all independent, and new in each step.

    The gradient of any model is then noise whose law does not change as training goes on, as theories of the balance
    between weight decay and gradient noise suppose. Source: van Laarhoven (2017), L2 regularization versus batch and
    weight normalization, arXiv:1706.05350.

    Returns:
        X: (n_steps, batch_size, n_features), y: (n_steps, batch_size).
    """
    draws = np.random.default_rng(seed).standard_normal((n_steps, batch_size, n_features + 1))
    return draws[..., :-1], draws[..., -1]
