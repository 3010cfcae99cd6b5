"""Choosing λ: folds, the curve, leave-one-out, searches; against scikit-learn and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.stats import kstest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - it enables the next import
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.model_selection import GridSearchCV, GroupKFold, HalvingGridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import sparse_linear
from figures.models.choose_lambda import CVCurve, best
from figures.models.cross_validation import choose_lambdas, cv_curves, leave_out, split
from figures.models.folds import group_folds, k_folds
from figures.models.leave_one_out import leave_one_out
from figures.models.regression_data import Floats
from figures.models.ridge import ridge, ridge_many
from figures.models.search import log_grid, log_uniform, successive_halving, try_all
from figures.models.standardize import fit_standardization

GRID = 10.0 ** (np.arange(-12, 5) / 4)


def shuffled(seed: int, n: int) -> tuple[Floats, Floats]:
    X, y = load_diabetes()
    order = np.random.default_rng(seed).permutation(len(y))[:n]
    return X[order], y[order]


# --- Folds ---


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(-5, 12), min_size=2, max_size=60), st.integers(2, 9))
def test_groups_are_put_into_the_folds_of_scikit_learn_and_never_split(groups: list[int], n_folds: int) -> None:
    if len(set(groups)) < n_folds:
        with pytest.raises(
            ValueError, match=f"n_folds={n_folds} は使えません。2からグループの数 {len(set(groups))} まで"
        ):
            group_folds(groups, n_folds)
        return
    fold = group_folds(groups, n_folds)
    for k, (_, test) in enumerate(GroupKFold(n_folds).split(groups, groups=groups)):
        assert np.flatnonzero(fold == k).tolist() == test.tolist()
    assert all(len(set(fold[np.array(groups) == g])) == 1 for g in groups)


def test_groups_may_have_names() -> None:
    assert group_folds(["芥川", "太宰", "芥川", "賢治"], 2).tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(("n", "n_folds"), [(10, 5), (11, 4), (7, 7)])
def test_folds_are_as_large_as_those_of_scikit_learn(n: int, n_folds: int) -> None:
    expected = [len(test) for _, test in KFold(n_folds).split(np.zeros(n))]
    assert np.bincount(k_folds(n, n_folds)).tolist() == expected


def test_splits_by_group_hold_whole_groups_and_standardise_without_them() -> None:
    X, y = shuffled(0, 60)
    groups = np.random.default_rng(1).integers(0, 9, 60)
    for train, test, s in (
        (train, test, s)
        for (train, test), s in zip(GroupKFold(4).split(X, y, groups), leave_out(X, y, 4, groups), strict=True)
    ):
        scaler = StandardScaler().fit(X[train])
        np.testing.assert_allclose(s.X, scaler.transform(X[train]), rtol=0, atol=1e-12)
        np.testing.assert_allclose(s.X_test, scaler.transform(X[test]), rtol=0, atol=1e-12)
        np.testing.assert_allclose(s.y_test, y[test] - y[train].mean(), rtol=0, atol=1e-12)


# --- The curve ---


def test_the_curve_is_that_of_scikit_learn_fold_by_fold() -> None:
    X, y = shuffled(2, 120)
    groups = np.repeat(np.arange(12), 10)
    splitter = GroupKFold(4)
    (curve,) = cv_curves([leave_out(X, y, 4, groups)], ridge_many, GRID)
    for j, lam in enumerate(GRID):
        model = make_pipeline(StandardScaler(), Ridge(alpha=90 * lam))
        scores = cross_val_score(model, X, y, groups=groups, cv=splitter, scoring="neg_mean_squared_error")
        np.testing.assert_allclose(curve.errors[:, j], -scores, rtol=1e-10)
    assert curve.sizes.tolist() == [30] * 4
    search = GridSearchCV(
        make_pipeline(StandardScaler(), Ridge()),
        {"ridge__alpha": 90 * GRID},
        scoring="neg_mean_squared_error",
        cv=splitter,
    ).fit(X, y, groups=groups)
    assert curve.minimum() == pytest.approx(search.best_params_["ridge__alpha"] / 90)
    np.testing.assert_allclose(curve.mean, -search.cv_results_["mean_test_score"], rtol=1e-10)
    spread = search.cv_results_["std_test_score"]  # over K, not K - 1
    np.testing.assert_allclose(curve.standard_error, spread / np.sqrt(4 - 1), rtol=1e-10)


def test_the_standard_error_of_the_curve_is_that_over_the_folds() -> None:
    errors = np.random.default_rng(0).random((7, 5))
    curve = CVCurve([1, 2, 3, 4, 5], errors, [10] * 7)
    np.testing.assert_allclose(curve.standard_error, errors.std(axis=0, ddof=1) / np.sqrt(7), rtol=1e-12)


def test_folds_count_by_their_rows() -> None:
    """As in R's cv.glmnet: cvm = weighted.mean(cvraw, w); cvsd = sqrt(weighted.mean((cvraw - cvm)^2, w) / (N - 1))."""
    errors, sizes = np.array([[1.0, 4.0], [2.0, 0.0], [6.0, 1.0]]), np.array([10, 20, 70])
    curve = CVCurve([0.1, 1], errors, sizes)
    mean = np.average(errors, axis=0, weights=sizes)
    np.testing.assert_allclose(curve.mean, mean, rtol=1e-12)
    variance = np.average((errors - mean) ** 2, axis=0, weights=sizes)
    np.testing.assert_allclose(curve.standard_error, np.sqrt(variance / 2), rtol=1e-12)
    rows = np.repeat(errors, sizes, axis=0)
    np.testing.assert_allclose(CVCurve([0.1, 1], rows, np.ones(100)).mean, mean, rtol=1e-12)


