"""L2の道具だけで、どのΓのティホノフ正則化も解けるのか。

データ: ぼけて雑音の乗った写真の1行、40画素（figures/data/blurred.py）、種ごとに引きなおして20回。
ほかに、糖尿病データ（figures/data/diabetes.md）から150人を無作為に20回と、四つの画素の例。
解き方: 1/(2n)‖y−Xw‖² に λ/2‖Γw‖² を足した式を、Xの下に √(nλ)Γ の行を、yの下に0を足した最小二乗法でも解いて、比べる。
標準化してからのリッジは、測ったままの値に Γ＝diag(標準偏差) をかけた式と比べる。
出典: リッジは Hoerl & Kennard (1970), Technometrics 12(1)、式(2.1)。行を足す形は Hansen (1998), SIAM。
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from figures.data.blurred import PIXELS, blur, hills, photograph
from figures.data.diabetes import load_diabetes
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.tikhonov import second_differences, tikhonov
from figures.results import Claim, Number, Result

SEEDS = range(20)
LAMBDA = 0.1
PEOPLE = 150
ALIKE = 9  # decimals to which two ways to solve one problem are compared; finer is rounding
ALIKE_MEASURED = 6  # the same for diabetes data, whose weights are a thousand times as large


def stacked(X: Floats, y: Floats, Gamma: Floats, strength: float) -> Floats:
    """Ordinary least squares with more rows:  [X; √(nλ) Γ] w ≈ [y; 0].  ``strength`` is nλ."""
    rows = np.vstack([X, np.sqrt(strength) * Gamma])
    return np.asarray(np.linalg.lstsq(rows, np.append(y, np.zeros(len(Gamma))), rcond=None)[0])


def stacking_gap(seeds: Iterable[int], name: str, rows: int = PIXELS) -> list[float]:
    """The largest difference between both ways, to ALIKE decimals; ``rows`` is taken for the n of nλ."""
    X, Gamma = blur(), np.eye(PIXELS) if name == "ridge" else second_differences(PIXELS)
    gaps = []
    for seed in seeds:
        _, y = photograph(seed, hills, X)
        known = ridge(X, y, LAMBDA)[0] if name == "ridge" else tikhonov(X, y, Gamma, LAMBDA)[0]
        gaps.append(round(float(np.abs(stacked(X, y, Gamma, rows * LAMBDA) - known).max()), ALIKE))
    return gaps


def units_gap(seeds: Iterable[int], power: int = 1) -> list[float]:
    """Ridge on standardised columns against Γ = diag(σ_j) on those as measured; another ``power`` breaks it."""
    X, y = load_diabetes()
    gaps = []
    for seed in seeds:
        chosen = np.argsort(np.random.default_rng(seed).random(len(y)), kind="stable")[:PEOPLE]
        centred, t = X[chosen] - X[chosen].mean(axis=0), y[chosen] - y[chosen].mean()
        scale = centred.std(axis=0)
        standardised = ridge(centred / scale, t, LAMBDA)[0]
        measured = tikhonov(centred, t, np.diag(scale**power), LAMBDA)[0]
        gaps.append(round(float(np.abs(measured * scale - standardised).max()), ALIKE_MEASURED))
    return gaps


def four_pixels() -> dict[str, Number]:
    """The smallest example: of four pixels on a straight line the second was not measured. w for both Γ at λ = 1.

    Each minimum can be found by hand: L2 puts the missing pixel on the mean m of the others, and leaves of their
    distance to it 1/(1 + nλ), n = 3; to second differences the straight line costs nothing at any λ.
    """
    X, y = np.delete(np.eye(4), 1, axis=0), np.array([3.0, 9, 12])
    found = {"four_lambda": Number(1, "", "四つの画素、λ", digits=0)}
    found |= {
        f"four_{i}": Number(value, "", f"四つの画素、測った{i}番め", digits=0)
        for i, value in zip("134", y, strict=True)
    }
    for name, word, Gamma in (("l2", "L2", np.eye(4) - 1 / 4), ("bend", "2階差分", second_differences(4))):
        for i, value in enumerate(tikhonov(X, y, Gamma, 1)[0], 1):
            rounded, digits = round(float(value), ALIKE), 2 if name == "l2" and i in (1, 3) else 0
            found[f"{name}_{i}"] = Number(rounded, "", f"四つの画素、{word}、{i}番め", digits=digits)
    return found


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    return {
        "people": Number(PEOPLE, "人", "糖尿病データで学習に使う人数", digits=0),
        "alike": Number(ALIKE, "桁", "比べる小数点以下の桁、写真", digits=0),
        "ridge_by_rows": Claim(stacking_gap(seeds, "ridge"), "==", 0, about="行を足した最小二乗法とリッジ回帰の差"),
        "gamma_by_rows": Claim(stacking_gap(seeds, "second"), "==", 0, about="行を足した最小二乗法と2階差分のΓの差"),
        "units_are_gamma": Claim(units_gap(seeds), "==", 0, about="標準化したリッジ回帰と、Γ＝diag(標準偏差)の差"),
        **four_pixels(),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """The n of nλ forgotten, as when λ is taken over from a library that sums; a scale that is squared."""
    seeds = list(seeds)
    return {
        "ridge_by_rows": Claim(stacking_gap(seeds, "ridge", 1), "==", 0),
        "gamma_by_rows": Claim(stacking_gap(seeds, "second", 1), "==", 0),
        "units_are_gamma": Claim(units_gap(seeds, 2), "==", 0),
    }
