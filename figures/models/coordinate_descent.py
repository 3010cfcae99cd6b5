"""Coordinate descent for the lasso (L1): one weight at a time, each put where it is best while the others stand still.

    minimise over w:   1/(2n) ||y - X w||²  +  λ ||w||₁

    for j = 1 … p:     w_j ← S(x_j'r_j/n, λ) / (x_j'x_j/n),      r_j = y - Σ_{k≠j} x_k w_k

S is the ``soft_threshold``: the minimum over one weight has this closed form, which needs no step size, and the weights
that it makes 0 are exactly 0. Going once through all weights is a sweep. Where no two features correlate, the second
sweep changes nothing; the more they do, the more sweeps it takes.

    X: (n_samples, n_features)   standardised columns, none of them 0      y: (n_samples,)   centred

Elsewhere: scikit-learn ``Lasso(alpha=λ)`` and glmnet, which stop at a tolerance; here the caller stops.
Source: Friedman, Hastie, Höfling & Tibshirani (2007), Pathwise coordinate optimization, Ann. Appl. Stat. 1(2); Tseng
(2001), J. Optim. Theory Appl. 109(3), for the proof that it ends at the minimum.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, penalty, regression_data


def coordinate_descent(X: ArrayLike, y: ArrayLike, lam: float) -> Iterator[Floats]:
    """Yield w: (n_features,) after each sweep, without end, beginning from w = 0.

    Raises:
        ValueError: for bad data, a bad λ, or a column that is 0.
    """
    X, y = regression_data(X, y)
    lam = penalty(lam, "lam")
    size = np.einsum("ij,ij->j", X, X) / len(X)
    if not size.all():
        raise ValueError(f"X（形は {X.shape}）の {size.argmin()} 列目がすべて0です。0の列を除いて渡してください。")
    return _sweeps(X, y, lam, size)


def _sweeps(X: Floats, y: Floats, lam: float, size: Floats) -> Iterator[Floats]:
    w, rest = np.zeros(X.shape[1]), y
    while True:
        for j, x in enumerate(X.T):
            z = float(x @ rest / len(X) + size[j] * w[j])
            new = (z - min(max(z, -lam), lam)) / size[j]  # S(z, λ) as its formula: arrays of one number cost more
            rest = rest + (w[j] - new) * x
            w[j] = new
        yield w.copy()
