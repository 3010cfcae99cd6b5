"""The four simulated examples by which the elastic net was introduced.

    y = X w + σ ε,      ε_i ~ N(0, 1) independent;      rows for training / choice of λ / test

    1   20/20/200     w = (3, 1.5, 0, 0, 2, 0, 0, 0)           σ = 3     corr(x_j, x_k) = 0.5^|j-k|
    2   20/20/200     w_j = 0.85, 8 times                      σ = 3     as 1
    3   100/100/400   w = (0…, 2…, 0…, 2…), 10 times each      σ = 15    corr(x_j, x_k) = 0.5
    4   50/50/400     w = (3…, 0…), 15 and 25 times            σ = 15    three groups of five: x_j = Z_g + e_j with
                                                                         Z_g ~ N(0, 1), e_j ~ N(0, 0.01); others N(0, 1)

For example 3 the paper gives the correlation and not the variance. Its model is the last example of Tibshirani (1996),
x_ij = z_i + z_ij with variance 2, which is taken here; ``unit_variance`` divides X by √2.

The paper's 50 data sets of an example are 50 seeds. Its printed errors are without the noise: ||X (ŵ - w)||²/n on the
test rows is the quantity (3.06 for the lasso in example 1, where σ² is 9).

Source: Zou & Hastie (2005), Regularization and variable selection via the elastic net, J. R. Stat. Soc. B 67(2),
section 5; Tibshirani (1996), J. R. Stat. Soc. B 58(1), section 7.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from figures.data.synthetic import autoregressive
from figures.models.regression_data import Floats


class Example(NamedTuple):
    """Rows of the three parts, true weights, and σ."""

    rows: tuple[int, int, int]
    w: Floats
    noise: float


EXAMPLES = {
    1: Example((20, 20, 200), np.array([3, 1.5, 0, 0, 2, 0, 0, 0]), 3),
    2: Example((20, 20, 200), np.full(8, 0.85), 3),
    3: Example((100, 100, 400), np.repeat([0.0, 2.0, 0.0, 2.0], 10), 15),
    4: Example((50, 50, 400), np.repeat([3.0, 0.0], [15, 25]), 15),
}


def zou_hastie(seed: int, example: int, unit_variance: bool = False) -> list[tuple[Floats, Floats]]:
    """Return (X, y) of the training rows, of the rows for the choice of λ, and of the test rows.

    Raises:
        ValueError: for an example other than 1 to 4.
    """
    if example not in EXAMPLES:
        raise ValueError(f"example={example} はありません。1から4の整数を渡してください。")
    rows, w, noise = EXAMPLES[example]
    if example in (1, 2):
        X, y = autoregressive(seed, w, sum(rows), noise=noise)
    else:
        draws = np.random.default_rng(seed).standard_normal((sum(rows), len(w) + 4))
        X, Z, errors = draws[:, :-4].copy(), draws[:, -4:-1], draws[:, -1]
        if example == 3:
            X = (X + Z[:, :1]) / np.sqrt(2 if unit_variance else 1)
        else:
            X[:, :15] = np.repeat(Z, 5, axis=1) + 0.1 * X[:, :15]
        y = X @ w + noise * errors
    ends = np.cumsum(rows)[:-1]
    return list(zip(np.split(X, ends), np.split(y, ends), strict=True))