def test_the_one_standard_error_rule_takes_the_largest_lambda_within_one_standard_error() -> None:
    """By hand: the means are 3, 2, 2.5, 2.9, 4; at the minimum the folds have 1 and 3, so SE = √2 / √2 = 1."""
    lambdas = [0.01, 0.1, 1, 10, 100]
    errors = [[3, 1, 2.5, 2.9, 4], [3, 3, 2.5, 2.9, 4]]
    curve = CVCurve(lambdas, errors, [5, 5])
    assert (curve.minimum(), curve.one_standard_error()) == (0.1, 10)
    assert CVCurve(lambdas[::-1], np.fliplr(errors), [5, 5]).one_standard_error() == 10  # in whatever order
    exactly = np.array(errors)
    exactly[:, 4] = 3 + 1e-12  # rounding does not decide
    assert CVCurve(lambdas, exactly, [5, 5]).one_standard_error() == 100
    exactly[:, 4] = 3 + 1e-6
    assert CVCurve(lambdas, exactly, [5, 5]).one_standard_error() == 10
    no_spread = [[3, 2, 2.5, 2.9, 4]] * 2
    assert CVCurve(lambdas, no_spread, [5, 5]).one_standard_error() == 0.1


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 12))
def test_one_standard_error_never_chooses_less_than_the_minimum(seed: int, n_folds: int, n_lambdas: int) -> None:
    rng = np.random.default_rng(seed)
    curve = CVCurve(rng.random(n_lambdas), rng.random((n_folds, n_lambdas)), rng.integers(1, 9, n_folds))
    chosen = curve.lambdas.tolist().index(curve.one_standard_error())
    least = curve.lambdas.tolist().index(curve.minimum())
    assert chosen >= least
    assert curve.mean[chosen] <= curve.mean.min() + curve.standard_error[least] + 1e-8
    assert (curve.mean[chosen + 1 :] > curve.mean.min() + curve.standard_error[least]).all()


