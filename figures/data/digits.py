"""Handwritten digits: 1797 images of 8×8 points, 0 to 9, in the order in which people filled in forms.

Source: Alpaydin & Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, test part.
Origin, licence and how the forms were found are in ``digits.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from figures.models.folds import Ints
from figures.models.regression_data import Floats

# The row at which each form begins: there the sequence of labels starts again from the top.
FIRST_ROWS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)


class Digits(NamedTuple):
    """Images, labels and forms.

    Attributes:
        X: (1797, 64) how many of 4×4 points are dark, 0 to 16; row by row from the upper left.
        y: (1797,) the digit, 0 to 9.
        form: (1797,) 0 to 13, the block that was written on one form; split by it (``group_folds``).
    """

    X: Floats
    y: Ints
    form: Ints


def load_digits() -> Digits:
    """Return the digits in the order of the file."""
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as file:
        X, y = file["X"].astype(np.float64), file["y"].astype(np.int64)
    form = np.searchsorted(FIRST_ROWS, np.arange(len(y)), side="right") - 1
    return Digits(X, y, form.astype(np.int64))


def rows_by_forms(seed: int, *parts: tuple[int, int]) -> list[Ints]:
    """Draw the rows of each part, which is so many forms and so many rows of them; no form is in two parts.

    Raises:
        ValueError: if there are not as many forms, or not as many rows on the forms of a part.
    """
    form, rng, found = load_digits().form, np.random.default_rng(seed), []
    forms = np.split(rng.permutation(len(FIRST_ROWS)), np.cumsum([n_forms for n_forms, _ in parts]))
    for (n_forms, n_rows), drawn in zip(parts, forms, strict=False):
        rows = rng.permutation(np.flatnonzero(np.isin(form, drawn)))[:n_rows]
        if len(drawn) < n_forms or len(rows) < n_rows:
            raise ValueError(
                f"用紙{n_forms}枚から{n_rows}枚の画像は取れません（用紙は全部で{len(FIRST_ROWS)}枚、残りは"
                f"{len(drawn)}枚、その画像は{len(rows)}枚）。用紙か画像を減らしてください。"
            )
        found.append(rows)
    return found
