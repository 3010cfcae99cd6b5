"""The lasso (L1) for every λ, exactly: the homotopy, also known as LARS with the lasso modification.

    minimise over w:   1/(2n) ||y - X w||²  +  λ ||w||₁

With c_j = x_j'(y - X w)/n, w is a solution if and only if (the KKT conditions)

    c_j = λ sign(w_j)  where w_j ≠ 0,      |c_j| <= λ  where w_j = 0.

While the active set A (the features with w_j ≠ 0) and the signs s stay the same, w and c are straight lines in λ:

    w_A(λ) = u - λ v,        u = (X_A'X_A)⁻¹ X_A'y,         v = n (X_A'X_A)⁻¹ s_A
    c_j(λ) = p_j + λ q_j,    p_j = x_j'(y - X_A u)/n,       q_j = x_j'X_A v/n

Going down from λ_max = max_j |x_j'y|/n, a feature enters where its |c_j| meets λ and drops out where its w_j meets 0.
Between two such knots the solution is interpolated, so that the whole path is known without iterating to a tolerance.
A feature that is a linear combination of the active ones stays at 0: with p > n, twins or collinear columns this gives
one of the solutions, and all of them have the same X w.

With λ2/2 ||w||² added, the objective of the ``elastic_net`` is that of a lasso on n + p rows, so the path is found in
the same way (Zou & Hastie 2005, Lemma 1):

    1/(2n) ||y - X w||² + λ2/2 ||w||²  =  1/(2(n+p)) ||y* - X* w||²,     X* = √((n+p)/n) [ X; √(n λ2) I ],
                                                                         y* = √((n+p)/n) [ y; 0 ]

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred; the intercept is not penalised

Elsewhere: scikit-learn ``Lasso(alpha=λ)``, ``lars_path(method="lasso")``.
Sources: Osborne, Presnell & Turlach (2000), A new approach to variable selection in least squares problems, IMA J.
Numer. Anal. 20(3); Efron, Hastie, Johnstone & Tibshirani (2004), Least angle regression, Ann. Statist. 32(2), §3.1;
Zou & Hastie (2005), Regularization and variable selection via the elastic net, J. R. Stat. Soc. B 67(2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from figures.models.lasso_knot import ActiveSet, is_dependent, leave_knot
from figures.models.regression_data import Floats, penalties, penalty, regression_data

ROUNDING = 1e-13  # a c_j below this share of ||x_j|| ||y|| / n, its largest possible value, is 0 but for rounding
ACCURACY = 1e-6  # the KKT conditions must hold to this share of it; nearly always they hold to 1e-14
MOST_KNOTS = 1000  # times the number of features; real data need about two


@dataclass(frozen=True)
class LassoPath:
    """The knots of the path: between them w is linear in λ, above the first it is 0.

    Attributes:
        lambdas: (n_knots,) from λ_max down to the end of the path.
        coefs: (n_knots, n_features). A weight that is 0 is exactly 0.
    """

    lambdas: Floats
    coefs: Floats

    def at(self, lambdas: ArrayLike) -> Floats:
        """Return w: (n_lambdas, n_features). Raises ``ValueError`` for a bad λ or one below the end of the path."""
        asked = penalties(lambdas)
        if asked.min() < self.lambdas[-1]:
            raise ValueError(
                f"lambdas の形は {asked.shape}、最小値は {asked.min():g}、経路の終わりは {self.lambdas[-1]:g} です。"
                "経路の lambda_min を小さくしてください。"
            )
        columns = [np.interp(asked, self.lambdas[::-1], w[::-1]) for w in self.coefs.T]
        return np.stack(columns, axis=1)

    def moves(self) -> list[tuple[float, int, int]]:
        """Return (λ, feature, +1 for an entry or -1 for a drop), as λ falls."""
        nonzero = self.coefs != 0
        support = np.vstack([nonzero[:1] & False, nonzero[:-1] | nonzero[1:]])  # above λ_max, then one row a segment
        change = np.diff(support.astype(int), axis=0)
        return [(float(self.lambdas[k]), int(j), int(change[k, j])) for k, j in zip(*np.nonzero(change), strict=True)]


def lasso_path(X: ArrayLike, y: ArrayLike, lambda_min: float = 0.0, l2: float = 0.0) -> LassoPath:
    """Follow the path from λ_max down to ``lambda_min``; with ``l2`` = λ2 that of the elastic net.

    Raises:
        ValueError: for bad data, a bad ``lambda_min`` or a bad ``l2``.
        ArithmeticError: if the KKT conditions fail at a knot (columns so nearly collinear that float64 gives out).
    """
    X, y = regression_data(X, y)
    # Powers of two keep every digit; with them neither huge nor tiny units overflow in a product.
    unit_x, unit_y = (2.0 ** np.frexp(np.abs(a).max())[1] for a in (X, y))
    Z, t = X / unit_x, y / unit_y
    scale = np.linalg.norm(Z, axis=0) * np.linalg.norm(t) / len(Z)  # (p,) the largest |c_j| possible
    if penalty(l2, "l2") > 0:
        Z, t = _augment(Z, t, penalty(l2, "l2") / unit_x / unit_x)
    path = _follow(Z, t, scale, penalty(lambda_min, "lambda_min") / unit_x / unit_y)
    return LassoPath(path.lambdas * unit_x * unit_y, path.coefs * (unit_y / unit_x))


def _augment(X: Floats, y: Floats, l2: float) -> tuple[Floats, Floats]:
    """Return X* (n + p, p) and y* (n + p,)."""
    n, p = X.shape
    weight = np.sqrt((n + p) / n)
    return weight * np.vstack([X, np.sqrt(n * l2) * np.eye(p)]), weight * np.append(y, np.zeros(p))


def _follow(X: Floats, y: Floats, scale: Floats, end: float) -> LassoPath:
    n, p = X.shape
    size = np.einsum("ij,ij->j", X, X) / n
    c = X.T @ y / n
    s = np.sign(c)
    lam = max(float(np.abs(c[np.abs(c) > ROUNDING * scale]).max(initial=0)), end)
    below, free = ActiveSet.empty(n), list[int]()
    at_bound = _touching(c, lam, scale)
    lambdas, coefs = [lam], [np.zeros(p)]
    while lam > end and len(lambdas) < MOST_KNOTS * p:
        below = leave_knot(X, s, below, free, at_bound)
        active, v = below.features, below.v
        u = below.R_inverse @ (below.Q.T @ y)
        p_j = X.T @ (y - below.Q @ (below.Q.T @ y)) / n
        q_j = X.T @ (X[:, active] @ v) / n

        entry = _next_entry(p_j, q_j, s, below, ROUNDING * scale)
        while entry[0] > 0 and is_dependent(X, below.Q, entry[1]):
            p_j[entry[1]] = 0  # a combination of the active features, whose c_j keeps to theirs
            entry = _next_entry(p_j, q_j, s, below, ROUNDING * scale)
        meets, j, side = max(entry, _next_drop(u, v, s, active))
        # A step that is only rounding is no step: ties are met one after the other at the same knot.
        before, lam = lam, max(end, lam if meets > lam * (1 - 10 * ROUNDING) else meets)
        if lam < before:
            w = np.zeros(p)
            w[active] = u - lam * v
            w[np.abs(w) * size <= ROUNDING * scale] = 0
            lambdas.append(lam)
            coefs.append(w)
        if lam > end:
            coefs[-1][j] = 0
            s[j] = side
            c = p_j + lam * q_j
            others = [k for k in _touching(c, lam, scale) if k != j and k not in active]
            s[others] = np.sign(c[others])
            free = [k for k in active if coefs[-1][k] != 0]
            at_bound = [j, *(k for k in active if k not in free and k != j), *others]
    path = LassoPath(np.array(lambdas), np.array(coefs))
    if lam > end or (_kkt_violation(X, y, path) > ACCURACY * scale).any():
        raise ArithmeticError(
            f"X（形は {X.shape}）の列がほとんど一次従属で、lassoの経路を正確に求められません。"
            "重複に近い列を除くか、lambda_min を大きくしてください。"
        )
    return path


def _touching(c: Floats, lam: float, scale: Floats) -> list[int]:
    """Return the features with |c_j| = λ."""
    return np.flatnonzero(np.abs(c) > np.maximum(lam - ROUNDING * scale, ROUNDING * scale)).tolist()


def _next_entry(p: Floats, q: Floats, s: Floats, below: ActiveSet, noise: Floats) -> tuple[float, int, int]:
    """Return the largest λ at which a c_j = p_j + λ q_j meets λ or -λ, with j and the side, 1 or -1."""
    side = np.sign(p)
    will = np.abs(p) > noise
    will[below.features] = False
    will[[j for j in below.refused if s[j] == side[j]]] = False  # it is on its way from this bound to the other
    meets = np.zeros(len(p))
    np.divide(np.abs(p), 1 - side * q, out=meets, where=will)
    j = int(meets.argmax())
    return float(meets[j]), j, int(side[j])


def _next_drop(u: Floats, v: Floats, s: Floats, active: list[int]) -> tuple[float, int, int]:
    """Return the largest λ at which a w_j = u_j - λ v_j meets 0, with j and its sign so far."""
    falls = s[active] * v < 0
    meets = np.zeros(len(active))
    meets[falls] = u[falls] / v[falls]
    k = int(meets.argmax())
    return float(meets[k]), active[k], int(s[active[k]])


def _kkt_violation(X: Floats, y: Floats, path: LassoPath) -> Floats:
    """Return by how much each condition fails at each knot: (n_knots, n_features)."""
    c, lam = (y - path.coefs @ X.T) @ X / len(X), path.lambdas[:, None]
    return np.where(path.coefs != 0, np.abs(c - lam * np.sign(path.coefs)), np.abs(c) - lam)
