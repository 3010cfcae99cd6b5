"""Gradient descent with a fixed learning rate, for least squares from w = 0, at all steps at once; and when to stop.

    w_k = w_{k-1} + η X'(y - X w_{k-1})/n,   w_0 = 0:     w_k = Σ_j  v_j f_j(k) (u_j' y) / d_j,
    f_j(k) = 1 - (1 - η s_j²)ᵏ

X = U diag(d) V' is the singular value decomposition, s_j² = d_j² / n the curvature of 1/(2n) ||y - X w||² along v_j.
With η < 2/s_1² every filter factor goes to 1 and w_k to least squares. Above that limit the steps overshoot by more
each time: w_k is still computed, and grows like (η s_1² - 1)ᵏ. At the limit itself it swings for ever between 0 and
twice the least squares along v_1.

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred
    η: learning_rate, zero or more                          k: steps, whole numbers from 0

Powers differ in their last bits between builds of NumPy; in a closed form nothing adds up, and 8 digits agree.

Elsewhere: PyTorch ``SGD(lr=η)`` on all rows with the loss ``0.5 * MSELoss()``; Landweber iteration in inverse problems.
Source: Landweber (1951), Amer. J. Math. 73(3); Goodfellow, Bengio & Courville (2016), Deep Learning, section 7.8;
Yao, Rosasco & Caponnetto (2007), On early stopping in gradient descent learning, Constr. Approx. 26(2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.regression_data import Floats, design_matrix, finite_array, penalties, penalty, regression_data

EQUAL = 1e-9  # validation errors that differ by a smaller share than this are equal
ROUNDING = 1e-13  # a residual below this share of y is 0 but for rounding


def gradient_descent(X: ArrayLike, y: ArrayLike, learning_rate: float, steps: ArrayLike) -> Floats:
    """Return w: (n_steps, n_features), one row for each number of steps.

    Raises:
        ValueError: for bad data, a negative learning rate, steps that are not whole numbers from 0, or so many steps
            above the limit that w is too large for a float.
    """
    X, y = regression_data(X, y)
    U, d, Vt = decompose(X)
    with np.errstate(over="ignore", invalid="ignore"):
        w = (descent_factors(X, learning_rate, steps) * (U.T @ y / d)) @ Vt
    if not np.isfinite(w).all():
        raise ValueError(
            f"learning_rate={learning_rate:g} は安定の限界 {stability_limit(X):g} より大きく、"
            f"重みが数として表せなくなりました。steps（形は {np.shape(steps)}）に、もっと小さな回数を渡してください。"
        )
    return w


def descent_factors(X: ArrayLike, learning_rate: float, steps: ArrayLike) -> Floats:
    """Return f_j(k): (n_steps, rank), in falling order of s_j; infinite if too large.

    Raises:
        ValueError: for a bad X, learning rate or number of steps.
    """
    X = design_matrix(X)
    rate, k = penalty(learning_rate, "learning_rate"), penalties(steps, "steps")[:, None]
    if (k != np.floor(k)).any():
        raise ValueError(f"steps の形は {np.shape(steps)} で、整数でない値があります。0以上の整数を渡してください。")
    d = decompose(X)[1]
    x = rate * d * (d / len(X))  # η s²
    with np.errstate(over="ignore"):
        # The same twice: the first keeps its digits where 1 - x is close to 1, the second is for all x.
        return np.where(x < 0.5, -np.expm1(k * np.log1p(-np.minimum(x, 0.5))), 1 - (1 - x) ** k)


def stability_limit(X: ArrayLike) -> float:
    """Return 2/s_1²: gradient descent goes to least squares with a learning rate below it, and diverges above.

    It is infinite if X is 0. Raises ``ValueError`` for a bad X.
    """
    X = design_matrix(X)
    d = decompose(X)[1]
    return float(2 * len(X) / d[0] / d[0]) if d.size else np.inf


def best_step(w: ArrayLike, X_valid: ArrayLike, y_valid: ArrayLike) -> int:
    """Return the row of w: (n_steps, n_features) with the smallest squared error on the validation rows.

    X_valid: (n_valid, n_features), y_valid: (n_valid,), moved and scaled as the training rows were. The first row is
    taken if several are equal to nine digits: which is smaller would depend on the processor.

    Raises:
        ValueError: for bad data, or a w with another number of features.
    """
    X, y = regression_data(X_valid, y_valid)
    w = finite_array("w", w, 2, f"形が (n_steps, {X.shape[1]}) の有限な数値の配列")
    if w.shape[1] != X.shape[1]:
        raise ValueError(f"w の形は {w.shape}、X_valid の形は {X.shape} です。列数のそろった w を渡してください。")
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.square(y - w @ X.T).mean(axis=1)
    errors[~np.isfinite(errors)] = np.inf  # it diverged
    return int((errors <= errors.min() * (1 + EQUAL) + np.square(ROUNDING * y).mean()).argmax())
