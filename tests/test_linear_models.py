"""Ridge, least squares, standardisation, cross-validation: against scikit-learn; bad input: one clear error each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import sparse_linear
from figures.models.cross_validation import choose_lambdas, leave_out, split
from figures.models.lasso_many import lasso_many
from figures.models.lasso_path import lasso_path
from figures.models.least_squares import least_squares, r_squared
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge, ridge_many
from figures.models.standardize import fit_standardization

LAMBDAS = np.array([0.001, 0.05, 1.0, 30.0])


def standardized(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    return fit_standardization(X).apply(X), y - y.mean()


# --- Ridge ---


@pytest.mark.parametrize("data", [load_diabetes(), sparse_linear(0, 40, 30)[:2], sparse_linear(1, 15, 40)[:2]])
def test_ridge_is_that_of_scikit_learn(data: tuple[Floats, Floats]) -> None:
    X, y = standardized(*data)
    for lam, w in zip(LAMBDAS, ridge(X, y, LAMBDAS), strict=True):
        expected = Ridge(alpha=len(X) * lam, fit_intercept=False, solver="cholesky").fit(X, y).coef_
        np.testing.assert_allclose(w, expected, rtol=0, atol=1e-8)


def test_ridge_penalises_no_intercept_as_scikit_learn() -> None:
    X, y = load_diabetes()
    Z, centred = standardized(X, y)
    expected = Ridge(alpha=len(X) * 0.3).fit(Z, y)
    np.testing.assert_allclose(ridge(Z, centred, 0.3)[0], expected.coef_, rtol=0, atol=1e-8)
    assert expected.intercept_ == pytest.approx(y.mean())


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 8),
    st.integers(1, 8),
    st.sampled_from([1e-100, 1e-3, 1.0, 1e100]),
    st.booleans(),
)
def test_the_gradient_of_ridge_is_zero(seed: int, n: int, p: int, unit: float, collinear: bool) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    if collinear:
        X[:, 0], X[:, -1] = 0, X[:, p // 2]
    for lam, w in zip(LAMBDAS, ridge(unit * X, y, unit**2 * LAMBDAS) * unit, strict=True):
        np.testing.assert_allclose(X.T @ (X @ w - y) / n + lam * w, 0, rtol=0, atol=1e-11)


def test_without_a_penalty_ridge_is_least_squares_of_smallest_norm() -> None:
    for X, y in (standardized(*load_diabetes()), standardized(*sparse_linear(2, 15, 40)[:2])):
        np.testing.assert_allclose(ridge(X, y, 0)[0], least_squares(X, y), rtol=0, atol=1e-8)
        np.testing.assert_allclose(least_squares(X, y), np.linalg.pinv(X) @ y, rtol=0, atol=1e-8)
    assert not ridge(np.zeros((3, 2)), [1, 2, 3], [0, 1]).any()


def test_filter_factors_are_what_ridge_does_along_each_direction() -> None:
    X, y = standardized(*load_diabetes())
    _, _, Vt = np.linalg.svd(X, full_matrices=False)
    ratio = (Vt @ ridge(X, y, LAMBDAS).T) / (Vt @ least_squares(X, y))[:, None]
    np.testing.assert_allclose(filter_factors(X, LAMBDAS), ratio.T, rtol=1e-9)
    s2 = np.linalg.eigvalsh(np.corrcoef(load_diabetes()[0].T))[::-1]
    np.testing.assert_allclose(filter_factors(X, 1.0)[0], s2 / (s2 + 1), rtol=1e-9)


def test_many_ridges_are_those_one_by_one() -> None:
    data = [standardized(*sparse_linear(seed, 30 + seed, 5)[:2]) for seed in range(3)]
    assert (ridge_many(data, LAMBDAS) == np.array([ridge(X, y, LAMBDAS) for X, y in data])).all()


def test_least_squares_is_that_of_scikit_learn() -> None:
    X, y = standardized(*load_diabetes())
    expected = LinearRegression(fit_intercept=False).fit(X, y)
    np.testing.assert_allclose(least_squares(X, y), expected.coef_, rtol=0, atol=1e-8)
    assert r_squared(X, y, expected.coef_) == pytest.approx(expected.score(X, y))


# --- Standardisation ---


def test_standardisation_is_that_of_scikit_learn_and_of_the_training_rows_alone() -> None:
    X, _ = load_diabetes()
    fitted, expected = fit_standardization(X[:100]), StandardScaler().fit(X[:100])
    np.testing.assert_allclose(fitted.apply(X), expected.transform(X), rtol=0, atol=1e-12)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e15, -1e-300, 1e300])
def test_constant_columns_become_zero_in_every_row(constant: float) -> None:
    X = np.column_stack([np.full(7, constant), np.arange(7.0)])
    fitted = fit_standardization(X)
    assert (fitted.apply(X)[:, 0] == 0).all()
    assert fitted.apply([[5.0, 3.0]]).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("unit", [1e-200, 1.0, 1e200])
def test_units_do_not_matter(unit: float) -> None:
    X, _ = load_diabetes()
    scaled = fit_standardization(X * unit).apply(X * unit)
    np.testing.assert_allclose(scaled, fit_standardization(X).apply(X), atol=1e-12)


# --- Cross-validation ---


def test_the_choice_of_lambda_is_that_of_scikit_learn() -> None:
    X, y = load_diabetes()
    order = np.argsort(np.random.default_rng(5).random(len(y)))
    X, y, grid = X[order][:150], y[order][:150], 10.0 ** (np.arange(-12, 5) / 4)
    rows = np.arange(len(y))
    folds = [(rows[rows % 5 != k], rows[rows % 5 == k]) for k in range(5)]
    # scikit-learn's alpha is n λ with the n of the training rows: 120 in each fold.
    model = make_pipeline(StandardScaler(), Ridge())
    search = GridSearchCV(model, {"ridge__alpha": 120 * grid}, scoring="neg_mean_squared_error", cv=folds).fit(X, y)
    assert choose_lambdas([(X, y)], ridge_many, grid) == pytest.approx(search.best_params_["ridge__alpha"] / 120)


def test_each_table_gets_the_lambda_it_gets_alone() -> None:
    tables = [sparse_linear(seed, 40, 12)[:2] for seed in range(4)]
    grid = 10.0 ** (np.arange(-8, 5) / 4)
    together = choose_lambdas(tables, lasso_many, grid)
    assert len(set(together)) > 1
    assert together.tolist() == [choose_lambdas([table], lasso_many, grid)[0] for table in tables]


def test_equally_good_lambdas_give_the_smallest() -> None:
    assert choose_lambdas([([[0.0], [0.0], [0.0]], [1.0, 2.0, 4.0])], ridge_many, [3.0, 0.5, 1.0], 3) == 0.5


def test_every_row_is_left_out_once() -> None:
    X, y = np.arange(22.0).reshape(11, 2), np.arange(11.0)
    folds = leave_out(X, y, 4)
    for k, fold in enumerate(folds):
        np.testing.assert_allclose(fold.y_test + np.delete(y, np.s_[k::4]).mean(), y[k::4])


def test_the_test_rows_teach_nothing() -> None:
    X, y = load_diabetes()
    spoilt_X, spoilt_y = X.copy(), y.copy()
    spoilt_X[100:], spoilt_y[100:] = 1e6, -1e6
    clean, spoilt = split(X, y, 100), split(spoilt_X, spoilt_y, 100)
    assert (clean.X == spoilt.X).all()
    assert (clean.y == spoilt.y).all()
    w = least_squares(clean.X, clean.y)
    assert clean.rmse(w) == pytest.approx(np.sqrt(np.mean((clean.y_test - clean.X_test @ w) ** 2)))


# --- Bad input ---

Model = Callable[[object, object], object]
MODELS: dict[str, Model] = {
    "least_squares": least_squares,
    "ridge": lambda X, y: ridge(X, y, 1.0),
    "lasso_path": lasso_path,
    "lasso_many": lambda X, y: lasso_many([(X, y)], 1.0),
    "choose_lambdas": lambda X, y: choose_lambdas([(X, y)], ridge_many, [1.0]),
}
BAD = {
    "NaN in X": ([[1.0, np.nan]], [1.0], r"X（形は \(1, 2\)）に NaN か無限大が 1 個"),
    "infinity in y": ([[1.0], [2.0]], [np.inf, 1.0], r"y（形は \(2,\)）に NaN か無限大が 1 個"),
    "one axis": ([1.0, 2.0], [1.0, 2.0], r"X の形は \(2,\) です"),
    "two axes of y": ([[1.0], [2.0]], [[1.0], [2.0]], r"y の形は \(2, 1\) です"),
    "lengths differ": ([[1.0], [2.0]], [1.0], r"y の形は \(1,\)、X の形は \(2, 1\) です"),
    "no rows": (np.zeros((0, 3)), [], r"X の形は \(0, 3\) です"),
    "no columns": (np.zeros((3, 0)), [1, 2, 3], r"X の形は \(3, 0\) です"),
    "text": ([["a"]], [1.0], r"X は数値ではありません"),
    "numbers as text": ([["1.0"]], [1.0], r"X は数値ではありません"),
    "None": (None, [1.0], r"X は数値ではありません"),
    "complex": ([[1j]], [1.0], r"X は数値ではありません"),
    "ragged": ([[1.0], [1.0, 2.0]], [1.0, 2.0], r"X の行の長さがそろっていません"),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("bad", BAD)
def test_bad_data_give_one_clear_error(model: str, bad: str) -> None:
    X, y, message = BAD[bad]
    with pytest.raises(ValueError, match=message) as caught:
        MODELS[model](X, y)
    assert str(caught.value).endswith("渡してください。")


@pytest.mark.parametrize("lambdas", [-1, [1, -0.1], np.nan, [np.inf], "1", ["a"], None, [], [[1.0]], 1j])
def test_bad_lambdas_give_one_clear_error(lambdas: object) -> None:
    X, y = np.eye(3), [1, 2, 3]
    for fit in (ridge, lasso_path(X, y).at, lambda lam: lasso_many([(X, y)], lam), lambda lam: filter_factors(X, lam)):
        with pytest.raises(ValueError, match=r"lambdas.*0以上の有限な数"):
            fit(X, y, lambdas) if fit is ridge else fit(lambdas)
    with pytest.raises(ValueError, match="lambda_min"):
        lasso_path(X, y, lambdas)


def test_other_bad_arguments_are_named() -> None:
    X, y = np.eye(3), [1, 2, 3]
    with pytest.raises(ValueError, match="n_train=3"):
        split(X, y, 3)
    with pytest.raises(ValueError, match="n_folds=1"):
        leave_out(X, y, 1)
    with pytest.raises(ValueError, match=r"X の形は \(1, 2\) です。標準化に使ったのと同じ 3 列"):
        fit_standardization(X).apply([[1, 2]])
    with pytest.raises(ValueError, match="X_train"):
        fit_standardization([1, 2])
