"""The singular value decomposition on which the linear models here are built, without its null directions.

    X = U diag(d) V' = Σ_k  d_k u_k v_k',      d_1 >= d_2 >= … > 0,      k = 1 … rank(X)

Along v_k the data vary by s_k² = d_k² / n: these are the eigenvalues of X'X/n. Least squares is Σ_k v_k (u_k'y) / d_k,
and a linear method that shrinks multiplies each term by a filter factor of its own. A d_k below max(n, p) ε d_1, with
ε the spacing of floats at 1, is 0 but for rounding (the rule of NumPy's ``matrix_rank``), and its direction is left
out. The sign of a pair (u_k, v_k) is arbitrary: use them together, or the result depends on the processor.

    X: (n_samples, n_features)

Elsewhere: NumPy ``np.linalg.svd``; R ``svd``.
Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., eq. (3.45).
"""

from __future__ import annotations

import numpy as np

from figures.models.regression_data import Floats


def decompose(X: Floats) -> tuple[Floats, Floats, Floats]:
    """Return U: (n_samples, rank), d: (rank,) falling, V': (rank, n_features)."""
    U, d, Vt = np.linalg.svd(X, full_matrices=False)
    rank = int((d > max(X.shape) * np.finfo(np.float64).eps * d[0]).sum())
    return U[:, :rank], d[:rank], Vt[:rank]
