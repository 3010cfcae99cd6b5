"""Gradient flow: gradient descent with infinitely small steps, for least squares from w = 0, at all times at once.

    dw/dt = X'(y - X w)/n,   w(0) = 0:      w(t) = Σ_k  v_k f_k(t) (u_k' y) / d_k,      f_k(t) = 1 - exp(-s_k² t)

X = U diag(d) V' is the singular value decomposition, s_k² = d_k² / n: directions along which the data vary much are
learnt first. For t -> ∞ it is least squares. Stopping at t is much like ridge regression with λ = 1/t, whose filter
factor is s²t / (s²t + 1): f is never below that and at most 1.2985 times it, and the risk of w(t) is at most 1.6862
times that of ridge, for every t, X, true w and noise.

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred
    t: zero or more, the number of steps times the learning rate of gradient descent on 1/(2n) ||y - X w||²

``exp`` differs in its last bits between builds of NumPy; in a closed form nothing adds up, and 8 digits agree.

Elsewhere: Landweber iteration and asymptotic regularisation in inverse problems; scikit-learn has none.
Source: Ali, Kolter & Tibshirani (2019), A continuous-time view of early stopping for least squares, AISTATS, with t and
λ as here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.regression_data import Floats, design_matrix, penalties, regression_data


def gradient_flow(X: ArrayLike, y: ArrayLike, times: ArrayLike) -> Floats:
    """Return w: (n_times, n_features), one row for each t.

    Raises:
        ValueError: for bad data, or a t that is negative or not finite.
    """
    X, y = regression_data(X, y)
    U, d, Vt = decompose(X)
    return (flow_factors(X, times) * (U.T @ y / d)) @ Vt


def flow_factors(X: ArrayLike, times: ArrayLike) -> Floats:
    """Return f_k(t): (n_times, rank), in falling order of s_k. Raises ``ValueError`` as ``gradient_flow`` does."""
    X = design_matrix(X)
    d = decompose(X)[1]
    return -np.expm1(-d * (d / len(X)) * penalties(times, "times")[:, None])
