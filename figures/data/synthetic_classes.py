"""Synthetic data with two classes, and labels with errors.

    y_i in {0, 1}

Drawn row by row, so that the first rows are the same however many are drawn; on streams see ``synthetic``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.folds import Ints
from figures.models.regression_data import Floats, finite_array


def separable(seed: int, n_samples: int, n_features: int, margin: float = 0.5) -> tuple[Floats, Ints, Floats]:
    """A plane through 0 separates the classes, and no point is nearer to it than ``margin``.

    x_i = z_i + s_i m v,  z_i ~ N(0, I),  s_i = sign(v'z_i),  y_i = 1 where s_i > 0: hence s_i v'x_i = |v'z_i| + m >= m.
    v = (1, …, 1)/√p. Without a penalty the weights of a logistic regression grow on such data without end.

    Source: for what happens Soudry, Hoffer, Nacson, Gunasekar & Srebro (2018), J. Mach. Learn. Res. 19(70).

    Returns:
        X: (n_samples, n_features), y: (n_samples,), v: (n_features,) of length 1.
    """
    z = np.random.default_rng(seed).standard_normal((n_samples, n_features))
    side = np.where(z.sum(axis=1) > 0, 1, -1)
    v = np.full(n_features, 1 / np.sqrt(n_features))
    return z + margin * side[:, None] * v, (side > 0).astype(np.int64), v


def irrelevant_features(
    seed: int, n_samples: int, n_features: int, n_relevant: int = 1, length: float = 10.0
) -> tuple[Floats, Ints, Floats]:
    """A logistic model in which few features matter: x_ij ~ N(0, 1), P(y_i = 1) = 1 / (1 + exp(-x_i'θ)).

    θ_j = ``length``/√r for the first r = ``n_relevant`` features, else 0, so that ||θ|| is the same for every r.

    Source: after the experiments of Ng (2004), Feature selection, L1 vs. L2 regularization, and rotational invariance,
    ICML.

    Returns:
        X: (n_samples, n_features), y: (n_samples,), theta: (n_features,).
    """
    X = np.random.default_rng(seed).standard_normal((n_samples, n_features))
    theta = np.zeros(n_features)
    theta[:n_relevant] = length / np.sqrt(n_relevant)
    chance = 1 / (1 + np.exp(-X @ theta))
    y = np.random.default_rng([seed, 1]).random(n_samples) < chance
    return X, y.astype(np.int64), theta


def wrong_labels(seed: int, y: ArrayLike, share: float, n_classes: int) -> Ints:
    """Return y with ``share`` of the labels replaced by one of the other classes, each as likely: (n_samples,).

    Exactly round(share·n) labels are wrong. Raises ``ValueError`` for other labels, or a share outside 0 … 1.
    """
    labels = finite_array("y", y, 1, f"0から {n_classes - 1} までの整数の、形が (n_samples,) の配列")
    if not np.isin(labels, np.arange(n_classes)).all():
        raise ValueError(
            f"y（形は {labels.shape}）に、0から {n_classes - 1} までの整数でない値があります。整数を渡してください。"
        )
    if not 0 <= share <= 1:
        raise ValueError(f"share={share} は使えません。0から1までの数を渡してください。")
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(labels))[: round(share * len(labels))]
    wrong = labels.astype(np.int64)
    wrong[chosen] = (wrong[chosen] + rng.integers(1, n_classes, len(chosen))) % n_classes
    return wrong
