"""What happens at a knot of the lasso path: which features are active below it.

At a knot some features are free (w_j ≠ 0) and some touch their bound (w_j = 0, c_j = λ s_j). As λ falls by a little,
w moves by v, the solution of

    minimise over v:   1/(2n) ||X v||² - s'v      with s_j v_j >= 0 for every j at its bound, v_j = 0 for all others

that is, non-negative least squares with the free features unrestricted. Nearly always one feature is at its bound and
the answer is seen at once; with ties or twins it takes the active-set method. Its optimality conditions are those of
the lasso just below the knot:

    s_j x_j'X v / n = 1 for the active features,      >= 1 for those refused: their c_j moves inside the bound.

    X: (n_samples, n_features)      s: (n_features,) signs      v: (n_active,)

The active columns are kept as X_A = Q R with R⁻¹, grown by Gram-Schmidt, one column at a time, so that

    v = n (X_A'X_A)⁻¹ s_A = n R⁻¹ R⁻ᵀ s_A.

Source: Lawson & Hanson (1974), Solving Least Squares Problems, ch. 23 (algorithm NNLS).
"""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

import numpy as np

from figures.models.regression_data import Floats

NEGLIGIBLE = 1e-10  # a slope v_j ||x_j||²/n, or a 1 - s_j x_j'X v/n, below this is 0 but for rounding
DEPENDENT = 1e-7  # a column with less than this share of its length outside the active ones is a combination of them


class ActiveSet(NamedTuple):
    """The features that are active below a knot.

    Attributes:
        features: (n_active,) column numbers, with X[:, features] = Q R.
        Q: (n_samples, n_active) orthonormal.
        R_inverse: (n_active, n_active).
        v: (n_active,) by how much w grows when λ falls by 1.
        refused: features at their bound that stay 0 and move inside it.
    """

    features: list[int]
    Q: Floats
    R_inverse: Floats
    v: Floats
    refused: list[int]

    @classmethod
    def empty(cls, n_samples: int) -> ActiveSet:
        """Return the active set above the first knot."""
        return cls([], np.zeros((n_samples, 0)), np.zeros((0, 0)), np.zeros(0), [])


def leave_knot(X: Floats, s: Floats, above: ActiveSet, free: list[int], at_bound: list[int]) -> ActiveSet:
    """Choose the active set below a knot, given the one above it, its free features and those at their bound."""
    everyone = _solve(X, s, above, [*free, *at_bound])
    if everyone is not None and not _against(X, s, everyone, len(free)):
        return everyone

    active = _solve(X, s, above, free)
    assert active is not None  # they were active above the knot, hence independent
    waiting, refused = list(at_bound), list[int]()
    while waiting:
        gain = 1 - s[waiting] * (X[:, waiting].T @ (X[:, active.features] @ active.v)) / len(X)
        if gain.max() <= NEGLIGIBLE:
            break
        j = waiting.pop(int(gain.argmax()))
        v, trial = np.append(active.v, 0.0), _solve(X, s, active, [*active.features, j])
        if trial is None:
            continue
        # Go from v towards the trial; the first feature to come back to its bound is taken out; and again.
        while against := _against(X, s, trial, len(free)):
            sv, sv_trial = s[trial.features] * v, s[trial.features] * trial.v
            step, first = min((sv[k] / (sv[k] - sv_trial[k]) if sv[k] > sv_trial[k] else 0.0, k) for k in against)
            v = np.delete(v + step * (trial.v - v), first)
            back = trial.features[first]
            (refused if back == j else waiting).append(back)
            trial = _solve(X, s, trial, [k for k in trial.features if k != back])
            assert trial is not None  # a part of independent columns
        active = trial
    return active._replace(refused=[*refused, *waiting])


def _solve(X: Floats, s: Floats, known: ActiveSet, features: list[int]) -> ActiveSet | None:
    """Return the active set of the given features, or None if their columns are linearly dependent.

    The columns that ``known`` begins with in the same order are taken from there.
    """
    n_same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(known.features, features, strict=False))))
    Q, R_inverse = known.Q[:, :n_same], known.R_inverse[:n_same, :n_same]
    for j in features[n_same:]:
        if is_dependent(X, Q, j):
            return None
        q, r = _outside(X[:, j], Q)
        rho = np.sqrt(q @ q)
        last = np.append(R_inverse @ r, -1.0) / -rho
        Q = np.column_stack([Q, q / rho])
        R_inverse = np.column_stack([np.vstack([R_inverse, np.zeros(len(last) - 1)]), last])
    return ActiveSet(features, Q, R_inverse, len(X) * R_inverse @ (R_inverse.T @ s[features]), [])


def _outside(x: Floats, Q: Floats) -> tuple[Floats, Floats]:
    """Return the part of x outside the columns of Q, and its coordinates r inside: x = Q r + that part."""
    r = Q.T @ x
    q = x - Q @ r
    again = Q.T @ q  # after one projection rounding leaves a little of Q in it
    return q - Q @ again, r + again


def is_dependent(X: Floats, Q: Floats, j: int) -> bool:
    """Tell whether column j is a linear combination of the columns of Q, to the accuracy ``DEPENDENT``."""
    q = _outside(X[:, j], Q)[0]
    return bool(len(X) == Q.shape[1] or q @ q <= DEPENDENT**2 * (X[:, j] @ X[:, j]))


def _against(X: Floats, s: Floats, active: ActiveSet, n_free: int) -> list[int]:
    """Return the places, behind the free features, whose v_j does not go the way of its sign."""
    bound = active.features[n_free:]
    slope = s[bound] * active.v[n_free:] * np.einsum("ij,ij->j", X[:, bound], X[:, bound]) / len(X)
    return (n_free + np.flatnonzero(slope <= NEGLIGIBLE)).tolist()
