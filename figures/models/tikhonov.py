"""Tikhonov regularisation: L2 on Γ w instead of w, for all λ at once.

    minimise over w:   1/(2n) ||y - X w||²  +  λ/2 ||Γ w||²        (X'X/n + λ Γ'Γ) w = X'y/n

Γ = I is ridge. A Γ that takes differences of neighbouring weights asks for a smooth w instead of a small one; it has a
null space (a constant w costs nothing). For λ > 0 the solution is unique if and only if no w ≠ 0 has both X w = 0 and
Γ w = 0; otherwise there is an error. At λ = 0 it is the limit λ → 0, the least squares with the smallest ||Γ w||.

Both matrices are made diagonal by one basis W (a generalised singular value decomposition), and then each λ is free:

    X W = U diag(c),   U'U = I,   (Γ W)'(Γ W) = diag(s²)           from   [X; Γ] = [Q1; Q2] R,   Q1 V = U diag(c),
                                                                          (Q2 V)'(Q2 V) = diag(s²),   W = R⁻¹ V
    w(λ) = Σ_k  w_k f_k (u_k'y) / c_k,      f_k(λ) = c_k² / (c_k² + nλ s_k²)      over c_k > 0

Since Q1'Q1 + Q2'Q2 = I, the same V serves both and c² + s² = 1. X and Γ are first divided by their largest entries, so
that neither is lost beside the other.

    X: (n_samples, n_features)   y: (n_samples,)   Γ: (n_rows, n_features), any n_rows        no intercept is fitted

Elsewhere: with an invertible Γ, scikit-learn ``Ridge(alpha=n*λ)`` on X Γ⁻¹ gives Γ w.
Sources: Tikhonov (1963), Soviet Math. Dokl. 4; Hansen (1998), Rank-Deficient and Discrete Ill-Posed Problems, SIAM,
§2.1.2 (GSVD), whose λ² is nλ; Van Loan (1985), Computing the CS and the generalized singular value decompositions,
Numer. Math. 46.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, design_matrix, penalties, regression_data


class GeneralizedSVD(NamedTuple):
    """X W = U diag(c) and (Γ W)'(Γ W) = diag(s²), without the directions in which X is 0 but for rounding.

    Attributes:
        U: (n_samples, rank) orthonormal.
        c: (rank,) positive.
        s: (rank,), exactly 0 in the null space of Γ.
        W: (n_features, rank).
    """

    U: Floats
    c: Floats
    s: Floats
    W: Floats


def tikhonov(X: ArrayLike, y: ArrayLike, Gamma: ArrayLike, lambdas: ArrayLike) -> Floats:
    """Return w: (n_lambdas, n_features), one row for each λ.

    Raises:
        ValueError: for bad data, a bad λ, a Γ with another number of columns than X, or a solution that is not unique.
    """
    X, y = regression_data(X, y)
    U, c, s, W = generalized_svd(X, Gamma)
    # f_k / c_k without squares, which would overflow or vanish for extreme units.
    shrunk = 1 / (c + len(X) * penalties(lambdas)[:, None] * s * (s / c))
    return (shrunk * (U.T @ y)) @ W.T


def generalized_svd(X: ArrayLike, Gamma: ArrayLike) -> GeneralizedSVD:
    """Make X and Γ diagonal; what is returned cannot be written to. Raises ``ValueError`` as ``tikhonov`` does."""
    X, Gamma = design_matrix(X), design_matrix(Gamma, "Gamma")
    if Gamma.shape[1] != X.shape[1]:
        expected = f"列数が {X.shape[1]} の配列を渡してください。"
        raise ValueError(f"Gamma の形は {Gamma.shape}、X の形は {X.shape} です。{expected}")
    return _decomposed(X.tobytes(), Gamma.tobytes(), len(X), X.shape[1])


@lru_cache(maxsize=32)  # many signals are restored from one and the same blur
def _decomposed(X_bytes: bytes, Gamma_bytes: bytes, n: int, p: int) -> GeneralizedSVD:
    X, Gamma = np.frombuffer(X_bytes).reshape(n, p), np.frombuffer(Gamma_bytes).reshape(-1, p)
    m = len(Gamma)
    unit_x, unit_gamma = (np.abs(A).max() or 1.0 for A in (X, Gamma))
    stacked = np.vstack([X / unit_x, Gamma / unit_gamma])
    if np.linalg.matrix_rank(stacked) < p:
        raise ValueError(
            f"X（形は {X.shape}）と Gamma（形は {Gamma.shape}）を縦に並べた行列の階数が {p} より小さく、"
            "解が一つに決まりません。X w = 0 かつ Gamma w = 0 となる w が 0 だけの Gamma を渡してください。"
        )
    Q, R = np.linalg.qr(stacked)
    # The SVD of Q2 tells small s apart, but not small c, as all of these have s near 1. Q1 V = U T is diagonal where s
    # is small; the rest of it is made so by an SVD of its own.
    _, s, Vt = np.linalg.svd(Q[n:])
    V = Vt[::-1].T
    U, T = np.linalg.qr(Q[:n] @ V)
    k = p - int((s > np.sqrt(0.5)).sum())
    turn_U, c, turn_Vt = np.linalg.svd(T[k:, k:], full_matrices=False)
    c = np.append(np.diagonal(T)[:k], c)
    U, V = np.hstack([U[:, :k], U[:, k:] @ turn_U]), np.hstack([V[:, :k], V[:, k:] @ turn_Vt.T])
    U, c = U * np.sign(c), np.abs(c)
    s = np.linalg.norm(Q[n:] @ V, axis=0)
    rounding = (n + m) * np.finfo(np.float64).eps
    s[s <= rounding] = 0
    kept = c > rounding
    W = np.linalg.solve(R, V)[:, kept]
    found = GeneralizedSVD(U[:, kept], c[kept] * unit_x, s[kept] * unit_gamma, W)
    for array in found:
        array.flags.writeable = False
    return found


def first_differences(n_features: int) -> Floats:
    """Return Γ: (n_features - 1, n_features) with (Γ w)_j = w_{j+1} - w_j, which is 0 for a constant w."""
    return _differences(n_features, 1)


def second_differences(n_features: int) -> Floats:
    """Return Γ: (n_features - 2, n_features) with (Γ w)_j = w_j - 2 w_{j+1} + w_{j+2}, 0 for a straight line."""
    return _differences(n_features, 2)


def _differences(n_features: int, order: int) -> Floats:
    if n_features <= order:
        raise ValueError(f"n_features={n_features} は使えません。{order + 1} 以上の整数を渡してください。")
    return np.diff(np.eye(n_features), order, axis=0)


def fit_and_rest(U: Floats, y: Floats) -> tuple[Floats, float]:
    """Return u_k'y: (rank,), and the length of what no X w reaches, ||y - UU'y||, for U of ``generalized_svd``."""
    fit = U.T @ y
    return fit, float(np.linalg.norm(y - U @ fit))
