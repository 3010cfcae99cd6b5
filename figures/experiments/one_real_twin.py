"""五つ子のうち本物が一人だけなら、偽物は落ちるのか。

データ: elastic_net と同じ、そっくりな5個と効かない15個。本当の重みは、そっくりな5個のはじめが5、あとの4個（偽物）は0。
解き方: elastic_net と同じ。λ1は同じ格子と同じ5分割の交差検証で選ぶ。λ2は0（L1）か0.3で、倍率は1か1.3。
出典: Zou & Hastie (2005), J. R. Stat. Soc. B 67(2)。1+λ2 倍は3.2節。
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from figures.experiments.elastic_net import FACTOR, MUCH, N_TWINS, Fitted, Setting, fitted
from figures.models.regression_data import Floats
from figures.results import Claim, Number, Result

SEEDS = range(40)
ONE_REAL = Setting(truth=(5, 0, 0, 0, 0))


def real(fit: Fitted) -> Floats:
    """Whether the real twin, the first, stays: (n_seeds,)."""
    return np.asarray(fit.w[:, 0] != 0)


def fakes(fit: Fitted) -> Floats:
    """How many of its doubles stay: (n_seeds,)."""
    return np.asarray(fit.kept() - real(fit))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    l1, net = (fitted(seeds, l2, ONE_REAL) for l2 in (0, MUCH))
    l1_times, net_times = (fitted(seeds, l2, ONE_REAL, FACTOR) for l2 in (0, MUCH))
    return {
        "truth": Number(ONE_REAL.truth[0], "", "本物の、本当の重み", digits=0),
        "doubles": Number(N_TWINS - 1, "個", "偽物の数", digits=0),
        "l1_real": Number(np.sum(real(l1)), "か月", "本物が残った月の数、L1", digits=0),
        "l1_fakes": Number(fakes(l1), "個", "残った偽物、L1"),
        "net_fakes": Number(fakes(net), "個", "残った偽物、強いほう"),
        "real_weight": Number(net.w[:, 0], "", "本物の重み、強いほう"),
        "fake_weight": Number(net.w[:, 1:N_TWINS].mean(axis=1), "", "偽物の重み、強いほう"),
        "loss": Number(net.error - l1.error, "", "テスト誤差の増え、強いほう、L1と比べて"),
        "times_loss": Number(net_times.error - l1_times.error, "", "テスト誤差の増え、どちらも1.3倍"),
        "fakes_stay": Claim(fakes(net), "==", N_TWINS - 1, about="残った偽物、強いほう"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Hardly any λ2."""
    return {"fakes_stay": Claim(fakes(fitted(seeds, 0.003, ONE_REAL)), "==", N_TWINS - 1)}
