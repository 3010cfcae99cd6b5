"""Softmax and logistic regression: against scikit-learn, their optimality conditions, and themselves turned round."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from figures.data.authors import load_authors
from figures.data.synthetic_classes import separable
from figures.models.folds import Ints, group_folds
from figures.models.logistic_regression import logistic_l1, logistic_l2
from figures.models.regression_data import Floats
from figures.models.softmax_ambiguity import smallest_norm, smallest_sum
from figures.models.softmax_l1 import softmax_l1
from figures.models.softmax_l2 import softmax_l2
from figures.models.softmax_newton_step import hessian
from figures.models.softmax_regression import SoftmaxFits, cross_entropy, residuals
from figures.models.standardize import fit_standardization

awkward = settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
SHARES = np.array([2.0, 1.0, 0.9, 0.3, 0.05, 0.003])  # of λ_max


def drawn(seed: int, n: int = 90, p: int = 6, n_classes: int = 3) -> tuple[Floats, Ints]:
    """Classes that overlap, of a softmax model in which half of the features matter."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    W = rng.standard_normal((p, n_classes)) * (np.arange(p) < (p + 1) // 2)[:, None]
    y = (X @ W + rng.gumbel(size=(n, n_classes))).argmax(axis=1)
    y[:n_classes] = np.arange(n_classes)
    return X, y


def probabilities(o: Floats) -> Floats:
    e = np.exp(o - o.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def lambda_max(X: Floats, y: Ints) -> float:
    """The smallest λ1 at which all weights are 0."""
    Y = np.eye(y.max() + 1)[y]
    return float(np.abs((X - X.mean(axis=0)).T @ (Y - Y.mean(axis=0))).max() / len(y))


def kkt_violation(X: Floats, y: Ints, l1: Floats, l2: Floats | float, fits: SoftmaxFits) -> float:
    """The worst failure of the optimality conditions, as a share of the largest 1/n Σ_i |x_ij - mean_j|."""
    Z = X - X.mean(axis=0)
    rest = np.array([residuals(P, y) for P in probabilities(fits.logits(X))]) / len(y)
    l1, l2 = (np.broadcast_to(lam, len(fits.W))[:, None, None] for lam in (l1, l2))
    scale = np.abs(Z).mean(axis=0).max() or 1
    G = Z.T @ rest + l2 * fits.W
    violation = np.where(fits.W != 0, np.abs(G + l1 * np.sign(fits.W)), np.maximum(np.abs(G) - l1, 0))
    return max(float(violation.max()) / scale, float(np.abs(rest.sum(axis=1)).max()))


# --- scikit-learn ---


@pytest.mark.parametrize("n_classes", [3, 4, 7])
def test_l2_is_scikit_learns(n_classes: int) -> None:
    X, y = drawn(n_classes, n_classes=n_classes)
    lambdas = np.array([1e-3, 0.03, 1.0])
    fits = softmax_l2(X, y, lambdas)
    for lam, W, b in zip(lambdas, *fits, strict=True):
        rival = LogisticRegression(C=1 / (len(X) * lam), solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(X, y)
        np.testing.assert_allclose(W, rival.coef_.T, rtol=0, atol=1e-9)
        np.testing.assert_allclose(b, rival.intercept_ - rival.intercept_.mean(), rtol=0, atol=1e-9)


@pytest.mark.parametrize(("l1", "l2"), [(0.003, 0.0), (0.03, 0.0), (0.1, 0.0), (0.02, 0.02), (0.001, 0.1)])
def test_l1_and_the_elastic_net_are_scikit_learns(l1: float, l2: float) -> None:
    X, y = drawn(0)
    fits = softmax_l1(X, y, l1, l2)
    C, ratio = 1 / (len(X) * (l1 + l2)), l1 / (l1 + l2)
    rival = LogisticRegression(C=C, l1_ratio=ratio, solver="saga", tol=1e-12, max_iter=100_000, random_state=0)
    rival.fit(X, y)
    np.testing.assert_allclose(fits.W[0], rival.coef_.T, rtol=0, atol=1e-8)
    np.testing.assert_allclose(fits.b[0], rival.intercept_ - rival.intercept_.mean(), rtol=0, atol=1e-8)
    assert ((fits.W[0] == 0) == (rival.coef_.T == 0)).all()


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.02), (0.03, 0.0), (0.02, 0.03)])
def test_logistic_regression_is_scikit_learns(l1: float, l2: float) -> None:
    X, y = drawn(1, n_classes=2)
    w, b = logistic_l1(X, y, l1, l2) if l1 else logistic_l2(X, y, l2)
    C, ratio = 1 / (len(X) * (l1 + l2)), l1 / (l1 + l2)
    rival = LogisticRegression(C=C, l1_ratio=ratio, solver="saga", tol=1e-12, max_iter=100_000, random_state=0)
    rival.fit(X, y)
    np.testing.assert_allclose(w[0], rival.coef_[0], rtol=0, atol=1e-8)
    np.testing.assert_allclose(b, rival.intercept_, rtol=0, atol=1e-8)
    assert ((w[0] == 0) == (rival.coef_[0] == 0)).all()
    assert l1 == 0 or 0 < np.count_nonzero(w) < w.size


