"""Training rows, test rows, and the errors on rows left out.

    CV(λ) = 1/n  Σ_k  Σ_{i in fold k}  (y_i - ŷ_i)²,      ŷ_i from the model fitted without fold k

Standardisation is part of the model: it is done anew without each fold. How rows are put into folds is said in
``folds``, how λ is chosen from the curve in ``choose_lambda``. The curves of many tables are found in one call of the
model, so that a batched one (``lasso_many``) gets all folds of all tables at once.

    X: (n_samples, n_features)   as measured      y: (n_samples,)   as measured

Elsewhere: scikit-learn ``train_test_split(shuffle=False)``; ``GridSearchCV`` over a pipeline of ``StandardScaler`` and
the model.
Source: Stone (1974), J. R. Stat. Soc. B 36(2); Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd
ed., section 7.10.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from figures.models.choose_lambda import CVCurve
from figures.models.folds import group_folds, k_folds
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
    """Hold out: train on the first ``n_train`` rows, test on the others; ``ValueError`` for bad input."""
    X, y = regression_data(X, y)
    if not 0 < n_train < len(X):
        raise ValueError(f"n_train={n_train} は使えません。1から {len(X) - 1} までの行数を渡してください。")
    Z, t = fit_standardization(X[:n_train]).apply(X), y - y[:n_train].mean()
    return Split(Z[:n_train], t[:n_train], Z[n_train:], t[n_train:])


def leave_out(X: ArrayLike, y: ArrayLike, n_folds: int, groups: ArrayLike | None = None) -> list[Split]:
    """Return the splits of cross-validation, each with one fold as its test rows; no group is in two folds."""
    X, y = regression_data(X, y)
    fold = k_folds(len(X), n_folds) if groups is None else group_folds(groups, n_folds)
    if len(fold) != len(X):
        raise ValueError(f"groups の形は {fold.shape}、X の形は {X.shape} です。groups を {len(X)} 個渡してください。")
    last = [np.argsort(fold == k, kind="stable") for k in range(n_folds)]  # the rows of fold k behind the others
    return [split(X[order], y[order], int((fold != k).sum())) for k, order in enumerate(last)]


def cv_curves(splits: Sequence[Sequence[Split]], fit: Fit, lambdas: ArrayLike) -> list[CVCurve]:
    """Return one curve for each table, given its splits: those of ``leave_out``, or a single hold-out."""
    grid = np.sort(penalties(lambdas))
    every = [one for of_table in splits for one in of_table]
    w = fit([(one.X, one.y) for one in every], grid)
    errors = iter([one.squared_errors(of_one).mean(axis=0) for one, of_one in zip(every, w, strict=True)])
    return [CVCurve(grid, [next(errors) for _ in of_table], [len(s.y_test) for s in of_table]) for of_table in splits]


def choose_lambdas(tables: Sequence[Table], fit: Fit, lambdas: ArrayLike, n_folds: int = 5) -> Floats:
    """Return for each table (X, y) the λ with the smallest CV(λ): (n_tables,). Raises ``ValueError`` for bad input."""
    curves = cv_curves([leave_out(X, y, n_folds) for X, y in tables], fit, lambdas)
    return np.array([curve.minimum() for curve in curves])
