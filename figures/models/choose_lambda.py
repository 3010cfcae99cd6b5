"""The choice of λ from errors that were measured on rows left out.

    CV(λ) = 1/n  Σ_k n_k e_k(λ)                  e_k: mean error on the n_k rows of fold k,  n = Σ_k n_k
    SE(λ)² = 1/(K-1)  Σ_k n_k/n (e_k - CV)²      with folds of equal size the variance of the K means e_k, over K

    minimum                 λ̂, the λ with the smallest CV(λ)
    one-standard-error      the largest λ (the simplest model) with CV(λ) <= CV(λ̂) + SE(λ̂)

Errors that agree to nine digits are equal, since which of them is smaller would depend on the processor; of several λ
that are equally good the smallest is the minimum. The folds share their training rows, so that SE is only a rough
measure of how well CV is known. One hold-out set is a curve with one fold: it has a minimum, and no SE.

    lambdas: (n_lambdas,)     errors: (n_folds, n_lambdas), mean squared error or share of errors     sizes: (n_folds,)

Elsewhere: scikit-learn ``GridSearchCV`` (the mean of the e_k without n_k); R ``cv.glmnet``: ``lambda.min``,
``lambda.1se`` and ``cvsd``, with the same weights as here.
Sources: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., section 7.10.1; the rule is from
Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, section 3.4.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, finite_array, penalties

TIE = 1e-9  # losses that differ by a smaller share than this are equal


@dataclass(frozen=True, eq=False)
class CVCurve:
    """The errors of every fold at every λ.

    Attributes:
        lambdas: (n_lambdas,) rising.
        errors: (n_folds, n_lambdas) the mean error on the rows of each fold.
        sizes: (n_folds,) the number of those rows.
    """

    lambdas: Floats
    errors: Floats
    sizes: Floats

    def __init__(self, lambdas: ArrayLike, errors: ArrayLike, sizes: ArrayLike) -> None:
        grid = penalties(lambdas)
        table = finite_array("errors", errors, 2, f"形が (n_folds, {len(grid)}) の、0以上の有限な数値の配列")
        if table.shape[1] != len(grid) or (table < 0).any():
            raise ValueError(
                f"errors の形は {table.shape}、最小値は {table.min():g} です。"
                f"形が (n_folds, {len(grid)}) の、0以上の値を渡してください。"
            )
        rows = finite_array("sizes", sizes, 1, f"形が ({len(table)},) の、1以上の行数の配列")
        if len(rows) != len(table) or (rows < 1).any():
            raise ValueError(
                f"sizes の形は {rows.shape}、最小値は {rows.min():g} です。"
                f"1以上の行数を {len(table)} 個渡してください。"
            )
        rising = np.argsort(grid, kind="stable")
        object.__setattr__(self, "lambdas", grid[rising])
        object.__setattr__(self, "errors", table[:, rising])
        object.__setattr__(self, "sizes", rows)

    @property
    def mean(self) -> Floats:
        """CV(λ): (n_lambdas,)."""
        return np.asarray(self.sizes @ self.errors / self.sizes.sum(), dtype=np.float64)

    @property
    def standard_error(self) -> Floats:
        """SE(λ): (n_lambdas,). Raises ``ValueError`` if there is only one fold."""
        if len(self.sizes) < 2:
            raise ValueError(f"errors の形は {self.errors.shape} です。標準誤差には2つ以上の分割を渡してください。")
        variance = self.sizes @ (self.errors - self.mean) ** 2 / self.sizes.sum()
        return np.asarray(np.sqrt(variance / (len(self.sizes) - 1)), dtype=np.float64)

    def minimum(self) -> float:
        """Return the λ with the smallest CV(λ), the smallest one if several are equally good."""
        return float(best(self.lambdas, self.mean, 1)[0])

    def one_standard_error(self) -> float:
        """Return the largest λ whose CV(λ) is within one SE of the smallest. Raises ``ValueError`` as above."""
        k = int(np.searchsorted(self.lambdas, self.minimum()))
        bound = self.mean[k] + self.standard_error[k]
        return float(self.lambdas[self.mean <= bound * (1 + TIE)].max())


def best(lambdas: Floats, losses: Floats, count: int) -> Floats:
    """Return the ``count`` λ with the smallest losses, rising; where losses are equal, smaller λ go first."""
    cut = np.sort(losses)[count - 1]
    equal = np.abs(losses - cut) <= TIE * np.abs(cut)
    place = np.where(equal, 1, np.where(losses < cut, 0, 2))
    return np.sort(lambdas[np.lexsort((lambdas, place))[:count]])
