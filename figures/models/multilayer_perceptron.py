"""A multilayer perceptron, and many of them at once: every array may have leading axes, one place a network.

    a_0 = x,    z_k = a_{k-1} W_k + b_k,    a_k = φ(z_k)  (the last: a_K = z_K),    loss l(a_K, y)

    δ_K = ∂l/∂z_K,    δ_{k-1} = (δ_k W_k') φ'(z_{k-1}),    ∂l/∂W_k = a_{k-1}' δ_k,    ∂l/∂b_k = Σ_rows δ_k

With batch normalisation γ_k ẑ_k + β_k stands in the place of the hidden z_k (see ``batch_norm``).

The operands of every product lie on a grid (see ``exact``), with 23 binary digits for up to 128 units and rows: what is
computed is the same on every machine, and a network comes out the same alone or beside others.

    x: (n_rows, n_inputs), shared by all networks, or (n_networks, n_rows, n_inputs)
    parameters: W1: (…, n_inputs, n_hidden), b1: (…, 1, n_hidden), gamma1, beta1 like b1, W2, b2, …

Source: Rumelhart, Hinton & Williams (1986), Nature 323; Bishop (2006), Pattern Recognition and Machine Learning, 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from numpy.typing import NDArray

from figures.models import batch_norm, losses
from figures.models.activations import activate, multiply_by_derivative
from figures.models.exact import bits_for, on_grid, product
from figures.models.initialize import Parameters
from figures.models.regression_data import Floats

Moments: TypeAlias = list[tuple[Floats, Floats]]  # mean and variance of each hidden layer, (…, 1, n_units)
EACH = (-2, -1)  # the grid is one for all rows and columns of a network's matrix


@dataclass(frozen=True)
class Pass:
    """What the backward pass needs of the forward one."""

    output: Floats
    inputs: list[Floats]  # a_0, a_1, … on their grids
    activations: list[Floats]  # a_1, a_2, … as they were
    normalized: list[Floats]  # ẑ_1, ẑ_2, …, with batch normalisation
    moments: Moments  # and the means and variances of z_1, z_2, …
    weights: list[Floats]  # W_k on their grids


def depth(parameters: Parameters) -> int:
    """Return the number of layers with weights."""
    return sum(name.startswith("W") for name in parameters)


def grid_bits(parameters: Parameters, n_rows: int) -> int:
    """Return the bits of every operand of a pass over so many rows."""
    return bits_for(max(n_rows, *(max(w.shape[-2:]) for name, w in parameters.items() if name.startswith("W"))))


def forward(
    parameters: Parameters,
    x: Floats,
    activation: str = "relu",
    known: Moments | None = None,
    gridded: bool = False,
) -> Pass:
    """Run the networks on rows x.

    Args:
        parameters: by name, one network or a stack of them.
        x: (n_rows, n_inputs).
        activation: of the hidden layers.
        known: with batch normalisation, the moments of an earlier pass; without them, those of these rows.
        gridded: x lies on a grid of ``grid_bits`` already.
    """
    layers, bits = depth(parameters), grid_bits(parameters, x.shape[-2])
    a = x
    seen = Pass(x, [], [], [], [], [on_grid(parameters[f"W{k}"], bits, EACH) for k in range(1, layers + 1)])
    for k in range(1, layers + 1):
        seen.inputs.append(a if k == 1 and gridded else on_grid(a, bits, EACH))
        z = product(seen.inputs[-1], seen.weights[k - 1])
        z += parameters[f"b{k}"]
        if k == layers:
            break
        if f"gamma{k}" in parameters:
            mean, variance = batch_norm.moments(z) if known is None else known[k - 1]
            z_hat = batch_norm.normalize(z, mean, variance)
            seen.moments.append((mean, variance))
            seen.normalized.append(z_hat)
            z = parameters[f"gamma{k}"] * z_hat + parameters[f"beta{k}"]
        a = activate(activation, z)
        seen.activations.append(a)
    return replace(seen, output=z)


def backward(
    parameters: Parameters, seen: Pass, y: NDArray[Any], loss: str = "cross-entropy", activation: str = "relu"
) -> tuple[Parameters, list[Floats]]:
    """Return the gradients by name, and the signals δ_1 … δ_K: (…, n_rows, n_units) of the layers."""
    bits = bits_for(max(seen.output.shape[-2], *(max(W.shape[-2:]) for W in seen.weights)))
    gradients: Parameters = {}
    signals: list[Floats] = []
    delta = losses.derivative(loss, seen.output, y)
    for k in range(len(seen.weights), 0, -1):
        if k <= len(seen.normalized):
            gamma, (_, variance) = parameters[f"gamma{k}"], seen.moments[k - 1]
            back = batch_norm.backward(delta, seen.normalized[k - 1], variance, gamma)
            delta, gradients[f"gamma{k}"], gradients[f"beta{k}"] = back
        delta = on_grid(delta, bits, EACH)
        signals.insert(0, delta)
        gradients[f"W{k}"] = product(seen.inputs[k - 1].swapaxes(-1, -2), delta)
        gradients[f"b{k}"] = delta.sum(axis=-2, keepdims=True)  # exact in any order: delta lies on a grid
        if k > 1:
            delta = product(delta, seen.weights[k - 1].swapaxes(-1, -2))
            delta = multiply_by_derivative(activation, delta, seen.activations[k - 2])
    return gradients, signals
