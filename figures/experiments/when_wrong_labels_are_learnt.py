"""まちがった正解を、ネットワークはいつ覚えるのか。

データ: 手書きの数字（figures/data/digits.md）。無作為な4枚の用紙から200枚を選んで学習し、別の2枚の用紙の100枚で検証し、
残り8枚の用紙の400枚で試す。用紙を選びなおして20回。学習と検証の正解の0%、20%、90%を、ほかの数字に書きかえる。
正解が10種類なので、90%を書きかえた正解はでたらめと変わらない。試す400枚の正解は書きかえない。
解き方: 隠れ層が一つ（64ユニット、ReLU、Heの初期化）のネットワークを、交差エントロピーとAdamで60エポック学習する。
早期終了は、検証の交差エントロピーが5エポック続けて下がらなければ止め、いちばん低かったエポックに戻す。
出典: Zhang, Bengio, Hardt, Recht & Vinyals (2017), ICLR。Arpit ほか (2017), ICML。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from figures.data.digits import load_digits, rows_by_forms
from figures.data.synthetic_classes import wrong_labels
from figures.models.folds import Ints
from figures.models.initialize import Parameters, initialize, stack
from figures.models.losses import loss, softmax
from figures.models.multilayer_perceptron import backward, forward
from figures.models.optimizers import Adam, step
from figures.models.regression_data import Floats
from figures.models.train import BUFFER, EarlyStopping, mini_batches
from figures.results import Claim, Number, Result

SEEDS = range(20)
N_TRAIN, N_VALID, N_TEST = 200, 100, 400
WIDTH, NARROW, EPOCHS, BATCH, RATE, PATIENCE = 64, 8, 60, 50, 0.02, 5
NOISY, NONSENSE = 0.2, 0.9  # shares of wrong labels
WORST = 0.05  # of the test images


class State(NamedTuple):
    """What networks can do, one value a seed."""

    fitted: Floats  # share of the training images answered as their label says, right or wrong
    truth: Floats  # of those with a wrong label, the share answered as it should have been (0 without any)
    test: Floats  # share of the test images answered rightly
    confidence: Floats  # largest probability of a test image, on average
    worst: Floats  # share of the test loss that the worst 5 % of the images make


class Learnt(NamedTuple):
    """The networks after all epochs, and those that early stopping keeps."""

    end: State
    stopped: State
    best: Floats  # the epoch that is kept, from 1


@cache  # every training asks again
def images(seeds: tuple[int, ...]) -> list[tuple[Floats, Ints]]:
    """Return training, validation and test images of all seeds, each (n_seeds, n_images, 64), and their digits."""
    digits = load_digits()
    drawn = [rows_by_forms(seed, (4, N_TRAIN), (2, N_VALID), (8, N_TEST)) for seed in seeds]
    return [(digits.X[rows] / 16, digits.y[rows]) for rows in map(np.array, zip(*drawn, strict=True))]


def look(networks: Parameters, X: Floats, y: Ints, label: Ints, X_test: Floats, y_test: Ints) -> State:
    answer, output = forward(networks, X).output.argmax(axis=2), forward(networks, X_test).output
    wrong = label != y
    truth = ((answer == y) & wrong).sum(axis=1) / np.maximum(wrong.sum(axis=1), 1)
    each = np.sort(loss("cross-entropy", output[:, :, None], y_test[:, :, None]), axis=1)  # an image, not their mean
    return State(
        (answer == label).mean(axis=1),
        truth,
        (output.argmax(axis=2) == y_test).mean(axis=1),
        softmax(output).max(axis=2).mean(axis=1),
        each[:, -round(WORST * N_TEST) :].sum(axis=1) / each.sum(axis=1),
    )


def learn(seeds: tuple[int, ...], wrong: float, hidden: int = WIDTH, epochs: int = EPOCHS) -> Learnt:
    """Train all networks to the last epoch with this share of wrong labels; early stopping notes its own on the way."""
    (X, y), (X_valid, y_valid), (X_test, y_test) = images(seeds)
    label, label_valid = (
        np.array([wrong_labels(100 * k + seed, of_one, wrong, 10) for seed, of_one in zip(seeds, of_all, strict=True)])
        for k, of_all in enumerate((y, y_valid), 1)
    )
    networks = stack([initialize((64, hidden, 10), "he", seed) for seed in seeds])
    adam, stopping = Adam(), EarlyStopping(networks, PATIENCE)
    usual = np.setbufsize(BUFFER)
    for t, rows in enumerate(mini_batches(N_TRAIN, BATCH, epochs * N_TRAIN // BATCH, 0), 1):
        seen = forward(networks, X[:, rows], gridded=True)  # the images are sixteenths, which lie on every grid
        gradients, _ = backward(networks, seen, label[:, rows])
        step(adam, networks, gradients, RATE)
        if t % (N_TRAIN // BATCH) == 0:
            stopping.measure(loss("cross-entropy", forward(networks, X_valid).output, label_valid))
    np.setbufsize(usual)
    end, stopped = (look(w, X, y, label, X_test, y_test) for w in (networks, stopping.best))
    return Learnt(end, stopped, stopping.when.astype(float))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    clean, noisy, nonsense = (learn(seeds, share) for share in (0, NOISY, NONSENSE))
    narrow = learn(seeds, 0, NARROW)
    gain, clean_gain = (c.stopped.test - c.end.test for c in (noisy, clean))
    about, end = "テスト画像の正解率", f"{EPOCHS}エポックのあと"
    return {
        "train": Number(N_TRAIN, "枚", "学習の画像", digits=0),
        "test": Number(N_TEST, "枚", "試す画像", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "epochs": Number(EPOCHS, "エポック", "学習の長さ", digits=0),
        "noise": Number(NOISY, "%", "書きかえた正解の割合", digits=0),
        "worst": Number(WORST, "%", "外れ方の大きい画像の割合", digits=0),
        "hidden": Number(WIDTH, "個", "隠れユニットの数", digits=0),
        "parameters": Number(75 * WIDTH + 10, "個", "パラメータの数、隠れユニット64個", digits=0),
        "narrow_parameters": Number(75 * NARROW + 10, "個", "パラメータの数、隠れユニット8個", digits=0),
        "fitted_nonsense": Number(nonsense.end.fitted, "%", f"でたらめな正解と合った学習画像、{end}"),
        "nonsense_test": Number(nonsense.end.test, "%", f"{about}、でたらめな正解、{end}"),
        "clean_test": Number(clean.end.test, "%", f"{about}、正しい正解、{end}"),
        "narrow_fitted": Number(narrow.end.fitted, "%", f"正解と合った学習画像、隠れユニット8個、{end}"),
        "clean_fitted": Number(clean.end.fitted, "%", f"正解と合った学習画像、隠れユニット64個、{end}"),
        "narrow_test": Number(narrow.end.test, "%", f"{about}、隠れユニット8個、{end}"),
        "noisy_test": Number(noisy.end.test, "%", f"{about}、2割がまちがい、{end}"),
        "stopped_test": Number(noisy.stopped.test, "%", f"{about}、2割がまちがい、早期終了"),
        "gain": Number(gain, "ポイント", f"{about}、2割がまちがい、早期終了で増えた分"),
        "clean_gain": Number(clean_gain, "ポイント", f"{about}、正しい正解、早期終了で増えた分"),
        "best_epoch": Number(noisy.best, "エポック", "早期終了が選んだ長さ、2割がまちがい"),
        "clean_best_epoch": Number(clean.best, "エポック", "早期終了が選んだ長さ、正しい正解"),
        "truth_stopped": Number(noisy.stopped.truth, "%", "正解のまちがった画像に正しく答えた割合、早期終了"),
        "truth_end": Number(noisy.end.truth, "%", f"正解のまちがった画像に正しく答えた割合、{end}"),
        "confidence": Number(noisy.end.confidence, "%", f"いちばん大きな確率の平均、2割がまちがい、{end}"),
        "clean_confidence": Number(clean.end.confidence, "%", f"いちばん大きな確率の平均、正しい正解、{end}"),
        "worst_share": Number(clean.end.worst, "%", "テストの損失のうち、外れ方の大きい5%の画像の分、正しい正解"),
        "fits_nonsense": Claim(nonsense.end.fitted, ">", 0.95, about="でたらめな正解と合った学習画像"),
        "stopping_helps": Claim(gain, ">", 0, 0.9, about="早期終了で増えた正解率、2割がまちがい", margin=3),
        "truth_comes_first": Claim(noisy.stopped.truth, ">", 0.5, 0.9, about="正解のまちがった画像に正しく答えた割合"),
        "overconfident": Claim(noisy.end.confidence, ">", noisy.end.test, about="確率の平均と正解率、2割がまちがい"),
        "wide_is_better": Claim(clean.end.test, ">", narrow.end.test, 0.9, about=f"{about}、64個と8個", margin=3),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """A network too narrow for nonsense, labels without errors or without sense, and one epoch only."""
    seeds = tuple(seeds)
    narrow, clean, first = learn(seeds, NONSENSE, NARROW), learn(seeds, 0, epochs=10), learn(seeds, NOISY, epochs=1)
    return {
        "fits_nonsense": Claim(narrow.end.fitted, ">", 0.95),
        "stopping_helps": Claim(clean.stopped.test - clean.end.test, ">", 0, 0.9, margin=3),
        "truth_comes_first": Claim(narrow.stopped.truth, ">", 0.5, 0.9),
        "overconfident": Claim(first.end.confidence, ">", first.end.test),
        "wide_is_better": Claim(first.end.test, ">", clean.end.test, 0.9, margin=3),
    }
