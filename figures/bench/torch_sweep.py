"""The sweep of ``networks`` in PyTorch's float32, as it is usually written and as a stack. Needs PyTorch."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, grad, stack_module_state, vmap

from figures.bench.sweep import BATCH, RATE, Sweep, digits
from figures.models.train import mini_batches


def loop(sweep: Sweep, models: int) -> None:
    """Train some of the networks, one after the other."""
    X, y, batches = _data(sweep)
    for number in range(models):
        torch.manual_seed(number)
        network = _network(sweep.sizes)
        optimizer = torch.optim.SGD(network.parameters(), lr=RATE, weight_decay=10.0 ** -(1 + number % 5))
        loss = nn.CrossEntropyLoss()
        for rows in batches:
            optimizer.zero_grad()
            loss(network(X[rows]), y[rows]).backward()
            optimizer.step()


def vectorized(sweep: Sweep) -> None:
    """Train the networks of one seed at once."""
    X, y, batches = _data(sweep)
    networks = [_network(sweep.sizes) for _ in range(sweep.lambdas)]
    parameters, _ = stack_module_state(networks)
    l2 = torch.logspace(-6, -1, sweep.lambdas)
    loss = nn.CrossEntropyLoss()

    def objective(weights: dict[str, Any], x: Any, target: Any) -> Any:
        return loss(functional_call(networks[0], weights, (x,)), target)

    gradients = vmap(grad(objective), in_dims=(0, None, None))
    with torch.no_grad():
        for rows in batches:
            for name, g in gradients(parameters, X[rows], y[rows]).items():
                w = parameters[name]
                w -= RATE * (g + l2.view(-1, *[1] * (w.dim() - 1)) * w)


def _data(sweep: Sweep) -> tuple[Any, Any, list[Any]]:
    X, y = digits()
    batches = [torch.from_numpy(rows.copy()) for rows in mini_batches(len(X), BATCH, sweep.steps, 0)]
    return torch.from_numpy(X.astype(np.float32)), torch.from_numpy(y.astype(np.int64)), batches


def _network(sizes: list[int]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
