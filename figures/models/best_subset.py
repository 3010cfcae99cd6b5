"""Best subset regression: for every size the features with which least squares fits best, by trying all of them.

    w_k = argmin over w:   ||y - X w||²      with at most k weights that are not 0,      k = 0, 1, …, p

After [X y] = Q R the p + 1 rows of R hold all that is needed. The features are then decided one after the other, for
all subsets at once. The first column of a triangular R is

    taken      leave out its row and its column: what is left is orthogonal to it;
    refused    leave out its column, and make the rest triangular again by Givens rotations of neighbouring rows.

Both leave a triangle smaller by one. At the end it is one number, the root of the residual sum of squares. Subsets are
in the order of ``itertools.combinations``; of those that fit equally well but for rounding the first is taken. A column
that is a linear combination of those taken before it explains nothing more.

Cost: 2ᵖ subsets, about 12·2ᵖ numbers written and 2.25·2ᵖ kept. Twice the time and memory for each feature more; with
p = 20 about a second and 100 MB.

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred

Elsewhere: R ``leaps::regsubsets(method="exhaustive")``; scikit-learn has none.
Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., section 3.3.1; for leaving a
column out of a triangle Smith & Bremner (1989), All possible subset regressions using the QR decomposition, Comput.
Statist. Data Anal. 7(3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats, regression_data

MOST_FEATURES = 20
EQUAL = 1e-12  # residuals that differ by a smaller share of ||y|| than this are equal but for rounding
DEPENDENT = 1e-9  # a column with less than this share of its length outside those taken is a combination of them


def best_subset(X: ArrayLike, y: ArrayLike) -> Floats:
    """Return w: (n_features + 1, n_features): row k has k features, row 0 is 0, the last is least squares.

    Raises:
        ValueError: for bad data, or more than ``MOST_FEATURES`` features.
    """
    X, y = regression_data(X, y)
    p = X.shape[1]
    if p > MOST_FEATURES:
        raise ValueError(
            f"X の形は {X.shape} です。部分集合が {2**p} 通りになり、すべては試せません。"
            f"{MOST_FEATURES} 列以下の X を渡してください。"
        )
    residual = _all_residuals(X, y)
    refused = np.arange(2**p)  # as binary digits, the first of which stands for the first feature
    size = p - np.bitwise_count(refused)
    w = np.zeros((p + 1, p))
    for k in range(1, p + 1):
        smallest = residual[size == k].min()
        equal = (size == k) & (residual <= smallest + EQUAL * np.linalg.norm(y))
        subset = [j for j in range(p) if not refused[equal.argmax()] >> (p - 1 - j) & 1]
        w[k, subset] = least_squares(X[:, subset], y)
    return w


def _all_residuals(X: Floats, y: Floats) -> Floats:
    """Return ||y - X w|| of every subset: (2ᵖ,), those with the first feature before those without, and so on."""
    p = X.shape[1]
    R = np.zeros((1, p + 1, p + 1))
    triangle = np.linalg.qr(np.column_stack([X, y])).R
    R[0, : len(triangle)] = triangle
    for length in np.linalg.norm(triangle[:, :-1], axis=0):
        refused = _triangular(R[:, :, 1:])
        dependent = np.abs(R[:, 0, 0]) <= DEPENDENT * length
        taken = np.where(dependent[:, None, None], refused, R[:, 1:, 1:])
        R = np.stack([taken, refused], axis=1).reshape(-1, taken.shape[1], taken.shape[2])
    return np.abs(R[:, 0, 0])


def _triangular(H: Floats) -> Floats:
    """Rotate H: (n, q + 1, q), triangular but for one number below each diagonal one, into R: (n, q, q)."""
    R = H.copy()
    for i in range(R.shape[2]):
        r = np.hypot(R[:, i, i], R[:, i + 1, i])
        unit = np.where(r > 0, r, 1)
        c, s = (np.where(r > 0, R[:, i, i], 1) / unit)[:, None], (R[:, i + 1, i] / unit)[:, None]
        upper, lower = R[:, i, i:], R[:, i + 1, i:]
        R[:, i, i:], R[:, i + 1, i:] = c * upper + s * lower, c * lower - s * upper
    return R[:, :-1]
