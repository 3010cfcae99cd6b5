"""The exact lasso path: against scikit-learn, against two published orders of entry, and against its own definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Lasso, lars_path

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import sparse_linear
from figures.models import lasso_many as lasso_many_module
from figures.models.lasso_many import lasso_many
from figures.models.lasso_path import LassoPath, lasso_path
from figures.models.least_squares import least_squares, r_squared
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization

GRID = np.array([0.0, 0.01, 0.1, 0.3, 0.7, 0.95, 1.0, 2.0])  # as shares of λ_max

# Longley (1967), J. Amer. Statist. Assoc. 62: US economy 1947-1962, the classic of nearly collinear columns.
LONGLEY = """
83.0 234.289 235.6 159.0 107.608 1947 60.323   88.5 259.426 232.5 145.6 108.632 1948 61.122
88.2 258.054 368.2 161.6 109.773 1949 60.171   89.5 284.599 335.1 165.0 110.929 1950 61.187
96.2 328.975 209.9 309.9 112.075 1951 63.221   98.1 346.999 193.2 359.4 113.270 1952 63.639
99.0 365.385 187.0 354.7 115.094 1953 64.989  100.0 363.112 357.8 335.0 116.219 1954 63.761
101.2 397.469 290.4 304.8 117.388 1955 66.019  104.6 419.180 282.2 285.7 118.734 1956 67.857
108.4 442.769 293.6 279.8 120.445 1957 68.169  110.8 444.546 468.1 263.7 121.950 1958 66.513
112.6 482.704 381.3 255.2 123.366 1959 68.655  114.2 502.601 393.1 251.4 125.368 1960 69.564
115.7 518.173 480.6 257.2 127.852 1961 69.331  116.9 554.894 400.7 282.7 130.081 1962 70.551
"""


def standardized(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    return fit_standardization(X).apply(X), y - y.mean()


def signed_moves(path: LassoPath) -> list[int]:
    """The columns, counted from 1, in the order of entry; negative where one drops out. As R's lars prints them."""
    return [sign * (j + 1) for _, j, sign in path.moves()]


def kkt_violation(X: Floats, y: Floats, lambdas: Floats, coefs: Floats) -> float:
    """The worst failure of the optimality conditions, as a share of ||x_j|| ||y|| / n."""
    n, lam = len(X), lambdas[:, None]
    scale = np.linalg.norm(X, axis=0) * np.linalg.norm(y) / n
    c = (y - coefs @ X.T) @ X / n
    violation = np.where(coefs != 0, np.abs(c - lam * np.sign(coefs)), np.maximum(np.abs(c) - lam, 0))
    return float((violation[:, scale > 0] / scale[scale > 0]).max(initial=0))


# --- Published ---


def test_diabetes_enters_in_the_published_order_with_hdl_out_and_back_in() -> None:
    X, y = standardized(*load_diabetes())
    assert signed_moves(lasso_path(X, y)) == [3, 9, 4, 7, 2, 10, 5, 8, 6, 1, -7, 7]
    assert round(r_squared(X, y, least_squares(X, y)), 4) == 0.5177


def test_longley_enters_in_the_order_that_r_lars_prints() -> None:
    table = np.array(LONGLEY.split(), dtype=float).reshape(16, 7)
    X, y = standardized(table[:, :6], table[:, 6])
    path = lasso_path(X, y)
    assert signed_moves(path) == [2, 3, 4, 6, -2, 5, 1, 2, -1, 1]
    assert round(r_squared(X, y, path.coefs[-1]), 3) == 0.995


# --- scikit-learn ---


def test_knots_are_those_of_scikit_learn_on_diabetes() -> None:
    X, y = standardized(*load_diabetes())
    alphas, _, coefs = lars_path(X, y, method="lasso")
    path = lasso_path(X, y)
    np.testing.assert_allclose(path.lambdas, alphas, rtol=0, atol=1e-10)
    np.testing.assert_allclose(path.coefs, coefs.T, rtol=0, atol=1e-10)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("n", "p"), [(60, 8), (40, 30), (15, 40)])
def test_path_is_that_of_coordinate_descent(seed: int, n: int, p: int) -> None:
    X, y = standardized(*sparse_linear(seed, n, p)[:2])
    path = lasso_path(X, y)
    for share in (0.8, 0.3, 0.05):
        lam = share * path.lambdas[0]
        lasso = Lasso(alpha=lam, tol=1e-14, max_iter=1_000_000, fit_intercept=False).fit(X, y)
        np.testing.assert_allclose(path.at(lam)[0], lasso.coef_, rtol=0, atol=1e-8)


