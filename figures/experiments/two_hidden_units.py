"""排他的論理和は、隠れユニット二つで学べるのか。

データ: (−1, −1)、(−1, 1)、(1, −1)、(1, 1) の四点。二つの符号が違えば1、同じなら0。
解き方: 隠れ層が一つの多層パーセプトロンを、四点すべてを使ってAdamで300歩学習する。ReLUはHe、ほかはXavierの初期化、
損失は交差エントロピー。10通りの初期値から始めるのを20回。四点とも当たれば、学べたとする。
出典: 二つで足りることは Goodfellow, Bengio & Courville (2016), Deep Learning, 6.1節。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from figures.models.initialize import Parameters, initialize, stack
from figures.models.losses import loss
from figures.models.multilayer_perceptron import forward
from figures.models.optimizers import Adam
from figures.models.regression_data import Floats
from figures.models.schedules import constant
from figures.models.train import mini_batches, train
from figures.results import Claim, Number, Result

SEEDS = range(20)
X = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]])
Y = np.array([0, 1, 1, 0])
STARTS, STEPS, RATE = 10, 300, 0.05
MANY, LONGER = 8, 3  # hidden units, and times the steps, of the networks that are given more


class Learnt(NamedTuple):
    """One value a seed."""

    share: Floats  # of the starts, those that end with all four points right
    loss: Floats  # mean over the starts
    blind: Floats  # of the other starts, those where no unit answers to points of both kinds (1 if there are none)


@cache  # the falsifier asks for one again
def learn(seeds: tuple[int, ...], hidden: int, activation: str = "relu", steps: int = STEPS) -> Learnt:
    """Train networks with so many hidden units; with none there is no activation either: softmax regression."""
    sizes = (2, hidden, 2) if hidden else (2, 2)
    method = "he" if activation == "relu" else "xavier"
    networks = stack([initialize(sizes, method, STARTS * seed + k) for seed in seeds for k in range(STARTS)])
    train(networks, X, Y, mini_batches(4, 4, steps, 0), Adam(), constant(RATE, steps), activation=activation)
    seen = forward(networks, X, activation)
    losses = loss("cross-entropy", seen.output, Y).reshape(-1, STARTS)
    failed = losses > np.log(2) / 4  # one point that is wrong makes more
    silent = (seen.activations[0] == 0).all(axis=2) if hidden else np.zeros((failed.size, 4), dtype=bool)
    blind = ((silent & (Y == 0)).any(axis=1) & (silent & (Y == 1)).any(axis=1)).reshape(-1, STARTS) & failed
    count = failed.sum(axis=1)
    return Learnt(1 - count / STARTS, losses.mean(axis=1), np.where(count, blind.sum(axis=1) / np.maximum(count, 1), 1))


def by_hand() -> Parameters:
    """Two units that suffice: max(x₁ + x₂, 0) and max(-x₁ - x₂, 0) add up to 2 for equal signs, to 0 for others."""
    return {
        "W1": np.array([[1.0, -1], [1, -1]]),
        "b1": np.zeros((1, 2)),
        "W2": np.array([[0.0, -1], [0, -1]]),
        "b2": np.array([[0.0, 1]]),
    }


def right(activation: str) -> int:
    """How many of the four points the network made by hand gets right."""
    return int((forward(by_hand(), X, activation).output.argmax(axis=1) == Y).sum())


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    none, two, eight = learn(seeds, 0), learn(seeds, 2), learn(seeds, MANY)
    tanh, sigmoid = learn(seeds, 2, "tanh"), learn(seeds, 2, "sigmoid")
    longer = learn(seeds, 2, steps=LONGER * STEPS)
    about = "四点とも当たった割合"
    return {
        "points": Number(len(X), "点", "排他的論理和の点の数", digits=0),
        "all_starts": Number(STARTS * len(seeds), "通り", "試した初期値の合計", digits=0),
        "many": Number(MANY, "個", "多いほうの隠れユニットの数", digits=0),
        "longer": Number(LONGER, "倍", "長く学習するときの、歩数の倍率", digits=0),
        "steps": Number(STEPS, "歩", "学習の歩数", digits=0),
        "straight_loss": Number(np.round(none.loss, 3), "", "活性化関数なしの交差エントロピー", digits=3),
        "two": Number(two.share, "%", f"{about}、ReLU、隠れユニット2個"),
        "blind": Number(two.blind, "%", "外れた初期値のうち、答えの違う点にユニットがどれも黙ったもの、ReLU、2個"),
        "two_longer": Number(longer.share, "%", f"{about}、ReLU、隠れユニット2個、3倍の歩数"),
        "eight": Number(eight.share, "%", f"{about}、ReLU、隠れユニット8個"),
        "eight_loss": Number(eight.loss, "", "交差エントロピー、ReLU、隠れユニット8個"),
        "tanh": Number(tanh.share, "%", f"{about}、tanh、隠れユニット2個"),
        "sigmoid": Number(sigmoid.share, "%", f"{about}、シグモイド関数、隠れユニット2個"),
        "two_suffice": Claim(right("relu"), "==", 4, about="手で決めた重みで当たる点の数、ReLU、隠れユニット2個"),
        "straight_is_a_coin": Claim(np.round(none.loss, 3), "==", np.round(np.log(2), 3), about="損失とlog 2"),
        "more_units_help": Claim(eight.share, ">", two.share, about=f"{about}、隠れユニット8個と2個"),
        "sigmoid_beats_relu": Claim(
            sigmoid.share, ">", two.share, 0.8, about=f"{about}、シグモイド関数とReLU、隠れユニット2個", margin=3
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Sigmoids in the network made by hand, a hidden layer, many units, and a single unit, which never suffices."""
    seeds = tuple(seeds)
    one, eight = learn(seeds, 1), learn(seeds, MANY)
    return {
        "two_suffice": Claim(right("sigmoid"), "==", 4),
        "straight_is_a_coin": Claim(np.round(eight.loss, 3), "==", np.round(np.log(2), 3)),
        "more_units_help": Claim(one.share, ">", eight.share),
        "sigmoid_beats_relu": Claim(one.share, ">", eight.share, 0.8, margin=3),
    }
