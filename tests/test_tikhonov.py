"""Tikhonov regularisation: against least squares on stacked rows, scikit-learn, and two known ill-posed problems."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import sparse_linear
from figures.models.discrepancy import discrepancy_lambda
from figures.models.l_curve import LCurve, l_curve
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.standardize import fit_standardization
from figures.models.tikhonov import first_differences, generalized_svd, second_differences, tikhonov

LAMBDAS = np.array([1e-6, 0.001, 0.05, 1.0, 30.0, 1e6])
GRID = 10.0 ** (np.arange(-100, 11) / 10)  # 1e-10 to 10


def stacked(X: Floats, y: Floats, Gamma: Floats, lam: float) -> Floats:
    """The same minimum by least squares: the penalty as rows √(nλ) Γ with targets 0."""
    rows = np.vstack([X, np.sqrt(len(X) * lam) * Gamma])
    return np.linalg.lstsq(rows, np.append(y, np.zeros(len(Gamma))), rcond=None)[0].astype(np.float64)


def shaw(n: int) -> tuple[Floats, Floats]:
    """Shaw's (1972) one-dimensional image restoration, as in Hansen's Regularization Tools: A and the true w."""
    t = (np.arange(n) + 0.5) * np.pi / n - np.pi / 2
    cosines, u = np.add.outer(np.cos(t), np.cos(t)), np.pi * np.add.outer(np.sin(t), np.sin(t))
    kernel = np.square(cosines * np.sinc(u / np.pi))
    return kernel * np.pi / n, 2 * np.exp(-6 * (t - 0.8) ** 2) + np.exp(-2 * (t + 0.5) ** 2)


def phillips(n: int) -> tuple[Floats, Floats]:
    """Phillips' (1962) problem by the midpoint rule: a kernel and a solution φ(x) = 1 + cos(πx/3) on |x| < 3."""

    def phi(x: Floats) -> Floats:
        return np.where(np.abs(x) < 3, 1 + np.cos(np.pi * x / 3), 0)

    t = (np.arange(n) + 0.5) * 12 / n - 6
    return phi(np.subtract.outer(t, t)) * 12 / n, phi(t)


# --- The weights ---


@pytest.mark.parametrize("data", [load_diabetes(), sparse_linear(0, 40, 30)[:2], sparse_linear(1, 15, 40)[:2]])
@pytest.mark.parametrize("unit", [1e-100, 1.0, 1e100])
def test_with_the_identity_it_is_ridge(data: tuple[Floats, Floats], unit: float) -> None:
    X, y = fit_standardization(data[0]).apply(data[0]) * unit, data[1] - data[1].mean()
    lambdas = np.append(LAMBDAS, 0) * unit**2
    scale = np.abs(ridge(X, y, lambdas)).max()
    w = tikhonov(X, y, np.eye(X.shape[1]), lambdas)
    np.testing.assert_allclose(w / scale, ridge(X, y, lambdas) / scale, rtol=0, atol=1e-12)
    # Γ in other units is λ in other units.
    w = tikhonov(X, y, 1e50 * np.eye(X.shape[1]), lambdas * 1e-100)
    np.testing.assert_allclose(w / scale, ridge(X, y, lambdas) / scale, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("n", "p"), [(40, 15), (15, 40), (1, 3)])
@pytest.mark.parametrize("gamma", [first_differences, second_differences, np.eye, lambda p: np.diag(np.arange(p) % 2)])
def test_weights_are_those_of_stacked_least_squares(n: int, p: int, gamma: Callable[[int], Floats]) -> None:
    X, y, _ = sparse_linear(0, n, p, n_real=3)
    if n == 1:
        X, Gamma = np.array([[1.0, 2.0, 4.0]]), np.vstack([gamma(3), [0, 1, 3], [1, 0, 5]])  # leaves nothing free
    elif n < p:
        Gamma = np.vstack([gamma(p), np.eye(p)[: p - n + 5]])
    else:
        Gamma = gamma(p)
    for lam, w in zip(LAMBDAS, tikhonov(X, y, Gamma, LAMBDAS), strict=True):
        np.testing.assert_allclose(w, stacked(X, y, Gamma, lam), rtol=0, atol=1e-10)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 8), st.integers(1, 8))
