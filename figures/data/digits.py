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
