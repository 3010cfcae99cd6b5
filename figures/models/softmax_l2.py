"""Softmax regression with L2 by Newton's method, exactly, also where there are many more features than rows.

    minimise over W, b:   f = 1/n Σ_i -log p_{y_i}(x_i)  +  λ/2 ||W||²

With the singular value decomposition of the centred X = U diag(d) V' the solution is W = V Θ: a part of W outside the
rows of V' would change no p and cost. So there are never more than n_samples rows in Θ, whatever n_features is, and
with A = [1, U diag(d)] and P: (n_samples, n_classes)

    gradient        G = A'(P - Y)/n + λ Θ
    Hessian         H[D] = A' T / n + λ D,    T = P ∘ (A D - (P ∘ A D) 1)        for a direction D (b without λ)
    Newton          H[D] = -G  by conjugate gradients, preconditioned with the diagonal of H;   Θ ← Θ + α D

α is halved from 1 until f has fallen enough (Armijo). It is finished when a full step moves no logit by more than 1e-10
of the largest; that step is still made, and squares what was left. All λ > 0 have exactly one solution, on separable
classes, too. With λ = 0 there is none on them: the steps stay as long as the first, and an error says so. Elsewhere
λ = 0 gives, of all W that maximise the likelihood, the one of smallest norm.

Sources: for the reduction Hastie & Tibshirani (2004), Efficient quadratic regularization for expression arrays,
Biostatistics 5(3), section 2; Nocedal & Wright (2006), Numerical Optimization, 2nd ed., algorithm 7.1 (line search
Newton-CG); Albert & Anderson (1984), Biometrika 71(1), for the existence of a maximum of the likelihood.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.decompose import decompose
from figures.models.folds import Ints
from figures.models.losses import softmax
from figures.models.regression_data import Floats, penalties
from figures.models.softmax_regression import SoftmaxFits, as_measured, centred, class_data, cross_entropy, residuals

SETTLED = 1e-10  # a step that moves all logits by less than this share is the last
ENOUGH = 1e-4  # of the fall that the slope promises
ROUNDING = 1e-14  # a change of the objective below this share may be rounding
MOST_STEPS = 200
MOST_TURNS = 10  # times the number of unknowns


def softmax_l2(X: ArrayLike, y: ArrayLike, lambdas: ArrayLike) -> SoftmaxFits:
    """Return W and b for each λ.

    Raises:
        ValueError: for bad data, or a λ that is negative or not finite.
        ArithmeticError: if λ is 0, or next to it, and there is no finite solution since the classes are separable.
    """
    X, y = class_data(X, y)
    grid = penalties(lambdas)
    Z, mean, unit = centred(X)
    Q, R = np.linalg.qr(Z.T)  # R is (n_samples, n_samples) at most: half the time where X is wide
    U, d, Vt = decompose(R.T)
    A = np.column_stack([np.ones(len(Z)), U * d])
    log_share = np.log(np.bincount(y) / len(y))
    theta = np.zeros((A.shape[1], len(log_share)))
    theta[0] = log_share - log_share.mean()
    every = np.empty((len(grid), *theta.shape))
    for k in np.argsort(-grid, kind="stable"):  # from the largest λ down, each from the one before
        weight = np.full((len(theta), 1), grid[k] / unit / unit)
        weight[0] = 0
        every[k] = theta = _newton(A, y, theta, weight, float(grid[k]))
    return as_measured(Q @ (Vt.T @ every[:, 1:]), every[:, 0], mean, unit)


def _newton(A: Floats, y: Ints, theta: Floats, weight: Floats, lam: float) -> Floats:
    """Return Θ: (1 + rank, n_classes), starting from ``theta``; weight: (1 + rank, 1) is λ, and 0 for b."""
    o = A @ theta
    value = _objective(o, y, theta, weight)
    moved = 1.0
    for _ in range(MOST_STEPS):
        P = softmax(o)
        G = balanced(A.T @ (residuals(P, y) / len(y)) + weight * theta)
        D = _newton_step(A, P, G, weight, min(max(moved / 100, 1e-6), 1e-2))
        o_step, slope = A @ D, float(np.vdot(G, D))
        moved = float(np.abs(o_step).max())
        if moved <= SETTLED * np.abs(o).max(initial=1):
            return theta + D
        for alpha in 0.5 ** np.arange(60):
            new_value = _objective(o + alpha * o_step, y, theta + alpha * D, weight)
            if new_value <= value + ENOUGH * alpha * slope + ROUNDING * value:
                break
        theta, o, value = theta + alpha * D, o + alpha * o_step, new_value
    raise ArithmeticError(
        f"λ={lam:g} では重みが際限なく大きくなり、解を求められません。"
        f"クラスが超平面で完全に分けられるデータ（{A.shape[0]} 行）では、λを正の、もっと大きな値にしてください。"
    )


def _objective(o: Floats, y: Ints, theta: Floats, weight: Floats) -> float:
    return cross_entropy(o, y) + float((weight * theta * theta).sum() / 2)


def balanced(D: Floats) -> Floats:
    """Return D less its mean over the classes: a direction in which all classes move alike changes no p."""
    return np.asarray(D - D.sum(axis=1, keepdims=True) / D.shape[1])


def _newton_step(A: Floats, P: Floats, G: Floats, weight: Floats, accuracy: float) -> Floats:
    """Return D with H[D] = -G, by preconditioned conjugate gradients, but for this share of G."""
    n = len(A)
    diagonal = np.square(A).T @ (P * (1 - P)) / n + weight
    diagonal[diagonal == 0] = 1
    D, rest = np.zeros_like(G), -G
    z = balanced(rest / diagonal)
    direction, size = z, float(np.vdot(rest, z))
    goal = accuracy**2 * size
    for _ in range(MOST_TURNS * G.size):
        if size <= goal:
            break
        T = P * (A @ direction)
        T -= P * T.sum(axis=1, keepdims=True)
        image = A.T @ T / n + weight * direction
        curvature = float(np.vdot(direction, image))
        if curvature <= 0:
            break
        alpha = size / curvature
        D = D + alpha * direction
        rest = rest - alpha * image
        z = balanced(rest / diagonal)
        before, size = size, float(np.vdot(rest, z))
        direction = z + size / before * direction
    return D
