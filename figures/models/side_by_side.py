"""The same data fitted three times: without a penalty, with L1, with L2.

    none = argmin 1/(2n) ||y - X w||²,    l1 = argmin … + λ₁ ||w||₁,    l2 = argmin … + λ₂/2 ||w||²

Sources: ``least_squares``, ``lasso_path``, ``ridge``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from figures.models.lasso_path import lasso_path
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.ridge import ridge


class Weights(NamedTuple):
    """Without a penalty, with L1 and with L2: (n_tables, n_features) each."""

    none: Floats
    l1: Floats
    l2: Floats


def lasso(X: Floats, y: Floats, lambdas: Floats) -> Floats:
    """Return the weights with L1 at each λ: (n_lambdas, n_features)."""
    return lasso_path(X, y, float(np.min(lambdas))).at(lambdas)


def fit(data: Iterable[tuple[Floats, Floats]], l1: float, l2: float) -> Weights:
    """Fit each table X: (n_samples, n_features), y: (n_samples,) with λ₁ = l1 and λ₂ = l2."""
    rows = [(least_squares(X, y), lasso(X, y, np.array([l1]))[0], ridge(X, y, l2)[0]) for X, y in data]
    return Weights(*(np.array(column) for column in zip(*rows, strict=True)))
