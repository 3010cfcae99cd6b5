"""Leave-one-out for ridge regression, without leaving one out.

    e_i = y_i - ŷ_i without row i  =  (y_i - ŷ_i) / (1 - h_ii),        H = 11'/n + X_c (X_c'X_c + nλ I)⁻¹ X_c'

    X_c = X - column means = U diag(d) V',       h_ii = 1/n + Σ_k u_ik² f_k(λ),     f_k: filter factors (see ``ridge``)

Why. Let ŷ_i⁻ be the prediction for row i of the fit without it, and put ŷ_i⁻ in the place of y_i. Then the sum of
squares over all n rows, with the penalty and the intercept, is smallest at that same fit: row i costs nothing there.
The fit is linear, ŷ = H y, so changing y_i by ŷ_i⁻ - y_i changes ŷ_i by h_ii times that: ŷ_i⁻ = ŷ_i - h_ii e_i.

This is exact for a fixed design: the columns are used as they are given, the intercept is estimated anew without row
i, and the penalty on the sum of squares stays nλ/2 ||w||² (for the n - 1 rows alone λ is n/(n-1) times as large). It is
not exact when the columns are also scaled anew without row i, as ``cross_validation`` does it.

    X: (n_samples, n_features)   any fixed columns        y: (n_samples,)

Elsewhere: scikit-learn ``RidgeCV(alphas=n*λ)`` (its default, there called generalised cross-validation).
Sources: Allen (1974), Technometrics 16(1), the PRESS statistic; Golub, Heath & Wahba (1979), Technometrics 21(2),
section 1; Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., section 7.10.1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.regression_data import Floats, penalties, regression_data

DETERMINED = 1e-7  # with a smaller 1 - h_ii only this row says what ŷ_i is, and the quotient would be rounding


def leave_one_out(X: ArrayLike, y: ArrayLike, lambdas: ArrayLike) -> Floats:
    """Return e_i: (n_samples, n_lambdas). Its squares are ``errors`` of a ``CVCurve`` whose folds have one row.

    Raises:
        ValueError: for bad data, fewer than two rows, a bad λ, or a λ so small that ŷ_i hangs on y_i alone.
    """
    X, y = regression_data(X, y)
    asked = penalties(lambdas)
    if len(X) < 2:
        raise ValueError(f"X の形は {X.shape} です。1行を除いても残るように、2行以上を渡してください。")
    centred, t = X - X.mean(axis=0), y - y.mean()
    U, d, _ = decompose(centred)
    f = d / (d + len(X) * asked[:, None] / d)  # (n_lambdas, rank)
    residual = t[:, None] - U @ (f * (U.T @ t)).T
    rest = 1 - 1 / len(X) - U**2 @ f.T
    if rest.min() < DETERMINED:
        i, k = np.unravel_index(rest.argmin(), rest.shape)
        raise ValueError(
            f"lambdas（形は {asked.shape}）の {asked[k]:g} では、X（形は {X.shape}）の行 {i} を除くと、"
            "その行の予測が決まりません。もっと大きいλを渡してください。"
        )
    return np.asarray(residual / rest, dtype=np.float64)