def test_with_an_even_number_of_classes_l1_gives_scikit_learns_probabilities_and_norm() -> None:
    X, y = drawn(2, n_classes=4)
    fits = softmax_l1(X, y, 0.02)
    C = 1 / (len(X) * 0.02)
    rival = LogisticRegression(C=C, l1_ratio=1, solver="saga", tol=1e-12, max_iter=100_000, random_state=0).fit(X, y)
    np.testing.assert_allclose(probabilities(fits.logits(X)[0]), rival.predict_proba(X), rtol=0, atol=1e-8)
    assert np.abs(fits.W).sum() == pytest.approx(np.abs(rival.coef_).sum(), abs=1e-8)


def test_two_classes_of_a_softmax_are_penalised_half_by_l2() -> None:
    """What the docstring of ``softmax_regression`` says of C."""
    X, y = drawn(3, n_classes=2)
    W = softmax_l2(X, y, 0.1).W[0]
    rival = LogisticRegression(C=2 / (len(X) * 0.1), solver="newton-cholesky", tol=1e-13).fit(X, y)
    np.testing.assert_allclose(W[:, 1] - W[:, 0], rival.coef_[0], rtol=0, atol=1e-9)


# --- Known solutions ---


def test_a_table_of_two_by_two_gives_the_log_odds() -> None:
    X, y = np.repeat([[0.0], [0], [1], [1]], [3, 7, 8, 2], axis=0), np.repeat([0, 1, 0, 1], [3, 7, 8, 2])
    w, b = logistic_l2(X, y, 0)
    assert b[0] == pytest.approx(np.log(7 / 3), abs=1e-12)
    assert w[0, 0] == pytest.approx(np.log(2 / 8) - np.log(7 / 3), abs=1e-12)


def test_without_weights_the_intercepts_are_the_shares_of_the_classes() -> None:
    X, y = drawn(4)
    fits = softmax_l1(X, y, 2 * lambda_max(X, y))
    assert not fits.W.any()
    np.testing.assert_allclose(probabilities(fits.b[0]), np.bincount(y) / len(y), rtol=1e-13)
    at_the_edge = softmax_l1(X, y, lambda_max(X, y) * np.array([1, 0.999])).W
    assert np.count_nonzero(at_the_edge, axis=(1, 2)).tolist() == [0, 1]


def test_where_lambda_is_0_l1_is_l2_and_the_likelihood_has_its_maximum() -> None:
    X, y = drawn(5)
    X = np.column_stack([X, X[:, 0], X[:, 1] - X[:, 2]])
    fits = softmax_l1(X, y, [0.1, 0.0])
    assert kkt_violation(X, y, np.array([0.1, 0.0]), 0.0, fits) < 1e-12
    assert (fits.W[1] == softmax_l2(X, y, 0).W[0]).all()
    near = softmax_l2(X, y, 1e-9).W[0]  # the limit has the smallest norm
    np.testing.assert_allclose(fits.W[1], near, rtol=0, atol=1e-6)


# --- Separable classes ---


