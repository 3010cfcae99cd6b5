"""学習の一歩に罰を入れると、重みはどうなるのか。

データ: 三つ。(1) 互いに無関係な10項目のうち5個が効く合成データ100行。(2) 平面で二つに分かれる合成データ50行、5項目。
どちらも種ごとに引きなおす。(3) 手書き数字1797枚（figures/data/digits.md）から500枚を選んで学習し、残りで試すのを20回。
同じ人の字が両方に入るので、正解率は甘く出る。
解き方: (1) 2乗誤差を全部の行で250歩、学習率0.1。終わりの重みがどの強さのL2の答えかを測る。
(2) ロジスティック回帰を全部の行で1,000歩、学習率1、罰なしとL2（λ=0.01）。
(3) 画素を16で割ったソフトマックス回帰とL1（λ=0.01）を、25枚ずつ200歩、学習率は0.5から余弦で下げる。
同じ式はニュートン法でも最後まで解く（λ=0.01と0.001、L2はλ=0.001）。切片はどれも罰しない。
出典: 重み減衰の二つの置き場所は Loshchilov & Hutter (2019), ICLR, アルゴリズム1。
増え方は Soudry ほか (2018), JMLR 19(70), 定理3。近接の一歩は Duchi & Singer (2009), JMLR 10。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from figures.data.digits import load_digits
from figures.data.synthetic import sparse_linear
from figures.data.synthetic_classes import separable
from figures.models.folds import Ints
from figures.models.initialize import initialize, stack
from figures.models.multilayer_perceptron import backward, forward
from figures.models.optimizers import SGD, step
from figures.models.proximal import Step, proximal_step, subgradient_step, train_l1
from figures.models.regression_data import Floats
from figures.models.schedules import constant, cosine
from figures.models.softmax_l1 import softmax_l1
from figures.models.softmax_l2 import softmax_l2
from figures.models.softmax_regression import SoftmaxFits
from figures.models.standardize import fit_standardization
from figures.models.train import mini_batches
from figures.results import Claim, Number, Result

SEEDS = range(20)
WATCHED, LEAST, N = (10, 100, 1000), 0.01, 500  # steps where lengths are measured; what looks like 0; digits learnt
MOMENTUM, DECAY, HELD, STRONG, WEAK = 0.9, 0.1, 0.01, 0.01, 0.001  # all but the first are λ: the last two of digits


@cache  # the falsifier exchanges the kinds
def strength(seeds: tuple[int, ...], momentum: float, inside: bool = False) -> Floats:
    """Return what share of λ the decay amounts to as L2; ``inside``: with λ w in the gradient instead.

    L2 of strength μ ends where X'(y - X w)/n = μ w. So μ = w'X'(y - X w)/n / ||w||², here in hundredths of a percent:
    what is finer is the way that was left to go after 250 steps.
    """
    tables = [sparse_linear(seed, 100, 10)[:2] for seed in seeds]
    x = np.stack([fit_standardization(X).apply(X) for X, _ in tables])
    y = np.stack([y - y.mean() for _, y in tables])
    networks, optimizer = stack([initialize([10, 1], "xavier", seed) for seed in seeds]), SGD(momentum)
    l2, decay = (DECAY, 0.0) if inside else (0.0, DECAY)
    for rate in constant(0.1, 250):
        gradients, _ = backward(networks, forward(networks, x), y[..., None], "squared")
        step(optimizer, networks, gradients, rate, l2, decay)
    ends = zip(x, y, networks["W1"][..., 0], strict=True)
    return np.round([float(w @ (X.T @ (t - X @ w)) / 100 / (w @ w) / DECAY) for X, t, w in ends], 4)


@cache  # and the lengths
def lengths(seeds: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return ||w|| and the share of rows that are right, after the steps of ``WATCHED``: (3, 2, n_seeds) each.

    Without a penalty first, and then with L2 of ``HELD``.
    """
    tables = [separable(seed, 50, 5) for seed in seeds]
    x, y = np.stack([X for X, _, _ in tables]), np.stack([y for _, y, _ in tables])
    start, l2 = stack([initialize([5, 2], "xavier", seed) for seed in seeds]), np.array([0, HELD])[:, None, None, None]
    networks = {name: np.stack([array, array]) for name, array in start.items()}
    long, right = [], []
    for t in range(max(WATCHED) + 1):
        seen = forward(networks, x)
        if t in WATCHED:
            long.append(np.linalg.norm(networks["W1"][..., 1] - networks["W1"][..., 0], axis=-1))
            right.append((seen.output.argmax(axis=-1) == y).mean(axis=-1))
        step(SGD(), networks, backward(networks, seen, y)[0], 1.0, l2)
    return np.array(long), np.array(right)


def shuffled(seeds: Iterable[int]) -> Ints:
    """Return the digits in another order for each seed, (n_seeds, 1797): the first N are to learn from."""
    n = len(load_digits().y)
    return np.array([np.argsort(np.random.default_rng(seed).random(n), kind="stable") for seed in seeds])


def digits(seeds: Iterable[int]) -> list[tuple[Floats, Ints, Floats, Ints]]:
    """Return X and y of the digits to learn from and of the others, seed by seed."""
    X, y, _ = load_digits()
    return [(X[o[:N]] / 16, y[o[:N]], X[o[N:]] / 16, y[o[N:]]) for o in shuffled(seeds)]


