"""Least squares: the weights without a penalty, against which L1 and L2 are compared.

    minimise over w:   1/(2n) ||y - X w||²,      w = X⁺ y = Σ_k  v_k (u_k' y) / d_k      over d_k > 0

X = U diag(d) V' is the singular value decomposition. When columns are collinear or p > n there are many minimisers;
this is the one with the smallest ||w||₂, the limit of ridge regression for λ → 0.

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred

Convention of this folder: λ = 0 in ``regression_data``. scikit-learn: ``LinearRegression``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, regression_data


def least_squares(X: ArrayLike, y: ArrayLike) -> Floats:
    """Return w: (n_features,), the minimiser of smallest norm. Raises ``ValueError`` for bad input."""
    X, y = regression_data(X, y)
    return np.linalg.lstsq(X, y, rcond=None)[0].astype(np.float64)


def r_squared(X: ArrayLike, y: ArrayLike, w: ArrayLike) -> float:
    """Return the share of the variance of y that X w explains: 1 - ||y - X w||² / ||y - mean(y)||²."""
    X, y = regression_data(X, y)
    residual = y - X @ np.asarray(w)
    return float(1 - residual @ residual / ((y - y.mean()) @ (y - y.mean())))
