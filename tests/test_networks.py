"""Networks against PyTorch step for step, against finite differences, and against themselves alone."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch_reference as reference

from figures.models import losses, multilayer_perceptron, optimizers, schedules
from figures.models.initialize import Parameters, initialize, stack, with_batch_norm
from figures.models.train import EarlyStopping, mini_batches, train

TORCH = json.loads(reference.FILE.read_text())
GRID = 2e-6  # operands have 23 binary digits of a matrix's largest value


def made(name: str, arguments: dict[str, Any]) -> tuple[optimizers.Optimizer, dict[str, float]]:
    """Our optimiser for PyTorch's arguments, and where the weight decay goes."""
    decay = arguments.get("weight_decay", 0.0)
    if name == "SGD":
        momentum, nesterov = arguments.get("momentum", 0.0), arguments.get("nesterov", False)
        return optimizers.SGD(momentum, nesterov), {"l2": decay}
    if name == "AdamW":
        return optimizers.Adam(), {"decay": decay}
    return {"Adagrad": optimizers.AdaGrad, "RMSprop": optimizers.RMSprop, "Adam": optimizers.Adam}[name](), {
        "l2": decay
    }


@pytest.mark.parametrize("name", reference.OPTIMIZERS)
def test_every_step_of_every_optimizer_is_pytorchs(name: str) -> None:
    optimizer, penalty = made(*reference.OPTIMIZERS[name])
    w, target, curvature = reference.quadratic()
    parameters = {"W1": w.copy()}
    for expected in TORCH["optimizers"][name]:
        gradient = curvature * (parameters["W1"] - target)
        optimizers.step(optimizer, parameters, {"W1": gradient}, reference.RATE, **penalty)
        np.testing.assert_allclose(parameters["W1"], expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("where", ["l2", "decay"])
def test_biases_are_never_penalised(where: str) -> None:
    parameters = {"W1": np.ones((2, 2)), "b1": np.ones((1, 2)), "gamma1": np.ones((1, 2)), "beta1": np.ones((1, 2))}
    zero = {name: np.zeros_like(array) for name, array in parameters.items()}
    optimizers.step(optimizers.SGD(), parameters, zero, 0.5, **{where: 0.2})
    assert (parameters["W1"] == 0.9).all()
    assert all((parameters[name] == 1).all() for name in ("b1", "gamma1", "beta1"))


@pytest.mark.parametrize("name", reference.SCHEDULES)
def test_schedules_are_pytorchs(name: str) -> None:
    n = reference.STEPS
    ours = {
        "stepwise": schedules.stepwise(reference.RATE, n, 4, 0.3),
        "exponential": schedules.exponential(reference.RATE, n, 0.9),
        "cosine": schedules.cosine(reference.RATE, n),
        "warm-up": schedules.warmed_up(schedules.constant(reference.RATE, n), 5),
    }[name]
    np.testing.assert_allclose(ours, TORCH["schedules"][name], rtol=1e-14, atol=1e-17)


def test_the_cosine_is_right_for_every_length_and_the_inverse_falls_as_one_over_t() -> None:
    for n in (1, 2, 7, 1000):
        expected = (1 + np.cos(np.pi * np.arange(n) / n)) / 2
        np.testing.assert_allclose(schedules.cosine(1.0, n), expected, rtol=0, atol=3e-16)
    assert schedules.inverse(3.0, 4, 0.5).tolist() == [3.0, 2.0, 1.5, 1.2]
    assert schedules.exponential(2.0, 1, 0.5).tolist() == [2.0]


@pytest.mark.parametrize(("activation", "loss", "normalized"), reference.NETWORKS)
def test_gradients_and_training_are_pytorchs(activation: str, loss: str, normalized: bool) -> None:
    expected = TORCH["networks"][f"{activation}, {loss}, {normalized}"]
    x, classes, targets = reference.rows()
    y = targets if loss == "squared" else classes
    parameters = initialize(reference.SIZES, "xavier", 2)
    if normalized:
        parameters = with_batch_norm(parameters)
    optimizer = optimizers.SGD(momentum=0.9)
    for t in range(reference.STEPS):
        seen = multilayer_perceptron.forward(parameters, x, activation)
        assert losses.loss(loss, seen.output, y) == pytest.approx(expected["losses"][t], rel=50 * GRID)
        gradients, _ = multilayer_perceptron.backward(parameters, seen, y, loss, activation)
        if t == 0:
            assert set(gradients) == set(parameters) == set(expected["gradients"])
            scale = max(np.abs(gradient).max() for gradient in gradients.values())
            for name, gradient in gradients.items():
                np.testing.assert_allclose(gradient, expected["gradients"][name], rtol=0, atol=GRID * scale)
        optimizers.step(optimizer, parameters, gradients, reference.RATE)
    for name, array in parameters.items():
        np.testing.assert_allclose(array, expected["end"][name], rtol=0, atol=100 * GRID)


@pytest.mark.parametrize("method", ["xavier", "he"])
def test_first_weights_are_spread_as_pytorchs(method: str) -> None:
    spread, largest = TORCH["initial"][method]
    weights = initialize([300, 200], method, 0)["W1"]
    assert weights.std() == pytest.approx(spread, rel=0.01)
    assert np.abs(weights).max() == pytest.approx(largest, rel=0.001)
    assert weights.mean() == pytest.approx(0, abs=0.001)
    assert (initialize([300, 200], method, 0, gain=2.0)["W1"] == 2 * weights).all()


@pytest.mark.parametrize(("activation", "loss", "normalized"), reference.NETWORKS)
def test_gradients_are_finite_differences(activation: str, loss: str, normalized: bool) -> None:
    x, classes, targets = reference.rows()
    y = targets if loss == "squared" else classes
    parameters = initialize(reference.SIZES, "he", 3)
    if normalized:
        parameters = with_batch_norm(parameters)

    def value(of: Parameters) -> float:
        """The loss by other arithmetic: no grid, NumPy's own functions."""
        a = x
        for k in range(1, 4):
            a = a @ of[f"W{k}"] + of[f"b{k}"]
            if k == 3:
                break
            if normalized:
                a = (a - a.mean(axis=0)) / np.sqrt(a.var(axis=0) + 1e-5) * of[f"gamma{k}"] + of[f"beta{k}"]
            a = {"relu": lambda z: z * (z > 0), "tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[activation](
                a
            )
        if loss == "squared":
            return float(((a - y) ** 2).sum(axis=1).mean() / 2)
        return float((np.log(np.exp(a).sum(axis=1)) - a[range(8), y]).mean())

    seen = multilayer_perceptron.forward(parameters, x, activation)
    gradients, _ = multilayer_perceptron.backward(parameters, seen, y, loss, activation)
    assert losses.loss(loss, seen.output, y) == pytest.approx(value(parameters), rel=10 * GRID)
    for name, array in parameters.items():
        for place in np.ndindex(array.shape):
            beside = [{**parameters, name: array.copy()} for _ in range(2)]
            beside[0][name][place] += 1e-6
            beside[1][name][place] -= 1e-6
            slope = (value(beside[0]) - value(beside[1])) / 2e-6
            assert gradients[name][place] == pytest.approx(slope, abs=2e-5), (name, place)


def toy() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.random((60, 6)), rng.integers(0, 3, 60)


@pytest.mark.parametrize("normalized", [False, True])
def test_a_network_is_the_same_to_the_bit_alone_and_beside_others(normalized: bool) -> None:
    x, y = toy()
    lambdas = np.array([0.0, 1e-3, 1e-1, 1.0])
    ends = []
    for chosen in (slice(None), slice(2, 3)):
        networks = [initialize([6, 8, 3], "he", 1) for _ in lambdas[chosen]]
        parameters = stack([with_batch_norm(n) if normalized else n for n in networks])
        l2 = lambdas[chosen, None, None]
        train(parameters, x, y, mini_batches(60, 16, 40, 0), optimizers.Adam(), schedules.cosine(0.01, 40), l2=l2)
        ends.append({name: array[2 if chosen == slice(None) else 0] for name, array in parameters.items()})
    assert all((ends[0][name] == ends[1][name]).all() for name in ends[0])


def test_a_batch_is_a_part_of_a_shuffle_and_an_epoch_uses_no_row_twice() -> None:
    batches = list(mini_batches(10, 3, 7, 0))
    assert [len(rows) for rows in batches] == [3] * 7
    for epoch in (batches[:3], batches[3:6]):
        rows = np.concatenate(epoch)
        assert len(set(rows.tolist())) == 9
        assert rows.max() < 10
    assert not np.array_equal(batches[0], batches[3])


def test_early_stopping_restores_the_best_weights_of_each_network() -> None:
    parameters = {"W1": np.zeros((2, 1, 1))}
    stopping = EarlyStopping(parameters, patience=2)
    curves = [[3.0, 9.0], [2.0, 8.0], [4.0, 7.0], [4.0, 6.0], [0.0, 7.0], [0.0, 7.0]]
    for turn, losses_ in enumerate(curves, 1):
        parameters["W1"][:] = turn
        done = stopping.measure(np.array(losses_))
        assert done == (turn == 6)
    assert stopping.best["W1"].ravel().tolist() == [2, 4]  # the first had stopped before it fell again
    assert stopping.lowest.tolist() == [2.0, 6.0]
    assert stopping.when.tolist() == [2, 4]


def test_a_watcher_ends_the_training() -> None:
    x, y = toy()
    parameters = initialize([6, 3], "xavier", 0)
    seen: list[int] = []

    def watch(t: int) -> bool:
        seen.append(t)
        return t == 4

    train(parameters, x, y, mini_batches(60, 20, 100, 0), optimizers.SGD(), schedules.constant(0.1, 100), watch=watch)
    assert seen == [0, 1, 2, 3, 4]


def test_known_moments_make_rows_independent_of_each_other() -> None:
    x, _ = toy()
    parameters = with_batch_norm(initialize([6, 8, 3], "he", 1))
    whole = multilayer_perceptron.forward(parameters, x)
    known = whole.moments
    np.testing.assert_allclose(
        multilayer_perceptron.forward(parameters, x[:5], known=known).output, whole.output[:5], rtol=0, atol=20 * GRID
    )


def test_what_diverges_says_so() -> None:
    x, y = toy()
    parameters = initialize([6, 3], "xavier", 0)
    rates = schedules.constant(1.0, 2000)
    with pytest.raises(ArithmeticError, match="学習率かλを小さく"):
        train(parameters, x, y, mini_batches(60, 20, 2000, 0), optimizers.SGD(), rates, l2=5.0)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="activation 'gelu'"):
        multilayer_perceptron.forward(initialize([2, 2, 2], "he", 0), np.ones((3, 2)), "gelu")
    with pytest.raises(ValueError, match="method 'lecun'"):
        initialize([2, 2], "lecun", 0)
