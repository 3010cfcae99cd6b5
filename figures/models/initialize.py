"""Weights to start from: uniform in [-limit, limit], biases 0.

    Xavier (Glorot)   limit = √(6 / (n_in + n_out))     Var(w) = 2 / (n_in + n_out)    for tanh and sigmoid
    He                limit = √(6 / n_in)               Var(w) = 2 / n_in              for ReLU

Uniform numbers are made of integers, so they are the same everywhere; normal ones pass through log and exp.

Sources: Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks, AISTATS, eq.
(16); He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, ICCV, eq. (10). PyTorch: ``nn.init.xavier_uniform_``,
``nn.init.kaiming_uniform_(nonlinearity="relu")``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from figures.models.regression_data import Floats

Parameters: TypeAlias = dict[str, Floats]  # W1, b1, W2, b2, … by name


def limit(method: str, n_in: int, n_out: int) -> float:
    """Return the largest weight of a layer; ``ValueError`` for an unknown method."""
    if method == "xavier":
        return math.sqrt(6 / (n_in + n_out))
    if method == "he":
        return math.sqrt(6 / n_in)
    raise ValueError(f"method '{method}' はありません。xavier か he にしてください。")


def initialize(sizes: Sequence[int], method: str, seed: int, gain: float = 1.0) -> Parameters:
    """Return W1: (n_in, n_out), b1: (1, n_out), W2, b2, … of the layers.

    Args:
        sizes: of the input, the hidden layers and the output.
        method: ``xavier`` or ``he``.
        seed: of NumPy's PCG64.
        gain: what the weights are multiplied by.
    """
    rng = np.random.default_rng(seed)
    parameters = {}
    for k, (n_in, n_out) in enumerate(pairwise(sizes), 1):
        parameters[f"W{k}"] = gain * limit(method, n_in, n_out) * (2 * rng.random((n_in, n_out)) - 1)
        parameters[f"b{k}"] = np.zeros((1, n_out))
    return parameters


def with_batch_norm(parameters: Parameters) -> Parameters:
    """Return the same network with γ = 1 and β = 0 for each hidden layer: gamma1, beta1, … (see ``batch_norm``)."""
    hidden = {name[1:]: b for name, b in parameters.items() if name.startswith("b")}
    hidden.popitem()
    return {
        **parameters,
        **{f"gamma{k}": np.ones_like(b) for k, b in hidden.items()},
        **{f"beta{k}": np.zeros_like(b) for k, b in hidden.items()},
    }


def stack(networks: Sequence[Parameters]) -> Parameters:
    """Return the networks as one with arrays (n_networks, …), to be trained together."""
    return {name: np.stack([network[name] for network in networks]) for name in networks[0]}