@cache  # and the two moves
def trained(seeds: tuple[int, ...], move: Step) -> Floats:
    """Return the share of weights that are exactly 0, that look like it, and of right answers: (3, n_seeds)."""
    X, y, _ = load_digits()
    networks, orders = stack([initialize([64, 10], "xavier", seed) for seed in seeds]), shuffled(seeds)
    each = [mini_batches(N, 25, 200, seed) for seed in seeds]
    batches = (np.take_along_axis(orders, np.stack(rows), axis=1) for rows in zip(*each, strict=True))
    train_l1(networks, X / 16, y, batches, cosine(0.5, 200), STRONG, move)
    held = orders[:, N:]
    right = forward(networks, X[held] / 16).output.argmax(axis=2) == y[held]
    return np.array([shares(*one) for one in zip(networks["W1"], right, strict=True)]).T


def solved(seeds: Iterable[int], fit: Callable[[Floats, Ints, Sequence[float]], SoftmaxFits], *lam: float) -> Floats:
    """The same of the exact minimum for each λ: (n_lambdas, 3, n_seeds)."""
    fits = [(fit(X, y, lam), X_test, y_test) for X, y, X_test, y_test in digits(seeds)]
    each = [map(shares, exact.W, exact.predict(X_test) == y_test) for exact, X_test, y_test in fits]
    return np.array([[*of_one] for of_one in each]).transpose(1, 2, 0)


def shares(W: Floats, right: NDArray[np.bool_]) -> tuple[Floats, ...]:
    return (W == 0).mean(), (np.abs(W) < LEAST).mean(), right.mean()


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    plain, heavy, inside = strength(seeds, 0), strength(seeds, MOMENTUM), strength(seeds, MOMENTUM, inside=True)
    long, right = lengths(seeds)
    free, held = long[:, 0], long[:, 1]
    sub, prox = trained(seeds, subgradient_step), trained(seeds, proximal_step)
    (strong, weak), (dense,) = solved(seeds, softmax_l1, STRONG, WEAK), solved(seeds, softmax_l2, WEAK)
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "momentum": Number(MOMENTUM, "", "モメンタムの係数", digits=1),
        "plain_strength": Number(plain, "%", "重み減衰が、同じλのL2のどれだけの強さか、素の勾配降下法", digits=0),
        "momentum_strength": Number(heavy, "%", "重み減衰が、同じλのL2のどれだけの強さか、モメンタム0.9", digits=0),
        "inside_strength": Number(inside, "%", "勾配にλwを足したときの、同じ割合、モメンタム0.9", digits=0),
        "momentum_weakens": Claim(heavy, "<", plain / 5, about="重み減衰の強さ、モメンタム0.9と、素の5分の1"),
        "early": Number(WATCHED[0], "歩", "全問正解を確かめた歩数", digits=0),
        "late": Number(WATCHED[2], "歩", "終わりの歩数", digits=0),
        "early_right": Number(right[0, 0], "%", "10歩めに正しく分けた行の割合"),
        "growth": Number(free[2] / free[0], "倍", "10歩めから1,000歩めまでの、重みの長さの増え方、罰なし"),
        "held": Number(HELD, "", "重みの長さを止めたL2のλ", digits=2),
        "held_growth": Number(held[2] / held[1], "倍", "100歩めから1,000歩めまでの、重みの長さの増え方、L2"),
        "keeps_growing": Claim(free[2], ">", 1.2 * free[1], about="重みの長さ、1,000歩めと、100歩めの1.2倍、罰なし"),
        "digits_train": Number(N, "枚", "学習に使う手書き数字", digits=0),
        "least": Number(LEAST, "", "0に見えると言うときの、重みの大きさの上限", digits=2),
        "subgradient_zeros": Number(sub[0], "%", "ちょうど0の重み、劣勾配の一歩"),
        "subgradient_small": Number(sub[1], "%", "0.01より小さい重み、劣勾配の一歩"),
        "proximal_zeros": Number(prox[0], "%", "ちょうど0の重み、近接の一歩"),
        "exact_zeros": Number(strong[0], "%", "ちょうど0の重み、同じ式を最後まで解いたとき"),
        "weak_zeros": Number(weak[0], "%", "ちょうど0の重み、最後まで解いたとき、λ=0.001"),
        "weak_accuracy": Number(weak[2], "%", "残りの数字での正解率、最後まで解いたとき、λ=0.001"),
        "dense_accuracy": Number(dense[2], "%", "残りの数字での正解率、L2、λ=0.001"),
        "strong": Number(STRONG, "", "手書き数字のλ、強いほう", digits=2),
        "weak": Number(WEAK, "", "手書き数字のλ、弱いほう", digits=3),
        "subgradient_has_no_zero": Claim(sub[0], "==", 0, about="ちょうど0の重みの割合、劣勾配の一歩"),
        "proximal_has_zeros": Claim(prox[0], ">", 0.1, about="ちょうど0の重みの割合、近接の一歩"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """λ w in the gradient; L2 where the weights grew; the one step in the place of the other."""
    seeds = tuple(seeds)
    held = lengths(seeds)[0][:, 1]
    sub, prox = trained(seeds, subgradient_step), trained(seeds, proximal_step)
    return {
        "momentum_weakens": Claim(strength(seeds, MOMENTUM, inside=True), "<", strength(seeds, 0) / 5),
        "keeps_growing": Claim(held[2], ">", 1.2 * held[1]),
        "subgradient_has_no_zero": Claim(prox[0], "==", 0),
        "proximal_has_zeros": Claim(sub[0], ">", 0.1),
    }
