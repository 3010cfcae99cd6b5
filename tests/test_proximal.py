"""L1 in training: zeros with a proximal step, none with a subgradient, and both on the way to the exact solution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.models import schedules
from figures.models.folds import Ints
from figures.models.initialize import Parameters, initialize, stack
from figures.models.proximal import Step, proximal_step, share_of_zeros, subgradient_step, train_l1
from figures.models.regression_data import Floats
from figures.models.softmax_l1 import softmax_l1
from figures.models.train import mini_batches

GRID = 2e-6  # operands have 23 binary digits of a matrix's largest value
STEPS = {"proximal": proximal_step, "subgradient": subgradient_step}


def drawn() -> tuple[Floats, Ints]:
    """Three classes that overlap, six features of which three matter."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((64, 6))
    W = rng.standard_normal((6, 3)) * (np.arange(6) < 3)[:, None]
    return X, (X @ W + rng.gumbel(size=(64, 3))).argmax(axis=1)


def trained(
    step: Step, l1: float, rates: Floats, size: int = 64, sizes: tuple[int, ...] = (6, 3)
) -> tuple[Parameters, Floats, Ints]:
    X, y = drawn()
    parameters = initialize(sizes, "xavier", 0)
    train_l1(parameters, X, y, mini_batches(64, size, len(rates), 0), rates, l1, step)
    return parameters, X, y


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.floats(-3, 3), min_size=1, max_size=5),
    st.floats(-3, 3),
    st.sampled_from([0.01, 0.5, 2.0]),
    st.sampled_from([0.0, 0.1, 1.0]),
)
def test_a_proximal_step_minimises_the_penalty_near_the_gradient_step(
    w: list[float], slope: float, rate: float, l1: float
) -> None:
    W = np.array([w])
    new = proximal_step(W, np.full_like(W, slope), rate, np.array(l1))
    # The subgradient of 1/2 (v - (w - η g))² + η λ |v| holds 0: this is what defines the step.
    pull = (W - rate * slope - new) / rate
    assert (np.abs(pull) <= l1 + 1e-12).all()
    np.testing.assert_allclose(pull[new != 0], l1 * np.sign(new[new != 0]), rtol=0, atol=1e-12)


def test_a_subgradient_step_is_that_of_the_penalised_loss() -> None:
    W, g = np.array([[2.0, -1.0, 0.0, 0.01]]), np.array([[1.0, 1.0, 1.0, 0.0]])
    np.testing.assert_allclose(subgradient_step(W, g, 0.1, np.array(0.5)), [[1.85, -1.05, -0.1, -0.04]], atol=1e-15)


@pytest.mark.parametrize("l1", [0.01, 0.05, 0.1])
def test_on_all_rows_proximal_steps_reach_the_exact_solution_and_its_zeros(l1: float) -> None:
    parameters, X, y = trained(proximal_step, l1, schedules.constant(0.5, 1200))
    W, b = softmax_l1(X, y, l1)
    np.testing.assert_allclose(parameters["W1"], W[0], rtol=0, atol=20 * GRID)
    np.testing.assert_allclose(parameters["b1"][0], b[0], rtol=0, atol=20 * GRID)
    assert ((parameters["W1"] == 0) == (W[0] == 0)).all()
    assert 0 < np.count_nonzero(W) < W.size


@pytest.mark.parametrize("name", STEPS)
def test_in_mini_batches_both_approach_it_as_the_rate_falls(name: str) -> None:
    def distance(n_steps: int) -> float:
        parameters, X, y = trained(STEPS[name], 0.05, schedules.inverse(0.5, n_steps, 0.05), 16)
        return float(np.abs(parameters["W1"] - softmax_l1(X, y, 0.05).W[0]).max())

    far, nearer, near = distance(50), distance(400), distance(3200)
    assert far > 2 * nearer > 4 * near
    assert near < 0.05


@pytest.mark.parametrize("sizes", [(6, 3), (6, 16, 3)])
@pytest.mark.parametrize("size", [16, 64])
def test_only_proximal_steps_make_exact_zeros(sizes: tuple[int, ...], size: int) -> None:
    rates = schedules.constant(0.2, 200)
    assert share_of_zeros(trained(subgradient_step, 0.05, rates, size, sizes)[0]) == 0
    assert 0.1 < share_of_zeros(trained(proximal_step, 0.05, rates, size, sizes)[0]) < 1
    assert share_of_zeros(trained(proximal_step, 0.0, rates, size, sizes)[0]) == 0
    assert share_of_zeros(trained(proximal_step, 2.0, rates, size, sizes)[0]) == 1


def test_biases_are_not_penalised() -> None:
    parameters, _, y = trained(proximal_step, 2.0, schedules.constant(0.5, 1200))
    shares = np.exp(parameters["b1"][0])
    np.testing.assert_allclose(shares / shares.sum(), np.bincount(y) / 64, rtol=0, atol=10 * GRID)


@pytest.mark.parametrize("name", STEPS)
def test_a_network_is_the_same_to_the_bit_alone_and_beside_others(name: str) -> None:
    X, y = drawn()
    lambdas = np.array([0.0, 0.01, 0.05, 1.0])
    ends = []
    for chosen in (slice(None), slice(2, 3)):
        parameters = stack([initialize([6, 8, 3], "he", 1) for _ in lambdas[chosen]])
        batches, rates = mini_batches(64, 16, 100, 0), schedules.inverse(0.3, 100, 0.01)
        train_l1(parameters, X, y, batches, rates, lambdas[chosen, None, None], STEPS[name])
        ends.append({key: array[2 if chosen == slice(None) else 0] for key, array in parameters.items()})
    assert all((ends[0][key] == ends[1][key]).all() for key in ends[0])
    alone = initialize([6, 8, 3], "he", 1)
    train_l1(alone, X, y, mini_batches(64, 16, 100, 0), rates, 0.05, STEPS[name])
    assert all((ends[0][key] == alone[key]).all() for key in alone)


def test_the_share_of_zeros_is_that_of_each_network_and_of_weights_only() -> None:
    one = {
        "W1": np.array([[0.0, 1], [0, 0]]),
        "b1": np.zeros((1, 2)),
        "W2": np.array([[1.0], [1]]),
        "b2": np.zeros((1, 1)),
    }
    other = {name: array + 1 for name, array in one.items()}
    assert share_of_zeros(one) == 0.5
    assert share_of_zeros(stack([one, other])).tolist() == [0.5, 0.0]


@pytest.mark.parametrize("l1", [-1.0, np.nan, "1", [0.1], [[[0.1]], [[-0.1]]]])
@pytest.mark.parametrize("name", STEPS)
def test_a_bad_penalty_gives_one_clear_error(name: str, l1: object) -> None:
    X, y = drawn()
    with pytest.raises(ValueError, match=r"l1.*0以上の有限な数か、形が \(n_networks, 1, 1\) の配列を渡してください。$"):
        train_l1(initialize([6, 3], "xavier", 0), X, y, mini_batches(64, 16, 3, 0), np.ones(3), l1, STEPS[name])


@pytest.mark.parametrize("name", STEPS)
def test_what_diverges_says_so(name: str) -> None:
    X, y = drawn()
    with pytest.raises(ArithmeticError, match="学習率かλを小さく"):
        rates = np.geomspace(1, 1e290, 60)
        train_l1(initialize([6, 3], "xavier", 0), X, y, mini_batches(64, 16, 60, 0), rates, 0.01, STEPS[name])
