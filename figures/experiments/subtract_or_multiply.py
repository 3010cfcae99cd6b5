"""L1は引き算、L2は掛け算なのか。

データ: 項目が互いに無関係（直交）な合成データを20回、100行、10項目（figures/data/synthetic.py）。
ほかに、相関のある二項目の例。
解き方: 1/(2n)‖y−Xw‖² に、L1は λ‖w‖₁、L2は λ/2‖w‖² を足して最小にする。反復はせず、L1は折れ線の経路、
L2は特異値分解で解く。
出典: 直交するときの式は Tibshirani (1996), J. R. Stat. Soc. B 58(1), 2.2節の式(3)。
向きごとの式は Hoerl & Kennard (1970), Technometrics 12(1)。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from figures.data.synthetic import orthonormal
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge
from figures.models.side_by_side import Weights, fit
from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)
TRUTH = np.array([5, -4, 3, -2.5, 2, -1.5, 1, -0.75, 0.4, -0.2])  # true weights
LAMBDA = 0.5
PAIR = (2, -0.5)  # weights of the smallest example without a penalty
CORRELATION, PAIR_LAMBDA = 0.9, 0.1  # of its two features; its λ


def straight(seeds: Iterable[int], correlation: float = 0.0) -> Weights:
    """Features with X'X/n = I, or with one ``correlation`` between any two of them."""
    mixed = np.linalg.cholesky((1 - correlation) * np.eye(len(TRUTH)) + correlation).T
    return fit(((X @ mixed, y) for X, y in (orthonormal(seed, TRUTH) for seed in seeds)), LAMBDA, LAMBDA)


def shift_spread(w: Floats, none: Floats) -> Floats:
    """Largest minus smallest |w_none| - |w| over the weights that are not 0, in millionths (finer is rounding)."""
    shift = np.where(w == 0, np.nan, np.abs(none) - np.abs(w))
    return np.asarray(np.round(np.nanmax(shift, axis=1) - np.nanmin(shift, axis=1), 6))


def factor_spread(w: Floats, none: Floats) -> Floats:
    """Largest minus smallest w / w_none, in millionths."""
    return np.asarray(np.round(np.max(w / none, axis=1) - np.min(w / none, axis=1), 6))


def pair(correlation: float = CORRELATION, lam: float = PAIR_LAMBDA) -> tuple[Floats, Floats]:
    """The smallest example: two features, weights 2 and -0.5 without a penalty. Return L2's weights and what it keeps.

    X'X/n = [[1, r], [r, 1]] has the directions (1, 1) and (1, -1), with s² = 1 + r and 1 - r.
    """
    X = np.sqrt(2) * np.linalg.cholesky(np.array([[1, correlation], [correlation, 1]])).T
    y = X @ np.array(PAIR)
    return ridge(X, y, lam)[0], filter_factors(X, lam)[0]


def run(seeds: Iterable[int]) -> dict[str, Result]:
    w = straight(seeds)
    l2, kept = pair()
    return {
        # features that have nothing to do with one another
        "features": Number(len(TRUTH), "個", "直交するデータの項目の数", digits=0),
        "lambda": Number(LAMBDA, "", "直交するときのλ", digits=1),
        "l1_shift": Number(LAMBDA, "", "直交するとき、L1が引く量", digits=1),
        "l2_factor": Number(1 / (1 + LAMBDA), "倍", "直交するとき、L2が掛ける数", digits=3),
        "l1_subtracts": Claim(shift_spread(w.l1, w.none), "==", 0, about="直交するとき、L1が引く量の最大と最小の差"),
        "l2_multiplies": Claim(
            factor_spread(w.l2, w.none), "==", 0, about="直交するとき、L2が掛ける数の最大と最小の差"
        ),
        "lines": Figure(
            {"無関係な項目": {"none": w.none[0], "l1": w.l1[0], "l2": w.l2[0]}},
            title="項目が無関係なら、L1は引き算、L2は掛け算",
            caption="横が正則化なしの重み、縦がかけたあとの重みです。L1は対角線と平行に、L2はまっすぐな坂に並びます。",
            alt="L1の点は対角線から{{ subtract_or_multiply.l1_shift }}だけ0に近く、"
            "L2の点は傾き{{ subtract_or_multiply.l2_factor }}の直線に並ぶ。",
        ),
        # two features
        "pair_correlation": Number(CORRELATION, "", "二項目の例、相関", digits=1),
        "pair_lambda": Number(PAIR_LAMBDA, "", "二項目の例、λ", digits=1),
        "pair_first_none": Number(PAIR[0], "", "二項目の例、罰なしの重み、一つ目", digits=0),
        "pair_second_none": Number(PAIR[1], "", "二項目の例、罰なしの重み、二つ目", digits=1),
        "pair_sum_none": Number(PAIR[0] + PAIR[1], "", "二項目の例、罰なしの重みの和", digits=1),
        "pair_difference_none": Number(PAIR[0] - PAIR[1], "", "二項目の例、罰なしの重みの差", digits=1),
        "pair_first": Number(l2[0], "", "二項目の例、2だった重み", digits=2),
        "pair_second": Number(l2[1], "", "二項目の例、−0.5だった重み", digits=2),
        "pair_wide_kept": Number(kept[0], "%", "二項目の例、広がった向きで残る割合", digits=0),
        "pair_narrow_kept": Number(kept[1], "%", "二項目の例、狭い向きで残る割合", digits=0),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Features that are correlated: neither is a subtraction or a multiplication any more."""
    w = straight(seeds, CORRELATION)
    return {
        "l1_subtracts": Claim(shift_spread(w.l1, w.none), "==", 0),
        "l2_multiplies": Claim(factor_spread(w.l2, w.none), "==", 0),
    }


def draw_lines(ax: Any, data: Any) -> None:
    from figures import plot

    plot.against(ax, data["none"], {"l1": data["l1"], "l2": data["l2"]}, -6, 6, joined=True)
