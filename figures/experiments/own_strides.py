"""歩幅を重みごとに変えると、何が変わるのか。

データ: 手書き数字（figures/data/digits.py）。1024枚で学習し、別の用紙の386枚で学習率を選び、残りの用紙の382枚で試す。
種は、はじめの重みと見る順番を20通りに変える。ほかに、二つの重みの谷（曲がり2と20、底は種ごとに1から5）。
解き方: 中間層16、ReLUのネットワークを、交差エントロピーで3エポック（ミニバッチは32枚、96歩）。AdaGradの歩幅は
ソフトマックス回帰で測る。谷は、λ=0.1、学習率0.01で10000歩。縮みは最後の1000歩の平均。ぶれは、勾配に足す正規乱数。
出典: figures/models/optimizers.py にある各論文。AdamWの行き先は Xie & Li (2024), ICML, 定理1.1。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import numpy as np

from figures.data.digits import load_digits
from figures.models.initialize import Parameters, initialize, stack
from figures.models.multilayer_perceptron import backward, forward
from figures.models.optimizers import SGD, AdaGrad, Adam, Optimizer, RMSprop, step
from figures.models.regression_data import Floats
from figures.models.schedules import constant, warmed_up
from figures.models.train import mini_batches, train
from figures.results import Claim, Number, Result

SEEDS = range(20)
N_ROWS, FORMS = 1024, (1029, 1415)  # rows to learn from; where the forms to choose with and those to test begin
SIZE, EPOCH, N_STEPS = 32, 32, 96  # rows in a batch; steps in an epoch, and in all
RATES: dict[str, tuple[Callable[[], Optimizer], tuple[float, ...]]] = {  # to choose from
    "SGD": (SGD, (0.1, 0.3, 1.0)),
    "momentum": (lambda: SGD(0.9), (0.03, 0.1, 0.3)),
    "AdaGrad": (AdaGrad, (0.03, 0.1, 0.3)),
    "RMSprop": (RMSprop, (0.003, 0.01, 0.03)),
    "Adam": (Adam, (0.01, 0.03, 0.1)),
}
HIGH, LEAP, SMALL = 0.1, 0.03, 0.1  # too high a rate for Adam, and for RMSprop; a small one, in shares of the best
POINTS = 5  # the rarest, and the commonest
VALLEY_STEPS = 10000
CURVATURE, LAMBDA, NOISE = np.array([2.0, 20.0]), 0.1, 5.0  # of the valley; of its penalty; of its gradients


class School:
    """Networks that differ in their first weights and in the order of the rows, one for each seed."""

    def __init__(self, seeds: Iterable[int]) -> None:
        X, y, _ = load_digits()
        self.seeds, self.X, self.y = list(seeds), X / 16, y

    def start(self, *sizes: int) -> Parameters:
        """First weights for layers of these sizes."""
        return stack([initialize(sizes, "he", seed) for seed in self.seeds])

    def learn(self, optimizer: Optimizer, rates: Floats, p: Parameters) -> Parameters:
        """Train in place, with a step for each rate."""
        each = [mini_batches(N_ROWS, SIZE, len(rates), seed) for seed in self.seeds]
        train(p, self.X, self.y, (np.stack(rows) for rows in zip(*each, strict=True)), optimizer, rates)
        return p

    def accuracy(self, optimizer: Optimizer, rates: Floats) -> Floats:
        """On the forms to choose with, and on those to test: (2, n_seeds)."""
        p = self.learn(optimizer, rates, self.start(64, 16, 10))
        right = forward(p, self.X[FORMS[0] :]).output.argmax(axis=-1) == self.y[FORMS[0] :]
        chosen_with = FORMS[1] - FORMS[0]
        return np.array([right[:, :chosen_with].mean(axis=1), right[:, chosen_with:].mean(axis=1)])

    def warm(self, optimizer: Optimizer, rate: float) -> Floats:
        """The accuracy on the test, with an epoch of warm-up."""
        return np.asarray(self.accuracy(optimizer, warmed_up(constant(rate, N_STEPS), EPOCH))[1])

    def first_steps(self, optimizer: Optimizer) -> tuple[Floats, Floats]:
        """Sizes of the first layer's gradients (all rows), and of the first steps, in learning rates."""
        p = self.start(64, 16, 10)
        g = backward(p, forward(p, self.X[:N_ROWS]), self.y[:N_ROWS])[0]["W1"].reshape(len(self.seeds), -1)
        return np.abs(g), np.abs(optimizer.direction("W1", g))

    def strides(self) -> tuple[Floats, Floats]:
        """AdaGrad's: of the rarest points in those of the commonest; at the end in those after an epoch."""
        optimizer, p = AdaGrad(), self.start(64, 10)
        ink = (self.X[:N_ROWS] > 0).mean(axis=0)
        order = [j for j in np.argsort(ink, kind="stable") if ink[j]]
        self.learn(optimizer, constant(0.1, EPOCH), p)
        early = np.sqrt(optimizer.s["W1"])[:, order]
        self.learn(optimizer, constant(0.1, N_STEPS - EPOCH), p)
        late = np.sqrt(optimizer.s["W1"])[:, order]
        rare = np.median(late[:, -POINTS:], axis=(1, 2)) / np.median(late[:, :POINTS], axis=(1, 2))
        return rare, np.asarray(np.median(early / late, axis=(1, 2)))


