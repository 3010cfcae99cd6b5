"""What PyTorch makes of the same numbers: python tests/torch_reference.py [--check].

Writes tests/torch_reference.json, with which test_networks.py compares; ``--check`` makes it anew and compares.
Needs PyTorch (CPU), which is no dependency of the project: ``.ci/run`` has it in an environment of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from figures.models.initialize import initialize

FILE = Path(__file__).with_suffix(".json")
STEPS, RATE = 12, 0.05
# The name in the file -> torch.optim's class and arguments.
OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {}),
    "sgd, l2": ("SGD", {"weight_decay": 0.1}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "momentum, l2": ("SGD", {"momentum": 0.9, "weight_decay": 0.1}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "nesterov, l2": ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    "adagrad": ("Adagrad", {}),
    "adagrad, l2": ("Adagrad", {"weight_decay": 0.1}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop, l2": ("RMSprop", {"weight_decay": 0.1}),
    "adam": ("Adam", {}),
    "adam, l2": ("Adam", {"weight_decay": 0.1}),
    "adamw": ("AdamW", {"weight_decay": 0.1}),
}
SCHEDULES: dict[str, tuple[str, dict[str, Any]]] = {
    "stepwise": ("StepLR", {"step_size": 4, "gamma": 0.3}),
    "exponential": ("ExponentialLR", {"gamma": 0.9}),
    "cosine": ("CosineAnnealingLR", {"T_max": STEPS}),
    "warm-up": ("LinearLR", {"start_factor": 1 / 5, "total_iters": 4}),
}
SIZES = [4, 6, 5, 3]
NETWORKS = [
    (activation, loss, normalized)
    for activation in ("relu", "tanh", "sigmoid")
    for loss in ("cross-entropy", "squared")
    for normalized in (False, True)
]


def quadratic() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, target and curvatures of Σ c (w - t)² / 2."""
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (2, 3)), rng.uniform(-1, 1, (2, 3)), rng.uniform(0.1, 3, (2, 3))


def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs (8, 4), classes (8,), targets (8, 3)."""
    rng = np.random.default_rng(1)
    return rng.uniform(-2, 2, (8, 4)), rng.integers(0, 3, 8), rng.uniform(-1, 1, (8, 3))


def make() -> dict[str, Any]:
    """All of it, by PyTorch in float64."""
    import torch

    torch.set_default_dtype(torch.float64)
    made: dict[str, Any] = {"optimizers": {}, "schedules": {}, "networks": {}, "initial": {}}
    start, target, curvature = map(torch.tensor, quadratic())
    for name, (cls, arguments) in OPTIMIZERS.items():
        w = torch.nn.Parameter(start.clone())
        optimizer = getattr(torch.optim, cls)([w], lr=RATE, **arguments)
        path = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            (curvature * (w - target) ** 2 / 2).sum().backward()
            optimizer.step()
            path.append(w.detach().numpy().tolist())
        made["optimizers"][name] = path
    for name, (cls, arguments) in SCHEDULES.items():
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)
        schedule = getattr(torch.optim.lr_scheduler, cls)(optimizer, **arguments)
        made["schedules"][name] = []
        for _ in range(STEPS):
            made["schedules"][name].append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
    for activation, loss, normalized in NETWORKS:
        made["networks"][f"{activation}, {loss}, {normalized}"] = _network(torch, activation, loss, normalized)
    torch.manual_seed(0)
    for name, draw in (("xavier", torch.nn.init.xavier_uniform_), ("he", torch.nn.init.kaiming_uniform_)):
        weight = torch.empty(200, 300)  # (n_out, n_in)
        draw(weight, **({"nonlinearity": "relu"} if name == "he" else {}))
        made["initial"][name] = [weight.std().item(), weight.abs().max().item()]
    return made


def _network(torch: Any, activation: str, loss: str, normalized: bool) -> dict[str, Any]:
    """Gradients at the start, and the parameters after some steps of SGD with momentum."""
    x, classes, targets = rows()
    start = initialize(SIZES, "xavier", 2)
    layers: list[Any] = []
    names: list[str] = []
    for k in (1, 2, 3):
        linear = torch.nn.Linear(*start[f"W{k}"].shape)
        linear.weight.data, linear.bias.data = torch.tensor(start[f"W{k}"].T.copy()), torch.tensor(start[f"b{k}"][0])
        layers.append(linear)
        names += [f"W{k}", f"b{k}"] + ([f"gamma{k}", f"beta{k}"] if normalized and k < 3 else [])
        if k < 3:
            layers += [torch.nn.BatchNorm1d(start[f"W{k}"].shape[1])] if normalized else []
            layers.append({"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}[activation]())
    network = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=0.9)

    def named(arrays: Any) -> dict[str, Any]:
        return {
            name: array.T.tolist() if name[0] == "W" else [array.tolist()]
            for name, array in zip(names, arrays, strict=True)
        }

    losses, first = [], None
    for _ in range(STEPS):
        optimizer.zero_grad()
        out = network(torch.tensor(x))
        if loss == "squared":
            value = ((out - torch.tensor(targets)) ** 2).sum(1).mean() / 2
        else:
            value = torch.nn.CrossEntropyLoss()(out, torch.tensor(classes))
        value.backward()
        losses.append(value.item())
        first = first or named([p.grad.numpy() for p in network.parameters()])
        optimizer.step()
    return {"losses": losses, "gradients": first, "end": named([p.detach().numpy() for p in network.parameters()])}


def differences(a: Any, b: Any, path: str = "") -> list[str]:
    """Where the two are further apart than rounding."""
    if isinstance(a, dict) and isinstance(b, dict):
        return [text for key in a | b for text in differences(a.get(key), b.get(key), f"{path}/{key}")]
    close = a is not None and b is not None and np.allclose(np.array(a), np.array(b), rtol=1e-12, atol=1e-14)
    return [] if close else [path]


if __name__ == "__main__":
    if "--check" in sys.argv:
        found = differences(json.loads(FILE.read_text()), json.loads(json.dumps(make())))
        sys.exit(f"{FILE.name} differs from PyTorch: {found}" if found else 0)
    FILE.write_text(json.dumps(make(), indent=0) + "\n")
