"""Coordinate descent: against scikit-learn's lasso, and sweep by sweep against its definition."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from sklearn.linear_model import Lasso

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import orthonormal, twins
from figures.models.coordinate_descent import coordinate_descent
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization


def after(n_sweeps: int, X: Floats, y: Floats, lam: float) -> Floats:
    return next(islice(coordinate_descent(X, y, lam), n_sweeps - 1, None))


@pytest.mark.parametrize("lam", [0.5, 3.0, 20.0])
def test_it_ends_at_the_lasso_of_scikit_learn(lam: float) -> None:
    X, y = load_diabetes()
    X, y = fit_standardization(X).apply(X), y - y.mean()
    other = Lasso(alpha=lam, tol=1e-12, max_iter=100_000, fit_intercept=False).fit(X, y).coef_
    w = after(2000, X, y, lam)
    np.testing.assert_allclose(w, other, rtol=0, atol=1e-6)
    assert ((w == 0) == (other == 0)).all()


def test_columns_need_not_be_standardised() -> None:
    X, y, _ = twins(0, 60, rho=0.5)
    X *= np.geomspace(0.1, 10, X.shape[1])
    other = Lasso(alpha=0.2, tol=1e-12, max_iter=100_000, fit_intercept=False).fit(X, y).coef_
    np.testing.assert_allclose(after(1000, X, y, 0.2), other, rtol=0, atol=1e-6)


def test_each_weight_of_a_sweep_is_the_best_while_the_others_stand_still() -> None:
    X, y, _ = twins(1, 40, n_features=6)
    first, second = islice(coordinate_descent(X, y, 0.3), 2)
    grid = np.linspace(-8, 8, 160_001)
    for j in range(6):
        w = np.concatenate([second[:j], [0.0], first[j + 1 :]])
        rest = y - X @ w
        value = (rest @ rest - 2 * grid * (X[:, j] @ rest) + grid**2 * (X[:, j] @ X[:, j])) / 80 + 0.3 * np.abs(grid)
        assert second[j] == pytest.approx(grid[value.argmin()], abs=1e-4)


def test_where_nothing_correlates_one_sweep_is_enough() -> None:
    X, y = orthonormal(0, np.array([2.0, -1.0, 0.3, 0.0]))
    first, second = islice(coordinate_descent(X, y, 0.5), 2)
    np.testing.assert_allclose(second, first, rtol=0, atol=1e-14)
    assert (first == 0).tolist() == [False, False, True, True]


def test_a_column_of_zeros_is_refused_before_the_first_sweep() -> None:
    with pytest.raises(ValueError, match=r"\(3, 2\).*1 列目がすべて0"):
        coordinate_descent([[1, 0], [2, 0], [3, 0]], [1, 2, 3], 0.1)
