"""The lasso (L1) for many data sets at once, exactly, at given λ.

    minimise over w:   1/(2n) ||y - X w||²  +  λ ||w||₁      for each problem (X, y)

The same homotopy as in ``lasso_path``, one knot of every problem in each step. What a problem needs is its Gram matrix
G = X'X/n and c = X'y/n, kept in one tableau that is swept (a Gauss-Jordan pivot) on the active features A:

    [ G_AA⁻¹        G_AA⁻¹ G_AJ |  u   v ]     u = G_AA⁻¹ c_A,    v = G_AA⁻¹ s_A:    w_A(λ) = u - λ v
    [ -G_JA G_AA⁻¹       …      |  p  -q ]     p = c_J - G_JA u,  q = G_JA v:        c_J(λ) = p + λ q

With λ2/2 ||w||² added (the ``elastic_net``), G is X'X/n + λ2 I and nothing else changes.

An entry or a drop of j is one pivot. It writes row and column j and changes the rest by a matrix of rank one. The two
columns on the right are changed at once; for the square T the changes are gathered, so that T - L R is what is meant:
one matrix product for a few pivots costs less than to pass over all T at each (delayed updates). In between only row j
is needed, since T_ij = T_ji, with the other sign where just one of i and j is active. At the end the KKT conditions of
every solution are checked; a problem that fails (ties, twins, collinear columns) is given to ``lasso_path``.

    problems: (X, y) with X: (n_samples, n_features) standardised, y: (n_samples,) centred; n_samples may differ.
    The squares of X and y must not overflow: for extreme units take ``lasso_path``.

Sources: Efron, Hastie, Johnstone & Tibshirani (2004), Ann. Statist. 32(2), §3.1; for the sweep operator Goodnight
(1979), A tutorial on the SWEEP operator, The American Statistician 33(3); for delayed updates McDaniel, D'Azevedo, Li,
Wong & Kent (2017), J. Chem. Phys. 147, 174107.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.models.lasso_path import lasso_path
from figures.models.regression_data import Floats, penalties, regression_data

ACCURACY = 1e-10  # of the KKT conditions, as a share of ||x_j|| ||y|| / n
SMALLEST_PIVOT = 1e-9  # as a share of G_jj: less than this of a column lies outside the active ones
MOST_STEPS = 20  # times the number of features
DELAY = 8  # pivots that are gathered in L and R
TOGETHER = 2**18  # numbers in the T of all problems that are solved together: 2 MB stay in the cache


def lasso_many(problems: Sequence[tuple[ArrayLike, ArrayLike]], lambdas: ArrayLike, l2: ArrayLike = 0.0) -> Floats:
    """Return w: (n_problems, n_lambdas, n_features); with ``l2`` = λ2, one or one for each problem, the elastic net.

    Raises:
        ValueError: for bad data, a bad λ or ``l2``, or problems with different numbers of features.
    """
    checked, grid = [regression_data(X, y) for X, y in problems], penalties(lambdas)
    widths = {X.shape[1] for X, _ in checked}
    if len(widths) != 1:
        raise ValueError(f"problems の X の列数が {sorted(widths)} です。列数のそろった問題を一つ以上渡してください。")
    each, block = penalties(l2, "l2"), max(1, TOGETHER // widths.pop() ** 2)
    if len(each) not in (1, len(checked)):
        raise ValueError(f"l2 の形は {each.shape} です。一つか、問題ごとに一つの、{len(checked)} 個を渡してください。")
    each = np.broadcast_to(each, len(checked))
    blocks = [slice(b, b + block) for b in range(0, len(checked), block)]
    return np.concatenate([_solve(checked[b], grid, each[b]) for b in blocks])


def _solve(problems: list[tuple[Floats, Floats]], grid: Floats, l2: Floats) -> Floats:
    G = np.array([X.T @ X / len(X) for X, _ in problems])
    c = np.array([X.T @ y / len(X) for X, y in problems])
    scale = np.sqrt(np.diagonal(G, axis1=1, axis2=2) * np.array([[y @ y / len(y)] for _, y in problems]))
    G += l2[:, None, None] * np.eye(G.shape[1])
    w = _follow(G, c, grid)
    for b in np.flatnonzero(~_optimal(G, c, w, grid, ACCURACY * scale)):
        w[b] = lasso_path(*problems[b], float(grid.min()), float(l2[b])).at(grid)
    return w


def _follow(G: Floats, c: Floats, grid: Floats) -> Floats:
    """Return w: (n_problems, n_lambdas, n_features), NaN where a problem was given up."""
    n_problems, p = c.shape
    w = np.full((n_problems, len(grid), p), np.nan)
    up, vq, s = c.copy(), np.zeros(c.shape), np.zeros(c.shape)  # u or p; v or -q; sign if active, else 0
    T, L, R = G.copy(), np.zeros((n_problems, p, DELAY)), np.zeros((n_problems, DELAY, p))
    lam, floor = np.full(n_problems, np.inf), SMALLEST_PIVOT * np.diagonal(G, axis1=1, axis2=2)
    problem = np.arange(n_problems)  # the one in each place; those that are finished leave
    for step in range(MOST_STEPS * p):
        active, side = s != 0, np.sign(up)
        meets = np.full(up.shape, -1.0)
        np.divide(np.abs(up), 1 + side * vq, out=meets, where=~active & (side * vq > -1) & (up != 0))
        np.divide(up, vq, out=meets, where=s * vq < 0)
        place, j = np.arange(len(meets)), meets.argmax(axis=1)
        above, lam = lam, np.minimum(meets[place, j], lam)
        k, at = np.nonzero((grid < above[:, None]) & (grid >= lam[:, None]))
        w[problem[k], at] = np.where(active[k], up[k] - grid[at, None] * vq[k], 0)

        row = T[place, j] - np.einsum("bk,bki->bi", L[place, j], R)
        going = (lam > grid.min()) & (active[place, j] | (row[place, j] > floor[problem, j]))
        if not going.any():
            break
        if not going.all():
            state = (problem, lam, up, vq, s, T, L, R, side, j, row)
            problem, lam, up, vq, s, T, L, R, side, j, row = (x[going] for x in state)
            place = np.arange(len(problem))

        old, pivot = s[place, j], row[place, j][:, None]
        new = np.where(old == 0, side[place, j], 0)
        column = np.where((s == 0) == (old == 0)[:, None], row, -row)
        row /= pivot
        row[place, j] = column[place, j] = 0
        vq[place, j] += new
        for x in (up, vq):
            x_j = x[place, j][:, None] / pivot
            x[:] -= column * x_j
            x[place, j] = x_j[:, 0]
        vq[place, j] -= old
        s[place, j] = new
        L[place, j] = R[place, :, j] = 0
        T[place, j], T[place, :, j], T[place, j, j] = row, -column / pivot, 1 / pivot[:, 0]
        L[:, :, step % DELAY], R[:, step % DELAY] = column, row
        if step % DELAY == DELAY - 1:
            T -= L @ R
            L[:] = 0
    return w


def _optimal(G: Floats, c: Floats, w: Floats, grid: Floats, tolerance: Floats) -> NDArray[np.bool_]:
    """Tell for each problem whether the KKT conditions hold at every λ."""
    rest, lam = c[:, None, :] - w @ G, grid[:, None]
    violation = np.where(w != 0, np.abs(rest - lam * np.sign(w)), np.abs(rest) - lam)
    return np.asarray((violation <= tolerance[:, None, :]).all(axis=(1, 2)))