@cache  # the falsifier asks for some of them again
def tried(seeds: tuple[int, ...]) -> Mapping[str, Mapping[float, Floats]]:
    """``School.accuracy`` of every optimizer at every rate to choose from."""
    school = School(seeds)
    return {
        name: {rate: school.accuracy(make(), constant(rate, N_STEPS)) for rate in rates}
        for name, (make, rates) in RATES.items()
    }


@cache  # the falsifier asks again
def shrunk(seeds: tuple[int, ...]) -> Floats:
    """By how much Adam's weight along the gentle direction is shrunk, the mean of the last 1000 steps.

    (3, n_seeds): with the penalty in the update, in the loss, and in the update once more while the gradients shake.
    """
    decay, l2, noise = (np.array(of)[:, None, None] for of in ([LAMBDA, 0, LAMBDA], [0, LAMBDA, 0], [0, 0, NOISE]))
    draws = [np.random.default_rng(seed) for seed in seeds]
    bottom = np.array([1 + 4 * rng.random(2) for rng in draws])
    kicks = np.stack([rng.standard_normal((VALLEY_STEPS, 2)) for rng in draws], axis=1)
    optimizer, p = Adam(), {"W1": np.zeros((3, *bottom.shape))}
    total = np.zeros_like(p["W1"])
    for t, kick in enumerate(kicks):
        step(optimizer, p, {"W1": CURVATURE * (p["W1"] - bottom) + noise * kick}, 0.01, l2, decay)
        total += p["W1"] * (t >= VALLEY_STEPS - 1000) / 1000
    return np.asarray(1 - total[..., 0] / bottom[:, 0])


