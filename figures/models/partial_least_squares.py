"""Partial least squares (PLS1): least squares on directions chosen by their covariance with y, for each number.

    r_0 = y;    for m = 1, 2, …:   z_m = X X' r_{m-1}, made orthogonal to z_1 … z_{m-1}
                                   r_m = r_{m-1} - z_m (z_m' r_{m-1}) / (z_m' z_m)

X'r holds the covariance of each feature with what is not yet explained: z_m weighs the features by it. The fit after m
directions, X w_m = y - r_m, is the projection of y on the Krylov space of XX'y, (XX')²y, …, (XX')ᵐy; so w_m minimises
||y - X w||² over the span of X'y, (X'X)X'y, …, (X'X)ᵐ⁻¹X'y and is the m-th iterate of the conjugate gradient method
from 0. All is done in the coordinates of the singular value decomposition X = U diag(d) V', in which X X' is diag(d²)
and w = V diag(1/d) U'(y - r); the arbitrary signs of U and V cancel. Once y is explained as well as it can be, further
directions change nothing: one direction is enough if X is orthonormal.

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred

Elsewhere: scikit-learn ``PLSRegression(m, scale=False)``; R ``pls::plsr``.
Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., algorithm 3.3; for the Krylov
space Helland (1988), On the structure of partial least squares regression, Commun. Statist. Simul. Comput. 17(2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.regression_data import Floats, regression_data


def partial_least_squares(X: ArrayLike, y: ArrayLike) -> Floats:
    """Return w: (rank + 1, n_features): row m uses m directions, row 0 is 0, the last is least squares.

    Raises:
        ValueError: for bad data.
    """
    X, y = regression_data(X, y)
    U, d, Vt = decompose(X)
    target = U.T @ y  # (rank,) y in the coordinates of U; what lies outside no weights can explain
    residuals, Z = [target], np.zeros((len(d), 0))
    for _ in d:
        r = residuals[-1]
        z = (d / d[0]) ** 2 * r
        for _ in range(2):  # after one projection rounding leaves a little of the earlier directions in it
            z = z - Z @ (Z.T @ z)
        z = z / (np.linalg.norm(z) or 1)
        Z = np.column_stack([Z, z])
        # A direction that is only rounding takes only rounding away: nothing hangs on seeing that y is explained.
        residuals.append(r - z * (z @ r))
    return ((target - residuals) / d) @ Vt
