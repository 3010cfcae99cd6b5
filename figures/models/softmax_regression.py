"""Softmax regression (multinomial logistic regression): what it accepts, and what it gives.

    p_c(x) = exp(x'w_c + b_c) / Σ_d exp(x'w_d + b_d)

    minimise over W, b:   1/n Σ_i -log p_{y_i}(x_i)  +  λ2/2 ||W||²  +  λ1 ||W||₁       (b is never penalised)

``softmax_l2`` solves it with λ1 = 0, ``softmax_l1`` with both; with two classes it is ``logistic_regression``. The
gradient is X'(P - Y)/n + λ2 W + λ1 ∂||W||₁ with P: (n_samples, n_classes) the p_c(x_i) and Y the classes in one-hot
form. A number added to all b_c, or to all weights of one feature, changes no p_c: of all b that give the same p the one
with Σ_c b_c = 0 is returned. L2 makes Σ_c w_jc = 0 of itself; on L1 see ``softmax_l1``.

    X: (n_samples, n_features)   W: (n_features, n_classes)   b: (n_classes,)   y: (n_samples,) from 0 … n_classes - 1
    λ1 in the units of X, λ2 in their squares: standardise first, so that they mean the same for every feature

Elsewhere: scikit-learn has C times the *sum* of the losses plus the penalty, and so C = 1/(nλ):
    ``LogisticRegression(C=1/(n*λ2))``                                     L2; with two classes it penalises half as
                                                                           much, so there C = 2/(n*λ2)
    ``LogisticRegression(C=1/(n*λ1), l1_ratio=1, solver="saga")``          L1, also with two classes
    ``LogisticRegression(C=1/(n*(λ1+λ2)), l1_ratio=λ1/(λ1+λ2), solver="saga")``       elastic net, three classes or more
glmnet ``family="multinomial"``: λ = λ1 + λ2, alpha = λ1/(λ1 + λ2). PyTorch: ``nn.Linear`` with ``nn.CrossEntropyLoss``.

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., sections 4.4 and 18.3.2; Friedman,
Hastie & Tibshirani (2010), Regularization paths for generalized linear models via coordinate descent, J. Stat. Softw.
33(1), section 4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from figures.models.folds import Ints
from figures.models.regression_data import Floats, design_matrix, finite_array
from figures.models.standardize import fit_standardization

TIE = 1e-9  # logits that differ by a smaller share than this are equal: which is larger would depend on the processor


class SoftmaxFits(NamedTuple):
    """One model for each λ.

    Attributes:
        W: (n_lambdas, n_features, n_classes) weights.
        b: (n_lambdas, n_classes) intercepts.
    """

    W: Floats
    b: Floats

    def logits(self, X: ArrayLike) -> Floats:
        """Return o: (n_lambdas, n_rows, n_classes). Raises ``ValueError`` if X has another number of features."""
        X = design_matrix(X)
        if X.shape[1] != self.W.shape[1]:
            raise ValueError(f"X の形は {X.shape} です。学習に使ったのと同じ {self.W.shape[1]} 列を渡してください。")
        return np.asarray(X @ self.W + self.b[:, None, :])

    def predict(self, X: ArrayLike) -> Ints:
        """Return the most likely class: (n_lambdas, n_rows); of equally likely ones the first."""
        o = self.logits(X)
        size = np.abs(o).max(axis=(1, 2), keepdims=True)
        return np.asarray((o >= o.max(axis=2, keepdims=True) - TIE * size).argmax(axis=2), dtype=np.int64)

    def log_loss(self, X: ArrayLike, y: ArrayLike) -> Floats:
        """Return 1/n Σ_i -log p_{y_i}(x_i): (n_lambdas,), without any penalty. Raises ``ValueError`` for bad data."""
        o, y = self.logits(X), class_numbers(y, len(np.asarray(X)))
        if y.max() >= o.shape[2]:
            raise ValueError(f"y（形は {y.shape}）の最大値は {y.max()} です。0から {o.shape[2] - 1} にしてください。")
        return np.array([cross_entropy(of_one, y) for of_one in o])


def class_numbers(y: ArrayLike, n_samples: int) -> Ints:
    """Return y: (n_samples,) as integers; ``ValueError`` if it is anything but whole numbers from 0."""
    expected = f"0以上の整数の、形が ({n_samples},) の配列"
    labels = finite_array("y", y, 1, expected)
    if len(labels) != n_samples:
        raise ValueError(f"y の形は {labels.shape} です。{expected}を渡してください。")
    if (labels < 0).any() or (labels != np.floor(labels)).any():
        raise ValueError(f"y（形は {labels.shape}）に、0以上の整数でない値があります。{expected}を渡してください。")
    return labels.astype(np.int64)


def class_data(X: ArrayLike, y: ArrayLike) -> tuple[Floats, Ints]:
    """Return X and y; ``ValueError`` if they do not fit together, or if a class has no row (its b_c would be -∞)."""
    X = design_matrix(X)
    labels = class_numbers(y, len(X))
    missing = np.setdiff1d(np.arange(max(2, labels.max() + 1)), labels)
    if len(missing):
        raise ValueError(
            f"y（形は {labels.shape}）にクラス {missing[0]} の行がありません。"
            "0から始まる2つ以上のクラスの、どれにも1行以上あるデータを渡してください。"
        )
    return X, labels


def centred(X: Floats) -> tuple[Floats, Floats, float]:
    """Return Z = (X - mean)/unit, the mean: (n_features,), and the unit, a power of two with which no square overflows.

    A column that is constant but for rounding becomes 0: the intercept, which costs nothing, can do all that it can.
    """
    measured = fit_standardization(X)
    Z = np.where(np.isfinite(measured.scale), X - measured.mean, 0.0)
    unit = float(2.0 ** np.frexp(np.abs(Z).max())[1])
    return Z / unit, measured.mean, unit


def cross_entropy(o: Floats, y: Ints) -> float:
    """Return 1/n Σ_i -log p_{y_i}, with all digits also where every p_{y_i} is near 1."""
    rows, largest = np.arange(len(y)), o.argmax(axis=1)
    e = np.exp(o - o[rows, largest, None])
    e[rows, largest] = 0
    return float((np.log1p(e.sum(axis=1)) + (o[rows, largest] - o[rows, y])).mean())


def residuals(P: Floats, y: Ints) -> Floats:
    """Return P - Y. Its p_y - 1 is made of the other p_c, since 1 - p_y has no digits left where p_y is near 1."""
    rest = P.copy()
    rows = np.arange(len(y))
    rest[rows, y] = 0
    rest[rows, y] = -rest.sum(axis=1)
    return rest


def as_measured(Z_weights: Floats, intercepts: Floats, mean: Floats, unit: float) -> SoftmaxFits:
    """Return the fits for X, given those for Z = (X - mean)/unit."""
    W = Z_weights / unit
    b = intercepts - mean @ W
    return SoftmaxFits(W, b - b.mean(axis=1, keepdims=True))
