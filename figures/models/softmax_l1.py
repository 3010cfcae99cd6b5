"""Softmax regression with L1, or with L1 and L2 (the elastic net), exactly: Newton's method on the active weights.

    minimise over W, b:   f + λ1 ||W||₁,    f = 1/n Σ_i -log p_{y_i}(x_i)  +  λ2/2 ||W||²

With g = ∂f/∂w_jc, W is a solution if and only if (the KKT conditions, beside ∂f/∂b = 0)

    g = -λ1 sign(w_jc)  where w_jc ≠ 0,      |g| <= λ1  where w_jc = 0.

Of a λ1 the solution is sought from that of the larger one before. In each step

    1.  weights at 0 with |g| > λ1 join the active ones A, the worst first, with the sign s = -sign(g)
    2.  D = -H_AA⁻¹ (g_A + λ1 s_A), the Newton step; one that joined and would move against its s leaves again
    3.  W ← W + α D, where weights that change their sign stop at exactly 0; α is halved until the objective has fallen

It is finished when nobody joins and a full step, in which no sign changes, moves no logit by more than 1e-10 of the
largest, or starts where g_A = -λ1 s_A to 1e-10 of λ1: with A and s fixed the problem is smooth, and the last steps
converge quadratically. A weight joins only if |g| exceeds λ1 by 1e-11 of 1/n Σ_i |x_ij|, the largest |g| possible, and
is 0 if without it g would change by less than that, so that no zero depends on rounding.

Without λ2 there may be more than one solution: ``softmax_ambiguity`` says which is returned. Some λ1 may be 0: there,
and there only, the solution is that of ``softmax_l2`` with λ = λ2.

Source: the step of Lee, Battle, Raina & Ng (2007), Efficient sparse coding algorithms, NIPS (feature-sign search), with
the projection of Bertsekas (1982), Projected Newton methods, SIAM J. Control Optim. 20(2); for the KKT conditions and
the path Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.models.folds import Ints
from figures.models.losses import softmax
from figures.models.regression_data import Floats, penalties, penalty
from figures.models.softmax_ambiguity import is_first, smallest_norm, smallest_sum
from figures.models.softmax_l2 import ENOUGH, MOST_STEPS, ROUNDING, SETTLED, balanced, softmax_l2
from figures.models.softmax_newton_step import active_newton_step
from figures.models.softmax_regression import SoftmaxFits, as_measured, centred, class_data, cross_entropy, residuals

MARGIN = 1e-11
MOST_JOIN = 100  # in one step


def softmax_l1(X: ArrayLike, y: ArrayLike, lambdas: ArrayLike, l2: float = 0.0) -> SoftmaxFits:
    """Return W and b for each λ1, with λ2 = ``l2``.

    Raises:
        ValueError: for bad data, or a λ1 or ``l2`` that is negative or not finite.
        ArithmeticError: as ``softmax_l2``.
    """
    X, y = class_data(X, y)
    grid, l2 = penalties(lambdas), penalty(l2, "l2")
    Z, mean, unit = centred(X)
    if l2 == 0:
        Z = np.where(is_first(Z), Z, 0)
    A = np.column_stack([np.ones(len(Z)), Z])
    log_share = np.log(np.bincount(y) / len(y))
    theta = np.zeros((A.shape[1], len(log_share)))
    theta[0] = log_share
    every = np.empty((len(grid), *theta.shape))
    for k in np.argsort(-grid, kind="stable"):
        if grid[k] > 0:
            theta = _solve(A, y, theta, grid[k] / unit, l2 / unit / unit)
        every[k] = theta
    if l2 == 0:
        every[:, 1:] = smallest_norm(every[:, 1:])
    fits = as_measured(every[:, 1:], every[:, 0], mean, unit)
    if (grid == 0).any():
        smooth = softmax_l2(X, y, l2)
        fits.W[grid == 0], fits.b[grid == 0] = smooth.W, smooth.b
    return fits


def _solve(A: Floats, y: Ints, theta: Floats, l1: float, l2: float) -> Floats:
    """Return Θ = [b; W]: (1 + n_features, n_classes), starting from ``theta``; A = [1, Z]."""
    size = np.abs(A).mean(axis=0)[:, None]  # of a gradient, at most
    weight1, weight2 = (np.full((len(theta), 1), value) for value in (l1, l2))
    weight1[0] = weight2[0] = 0
    for _ in range(MOST_STEPS):
        if l2 == 0:
            theta[1:] = smallest_sum(theta[1:])
        o = _logits(A, theta)
        P = softmax(o)
        G = A.T @ (residuals(P, y) / len(y)) + weight2 * theta
        joins = _joining(theta, np.abs(G) - weight1, size, l2 == 0)
        s = np.where(joins, -np.sign(G), np.sign(theta))
        s[0] = 0
        slope = G + weight1 * s
        D = active_newton_step(A, P, slope, theta != 0, joins, s, weight2)
        value, fall = _objective(o, y, theta, weight1, weight2), float((slope * D).sum())
        for alpha in 0.5 ** np.arange(60):
            new = theta + alpha * D
            new[1:][s[1:] * new[1:] <= 0] = 0
            new_o = _logits(A, new)
            if _objective(new_o, y, new, weight1, weight2) <= value + ENOUGH * alpha * fall + ROUNDING * value:
                break
        still = np.abs(balanced(_logits(A, D))).max() <= SETTLED * np.abs(o).max(initial=1)
        fulfilled = np.abs(slope[D != 0]).max(initial=0) <= SETTLED * l1
        whole = np.array_equal(new, theta + D)
        theta = new
        if (still or fulfilled) and whole and not joins.any():
            theta[1:][(np.abs(theta) * (size * size + l2) <= MARGIN * size)[1:]] = 0
            return theta
    raise ArithmeticError(
        f"λ1={l1:g}、l2={l2:g} では解を求められません。"
        f"クラスが完全に分けられるデータ（{A.shape[0]} 行）や一次従属に近い列では、λを大きくしてください。"
    )


def _logits(A: Floats, theta: Floats) -> Floats:
    used = theta.any(axis=1)
    return np.asarray(A[:, used] @ theta[used])


def _objective(o: Floats, y: Ints, theta: Floats, weight1: Floats, weight2: Floats) -> float:
    return cross_entropy(o, y) + float((weight1 * np.abs(theta) + weight2 * theta * theta / 2).sum())


def _joining(theta: Floats, excess: Floats, size: Floats, unbalanced: bool) -> NDArray[np.bool_]:
    """Tell which weights that are 0 become active."""
    excess = np.where(theta == 0, excess, 0)
    excess[0] = 0
    if unbalanced:  # in each row one weight stays 0: it can be told from the others
        full = ((theta != 0) | (excess > MARGIN * size)).all(axis=1)
        least = np.where(theta == 0, excess, np.inf).argmin(axis=1)
        excess[full, least[full]] = 0
    share = np.divide(excess, size, out=np.zeros_like(excess), where=size > 0)
    worst = np.sort(share, axis=None)[-MOST_JOIN:][0]
    return np.asarray((share > MARGIN) & (share >= worst))
