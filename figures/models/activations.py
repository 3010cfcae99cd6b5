"""What a hidden unit makes of its input z, and the derivative written in what it made, a.

    ReLU      a = max(z, 0)          a' = 1 if a > 0 else 0
    tanh      a = tanh z             a' = 1 - a²
    sigmoid   a = 1 / (1 + e^-z)     a' = a (1 - a)

Source: Goodfellow, Bengio & Courville (2016), Deep Learning, section 6.3. PyTorch: ``nn.ReLU``, ``nn.Tanh``,
``nn.Sigmoid``; the derivative of ReLU at 0 is 0 there as here.
"""

from __future__ import annotations

import numpy as np

from figures.models import exact
from figures.models.regression_data import Floats

ACTIVATIONS = ("relu", "tanh", "sigmoid")


def activate(name: str, z: Floats) -> Floats:
    """Return a, of the shape of z; ``ValueError`` for an unknown name."""
    if name == "relu":
        return np.maximum(z, 0.0)
    if name == "tanh":
        return exact.tanh(z)
    if name == "sigmoid":
        return exact.sigmoid(z)
    raise ValueError(f"activation '{name}' はありません。{'、'.join(ACTIVATIONS)} のどれかにしてください。")


def multiply_by_derivative(name: str, delta: Floats, a: Floats) -> Floats:
    """Return δ a', of the shape of both."""
    if name == "relu":
        return delta * (a > 0)
    return delta * (1 - a * a) if name == "tanh" else delta * (a * (1 - a))
