"""The elastic net and soft thresholding: against scikit-learn, Zou & Hastie's own terms, and their definitions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import ElasticNet
from test_lasso_path import problems, standardized

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import orthonormal, sparse_linear, twins
from figures.models import lasso_many as lasso_many_module
from figures.models.elastic_net import elastic_net_many, elastic_net_path, rescaled
from figures.models.lasso_many import lasso_many
from figures.models.lasso_path import lasso_path
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.soft_threshold import soft_threshold

SHARES = np.array([0.0, 0.01, 0.1, 0.3, 0.7, 0.95, 1.0, 2.0])  # of λ_max
awkward = settings(derandomize=True, deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


def kkt_violation(X: Floats, y: Floats, lambdas: Floats, l2: float, w: Floats) -> float:
    """The worst failure of the optimality conditions, as a share of ||x_j|| ||y|| / n."""
    n, lam = len(X), lambdas[:, None]
    scale = np.linalg.norm(X, axis=0) * np.linalg.norm(y) / n
    c = (y - w @ X.T) @ X / n - l2 * w
    violation = np.where(w != 0, np.abs(c - lam * np.sign(w)), np.maximum(np.abs(c) - lam, 0))
    return float((violation[:, scale > 0] / scale[scale > 0]).max(initial=0))


# --- Soft thresholding ---


@pytest.mark.parametrize("lam", [0.0, 0.3, 1.0, 7.0])
def test_soft_threshold_minimises_its_objective(lam: float) -> None:
    w = np.linspace(-4, 4, 80_001)  # every 0.0001
    for z in (-3.2, -1.0, -0.2, 0.0, 0.3, 2.5):
        best = w[(0.5 * (w - z) ** 2 + lam * np.abs(w)).argmin()]
        assert soft_threshold(z, lam) == pytest.approx(best, abs=1e-4)


def test_soft_threshold_keeps_any_shape_and_every_lambda_its_own() -> None:
    z = np.random.default_rng(0).standard_normal((2, 3, 4))
    lam = np.array([0.1, 0.7]).reshape(2, 1, 1)
    expected = np.sign(z) * np.maximum(np.abs(z) - lam, 0)
    np.testing.assert_allclose(soft_threshold(z, lam), expected, rtol=0, atol=1e-15)
    assert soft_threshold(1, 0.25).shape == ()
    assert (soft_threshold(z, 0) == z).all()
    zeros = soft_threshold([-0.5, 0.5, -1.0, -0.0], 1)
    assert not np.signbit(zeros).any()
    assert not zeros.any()


def test_on_an_orthonormal_design_the_lasso_is_soft_thresholding() -> None:
    X, y = orthonormal(0, np.array([3.0, -2.0, 1.0, 0.2, 0.0]))
    z = X.T @ y / len(X)
    lambdas = np.array([0.05, 0.5, 1.5, 4.0])
    expected = soft_threshold(z, lambdas[:, None])
    np.testing.assert_allclose(lasso_path(X, y).at(lambdas), expected, rtol=0, atol=1e-13)
    assert 0 < np.count_nonzero(expected) < expected.size
    # With L2 as well every weight is also divided by 1 + λ2, which is what rescaling undoes.
    both = elastic_net_path(X, y, 0.5).at(lambdas)
    np.testing.assert_allclose(rescaled(both, 0.5), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("z", "lam", "message"),
    [
        ([1.0, np.nan], 1, r"z（形は \(2,\)）に NaN か無限大が 1 個"),
        ("1", 1, "z は数値ではありません"),
        ([[1.0], [1.0, 2.0]], 1, "z の行の長さがそろっていません"),
        ([], 1, r"z の形は \(0,\) です"),
        (None, 1, "z は数値ではありません"),
        ([1.0, 2.0], -1, r"lam の形は \(\)、最小値は -1 です"),
        ([1.0, 2.0], [1, np.inf], r"lam（形は \(2,\)）に NaN か無限大が 1 個"),
        ([1.0, 2.0], "1", "lam は数値ではありません"),
        ([1.0, 2.0], [1, 2, 3], r"lam の形は \(3,\) です.*z の形 \(2,\)"),
    ],
)
def test_bad_input_of_soft_threshold_gives_one_clear_error(z: object, lam: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        soft_threshold(z, lam)  # type: ignore[arg-type]
    assert str(caught.value).endswith("渡してください。")


# --- Elastic net: scikit-learn ---


def scikit_learn(X: Floats, y: Floats, l1: float, l2: float) -> Floats:
    model = ElasticNet(
        alpha=l1 + l2, l1_ratio=l1 / (l1 + l2), tol=1e-14, max_iter=10_000_000, fit_intercept=False, selection="cyclic"
    )
    return np.asarray(model.fit(X, y).coef_)


@pytest.mark.parametrize("l2", [0.003, 0.2, 5.0])
@pytest.mark.parametrize(
    "data",
    [load_diabetes(), sparse_linear(0, 60, 8)[:2], sparse_linear(1, 15, 40)[:2], twins(2, 40)[:2]],
    ids=["diabetes", "n > p", "p > n", "twins"],
)
def test_weights_are_those_of_scikit_learn(data: tuple[Floats, Floats], l2: float) -> None:
    X, y = standardized(*data)
    path = elastic_net_path(X, y, l2)
    lambdas = path.lambdas[0] * np.array([0.8, 0.3, 0.05])
    expected = np.array([scikit_learn(X, y, l1, l2) for l1 in lambdas])
    np.testing.assert_allclose(path.at(lambdas), expected, rtol=0, atol=1e-8)
    np.testing.assert_allclose(elastic_net_many([(X, y)], lambdas, l2)[0], expected, rtol=0, atol=1e-8)


@settings(awkward, max_examples=80)
@given(problems(), st.sampled_from([0.05, 1.0, 30.0]))
def test_awkward_data_have_the_one_solution_of_scikit_learn(problem: tuple[Floats, Floats], l2: float) -> None:
    X, y = problem
    X = X / np.where(np.abs(X).max(axis=0) > 0, np.abs(X).max(axis=0), 1)
    y = y / (np.abs(y).max() or 1)
    lambdas = SHARES[2:6] * (np.abs(X.T @ y).max() / len(X) or 1)
    expected = [scikit_learn(X, y, l1, l2) for l1 in lambdas]
    np.testing.assert_allclose(elastic_net_path(X, y, l2).at(lambdas), expected, rtol=0, atol=1e-8)
    np.testing.assert_allclose(elastic_net_many([(X, y)], lambdas, l2)[0], expected, rtol=0, atol=1e-8)


# --- Elastic net: its own definition, on awkward data ---


@awkward
@given(problems(), st.sampled_from([1e-12, 1e-6, 1e-3, 0.1, 1.0, 1e3, 1e8]))
def test_kkt_conditions_hold_along_the_whole_path(problem: tuple[Floats, Floats], share: float) -> None:
    X, y = problem
    unit_x, unit_y = np.abs(X).max() or 1.0, np.abs(y).max() or 1.0
    l2 = share * unit_x**2
    path = elastic_net_path(X, y, l2)
    between = np.concatenate([path.lambdas[1:] + part * -np.diff(path.lambdas) for part in (0.3, 0.9)])
    lambdas = np.concatenate([path.lambdas, between, 2 * path.lambdas[:1]])
    w = path.at(lambdas)
    assert kkt_violation(X / unit_x, y / unit_y, lambdas / unit_x / unit_y, share, w / unit_y * unit_x) < 1e-10
    assert (np.diff(path.lambdas) < 0).all()
    assert path.lambdas[-1] == 0
    assert not w[-1].any()


@settings(awkward, max_examples=150)
@given(st.lists(problems(), min_size=1, max_size=3), st.sampled_from([1e-12, 1e-6, 1e-3, 0.1, 1.0, 1e3, 1e8]))
def test_many_at_once_survive_awkward_data(several: list[tuple[Floats, Floats]], l2: float) -> None:
    p = min(X.shape[1] for X, _ in several)
    data = [(X[:, :p] / (np.abs(X).max() or 1), y / (np.abs(y).max() or 1)) for X, y in several]
    lambdas = SHARES * max(np.abs(X.T @ y).max() / len(X) for X, y in data)
    for (X, y), w in zip(data, elastic_net_many(data, lambdas, l2), strict=True):
        assert kkt_violation(X, y, lambdas, l2, w) < 1e-9


def test_many_at_once_are_those_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = [standardized(*sparse_linear(seed, 20 + seed, 40, noise=2.0)[:2]) for seed in range(12)]
    lambdas = np.array([0.0, 0.02, 0.3, 5.0])
    one_by_one = np.array([elastic_net_path(X, y, 0.1).at(lambdas) for X, y in data])
    monkeypatch.setattr(lasso_many_module, "lasso_path", None)  # none of these needs the slow way
    many = elastic_net_many(data, lambdas, 0.1)
    np.testing.assert_allclose(many, one_by_one, rtol=0, atol=1e-11)
    assert ((many == 0) == (one_by_one == 0)).all()


# --- Elastic net: limits and symmetries ---


def test_without_l2_it_is_the_lasso_and_without_l1_it_is_ridge() -> None:
    X, y = standardized(*load_diabetes())
    lasso, both = lasso_path(X, y), elastic_net_path(X, y, 0)
    assert (both.lambdas == lasso.lambdas).all()
    assert (both.coefs == lasso.coefs).all()
    assert (elastic_net_many([(X, y)], [0.1, 1.0], 0) == lasso_many([(X, y)], [0.1, 1.0])).all()
    for data in ((X, y), standardized(*sparse_linear(0, 15, 40)[:2])):
        for l2 in (0.01, 1.0, 100.0):
            np.testing.assert_allclose(elastic_net_path(*data, l2).at(0), ridge(*data, l2), rtol=0, atol=1e-10)


def test_identical_columns_get_equal_weights_and_mirrored_ones_opposite() -> None:
    X, y = standardized(*load_diabetes())
    lambdas = np.array([0.0, 0.1, 1.0, 10.0])
    w = elastic_net_path(np.hstack([X, X, -X]), y, 0.3).at(lambdas)
    np.testing.assert_allclose(w[:, :10], w[:, 10:20], rtol=0, atol=1e-10)
    np.testing.assert_allclose(w[:, :10], -w[:, 20:], rtol=0, atol=1e-10)
    # Three that share a weight cost a third of its square: one column, with a third of λ2.
    np.testing.assert_allclose(3 * w[:, :10], elastic_net_path(X, y, 0.1).at(lambdas), rtol=0, atol=1e-10)


@settings(awkward, max_examples=150)
@given(problems(), st.integers(0, 2**32 - 1), st.integers(-30, 30), st.integers(-30, 30))
def test_signs_order_and_units_change_nothing_else(
    problem: tuple[Floats, Floats], seed: int, power_x: int, power_y: int
) -> None:
    X, y = problem
    X, y = X / (np.abs(X).max() or 1), y / (np.abs(y).max() or 1)
    rng = np.random.default_rng(seed)
    signs, order = rng.choice([-1.0, 1.0], X.shape[1]), rng.permutation(X.shape[1])
    lambdas = SHARES[1:] * (np.abs(X.T @ y).max() / len(X) or 1)
    w = elastic_net_path(X, y, 0.1).at(lambdas)
    turned = elastic_net_path((X * signs)[:, order], -y, 0.1).at(lambdas)
    np.testing.assert_allclose(turned, -(w * signs)[:, order], rtol=0, atol=1e-9)
    unit_x, unit_y = 2.0**power_x, 2.0**power_y
    scaled = elastic_net_path(X * unit_x, y * unit_y, 0.1 * unit_x**2).at(lambdas * unit_x * unit_y)
    assert (scaled == w * unit_y / unit_x).all()


def test_rescaled_is_the_lasso_with_damped_correlations_and_soft_thresholding_in_the_limit() -> None:
    X, y = standardized(*load_diabetes())
    G, c, l1, l2 = X.T @ X / len(X), X.T @ y / len(X), 0.5, 3.0
    w = rescaled(elastic_net_path(X, y, l2).at(l1)[0], l2)
    rest = c - (G + l2 * np.eye(10)) / (1 + l2) @ w
    np.testing.assert_allclose(rest[w != 0], l1 * np.sign(w[w != 0]), rtol=1e-10)
    assert (np.abs(rest[w == 0]) <= l1).all()
    far = rescaled(elastic_net_path(X, y, 1e9).at([1.0, 20.0]), 1e9)
    np.testing.assert_allclose(far, soft_threshold(c, [[1.0], [20.0]]), rtol=0, atol=1e-5)


def test_zou_and_hastie_scale_columns_to_length_one() -> None:
    """Their naive elastic net, written in their way, has its minimum where ours has: β = √n w, λ1^ZH = 2√n λ1."""
    X, y = standardized(*load_diabetes())
    n, l1, l2 = len(X), 1.0, 0.5
    beta = np.sqrt(n) * elastic_net_path(X, y, l2).at(l1)[0]
    Z = X / np.sqrt(n)
    np.testing.assert_allclose((Z**2).sum(axis=0), 1)

    def criterion(b: Floats) -> float:
        return float(np.sum((y - Z @ b) ** 2) + l2 * np.sum(b**2) + 2 * np.sqrt(n) * l1 * np.abs(b).sum())

    rng = np.random.default_rng(0)
    for step in 10.0 ** -np.arange(0, 4):
        for _ in range(50):
            assert criterion(beta + step * rng.standard_normal(10)) > criterion(beta)


# --- Bad input ---

FITS: dict[str, Callable[..., object]] = {
    "path": elastic_net_path,
    "many": lambda X, y, l2: elastic_net_many([(X, y)], 1.0, l2),
    "rescaled": lambda X, y, l2: rescaled(np.ones(3), l2),
}


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("l2", [-1, np.nan, np.inf, "1", None, [], [1.0], [[1.0]], 1j])
def test_a_bad_l2_gives_one_clear_error(fit: str, l2: object) -> None:
    with pytest.raises(ValueError, match=r"l2.*0以上の有限な数.*渡してください。$"):
        FITS[fit](np.eye(3), [1, 2, 3], l2)


@pytest.mark.parametrize("fit", ["path", "many"])
def test_bad_data_give_one_clear_error(fit: str) -> None:
    with pytest.raises(ValueError, match=r"X（形は \(1, 2\)）に NaN か無限大が 1 個"):
        FITS[fit]([[1.0, np.nan]], [1.0], 1.0)
    with pytest.raises(ValueError, match=r"y の形は \(2,\)、X の形は \(3, 3\) です"):
        FITS[fit](np.eye(3), [1, 2], 1.0)
    with pytest.raises(ValueError, match="lambda_min"):
        elastic_net_path(np.eye(3), [1, 2, 3], 1.0, -1)
    with pytest.raises(ValueError, match="lambdas"):
        elastic_net_many([(np.eye(3), [1, 2, 3])], -1, 1.0)
