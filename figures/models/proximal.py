"""L1 in training: a proximal step makes weights exactly 0, a subgradient step does not.

    minimise over W, b:   1/n Σ_i l_i  +  λ ||W||₁          (b is not penalised)

    subgradient   W ← W - η (g + λ sign W)      what adding λ ||W||₁ to a loss does in PyTorch
    proximal      W ← S(W - η g, η λ)           g: gradient of the loss alone on a mini-batch, S: ``soft_threshold``

The subgradient step moves every weight towards 0 by η λ, and past it where |w| < η λ: a weight that should be 0 swings
to and fro around it. S stops there. Both reach the same minimum as η → 0, but only one of them the zeros. With rows
drawn at random a weight that should be 0 is kicked away from it by the noise of g, the more rarely the smaller |g| is
beside λ.

A softmax regression is the network without a hidden layer: ``initialize([n_features, n_classes], …)``. All products
are exact (see ``multilayer_perceptron``), so that zeros are the same on every machine, and of a network alone or in a
stack.

Sources: Duchi & Singer (2009), Efficient online and batch learning using forward backward splitting, J. Mach. Learn.
Res. 10, section 5.1; Langford, Li & Zhang (2009), Sparse online learning via truncated gradient, ibid., section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.models.initialize import Parameters
from figures.models.regression_data import Floats, finite_array
from figures.models.soft_threshold import soft_threshold
from figures.models.train import passes

Step: TypeAlias = Callable[[Floats, Floats, float, Floats], Floats]  # W, g, η, λ -> W


def subgradient_step(W: Floats, g: Floats, rate: float, l1: Floats) -> Floats:
    """Return W - η (g + λ sign W), with sign 0 = 0."""
    return W - rate * (g + l1 * np.sign(W))


def proximal_step(W: Floats, g: Floats, rate: float, l1: Floats) -> Floats:
    """Return S(W - η g, η λ)."""
    return soft_threshold(W - rate * g, rate * l1)


def train_l1(
    parameters: Parameters,
    x: Floats,
    y: NDArray[Any],
    batches: Iterator[NDArray[np.intp]],
    rates: Floats,
    l1: ArrayLike,
    step: Step = proximal_step,
    activation: str = "relu",
) -> None:
    """Train in place, one step for each rate. Only weights, whose names begin with W, are penalised.

    Args:
        parameters: one network or a stack of them, as ``initialize`` gives them.
        x: (n_rows, n_inputs).
        y: (n_rows,) class numbers.
        batches: the rows of each step, as ``train.mini_batches`` gives them.
        rates: (n_steps,) η, as ``schedules`` gives them.
        l1: λ, one number, or one for each network, (n_networks, 1, 1).
        step: ``proximal_step`` or ``subgradient_step``.
        activation: of hidden layers.

    Raises:
        ValueError: for a λ that is negative or not finite.
        ArithmeticError: if the training diverges.
    """
    expected = "0以上の有限な数か、形が (n_networks, 1, 1) の配列"
    lam = finite_array("l1", l1, 3 if np.ndim(l1) else 0, expected)
    if (lam < 0).any():
        raise ValueError(f"l1 の形は {lam.shape}、最小値は {lam.min():g} です。{expected}を渡してください。")
    for gradients, rate in passes(parameters, x, y, batches, rates, activation=activation):
        for name, value in parameters.items():
            if name.startswith("W"):
                value[:] = step(value, gradients[name], rate, lam)
            else:
                np.subtract(value, rate * gradients[name], out=value)


def share_of_zeros(parameters: Parameters) -> Floats:
    """Return the share of weights that are exactly 0, one value for each network: (…,)."""
    weights = [W for name, W in parameters.items() if name.startswith("W")]
    zeros = sum((W == 0).sum(axis=(-2, -1)) for W in weights)
    return np.asarray(zeros / sum(W.shape[-2] * W.shape[-1] for W in weights), dtype=np.float64)
