"""データの一部だけを見て歩くと、学習はどう進むのか。

データ: 手書き数字（figures/data/digits.py）。1280枚で学習し、別の用紙の510枚で試す。種は、見る順番を20通りに変える。
解き方: ソフトマックス回帰を、交差エントロピーと λ/2‖W‖²（λ=0.001）の和で、重み0から学習する。ミニバッチは32枚、
10エポック。いちばん低い損失は softmax_l2 で別に求め、そこまでの差を「残り」と呼ぶ。学習率の候補は、一定なら0.3、1、3、
余弦なら1、3、10で、残りの平均がいちばん小さいものを選ぶ。
出典: 学習率を減らす条件は Robbins & Monro (1951), Ann. Math. Statist. 22(3)。余弦は Loshchilov & Hutter (2017), ICLR。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from figures.data.digits import load_digits
from figures.models import losses
from figures.models.initialize import Parameters
from figures.models.multilayer_perceptron import backward, forward
from figures.models.optimizers import SGD
from figures.models.regression_data import Floats
from figures.models.schedules import constant, cosine, exponential, inverse
from figures.models.softmax_l2 import softmax_l2
from figures.models.train import mini_batches, train
from figures.results import Claim, Number, Result

SEEDS = range(20)
N_LATE = 20  # steps in which the rises of the loss are counted
N_ROWS, FIRST_TEST = 1280, 1287  # rows to learn from; the first row of the test's forms
LAMBDA = 1e-3
SIZE, EPOCH, N_STEPS = 32, 40, 400  # rows in a batch; steps in an epoch, and in all
CONSTANT, FALLING = (0.3, 1.0, 3.0), (1.0, 3.0, 10.0)  # learning rates to choose from
LARGE = 3.0  # too high for a constant learning rate
SPEED, FACTOR = 0.01, 0.98  # how fast 1/t and the exponential fall, per step
FEW, SMALL, BIG = 5, 16, 256  # epochs, with batches of these sizes
MORE = 4  # times as many rows in a batch
Batches = Iterator[NDArray[np.intp]]


class Lessons:
    """Softmax regressions that differ in the order in which they see the rows, one for each seed."""

    def __init__(self, seeds: Iterable[int]) -> None:
        X, y, _ = load_digits()
        self.seeds, self.X, self.y = list(seeds), X[:N_ROWS] / 16, y[:N_ROWS]
        self.X_test, self.y_test = X[FIRST_TEST:] / 16, y[FIRST_TEST:]
        best = softmax_l2(self.X, self.y, [LAMBDA])
        self.lowest = self.objective({"W1": best.W, "b1": best.b[:, None]})

    def objective(self, p: Parameters) -> Floats:
        """What is minimised, over all rows: (n_seeds,)."""
        loss = losses.loss("cross-entropy", forward(p, self.X).output, self.y)
        return np.asarray(loss + LAMBDA / 2 * np.square(p["W1"]).sum(axis=(-1, -2)))

    def accuracy(self, p: Parameters) -> Floats:
        """On the test's forms: (n_seeds,)."""
        return np.asarray((forward(p, self.X_test).output.argmax(axis=-1) == self.y_test).mean(axis=-1))

    def start(self) -> Parameters:
        """All weights 0."""
        return {"W1": np.zeros((len(self.seeds), 64, 10)), "b1": np.zeros((len(self.seeds), 1, 10))}

    def shuffled(self, size: int = SIZE, n_steps: int = N_STEPS) -> Batches:
        """Rows of each step: (n_seeds, size), every row once an epoch."""
        each = [mini_batches(N_ROWS, size, n_steps, seed) for seed in self.seeds]
        return (np.stack(rows) for rows in zip(*each, strict=True))

    def drawn(self, luck: int = 0) -> Batches:
        """Rows of each step, drawn with replacement: in an epoch some come twice, some not at all."""
        draws = [np.random.default_rng([luck, seed]).integers(0, N_ROWS, (N_STEPS, SIZE)) for seed in self.seeds]
        return iter(np.stack(draws, axis=1))

    def learn(self, rates: Floats, batches: Batches | None = None) -> tuple[Parameters, Floats]:
        """Train with a step for each rate; return the parameters, and what is left to the lowest objective."""
        p = self.start()
        train(p, self.X, self.y, batches or self.shuffled(), SGD(), rates, l2=LAMBDA)
        return p, self.objective(p) - self.lowest

    def rises(self, p: Parameters, size: int = SIZE) -> Floats:
        """In which share of the next N_LATE steps the objective over all rows rises: (n_seeds,)."""
        p = {name: array.copy() for name, array in p.items()}
        heights = [self.objective(p)]

        def watch(t: int) -> bool:
            heights.append(self.objective(p))
            return False

        train(p, self.X, self.y, self.shuffled(size, N_LATE), SGD(), constant(1.0, N_LATE), l2=LAMBDA, watch=watch)
        return np.asarray((np.diff(heights, axis=0) > 0).mean(axis=0))

    def noise(self, p: Parameters, size: int) -> Floats:
        """How far a batch's gradient lies from that of all rows, in lengths of the latter: root mean square."""

        def gradient(rows: NDArray[np.intp]) -> Floats:
            W = backward(p, forward(p, self.X[rows]), self.y[rows])[0]["W1"]
            return np.asarray(W + LAMBDA * p["W1"])

        full = gradient(np.arange(N_ROWS))
        squares = [np.square(gradient(r) - full).sum(axis=(1, 2)) for r in self.shuffled(size, N_ROWS // size)]
        return np.asarray(np.sqrt(np.mean(squares, axis=0) / np.square(full).sum(axis=(1, 2))))


lessons_of = cache(Lessons)


@cache  # the falsifier asks for some again
def paced(seeds: tuple[int, ...], kind: Callable[..., Floats], rate: float, *how: float) -> tuple[Parameters, Floats]:
    """``Lessons.learn`` at the rates of a schedule."""
    return lessons_of(seeds).learn(kind(rate, N_STEPS, *how))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    lessons = lessons_of(seeds)
    same = {rate: paced(seeds, constant, rate) for rate in CONSTANT}
    waves = {rate: paced(seeds, cosine, rate) for rate in FALLING}
    rate, wave_rate = (min(tried, key=lambda r: float(tried[r][1].mean())) for tried in (same, waves))
    (p, left), (wave_p, wave_left) = same[rate], waves[wave_rate]
    steady_left, misfit_left = same[LARGE][1], waves[rate][1]  # as large as at first; the wave on what suits a constant
    falling_left = paced(seeds, inverse, LARGE, SPEED)[1]
    hasty_left = paced(seeds, exponential, LARGE, FACTOR)[1]
    drawn_left = lessons.learn(cosine(wave_rate, N_STEPS), lessons.drawn())[1]
    small_steps, big_steps = (FEW * N_ROWS // size for size in (SMALL, BIG))
    small_left = lessons.learn(constant(rate, small_steps), lessons.shuffled(SMALL, small_steps))[1]
    big_left = lessons.learn(constant(rate, big_steps), lessons.shuffled(BIG, big_steps))[1]
    unseen = [1 - len(np.unique(rows)) / N_ROWS for rows in np.stack([*lessons.drawn()][:EPOCH], axis=1)]
    rises, accuracy, wave_accuracy = lessons.rises(p), lessons.accuracy(p), lessons.accuracy(wave_p)
    return {
        "repeats": Number(len(lessons.seeds), "通り", "見る順番", digits=0),
        "images": Number(N_ROWS, "枚", "学習に使う画像", digits=0),
        "batch": Number(SIZE, "枚", "ミニバッチの大きさ", digits=0),
        "epochs": Number(N_STEPS // EPOCH, "エポック", "学習の長さ", digits=0),
        "late": Number(N_LATE, "歩", "損失の上がり下がりを数えた歩数", digits=0),
        "rises": Number(rises, "%", "学習率が一定の学習を終えたあたりで、全体の損失を上げた歩の割合"),
        "rises_at_start": Number(lessons.rises(lessons.start()), "%", "同じ、学習のはじめ"),
        "often_rises": Claim(rises, ">", 0.3, about="全体の損失を上げた歩の割合"),
        "noise": Number(
            lessons.noise(p, SIZE), "倍", "終えたあたりで、ミニバッチの勾配のぶれは、全体の勾配の長さの何倍か"
        ),
        "noise_at_start": Number(lessons.noise(lessons.start(), SIZE), "倍", "同じ、学習のはじめ"),
        "more": Number(MORE, "倍", "ミニバッチの枚数を何倍にするか", digits=0),
        "noise_of_more": Number(lessons.noise(p, MORE * SIZE) / lessons.noise(p, SIZE), "倍", "そのとき、ぶれは何倍か"),
        "unseen": Number(unseen, "%", "戻しながら引くと、1エポックで一度も出てこない画像の割合"),
        "drawn_left": Number(drawn_left, "", "余弦で学習したあとの残り、戻しながら引く"),
        "shuffled_left": Number(wave_left, "", "同じ、エポックごとに混ぜる"),
        "shuffling_helps": Claim(wave_left, "<", drawn_left, about="余弦で学習したあとの残り、混ぜると引く"),
        "few_epochs": Number(FEW, "エポック", "ミニバッチの大きさを比べる長さ", digits=0),
        "small": Number(SMALL, "枚", "小さいミニバッチ", digits=0),
        "small_steps": Number(small_steps, "歩", "そのときの歩数", digits=0),
        "small_left": Number(small_left, "", "そのあとの残り"),
        "big": Number(BIG, "枚", "大きいミニバッチ", digits=0),
        "big_steps": Number(big_steps, "歩", "そのときの歩数", digits=0),
        "big_left": Number(big_left, "", "そのあとの残り"),
        "large": Number(LARGE, "", "大きめの学習率", digits=0),
        "falling_left": Number(falling_left, "", "同じ学習率から 1/t で減らしたときの残り"),
        "falling_times": Number(
            np.median(steady_left / falling_left),
            "倍",
            "減らさないときの残りは、1/t で減らしたときの何倍か、中央値",
            digits=1,
        ),
        "falling_wins": Claim(falling_left, "<", steady_left, about="残り、1/t で減らすのと減らさないの"),
        "hasty_factor": Number(FACTOR, "倍", "急いで減らすとき、一歩ごとに学習率に掛ける数", digits=2),
        "hasty_left": Number(hasty_left, "", "急いで減らしたときの残り"),
        "haste_fails": Claim(hasty_left, ">", falling_left, about="残り、急いで減らすのと 1/t"),
        "constant_rate": Number(rate, "", "一定の学習率の候補で、いちばん良いもの", digits=0),
        "constant_left": Number(left, "", "その残り"),
        "cosine_rate": Number(wave_rate, "", "余弦の、はじめの学習率の候補で、いちばん良いもの", digits=0),
        "cosine_times": Number(left / wave_left, "倍", "一定の残りは、余弦の残りの何倍か"),
        "cosine_wins": Claim(wave_left, "<", left, about="それぞれ学習率を選んだ残り、余弦と一定"),
        "misfit_left": Number(misfit_left, "", "一定で良かった学習率に、余弦をかぶせた残り"),
        "misfit_loses": Claim(misfit_left, ">", left, about="同じ学習率での残り、余弦と一定"),
        "gain": Number(wave_accuracy - accuracy, "ポイント", "別の用紙での正解率、余弦と一定の差"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """All rows in each step; luck on both sides; learning rates that are too small to be lowered."""
    seeds = tuple(seeds)
    lessons = lessons_of(seeds)
    low, high = ({kind: paced(seeds, kind, rate)[1] for kind in (constant, cosine)} for rate in (0.3, LARGE))
    drawn = [lessons.learn(cosine(LARGE, N_STEPS), lessons.drawn(luck))[1] for luck in (1, 2)]
    falling, patient = paced(seeds, inverse, 0.3, SPEED)[1], paced(seeds, exponential, LARGE, 0.995)[1]
    return {
        "often_rises": Claim(lessons.rises(lessons.start(), N_ROWS), ">", 0.3),
        "shuffling_helps": Claim(drawn[0], "<", drawn[1]),
        "falling_wins": Claim(falling, "<", low[constant]),
        "haste_fails": Claim(patient, ">", paced(seeds, inverse, LARGE, SPEED)[1]),
        "cosine_wins": Claim(low[cosine], "<", low[constant]),
        "misfit_loses": Claim(high[cosine], ">", high[constant]),
    }