@pytest.mark.parametrize("fit", [softmax_l2, logistic_l2, softmax_l1, logistic_l1])
def test_separable_classes_have_no_solution_without_a_penalty(fit: Callable[..., object]) -> None:
    X, y, _ = separable(0, 40, 3)
    with pytest.raises(ArithmeticError, match="λ=0 では重みが際限なく大きくなり"):
        fit(X, y, [0.1, 0.0])
    touching, y = np.array([[0.0], [0], [1], [2], [-1], [-2]]), np.array([0, 1, 1, 1, 0, 0])
    with pytest.raises(ArithmeticError, match=r"6 行.*λを正の"):
        fit(touching, y, 0)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_separable_classes_have_a_solution_with_one(n_classes: int) -> None:
    X = np.random.default_rng(1).standard_normal((40, 3))
    y = np.digitize(X.sum(axis=1), [-1.0, 1.0][: n_classes - 1])
    lambdas = 10.0 ** -np.arange(1, 12, 2)
    l2, l1 = softmax_l2(X, y, lambdas), softmax_l1(X, y, lambdas)
    for k, lam in enumerate(lambdas):  # a share of λ: what is left of the loss is as small
        assert kkt_violation(X, y, np.array([0.0]), lam, SoftmaxFits(l2.W[[k]], l2.b[[k]])) < 1e-8 * lam
        assert kkt_violation(X, y, np.array([lam]), 0.0, SoftmaxFits(l1.W[[k]], l1.b[[k]])) < 1e-8 * lam
    np.testing.assert_allclose(softmax_l2(X, y, lambdas[-1]).W[0], l2.W[-1], rtol=1e-8)  # without warm starts
    for fits in (l1, l2):
        norms = np.linalg.norm(fits.W, axis=(1, 2))
        assert (norms[1:] > norms[:-1] * 1.1).all()
        assert (fits.predict(X)[-1] == y).all()


# --- Optimality on awkward data ---


@st.composite
def problems(draw: st.DrawFn) -> tuple[Floats, Ints]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_classes = draw(st.integers(2, 5))
    n, p = draw(st.integers(n_classes, 30)), draw(st.integers(1, 20))
    X = rng.standard_normal((n, p))
    for kind in draw(st.lists(st.sampled_from(["whole", "mixed", "twins", "constant", "zero", "far"]), max_size=2)):
        match kind:
            case "whole":
                X = np.round(X)
            case "mixed":
                X = X @ rng.standard_normal((X.shape[1], X.shape[1])) * 10.0 ** rng.uniform(-3, 3, X.shape[1])
            case "twins":
                X = np.column_stack([X, X[:, :1], -X[:, -1:], X[:, :1] + X[:, -1:]])
            case "constant":
                X[:, 0] = 0.1
            case "zero":
                X[:, -1] = 0
            case "far":
                X = X + 1e3 * np.abs(X).max()
    X = X * draw(st.sampled_from([1.0, 1e-140, 1e140, 3e-7, 1e5]))
    y = rng.integers(0, n_classes, n)
    if draw(st.booleans()):
        y = np.argsort(np.argsort(X[:, 0])) * n_classes // n  # separable, if column 0 is not constant
    y[rng.permutation(n)[:n_classes]] = np.arange(n_classes)
    return X, y


@awkward
@given(problems(), st.sampled_from([0.0, 1e-9, 1e-3, 1.0]))
def test_l1_is_optimal_on_awkward_data(problem: tuple[Floats, Ints], share: float) -> None:
    X, y = problem
    largest, spread = lambda_max(X, y), np.abs(X - X.mean(axis=0)).max()
    lambdas = SHARES * (largest if largest > 1e-10 * spread else spread or 1)
    l2 = share * spread * spread
    fits = softmax_l1(X, y, lambdas, l2)
    assert kkt_violation(X, y, lambdas, l2, fits) < 1e-10
    assert not fits.W[0].any()
    constant = np.ptp(X, axis=0) <= 1e-13 * np.abs(X).max(axis=0)
    assert not fits.W[:, constant].any()


