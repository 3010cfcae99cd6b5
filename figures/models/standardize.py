"""Put every feature on the same scale, with the training rows alone.

    z_ij = (x_ij - mean_j) / scale_j,    mean_j = 1/n Σ_i x_ij,    scale_j² = 1/n Σ_i (x_ij - mean_j)²

The sums run over the n training rows; other rows are moved by the same mean and scale, or the test set would leak into
the fit. The divisor is n (as scikit-learn's ``StandardScaler``; R's ``scale`` has n - 1), so that Z'Z / n has ones on
its diagonal. A column that does not vary carries no information: it becomes 0 in every row, training or not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from figures.models.regression_data import Floats, design_matrix

# A column whose spread is smaller than this share of its largest value is constant but for rounding.
CONSTANT = 1e-13


@dataclass(frozen=True)
class Standardization:
    """Mean and scale of the training rows.

    Attributes:
        mean: (n_features,) in the units of each feature.
        scale: (n_features,) in the same units; infinite for a constant column, so that dividing by it gives 0.
    """

    mean: Floats
    scale: Floats

    def apply(self, X: ArrayLike) -> Floats:
        """Return z: (n_samples, n_features). Raises ``ValueError`` if X has another number of features."""
        X = design_matrix(X)
        if X.shape[1] != len(self.mean):
            raise ValueError(
                f"X の形は {X.shape} です。標準化に使ったのと同じ {len(self.mean)} 列の配列を渡してください。"
            )
        return (X - self.mean) / self.scale


def fit_standardization(X_train: ArrayLike) -> Standardization:
    """Measure mean and scale on X_train: (n_samples, n_features). Raises ``ValueError`` for bad input."""
    X = design_matrix(X_train, "X_train")
    # Divided by its largest value, no column can overflow in the sum of squares.
    largest = np.abs(X).max(axis=0)
    unit = np.where(largest > 0, largest, 1.0)
    scaled = X / unit
    mean = scaled.mean(axis=0)
    spread = np.sqrt(((scaled - mean) ** 2).mean(axis=0))
    return Standardization(mean * unit, np.where(spread > CONSTANT, spread * unit, np.inf))
