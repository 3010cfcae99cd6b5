"""Gradient flow and gradient descent: against a solver of differential equations, the recursion, and ridge."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import BAD_DATA
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from figures.data.diabetes import load_diabetes
from figures.data.prostate import load_prostate
from figures.data.synthetic import sparse_linear
from figures.models.gradient_descent import best_step, descent_factors, gradient_descent, stability_limit
from figures.models.gradient_flow import flow_factors, gradient_flow
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge
from figures.models.standardize import fit_standardization

TIMES = np.array([0.0, 0.05, 0.5, 3.0, 20.0])
DATA = {
    "diabetes": load_diabetes(),
    "prostate": load_prostate()[:2],
    "n=15, p=40": sparse_linear(1, 15, 40)[:2],
}


def standardized(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    return fit_standardization(X).apply(X), y - y.mean()


def step_by_step(X: Floats, y: Floats, learning_rate: float, n_steps: int) -> Floats:
    w = [np.zeros(X.shape[1])]
    for _ in range(n_steps):
        w.append(w[-1] + learning_rate * X.T @ (y - X @ w[-1]) / len(X))
    return np.array(w)


# --- Gradient flow ---


@pytest.mark.parametrize("data", DATA)
def test_flow_solves_its_differential_equation(data: str) -> None:
    X, y = standardized(*DATA[data])
    y = y / y.std()
    start = np.zeros(X.shape[1])
    solved = solve_ivp(
        lambda _, w: X.T @ (y - X @ w) / len(X), (0, 20), start, method="DOP853", t_eval=TIMES, rtol=1e-12, atol=1e-13
    )
    np.testing.assert_allclose(gradient_flow(X, y, TIMES), solved.y.T, rtol=0, atol=1e-9)


@pytest.mark.parametrize("data", DATA)
def test_flow_starts_at_zero_along_the_gradient_and_ends_at_least_squares(data: str) -> None:
    X, y = standardized(*DATA[data])
    start, soon, end = gradient_flow(X, y, [0, 1e-9, 1e9])
    assert not start.any()
    np.testing.assert_allclose(soon, 1e-9 * X.T @ y / len(X), rtol=1e-6)
    np.testing.assert_allclose(end, least_squares(X, y), rtol=0, atol=1e-8)


def test_flow_factors_are_what_the_flow_does_along_each_direction() -> None:
    X, y = standardized(*load_diabetes())
    Vt = np.linalg.svd(X, full_matrices=False)[2]
    ratio = (Vt @ gradient_flow(X, y, TIMES).T) / (Vt @ least_squares(X, y))[:, None]
    np.testing.assert_allclose(flow_factors(X, TIMES), ratio.T, rtol=1e-9, atol=1e-12)


def test_flow_factors_lie_between_those_of_ridge_and_1_2985_times_them() -> None:
    X = standardized(*load_diabetes())[0]
    times = np.logspace(-4, 5, 400)
    ratio = flow_factors(X, times) / filter_factors(X, 1 / times)
    assert ratio.min() >= 1
    assert 1.298 < ratio.max() <= 1.2985


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(1, 12), st.floats(-6, 6), st.floats(-3, 3))
def test_the_risk_is_at_most_1_6862_times_that_of_ridge(
    seed: int, n: int, p: int, log_time: float, log_noise: float
) -> None:
    """Ali, Kolter & Tibshirani (2019): E||w(t) - w||², squared bias and variance, for y = X w + noise."""
    rng = np.random.default_rng(seed)
    X, w, noise, t = rng.standard_normal((n, p)), rng.standard_normal(p), 10.0**log_noise, 10.0**log_time

    def risk(fits: list[Floats], unbiased: Floats) -> float:
        return float(np.square(unbiased - w).sum() + noise**2 * np.square(fits).sum())

    # Both are linear in y: fitted to each unit vector they give their matrix, column by column.
    of_flow = risk([gradient_flow(X, e, t)[0] for e in np.eye(n)], gradient_flow(X, X @ w, t)[0])
    of_ridge = risk([ridge(X, e, 1 / t)[0] for e in np.eye(n)], ridge(X, X @ w, 1 / t)[0])
    assert of_flow <= 1.6862 * of_ridge


# --- Gradient descent ---


@pytest.mark.parametrize("share", [0.0, 1e-3, 0.3, 0.5, 0.9, 1.0, 1.05])
@pytest.mark.parametrize("data", DATA)
def test_descent_is_the_recursion_below_at_and_above_the_limit(data: str, share: float) -> None:
    X, y = standardized(*DATA[data])
    rate = share * stability_limit(X)
    expected = step_by_step(X, y, rate, 100)
    size = np.abs(expected).max() + 1
    np.testing.assert_allclose(gradient_descent(X, y, rate, range(101)), expected, rtol=0, atol=1e-11 * size)


def test_descent_keeps_its_digits_along_directions_that_hardly_vary() -> None:
    X = np.diag([1.0, 1e-7])
    w = gradient_descent(X, [0.0, 1.0], 0.5, [1, 2, 1000])
    np.testing.assert_allclose(w[:, 1], np.array([1, 2, 1000]) * 0.5 * 1e-7 / 2, rtol=1e-10)


def test_below_the_limit_descent_goes_to_least_squares_and_above_it_away() -> None:
    X, y = standardized(*load_prostate()[:2])
    assert stability_limit(X) == pytest.approx(2 / np.linalg.eigvalsh(X.T @ X / len(X))[-1])
    below = gradient_descent(X, y, 0.99 * stability_limit(X), [10_000])[0]
    np.testing.assert_allclose(below, least_squares(X, y), rtol=0, atol=1e-8)
    sizes = np.linalg.norm(gradient_descent(X, y, 1.01 * stability_limit(X), [100, 1000, 1001]), axis=1)
    assert sizes[1] > 1000 * sizes[0]
    assert sizes[2] / sizes[1] == pytest.approx(1.02, abs=1e-3)
    with pytest.raises(ValueError, match=r"learning_rate=.* は安定の限界 .* より大きく.*steps（形は \(2,\)）"):
        gradient_descent(X, y, 2 * stability_limit(X), [1, 100_000])
    assert np.isinf(stability_limit(np.zeros((2, 2))))


def test_small_steps_follow_the_flow() -> None:
    X, y = standardized(*load_prostate()[:2])
    errors = [np.abs(gradient_descent(X, y, 1 / k, [3 * k]) - gradient_flow(X, y, 3.0)).max() for k in (100, 1000)]
    assert errors[1] < 1e-3
    assert errors[0] / errors[1] == pytest.approx(10, rel=0.1)


def test_descent_factors_are_those_of_the_formula() -> None:
    X = standardized(*load_diabetes())[0]
    s2 = np.linalg.eigvalsh(np.corrcoef(load_diabetes()[0].T))[::-1]
    k = np.array([0, 1, 2, 7, 50])
    for rate in (0.01, 0.2, 0.6):
        np.testing.assert_allclose(descent_factors(X, rate, k), 1 - (1 - rate * s2) ** k[:, None], rtol=1e-9)


# --- Early stopping ---


def test_the_step_with_the_smallest_validation_error_is_taken() -> None:
    X, y, _ = sparse_linear(0, 60, 30, noise=3.0)
    w = gradient_descent(X[:40], y[:40], 0.1, range(500))
    errors = [np.mean((y[40:] - X[40:] @ row) ** 2) for row in w]
    assert best_step(w, X[40:], y[40:]) == np.argmin(errors)
    assert 0 < np.argmin(errors) < 499


def test_of_equal_errors_the_first_is_taken() -> None:
    assert best_step([[3.0], [1.0], [1.0 - 1e-12], [2.0]], [[1.0]], [0.0]) == 1
    # Without noise every error beyond some step is rounding: 1e-16 is no worse than 0.
    assert best_step([[0.0], [1.0 + 2.0**-52], [1.0]], [[1.0], [2.0]], [1.0, 2.0]) == 1
    assert best_step([[1.0 + 1e-6], [1.0]], [[1.0]], [1.0]) == 1
    # But a difference in the ninth digit counts.
    assert best_step([[1.0], [1.0 - 1e-8]], [[1.0]], [0.0]) == 1


def test_diverged_steps_are_the_worst() -> None:
    """Also where infinities of both signs meet, and the error is no number at all."""
    diverged = 1e300 * np.where(np.arange(64) % 3 == 0, -1.0, 1.0)
    w = [diverged, np.eye(64)[0], 1e150 * np.eye(64)[0]]
    assert [best_step(w, np.full((n, 64), 1e100), np.zeros(n)) for n in (1, 5)] == [1, 1]


# --- Bad input ---


@pytest.mark.parametrize("bad", [-1, [1, -0.1], np.nan, [np.inf], "1", None, [], [[1.0]], 1j])
def test_bad_times_and_steps_give_one_clear_error(bad: object) -> None:
    X, y = np.eye(3), [1, 2, 3]
    for fit, name in (
        (lambda: gradient_flow(X, y, bad), "times"),  # type: ignore[arg-type]
        (lambda: flow_factors(X, bad), "times"),  # type: ignore[arg-type]
        (lambda: gradient_descent(X, y, 0.1, bad), "steps"),  # type: ignore[arg-type]
        (lambda: descent_factors(X, 0.1, bad), "steps"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=rf"{name}.*0以上の有限な数.*渡してください。"):
            fit()


@pytest.mark.parametrize("bad", [-1, np.nan, np.inf, "1", None, [], [0.1, 0.2]])
def test_a_bad_learning_rate_gives_one_clear_error(bad: object) -> None:
    for fit in (lambda: gradient_descent(np.eye(3), [1, 2, 3], bad, 1), lambda: descent_factors(np.eye(3), bad, 1)):  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=r"learning_rate.*渡してください。"):
            fit()


def test_half_a_step_is_none() -> None:
    with pytest.raises(ValueError, match=r"steps の形は \(2,\) で、整数でない値があります"):
        gradient_descent(np.eye(2), [1, 2], 0.1, [1, 1.5])


@pytest.mark.parametrize(("X", "y", "message"), BAD_DATA)
def test_bad_data_give_one_clear_error(X: object, y: object, message: str) -> None:
    for fit in (
        lambda: gradient_flow(X, y, 1),  # type: ignore[arg-type]
        lambda: gradient_descent(X, y, 0.1, 1),  # type: ignore[arg-type]
        lambda: best_step([[1.0]], X, y),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=message) as caught:
            fit()
        assert str(caught.value).endswith("渡してください。")


def test_iterates_that_do_not_fit_the_validation_rows_are_named() -> None:
    with pytest.raises(ValueError, match=r"w の形は \(1, 3\)、X_valid の形は \(2, 2\) です"):
        best_step(np.ones((1, 3)), np.eye(2), [1, 2])
    with pytest.raises(ValueError, match=r"w の形は \(2,\) です。形が \(n_steps, 2\)"):
        best_step([1, 2], np.eye(2), [1, 2])
    with pytest.raises(ValueError, match=r"w（形は \(1, 2\)）に NaN か無限大が 1 個"):
        best_step([[1, np.nan]], np.eye(2), [1, 2])
