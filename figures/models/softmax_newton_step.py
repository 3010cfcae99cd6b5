"""The Newton step of softmax regression on its active weights, with the whole Hessian.

    D_A = -H_AA⁻¹ (slope_A),     H_(jc)(kd) = 1/n Σ_i x_ij x_ik p_ic (1[c = d] - p_id)  +  λ2 1[jc = kd]

Weights at 0 that are to join with sign s leave again if D would move them against s, until there is none such. If the
slope is 0 on the others, at least one that joins stays: s'D is positive for their sum.

    A: (n_samples, 1 + n_features), the first column ones      slope, active, joins, s: (1 + n_features, n_classes)

Source: Böhning (1992), Multinomial logistic regression algorithm, Ann. Inst. Statist. Math. 44(1), for the Hessian.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from figures.models.regression_data import Floats

RIDGE = 1e-12  # on a Hessian with ones on its diagonal, against linear dependence; it changes steps, not solutions


def active_newton_step(
    A: Floats,
    P: Floats,
    slope: Floats,
    active: NDArray[np.bool_],
    joins: NDArray[np.bool_],
    s: Floats,
    weight2: Floats,
) -> Floats:
    """Return D: (1 + n_features, n_classes), 0 for what is not active and does not join; row 0 is that of b."""
    able = active | joins
    able[0] = True
    c, j = np.nonzero(able.T)  # class by class
    H = hessian(A, P, able) + np.diag(weight2[j, 0])
    # All b_c may move alike without any change of p: this direction gets a curvature, and no slope.
    b = np.flatnonzero(j == 0)
    H[np.ix_(b, b)] += H[b, b].mean()
    unit = 1 / np.sqrt(np.maximum(np.diagonal(H), np.finfo(np.float64).tiny))
    H = unit[:, None] * H * unit + RIDGE * np.eye(len(H))
    D, kept = np.zeros_like(slope), np.full(len(j), True)
    while True:
        d = unit[kept] * np.linalg.solve(H[np.ix_(kept, kept)], -unit[kept] * slope[j[kept], c[kept]])
        wrong = joins[j[kept], c[kept]] & (s[j[kept], c[kept]] * d <= 0)
        if not wrong.any():
            D[j[kept], c[kept]] = d
            return D
        kept[np.flatnonzero(kept)[wrong]] = False


def hessian(A: Floats, P: Floats, able: NDArray[np.bool_]) -> Floats:
    """Return H_AA without λ2, for the weights ``able``, class by class."""
    n, n_classes = P.shape
    columns = [A[:, able[:, c]] for c in range(n_classes)]
    others = P @ (1 - np.eye(n_classes))  # 1 - p_c, with all its digits
    blocks = [[np.empty(0)] * n_classes for _ in range(n_classes)]
    for c in range(n_classes):
        for d in range(c, n_classes):
            v = P[:, c] * (others[:, c] if c == d else -P[:, d]) / n
            blocks[c][d] = columns[c].T @ (v[:, None] * columns[d])
            blocks[d][c] = blocks[c][d].T
    return np.block(blocks)
