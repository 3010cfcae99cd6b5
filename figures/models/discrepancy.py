"""The discrepancy principle: a λ for Tikhonov regularisation where the noise σ of y is known.

No fit should be closer than the noise: the largest λ with

    ||y - X w(λ)||  <=  τ σ √n.

Source: Morozov (1966), On the solution of functional equations by the method of regularization, Soviet Math. Dokl. 7.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import penalty, regression_data
from figures.models.tikhonov import fit_and_rest, generalized_svd

HALVINGS = 300  # at most, of an interval whose ends differ by up to 10⁶⁴: until two neighbouring floats are left
ROUNDING = 1e-13  # a share nearer to 1 than this is all but for rounding


def discrepancy_lambda(X: ArrayLike, y: ArrayLike, Gamma: ArrayLike, sigma: float, tau: float = 1.0) -> float:
    """Return the largest λ with ||y - X w|| <= τ σ √n, to the last bit.

    Let q² be the share Σ_k ((1 - f_k) u_k'y)² / Σ_k (u_k'y)² that the residual may have of the penalised directions
    (s_k > 0). Some 1 - f_k are then at least q and some at most, so that nλ lies between the smallest and the largest
    (c_k/s_k)² times q/(1-q). As the residual grows with λ, halving this interval finds it.

    Args:
        X: (n_samples, n_features).
        y: (n_samples,).
        Gamma: (n_rows, n_features).
        sigma: σ, the standard deviation of the noise in each y_i.
        tau: τ, a factor of safety, 1 or a little more.

    Raises:
        ValueError: as ``tikhonov``; for a bad σ or τ; if even λ → 0 leaves more than τσ√n, or no λ leaves as much.
    """
    X, y = regression_data(X, y)
    U, c, s, _ = generalized_svd(X, Gamma)
    unit = np.abs(y).max() or 1.0
    allowed = penalty(sigma, "sigma") * penalty(tau, "tau") * np.sqrt(len(X)) / unit
    fit, outside = fit_and_rest(U, y / unit)
    penalised = s > 0
    fit, gamma = fit[penalised], c[penalised] / s[penalised]
    most = np.hypot(outside, np.linalg.norm(fit))
    if not outside <= allowed < most:
        raise ValueError(
            f"sigma={sigma:g}、tau={tau:g} では許す残差が {allowed * unit:g} です。λを0から無限大まで動かしたときの"
            f"残差 {outside * unit:g} から {most * unit:g} までに入る値を渡してください。"
        )
    q = min(np.sqrt((allowed - outside) * (allowed + outside)) / np.linalg.norm(fit), 1 - ROUNDING)
    low, high = gamma.min() ** 2 * q / (1 - q), gamma.max() ** 2 * q / (1 - q)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        if not low < middle < high:
            break
        rest = fit * (middle / (gamma**2 + middle))
        if np.hypot(outside, np.linalg.norm(rest)) <= allowed:
            low = middle
        else:
            high = middle
    return float(low / len(X))
