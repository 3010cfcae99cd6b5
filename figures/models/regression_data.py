"""What every linear model here accepts as data, and the one convention they share.

    minimise over w:   1/(2n) ||y - X w||²  +  λ/2 ||w||²     (L2, ridge)
                       1/(2n) ||y - X w||²  +  λ ||w||₁       (L1, lasso)

    X: (n_samples, n_features)   standardised columns (see ``standardize``)
    y: (n_samples,)              centred; the intercept is the mean of y and is never penalised
    λ: zero or more              in the units of y for L1, without unit for L2

Elsewhere the same λ is called:
    scikit-learn   ``Ridge(alpha=n*λ)``, ``Lasso(alpha=λ)``
    PyTorch        ``SGD(weight_decay=λ)`` with the loss ``0.5 * MSELoss()`` (L2 only)

The models do not standardise by themselves: what they are given is what they fit.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


def finite_array(name: str, values: ArrayLike, ndim: int, expected: str) -> Floats:
    """Return ``values`` as a float array with ``ndim`` axes.

    Raises:
        ValueError: for text or objects, another number of axes, an empty array, NaN or infinity. The message names
            the argument, its shape, and what was ``expected``.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} の行の長さがそろっていません。{expected}を渡してください。") from error
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} は数値ではありません（dtype={array.dtype}）。{expected}を渡してください。")
    if array.ndim != ndim or array.size == 0:
        raise ValueError(f"{name} の形は {array.shape} です。{expected}を渡してください。")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        count = int((~np.isfinite(array)).sum())
        raise ValueError(
            f"{name}（形は {array.shape}）に NaN か無限大が {count} 個あります。{expected}を渡してください。"
        )
    return array


def design_matrix(X: ArrayLike, name: str = "X") -> Floats:
    """Return X as floats of shape (n_samples, n_features); ``ValueError`` if it is anything else."""
    return finite_array(name, X, 2, "空でない、形が (n_samples, n_features) の有限な数値の配列")


def regression_data(X: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return X (n_samples, n_features) and y (n_samples,) as floats; ``ValueError`` if they do not fit together."""
    X = design_matrix(X)
    y = finite_array("y", y, 1, f"形が ({len(X)},) の有限な数値の配列")
    if len(y) != len(X):
        raise ValueError(f"y の形は {y.shape}、X の形は {X.shape} です。y には値を {len(X)} 個渡してください。")
    return X, y


def penalties(lambdas: ArrayLike, name: str = "lambdas") -> Floats:
    """Return one λ or many as an array (n_lambdas,); ``ValueError`` if one is negative, NaN, infinite or no number."""
    expected = "0以上の有限な数か、その1次元の配列"
    ndim = 1 if np.iterable(lambdas) and not isinstance(lambdas, str | bytes) else 0
    array = finite_array(name, lambdas, ndim, expected).reshape(-1)
    if (array < 0).any():
        raise ValueError(f"{name} の形は {array.shape}、最小値は {array.min():g} です。{expected}を渡してください。")
    return array


def penalty(lam: ArrayLike, name: str) -> float:
    """Return a single λ; ``ValueError`` if it is negative, NaN, infinite, or not one number."""
    array = penalties(lam, name)
    if np.ndim(lam):
        raise ValueError(f"{name} の形は {np.shape(lam)} です。0以上の有限な数を一つ渡してください。")
    return float(array[0])
