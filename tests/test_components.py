"""Principal components and partial least squares: against scikit-learn, SciPy, and their own definitions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
from conftest import BAD_DATA
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import cg
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

from figures.data.diabetes import load_diabetes
from figures.data.prostate import load_prostate
from figures.data.synthetic import orthonormal, sparse_linear
from figures.models.least_squares import least_squares
from figures.models.partial_least_squares import partial_least_squares
from figures.models.principal_components import principal_component_regression
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization

Model = Callable[[object, object], Floats]
MODELS: dict[str, Model] = {"pcr": principal_component_regression, "pls": partial_least_squares}
DATA = {
    "diabetes": load_diabetes(),
    "prostate": load_prostate()[:2],
    "n=40, p=30": sparse_linear(0, 40, 30)[:2],
    "n=15, p=40": sparse_linear(1, 15, 40)[:2],
}


def standardized(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    return fit_standardization(X).apply(X), y - y.mean()


# --- Principal components ---


@pytest.mark.parametrize("data", DATA)
def test_pcr_is_that_of_scikit_learn(data: str) -> None:
    X, y = standardized(*DATA[data])
    w = principal_component_regression(X, y)
    assert w.shape == (min(len(X) - 1, X.shape[1]) + 1, X.shape[1])
    assert not w[0].any()
    for m in range(1, len(w)):
        model = make_pipeline(PCA(m, svd_solver="full"), LinearRegression()).fit(X, y)
        np.testing.assert_allclose(w[m], model[0].components_.T @ model[1].coef_, rtol=0, atol=1e-8 * np.abs(w).max())


def test_components_whose_order_is_arbitrary_are_refused() -> None:
    X, y = orthonormal(0, np.array([1.0, 2.0, 3.0]))
    with pytest.raises(ValueError, match=r"X（形は \(100, 3\)）の 1 番目と 2 番目の特異値が等しく"):
        principal_component_regression(X, y)
    with pytest.raises(ValueError, match="2 番目と 3 番目"):
        principal_component_regression(X * [3, 1, 1], y)
    np.testing.assert_allclose(principal_component_regression(X * [4, 2, 1], y)[3], least_squares(X * [4, 2, 1], y))


# --- Partial least squares ---


@pytest.mark.parametrize("data", DATA)
def test_pls_is_that_of_scikit_learn(data: str) -> None:
    X, y = standardized(*DATA[data])
    w = partial_least_squares(X, y)
    assert w.shape == (min(len(X) - 1, X.shape[1]) + 1, X.shape[1])
    assert not w[0].any()
    for m in range(1, len(w)):
        expected = PLSRegression(m, scale=False).fit(X, y).coef_[0]
        np.testing.assert_allclose(w[m], expected, rtol=0, atol=1e-8 * np.abs(w).max())


@pytest.mark.parametrize("data", DATA)
def test_pls_is_the_conjugate_gradient_method_from_zero(data: str) -> None:
    X, y = standardized(*DATA[data])
    iterates: list[Floats] = []
    cg(X.T @ X, X.T @ y, rtol=0, maxiter=6, callback=lambda w: iterates.append(w.copy()))
    np.testing.assert_allclose(partial_least_squares(X, y)[1:7], iterates, rtol=0, atol=1e-7 * np.abs(iterates).max())


def test_pls_is_least_squares_on_the_krylov_space() -> None:
    X, y = standardized(*load_diabetes())
    krylov = [X.T @ y]
    for w in partial_least_squares(X, y)[1:6]:
        K = np.array([v / np.linalg.norm(v) for v in krylov]).T
        np.testing.assert_allclose(w, K @ np.linalg.lstsq(X @ K, y, rcond=None)[0], rtol=0, atol=1e-7)
        krylov.append(X.T @ (X @ krylov[-1]))


def test_one_direction_is_enough_if_x_is_orthonormal_and_more_change_nothing() -> None:
    X, y = orthonormal(0, np.array([1.0, 2.0, 3.0]))
    for w in partial_least_squares(X, y)[1:]:
        np.testing.assert_allclose(w, least_squares(X, y), rtol=0, atol=1e-13)


def test_pls_is_that_of_exact_arithmetic_over_seven_orders_of_size() -> None:
    """With 120 digits. Projecting the earlier directions out only once would leave an error of 1e-8."""
    d = np.logspace(0, -7, 20)
    y = d * np.random.default_rng(8).standard_normal(20)
    w = partial_least_squares(np.diag(d), y)
    with localcontext(prec=120):
        exact, directions = [Decimal(value) for value in y.tolist()], list[list[Decimal]]()
        for m in range(1, 21):
            z = [Decimal(s) ** 2 * r for s, r in zip(d.tolist(), exact, strict=True)]
            for q in directions:
                z = subtract(z, q)
            directions.append(z)
            exact = subtract(exact, z)
            expected = (y - [float(r) for r in exact]) / d
            np.testing.assert_allclose(w[m], expected, rtol=0, atol=1e-12)


def subtract(a: list[Decimal], z: list[Decimal]) -> list[Decimal]:
    """What is left of a outside z."""
    share = sum(x * q for x, q in zip(a, z, strict=True)) / sum(q * q for q in z)
    return [x - share * q for x, q in zip(a, z, strict=True)]


# --- Both ---


@pytest.mark.parametrize("model", MODELS)
@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    seed=st.integers(0, 2**32 - 1), n=st.integers(1, 9), p=st.integers(1, 9), unit=st.sampled_from([1e-100, 1, 1e100])
)
def test_the_last_is_least_squares_and_mirrored_features_give_mirrored_weights(
    model: str, seed: int, n: int, p: int, unit: float
) -> None:
    rng = np.random.default_rng(seed)
    X, y, mirror = rng.standard_normal((n, p)), rng.standard_normal(n), rng.choice([-1, 1], p)
    X[:, 0] = X[:, -1]  # collinear
    w = MODELS[model](X, y)
    assert len(w) == np.linalg.matrix_rank(X) + 1
    size = np.abs(w).max() + 1
    np.testing.assert_allclose(w[-1], least_squares(X, y), rtol=0, atol=1e-9 * size)
    np.testing.assert_allclose(MODELS[model](X * mirror, y), w * mirror, rtol=0, atol=1e-9 * size)
    np.testing.assert_allclose(MODELS[model](unit * X, y) * unit, w, rtol=0, atol=1e-9 * size)
    np.testing.assert_allclose(MODELS[model](X, unit * y) / unit, w, rtol=0, atol=1e-9 * size)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_to_fit_gives_zero(model: str) -> None:
    assert MODELS[model](np.zeros((3, 2)), [1, 2, 3]).tolist() == [[0, 0]]
    assert not MODELS[model]([[2.0, 0.0], [0.0, 1.0]], [0, 0]).any()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("X", "y", "message"), BAD_DATA)
def test_bad_data_give_one_clear_error(model: str, X: object, y: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        MODELS[model](X, y)
    assert str(caught.value).endswith("渡してください。")
