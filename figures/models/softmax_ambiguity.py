"""What L1 leaves open in softmax regression, and how it is decided: of all solutions that of smallest norm.

A number t_j added to all weights of feature j changes no p. ||W||₁ is smallest if 0 is a median of the row w_j: with an
odd number of classes there is one such t_j, with an even number K they fill the interval between the two middle weights

    -w_(K/2+1) <= t_j <= -w_(K/2)        w_(1) <= … <= w_(K), the sorted weights

There ||w_j + t_j||₂ is smallest where t_j is nearest to -Σ_c w_jc / K. This is the limit of the elastic net for λ2 → 0;
with two classes w_j1 = -w_j0. While the solution is sought, one end of the interval is taken, where a weight is 0: a
row that is full would make the Hessian singular.

Of identical columns the first alone is used. Columns that are dependent in another way may have several solutions, all
with the same p; any of them is given. With λ2 > 0 nothing is open, and identical columns have equal weights.

Source: Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), section 4.1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from figures.models.regression_data import Floats


def smallest_sum(W: Floats) -> Floats:
    """Return W: (n_features, n_classes) with 0 as the (upper) median of each row, and so at least one exact 0 in it."""
    return np.asarray(W - np.sort(W, axis=1)[:, W.shape[1] // 2, None])


def smallest_norm(W: Floats) -> Floats:
    """Return W: (…, n_features, n_classes) with each row moved to its smallest norm at the same ||w_j||₁."""
    rows, n_classes = np.sort(W, axis=-1), W.shape[-1]
    t = np.clip(-W.mean(axis=-1), -rows[..., n_classes // 2], -rows[..., (n_classes - 1) // 2])
    return np.asarray(W + t[..., None])


def is_first(X: Floats) -> NDArray[np.bool_]:
    """Tell for each column of X: (n_samples, n_features) whether no column before it is identical: (n_features,)."""
    first = {column.tobytes(): j for j, column in reversed(list(enumerate(X.T)))}
    return np.isin(np.arange(X.shape[1]), list(first.values()))
