"""Soft thresholding: what L1 does to one number, and one step of L1 training (its proximal operator).

    S(z, λ) = argmin over w of  1/2 (w - z)² + λ |w|  =  sign(z) max(|z| - λ, 0)  =  z - min(max(z, -λ), λ)

Every number moves towards 0 by the same amount λ, whatever its size, and stops there: those with |z| <= λ become
exactly 0. (L2 instead multiplies by 1 / (1 + λ), which is never 0.) If X'X/n = I, the lasso is S(X'y/n, λ), feature by
feature. A step of proximal gradient descent with learning rate η is w ← S(w - η ∇loss, η λ).

    z: any shape       λ: one number, or an array that broadcasts with z (such as one λ for each network of a stack)

Elsewhere: PyTorch ``nn.functional.softshrink(z, lambd=λ)``.
Sources: Donoho & Johnstone (1994), Ideal spatial adaptation by wavelet shrinkage, Biometrika 81(3), section 1; for the
lasso Tibshirani (1996), J. R. Stat. Soc. B 58(1), eq. (3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, finite_array


def soft_threshold(z: ArrayLike, lam: ArrayLike) -> Floats:
    """Return S(z, λ) in the shape of z and λ broadcast. A result that is 0 is +0.0.

    Raises:
        ValueError: for values that are no finite numbers, a negative λ, or shapes that do not fit together.
    """
    z = finite_array("z", z, _n_axes(z), "有限な数値、またはその空でない配列")
    expected = f"0以上の有限な数か、z の形 {z.shape} に合わせて広げられる配列"
    lam = finite_array("lam", lam, _n_axes(lam), expected)
    if (lam < 0).any():
        raise ValueError(f"lam の形は {lam.shape}、最小値は {lam.min():g} です。{expected}を渡してください。")
    try:
        np.broadcast_shapes(z.shape, lam.shape)
    except ValueError as error:
        raise ValueError(f"lam の形は {lam.shape} です。{expected}を渡してください。") from error
    return np.asarray(z - np.clip(z, -lam, lam), dtype=np.float64)


def _n_axes(values: ArrayLike) -> int:
    try:
        return np.ndim(values)
    except ValueError:  # rows of unequal length, which ``finite_array`` refuses by name
        return 0
