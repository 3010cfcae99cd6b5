"""層を逆向きに通った信号は、どれだけ残るのか。

データ: 手書きの数字1797枚から100枚を無作為に選ぶのを20回（figures/data/digits.md）。点ごとに平均を引き、6で割る。
解き方: 100ユニットの隠れ層を20層重ねたネットワークに、学習する前に一度だけ、信号を逆向きに通す。信号は、交差
エントロピーを各層の入力zで微分したもの。2乗平均の平方根を、20層めと2層めで比べる（1層めのzは、画像の明るさで変わる）。
出典: 重みの分散の式は Glorot & Bengio (2010), AISTATS と He ほか (2015), ICCV。バッチ正規化は Yang ほか (2019), ICLR。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from figures.data.digits import load_digits
from figures.models.folds import Ints
from figures.models.initialize import Parameters, initialize, with_batch_norm
from figures.models.multilayer_perceptron import backward, forward
from figures.models.regression_data import Floats
from figures.results import Claim, Number, Result

SEEDS = range(20)
LAYERS, WIDTH, IMAGES = 20, 100, 100
SIZES = (64, *[WIDTH] * LAYERS, 10)
UNIT = 6  # of the points of an image, about their standard deviation
REACHED = 2  # the layer up to which the signal is followed
DOUBLE, SCALE = 2, 10  # times the usual weights: of all layers, and of one
LINEAR = 1 / np.sqrt(6)  # PyTorch's nn.Linear starts within ±1/√n_in, which is this times He's limit √(6 / n_in)


class Signals(NamedTuple):
    """One value a repetition."""

    left: Floats  # RMS of the signal in layer 2 over that in layer 20
    weights: Floats  # norm of the gradient of the weights, likewise
    silent_first: Floats  # share of the units of layer 1 that give 0 for every image
    silent: Floats  # and of layer 20
    alike_first: Floats  # mean cosine between what layer 1 makes of two images
    alike: Floats  # and layer 20


def rms(a: Floats) -> float:
    return float(np.sqrt(np.square(a).mean()))


def cosine(a: Floats) -> float:
    """The mean over all pairs of different rows."""
    rows = a / np.linalg.norm(a, axis=1, keepdims=True)
    return float((np.square(rows.sum(axis=0)).sum() - len(rows)) / (len(rows) ** 2 - len(rows)))


def problems(seeds: Iterable[int]) -> list[tuple[int, Floats, Ints]]:
    """Return a seed, its images and their digits for each seed."""
    digits = load_digits()
    X = (digits.X - digits.X.mean(axis=0)) / UNIT
    chosen = [(seed, np.random.default_rng(seed).permutation(len(X))[:IMAGES]) for seed in seeds]
    return [(seed, X[rows], digits.y[rows]) for seed, rows in chosen]


def network(seed: int, method: str, gain: float = 1.0, batch_norm: bool = False) -> Parameters:
    parameters = initialize(SIZES, method, seed, gain)
    return with_batch_norm(parameters) if batch_norm else parameters


@cache  # the falsifier asks for one again
def through(
    seeds: tuple[int, ...], activation: str, method: str, gain: float = 1.0, batch_norm: bool = False
) -> Signals:
    """Send the loss back through networks that have learnt nothing yet."""
    rows = []
    for seed, X, y in problems(seeds):
        parameters = network(seed, method, gain, batch_norm)
        seen = forward(parameters, X, activation)
        gradients, signals = backward(parameters, seen, y, activation=activation)
        norms = [np.linalg.norm(gradients[name]) for name in (f"W{REACHED}", f"W{LAYERS}")]
        ends = seen.activations[0], seen.activations[-1]
        of_units = [*((a == 0).all(axis=0).mean() for a in ends), *map(cosine, ends)]
        rows.append((rms(signals[REACHED - 1]) / rms(signals[LAYERS - 1]), norms[0] / norms[1], *of_units))
    return Signals(*np.array(rows).T)


def ten_times(seeds: Iterable[int], batch_norm: bool) -> Floats:
    """Multiply the weights of layer 2 by 10: (n_seeds, 2), relative change of the output, and its gradient's size."""
    rows = []
    for seed, X, y in problems(seeds):
        before = network(seed, "he", batch_norm=batch_norm)
        after = {**before, "W2": SCALE * before["W2"]}
        passes = [forward(parameters, X) for parameters in (before, after)]
        norms = [np.linalg.norm(backward(p, s, y)[0]["W2"]) for p, s in zip((before, after), passes, strict=True)]
        rows.append((rms(passes[1].output - passes[0].output) / rms(passes[0].output), norms[1] / norms[0]))
    return np.array(rows)


