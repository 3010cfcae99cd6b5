"""The lasso (L1) for many data sets at once, exactly, at given λ.

    minimise over w:   1/(2n) ||y - X w||²  +  λ ||w||₁      for each problem (X, y)

The same homotopy as in ``lasso_path``, one knot of every problem in each step. What a problem needs is its Gram matrix
G = X'X/n and c = X'y/n, kept in one tableau that is swept (a Gauss-Jordan pivot) on the active features A:

    T = [ G_AA⁻¹        G_AA⁻¹ G_AJ    u  ]        u = G_AA⁻¹ c_A,  v = G_AA⁻¹ s_A = T_AA s_A:   w_A(λ) = u - λ v
        [ -G_JA G_AA⁻¹       …         p  ]        p = c_J - G_JA u,  q = G_JA v = -T_JA s_A:    c_J(λ) = p + λ q

With λ2/2 ||w||² added (the ``elastic_net``), G is X'X/n + λ2 I and nothing else changes.

An entry or a drop is one pivot, a rank-one change of T. At the end the KKT conditions of every solution are checked;
a problem that fails (ties, twins, collinear columns) is given to ``lasso_path``, which takes its time with them.

    problems: (X, y) with X: (n_samples, n_features) standardised, y: (n_samples,) centred; n_samples may differ.
    The squares of X and y must not overflow: for extreme units take ``lasso_path``.

Sources: Efron, Hastie, Johnstone & Tibshirani (2004), Ann. Statist. 32(2), §3.1; for the sweep operator Goodnight
(1979), A tutorial on the SWEEP operator, The American Statistician 33(3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.models.lasso_path import lasso_path
from figures.models.regression_data import Floats, penalties, penalty, regression_data

ACCURACY = 1e-10  # of the KKT conditions, as a share of ||x_j|| ||y|| / n
SMALLEST_PIVOT = 1e-9  # as a share of G_jj: less than this of a column lies outside the active ones
MOST_STEPS = 20  # times the number of features


def lasso_many(problems: Sequence[tuple[ArrayLike, ArrayLike]], lambdas: ArrayLike, l2: float = 0.0) -> Floats:
    """Return w: (n_problems, n_lambdas, n_features); with ``l2`` = λ2 that of the elastic net.

    Raises:
        ValueError: for bad data, a bad λ or ``l2``, or problems with different numbers of features.
    """
    checked, grid = [regression_data(X, y) for X, y in problems], penalties(lambdas)
    widths = {X.shape[1] for X, _ in checked}
    if len(widths) != 1:
        raise ValueError(f"problems の X の列数が {sorted(widths)} です。列数のそろった問題を一つ以上渡してください。")
    G = np.array([X.T @ X / len(X) for X, _ in checked])
    c = np.array([X.T @ y / len(X) for X, y in checked])
    scale = np.sqrt(np.diagonal(G, axis1=1, axis2=2) * np.array([[y @ y / len(y)] for _, y in checked]))
    G += penalty(l2, "l2") * np.eye(G.shape[1])
    w = _follow(G, c, grid)
    for b in np.flatnonzero(~_optimal(G, c, w, grid, ACCURACY * scale)):
        w[b] = lasso_path(*checked[b], float(grid.min()), l2).at(grid)
    return w


def _follow(G: Floats, c: Floats, grid: Floats) -> Floats:
    """Return w: (n_problems, n_lambdas, n_features), NaN where a problem was given up."""
    w = np.full((len(c), len(grid), c.shape[1]), np.nan)
    T, size = np.concatenate([G, c[:, :, None]], axis=2), np.diagonal(G, axis1=1, axis2=2)
    active, s, lam = np.zeros(c.shape, dtype=bool), np.zeros(c.shape), np.full(len(c), np.inf)
    problem = np.arange(len(c))  # the one in each place; those that are finished leave
    for _ in range(MOST_STEPS * c.shape[1]):
        up, vq = T[:, :, -1], (T[:, :, :-1] @ (s * active)[:, :, None])[:, :, 0]  # u or p, v or -q
        side = np.sign(up)
        meets = np.full(up.shape, -1.0)
        np.divide(np.abs(up), 1 + side * vq, out=meets, where=~active & (side * vq > -1) & (up != 0))
        np.divide(up, vq, out=meets, where=active & (s * vq < 0))
        place = np.arange(len(meets))
        j = meets.argmax(axis=1)
        lam_next = np.minimum(meets[place, j], lam)

        k, at = np.nonzero((grid < lam[:, None]) & (grid >= lam_next[:, None]))
        w[problem[k], at] = np.where(active[k], up[k] - grid[at, None] * vq[k], 0)

        pivot = T[place, j, j]
        enters = ~active[place, j]
        going = (lam_next > grid.min()) & (~enters | (pivot > SMALLEST_PIVOT * size[problem, j]))
        T, active, s, lam, problem = T[going], active[going], s[going], lam_next[going], problem[going]
        if not len(problem):
            break
        place, j, pivot, side, enters = np.arange(len(problem)), j[going], pivot[going], side[going], enters[going]
        s[place, j] = np.where(enters, side[place, j], s[place, j])
        active[place, j] = enters
        row, column = T[place, j] / pivot[:, None], T[place, :, j]
        T -= column[:, :, None] * row[:, None, :]
        T[place, j] = row
        T[place, :, j] = -column / pivot[:, None]
        T[place, j, j] = 1 / pivot
    return w


def _optimal(G: Floats, c: Floats, w: Floats, grid: Floats, tolerance: Floats) -> NDArray[np.bool_]:
    """Tell for each problem whether the KKT conditions hold at every λ."""
    rest, lam = c[:, None, :] - w @ G, grid[:, None]
    violation = np.where(w != 0, np.abs(rest - lam * np.sign(w)), np.abs(rest) - lam)
    return np.asarray((violation <= tolerance[:, None, :]).all(axis=(1, 2)))