def test_of_equally_good_lambdas_the_smallest_is_the_minimum() -> None:
    errors = [[2, 1 + 1e-12, 1, 3]]
    assert CVCurve([1, 2, 3, 4], errors, [5]).minimum() == 2
    assert CVCurve([3, 2, 1, 4], np.array(errors)[:, [2, 1, 0, 3]], [5]).minimum() == 2
    assert CVCurve([1, 2, 3], [[0, 0, 0]], [5]).minimum() == 1


def test_a_hold_out_is_a_curve_with_one_fold() -> None:
    X, y = shuffled(4, 100)
    held_out = split(X, y, 70)
    (curve,) = cv_curves([[held_out]], ridge_many, GRID)
    errors = [held_out.rmse(w) ** 2 for w in ridge(held_out.X, held_out.y, GRID)]
    np.testing.assert_allclose(curve.mean, errors, rtol=1e-12)
    assert curve.minimum() == GRID[int(np.argmin(errors))]
    with pytest.raises(ValueError, match=r"errors の形は \(1, 17\) です。標準誤差には2つ以上の分割"):
        curve.one_standard_error()


def test_the_curves_of_many_tables_are_those_one_by_one() -> None:
    tables = [sparse_linear(seed, 30 + seed, 8)[:2] for seed in range(3)]
    splits = [leave_out(*tables[0], 5), [split(*tables[1], 20)], leave_out(*tables[2], 3)]
    for together, alone in zip(cv_curves(splits, ridge_many, GRID), splits, strict=True):
        assert (together.errors == cv_curves([alone], ridge_many, GRID)[0].errors).all()
        assert together.sizes.tolist() == [len(s.y_test) for s in alone]
    minima = [curve.minimum() for curve in cv_curves([leave_out(*t, 5) for t in tables], ridge_many, GRID)]
    assert choose_lambdas(tables, ridge_many, GRID).tolist() == minima


# --- Leave-one-out ---


def brute_force(X: Floats, y: Floats, lam: float) -> list[float]:
    """Leave each row out by hand; the penalty on the sum of squares stays n λ, so λ is n/(n-1) times as large."""
    n, errors = len(y), []
    for i in range(n):
        rest = np.arange(n) != i
        mean = X[rest].mean(axis=0)
        w = ridge(X[rest] - mean, y[rest] - y[rest].mean(), lam * n / (n - 1))[0]
        errors.append(float(y[i] - y[rest].mean() - (X[i] - mean) @ w))
    return errors


@pytest.mark.parametrize("data", [shuffled(0, 40), sparse_linear(1, 15, 40)[:2], sparse_linear(2, 2, 3)[:2]])
def test_leave_one_out_is_what_leaving_each_row_out_gives(data: tuple[Floats, Floats]) -> None:
    X, y = data
    Z = fit_standardization(X).apply(X)
    e = leave_one_out(Z, y, GRID)
    for k, lam in enumerate(GRID):
        np.testing.assert_allclose(e[:, k], brute_force(Z, y, lam), rtol=1e-9, atol=1e-9 * np.abs(y).max())


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.integers(1, 9), st.sampled_from([1e-3, 0.1, 1.0, 100.0]))
def test_leave_one_out_holds_for_any_fixed_columns(seed: int, n: int, p: int, lam: float) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((n, p)) + rng.standard_normal(p), 5 + rng.standard_normal(n)
    X[:, -1] = X[:, 0]  # twins, and a single column with itself
    np.testing.assert_allclose(leave_one_out(X, y, lam)[:, 0], brute_force(X, y, lam), rtol=1e-7, atol=1e-8)


def test_leave_one_out_is_that_of_scikit_learn() -> None:
    X, y = load_diabetes()
    Z = fit_standardization(X).apply(X)
    model = RidgeCV(alphas=len(y) * GRID, store_cv_results=True).fit(Z, y)
    squares = leave_one_out(Z, y, GRID) ** 2
    np.testing.assert_allclose(squares, model.cv_results_, rtol=1e-7, atol=1e-6)
    curve = CVCurve(GRID, squares, np.ones(len(y)))
    assert curve.minimum() == pytest.approx(model.alpha_ / len(y))
    assert curve.one_standard_error() > curve.minimum()