def spread(sizes: Floats) -> Floats:
    """The 99th percentile of what is not 0, in 1st percentiles: (n_seeds,)."""
    return np.array([np.divide(*np.quantile(row[row > 0], (0.99, 0.01))) for row in sizes])


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    school, found = School(seeds), tried(seeds)
    chosen = {name: max(of_one, key=lambda rate: float(of_one[rate][0].mean())) for name, of_one in found.items()}
    test = {name: found[name][rate][1] for name, rate in chosen.items()}
    best = chosen["Adam"]
    small = school.accuracy(Adam(), constant(SMALL * best, N_STEPS))[1]
    hot, warm = school.accuracy(Adam(), constant(HIGH, N_STEPS))[1], school.warm(Adam(), HIGH)
    leap, softened = found["RMSprop"][LEAP][1], school.warm(RMSprop(), LEAP)
    (gradients, adam), (_, rmsprop) = school.first_steps(Adam()), school.first_steps(RMSprop())
    rare, late = school.strides()
    let_go, ridge, held = shrunk(seeds)
    return {
        "repeats": Number(len(seeds), "通り", "はじめの重みと見る順番", digits=0),
        "epochs": Number(N_STEPS // EPOCH, "エポック", "学習の長さ", digits=0),
        "candidates": Number(len(RATES["Adam"][1]), "通り", "それぞれの学習率の候補", digits=0),
        "optimizers": Number(len(RATES), "種類", "比べたオプティマイザ", digits=0),
        "adam_test": Number(test["Adam"], "%", "Adamの、学習率を選んだあとの正解率"),
        "sgd_test": Number(test["SGD"], "%", "SGDの、学習率を選んだあとの正解率"),
        "gap": Number(test["Adam"] - test["SGD"], "ポイント", "学習率を選んだあとの正解率の差、AdamとSGD"),
        "rate": Number(best, "", "Adamの、選んだ学習率", digits=2),
        "small": Number(SMALL, "%", "小さい学習率の、選んだ学習率に対する割合", digits=0),
        "rate_gap": Number(test["Adam"] - small, "ポイント", "Adamの正解率の差、選んだ学習率と小さい学習率"),
        "rate_matters_more": Claim(
            test["Adam"] - small, ">", abs(test["Adam"] - test["SGD"]), 0.9, "正解率の差、学習率とオプティマイザ", 2
        ),
        "points": Number(POINTS, "点", "歩幅を比べた点の数", digits=0),
        "rare": Number(rare, "倍", "AdaGradの歩幅、インクが最も珍しい5点は、最もありふれた5点の何倍か"),
        "late": Number(late, "%", "AdaGradの歩幅、3エポックの終わりに、1エポックの終わりのどれだけ残るか"),
        "leap": Number(np.median(rmsprop.round(1), axis=1), "倍", "RMSpropの最初の一歩は、学習率の何倍か", 0),
        "leap_rate": Number(LEAP, "", "RMSpropの大きめの学習率", digits=2),
        "leap_test": Number(leap, "%", "大きめの学習率のRMSprop、正解率"),
        "softened_test": Number(softened, "%", "同じ、はじめの1エポックをウォームアップにする"),
        "softening_helps": Claim(softened, ">", leap, 0.7, "RMSpropの正解率、ウォームアップありとなし", 2),
        "gradients": Number(spread(gradients), "倍", "最初の勾配の大きさ、下から99%の重みは1%の重みの何倍か"),
        "steps": Number(spread(adam), "倍", "同じ、Adamの最初の一歩の大きさ"),
        "equal_steps": Claim(spread(adam), "<", 1.01, about="Adamの最初の一歩の大きさ、99%の重みと1%の重みの比"),
        "high": Number(HIGH, "", "Adamの、大きすぎる学習率", digits=1),
        "hot_test": Number(hot, "%", "大きすぎる学習率のAdam、正解率"),
        "warm_test": Number(warm, "%", "同じ、はじめの1エポックをウォームアップにする"),
        "warm_rescue": Number(warm - hot, "ポイント", "大きすぎる学習率での正解率の差、ウォームアップありとなし"),
        "warming_helps": Claim(warm, ">", hot, 0.7, "大きすぎる学習率のAdamの正解率、ウォームアップありとなし", 2),
        "warm_gain": Number(
            school.warm(Adam(), best) - test["Adam"], "ポイント", "選んだ学習率で、ウォームアップによる差"
        ),
        "valley_steps": Number(VALLEY_STEPS, "歩", "谷を歩く歩数", digits=0),
        "let_go": Number(let_go, "%", "AdamW、全部のデータの勾配、罰で縮んだ割合"),
        "ridge": Number(ridge[0], "%", "AdamにL2を足したもの、同じ", digits=1),
        "held": Number(held, "%", "AdamW、ぶれる勾配、罰で縮んだ割合"),
        "penalty": Number(LAMBDA, "", "そのときのλ", digits=1),
        "lets_go": Claim(let_go, "<", ridge / 5, about="罰で縮んだ割合、AdamWと、AdamにL2を足したものの5分の1"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Learning rates that are fine as they are; plain SGD's first step; gradients that shake."""
    seeds = tuple(seeds)
    school, found = School(seeds), tried(seeds)
    plain = {rate: found["Adam"][rate][1] for rate in (0.01, 0.03)}
    sgd, calm = found["SGD"][0.3][1], found["RMSprop"][0.003][1]
    _, ridge, held = shrunk(seeds)
    return {
        "rate_matters_more": Claim(plain[0.03] - plain[0.01], ">", abs(plain[0.03] - sgd), 0.9, margin=2),
        "softening_helps": Claim(school.warm(RMSprop(), 0.003), ">", calm, 0.7, margin=2),
        "equal_steps": Claim(spread(school.first_steps(SGD())[1]), "<", 1.01),
        "warming_helps": Claim(school.warm(Adam(), 0.01), ">", plain[0.01], 0.7, margin=2),
        "lets_go": Claim(held, "<", ridge / 5),
    }
