"""Effective degrees of freedom: how many free weights a regularised fit is worth.

    df = 1/σ² Σ_i cov(ŷ_i, y_i)      for y = μ + σ ε with independent ε_i ~ N(0, 1) and a fixed X

For a fit ŷ = H y it is trace(H); for the lasso and the elastic net the trace at the active set is an unbiased estimate:

    ridge         trace X (X'X + nλ I)⁻¹ X'  =  Σ_k f_k(λ),       f_k(λ) = s_k² / (s_k² + λ),  s_k² = d_k² / n
    lasso         rank X_A, which is the number of features with w_j ≠ 0 unless these are collinear
    elastic net   trace X_A (X_A'X_A + nλ2 I)⁻¹ X_A'

so that all three are sums of ``filter_factors``: the elastic net's are those of X_A at λ2, the lasso's at 0 (f_k = 1).
A mean that was taken from y is one more degree of freedom, not counted here.

    X: (n_samples, n_features)       df: between 0 and rank X, without unit

Sources: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., eq. (3.50) (its λ is n times
ours) and (7.33); Zou, Hastie & Tibshirani (2007), On the "degrees of freedom" of the lasso, Ann. Statist. 35(5),
Theorem 1; for collinear columns and the elastic net Tibshirani & Taylor (2012), Degrees of freedom in lasso problems,
Ann. Statist. 40(2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.regression_data import Floats, design_matrix, finite_array, penalty
from figures.models.ridge import filter_factors

HALVINGS = 200  # of an interval whose ends differ by up to 10³², until two neighbouring floats are left


def ridge_df(X: ArrayLike, lambdas: ArrayLike) -> Floats:
    """Return df(λ): (n_lambdas,), falling from rank X at λ = 0 towards 0. Raises ``ValueError`` as ``ridge`` does."""
    return np.asarray(filter_factors(X, lambdas).sum(axis=1), dtype=np.float64)


def active_df(X: ArrayLike, w: ArrayLike, l2: float = 0.0) -> Floats:
    """Return the df of lasso (``l2`` = 0) or elastic net (``l2`` = λ2) fits.

    Args:
        X: (n_samples, n_features) that the fits were made from.
        w: (n_lambdas, n_features), a row for each fit, in which a weight that is not active is exactly 0.
        l2: λ2.

    Returns:
        df: (n_lambdas,).

    Raises:
        ValueError: for a bad X, w or ``l2``.
    """
    X, l2 = design_matrix(X), penalty(l2, "l2")
    expected = f"形が (n_lambdas, {X.shape[1]}) の有限な数値の配列"
    active = finite_array("w", w, 2, expected) != 0
    if active.shape[1] != X.shape[1]:
        raise ValueError(f"w の形は {active.shape}、X の形は {X.shape} です。{expected}を渡してください。")
    return np.array([ridge_df(X[:, A], l2)[0] if A.any() else 0.0 for A in active])


def ridge_lambda(X: ArrayLike, df: ArrayLike) -> Floats:
    """Return the λ: (n_df,) at which ridge has the given effective degrees of freedom, the inverse of ``ridge_df``.

    As s_min²/(s_min² + λ) <= df/rank <= s_max²/(s_max² + λ), λ lies between s_min² and s_max² times (rank/df - 1). As
    df falls when λ grows, halving this interval finds it to the last bit.

    Raises:
        ValueError: for a bad X, or a df that is not above 0 and at most rank X.
    """
    X = design_matrix(X)
    df = finite_array("df", df, 1 if np.iterable(df) else 0, "正の有限な数か、その1次元の配列").reshape(-1)
    d = decompose(X)[1]
    s2, rank = d**2 / len(X), len(d)
    if (df <= 0).any() or (df > rank).any():
        raise ValueError(
            f"df の形は {df.shape}、値は {df.min():g} から {df.max():g} です。"
            f"0より大きく、X（形は {X.shape}）の階数 {rank} 以下の数を渡してください。"
        )
    low, high = s2[-1] * (rank / df - 1), s2[0] * (rank / df - 1)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        too_free = (s2 / (s2 + middle[:, None])).sum(axis=1) > df
        low, high = np.where(too_free, middle, low), np.where(too_free, high, middle)
    return np.asarray(high, dtype=np.float64)