def test_l1_is_optimal_where_a_weight_leaves_in_what_looked_like_the_last_step() -> None:
    """Found by search: columns that add up, and so weights that may wander without any change of p."""
    rng = np.random.default_rng(71796691495)
    n, p, n_classes = (int(rng.integers(*ends)) for ends in ((4, 40), (1, 30), (2, 6)))
    X = rng.standard_normal((n, p))
    rng.integers(0, 7)
    X = np.column_stack([X, X[:, :1], -X[:, -1:], X[:, :1] + X[:, -1:]])
    y = rng.integers(0, n_classes, n)
    y[:n_classes] = np.arange(n_classes)
    if rng.random() < 0.3:
        y = np.argsort(np.argsort(X[:, 0])) * n_classes // n
    lambdas = lambda_max(X, y) * np.array([1.1, 1, 0.9, 0.5, 0.1, 0.01, 1e-4])
    assert kkt_violation(X, y, lambdas, 0.0, softmax_l1(X, y, lambdas)) < 1e-10


@awkward
@given(problems())
def test_l2_is_optimal_on_awkward_data(problem: tuple[Floats, Ints]) -> None:
    X, y = problem
    spread = np.abs(X - X.mean(axis=0)).max() or 1.0
    lambdas = spread * spread * 10.0 ** np.array([3.0, 0, -2, -5, -8])
    fits = softmax_l2(X, y, lambdas)
    assert kkt_violation(X, y, np.zeros(5), lambdas, fits) < 1e-10
    np.testing.assert_allclose(fits.W.sum(axis=2), 0, rtol=0, atol=1e-12 * np.abs(fits.W).max())


def test_l1_and_l2_are_optimal_on_the_authors_with_ten_times_more_features_than_rows() -> None:
    passages = load_authors()
    train = group_folds(passages.work, 5) != 0
    X, y = fit_standardization(passages.X[train]).apply(passages.X[train]), passages.y[train]
    lambdas = np.array([0.2, 0.05, 0.01])
    l1 = softmax_l1(X, y, lambdas)
    assert kkt_violation(X, y, lambdas, 0.0, l1) < 1e-12
    used = l1.W.any(axis=2).sum(axis=1)
    assert 0 < used[0] < used[1] < used[2] < len(y)
    lambdas = np.array([1.0, 1e-3, 1e-6])
    assert kkt_violation(X, y, np.zeros(3), lambdas, softmax_l2(X, y, lambdas)) < 1e-12


# --- Derivatives ---


def test_gradient_and_hessian_are_finite_differences() -> None:
    X, y = drawn(6, n=20, p=3)
    A = np.column_stack([np.ones(20), X])
    rng = np.random.default_rng(0)
    theta = rng.standard_normal((4, 3))
    able = rng.random((4, 3)) < 0.7
    step = 1e-5

    def gradient(of: Floats) -> Floats:
        return np.asarray(A.T @ residuals(probabilities(A @ of), y) / 20)

    slopes, curvatures = np.zeros((4, 3)), np.zeros((4, 3, 4, 3))
    for place in np.ndindex(4, 3):
        unit = np.zeros((4, 3))
        unit[place] = step
        slopes[place] = (cross_entropy(A @ (theta + unit), y) - cross_entropy(A @ (theta - unit), y)) / 2 / step
        curvatures[place] = (gradient(theta + unit) - gradient(theta - unit)) / 2 / step
    np.testing.assert_allclose(gradient(theta), slopes, rtol=0, atol=1e-9)
    c, j = np.nonzero(able.T)
    expected = curvatures[j, c][:, j, c]
    np.testing.assert_allclose(hessian(A, probabilities(A @ theta), able), expected, rtol=0, atol=1e-9)


def test_loss_and_residuals_keep_their_digits_next_to_certainty() -> None:
    o, y = np.array([[50.0, 0, 0], [0, -2, 60]]), np.array([0, 2])
    assert cross_entropy(o, y) == pytest.approx((2 * np.exp(-50) + np.exp(-60) + np.exp(-62)) / 2, rel=1e-12, abs=0)
    assert residuals(probabilities(o), y)[0, 0] == pytest.approx(-2 * np.exp(-50), rel=1e-12, abs=0)
    assert cross_entropy(np.array([[1000.0, -1000.0]]), np.array([1])) == 2000


# --- Symmetries ---


