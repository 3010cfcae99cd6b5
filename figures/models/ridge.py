"""Ridge regression (L2) for all λ at once.

    minimise over w:   1/(2n) ||y - X w||²  +  λ/2 ||w||²

    w(λ) = (X'X/n + λ I)⁻¹ X'y/n  =  Σ_k  v_k f_k(λ) (u_k' y) / d_k,     f_k(λ) = s_k² / (s_k² + λ),   s_k² = d_k² / n

X = U diag(d) V' is the singular value decomposition. Along the direction v_k the least-squares solution is multiplied
by f_k, the filter factor: near 1 where the data vary much (s_k² >> λ), near 0 where they hardly do. Only if all s_k
are equal is every weight multiplied by the same number.

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred; the intercept is not penalised

Elsewhere: scikit-learn ``Ridge(alpha=n*λ)``; PyTorch ``SGD(weight_decay=λ)`` with the loss ``0.5 * MSELoss()``.
Sources: Hoerl & Kennard (1970), Ridge regression: biased estimation for nonorthogonal problems, Technometrics 12(1),
eq. (2.1) with k = nλ; for the filter factors Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd
ed., eq. (3.47), where λ is n times ours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.regression_data import Floats, design_matrix, penalties, regression_data


def ridge(X: ArrayLike, y: ArrayLike, lambdas: ArrayLike) -> Floats:
    """Return w: (n_lambdas, n_features), one row for each λ; at λ = 0 the least squares of smallest norm.

    Raises:
        ValueError: for bad data, or a λ that is negative or not finite.
    """
    X, y = regression_data(X, y)
    U, d, Vt = decompose(X)
    # f_k / d_k = 1 / (d_k + n λ / d_k): written without d_k², which would overflow or vanish for extreme units.
    shrunk = 1 / (d + len(X) * penalties(lambdas)[:, None] / d)  # (n_lambdas, rank)
    return (shrunk * (U.T @ y)) @ Vt


def ridge_many(problems: Sequence[tuple[ArrayLike, ArrayLike]], lambdas: ArrayLike) -> Floats:
    """Return w: (n_problems, n_lambdas, n_features) for many data sets; ``ValueError`` as above."""
    return np.array([ridge(X, y, lambdas) for X, y in problems])


def filter_factors(X: ArrayLike, lambdas: ArrayLike) -> Floats:
    """Return f_k(λ): (n_lambdas, rank), in falling order of s_k. Raises ``ValueError`` as ``ridge`` does."""
    X = design_matrix(X)
    d = decompose(X)[1]
    return d / (d + len(X) * penalties(lambdas)[:, None] / d)
