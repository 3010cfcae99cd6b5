"""Which rows are left out together: the folds of cross-validation.

    k-fold     row i belongs to fold i mod K, so the rows must come in random order; sizes differ by at most one
    grouped    all rows of a group belong to one fold: the largest group first, each to the fold that has the fewest
               rows so far (of equal groups the last in sorted order first, of equal folds the first)

Rows of one group (passages of one work, digits of one writer) are alike. If some of them are in the training rows and
some in the test rows, the model is tested on what it has seen, and the error comes out too small.

    fold: (n_samples,)   for each row the number 0 … K-1 of its fold; train on ``fold != k``, test on ``fold == k``

Elsewhere: scikit-learn ``KFold`` (there in blocks, or shuffled), ``GroupKFold`` (the same folds as here).
Source: Stone (1974), J. R. Stat. Soc. B 36(2); for groups Roberts et al. (2017), Cross-validation strategies for data
with temporal, spatial, hierarchical, or phylogenetic structure, Ecography 40(8).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints: TypeAlias = NDArray[np.int64]


def k_folds(n_samples: int, n_folds: int) -> Ints:
    """Return fold: (n_samples,). Raises ``ValueError`` unless 2 <= n_folds <= n_samples."""
    _check(n_folds, n_samples, "行数")
    return np.arange(n_samples, dtype=np.int64) % n_folds


def group_folds(groups: ArrayLike, n_folds: int) -> Ints:
    """Return fold: (n_samples,) for groups: (n_samples,), integers or names.

    Raises:
        ValueError: for other groups, or unless 2 <= n_folds <= the number of groups.
    """
    array = np.asarray(groups)
    if array.ndim != 1 or array.dtype.kind not in "iuU":
        raise ValueError(
            f"groups の形は {array.shape}、dtype は {array.dtype} です。"
            "形が (n_samples,) の、整数か名前の配列を渡してください。"
        )
    names, group = np.unique(array, return_inverse=True)
    _check(n_folds, len(names), "グループの数")
    sizes = np.bincount(group)
    rows, fold_of = np.zeros(n_folds, dtype=np.int64), np.zeros(len(names), dtype=np.int64)
    for g in np.argsort(sizes, kind="stable")[::-1]:
        fold_of[g] = rows.argmin()
        rows[fold_of[g]] += sizes[g]
    return fold_of[group]


def _check(n_folds: int, most: int, what: str) -> None:
    if not isinstance(n_folds, int | np.integer) or not 2 <= n_folds <= most:
        raise ValueError(f"n_folds={n_folds} は使えません。2から{what} {most} までの整数を渡してください。")