@settings(awkward, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.sampled_from([0.0, 0.02]), st.integers(-40, 40))
def test_names_signs_order_and_units_change_nothing_else(seed: int, n_classes: int, l2: float, power: int) -> None:
    X, y = drawn(seed, n_classes=n_classes)
    rng = np.random.default_rng(seed)
    names, order, signs = rng.permutation(n_classes), rng.permutation(6), rng.choice([-1.0, 1.0], 6)
    unit, lambdas = 2.0**power, np.array([0.05, 0.005])
    turned, renamed = (X * signs)[:, order] * unit, np.argsort(names)[y]
    pairs = [
        (softmax_l1(X, y, lambdas, l2), softmax_l1(turned, renamed, lambdas * unit, l2 * unit * unit)),
        (softmax_l2(X, y, lambdas), softmax_l2(turned, renamed, lambdas * unit * unit)),
    ]
    for fits, others in pairs:
        expected = (fits.W * signs[:, None])[:, order][:, :, names]
        np.testing.assert_allclose(others.W * unit, expected, rtol=0, atol=1e-9)
        np.testing.assert_allclose(others.b, fits.b[:, names], rtol=0, atol=1e-9)
        assert ((others.W == 0) == (expected == 0)).all()


def test_each_lambda_alone_and_in_any_company_gives_the_same() -> None:
    X, y = drawn(7, n=40, p=80)
    lambdas = np.array([0.02, 0.2, 0.005, 0.1])
    for fit in (softmax_l1, softmax_l2):
        together = fit(X, y, lambdas)
        for k, lam in enumerate(lambdas):
            alone = fit(X, y, lam)
            np.testing.assert_allclose(together.W[k], alone.W[0], rtol=0, atol=1e-9)
            np.testing.assert_allclose(together.b[k], alone.b[0], rtol=0, atol=1e-9)
            assert ((together.W[k] == 0) == (alone.W[0] == 0)).all()


def test_a_shift_of_the_columns_moves_only_the_intercepts_and_a_turn_only_l1() -> None:
    X, y = drawn(8)
    Q = np.linalg.qr(np.random.default_rng(0).standard_normal((6, 6)))[0]
    for fit in (softmax_l1, softmax_l2):
        here, there = fit(X, y, 0.02), fit(X + 100, y, 0.02)
        np.testing.assert_allclose(here.W, there.W, rtol=0, atol=1e-10)
        P = [probabilities(fits.logits(rows)) for fits, rows in ((here, X), (there, X + 100))]
        np.testing.assert_allclose(*P, rtol=0, atol=1e-10)
    np.testing.assert_allclose(softmax_l2(X @ Q, y, 0.02).W[0], Q.T @ softmax_l2(X, y, 0.02).W[0], rtol=0, atol=1e-10)
    assert np.abs(softmax_l1(X @ Q, y, 0.02).W[0] - Q.T @ softmax_l1(X, y, 0.02).W[0]).max() > 0.1


# --- What L1 leaves open ---


@pytest.mark.parametrize("n_classes", [2, 3, 4, 5])
def test_of_all_solutions_that_of_smallest_norm_is_the_limit_of_the_elastic_net(n_classes: int) -> None:
    X, y = drawn(9, n_classes=n_classes)
    W = softmax_l1(X, y, 0.01).W[0]
    np.testing.assert_allclose(softmax_l1(X, y, 0.01, 1e-10).W[0], W, rtol=0, atol=1e-6)
    if n_classes == 2:
        np.testing.assert_allclose(W[:, 0], -W[:, 1], rtol=0, atol=1e-15)


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=7))
def test_a_row_is_moved_to_its_smallest_sum_and_norm(row: list[int]) -> None:
    W = np.array([row], dtype=np.float64)
    shifts = np.arange(-8, 8.001, 1 / 420)  # holds every mean of up to seven whole numbers
    sums = np.abs(W + shifts[:, None]).sum(axis=1)
    moved, sparse = smallest_norm(W), smallest_sum(W)
    for of in (moved, sparse):
        assert np.ptp(of - W) == pytest.approx(0, abs=1e-12)
        assert np.abs(of).sum() == pytest.approx(sums.min(), abs=1e-9)
    assert (sparse == 0).any()
    best = shifts[sums <= sums.min() + 1e-9]
    assert (moved**2).sum() == pytest.approx(((W + best[:, None]) ** 2).sum(axis=1).min(), abs=1e-9)


