"""Training rows, test rows, and the choice of λ by cross-validation.

    CV(λ) = 1/n  Σ_k  Σ_{i in fold k}  (y_i - ŷ_i)²,      ŷ_i from the model fitted without fold k

Row i belongs to fold i mod K, so the rows must come in random order. Standardisation is part of the model: it is done
anew without each fold. The λ with the smallest CV(λ) is taken, the smallest one if several are equal.

    X: (n_samples, n_features)   as measured      y: (n_samples,)   as measured

Source: Stone (1974), J. R. Stat. Soc. B 36(2); Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd
ed., section 7.10. scikit-learn: ``GridSearchCV`` over a pipeline of ``StandardScaler`` and the model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, penalties, regression_data
from figures.models.standardize import fit_standardization

Table: TypeAlias = tuple[ArrayLike, ArrayLike]  # X and y
# Many (X, y), lambdas -> w: (n_problems, n_lambdas, n_features), as ``ridge_many`` and ``lasso_many`` give it.
Fit: TypeAlias = Callable[[Sequence[Table], Floats], Floats]


class Split(NamedTuple):
    """X standardised and y centred, both with the mean and scale of the training rows."""

    X: Floats
    y: Floats
    X_test: Floats
    y_test: Floats

    def squared_errors(self, w: Floats) -> Floats:
        """Return (y - X w)² on the test rows: (n_test,) for one w, (n_test, n_lambdas) for many."""
        return np.asarray(np.square(self.y_test - w @ self.X_test.T).T, dtype=np.float64)

    def rmse(self, w: Floats) -> float:
        """Return the root of the mean squared test error of one w, in the units of y."""
        return float(np.sqrt(self.squared_errors(w).mean()))


def split(X: ArrayLike, y: ArrayLike, n_train: int) -> Split:
    """Train on the first ``n_train`` rows, test on the others; ``ValueError`` for bad input."""
    X, y = regression_data(X, y)
    if not 0 < n_train < len(X):
        raise ValueError(f"n_train={n_train} は使えません。1から {len(X) - 1} までの行数を渡してください。")
    Z, t = fit_standardization(X[:n_train]).apply(X), y - y[:n_train].mean()
    return Split(Z[:n_train], t[:n_train], Z[n_train:], t[n_train:])


def choose_lambdas(tables: Sequence[Table], fit: Fit, lambdas: ArrayLike, n_folds: int = 5) -> Floats:
    """Return for each table (X, y) the λ with the smallest CV(λ): (n_tables,). Raises ``ValueError`` for bad input."""
    grid = np.sort(penalties(lambdas))
    folds = [fold for X, y in tables for fold in leave_out(X, y, n_folds)]
    w = fit([(fold.X, fold.y) for fold in folds], grid)
    errors = np.array([fold.squared_errors(of_fold).sum(axis=0) for fold, of_fold in zip(folds, w, strict=True)])
    cv = errors.reshape(len(tables), n_folds, len(grid)).sum(axis=1)
    # Errors that agree to nine digits are equal: which of them is smaller would depend on the processor.
    smallest = cv <= cv.min(axis=1, keepdims=True) * (1 + 1e-9)
    return np.asarray(grid[smallest.argmax(axis=1)], dtype=np.float64)


def leave_out(X: ArrayLike, y: ArrayLike, n_folds: int) -> list[Split]:
    """Return the splits of cross-validation, each with one fold as its test rows."""
    X, y = regression_data(X, y)
    if not 2 <= n_folds <= len(X):
        raise ValueError(f"n_folds={n_folds} は使えません。2から行数 {len(X)} までの数を渡してください。")
    fold = np.arange(len(X)) % n_folds
    last = [np.argsort(fold == k, kind="stable") for k in range(n_folds)]  # the rows of fold k behind the others
    return [split(X[order], y[order], int((fold != k).sum())) for k, order in enumerate(last)]
