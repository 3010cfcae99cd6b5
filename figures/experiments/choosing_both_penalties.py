"""λ2も交差検証に選ばせたら、五つ子は全員残るのか。

データ: elastic_net と同じ、そっくりな5個と効かない15個。100行で学習する。
解き方: λ1とλ2の組を、5分割の交差検証の誤差がいちばん小さいように選ぶ。λ1の格子は elastic_net と同じ。
λ2の候補は6個で、0を含む。
「伸ばす」は、解に 1+λ2 を掛けること。選ぶときから掛けておく。
出典: Zou & Hastie (2005), J. R. Stat. Soc. B 67(2)。1+λ2 倍は3.2節。
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from figures.experiments.elastic_net import FIRST, FOLDS, GRID, MANY, MUCH, N_TWINS
from figures.models.cross_validation import cv_curves, leave_out, split
from figures.models.elastic_net import elastic_net_many
from figures.models.regression_data import Floats
from figures.results import Claim, Number, Result

SEEDS = range(40)
DOSES = (0.0, 0.05, 0.1, MUCH, 1.0, 3.0)  # the λ2 to choose from


class Chosen(NamedTuple):
    """The chosen λ2, and the twins that stay: (n_seeds,) each."""

    l2: Floats
    kept: Floats


def chosen(seeds: Iterable[int], doses: Sequence[float] = DOSES, stretch: bool = False) -> Chosen:
    """λ1 and λ2 together by cross-validation; with ``stretch`` every solution is multiplied by 1 + λ2."""
    data = FIRST.tables(seeds)
    folds = [leave_out(X[: FIRST.rows], y[: FIRST.rows], FOLDS) for X, y in data]

    def curves(l2: float) -> Floats:
        """CV(λ1): (n_seeds, n_lambdas)."""
        factor = 1 + l2 if stretch else 1
        found = cv_curves(folds, lambda some, l1: factor * elastic_net_many(some, l1, l2), GRID)
        return np.array([curve.mean for curve in found])

    cv = np.array([curves(l2) for l2 in doses])  # (n_doses, n_seeds, n_lambdas)
    dose, place = cv.min(axis=2).argmin(axis=0), cv.argmin(axis=2)
    kept = []
    for month, (X, y) in enumerate(data):
        whole, lam = split(X, y, FIRST.rows), GRID[place[dose[month], month]]
        w = elastic_net_many([(whole.X, whole.y)], [lam], doses[dose[month]])[0, 0]
        kept.append((w[:N_TWINS] != 0).sum())
    return Chosen(np.array(doses)[dose], np.array(kept, dtype=np.float64))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    plain, many, stretched = chosen(seeds), chosen(MANY), chosen(seeds, stretch=True)
    return {
        "doses": Number(len(DOSES), "個", "λ2の候補の数", digits=0),
        "least": Number(DOSES[0], "", "λ2の候補、いちばん小さい値", digits=0),
        "most": Number(DOSES[-1], "", "λ2の候補、いちばん大きい値", digits=0),
        "all": Number(np.sum(plain.kept == N_TWINS), "か月", "五個とも残った月の数、λ2も選ぶ", digits=0),
        "none": Number(np.sum(plain.l2 == 0), "か月", "λ2=0が選ばれた月の数", digits=0),
        "many_all": Number(np.sum(many.kept == N_TWINS), "か月", "五個とも残った月の数、λ2も選ぶ、追試", digits=0),
        "stretched_all": Number(
            np.sum(stretched.kept == N_TWINS), "か月", "五個とも残った月の数、λ2も選び、1+λ2倍に伸ばす", digits=0
        ),
        "some_missing": Claim(plain.kept, "<", N_TWINS, 0.25, "残ったそっくりな項目、λ2も選ぶ", 2),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """No choice of λ2 but the strong one."""
    return {"some_missing": Claim(chosen(seeds, [MUCH]).kept, "<", N_TWINS, 0.25, "", 2)}