def test_without_a_penalty_leave_one_out_is_press() -> None:
    X, y = shuffled(3, 50)
    design = np.column_stack([np.ones(50), X])
    hat = design @ np.linalg.pinv(design)
    np.testing.assert_allclose(leave_one_out(X, y, 0)[:, 0], (y - hat @ y) / (1 - np.diag(hat)), rtol=1e-8)


def test_scaling_anew_without_each_row_is_something_else() -> None:
    """The closed form is for a fixed design; standardisation inside the folds moves it, and by more than rounding."""
    X, y = shuffled(0, 40)
    fixed = np.mean(leave_one_out(fit_standardization(X).apply(X), y, 0.1) ** 2)
    (curve,) = cv_curves([leave_out(X, y, 40)], ridge_many, 0.1 * 40 / 39)
    assert 1e-4 < abs(curve.mean[0] / fixed - 1) < 0.1


def test_a_row_that_alone_decides_its_prediction_is_an_error() -> None:
    X = np.eye(4)
    assert np.isfinite(leave_one_out(X, [1, 2, 3, 4], 0.1)).all()
    with pytest.raises(ValueError, match=r"lambdas（形は \(2,\)）の 0 では、X（形は \(4, 4\)）の行 \d を除くと"):
        leave_one_out(X, [1, 2, 3, 4], [0.1, 0])


# --- Search ---


def parabola(lambdas: Floats, resource: int) -> Floats:
    """The best λ is 1; with few rows it seems to be smaller."""
    return np.asarray((np.log10(lambdas) + 3 / resource) ** 2 + 1 / resource)


class Parabola(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """The same as a model of scikit-learn, whose resource is a parameter."""

    def __init__(self, lam: float = 1.0, epochs: int = 1) -> None:
        self.lam, self.epochs = lam, epochs

    def fit(self, X: ArrayLike, y: ArrayLike) -> Parabola:
        self.fitted_ = True
        return self

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        return -float(parabola(np.array([self.lam]), self.epochs)[0])


@pytest.mark.parametrize(("n", "rungs"), [(16, 4), (11, 4), (5, 3)])
def test_halving_keeps_the_sizes_and_survivors_of_scikit_learn(n: int, rungs: int) -> None:
    lambdas = log_grid(1e-4, 1e2, n)
    first = 3
    search = HalvingGridSearchCV(
        Parabola(), {"lam": lambdas}, resource="epochs", min_resources=first, max_resources=first * 2 ** (rungs - 1),
        factor=2, cv=2, refit=False,
    ).fit(np.zeros((8, 1)), np.zeros(8))  # fmt: skip
    ours = successive_halving(parabola, lambdas, first * n * rungs, 10**6)
    table = search.cv_results_
    for k, (tried, resource) in enumerate(ours.rounds):
        theirs = sorted(np.asarray(table["param_lam"][table["iter"] == k], dtype=float).tolist())
        assert tried.tolist() == theirs
        if n == 16:  # a power of two: then the paper's budget gives each round exactly twice as much
            assert resource == search.n_resources_[k]
    assert [len(tried) for tried, _ in ours.rounds] == search.n_candidates_[: len(ours.rounds)]
    assert ours.chosen in ours.rounds[-1][0]


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 200))
def test_halving_ends_with_one_within_its_budget(n: int, share: int, most: int) -> None:
    rounds = int(np.ceil(np.log2(n)))
    budget = max(1, n * rounds) * share
    search = successive_halving(parabola, log_uniform(n, 1e-3, 1e3, n), budget, most)
    assert len(search.rounds) == rounds
    assert search.cost <= budget
    assert all(1 <= resource <= most for _, resource in search.rounds)
    assert [len(tried) for tried, _ in search.rounds] == [int(np.ceil(n / 2**k)) for k in range(rounds)]
    last = search.rounds[-1][0] if rounds else log_uniform(n, 1e-3, 1e3, n)
    assert search.chosen in last


