"""ネットワークを途中でやめれば、重み減衰はもう要らないのか。

データ: 手書きの数字（figures/data/digits.md）。無作為な4枚の用紙から200枚を選んで学習し、残り10枚の用紙から300枚を
取り分ける。用紙と初期値を変えて20回。学習の正解の20%を、ほかの数字に書きかえる。取り分けた300枚の正解は書きかえない。
300枚から検証の100枚を無作為に選び、残りの200枚で試す。選びなおすのを200回、その平均を一回の値とする。
解き方: 隠れ層が一つ（24ユニット、ReLU、Heの初期化）のネットワークを、交差エントロピーと、学習率0.1、モメンタム0.9の
SGDで、50枚ずつ40エポック学習する。重み減衰は損失に λ/2‖W‖² を足す形で（PyTorchのSGDと同じ）、バイアスは罰しない。
エポックは1から40、λは0、0.01、0.03、0.1から、検証の正解率がいちばん高いものを選ぶ。同じなら、λの小さいほう、早いほう。
出典: Prechelt (1998), Neural Networks: Tricks of the Trade。Cawley & Talbot (2010), JMLR 11。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from figures.data.digits import load_digits, rows_by_forms
from figures.data.synthetic_classes import wrong_labels
from figures.models.initialize import initialize, stack
from figures.models.multilayer_perceptron import backward, forward
from figures.models.optimizers import SGD, step
from figures.models.regression_data import Floats
from figures.models.train import BUFFER, mini_batches
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(20)
N_TRAIN, N_HELD, N_VALID, DRAWS = 200, 300, 100, 200
HIDDEN, EPOCHS, BATCH, RATE, MOMENTUM = 24, 40, 50, 0.1, 0.9
NOISE = 0.2
DRAWN = 5  # the first epoch of the figure
LAMBDAS = (0, 0.01, 0.02, 0.03, 0.1)
COARSE, ALL, STRONG = (0, 1, 3, 4), (0, 1, 2, 3, 4), (0, 4)  # the λ to choose from; one more; only one, far too strong
LAST, FIXED = slice(-1, None), slice(12, 13)  # epochs; the thirteenth is that chosen on average
ENDS = range(32, EPOCHS + 1, 2)  # epochs to end at, for the last one may be a bad one by chance
SIZES = {"少ない": 25, "ふつう": N_VALID, "多い": 200}  # of the validation set


class Course(NamedTuple):
    """What all networks answer after each epoch."""

    right: Floats  # (n_epochs, n_lambdas, n_seeds, N_HELD), 1 where the held-out image was answered rightly
    right_as_labelled: Floats  # the same against labels of which as many are wrong as in training
    fitted: Floats  # (n_epochs, n_seeds), share of the training labels, wrong ones included; λ = 0


class Chosen(NamedTuple):
    """Of the networks that a validation set chooses, averaged over the draws: (n_seeds,)."""

    valid: Floats  # share right of the images that chose
    fresh: Floats  # share right of the others
    epoch: Floats
    lam: Floats


@lru_cache(maxsize=2)  # falsify chooses among the networks of run in other ways
def learn(seeds: tuple[int, ...], noise: float, lambdas: tuple[float, ...] = LAMBDAS) -> Course:
    """Train a network for each λ and seed to the last epoch; those of a seed differ in λ only."""
    digits = load_digits()
    drawn = [rows_by_forms(seed, (4, N_TRAIN), (10, N_HELD)) for seed in seeds]
    train, held = (np.array(part) for part in zip(*drawn, strict=True))
    X, X_held, y_held = digits.X[train] / 16, digits.X[held] / 16, digits.y[held]
    label, label_held = (
        np.array([wrong_labels(100 * k + seed, digits.y[of], noise, 10) for seed, of in zip(seeds, part, strict=True)])
        for k, part in enumerate((train, held), 1)
    )
    start = stack([initialize((64, HIDDEN, 10), "he", seed) for seed in seeds])
    networks = {name: np.repeat(array[None], len(lambdas), axis=0) for name, array in start.items()}
    sgd, l2 = SGD(MOMENTUM), np.array(lambdas)[:, None, None, None]
    answers, fitted = [], []
    usual = np.setbufsize(BUFFER)
    for t, rows in enumerate(mini_batches(N_TRAIN, BATCH, EPOCHS * N_TRAIN // BATCH, 0), 1):
        seen = forward(networks, X[:, rows], gridded=True)  # the images are sixteenths, which lie on every grid
        gradients, _ = backward(networks, seen, label[:, rows])
        step(sgd, networks, gradients, RATE, l2)
        if t % (N_TRAIN // BATCH) == 0:
            answers.append(forward(networks, X_held).output.argmax(axis=3))
            unpenalised = {name: array[0] for name, array in networks.items()}
            fitted.append((forward(unpenalised, X).output.argmax(axis=2) == label).mean(axis=1))
    np.setbufsize(usual)
    found = np.array(answers)
    return Course((found == y_held) * 1.0, (found == label_held) * 1.0, np.array(fitted))


@cache  # for every choice
def draws(n_valid: int) -> Floats:
    """(N_HELD, DRAWS), 1 for the images of each validation set."""
    rng = np.random.default_rng(1)
    return np.array([rng.permutation(N_HELD) < n_valid for _ in range(DRAWS)]).T * 1.0


def choose(
    right: Floats, n_valid: int = N_VALID, judge: Floats | None = None, epochs: Any = slice(None), lambdas: Any = (0,)
) -> Chosen:
    """Let each validation set choose among these epochs and λ, by ``judge`` if that is not ``right``."""
    right = right[epochs][:, list(lambdas)]
    n_epochs, n_lambdas, n_seeds, _ = right.shape
    valid = draws(n_valid)

    def count(of: Floats) -> Floats:
        return (of @ valid).transpose(1, 0, 2, 3).reshape(n_lambdas * n_epochs, n_seeds, DRAWS)  # whole numbers

    found = count(right)
    judged = found if judge is None else count(judge[epochs][:, list(lambdas)])
    first = judged.argmax(axis=0)[None]  # the smallest λ and the earliest epoch of several that are best
    in_valid = np.take_along_axis(found, first, axis=0)[0]
    everywhere = right.sum(axis=3).T.reshape(n_seeds, n_lambdas * n_epochs)
    others = np.take_along_axis(everywhere, first[0], axis=1) - in_valid
    lam, epoch = np.divmod(first[0], n_epochs)
    return Chosen(
        in_valid.mean(axis=1) / n_valid,
        others.mean(axis=1) / (N_HELD - n_valid),
        np.arange(1, EPOCHS + 1)[epochs][epoch].mean(axis=1),
        np.array(LAMBDAS)[list(lambdas)][lam].mean(axis=1),
    )


def ways(course: Course, lambdas: tuple[int, ...] = COARSE, n_valid: int = N_VALID) -> dict[str, Chosen]:
    """Neither, the epoch, λ, or both chosen: from the same networks, by the same validation sets."""
    return {
        "end": choose(course.right, n_valid, epochs=LAST),
        "stop": choose(course.right, n_valid),
        "decay": choose(course.right, n_valid, epochs=LAST, lambdas=lambdas),
        "both": choose(course.right, n_valid, lambdas=lambdas),
    }


def beyond(right: Floats) -> tuple[Floats, Floats]:
    """What decay adds to stopping, and stopping to decay, with one more λ, averaged over ENDS: (n_seeds,)."""
    found = []
    for end in ENDS:
        until = slice(end)
        stop, both = choose(right, epochs=until), choose(right, epochs=until, lambdas=ALL)
        decay = choose(right, epochs=slice(end - 1, end), lambdas=ALL)
        found.append([both.fresh - stop.fresh, both.fresh - decay.fresh])
    return tuple(np.mean(found, axis=0))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    course, clean = learn(tuple(seeds), NOISE), learn(tuple(seeds), 0.0, (0,))
    way, (decay_beyond, stopping_beyond) = ways(course), beyond(course.right)
    gain = {name: chosen.fresh - way["end"].fresh for name, chosen in way.items()}
    clean_stop, clean_end = choose(clean.right), choose(clean.right, epochs=LAST)
    one = choose(course.right, epochs=FIXED)
    noisy = choose(course.right, judge=course.right_as_labelled)
    both, stop, decay = (way[name].fresh for name in ("both", "stop", "decay"))
    fresh, points = "新しい画像の正解率", "ポイント"
    named = {"end": "罰なしで最後まで", "stop": "途中でやめる", "decay": "重み減衰で最後まで", "both": "両方"}
    found: dict[str, Result] = {
        "train": Number(N_TRAIN, "枚", "学習の画像", digits=0),
        "valid": Number(N_VALID, "枚", "検証の画像", digits=0),
        "fresh": Number(N_HELD - N_VALID, "枚", "試す画像", digits=0),
        "repeats": Number(len(stop), "回", "くり返し", digits=0),
        "draws": Number(DRAWS, "回", "検証の画像を選びなおす回数", digits=0),
        "epochs": Number(EPOCHS, "エポック", "学習の長さ", digits=0),
        "drawn": Number(DRAWN, "エポックめ", "図のはじめのエポック", digits=0),
        "forms": Number(14, "枚", "手書きの数字の用紙", digits=0),
        "noise": Number(NOISE, "%", "書きかえた正解の割合", digits=0),
        "hidden": Number(HIDDEN, "個", "隠れユニットの数", digits=0),
        "rate": Number(RATE, "", "学習率", digits=1),
        "momentum": Number(MOMENTUM, "", "モメンタム", digits=1),
        "lambda_low": Number(LAMBDAS[COARSE[1]], "", "λの候補、0の次に小さい値", digits=2),
        "lambda_middle": Number(LAMBDAS[COARSE[2]], "", "λの候補、その次の値", digits=2),
        "lambda_high": Number(LAMBDAS[COARSE[3]], "", "λの候補、いちばん大きい値", digits=1),
        "lambda_more": Number(LAMBDAS[2], "", "λの候補を増やすときの値", digits=2),
        "fitted": Number(course.fitted[-1], "%", "書きかえた正解も含めて合った学習画像、罰なしで最後まで"),
        "best_epoch": Number(way["stop"].epoch, "エポック", "選ばれたエポック、罰なし"),
        "sum": Number(gain["stop"] + gain["decay"], points, "途中でやめて増えた分と、重み減衰で増えた分の和"),
        "decay_beyond": Number(both - stop, points, "途中でやめるうえに、重み減衰を足して増えた分"),
        "stopping_beyond": Number(both - decay, points, "重み減衰のうえに、途中でやめて増えた分"),
        "first_end": Number(ENDS[0], "エポック", "終わりを動かすときの、いちばん早い終わり", digits=0),
        "ends": Number(len(ENDS), "通り", "終わりを動かすときの、終わりの数", digits=0),
        "decay_beyond_fine": Number(decay_beyond, points, "重み減衰を足して増えた分、λを増やし終わりを動かした平均"),
        "stopping_beyond_fine": Number(stopping_beyond, points, "途中でやめて増えた分、λを増やし終わりを動かした平均"),
        "noisy_gain": Number(noisy.fresh - way["end"].fresh, points, "途中でやめて増えた分、検証の正解もまちがえて"),
        "fixed": Number(one.valid - one.fresh, points, "検証と新しい画像の差、選ばずに13エポックめに決めたとき"),
        "clean_gain": Number(clean_stop.fresh - clean_end.fresh, points, "途中でやめて増えた分、正しい正解"),
        "ways": Table(
            ["", "新しい画像の正解率", "増えた分"],
            {head: [f"{name}_fresh", f"{name}_gain"] for name, head in named.items()},
            "手書きの数字、{{ stopping_a_network.repeats }}の平均 ± 標準誤差。"
            "学習の正解の{{ stopping_a_network.noise }}がまちがい。",
        ),
        "flattery": Table(
            ["検証", "枚数", "選んだ検証で", "新しい画像で"],
            {head: [f"size_{n}", f"shown_{n}", f"fresh_{n}"] for head, n in SIZES.items()},
            "罰なしで途中でやめた重みの正解率。「新しい画像」は、取り分けた画像から検証を引いた残り。"
            "{{ stopping_a_network.repeats }}の平均 ± 標準誤差。",
        ),
        "stopping_helps": Claim(stop, ">", way["end"].fresh, 0.9, f"{fresh}、途中でやめると最後まで", margin=3),
        "decay_adds": Claim(both, ">", stop, 0.9, f"{fresh}、両方と、途中でやめるだけ", margin=3),
        "stopping_adds": Claim(both, ">", decay, 0.8, f"{fresh}、両方と、重み減衰だけ", margin=3),
        "gains_overlap": Claim(
            gain["both"], "<", gain["stop"] + gain["decay"], 0.8, "増えた分、両方と、一つずつの和", margin=3
        ),
        "choosing_flatters": Claim(way["stop"].valid, ">", stop, 0.9, "選んだ検証での正解率と、新しい画像", margin=3),
        "turn": Figure(
            {
                "正解率": {
                    "学習の正解": course.fitted[DRAWN - 1 :].mean(axis=1),
                    "罰なし": course.right[DRAWN - 1 :, 0].mean(axis=(1, 2)),
                    "重み減衰": course.right[DRAWN - 1 :, COARSE[2]].mean(axis=(1, 2)),
                }
            },
            title="学習の正解は上がっていき、新しい画像では途中から下がる",
            caption="「罰なし」の線の山が、やめどきです。"
            "「学習の正解」は、まちがった正解も含めて合った学習画像の割合です。"
            "「罰なし」と「重み減衰」（λ＝{{ stopping_a_network.lambda_middle }}）は、取り分けた画像の正解率。"
            "どの線も{{ stopping_a_network.repeats }}の平均で、{{ stopping_a_network.drawn }}から描きました。",
            alt="横軸はエポック、縦軸は正解率。学習の正解は上がっていく。罰なしは山を越えて下がり、"
            "重み減衰は、罰なしの山より少し高いところで平らになる。",
        ),
    }
    for name, head in named.items():
        found[f"{name}_fresh"] = Number(way[name].fresh, "%", f"{fresh}、{head}")
        found[f"{name}_gain"] = Number(gain[name], points, f"増えた分、{head}", digits=0 if name == "end" else None)
    for n in SIZES.values():
        chosen = choose(course.right, n)
        found[f"size_{n}"] = Number(n, "枚", "検証の枚数", digits=0)
        found[f"shown_{n}"] = Number(chosen.valid, "%", f"選んだ検証での正解率、検証{n}枚")
        found[f"fresh_{n}"] = Number(chosen.fresh, "%", f"{fresh}、検証{n}枚")
        found[f"flattery_{n}"] = Number(chosen.valid - chosen.fresh, points, f"選んだ検証と新しい画像の差、検証{n}枚")
    return found


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Right labels; only a λ that is far too strong; one image to choose by; one epoch, so that nothing is chosen."""
    course, clean = learn(tuple(seeds), NOISE), learn(tuple(seeds), 0.0, (0,))
    clean_stop, clean_end = choose(clean.right), choose(clean.right, epochs=LAST)
    strong, blind, one = ways(course, STRONG), ways(course, n_valid=1), choose(course.right, epochs=FIXED)
    gain = {name: chosen.fresh - strong["end"].fresh for name, chosen in strong.items()}
    return {
        "stopping_helps": Claim(clean_stop.fresh, ">", clean_end.fresh, 0.9, margin=3),
        "decay_adds": Claim(strong["both"].fresh, ">", strong["stop"].fresh, 0.9, margin=3),
        "stopping_adds": Claim(blind["both"].fresh, ">", blind["decay"].fresh, 0.8, margin=3),
        "gains_overlap": Claim(gain["both"], "<", gain["stop"] + gain["decay"], 0.8, margin=3),
        "choosing_flatters": Claim(one.valid, ">", one.fresh, 0.9, margin=3),
    }


def draw_turn(ax: Any, data: Any) -> None:
    from figures import plot

    plot.linear_axis(ax, 0, EPOCHS, "エポック")
    plot.value_axis(ax, 50, 100, "正解率（%）")
    plot.curves(
        ax, range(DRAWN, EPOCHS + 1), {name: [100 * value for value in values] for name, values in data.items()}
    )
