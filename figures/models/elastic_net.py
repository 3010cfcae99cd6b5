"""The elastic net (L1 and L2 together), exactly: every λ1 for a fixed λ2.

    minimise over w:   1/(2n) ||y - X w||²  +  λ1 ||w||₁  +  λ2/2 ||w||²

With c_j = x_j'(y - X w)/n - λ2 w_j the optimality (KKT) conditions are those of the lasso,

    c_j = λ1 sign(w_j)  where w_j ≠ 0,      |c_j| <= λ1  where w_j = 0,

so it is solved as one, with X'X/n + λ2 I in place of X'X/n: λ2 = 0 is the lasso, λ1 = 0 is ridge. With λ2 > 0 the
objective is strictly convex and the solution unique, also for twins, collinear columns and p > n: identical columns get
equal weights. (A λ2 below 1e-14 ||x_j||²/n is lost in the rounding of X and acts as 0.)

    X: (n_samples, n_features)   standardised columns       y: (n_samples,)   centred; the intercept is not penalised
    λ1 in the units of y, λ2 without unit

Elsewhere: scikit-learn ``ElasticNet(alpha=α, l1_ratio=ρ)`` and glmnet (λ = α, alpha = ρ) have λ1 = α ρ, λ2 = α (1 - ρ),
that is α = λ1 + λ2 and ρ = λ1 / (λ1 + λ2). Both give the minimiser above.

Zou & Hastie scale columns to Σ_i x_ij² = 1, ours have Σ_i x_ij² = n. With their factors on ||y - Xβ||² + λ1^ZH ||β||₁ +
λ2^ZH ||β||², the same fit has β = √n w, λ1^ZH = 2√n λ1, and λ2^ZH = λ2, the same number. The minimiser is their "naive"
elastic net; what they call the elastic net is (1 + λ2) times it (``rescaled``), which undoes the shrinkage by L2 where
columns are uncorrelated. It is the minimiser of (their Theorem 2, in our scaling)

    1/2 w' [(X'X/n + λ2 I) / (1 + λ2)] w  -  w'X'y/n  +  λ1 ||w||₁,

the lasso with all correlations divided by 1 + λ2; for λ2 → ∞ it is ``soft_threshold(X'y/n, λ1)``.

Source: Zou & Hastie (2005), Regularization and variable selection via the elastic net, J. R. Stat. Soc. B 67(2): Lemma
1 (as a lasso), sections 3.2 and 3.3 (rescaling), Theorem 2.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from figures.models.lasso_many import lasso_many
from figures.models.lasso_path import LassoPath, lasso_path
from figures.models.regression_data import Floats, penalty


def elastic_net_path(X: ArrayLike, y: ArrayLike, l2: float, lambda_min: float = 0.0) -> LassoPath:
    """Follow λ1 from λ_max = max_j |x_j'y|/n down to ``lambda_min`` with λ2 = ``l2``; w at given λ1 is ``.at(λ1)``.

    Raises:
        ValueError: for bad data, or a bad ``l2`` or ``lambda_min``.
        ArithmeticError: as ``lasso_path``, if l2 is 0 or nearly so.
    """
    return lasso_path(X, y, lambda_min, l2)


def elastic_net_many(problems: Sequence[tuple[ArrayLike, ArrayLike]], lambdas: ArrayLike, l2: float) -> Floats:
    """Return w: (n_problems, n_lambdas, n_features) at the given λ1. Raises ``ValueError`` as ``lasso_many``."""
    return lasso_many(problems, lambdas, penalty(l2, "l2"))


def rescaled(w: Floats, l2: float) -> Floats:
    """Return (1 + λ2) w, from the naive elastic net that of Zou & Hastie. Raises ``ValueError`` for a bad ``l2``."""
    return np.asarray((1 + penalty(l2, "l2")) * w, dtype=np.float64)