def test_halving_spends_as_the_paper_says() -> None:
    """Jamieson & Talwalkar: r_k = ⌊B / (|S_k| ⌈log2 n⌉)⌋; by hand for B = 100, n = 8."""
    search = successive_halving(parabola, log_grid(1e-4, 1e3, 8), 100, 10**6)
    assert [(len(tried), resource) for tried, resource in search.rounds] == [(8, 4), (4, 8), (2, 16)]
    assert search.cost == 8 * 4 + 4 * 8 + 2 * 16
    capped = successive_halving(parabola, log_grid(1e-4, 1e3, 8), 100, 10)
    assert [resource for _, resource in capped.rounds] == [4, 8, 10]
    assert search.chosen == 1


def test_halving_may_lose_the_best_early_and_a_full_search_does_not() -> None:
    def slow(lambdas: Floats, resource: int) -> Floats:
        return np.where(lambdas == 1, 10 / resource, 2.0)

    lambdas = log_grid(1e-2, 10, 4)
    assert 1 in lambdas
    assert successive_halving(slow, lambdas, 8, 100).chosen != 1
    assert try_all(slow, lambdas, 100).chosen == 1


def test_trying_all_takes_the_smallest_loss_and_counts_its_cost() -> None:
    search = try_all(parabola, log_grid(1e-3, 1e3, 7)[::-1], 1000)
    assert search.chosen == 1
    assert search.cost == 7000
    assert try_all(lambda lambdas, _: np.ones(len(lambdas)), [3.0, 1.0, 2.0], 1).chosen == 1


def test_a_grid_has_equal_steps_in_log_lambda() -> None:
    np.testing.assert_allclose(log_grid(1e-4, 1e2, 25), np.geomspace(1e-4, 1e2, 25), rtol=1e-7)
    assert log_grid(1e-4, 1e2, 7).tolist() == [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]


def test_random_lambdas_are_log_uniform_and_follow_their_seed() -> None:
    drawn = log_uniform(0, 1e-4, 1e2, 4000)
    assert ((drawn >= 1e-4) & (drawn <= 1e2)).all()
    assert kstest((np.log10(drawn) + 4) / 6, "uniform").pvalue > 0.01
    assert (log_uniform(0, 1e-4, 1e2, 10) == drawn[:10]).all()
    assert (log_uniform(1, 1e-4, 1e2, 10) != drawn[:10]).all()
    assert all(float(f"{lam:.8g}") == lam for lam in drawn[:100])  # no bits that a machine could change


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.data())
def test_the_best_are_the_smallest_losses_then_the_smallest_lambdas(losses: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(losses)))
    order = data.draw(st.permutations(range(len(losses))))
    lambdas = np.arange(len(losses)) + 1.0
    jitter = np.random.default_rng(len(losses)).uniform(-1e-12, 1e-12, len(losses))
    expected = sorted(lam for _, lam in sorted(zip(losses, lambdas.tolist(), strict=True))[:count])
    noisy = np.array(losses) * (1 + jitter)
    assert best(lambdas[order], noisy[order], count).tolist() == expected


# --- Bad input ---