def multiplications() -> float:
    """Those of both passes over those of the forward one: n_in n_out a layer, as many for ∂l/∂W and for the δ below."""
    forwards = [n_in * n_out for n_in, n_out in pairwise(SIZES)]
    return (3 * sum(forwards) - forwards[0]) / sum(forwards)  # below the first layer no δ is needed


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    sigmoid, tanh = through(seeds, "sigmoid", "xavier"), through(seeds, "tanh", "xavier")
    relu, relu_xavier = through(seeds, "relu", "he"), through(seeds, "relu", "xavier")
    doubled, tanh_doubled = through(seeds, "relu", "he", DOUBLE), through(seeds, "tanh", "xavier", DOUBLE)
    normalized, linear = through(seeds, "relu", "he", batch_norm=True), through(seeds, "relu", "he", LINEAR)
    scaled = ten_times(seeds, True)
    about = "20層めから2層めに届いた信号"
    return {
        "layers": Number(LAYERS, "層", "隠れ層の数", digits=0),
        "reached": Number(REACHED, "層", "信号が届いたとする層", digits=0),
        "passed": Number(LAYERS - REACHED, "層", "信号がさかのぼった層の数", digits=0),
        "double": Number(DOUBLE, "倍", "全部の層の、初めの重みに掛けた数", digits=0),
        "scale": Number(SCALE, "倍", "一つの層の重みに掛けた数", digits=0),
        "width": Number(WIDTH, "個", "一層のユニットの数", digits=0),
        "images": Number(IMAGES, "枚", "通した画像の数", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "parameters": Number(sum(p.size for p in network(0, "he").values()), "個", "パラメータの数", digits=0),
        "sigmoid_left": Number(sigmoid.left, "倍", f"{about}、シグモイド関数、Xavierの初期化"),
        "sigmoid_per_layer": Number(
            sigmoid.left ** (1 / (LAYERS - REACHED)), "倍", "一層ごとに残る信号、シグモイド関数"
        ),
        "tanh_left": Number(tanh.left, "倍", f"{about}、tanh、Xavierの初期化"),
        "tanh_doubled_left": Number(tanh_doubled.left, "倍", f"{about}、tanh、Xavierの初期化の2倍の重み"),
        "relu_left": Number(relu.left, "倍", f"{about}、ReLU、Heの初期化"),
        "relu_xavier_left": Number(relu_xavier.left, "倍", f"{about}、ReLU、Xavierの初期化"),
        "linear_left": Number(linear.left, "倍", f"{about}、ReLU、PyTorchのnn.Linearの初期化"),
        "doubled_left": Number(doubled.left, "倍", f"{about}、ReLU、Heの初期化の2倍の重み"),
        "doubled_weights": Number(doubled.weights, "倍", "重みの勾配の長さの比、2層めと20層め、ReLU、2倍の重み"),
        "normalized_left": Number(normalized.left, "倍", f"{about}、ReLU、Heの初期化、バッチ正規化あり"),
        "silent_first": Number(relu.silent_first, "%", "どの画像にも0を返すユニットの割合、1層め、ReLU"),
        "silent": Number(relu.silent, "%", "どの画像にも0を返すユニットの割合、20層め、ReLU"),
        "alike_first": Number(relu.alike_first, "", "画像どうしの向きの近さ（コサイン）、1層め、ReLU"),
        "alike": Number(relu.alike, "", "画像どうしの向きの近さ（コサイン）、20層め、ReLU"),
        "scaled_output": Number(scaled[:, 0], "%", "重みを10倍にしたときの出力の変化、バッチ正規化あり"),
        "scaled_gradient": Number(scaled[:, 1], "倍", "重みを10倍にしたときの勾配の長さ、バッチ正規化あり"),
        "cost": Number(multiplications(), "倍", "誤差逆伝播法までの掛け算の数、前向きの計算だけの何倍か", digits=2),
        "tanh_explodes_too": Claim(tanh_doubled.left, ">", 1, about=f"{about}、tanh、2倍の重み"),
        "normalization_amplifies": Claim(normalized.left, ">", relu.left, about=f"{about}、バッチ正規化ありとなし"),
        "scale_is_forgotten": Claim(scaled[:, 0], "<", 1e-3, about="重みを10倍にしたときの出力の変化"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Smaller weights, and no normalisation."""
    seeds = tuple(seeds)
    relu, small = through(seeds, "relu", "he"), through(seeds, "tanh", "xavier", 0.5)
    return {
        "tanh_explodes_too": Claim(small.left, ">", 1),
        "normalization_amplifies": Claim(small.left, ">", relu.left),
        "scale_is_forgotten": Claim(ten_times(seeds, False)[:, 0], "<", 1e-3),
    }
