"""五つ子が何人残るかは、相関で決まるのか。

データ: elastic_net と同じ、そっくりな5個と効かない15個。相関、雑音の標準偏差σ、行nを変えて、種ごとに引く。
ぶれは σ/√(n(1−相関))。罰なしの重みが、五つ子の平均のまわりでぶれる標準偏差の目安（正しくは√(4/5)倍）。
ほかに、二項目だけの例。
解き方: 1/(2n)‖y−Xw‖² に λ1‖w‖₁ と λ2/2‖w‖² を足して最小にする。λ1は5分割の交差検証で選ぶ。二項目の例は式で解く。
出典: 二項目の式は Zou & Hastie (2005), J. R. Stat. Soc. B 67(2), 2.3節の設定を、この記事の流儀で解いたもの。
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from figures.experiments.elastic_net import FIRST, Setting, fitted
from figures.models.regression_data import Floats
from figures.results import Claim, Number, Result, Table

SEEDS = range(40)
SAME = {  # as much wobble as in the first
    "noisier": ("雑音を増し、行を増す", Setting(noise=6, rows=400)),
    "closer": ("もっと似せ、行を増す", Setting(rho=0.9975, rows=400)),
    "quieter": ("もっと似せ、雑音を減らす", Setting(rho=0.9975, noise=1.5)),
    "apart": ("似せず、雑音を増す", Setting(rho=0.96, noise=6)),
}
DROWNED = Setting(rho=0.75, noise=15)  # the same wobble once more, but the noise hides the sum of the twins as well
OTHER = {
    "calm": ("雑音だけ減らす", Setting(noise=1)),
    "identical": ("もっと似せるだけ", Setting(rho=0.9999)),
}
EVERY = {"first": ("はじめの条件", FIRST), **SAME, **OTHER, "drowned": ("離しすぎる", DROWNED)}
CLOSE = 0.5  # means of twins that stay are called the same if they differ by less
C, CORRELATION, L1 = (2.01, 1.95), 0.99, 0.4  # x'y/n of two twins A and B; their correlation; λ1
DOSES = {"l1": 0.0, "little": 0.05, "much": 0.3}  # λ2


def wobble(at: Setting) -> float:
    """The standard deviation of a weight without a penalty around the mean of its twins, but for √(4/5)."""
    return at.noise / float(np.sqrt(at.rows * (1 - at.rho)))


def pair(l2: float) -> tuple[float, float, Floats]:
    """Two twins in closed form: the sum and the difference if both stay, and the weights (w_B = 0 if B does not)."""
    (a, b), r = C, CORRELATION
    total, difference = (a + b - 2 * L1) / (1 + r + l2), (a - b) / (1 - r + l2)
    stay = np.array([total + difference, total - difference]) / 2
    return total, difference, stay if difference < total else np.array([(a - L1) / (1 + l2), 0.0])


def kept(seeds: Iterable[int], at: Setting, draw: int) -> Floats:
    """Twins that L1 keeps, with draws of its own: the same ones in two settings would make these alike."""
    return fitted([1000 * draw + seed for seed in seeds], 0, at).kept()


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    results: dict[str, Result] = {
        "pair_a": Number(C[0], "", "二項目の例、Aとyの積の平均", digits=2),
        "pair_b": Number(C[1], "", "二項目の例、Bとyの積の平均", digits=2),
        "pair_l1": Number(L1, "", "二項目の例のλ1", digits=1),
        "pair_spread": Number(1 - CORRELATION, "", "二項目の例、食い違う向きの広がり", digits=2),
        "pair_little_spread": Number(1 - CORRELATION + DOSES["little"], "", "二項目の例、差の分母、λ2=0.05", digits=2),
        "close": Number(CLOSE, "個", "同じと呼ぶ、平均の差の上限", digits=1),
    }
    for name, l2 in DOSES.items():
        total, difference, w = pair(l2)
        for what, value, of in (
            ("sum", total, "二つとも残るとしたときの和"),
            ("gap", difference, "二つとも残るとしたときの差"),
            ("wa", w[0], "Aの重み"),
            ("wb", w[1], "Bの重み"),
        ):
            results[f"pair_{name}_{what}"] = Number(value, "", f"二項目の例、{of}、λ2={l2:g}", digits=2)
    means, alone, gone = dict[str, float](), dict[str, int](), dict[str, int]()
    for draw, (name, (about, at)) in enumerate(EVERY.items()):
        stay = kept(seeds, at, draw)
        means[name], alone[name], gone[name] = float(stay.mean()), int((stay == 1).sum()), int((stay == 0).sum())
        results |= {
            f"{name}_rho": Number(at.rho, "", f"相関、{about}", digits=4 if round(at.rho, 2) != at.rho else 2),
            f"{name}_noise": Number(at.noise, "", f"雑音の標準偏差、{about}", digits=1 if at.noise % 1 else 0),
            f"{name}_rows": Number(at.rows, "", f"学習の行、{about}", digits=0),
            f"{name}_wobble": Number(wobble(at), "", f"ぶれ、{about}", digits=0),
            f"{name}_kept": Number(stay, "", f"残ったそっくりな項目、L1、{about}"),
        }
    results["identical_alone"] = Number(
        alone["identical"], "か月", "一個だけ残った月の数、L1、もっと似せるだけ", digits=0
    )
    results["drowned_gone"] = Number(gone["drowned"], "か月", "一個も残らない月の数、L1、離しすぎる", digits=0)
    shown = ("rho", "noise", "rows", "wobble", "kept")
    rows = {about: [f"{name}_{what}" for what in shown] for name, (about, _) in EVERY.items()}
    return results | {
        "same_wobble": Claim(
            [abs(means[name] - means["first"]) for name in SAME],
            "<",
            CLOSE,
            about="残った数の平均の、はじめの条件との差。ぶれを同じにし、相関が0.96以上の四つの条件",
        ),
        "table": Table(
            ["", "相関", "雑音", "行", "ぶれ", "残り"],
            rows,
            "残りは、L1が残した五つ子の数。ぶれが同じなら近い。離しすぎた最後の行だけは別。",
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Another wobble; or the same, with noise that hides all the twins."""
    seeds = list(seeds)
    first, others = kept(seeds, FIRST, 0).mean(), [*(at for _, at in OTHER.values()), DROWNED]
    return {"same_wobble": Claim([abs(kept(seeds, at, 1).mean() - first) for at in others], "<", CLOSE)}
