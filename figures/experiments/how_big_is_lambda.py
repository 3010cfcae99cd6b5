"""λは、どのくらいなら効いているのか。

データ: 手書きの数字（figures/data/digits.md）を0から1に直したもの。14枚の用紙を無作為に分け、4枚の200枚で学習し、
2枚の200枚でλを選び、残り8枚の900枚で試す。用紙を分けなおして20回。同じ14枚を分けなおすので、標準誤差が表すのは
分け方のばらつきで、別の書き手でのばらつきではない。
「2割まちがい」では、学習と検証のラベルの20%をほかの数字に書きかえる。試す900枚のラベルは書きかえない。
解き方: 交差エントロピーの平均に λ/2‖W‖² を足して最小にする（ソフトマックス回帰）。切片は罰しない。ニュートン法で、
ロジットの動きが1e-10を切るまで解く。λの候補は、どちらのラベルでも同じ9個。
谷底のまわり（0.001から0.1）だけは、刻みを3分の1にしても調べる。
出典: L2 と雑音は Krogh & Hertz (1991), NIPS 4。選ぶことの偏りは Cawley & Talbot (2010), J. Mach. Learn. Res. 11。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from figures.data.digits import load_digits, rows_by_forms
from figures.data.synthetic_classes import wrong_labels
from figures.models.folds import Ints
from figures.models.regression_data import Floats
from figures.models.softmax_l2 import softmax_l2
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(20)
N_TRAIN, N_VALID, N_TEST = 200, 200, 900
NOISE = 0.2  # share of wrong labels
LAMBDAS = np.append(np.outer(10.0 ** np.arange(-4, 0), [1, 3]), 1)  # 0.0001, 0.0003, 0.001, … 1
NOTHING, FLAT, MINE, RIGHT, MUCH = 0, 3, 4, 5, 8  # places of 0.0001, 0.003, 0.01, 0.03 and 1
# Two more in each gap between 0.001 and 0.1: where the bottom lies must not be a matter of the grid.
FINE = np.concatenate([np.geomspace(a, b, 4)[1:-1] for a, b in pairwise(LAMBDAS[2:7])])
FAINT = 1e-6  # a hundredth of the smallest candidate: how deep the valley is depends on where it is measured from
EVERY = np.sort([FAINT, *LAMBDAS, *FINE])
ALIKE = 0.015  # error rates that differ by less are called alike
PIXEL = 16  # of an image as it is stored, from 0


class Sweep(NamedTuple):
    """What was measured at each λ: (n_seeds, n_lambdas) each.

    error, valid: share of test and validation images with another answer than their label.
    loss, objective: mean cross-entropy of the training images, without and with the penalty.
    test_loss, valid_loss: mean cross-entropy of the test and validation images, of the labels that ``error`` and
        ``valid`` count with.
    copied: share of the wrong training labels that the model answers (0 without any).
    """

    error: Floats
    valid: Floats
    loss: Floats
    objective: Floats
    test_loss: Floats
    valid_loss: Floats
    copied: Floats

    def chosen(self) -> Ints:
        """The place of the λ with the fewest errors in validation, the smallest one of several: (n_seeds,)."""
        return np.asarray(self.valid.argmin(axis=1))

    def only(self, places: Any) -> Sweep:
        """What was measured at some of the λ."""
        return Sweep(*(values[:, places] for values in self))


@cache  # the falsifier asks again
def sweep(seeds: tuple[int, ...], noise: float, values: tuple[float, ...]) -> Sweep:
    """Measure at these λ, which rise."""
    lambdas, (X, y, _) = np.array(values), load_digits()
    X, found = X / PIXEL, []
    for seed in seeds:
        train, valid, test = rows_by_forms(seed, (4, N_TRAIN), (2, N_VALID), (8, N_TEST))
        label = wrong_labels(100 + seed, y[train], noise, 10)
        label_valid = wrong_labels(200 + seed, y[valid], noise, 10)
        fits = softmax_l2(X[train], label, lambdas)
        loss, wrong = fits.log_loss(X[train], label), label != y[train]
        found.append(
            [
                (fits.predict(X[test]) != y[test]).mean(axis=1),
                (fits.predict(X[valid]) != label_valid).mean(axis=1),
                loss,
                loss + lambdas / 2 * np.square(fits.W).sum(axis=(1, 2)),
                fits.log_loss(X[test], y[test]),
                fits.log_loss(X[valid], label_valid),
                ((fits.predict(X[train]) == label) & wrong).sum(axis=1) / max(wrong.sum(), 1),
            ]
        )
    return Sweep(*np.array(found).transpose(1, 0, 2))


def at(values: Floats, places: Ints) -> Floats:
    """Each seed's value at its own λ: (n_seeds,)."""
    return np.asarray(np.take_along_axis(values, places[:, None], axis=1)[:, 0])


