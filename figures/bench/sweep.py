"""The sweep of small networks that is timed: 64-64-10, ReLU, cross-entropy, SGD with the penalty λ/2 ||W||².

20 λ × 20 seeds, 480 steps of 32 digits. The λ of a seed are trained as one stack, exactly, in float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from figures.data.digits import load_digits
from figures.models.initialize import Parameters, initialize, stack
from figures.models.optimizers import SGD
from figures.models.regression_data import Floats
from figures.models.schedules import constant
from figures.models.train import mini_batches, train

RATE, BATCH = 0.1, 32


def digits() -> tuple[Floats, NDArray[np.int64]]:
    """Images to learn from, with values from 0 to 1, and what they show."""
    every = load_digits()
    return every.X[:1000] / 16, every.y[:1000]


@dataclass(frozen=True)
class Sweep:
    """How many networks of which size are trained for how long."""

    seeds: int = 20
    lambdas: int = 20
    steps: int = 480
    hidden: tuple[int, ...] = (64,)

    @property
    def sizes(self) -> list[int]:
        """Of the layers."""
        return [64, *self.hidden, 10]

    def train(self, seed: int) -> Parameters:
        """Train the networks of one seed."""
        X, y = digits()
        parameters = stack([initialize(self.sizes, "he", seed)] * self.lambdas)
        l2 = 10.0 ** np.linspace(-6, -1, self.lambdas)[:, None, None]
        batches = mini_batches(len(X), BATCH, self.steps, seed)
        train(parameters, X, y, batches, SGD(), constant(RATE, self.steps), l2=l2)
        return parameters

    def run(self, turn: int = 0) -> None:
        """Train all of them, in this process."""
        for seed in range(self.seeds):
            self.train(seed)
