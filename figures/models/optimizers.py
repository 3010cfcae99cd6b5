"""How a step is made of a gradient g: each optimiser keeps what it has seen, an array for each parameter.

    SGD         w ← w - η g
    momentum    v ← μ v + g                                   w ← w - η v          Nesterov: w ← w - η (g + μ v)
    AdaGrad     s ← s + g²                                    w ← w - η g / (√s + ε)
    RMSprop     s ← α s + (1 - α) g²                          w ← w - η g / (√s + ε)
    Adam        m ← β₁ m + (1 - β₁) g,  s ← β₂ s + (1 - β₂) g²
                                                              w ← w - η (m / (1 - β₁ᵗ)) / (√(s / (1 - β₂ᵗ)) + ε)

Weight decay can enter in two places, which are the same for SGD only:

    in the loss     g ← g + λ w    before all else: the penalty λ/2 ||w||²    (``l2``; AdaGrad to Adam divide it, too)
    in the update   w ← w - η λ w  beside the step                            (``decay``; Adam with it is AdamW)

Sources: Polyak (1964); Sutskever, Martens, Dahl & Hinton (2013), ICML, for Nesterov's; Duchi, Hazan & Singer (2011),
JMLR 12; Tieleman & Hinton (2012), Coursera lecture 6.5; Kingma & Ba (2015), ICLR, algorithm 1; Loshchilov & Hutter
(2019), ICLR, algorithm 2. PyTorch: ``torch.optim.SGD``, ``Adagrad``, ``RMSprop`` and ``Adam`` with ``weight_decay=l2``,
``AdamW`` with ``weight_decay=decay``.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from figures.models.initialize import Parameters
from figures.models.regression_data import Floats


class Optimizer(Protocol):
    """What all of them are."""

    def direction(self, name: str, g: Floats) -> Floats:
        """Return what the parameter of this name moves against, for its gradient g; called once a step for each."""


class SGD:
    """Plain, with momentum μ, or with Nesterov's."""

    def __init__(self, momentum: float = 0.0, nesterov: bool = False) -> None:
        self.momentum, self.nesterov, self.v = momentum, nesterov, dict[str, Floats]()

    def direction(self, name: str, g: Floats) -> Floats:
        """Return g, or v."""
        if not self.momentum:
            return g
        v = self.v[name] = self.momentum * self.v[name] + g if name in self.v else g
        return g + self.momentum * v if self.nesterov else v


class AdaGrad:
    """Divides by the root of the sum of all squares."""

    def __init__(self, epsilon: float = 1e-10) -> None:
        self.epsilon, self.s = epsilon, dict[str, Floats]()

    def direction(self, name: str, g: Floats) -> Floats:
        """Return g / (√s + ε)."""
        s = self.s[name] = self.s.get(name, 0.0) + g * g
        return g / (np.sqrt(s) + self.epsilon)


class RMSprop:
    """Divides by the root of a running mean of squares."""

    def __init__(self, alpha: float = 0.99, epsilon: float = 1e-8) -> None:
        self.alpha, self.epsilon, self.s = alpha, epsilon, dict[str, Floats]()

    def direction(self, name: str, g: Floats) -> Floats:
        """Return g / (√s + ε)."""
        s = self.s[name] = self.alpha * self.s.get(name, 0.0) + (1 - self.alpha) * (g * g)
        return g / (np.sqrt(s) + self.epsilon)


class Adam:
    """Running means of gradients and of squares, both freed of their start at 0."""

    def __init__(self, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.m, self.s, self.powers = dict[str, Floats](), dict[str, Floats](), dict[str, tuple[float, float]]()

    def direction(self, name: str, g: Floats) -> Floats:
        """Return m̂ / (√ŝ + ε)."""
        if name not in self.m:
            self.m[name], self.s[name] = np.zeros_like(g), np.zeros_like(g)
        m, s = self.m[name], self.s[name]
        m *= self.beta1
        m += (1 - self.beta1) * g
        s *= self.beta2
        s += (1 - self.beta2) * (g * g)
        # βᵗ by multiplication: a power comes from the system's library, which is not the same everywhere.
        power1, power2 = self.powers.get(name, (1.0, 1.0))
        power1, power2 = self.powers[name] = power1 * self.beta1, power2 * self.beta2
        root = s / (1 - power2)
        np.sqrt(root, out=root)
        root += self.epsilon
        moved = m / (1 - power1)
        moved /= root
        return moved


def step(
    optimizer: Optimizer,
    parameters: Parameters,
    gradients: Parameters,
    rate: float,
    l2: ArrayLike = 0.0,
    decay: ArrayLike = 0.0,
) -> None:
    """Move the parameters, in place. Only weights, whose names begin with W, are penalised: no bias, no γ or β.

    Args:
        optimizer: with what it has seen so far.
        parameters: by name, as ``initialize`` gives them.
        gradients: of the same names and shapes; the penalty in the loss is added to them.
        rate: η.
        l2: λ in the loss: one number, or one for each network, (n_networks, 1, 1).
        decay: λ in the update, likewise.
    """
    for name, w in parameters.items():
        g = gradients[name]
        penalised = name.startswith("W")
        if penalised and not _is_zero(l2):
            g += np.multiply(l2, w)
        move = np.multiply(rate, optimizer.direction(name, g))
        if penalised and not _is_zero(decay):
            move += np.multiply(decay, w) * rate
        np.subtract(w, move, out=w)


def _is_zero(lam: ArrayLike) -> bool:
    """Whether it is the number 0: asked at every step, and quicker than to look into an array."""
    return isinstance(lam, int | float) and lam == 0
