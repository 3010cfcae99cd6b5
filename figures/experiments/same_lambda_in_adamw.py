"""AdamをAdamWに替えるとき、λはそのままでよいのか。

データ: 手書き数字（figures/data/digits.md）。先頭8枚の用紙の1,029枚から200枚を種ごとに選び、その20%の正解を
ほかの数字に書きかえて学習する。別の用紙の386枚でλを選び、残りの用紙の382枚で試す。この二組は書きかえず、種によらず同じ。
解き方: ソフトマックス回帰（64×10の重み、画素は16で割る）を、交差エントロピーで160歩（25枚ずつ20エポック）。
学習率は0.03に決めて選ばず、はじめの重みと見る順番は種ごとに変え、比べる方法どうしでは同じ。切片は罰しない。λの候補は、
AdamとL2もAdamWも同じ、0.001から3.2の15通りで、等比に並べる。もう一つは、L2で選んだλを、そのままAdamWに渡す。
出典: Loshchilov & Hutter (2019), ICLR, アルゴリズム2。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from figures.data.digits import load_digits
from figures.data.synthetic_classes import wrong_labels
from figures.models.folds import Ints
from figures.models.initialize import initialize
from figures.models.multilayer_perceptron import forward
from figures.models.optimizers import SGD, Adam, Optimizer
from figures.models.regression_data import Floats
from figures.models.schedules import constant
from figures.models.train import mini_batches, train
from figures.results import Claim, Number, Result, Table

SEEDS = range(20)
OTHERS, FIXED = range(1000, 1020), 0.01  # other seeds, and a λ that was not chosen with them
N, SIZE, N_STEPS, RATE, SLOW, WRONG = 200, 25, 160, 0.03, 0.01, 0.2
PLAIN = 0.032  # λ under plain SGD, for ``falsify``
FORMS = (1029, 1415)  # where the forms to choose with and those to test begin
# Candidates for λ, four to a decade: the same in the loss and in the update, so that their place says nothing about
# the ratio of the chosen ones.
CANDIDATES = np.array([0.001, 0.0018, 0.0032, 0.0056, 0.01, 0.018, 0.032, 0.056, 0.1, 0.18, 0.32, 0.56, 1.0, 1.8, 3.2])


def pupils(seeds: Iterable[int]) -> tuple[Floats, Ints]:
    """Return the images to learn from, seed after seed, and what is said of them: (n_seeds N, 64), (n_seeds N,)."""
    X, y, _ = load_digits()
    images, labels = [], []
    for seed in seeds:
        rows = np.random.default_rng(seed).permutation(FORMS[0])[:N]
        images.append(X[rows] / 16)
        labels.append(wrong_labels(100 + seed, y[rows], WRONG, 10))
    return np.concatenate(images), np.concatenate(labels)


def orders(seeds: Iterable[int]) -> Iterator[Ints]:
    """Yield the rows of each step, of all seeds: (n_seeds, SIZE)."""
    each = [mini_batches(N, SIZE, N_STEPS, seed) for seed in seeds]
    for rows in zip(*each, strict=True):
        yield np.stack([N * i + of_one for i, of_one in enumerate(rows)])


def accuracy(seeds: Iterable[int], optimizer: Optimizer, l2: ArrayLike, decay: ArrayLike, rate: float = RATE) -> Floats:
    """Train one network for each seed and each pair of λ in the loss and λ in the update.

    Args:
        seeds: of the images, the wrong labels, the first weights and the order of the rows.
        optimizer: with nothing seen yet.
        l2: (n_pairs,).
        decay: likewise.
        rate: η.

    Returns:
        The share of right answers on the forms to choose with, and on those to test: (2, n_pairs, n_seeds).
    """
    seeds = list(seeds)
    inside, beside = (np.array(of, dtype=float)[:, None, None, None] for of in (l2, decay))
    X, y, _ = load_digits()
    first = [initialize([64, 10], "he", seed) for seed in seeds]
    networks = {
        name: np.repeat(np.stack([one[name] for one in first])[None], len(inside), axis=0) for name in ("W1", "b1")
    }
    train(networks, *pupils(seeds), orders(seeds), optimizer, constant(rate, N_STEPS), l2=inside, decay=beside)
    right = forward(networks, X[FORMS[0] :] / 16).output.argmax(axis=-1) == y[FORMS[0] :]
    chosen_with = FORMS[1] - FORMS[0]
    return np.array([right[..., :chosen_with].mean(axis=-1), right[..., chosen_with:].mean(axis=-1)])


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    n, each = len(CANDIDATES), np.arange(len(seeds))
    adam, nothing = Adam(), np.zeros(n)
    choose_l2, test_l2 = accuracy(seeds, adam, CANDIDATES, nothing)
    choose_decay, test_decay = accuracy(seeds, Adam(), nothing, CANDIDATES)
    ends = CANDIDATES[[0, -1]]
    best_l2, best_decay = choose_l2.argmax(axis=0), choose_decay.argmax(axis=0)
    lam_l2, lam_decay = CANDIDATES[best_l2], CANDIDATES[best_decay]
    # With L2, with L2's choice of λ in AdamW, and with AdamW's own.
    l2, moved, chosen = test_l2[best_l2, each], test_decay[best_l2, each], test_decay[best_decay, each]
    none = accuracy(seeds, Adam(), [0], [0])[1, 0]
    slow = accuracy(seeds, Adam(), [0], [0], SLOW)[1, 0]
    fixed_l2, fixed_moved = accuracy(OTHERS, Adam(), [FIXED, 0], [0, FIXED])[1]
    # What Adam divides by at the end, for L2's chosen λ, where there is ink at all. (L2 moves the other weights, too.)
    ink = pupils(seeds)[0].reshape(len(seeds), N, -1).max(axis=1) > 0
    squares = adam.s["W1"][best_l2, each] / (1 - adam.beta2**N_STEPS)
    divisor = np.array([np.median(np.sqrt(s[seen])) for s, seen in zip(squares, ink, strict=True)])
    # Once more with every other candidate only.
    coarse_l2 = test_l2[2 * choose_l2[::2].argmax(axis=0), each]
    coarse_decay = test_decay[2 * choose_decay[::2].argmax(axis=0), each]
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "train": Number(N, "枚", "学習に使う手書き数字", digits=0),
        "wrong": Number(WRONG, "%", "正解を書きかえた割合", digits=0),
        "choose": Number(FORMS[1] - FORMS[0], "枚", "λを選ぶ手書き数字", digits=0),
        "test": Number(1797 - FORMS[1], "枚", "試す手書き数字", digits=0),
        "rate": Number(RATE, "", "学習率", digits=2),
        "candidates": Number(n, "通り", "それぞれのλの候補", digits=0),
        "epochs": Number(N_STEPS * SIZE // N, "エポック", "学習の長さ", digits=0),
        "slow": Number(SLOW, "", "下げた学習率", digits=2),
        "slow_none": Number(slow, "%", "正解率、罰なしのAdam、下げた学習率"),
        "none": Number(none, "%", "正解率、罰なしのAdam"),
        "l2": Number(l2, "%", "正解率、AdamとL2、λを選ぶ"),
        "moved": Number(moved, "%", "正解率、AdamW、L2で選んだλのまま"),
        "chosen": Number(chosen, "%", "正解率、AdamW、λを選びなおす"),
        "lost": Number(l2 - moved, "ポイント", "正解率の差、AdamとL2から、同じλのAdamWを引く"),
        "fixed": Number(FIXED, "", "追試で選ばずに決めたλ", digits=2),
        "fixed_lost": Number(fixed_l2 - fixed_moved, "ポイント", "同じ差、選ばずに決めたλ、別の20回"),
        "others": Number(len(OTHERS), "回", "種を替えた追試のくり返し", digits=0),
        "gap": Number(l2 - chosen, "ポイント", "正解率の差、AdamとL2から、λを選びなおしたAdamWを引く"),
        "gap_coarse": Number(coarse_l2 - coarse_decay, "ポイント", "同じ差、λの候補を一つおきにしたとき"),
        "coarse": Number(len(CANDIDATES[::2]), "通り", "一つおきにしたλの候補", digits=0),
        "lambda_l2": Number(lam_l2, "", "選んだλ、AdamとL2"),
        "lambda_decay": Number(lam_decay, "", "選んだλ、AdamW"),
        "divisor": Number(divisor, "", "Adamが勾配を割る数（√ŝ）、終わり、空白でない画素の重みの中央値、AdamとL2"),
        "expected_ratio": Number(1 / divisor, "倍", "√ŝから見込んだλの比（√ŝの逆数）"),
        "expected_digits": Number(-np.log10(divisor), "桁", "√ŝから見込んだλの比の常用対数"),
        "lambda_digits": Number(np.log10(lam_decay / lam_l2), "桁", "選んだλの比（AdamWをL2で割る）の常用対数"),
        "digits_off": Number(
            np.log10(lam_decay / lam_l2) + np.log10(divisor), "桁", "選んだλの比と見込んだ比の、常用対数の差"
        ),
        "edge_l2": Number(np.isin(lam_l2, ends).sum(), "回", "候補の端を選んだ回数、AdamとL2", digits=0),
        "edge_decay": Number(np.isin(lam_decay, ends).sum(), "回", "候補の端を選んだ回数、AdamW", digits=0),
        "moving_loses": Claim(moved, "<", l2, 0.8, "正解率、同じλのAdamWと、AdamとL2", 2),
        "choosing_restores": Claim(chosen, ">", moved, 0.8, "正解率、AdamWのλを選びなおすとき、そのままのとき", 2),
        "comparison": Table(
            ["", "選んだλ", "正解率"],
            {
                "AdamとL2": ["lambda_l2", "l2"],
                "AdamW、λはそのまま": ["lambda_l2", "moved"],
                "AdamW、λを選びなおす": ["lambda_decay", "chosen"],
            },
            "手書き数字で試した正解率。λをそのまま移すと落ち、選びなおすと戻る。",
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Plain SGD: there the same λ is the same penalty, so nothing is lost, and nothing to be restored."""
    l2, decay = accuracy(seeds, SGD(), [PLAIN, 0], [0, PLAIN])[1]
    return {
        "moving_loses": Claim(decay, "<", l2, 0.8, margin=2),
        "choosing_restores": Claim(l2, ">", decay, 0.8, margin=2),
    }
