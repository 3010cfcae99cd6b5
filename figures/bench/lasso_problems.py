"""The problems on which lasso paths are timed, and scikit-learn's solvers of them.

Data: the design on which coordinate descent was first timed, Gaussian features with equal correlation ρ,

    x_ij = √ρ z_i + √(1-ρ) e_ij,    y = X w + k ε,    w_j = (-1)^j exp(-(j-1)/10),   k: signal to noise 3 in variance,

n = 200, p = 64; then standardised and centred, y scaled so that λ_max = 1 in each problem, and 100 λ from 1 to 1/1000,
evenly in log λ, as scikit-learn does by itself. The more the features correlate the longer coordinate descent takes
(ρ = 0.95 takes a quarter of an hour), hence one row for each ρ.

Rivals at their best, one process, as many BLAS threads as we have: Gram matrix and X'y are given (we compute ours
within the time), no checks, no copies; coordinate descent to the duality gap 1e-8 of ||y||²/n, with and without
screening, of which the faster counts; LARS without reading its path off at our λ. A rival solves one problem after the
other, so it may take a fifth of the problems in each turn, another fifth each time, and its time is multiplied.

Source of the data: Friedman, Hastie & Tibshirani (2010), Regularization paths for generalized linear models via
coordinate descent, J. Stat. Softw. 33(1), section 5.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias

import numpy as np

from figures.models.lasso_many import lasso_many
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization

SHARE = 5  # a rival takes every fifth problem
RIVAL_GAP = 1e-8
DESCENT, UNSCREENED, LARS = "lasso_path", "lasso_path(do_screening=False)", "lars_path"

Contestants: TypeAlias = dict[str, Callable[[int], object]]


@dataclass(frozen=True)
class Batch:
    """Problems, and what rivals are given ready-made: X in Fortran order, X'X and X'y."""

    problems: list[tuple[Floats, Floats]]
    lambdas: Floats

    @classmethod
    def draw(cls, rho: float, n_problems: int, p: int, n_lambdas: int, n: int = 200) -> Batch:
        """Draw the problems with the seeds 0, 1, 2 and so on."""
        w = np.array([(-1) ** j * np.exp(-(j - 1) / 10) for j in range(1, p + 1)])
        k = np.sqrt(((1 - rho) * (w @ w) + rho * w.sum() ** 2) / 3)
        problems = []
        for seed in range(n_problems):
            draws = np.random.default_rng(seed).standard_normal((n, p + 2))
            X = np.sqrt(rho) * draws[:, :1] + np.sqrt(1 - rho) * draws[:, 1:-1]
            y = X @ w + k * draws[:, -1]
            X, y = np.asfortranarray(fit_standardization(X).apply(X)), y - y.mean()
            problems.append((X, y * n / np.abs(X.T @ y).max()))
        return cls(problems, np.geomspace(1, 1e-3, n_lambdas))

    def ours(self, turn: int = 0) -> Floats:
        """Return w: (n_problems, n_lambdas, p), for all problems in every turn."""
        return lasso_many(self.problems, self.lambdas)

    def gap(self, coefs: Floats) -> float:
        """Return the largest duality gap of w: (n_problems, n_lambdas, p), as a share of ||y||²/n.

        With r = y - X w and a = min(1, λ / max_j |x_j'r|/n) it is
        1/(2n) ||r||² + λ ||w||₁ - 1/(2n) (||y||² - ||y - a r||²).
        """
        gaps = []
        for (X, y), w in zip(self.problems, coefs, strict=True):
            r = y - w @ X.T  # (n_lambdas, n)
            a = np.minimum(1, self.lambdas / (np.abs(r @ X).max(axis=1) / len(y)))
            dual = (y @ y - ((y - a[:, None] * r) ** 2).sum(axis=1)) / 2
            gaps.append(((r**2).sum(axis=1) / 2 + len(y) * self.lambdas * np.abs(w).sum(axis=1) - dual) / (y @ y))
        return float(np.max(gaps))


def rivals(batch: Batch) -> Contestants:
    """Return scikit-learn's solvers, each for a fifth of the problems. Raises ``ImportError`` where it is missing."""
    settings = import_module("sklearn").config_context
    linear_model = import_module("sklearn.linear_model")
    given = [(X, y, X.T @ X, X.T @ y) for X, y in batch.problems]

    def descend(turn: int, screening: bool) -> Floats:
        options = {"check_input": False, "copy_X": False, "tol": RIVAL_GAP, "max_iter": 10**6}
        with settings(assume_finite=True, skip_parameter_validation=True):
            paths = [
                linear_model.lasso_path(
                    X, y, alphas=batch.lambdas, precompute=G, Xy=Xy, do_screening=screening, **options
                )
                for X, y, G, Xy in given[turn % SHARE :: SHARE]
            ]
        return np.array([coefs.T for _, coefs, _ in paths])

    def lars(turn: int) -> object:
        with settings(assume_finite=True, skip_parameter_validation=True):
            return [
                linear_model.lars_path_gram(Xy, G, n_samples=len(y), method="lasso", alpha_min=batch.lambdas[-1])
                for _, y, G, Xy in given[turn % SHARE :: SHARE]
            ]

    return {DESCENT: lambda turn: descend(turn, True), UNSCREENED: lambda turn: descend(turn, False), LARS: lars}
