"""Diabetes: 10 measurements of 442 patients, and how far the disease had gone a year later.

Source: Efron, Hastie, Johnstone & Tibshirani (2004), Least angle regression, Ann. Statist. 32(2), 407-499, section 1.
Origin, units and licence of the file are in ``diabetes.md``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from figures.models.regression_data import Floats

NAMES = ("年齢", "性別", "BMI", "血圧", "総コレ", "LDL", "HDL", "総コレ/HDL", "中性脂肪(log)", "血糖")


def load_diabetes() -> tuple[Floats, Floats]:
    """Return X: (442, 10) in the units of the file, columns as in ``NAMES``, and y: (442,) progression, 25 to 346."""
    table = np.loadtxt(Path(__file__).with_name("diabetes.csv"), delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1]
