"""The L-curve: a λ for Tikhonov regularisation from one data set, without knowing the noise.

log ||Γ w|| against log ||y - X w|| falls steeply while λ is too small (only noise is fitted less) and runs flat when it
is too large; the corner between them, the point of largest curvature, is taken. With μ = nλ, ρ = ||y - X w||², η =
||Γ w||² and ρ' = -μ η', the curve has the slope -m and, positive where it turns as an L does, the curvature

    κ = -2 m (1 + m + m/h) / (1 + m²)^(3/2),        m = ρ/(μη),      h = μ η'/η = d log η / d log μ < 0

    ρ = ||y - UU'y||² + Σ_k ((1 - f_k) u_k'y)²,    η = Σ_k z_k²,    μ η' = -2 Σ_k (1 - f_k) z_k²,
    z_k = s_k f_k (u_k'y) / c_k,      f_k = 1 / (1 + r_k),      r_k = μ s_k²/c_k²         (U, c, s of ``tikhonov``)

With a Γ that has a null space, or much noise, the curve may have a second and sharper corner, at a λ so large that the
fit itself breaks down; and with Γ = I and a smooth solution the corner comes far too early (Hanke 1996). Look at the
curve, and at where in the grid its corner is.

Sources: Hansen & O'Leary (1993), The use of the L-curve in the regularization of discrete ill-posed problems, SIAM J.
Sci. Comput. 14(6): our κ is their curvature with μ = λ², divided by powers of μη so that no unit is left; Hanke (1996),
Limitations of the L-curve method in ill-posed problems, BIT 36.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, penalties, regression_data
from figures.models.tikhonov import fit_and_rest, generalized_svd

ROUNDING = 1e-13  # a part of y that is a smaller share of it is 0 but for rounding
SAME_CURVATURE = 1e-9  # which of two curvatures that agree to nine digits is larger would depend on the processor


@dataclass(frozen=True)
class LCurve:
    """The points of the L-curve, by rising λ.

    Attributes:
        lambdas: (n_lambdas,)
        residual_norms: (n_lambdas,) ||y - X w||, in the units of y.
        seminorms: (n_lambdas,) ||Γ w||.
        curvatures: (n_lambdas,) of the curve of their logarithms, without unit.
    """

    lambdas: Floats
    residual_norms: Floats
    seminorms: Floats
    curvatures: Floats

    @property
    def corner(self) -> float:
        """The λ of the largest curvature, the smallest one if several are equal.

        At an end of the grid it is no corner: take a wider grid.
        """
        highest = self.curvatures.max()
        return float(self.lambdas[(self.curvatures >= highest - SAME_CURVATURE * abs(highest)).argmax()])


def l_curve(X: ArrayLike, y: ArrayLike, Gamma: ArrayLike, lambdas: ArrayLike) -> LCurve:
    """Measure the L-curve at the given λ.

    Raises:
        ValueError: as ``tikhonov``; also for a λ of 0, and where ||Γ w|| or ||y - X w|| is 0, which has no logarithm.
    """
    X, y = regression_data(X, y)
    grid = np.sort(penalties(lambdas))
    if grid[0] == 0:
        raise ValueError(f"lambdas の形は {grid.shape}、最小値は 0 です。L字曲線には正の数を渡してください。")
    U, c, s, _ = generalized_svd(X, Gamma)
    unit = np.abs(y).max() or 1.0
    fit, outside = fit_and_rest(U, y / unit)
    root = np.sqrt(len(X) * grid)  # of μ
    r = np.square(root[:, None] * (s / c))  # (n_lambdas, rank)
    rho, terms = outside**2 + np.square(r / (1 + r) * fit).sum(axis=1), r * np.square(fit / (1 + r))
    mu_eta = terms.sum(axis=1)
    if np.linalg.norm(fit[s > 0]) <= ROUNDING * np.linalg.norm(y / unit) or not (rho.all() and mu_eta.all()):
        raise ValueError(
            f"y（形は {y.shape}）では ||y - X w|| か ||Gamma w|| が 0 になり、L字曲線がありません。"
            "X w で近づけられ、しかも Gamma w = 0 の w だけでは足りない y を渡してください。"
        )
    m, h = rho / mu_eta, -2 * (r / (1 + r) * terms).sum(axis=1) / mu_eta
    cosine, sine = 1 / np.hypot(1, m), m / np.hypot(1, m)
    curvature = -2 * sine * cosine * (cosine + sine + sine / h)
    return LCurve(grid, np.sqrt(rho) * unit, np.sqrt(mu_eta) / root * unit, curvature)
