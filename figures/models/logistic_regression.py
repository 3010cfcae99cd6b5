"""Logistic regression: softmax regression with two classes.

    P(y = 1 | x) = 1 / (1 + exp(-x'w - b))

    minimise over w, b:   1/n Σ_i log(1 + exp(-t_i (x_i'w + b)))  +  λ2/2 ||w||²  +  λ1 ||w||₁,      t_i = 2 y_i - 1

With W = [-w/2, w/2] the p_c of a softmax are the same, ||W||₁ = ||w||₁ and ||W||² = ||w||²/2. So it is solved as a
softmax regression with the same λ1, and twice the λ2.

    X: (n_samples, n_features)      y: (n_samples,) 0 or 1

Elsewhere: scikit-learn ``LogisticRegression(C=1/(n*λ2))`` and, with the solver ``saga``, ``C=1/(n*λ1), l1_ratio=1`` or
``C=1/(n*(λ1+λ2)), l1_ratio=λ1/(λ1+λ2)``. (``liblinear`` penalises b as well.) PyTorch: ``BCEWithLogitsLoss`` and
``weight_decay=λ2`` on w only.
Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., section 4.4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, penalties, penalty
from figures.models.softmax_l1 import softmax_l1
from figures.models.softmax_l2 import softmax_l2
from figures.models.softmax_regression import SoftmaxFits, class_data


class LogisticFits(NamedTuple):
    """One model for each λ.

    Attributes:
        w: (n_lambdas, n_features) weights.
        b: (n_lambdas,) intercepts.
    """

    w: Floats
    b: Floats


def logistic_l2(X: ArrayLike, y: ArrayLike, lambdas: ArrayLike) -> LogisticFits:
    """Return w and b for each λ2. Raises as ``softmax_l2``, and ``ValueError`` for more than two classes."""
    X, y = _two_classes(X, y)
    return _difference(softmax_l2(X, y, 2 * penalties(lambdas)))


def logistic_l1(X: ArrayLike, y: ArrayLike, lambdas: ArrayLike, l2: float = 0.0) -> LogisticFits:
    """Return w and b for each λ1, with λ2 = ``l2``. Raises as ``logistic_l2``."""
    X, y = _two_classes(X, y)
    return _difference(softmax_l1(X, y, lambdas, 2 * penalty(l2, "l2")))


def _two_classes(X: ArrayLike, y: ArrayLike) -> tuple[ArrayLike, ArrayLike]:
    X, labels = class_data(X, y)
    if labels.max() > 1:
        raise ValueError(
            f"y（形は {labels.shape}）の最大値は {labels.max()} です。"
            f"0か1の、形が ({len(labels)},) の配列を渡してください。"
        )
    return X, labels


def _difference(fits: SoftmaxFits) -> LogisticFits:
    return LogisticFits(np.asarray(fits.W[..., 1] - fits.W[..., 0]), np.asarray(fits.b[..., 1] - fits.b[..., 0]))