def gain(s: Sweep, start: int = NOTHING) -> Floats:
    """How far the test error falls from λ at ``start`` to the λ that validation chose: (n_seeds,)."""
    return s.error[:, start] - at(s.error, s.chosen())


def spread(error: Floats) -> Floats:
    """Largest minus smallest error between λ = 0.0001 and 0.003: (n_seeds,)."""
    return np.asarray(np.ptp(error[:, : FLAT + 1], axis=1))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    clean, whole = sweep(seeds, 0, tuple(LAMBDAS)), sweep(seeds, NOISE, tuple(EVERY))
    noisy, fine, every = whole.only(np.isin(EVERY, LAMBDAS)), whole.only(EVERY > FAINT), EVERY[EVERY > FAINT]
    tenfold = noisy.only(slice(None, None, 2))
    best_error, best_loss = every[fine.error.argmin(axis=1)], every[fine.test_loss.argmin(axis=1)]
    valid_error, valid_loss = every[fine.chosen()], every[fine.valid_loss.argmin(axis=1)]
    fainter = whole.error[:, 0]
    results: dict[str, Result] = {
        "train": Number(N_TRAIN, "枚", "学習の画像", digits=0),
        "valid": Number(N_VALID, "枚", "λを選ぶための画像", digits=0),
        "test": Number(N_TEST, "枚", "試す画像", digits=0),
        "wrong": Number(round(NOISE * N_TRAIN), "枚", "ラベルを書きかえた学習の画像", digits=0),
        "forms": Number(14, "枚", "用紙の数", digits=0),
        "mine": Number(LAMBDAS[MINE], "", "僕が写してきたλ", digits=2),
        "more": Number(len(FINE), "個", "谷底のまわりに足したλの候補", digits=0),
        "noise": Number(NOISE, "%", "書きかえたラベルの割合", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "nothing": Number(LAMBDAS[NOTHING], "", "λの候補、いちばん小さい値", digits=4),
        "thousandth": Number(LAMBDAS[2], "", "λの候補、3番目", digits=3),
        "flat": Number(LAMBDAS[FLAT], "", "正しいラベルで平らな範囲の右端のλ", digits=3),
        "right": Number(LAMBDAS[RIGHT], "", "2割まちがいで平均の誤りがいちばん少ないλ", digits=2),
        "much": Number(LAMBDAS[MUCH], "", "大きすぎるλ", digits=0),
        "alike": Number(ALIKE, "ポイント", "誤りが同じくらいと言うときの、差の上限", digits=1),
        "pixel": Number(PIXEL, "", "元の画像の、いちばん濃い点の値", digits=0),
        "pixel_squared": Number(PIXEL**2, "", "その2乗", digits=0),
        "as_stored": Number(LAMBDAS[RIGHT] / PIXEL**2, "", "λ=0.03を16の2乗で割った値", digits=4),
        "default": Number(1 / N_TRAIN, "", "LogisticRegressionの既定C=1のλ、学習200枚", digits=3),
    }
    for name, s, about in (("clean", clean, "正しいラベル"), ("noisy", noisy, "2割まちがい")):
        for place, at_lambda in ((NOTHING, "nothing"), (RIGHT, "right"), (MUCH, "much")):
            errors = Number(s.error[:, place], "%", f"テストの誤り、{about}、λ={LAMBDAS[place]:g}")
            results[f"{name}_{at_lambda}"] = errors
        results |= {
            f"{name}_chosen": Number(at(s.error, s.chosen()), "%", f"テストの誤り、{about}、検証で選んだλ"),
            f"{name}_gain": Number(gain(s), "ポイント", f"λ=0.0001からの誤りの減り、{about}、検証で選んだλ"),
        }
    peeked = clean.error[:, NOTHING] - clean.error.min(axis=1)
    for place, name in ((NOTHING, "nothing"), (RIGHT, "right"), (MUCH, "much")):
        about = f"学習の損失（交差エントロピーの平均）、2割まちがい、λ={LAMBDAS[place]:g}"
        results[f"loss_{name}"] = Number(noisy.loss[:, place], "", about)
    copied = "まちがったラベルどおりに答えた割合、2割まちがい"
    results |= {
        "copied_nothing": Number(noisy.copied[:, NOTHING], "%", f"{copied}、λ=0.0001"),
        "copied_right": Number(noisy.copied[:, RIGHT], "%", f"{copied}、λ=0.03"),
        "clean_better": Number(np.sum(gain(clean) > 0), "回", "誤りが減った回数、正しいラベル", digits=0),
        "clean_worse": Number(np.sum(gain(clean) < 0), "回", "誤りが増えた回数、正しいラベル", digits=0),
        "clean_peeked": Number(peeked, "ポイント", "λ=0.0001からの誤りの減り、正しいラベル、試す画像で選んだλ"),
        "noisy_mine": Number(noisy.error[:, MINE], "%", "テストの誤り、2割まちがい、λ=0.01"),
        "shallow_gain": Number(gain(noisy, 2), "ポイント", "λ=0.001からの誤りの減り、2割まちがい、検証で選んだλ"),
        "faint": Number(FAINT, "", "候補の外の、もっと小さいλ", digits=6),
        "deep_gain": Number(
            fainter - at(noisy.error, noisy.chosen()),
            "ポイント",
            "λ=0.000001からの誤りの減り、2割まちがい、検証で選んだλ",
        ),
        "fine_change": Number(
            gain(fine) - gain(noisy), "ポイント", "0.001から0.1の刻みを3分の1にして、減りが変わった分、2割まちがい"
        ),
        "tenfold_cost": Number(
            gain(noisy) - gain(tenfold), "ポイント", "10倍きざみの候補から選んで、誤りが増えた分、2割まちがい"
        ),
        "loss_ratio": Number(best_error / best_loss, "倍", "誤りで最良のλと交差エントロピーで最良のλの比、刻み3分の1"),
        "loss_ratio_valid": Number(
            valid_error / valid_loss, "倍", "同じ比、試す画像のかわりに、2割まちがいの検証の画像で選んだとき"
        ),
        "measure_change": Number(
            at(fine.error, fine.valid_loss.argmin(axis=1)) - at(fine.error, fine.chosen()),
            "ポイント",
            "検証の誤りでなく交差エントロピーで選んで、テストの誤りが増えた分、2割まちがい、刻み3分の1",
        ),
        "noise_gains": Claim(
            gain(noisy), ">", 0, about="誤りの減り、2割まちがい、λ=0.0001から検証で選んだλへ", margin=3
        ),
        "clean_is_flat": Claim(
            spread(clean.error), "<", ALIKE, 0.9, "λ=0.0001から0.003までの誤りの差、最大引く最小、正しいラベル"
        ),
        "penalty_forgets": Claim(
            noisy.copied[:, RIGHT], "<", noisy.copied[:, NOTHING] / 2, about="写したまちがい、λ=0.03とλ=0.0001の半分"
        ),
        "loss_goes_up": Claim(
            noisy.loss[:, RIGHT], ">", 5 * noisy.loss[:, NOTHING], about="学習の損失、λ=0.03とλ=0.0001の5倍"
        ),
        "measures_disagree": Claim(
            best_error, ">", best_loss, about="試す画像で最良のλ、誤りの数と交差エントロピー、2割まちがい、刻み3分の1"
        ),
        "three": Table(
            ["", "λ", "損失", "静か", "うるさい"],
            {
                word: [place, f"loss_{place}", f"clean_{place}", f"noisy_{place}"]
                for word, place in (("小", "nothing"), ("中", "right"), ("大", "much"))
            },
            "「中」で減るのは、うるさい部屋の誤りだけ。静かとうるさいは、初めての画像の誤り。"
            "損失は、うるさい部屋の学習の画像で測った。{{ how_big_is_lambda.repeats }}の平均で、±は標準誤差。",
        ),
        **figures(clean, noisy),
    }
    return results


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Right labels where there were wrong ones, and wrong where right; a smaller step of λ."""
    seeds = tuple(seeds)
    clean, whole = sweep(seeds, 0, tuple(LAMBDAS)), sweep(seeds, NOISE, tuple(EVERY))
    noisy = whole.only(np.isin(EVERY, LAMBDAS[3:5]))
    error, loss = clean.error.argmin(axis=1), clean.test_loss.argmin(axis=1)
    return {
        "noise_gains": Claim(gain(clean), ">", 0, margin=3),
        "clean_is_flat": Claim(spread(noisy.error), "<", ALIKE, 0.9),
        "penalty_forgets": Claim(clean.copied[:, RIGHT], "<", clean.copied[:, NOTHING] / 2),
        "loss_goes_up": Claim(noisy.loss[:, 1], ">", 5 * noisy.loss[:, 0]),
        "measures_disagree": Claim(error, ">", loss),
    }


def figures(clean: Sweep, noisy: Sweep) -> dict[str, Figure]:
    error = {"clean": 100 * clean.error.mean(axis=0), "noisy": 100 * noisy.error.mean(axis=0)}
    sums = {"loss": noisy.loss.mean(axis=0), "objective": noisy.objective.mean(axis=0)}
    return {
        "valley": Figure(
            {"初めての画像の誤り": {"lambdas": LAMBDAS, **error}},
            title="谷を掘るのは、ラベルのまちがい",
            caption="静かな部屋の線は左がずっと平らで、うるさい部屋の線にだけ、深い谷があります。"
            "縦は、初めての{{ how_big_is_lambda.test }}の誤り（%）、横は対数の目盛りです。"
            "学習は{{ how_big_is_lambda.train }}、用紙を分けなおした{{ how_big_is_lambda.repeats }}の平均です。"
            "右の端では、どちらの線も、強すぎる罰で上がっています。",
            alt="横軸はλ、縦軸は誤り。静かな部屋の線は、λ＝{{ how_big_is_lambda.flat }}まで平らで、あとは上がる。"
            "うるさい部屋の線は、λ＝{{ how_big_is_lambda.nothing }}の{{ how_big_is_lambda.noisy_nothing }}から"
            "λ＝{{ how_big_is_lambda.right }}の{{ how_big_is_lambda.noisy_right }}へ下がり、また上がる。",
        ),
        "two_sums": Figure(
            {"うるさい部屋、学習の画像": {"lambdas": LAMBDAS, **sums}},
            title="学習が小さくしているのは、上の線",
            caption="二つの線のあいだが、罰です。縦線は、初めての画像の誤りがいちばん少なかった"
            "候補、λ＝{{ how_big_is_lambda.right }}。どちらの線にも、そこだと分かる目印はありません。"
            "縦の損失は交差エントロピーで、{{ how_big_is_lambda.repeats }}の平均です。",
            alt="横軸はλ。損失も、損失と罰の合計も、λとともに増えつづける。合計はいつも損失の上にある。",
        ),
    }


def draw_valley(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.0001, 1)
    plot.value_axis(ax, 0, 80, "誤り（%）")
    plot.curves(ax, data["lambdas"], {"うるさい": data["noisy"], "静か": data["clean"]})


def draw_two_sums(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.0001, 1)
    plot.value_axis(ax, 0, 2.5)
    plot.curves(ax, data["lambdas"], {"損失＋罰": data["objective"], "損失": data["loss"]}, cursor=LAMBDAS[RIGHT])