def test_the_gradient_is_zero_or_the_solution_is_refused(seed: int, n: int, m: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    X, y, Gamma = rng.integers(-2, 3, (n, p)), rng.standard_normal(n), rng.integers(-1, 2, (m, p))
    if np.linalg.matrix_rank(np.vstack([X, Gamma])) < p:
        with pytest.raises(ValueError, match="解が一つに決まりません"):
            tikhonov(X, y, Gamma, LAMBDAS)
    else:
        for lam, w in zip(LAMBDAS, tikhonov(X, y, Gamma, LAMBDAS), strict=True):
            gradient = X.T @ (X @ w - y) / n + lam * Gamma.T @ Gamma @ w
            np.testing.assert_allclose(gradient, 0, rtol=0, atol=1e-9 * (1 + lam * np.abs(w).max()))


def test_an_invertible_gamma_is_ridge_after_a_change_of_variables() -> None:
    X, y, _ = sparse_linear(0, 40, 12)
    Gamma = np.eye(12) + np.diag(np.full(11, 0.5), 1) + 0.1 * np.random.default_rng(0).standard_normal((12, 12))
    for lam, w in zip(LAMBDAS, tikhonov(X, y, Gamma, LAMBDAS), strict=True):
        model = Ridge(alpha=40 * lam, fit_intercept=False, solver="svd").fit(X @ np.linalg.inv(Gamma), y)
        np.testing.assert_allclose(w, np.linalg.solve(Gamma, model.coef_), rtol=0, atol=1e-10)


def test_a_heavy_penalty_leaves_the_best_w_that_costs_nothing() -> None:
    X, y, _ = sparse_linear(0, 40, 12)
    line = np.column_stack([np.ones(12), np.arange(12)])
    for Gamma, free in ((first_differences(12), line[:, :1]), (second_differences(12), line)):
        expected = free @ np.linalg.lstsq(X @ free, y, rcond=None)[0]
        np.testing.assert_allclose(tikhonov(X, y, Gamma, 1e12)[0], expected, rtol=0, atol=1e-9)
        assert (np.sort(generalized_svd(X, Gamma).s)[: free.shape[1] + 1] == 0).tolist() == [True] * free.shape[1] + [
            False
        ]


def test_without_a_penalty_it_is_the_least_squares_that_costs_least() -> None:
    X, y, _ = sparse_linear(1, 15, 40)
    Gamma = second_differences(40)
    w = tikhonov(X, y, Gamma, 0)[0]
    np.testing.assert_allclose(X @ w, y, rtol=0, atol=1e-10)
    _, _, Vt = np.linalg.svd(X)
    null = Vt[15:].T  # moves that change no fit
    np.testing.assert_allclose((Gamma @ null).T @ (Gamma @ w), 0, rtol=0, atol=1e-10)


def test_a_decomposition_is_kept_and_neither_its_user_nor_an_edit_of_the_matrix_can_spoil_it() -> None:
    X, y, _ = sparse_linear(0, 40, 12)
    first = generalized_svd(X, np.eye(12))
    assert generalized_svd(X.copy(), np.eye(12)) is first
    with pytest.raises(ValueError, match="read-only"):
        first.U[:] = 0
    X[0, 0] += 1
    np.testing.assert_allclose(tikhonov(X, y, np.eye(12), 0.1)[0], ridge(X, y, 0.1)[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("unit", [1e-5, 1.0, 1e5])
@pytest.mark.parametrize("gamma", [np.eye, first_differences, second_differences])
@pytest.mark.parametrize(
    "X",
    [sparse_linear(0, 40, 12)[0], sparse_linear(0, 11, 12)[0], shaw(40)[0], phillips(40)[0]],
    ids=["n > p", "p > n", "shaw", "phillips"],
)
def test_the_decomposition_makes_both_matrices_diagonal(X: Floats, gamma: Callable[[int], Floats], unit: float) -> None:
    Gamma = gamma(X.shape[1])
    U, c, s, W = generalized_svd(X, unit * Gamma)
    assert (c > 0).all()
    np.testing.assert_allclose(X @ W, U * c, rtol=0, atol=1e-12)
    np.testing.assert_allclose((Gamma @ W).T @ (Gamma @ W), np.diag((s / unit) ** 2), rtol=0, atol=1e-12)
    np.testing.assert_allclose(U.T @ U, np.eye(len(c)), rtol=0, atol=1e-12)


def test_a_weight_that_costs_little_is_told_from_one_that_costs_nothing() -> None:
    X, y, _ = sparse_linear(0, 40, 6)
    Gamma = np.diag([0, 0, 1e-5, 1e-5, 1, 1])
    for lam in (1e6, 1e8, 1e10):
        w = tikhonov(X, y, Gamma, lam)[0]
        np.testing.assert_allclose(w, stacked(X, y, Gamma, lam), rtol=0, atol=1e-10)
        assert np.abs(w[:4]).min() > 1e-4


def test_differences_are_zero_for_constants_and_for_lines() -> None:
    w = np.array([1.0, 4.0, 9.0, 16.0])
    assert (first_differences(4) @ w).tolist() == [3, 5, 7]
    assert (second_differences(4) @ w).tolist() == [2, 2]
    assert not (first_differences(5) @ np.ones(5)).any()
    assert not (second_differences(5) @ np.arange(5)).any()


# --- L-curve ---


def test_the_l_curve_has_the_norms_of_the_fits() -> None:
    X, y, _ = sparse_linear(0, 40, 15)
    Gamma = second_differences(15)
    curve = l_curve(X, y, Gamma, LAMBDAS[::-1])
    fits = [stacked(X, y, Gamma, lam) for lam in LAMBDAS]
    assert (curve.lambdas == LAMBDAS).all()
    np.testing.assert_allclose(curve.residual_norms, [np.linalg.norm(y - X @ w) for w in fits], rtol=1e-12)
    np.testing.assert_allclose(curve.seminorms, [np.linalg.norm(Gamma @ w) for w in fits], rtol=1e-8)


@pytest.mark.parametrize(
    ("X", "y", "Gamma"),
    [
        (*sparse_linear(0, 40, 15)[:2], np.eye(15)),
        (*sparse_linear(0, 40, 15)[:2], second_differences(15)),
        (*sparse_linear(1, 10, 15)[:2], first_differences(15)),
    ],
    ids=["ridge", "smooth", "p > n"],
)
@pytest.mark.parametrize("unit", [1e-60, 1.0, 1e60])
def test_the_curvature_is_that_of_finite_differences(X: Floats, y: Floats, Gamma: Floats, unit: float) -> None:
    lambdas, step = 10.0 ** np.arange(-2.0, 2.5, 0.5), 1e-3

    def point(log_lambda: float) -> Floats:
        w = stacked(X, y, Gamma, np.exp(log_lambda))
        return np.log([np.linalg.norm(y - X @ w), np.linalg.norm(Gamma @ w)])

    expected = []
    for t in np.log(lambdas):
        before, here, after = point(t - step), point(t), point(t + step)
        (dx, dy), (ddx, ddy) = (after - before) / (2 * step), (after - 2 * here + before) / step**2
        expected.append((dx * ddy - ddx * dy) / (dx**2 + dy**2) ** 1.5)
    curve = l_curve(X * unit, y / unit, Gamma, lambdas * unit**2)
    np.testing.assert_allclose(curve.curvatures, expected, rtol=1e-4, atol=1e-5)
    assert np.abs(expected).max() > 0.3


def test_the_corner_is_the_smallest_lambda_of_the_largest_curvature() -> None:
    ones = np.ones(4)
    assert LCurve(np.array([1.0, 2, 3, 4]), ones, ones, np.array([-2, 5 - 1e-12, 5, 1])).corner == 2
    assert LCurve(np.array([1.0, 2, 3, 4]), ones, ones, np.array([-2, -1, -1 - 1e-12, -3])).corner == 2


# --- Both choices on ill-posed problems ---


@pytest.mark.parametrize(("problem", "gamma"), [(shaw, np.eye), (phillips, second_differences)])
@pytest.mark.parametrize("noise", [1e-3, 1e-2])
def test_both_choices_come_near_the_best_lambda(
    problem: Callable[[int], tuple[Floats, Floats]], gamma: Callable[[int], Floats], noise: float
) -> None:
    (A, truth), Gamma = problem(40), gamma(40)
    sigma = noise * float(np.linalg.norm(A @ truth)) / np.sqrt(40)
    corner, discrepancy, smallest, largest = [], [], [], []
    for seed in range(20):
        y = A @ truth + sigma * np.random.default_rng(seed).standard_normal(40)
        chosen = [l_curve(A, y, Gamma, GRID).corner, discrepancy_lambda(A, y, Gamma, sigma, 1.1)]
        errors = np.linalg.norm(tikhonov(A, y, Gamma, [*chosen, *GRID]) - truth, axis=1)
        best = errors[2:].min()
        for ratios, error in zip((corner, discrepancy, smallest, largest), errors[[0, 1, 2, -1]], strict=True):
            ratios.append(error / best)
    assert np.median(corner) < 2.5
    assert np.median(discrepancy) < 2.5
    assert np.median(smallest) > 5
    assert np.median(largest) > 5


def test_smoothing_finds_a_smooth_solution_better_than_ridge() -> None:
    t = np.arange(40)
    blur = np.exp(-np.square(np.subtract.outer(t, t) / 3) / 2)
    A, truth = blur / blur.sum(axis=1, keepdims=True), 2 + np.sin(np.pi * t / 20) + 0.5 * np.cos(np.pi * t / 10)
    for seed in range(20):
        y = A @ truth + 0.05 * np.random.default_rng(seed).standard_normal(40)
        best = [
            np.linalg.norm(tikhonov(A, y, Gamma, GRID) - truth, axis=1).min()
            for Gamma in (second_differences(40), np.eye(40))
        ]
        assert best[0] < best[1]


# --- Discrepancy principle ---


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.integers(0, 2**32 - 1),
    st.booleans(),
    st.sampled_from([np.eye, first_differences, second_differences]),
    st.floats(0.001, 0.999),
    st.sampled_from([1e-80, 1.0, 1e80]),
)
def test_the_residual_is_the_one_allowed(
    seed: int, ill_posed: bool, gamma: Callable[[int], Floats], share: float, unit: float
) -> None:
    X, y, _ = sparse_linear(seed, 20, 8)
    X, y = (shaw(20)[0] if ill_posed else X) * unit, y * unit
    Gamma = gamma(X.shape[1])
    low, high = (np.linalg.norm(y / unit - X @ tikhonov(X, y, Gamma, lam * unit**2)[0] / unit) for lam in (0, 1e15))
    wanted = low + share * (high - low)
    lam = discrepancy_lambda(X, y, Gamma, wanted * unit / np.sqrt(20) / 1.25, 1.25)
    w = tikhonov(X / unit, y / unit, Gamma, lam / unit**2)[0]
    residual = np.linalg.norm(y / unit - X / unit @ w)
    assert residual == pytest.approx(wanted, rel=1e-12, abs=1e-14 * np.linalg.norm(w))  # the rounding of X w


def test_an_impossible_residual_gives_one_clear_error() -> None:
    X, y, _ = sparse_linear(0, 20, 8)
    for sigma in (1e-9, 1e9):
        with pytest.raises(ValueError, match=r"sigma=1e.09、tau=1 では許す残差が .* です。.*渡してください。$"):
            discrepancy_lambda(X, y, np.eye(8), sigma)
    # In the null space of Γ nothing is penalised: every λ leaves the same.
    with pytest.raises(ValueError, match="許す残差"):
        discrepancy_lambda(X, X.sum(axis=1), first_differences(8), 0.1)


# --- Bad input ---

FITS: dict[str, Callable[..., object]] = {
    "tikhonov": lambda X, y, Gamma: tikhonov(X, y, Gamma, 1.0),
    "l_curve": lambda X, y, Gamma: l_curve(X, y, Gamma, [1.0, 2.0]),
    "discrepancy_lambda": lambda X, y, Gamma: discrepancy_lambda(X, y, Gamma, 0.1),
}
TWO = [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("X", "y", "Gamma", "message"),
    [
        ([[1.0, np.nan]], [1.0], TWO, r"X（形は \(1, 2\)）に NaN か無限大が 1 個"),
        (TWO, [1.0], TWO, r"y の形は \(1,\)、X の形は \(2, 2\) です"),
        (TWO, [1.0, 2.0], [1.0, 2.0], r"Gamma の形は \(2,\) です"),
        (TWO, [1.0, 2.0], [[1.0, np.inf]], r"Gamma（形は \(1, 2\)）に NaN か無限大が 1 個"),
        (TWO, [1.0, 2.0], [["a", "b"]], "Gamma は数値ではありません"),
        (TWO, [1.0, 2.0], np.zeros((0, 2)), r"Gamma の形は \(0, 2\) です"),
        (TWO, [1.0, 2.0], [[1.0, 2.0, 3.0]], r"Gamma の形は \(1, 3\)、X の形は \(2, 2\) です。列数が 2 の配列"),
        ([[1.0, -1.0]], [1.0], [[2.0, -2.0]], r"X（形は \(1, 2\)）と Gamma（形は \(1, 2\)）.*解が一つに決まりません"),
        (np.zeros((2, 2)), [1.0, 2.0], [[1.0, 1.0]], "解が一つに決まりません"),
    ],
)
def test_bad_data_give_one_clear_error(fit: str, X: object, y: object, Gamma: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        FITS[fit](X, y, Gamma)
    assert str(caught.value).endswith("渡してください。")


def test_other_bad_arguments_are_named() -> None:
    X, y, G = np.eye(3)[:, :2], [1, 2, 3], np.eye(2)
    for bad in (-1, np.nan, "1", [], [[1.0]]):
        with pytest.raises(ValueError, match="lambdas"):
            tikhonov(X, y, G, bad)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="lambdas"):
            l_curve(X, y, G, bad)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="sigma"):
            discrepancy_lambda(X, y, G, bad)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="tau"):
            discrepancy_lambda(X, y, G, 1.0, bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"lambdas の形は \(2,\)、最小値は 0 です"):
        l_curve(X, y, G, [1.0, 0.0])
    for no_curve in ([0, 0, 1], [0, 0, 0]):
        with pytest.raises(ValueError, match="L字曲線がありません"):
            l_curve(X, no_curve, G, [1.0])
    with pytest.raises(ValueError, match="L字曲線がありません"):
        l_curve(np.arange(12.0).reshape(6, 2) ** 2, np.square(np.arange(12.0)).reshape(6, 2).sum(axis=1), [[1, -1]], 1)
    with pytest.raises(ValueError, match="n_features=1"):
        first_differences(1)
    with pytest.raises(ValueError, match="n_features=2"):
        second_differences(2)


def test_a_zero_design_has_zero_weights_where_gamma_decides() -> None:
    assert not tikhonov(np.zeros((3, 2)), [1, 2, 3], np.eye(2), [0, 1]).any()
    np.testing.assert_allclose(tikhonov(np.eye(2), [1, 2], np.zeros((1, 2)), [0, 5]), [[1, 2], [1, 2]], atol=1e-15)