def test_lasso_penalises_no_intercept_as_scikit_learn() -> None:
    X, y = load_diabetes()
    Z, centred = standardized(X, y)
    lasso = Lasso(alpha=1.0, tol=1e-14, max_iter=1_000_000).fit(Z, y)
    np.testing.assert_allclose(lasso_path(Z, centred).at(1.0)[0], lasso.coef_, rtol=0, atol=1e-8)
    assert lasso.intercept_ == pytest.approx(y.mean())


# --- Its own definition, on awkward data ---


@st.composite
def problems(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Columns that are random, small integers (ties), copies, sums, constant or zero; n and p from 1; any units."""
    n, p = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    whole = draw(st.booleans())
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    if whole:
        X, y = np.round(X), np.round(2 * y)
    for j in range(1, p):
        kind = draw(st.sampled_from(["random", "random", "copy", "mirrored", "sum", "constant", "zero"]))
        i, k = draw(st.integers(0, j - 1)), draw(st.integers(0, j - 1))
        X[:, j] = {
            "random": X[:, j],
            "copy": X[:, i],
            "mirrored": -2 * X[:, i],
            "sum": X[:, i] + X[:, k],
            "constant": np.full(n, 0.1),
            "zero": np.zeros(n),
        }[kind]
    X = X * 10.0 ** np.array(draw(st.lists(st.integers(-4, 4), min_size=p, max_size=p)))
    unit_x, unit_y = (10.0 ** draw(st.sampled_from([-100, -3, 0, 3, 100])) for _ in range(2))
    return X * unit_x, y * unit_y


@settings(derandomize=True, deadline=None, max_examples=400, suppress_health_check=list(HealthCheck))
@given(problems())
def test_kkt_conditions_hold_along_the_whole_path(problem: tuple[Floats, Floats]) -> None:
    X, y = problem
    path = lasso_path(X, y)
    between = np.concatenate([path.lambdas[1:] + share * -np.diff(path.lambdas) for share in (0.3, 0.9)])
    lambdas = np.concatenate([path.lambdas, between, 2 * path.lambdas[:1]])
    coefs = path.at(lambdas)
    unit_x, unit_y = np.abs(X).max() or 1.0, np.abs(y).max() or 1.0
    scaled = X / unit_x, y / unit_y, lambdas / unit_x / unit_y, coefs / unit_y * unit_x
    assert kkt_violation(*scaled) < 1e-10
    assert (np.diff(path.lambdas) < 0).all()
    assert path.lambdas[-1] == 0
    assert not coefs[-1].any()


@settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(problems())
def test_at_zero_the_fit_is_that_of_least_squares(problem: tuple[Floats, Floats]) -> None:
    X, y = problem
    # Columns of one size: where they differ by 10⁸, least squares itself drops the small ones as noise.
    X = X / np.where(np.abs(X).max(axis=0) > 0, np.abs(X).max(axis=0), 1)
    y = y / (np.abs(y).max() or 1)
    np.testing.assert_allclose(X @ lasso_path(X, y).at(0)[0], X @ least_squares(X, y), rtol=0, atol=1e-9)


def test_the_path_ends_where_it_is_told_and_says_so() -> None:
    X, y = standardized(*load_diabetes())
    path, whole = lasso_path(X, y, lambda_min=1.0), lasso_path(X, y)
    assert path.lambdas[-1] == 1.0
    np.testing.assert_allclose(path.at([1.0, 5.0]), whole.at([1.0, 5.0]), atol=1e-12)
    with pytest.raises(ValueError, match=r"最小値は 0\.5、経路の終わりは 1 です"):
        path.at(0.5)
    assert not lasso_path(X, y, lambda_min=100.0).at(100.0).any()


def test_powers_of_two_change_no_digit() -> None:
    X, y = standardized(*load_diabetes())
    path, scaled = lasso_path(X, y), lasso_path(X * 2.0**200, y * 2.0**-90)
    assert (scaled.lambdas == path.lambdas * 2.0**110).all()
    assert (scaled.coefs == path.coefs * 2.0**-290).all()


def test_identical_twins_leave_one_at_zero() -> None:
    X, y = standardized(*load_diabetes())
    twice = lasso_path(np.hstack([X, X]), y).at([0.1, 1.0, 10.0])
    np.testing.assert_allclose(twice[:, :10] + twice[:, 10:], lasso_path(X, y).at([0.1, 1.0, 10.0]), atol=1e-10)
    assert not (twice[:, :10] * twice[:, 10:]).any()


def test_hopelessly_collinear_columns_are_refused_not_fitted_wrongly() -> None:
    """Either the conditions hold to 1e-6, or there is an error: no silent third way."""
    outcomes = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        X, y = rng.standard_normal((7, 6)), rng.standard_normal(7)
        X[:, 2] = X[:, 0] + 10.0 ** -rng.integers(4, 12) * rng.standard_normal(7)
        X[:, 3] = X[:, 0] - X[:, 4] + 10.0 ** -rng.integers(4, 12) * rng.standard_normal(7)
        try:
            path = lasso_path(X, y)
        except ArithmeticError as error:
            assert "一次従属" in str(error)
            outcomes.append("refused")
        else:
            assert kkt_violation(X, y, path.lambdas, path.coefs) < 1e-6
            outcomes.append("fitted")
    assert outcomes.count("fitted") > 290


# --- Many at once ---


def test_many_at_once_are_those_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [standardized(*sparse_linear(seed, 60 + seed, 40, noise=2.0)[:2]) for seed in range(12)]
    grid = np.array([0.02, 0.1, 0.3, 5.0])
    one_by_one = np.array([lasso_path(X, y).at(grid) for X, y in data])
    monkeypatch.setattr(lasso_many_module, "lasso_path", None)  # none of these needs the slow way
    many = lasso_many(data, grid)
    np.testing.assert_allclose(many, one_by_one, rtol=0, atol=1e-11)
    assert ((many == 0) == (one_by_one == 0)).all()


@settings(derandomize=True, deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.lists(problems(), min_size=1, max_size=3))
def test_many_at_once_survive_awkward_data(several: list[tuple[Floats, Floats]]) -> None:
    p = min(X.shape[1] for X, _ in several)
    data = [(X[:, :p] / (np.abs(X).max() or 1), y / (np.abs(y).max() or 1)) for X, y in several]
    grid = GRID * max(np.abs(X.T @ y).max() / len(X) for X, y in data)
    for (X, y), coefs in zip(data, lasso_many(data, grid), strict=True):
        assert kkt_violation(X, y, grid, coefs) < 1e-9


def test_each_of_many_may_have_an_l2_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [standardized(*sparse_linear(seed, 60, 40, noise=2.0)[:2]) for seed in range(6)]
    l2, grid = [0, 0.001, 0.05, 0.3, 2, 20], [0.02, 0.1, 0.3]
    alone = [lasso_path(X, y, 0.02, b).at(grid) for (X, y), b in zip(data, l2, strict=True)]
    np.testing.assert_allclose(lasso_many(data, grid, l2), alone, rtol=0, atol=1e-11)
    monkeypatch.setattr(lasso_many_module, "TOGETHER", 2 * 40 * 40)  # in blocks of two
    np.testing.assert_allclose(lasso_many(data, grid, l2), alone, rtol=0, atol=1e-11)
    monkeypatch.setattr(lasso_many_module, "ACCURACY", -1.0)  # all by the slow way
    np.testing.assert_allclose(lasso_many(data, grid, l2), alone, rtol=0, atol=1e-11)


def test_many_need_one_l2_or_as_many_as_problems() -> None:
    with pytest.raises(ValueError, match=r"l2 の形は \(3,\) です。.*2 個を渡してください"):
        lasso_many([(np.eye(2), [1, 2])] * 2, 0.1, [0.1, 0.2, 0.3])


def test_many_need_the_same_features() -> None:
    with pytest.raises(ValueError, match=r"列数が \[1, 2\] です"):
        lasso_many([(np.eye(2), [1, 2]), (np.ones((2, 1)), [1, 2])], 0.1)
    with pytest.raises(ValueError, match="一つ以上"):
        lasso_many([], 0.1)


def test_the_problems_come_out_the_same_however_many_are_solved_together(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    many = [(rng.standard_normal((30, 5)), rng.standard_normal(30)) for _ in range(9)]
    lambdas = [0.3, 0.1, 0.01]
    together = lasso_many(many, lambdas)
    for block in (1, 2, 4):
        monkeypatch.setattr("figures.models.lasso_many.TOGETHER", block * 5 * 5)
        assert (lasso_many(many, lambdas) == together).all()