@pytest.mark.parametrize("groups", [[1.0, 2.0], [[1], [2]], [None, None], [True, False], 3, []])
def test_bad_groups_give_one_clear_error(groups: object) -> None:
    with pytest.raises(ValueError, match=r"groups の形は .*、dtype は .* です。.*整数か名前の配列を渡してください。"):
        group_folds(groups, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("n_folds", [1, 0, 4, 2.5, "2", None])
def test_a_bad_number_of_folds_is_named(n_folds: object) -> None:
    for make in (lambda k: k_folds(3, k), lambda k: group_folds([1, 2, 3], k)):
        with pytest.raises(ValueError, match=f"n_folds={n_folds} は使えません。2から.* 3 までの整数"):
            make(n_folds)


def test_groups_must_be_as_many_as_rows() -> None:
    with pytest.raises(ValueError, match=r"groups の形は \(3,\)、X の形は \(4, 4\) です。groups を 4 個"):
        leave_out(np.eye(4), [1, 2, 3, 4], 2, [1, 2, 3])


@pytest.mark.parametrize(
    ("errors", "sizes", "message"),
    [
        ([1, 2], [1], r"errors の形は \(2,\) です。形が \(n_folds, 2\)"),
        ([[1, 2, 3]], [1], r"errors の形は \(1, 3\)、最小値は 1 です。形が \(n_folds, 2\)"),
        ([[1, -2]], [1], r"errors の形は \(1, 2\)、最小値は -2 です"),
        ([[1, np.nan]], [1], r"errors（形は \(1, 2\)）に NaN"),
        ([["a", "b"]], [1], "errors は数値ではありません"),
        ([[1, 2]], [1, 2], r"sizes の形は \(2,\)、最小値は 1 です。1以上の行数を 1 個"),
        ([[1, 2]], [0], r"sizes の形は \(1,\)、最小値は 0 です"),
        ([[1, 2]], 3, r"sizes の形は \(\) です"),
    ],
)
def test_bad_curves_give_one_clear_error(errors: object, sizes: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CVCurve([1, 2], errors, sizes)  # type: ignore[arg-type]


@pytest.mark.parametrize("lambdas", [-1, [1, np.nan], "1", [], [[1.0]]])
def test_bad_lambdas_give_one_clear_error(lambdas: object) -> None:
    X, y = np.eye(3), [1, 2, 3]
    for use in (
        lambda lam: leave_one_out(X, y, lam),
        lambda lam: CVCurve(lam, [[1.0]], [1]),
        lambda lam: cv_curves([leave_out(X, y, 3)], ridge_many, lam),
        lambda lam: try_all(parabola, lam, 1),
        lambda lam: successive_halving(parabola, lam, 10, 10),
    ):
        with pytest.raises(ValueError, match=r"lambdas.*0以上の有限な数"):
            use(lambdas)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[1.0]], [1.0], r"X の形は \(1, 1\) です。.*2行以上"),
        ([[1.0], [np.nan]], [1.0, 2.0], "X（形は"),
        ([[1.0], [2.0]], [1.0], r"y の形は \(1,\)"),
    ],
)
def test_bad_data_for_leave_one_out_give_one_clear_error(X: object, y: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        leave_one_out(X, y, 1.0)  # type: ignore[arg-type]


def test_bad_searches_give_one_clear_error() -> None:
    for low, high in ((0, 1), (2, 1), (1, 1), (-1, 1)):
        with pytest.raises(ValueError, match=f"low={low}、high={high}"):
            log_grid(low, high, 3)
    for ends in ((np.nan, 1), (1, np.inf), ("a", 1)):
        with pytest.raises(ValueError, match="low と high"):
            log_uniform(0, *ends, 3)  # type: ignore[arg-type]
    for name, use in (
        ("n=1 は使えません。2 以上", lambda: log_grid(1, 2, 1)),
        ("n=0 は使えません。1 以上", lambda: log_uniform(0, 1, 2, 0)),
        ("n=2.5", lambda: log_grid(1, 2, 2.5)),  # type: ignore[arg-type]
        ("resource=0", lambda: try_all(parabola, [1.0], 0)),
        ("budget=23 は使えません。24 以上", lambda: successive_halving(parabola, log_grid(1, 2, 8), 23, 5)),
        ("most=0", lambda: successive_halving(parabola, [1.0, 2.0], 10, 0)),
        (r"loss の値の形は \(1,\) です。.*形が \(2,\)", lambda: try_all(lambda *_: [1.0], [1.0, 2.0], 1)),
        (r"loss の値（形は \(2,\)）に NaN", lambda: try_all(lambda *_: [1.0, np.nan], [1.0, 2.0], 1)),
    ):
        with pytest.raises(ValueError, match=name):
            use()
