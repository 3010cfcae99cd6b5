"""Degrees of freedom: against the trace of the hat matrix, a printed value, and their definition by simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.data.diabetes import load_diabetes
from figures.data.prostate import load_prostate
from figures.data.synthetic import sparse_linear
from figures.models.degrees_of_freedom import active_df, ridge_df, ridge_lambda
from figures.models.elastic_net import elastic_net_many, elastic_net_path
from figures.models.lasso_path import lasso_path
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.standardize import fit_standardization

LAMBDAS = np.array([0.001, 0.05, 1.0, 30.0])


def standardized(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    return fit_standardization(X).apply(X), y - y.mean()


def hat(X: Floats, lam: float) -> Floats:
    return np.asarray(X @ np.linalg.solve(X.T @ X + len(X) * lam * np.eye(X.shape[1]), X.T))


# --- The trace ---


@pytest.mark.parametrize("data", [load_diabetes(), sparse_linear(0, 40, 30)[:2], sparse_linear(1, 15, 40)[:2]])
def test_ridge_and_elastic_net_have_the_trace_of_their_hat_matrix(data: tuple[Floats, Floats]) -> None:
    X, y = standardized(*data)
    np.testing.assert_allclose(ridge_df(X, LAMBDAS), [np.trace(hat(X, lam)) for lam in LAMBDAS], rtol=1e-10)
    w = elastic_net_path(X, y, 0.2).at(LAMBDAS)
    expected = [np.trace(hat(X[:, row != 0], 0.2)) for row in w]
    np.testing.assert_allclose(active_df(X, w, 0.2), expected, rtol=1e-12)


def test_without_a_penalty_it_is_the_rank() -> None:
    X, _ = standardized(*load_diabetes())
    assert ridge_df(np.hstack([X, X]), 0) == 10
    assert ridge_df(X[:4], 0) == 4
    assert ridge_df(np.zeros((3, 2)), [0, 1]).tolist() == [0, 0]


def test_the_lasso_counts_its_features_and_collinear_ones_once() -> None:
    X, y = standardized(*load_diabetes())
    path = lasso_path(X, y)
    between = path.at((path.lambdas[1:] + path.lambdas[:-1]) / 2)
    assert active_df(X, between).tolist() == np.count_nonzero(between, axis=1).tolist()
    # Twins can share the weight in any way without changing the fit, and count as one.
    shared = np.hstack([between * 0.25, between * 0.75])
    np.testing.assert_allclose(active_df(np.hstack([X, X]), shared), active_df(X, between), rtol=1e-12)
    assert active_df(X, np.zeros((2, 10))).tolist() == [0, 0]


# --- The definition: Σ cov(ŷ_i, y_i) / σ² ---

Fit = Callable[[Floats, Floats], tuple[Floats, Floats]]  # X and y: (n_draws, n) -> w: (n_draws, p), df: (n_draws,)


def lasso_fits(X: Floats, Y: Floats, l2: float = 0.0) -> tuple[Floats, Floats]:
    w = elastic_net_many([(X, y) for y in Y], 0.15, l2)[:, 0]
    return w, active_df(X, w, l2)


FITS: dict[str, Fit] = {
    "ridge": lambda X, Y: (np.array([ridge(X, y, 0.4)[0] for y in Y]), np.full(len(Y), ridge_df(X, 0.4)[0])),
    "lasso": lasso_fits,
    "elastic net": lambda X, Y: lasso_fits(X, Y, 0.4),
}


@pytest.mark.parametrize("name", FITS)
def test_the_mean_is_the_covariance_of_fit_and_data(name: str) -> None:
    n_draws, sigma = 4000, 0.7
    X, _, truth = sparse_linear(3, 25, 8, n_real=3, weight=0.4)
    noise = sigma * np.random.default_rng(4).standard_normal((n_draws, 25))
    w, df = FITS[name](X, X @ truth + noise)
    products = ((w @ X.T - X @ truth) * noise).sum(axis=1) / sigma**2  # E[noise] = 0, so any centre of ŷ will do
    error = np.std(products - df) / np.sqrt(n_draws)
    assert 2 < df.mean() < 7
    assert abs(products.mean() - df.mean()) < 4 * error
    assert error < 0.06


# --- The inverse ---


def test_ridge_at_five_degrees_of_freedom_has_the_lambda_of_the_book() -> None:
    """The Elements of Statistical Learning, 2nd ed., Table 3.3: scaled on all 97 rows, λ = 24.176 on the 67."""
    X, _, train = load_prostate()
    Z = ((X - X.mean(axis=0)) / X.std(axis=0, ddof=1))[train]
    assert round(float(ridge_lambda(Z, 5)[0]) * len(Z), 3) == 24.176


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([1e-100, 1e-3, 1.0, 1e100]),
    st.sampled_from([0, 3, 7]),
    st.floats(0.01, 0.999),
)
def test_lambda_and_degrees_of_freedom_are_inverse(
    seed: int, n: int, p: int, unit: float, spread: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    X = unit * rng.standard_normal((n, p)) * 10.0 ** -rng.integers(0, spread + 1, p)
    df = share * min(n, p) * np.array([1.0, 0.5])
    lambdas = ridge_lambda(X, df)
    assert lambdas[0] < lambdas[1]
    np.testing.assert_allclose(ridge_df(X, lambdas), df, rtol=1e-12)


def test_all_degrees_of_freedom_need_no_penalty() -> None:
    X, _ = standardized(*load_diabetes())
    assert ridge_lambda(X, 10) == 0
    assert ridge_lambda(np.eye(3), 1.5) == pytest.approx(1 / 3, rel=1e-15)


# --- Bad input ---


@pytest.mark.parametrize(
    ("df", "message"),
    [
        (0, r"df の形は \(1,\)、値は 0 から 0 です.*X（形は \(4, 3\)）の階数 3 以下"),
        ([1, 3.001], "値は 1 から 3.001 です"),
        (-1, "値は -1 から -1 です"),
        (np.nan, "df.*NaN か無限大"),
        ("2", "df は数値ではありません"),
        ([[1.0]], r"df の形は \(1, 1\) です"),
        ([], r"df の形は \(0,\) です"),
    ],
)
def test_bad_degrees_of_freedom_give_one_clear_error(df: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        ridge_lambda(np.eye(4)[:, :3], df)  # type: ignore[arg-type]
    assert str(caught.value).endswith("渡してください。")


def test_other_bad_arguments_are_named() -> None:
    X = np.eye(3)
    with pytest.raises(ValueError, match="lambdas"):
        ridge_df(X, -1)
    with pytest.raises(ValueError, match="l2"):
        active_df(X, [[1, 0, 0]], -1)
    with pytest.raises(ValueError, match=r"w の形は \(3,\) です。形が \(n_lambdas, 3\)"):
        active_df(X, [1, 0, 0])
    with pytest.raises(ValueError, match=r"w の形は \(1, 2\)、X の形は \(3, 3\) です"):
        active_df(X, [[1, 0]])
    for fit in (lambda X: ridge_df(X, 1), lambda X: ridge_lambda(X, 1), lambda X: active_df(X, [[1]])):
        with pytest.raises(ValueError, match=r"X の形は \(2,\) です"):
            fit([1.0, 2.0])
