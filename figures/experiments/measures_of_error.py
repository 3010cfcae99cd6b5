"""外れの測り方を変えると、答えはどう変わるのか。

データ: 糖尿病データ442人、10項目（figures/data/diabetes.md）。150人を無作為に選んで学習し、残りの292人で試すのを20回。
標準誤差が表すのは選び方のばらつきで、別の集団でのばらつきではない。
解き方: 直線のモデルを最小二乗法で解く。目的関数は 1/(2n)‖y−Xw‖² に λ/2‖w‖² を足したもの、λ=1。標準化は学習の行だけで
決め、切片は罰しない。全員に同じ数を答えるときは、25から346まで0.5きざみの候補をすべて試す。
出典: 二乗なら平均、絶対値なら中央値になることは Hastie, Tibshirani & Friedman, The Elements of Statistical Learning,
2nd ed., 2.4節の式(2.13)と(2.18)。データは Efron, Hastie, Johnstone & Tibshirani (2004), Ann. Statist. 32(2)。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from figures.data.diabetes import NAMES, load_diabetes
from figures.experiments.l1_vs_l2 import shuffled
from figures.models.cross_validation import Split, split
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.standardize import fit_standardization
from figures.results import Claim, Number, Result

SEEDS = range(20)
N_TRAIN, LAMBDA = 150, 1.0
SEX = NAMES.index("性別")
ANSWERS = np.arange(25, 346.5, 0.5)  # what may be answered to all alike
TYPO = 10  # one target of the training rows is typed ten times too large


class Errors(NamedTuple):
    """How a straight line misses those it has not seen; RMSE unless said otherwise, a value a repetition."""

    mean_only: Floats  # if everybody gets the mean of the training rows
    rmse: Floats
    typo: Floats  # after one target was mistyped
    products: Floats  # with squares and products as further features
    median: Floats  # median |error|
    top_tenth: Floats  # share of the sum of squares that the largest tenth holds


def losses(y: Floats, answers: ArrayLike, power: int) -> Floats:
    """Return the mean of |y - answer| to the ``power``, for each answer given to all alike."""
    return np.asarray(np.mean(np.abs(np.subtract.outer(y, answers)) ** power, axis=0))


def largest_tenth(squares: Floats) -> float:
    """Return the share of their sum that the largest tenth of them holds (rounded down to whole rows)."""
    return float(np.sort(squares)[-(len(squares) // 10) :].sum() / squares.sum())


def with_products(X: Floats) -> Floats:
    """Return the standardised columns, their squares and products: still linear in the weights."""
    Z = fit_standardization(X[:N_TRAIN]).apply(X)
    first, second = np.triu_indices(Z.shape[1])
    new = (first != SEX) | (second != SEX)  # two values: its square says nothing new
    return np.hstack([Z, Z[:, first[new]] * Z[:, second[new]]])


def line_rmse(X: Floats, y: Floats) -> float:
    """Return the test RMSE of least squares."""
    t = split(X, y, N_TRAIN)
    return t.rmse(least_squares(t.X, t.y))


def errors(seeds: Iterable[int], typo: float = TYPO) -> Errors:
    rows = []
    for X, y in map(shuffled, seeds):
        t = split(X, y, N_TRAIN)
        w = least_squares(t.X, t.y)
        squares = t.squared_errors(w)
        mistyped = np.r_[y[0] * typo, y[1:]]
        ways = t.rmse(0 * w), t.rmse(w), line_rmse(X, mistyped), line_rmse(with_products(X), y)
        rows.append((*ways, np.median(np.sqrt(squares)), largest_tenth(squares)))
    return Errors(*np.array(rows).T)


def loss(t: Split, w: Floats) -> float:
    return float(np.mean((t.y - t.X @ w) ** 2) / 2)


def with_penalty(seeds: Iterable[int], lam: float = LAMBDA) -> tuple[Floats, Floats]:
    """Return how loss and objective change from least squares to the minimum of the objective, as shares."""
    rows = []
    for X, y in map(shuffled, seeds):
        t = split(X, y, N_TRAIN)
        none, best = least_squares(t.X, t.y), ridge(t.X, t.y, lam)[0]
        before, after = (np.array([loss(t, w), loss(t, w) + lam / 2 * w @ w]) for w in (none, best))
        rows.append(after / before - 1)
    change = np.array(rows).T
    return change[0], change[1]


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    X, y = load_diabetes()
    e = errors(seeds)
    loss_change, objective_change = with_penalty(seeds)
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "train": Number(N_TRAIN, "人", "学習に使う人数", digits=0),
        "test": Number(len(X) - N_TRAIN, "人", "試すのに使う人数", digits=0),
        "mean": Number(y.mean(), "", "進み具合の平均、442人全員", digits=1),
        "median": Number(np.median(y), "", "進み具合の中央値、442人全員", digits=1),
        "mean_only": Number(e.mean_only, "", "テスト誤差（RMSE）、全員に学習データの平均を答えるとき"),
        "rmse": Number(e.rmse, "", "テスト誤差（RMSE）、最小二乗法"),
        "median_absolute": Number(e.median, "", "外れの絶対値の中央値、最小二乗法"),
        "top_tenth": Number(e.top_tenth, "%", "外れの大きい1割の人が、2乗の合計に占める割合"),
        "typo_factor": Number(TYPO, "倍", "打ちまちがえた目的の値", digits=0),
        "typo_rmse": Number(e.typo, "", "テスト誤差（RMSE）、一人を打ちまちがえたとき"),
        "typo_harm": Number(e.typo - e.rmse, "", "テスト誤差（RMSE）の増え、一人を打ちまちがえたとき"),
        "features_with_products": Number(with_products(X).shape[1], "個", "2乗と積を足したあとの項目の数", digits=0),
        "products_rmse": Number(e.products, "", "テスト誤差（RMSE）、2乗と積を足した64項目の最小二乗法"),
        "lambda": Number(LAMBDA, "", "目的関数のλ", digits=0),
        "loss_growth": Number(loss_change, "%", "損失の増え、最小二乗法の重みから目的関数の最小の重みへ"),
        "objective_fall": Number(-objective_change, "%", "目的関数の減り、最小二乗法の重みから目的関数の最小の重みへ"),
        "mean_is_best": Claim(losses(y, [y.mean()], 2), "<=", losses(y, ANSWERS, 2).min(), about="二乗の損失"),
        "median_is_best": Claim(losses(y, [np.median(y)], 1), "<=", losses(y, ANSWERS, 1).min(), about="絶対値の損失"),
        "rmse_is_not_typical": Claim(e.median, "<", 0.8 * e.rmse, about="外れの中央値と、RMSEの8割"),
        "products_hurt": Claim(e.products, ">", e.rmse, about="テスト誤差、64項目と10項目"),
        "typo_hurts": Claim(e.typo, ">", e.rmse, 0.9, "テスト誤差、一人を打ちまちがえたときとしないとき", margin=2),
        "loss_grows": Claim(loss_change, ">", 0, about="目的関数を最小にしたときの、損失の増え"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """The other answer, targets made of products, errors of one size, no typo, no penalty."""
    seeds = list(seeds)
    untouched, unpenalised = errors(seeds, typo=1), with_penalty(seeds, lam=0)[0]
    of_products = []
    for seed in seeds:
        X, y = shuffled(seed)
        many = split(with_products(X), y, N_TRAIN)
        made = np.vstack([many.X, many.X_test]) @ least_squares(many.X, many.y)
        of_products.append((line_rmse(with_products(X), made), line_rmse(X, made)))
    products, rmse = np.array(of_products).T
    _, y = load_diabetes()
    return {
        "mean_is_best": Claim(losses(y, [np.median(y)], 2), "<=", losses(y, ANSWERS, 2).min()),
        "median_is_best": Claim(losses(y, [y.mean()], 1), "<=", losses(y, ANSWERS, 1).min()),
        "rmse_is_not_typical": Claim(np.ones(len(seeds)), "<", 0.8),
        "products_hurt": Claim(products, ">", rmse),
        "typo_hurts": Claim(untouched.typo, ">", untouched.rmse, 0.9, margin=2),
        "loss_grows": Claim(np.round(unpenalised, 9), ">", 0),  # what is finer is rounding, another on each processor
    }
