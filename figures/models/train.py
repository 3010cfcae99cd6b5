"""Training in mini-batches, and stopping early.

    for t = 0, 1, …:   rows B of the shuffled data,    g = ∂/∂w (1/|B|) Σ_{i in B} l_i + λ w,    w ← step(w, g, η_t)

Each epoch shuffles anew; the rows that do not fill a batch are left out of it. All networks of a stack see the same
batches, so that they differ only in what is varied.

Early stopping: the validation loss is measured now and then; when it has not fallen below its lowest value for
``patience`` measurements, training ends, and the weights of the lowest value are kept. In a stack every network stops
for itself.

Source: Prechelt (1998), Early stopping - but when?, in Neural Networks: Tricks of the Trade; Goodfellow, Bengio &
Courville (2016), Deep Learning, algorithm 7.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from figures.models.exact import on_grid
from figures.models.initialize import Parameters
from figures.models.multilayer_perceptron import backward, forward, grid_bits
from figures.models.optimizers import Optimizer, step
from figures.models.regression_data import Floats

# Elements. What is one number for a whole matrix NumPy copies out into a buffer when the matrix is smaller than that,
# which takes longer than the sum itself.
BUFFER = 1024


def mini_batches(n_rows: int, size: int, n_steps: int, seed: int) -> Iterator[NDArray[np.intp]]:
    """Yield the rows of each step."""
    rng = np.random.default_rng(seed)
    per_epoch = n_rows // size
    for t in range(n_steps):
        if t % per_epoch == 0:
            order = rng.permutation(n_rows)
        yield order[t % per_epoch * size :][:size]


def passes(
    parameters: Parameters,
    x: Floats,
    y: NDArray[Any],
    batches: Iterator[NDArray[np.intp]],
    rates: Floats,
    loss: str = "cross-entropy",
    activation: str = "relu",
) -> Iterator[tuple[Parameters, float]]:
    """Yield the gradients of each batch, and the rate of its step. All rows of x are put on one grid, once."""
    size, placed = 0, x
    for rows, rate in zip(batches, rates, strict=False):
        if rows.shape[-1] != size:
            size = rows.shape[-1]
            placed = on_grid(x, grid_bits(parameters, size))
        seen = forward(parameters, placed[rows], activation, gridded=True)
        yield backward(parameters, seen, y[rows], loss, activation)[0], float(rate)


def train(
    parameters: Parameters,
    x: Floats,
    y: NDArray[Any],
    batches: Iterator[NDArray[np.intp]],
    optimizer: Optimizer,
    rates: Floats,
    *,
    l2: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
    loss: str = "cross-entropy",
    activation: str = "relu",
    watch: Callable[[int], bool] = lambda t: False,
) -> None:
    """Train in place, a step for each rate; ``watch`` is called after step t, and ends the training with True."""
    usual = np.setbufsize(BUFFER)
    try:
        for t, (gradients, rate) in enumerate(passes(parameters, x, y, batches, rates, loss, activation)):
            step(optimizer, parameters, gradients, rate, l2, decay)
            if watch(t):
                return
    finally:
        np.setbufsize(usual)


class EarlyStopping:
    """Keeps the best weights of each network of a stack.

    Attributes:
        best: the parameters at the lowest validation loss so far.
        lowest: (n_networks,) that loss.
        when: (n_networks,) how many measurements had been made at it, from 1.
    """

    def __init__(self, parameters: Parameters, patience: int) -> None:
        self.parameters, self.patience, self.measured = parameters, patience, 0
        self.best = {name: array.copy() for name, array in parameters.items()}
        n = len(next(iter(parameters.values())))
        self.lowest, self.when, self.going = np.full(n, np.inf), np.zeros(n, dtype=int), np.full(n, True)

    def measure(self, validation_loss: Floats) -> bool:
        """Take note of a loss for each network, (n_networks,); True when the last of them has stopped."""
        self.measured += 1
        better = self.going & (validation_loss < self.lowest)
        self.lowest[better], self.when[better] = validation_loss[better], self.measured
        for name, array in self.parameters.items():
            self.best[name][better] = array[better]
        self.going &= self.measured - self.when < self.patience
        return not self.going.any()
