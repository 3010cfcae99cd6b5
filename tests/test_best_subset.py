"""Best subset regression: against all subsets one by one, against a printed choice, and with ties."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from conftest import BAD_DATA
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.data.diabetes import load_diabetes
from figures.data.prostate import load_prostate
from figures.models.best_subset import best_subset
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization


def standardized(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    return fit_standardization(X).apply(X), y - y.mean()


def one_by_one(X: Floats, y: Floats, size: int) -> tuple[list[int], Floats, float]:
    """The first subset whose residual is the smallest but for rounding, its weights, and the smallest residual."""
    fits = []
    for subset in map(list, combinations(range(X.shape[1]), size)):
        w = np.linalg.lstsq(X[:, subset], y, rcond=1e-9)[0]
        fits.append((subset, w, np.linalg.norm(y - X[:, subset] @ w)))
    smallest = min(residual for _, _, residual in fits)
    subset, w, _ = next(fit for fit in fits if fit[2] <= smallest + 1e-12 * np.linalg.norm(y))
    return subset, w, smallest


def support(w: Floats) -> list[int]:
    return np.flatnonzero(w).tolist()


def test_prostate_has_the_subset_of_the_book() -> None:
    """ESL, 2nd ed., Table 3.3: of two features lcavol and lweight."""
    X, y, train = load_prostate()
    assert support(best_subset(*standardized(X[train], y[train]))[2]) == [0, 1]


def test_every_size_is_the_best_of_all_subsets_on_diabetes() -> None:
    X, y = standardized(*load_diabetes())
    found = best_subset(X, y)
    assert found.shape == (11, 10)
    assert not found[0].any()
    np.testing.assert_allclose(found[10], least_squares(X, y), rtol=0, atol=1e-10)
    for size in range(1, 11):
        subset, w, _ = one_by_one(X, y, size)
        assert support(found[size]) == subset
        np.testing.assert_allclose(found[size, subset], w, rtol=0, atol=1e-10)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Columns that are random, small integers (ties), copies, sums or zero; n and p from 1; any units."""
    n, p = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    X, y = rng.standard_normal((n, p)), rng.standard_normal(n)
    if draw(st.booleans()):
        X, y = np.round(X), np.round(2 * y)
    for j in range(1, p):
        kind = draw(st.sampled_from(["random", "random", "random", "copy", "sum", "zero"]))
        i, k = draw(st.integers(0, j - 1)), draw(st.integers(0, j - 1))
        X[:, j] = {"random": X[:, j], "copy": -2 * X[:, i], "sum": X[:, i] + X[:, k], "zero": np.zeros(n)}[kind]
    return X * draw(st.sampled_from([1e-100, 1.0, 1e100])), y * draw(st.sampled_from([1e-100, 1.0, 1e100]))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(problems())
def test_every_size_is_the_first_of_the_best_on_awkward_data(problem: tuple[Floats, Floats]) -> None:
    X, y = problem
    found = best_subset(X, y)
    unit = np.linalg.norm(y) or 1.0
    for size in range(1, X.shape[1] + 1):
        subset, _, smallest = one_by_one(X, y, size)
        assert set(support(found[size])) <= set(subset)
        assert abs(np.linalg.norm(y - X @ found[size]) - smallest) <= 1e-10 * unit


def test_of_twins_the_first_is_taken_whatever_the_order_of_rows() -> None:
    X, y = standardized(*load_diabetes())
    twice = np.hstack([X[:, [2, 8, 3]], X[:, [2, 8, 3]]])
    for order in (np.arange(len(y)), np.arange(len(y))[::-1], np.argsort(y)):
        assert [support(w) for w in best_subset(twice[order], y[order])[1:4]] == [[0], [0, 1], [0, 1, 2]]


def test_without_noise_the_real_features_and_then_the_first_others() -> None:
    X = np.random.default_rng(0).standard_normal((30, 6))
    residual = [np.linalg.norm(X[:, 1] - 2 * X[:, 4] - X @ w) for w in best_subset(X, X[:, 1] - 2 * X[:, 4])]
    assert residual[1] > 1
    assert max(residual[2:]) < 1e-12
    # Nothing is left for a third feature, but a subset of three has the first one in it.
    assert set(support(best_subset(X, X[:, 1] - 2 * X[:, 4])[3])) <= {0, 1, 4}


def test_a_small_difference_is_no_tie() -> None:
    """1e-9 of y: its square, which is what a Gram matrix would show, is below the spacing of floats."""
    X = np.random.default_rng(1).standard_normal((30, 6))
    y = X[:, 3] + 1e-9 * X[:, 5]
    assert [support(w) for w in best_subset(X, y)[1:3]] == [[3], [3, 5]]


def test_twenty_features_are_tried_and_more_are_refused() -> None:
    X = np.random.default_rng(2).standard_normal((40, 20))
    found = best_subset(X, X[:, 7] + X[:, 11] + X[:, 19] + 0.01 * X[:, 2])
    assert [support(w) for w in found[3:5]] == [[7, 11, 19], [2, 7, 11, 19]]
    with pytest.raises(ValueError, match=r"X の形は \(3, 25\) です。部分集合が 33554432 通り.*20 列以下の X を"):
        best_subset(np.ones((3, 25)), [1, 2, 3])


@pytest.mark.parametrize(("X", "y", "message"), BAD_DATA)
def test_bad_data_give_one_clear_error(X: object, y: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        best_subset(X, y)  # type: ignore[arg-type]
    assert str(caught.value).endswith("渡してください。")