def test_of_identical_columns_l1_uses_the_first_and_the_elastic_net_all() -> None:
    X, y = drawn(10)
    doubled = np.column_stack([X, X])
    one, two = softmax_l1(X, y, 0.02).W[0], softmax_l1(doubled, y, 0.02).W[0]
    np.testing.assert_allclose(two[:6], one, rtol=0, atol=1e-12)
    assert not two[6:].any()
    both = softmax_l1(doubled, y, 0.02, 0.1).W[0]
    np.testing.assert_allclose(both[:6], both[6:], rtol=0, atol=1e-12)
    assert both[6:].any()


# --- What a fit can do ---


def test_predictions_losses_and_ties() -> None:
    fits = SoftmaxFits(np.array([[[1.0, 0, -1]]]), np.array([[0.0, 0, 0]]))
    assert fits.predict([[2.0], [-2.0], [0.0], [1e-11]]).tolist() == [[0, 2, 0, 0]]
    nearly = SoftmaxFits(np.zeros((1, 1, 3)), np.array([[-1.0, 1 - 1e-12, 1]]))
    assert nearly.predict([[0.0]]).tolist() == [[1]]
    assert fits.log_loss([[1.0], [0.0]], [0, 2])[0] == pytest.approx(
        (np.log(np.e + 1 + 1 / np.e) - 1 + np.log(3)) / 2, rel=1e-14
    )


# --- Bad input ---

FITS: dict[str, Callable[..., object]] = {
    "softmax_l1": softmax_l1,
    "softmax_l2": softmax_l2,
    "logistic_l1": logistic_l1,
    "logistic_l2": logistic_l2,
}


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("X", "y", "lambdas", "message"),
    [
        ([[1.0], [np.nan]], [0, 1], 1, r"X（形は \(2, 1\)）に NaN か無限大が 1 個"),
        ([[1.0, 2.0]], [0, 1], 1, r"y の形は \(2,\) です。0以上の整数の、形が \(1,\)"),
        ([1.0, 2.0], [0, 1], 1, r"X の形は \(2,\)"),
        ([["a"], ["b"]], [0, 1], 1, "X は数値ではありません"),
        ([[1.0], [2.0]], ["a", "b"], 1, "y は数値ではありません"),
        ([[1.0], [2.0]], [0.5, 1], 1, r"y（形は \(2,\)）に、0以上の整数でない値"),
        ([[1.0], [2.0]], [-1, 1], 1, r"y（形は \(2,\)）に、0以上の整数でない値"),
        ([[1.0], [2.0]], [0, np.inf], 1, r"y（形は \(2,\)）に NaN か無限大"),
        ([[1.0], [2.0]], [0, 2], 1, r"y（形は \(2,\)）にクラス 1 の行がありません"),
        ([[1.0], [2.0]], [0, 0], 1, r"y（形は \(2,\)）にクラス 1 の行がありません"),
        ([[1.0], [2.0]], [1, 1], 1, r"y（形は \(2,\)）にクラス 0 の行がありません"),
        ([[1.0], [2.0]], [0, 1], -1, r"lambdas の形は \(1,\)、最小値は -1"),
        ([[1.0], [2.0]], [0, 1], [1, np.nan], r"lambdas（形は \(2,\)）に NaN"),
        ([[1.0], [2.0]], [0, 1], "1", "lambdas は数値ではありません"),
        ([[1.0], [2.0]], [0, 1], [], r"lambdas の形は \(0,\)"),
    ],
)
def test_bad_input_gives_one_clear_error(fit: str, X: object, y: object, lambdas: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FITS[fit](X, y, lambdas)


def test_what_fits_only_in_part_gives_one_clear_error() -> None:
    X, y = drawn(11)
    for fit in (softmax_l1, logistic_l1):
        with pytest.raises(ValueError, match="l2"):
            fit(X, y % 2, 0.1, -1)
    for fit in (logistic_l1, logistic_l2):
        with pytest.raises(ValueError, match=r"y（形は \(90,\)）の最大値は 2 です。0か1"):
            fit(X, y, 0.1)
    fits = softmax_l2(X, y, 0.1)
    with pytest.raises(ValueError, match=r"X の形は \(90, 5\) です。.*6 列"):
        fits.logits(X[:, :5])
    with pytest.raises(ValueError, match=r"y（形は \(90,\)）の最大値は 3"):
        fits.log_loss(X, y + 1)
