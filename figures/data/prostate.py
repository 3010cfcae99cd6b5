"""Prostate: 8 measurements of 97 men about to have their prostate removed, and the PSA in their blood.

Source: Stamey et al. (1989), J. Urology 141, 1076-1083; Hastie, Tibshirani & Friedman, The Elements of Statistical
Learning, 2nd ed., section 3.2.1. Origin, units and licence of the file are in ``prostate.md``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from figures.models.regression_data import Floats

NAMES = (
    "がん体積(log)",
    "前立腺重量(log)",
    "年齢",
    "肥大量(log)",
    "精嚢浸潤",
    "被膜浸潤(log)",
    "グリソン",
    "高グリソン(%)",
)


def load_prostate() -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return X: (97, 8) in the units of the file, columns as in ``NAMES``; y: (97,) log PSA; train: (97,), 67 True."""
    place = Path(__file__).with_name("prostate.csv")
    table = np.loadtxt(place, delimiter=",", skiprows=1, converters={9: lambda text: float(text == "True")})
    return table[:, :8], table[:, 8], table[:, 9] == 1
