"""The loss of a network's output, and its derivative with respect to that output.

    cross-entropy    l = -log p_y,  p = softmax(o)      ∂l/∂o = p - onehot(y)      y: class numbers
    squared error    l = ½ ||o - y||²                    ∂l/∂o = o - y              y: (rows, outputs)

Both are means over the rows, so the derivative is divided by their number.

Source: Bishop (2006), Pattern Recognition and Machine Learning, sections 4.3.4 and 5.2. PyTorch:
``nn.CrossEntropyLoss`` and ``0.5 * n_outputs * nn.MSELoss``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from figures.models import exact
from figures.models.regression_data import Floats

LOSSES = ("cross-entropy", "squared")


def softmax(o: Floats) -> Floats:
    """Return e^o_c / Σ_c e^o_c over the last axis."""
    e = exact.exp(o - o.max(axis=-1, keepdims=True))
    e /= exact.ordered_sum(e, axis=-1)[..., None]
    return e


def loss(name: str, o: Floats, y: NDArray[Any]) -> Floats:
    """Return the mean loss of outputs o: (…, rows, outputs), one value for each network: (…,)."""
    if name == "cross-entropy":
        largest = o.max(axis=-1, keepdims=True)
        log_sum = exact.log(exact.ordered_sum(exact.exp(o - largest), axis=-1)) + largest[..., 0]
        right = np.take_along_axis(o, np.broadcast_to(y[..., None], (*o.shape[:-1], 1)).astype(np.intp), axis=-1)
        each: Floats = log_sum - right[..., 0]
    else:
        each = exact.ordered_sum(np.square(o - y), axis=-1) / 2
    return np.asarray(exact.ordered_sum(each, axis=-1) / o.shape[-2])


def derivative(name: str, o: Floats, y: NDArray[Any]) -> Floats:
    """Return ∂(mean loss)/∂o, of the shape of o."""
    if name == "cross-entropy":
        p = softmax(o)
        p -= np.arange(o.shape[-1]) == y[..., None]
        return np.asarray(p / o.shape[-2])
    return np.asarray((o - y) / o.shape[-2])
