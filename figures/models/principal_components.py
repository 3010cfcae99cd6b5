"""Principal component regression: least squares on the directions along which the data vary most, for each number.

    w_m = Σ_{k<=m}  v_k (u_k' y) / d_k,      m = 0, 1, …, rank(X)

X = U diag(d) V' is the singular value decomposition, d falling: z_k = X v_k = d_k u_k is the k-th principal component,
and y is regressed on the first m of them. The filter factor is 1 for the first m directions and 0 for the others,
where ridge regression falls smoothly. The components are chosen without looking at y. Since v_k and u_k enter together,
their arbitrary sign does not matter. With two equal d_k the order of their directions is arbitrary, and so would be
the weights that use only one of them: that is an error.

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred

Elsewhere: scikit-learn ``make_pipeline(PCA(m), LinearRegression())``; R ``pls::pcr``.
Source: Massy (1965), Principal components regression in exploratory statistical research, J. Amer. Statist. Assoc.
60(309); Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., eq. (3.61)-(3.62).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.regression_data import Floats, regression_data

EQUAL = 1e-9  # singular values that differ by a smaller share than this are equal: their directions hang on rounding


def principal_component_regression(X: ArrayLike, y: ArrayLike) -> Floats:
    """Return w: (rank + 1, n_features): row m uses the first m components, row 0 is 0, the last is least squares.

    Raises:
        ValueError: for bad data, or two equal singular values.
    """
    X, y = regression_data(X, y)
    U, d, Vt = decompose(X)
    equal = np.flatnonzero(d[:-1] - d[1:] <= EQUAL * d[:-1])
    if equal.size:
        k = int(equal[0]) + 1
        raise ValueError(
            f"X（形は {X.shape}）の {k} 番目と {k + 1} 番目の特異値が等しく、主成分の順が決まりません。"
            "ばらつきがどの方向でも異なる X を渡してください。"
        )
    terms = (U.T @ y / d)[:, None] * Vt  # (rank, n_features)
    return np.vstack([np.zeros(X.shape[1]), np.cumsum(terms, axis=0)])
