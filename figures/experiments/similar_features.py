"""似た項目が並ぶと、L1は何をするのか。

データ: 20項目のうち、はじめの5個がそっくり（相関0.99）で、どれも本当の重みは1、残りは効かない合成データ。
雑音の標準偏差は1。100行で学習し、別の1,000行で試すのを20回。比べるために、相関0.9と0のものも引く。
経路は、糖尿病データ442人（figures/data/diabetes.md）から150人を選ぶのを20回。
解き方: 1/(2n)‖y−Xw‖² に、L1は λ1‖w‖₁、エラスティックネットはさらに λ2/2‖w‖²（λ2=0.1）を足して最小にする。
λ1は、どちらも同じ格子と同じ5分割の交差検証で選ぶ。座標降下法と近接勾配法は λ1=0.1 の同じ問題を0から解く。
数えるのは、目的関数の差が、はじめの値の100万分の1になるまでの周。標準化は学習の行だけで決める。
出典: 似た項目への振る舞いは Zou & Hastie (2005), J. R. Stat. Soc. B 67(2), 2.3節。
座標降下法は Friedman ほか (2007), Ann. Appl. Stat. 1(2)。
近接勾配法は Beck & Teboulle (2009), SIAM J. Imaging Sci. 2(1)。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import twins
from figures.models.coordinate_descent import coordinate_descent
from figures.models.cross_validation import Split, choose_lambdas, split
from figures.models.decompose import decompose
from figures.models.elastic_net import elastic_net_many
from figures.models.lasso_path import lasso_path
from figures.models.proximal import proximal_step
from figures.models.regression_data import Floats
from figures.results import Claim, Number, Result

SEEDS = range(20)
GRID = 10.0 ** (np.arange(-32, 17) / 8)  # the λ1 to choose from, 0.0001 to 100
N_ROWS, N_TWINS, FOLDS, L2 = 100, 5, 5, 0.1
FIXED, NEAR = 0.1, 1e-6  # λ1 to be solved for; the distance to the minimum that is near enough, as a share


class Twins(NamedTuple):
    """The weights of the twins, each seed's falling: (n_seeds, 5), and the test error: (n_seeds,)."""

    w: Floats
    error: Floats


@cache  # the falsifier asks again
def fitted(seeds: tuple[int, ...], l2: float, rho: float = 0.99) -> Twins:
    data = [twins(seed, N_ROWS + 1000, rho=rho)[:2] for seed in seeds]
    training = [(X[:N_ROWS], y[:N_ROWS]) for X, y in data]
    lambdas = choose_lambdas(training, lambda problems, grid: elastic_net_many(problems, grid, l2), GRID, FOLDS)
    splits = [split(X, y, N_ROWS) for X, y in data]
    every = elastic_net_many([(t.X, t.y) for t in splits], GRID, l2)
    w = every[np.arange(len(data)), np.searchsorted(GRID, lambdas)]
    error = [t.rmse(v) for t, v in zip(splits, w, strict=True)]
    return Twins(np.array([np.sort(v[:N_TWINS])[::-1] for v in w]), np.array(error))


@cache  # the falsifier asks again
def rounds(seeds: tuple[int, ...], rho: float) -> tuple[Floats, Floats]:
    """Return the sweeps of coordinate descent and the steps of proximal gradient until the minimum is near."""
    counted = []
    for seed in seeds:
        t = split(*twins(seed, N_ROWS + 1, rho=rho)[:2], N_ROWS)
        bound = objective(t, lasso_path(t.X, t.y, FIXED).at(FIXED)[0]) + NEAR * objective(t, np.zeros(t.X.shape[1]))
        ways = (coordinate_descent(t.X, t.y, FIXED), proximal_gradient(t))
        counted.append([next(k for k, w in enumerate(way, 1) if objective(t, w) <= bound) for way in ways])
    sweeps, steps = np.array(counted, dtype=np.float64).T
    return sweeps, steps


def objective(t: Split, w: Floats) -> float:
    return float(np.square(t.y - t.X @ w).mean() / 2 + FIXED * np.abs(w).sum())


def proximal_gradient(t: Split) -> Iterator[Floats]:
    """Yield w after each step, with the longest step that is safe: 1/s_1², for the largest curvature s_1²."""
    n, w = len(t.X), np.zeros(t.X.shape[1])
    rate = n / decompose(t.X)[1][0] ** 2
    while True:
        w = proximal_step(w, t.X.T @ (t.X @ w - t.y) / n, rate, np.array(FIXED))
        yield w


def comings_and_goings(seeds: Iterable[int]) -> Floats:
    """Return how often a feature enters and how often one drops out along the whole path: (2, n_seeds)."""
    counted = []
    for seed in seeds:
        X, y = load_diabetes()
        order = np.argsort(np.random.default_rng(seed).random(len(y)), kind="stable")
        t = split(X[order], y[order], 150)
        moves = [change for _, _, change in lasso_path(t.X, t.y).moves()]
        counted.append((moves.count(1), moves.count(-1)))
    return np.array(counted, dtype=np.float64).T


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    lasso, net = fitted(seeds, 0), fitted(seeds, L2)
    (near, near_steps), (far, _) = rounds(seeds, 0.9), rounds(seeds, 0)
    entered, dropped = comings_and_goings(seeds)
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "twins": Number(N_TWINS, "個", "そっくりな項目の数", digits=0),
        "rows": Number(N_ROWS, "行", "学習の行", digits=0),
        "correlation": Number(0.99, "", "そっくりな項目どうしの相関", digits=2),
        "less_correlation": Number(0.9, "", "周の数を比べるときの相関", digits=1),
        "l2": Number(L2, "", "エラスティックネットのλ2", digits=1),
        "truth": Number(1, "", "そっくりな項目の、本当の重み", digits=0),
        "lasso_largest": Number(lasso.w[:, 0], "", "本当は1の重みのうち、いちばん大きいもの、L1"),
        "lasso_smallest": Number(lasso.w[:, -1], "", "本当は1の重みのうち、いちばん小さいもの、L1"),
        "net_smallest": Number(net.w[:, -1], "", "本当は1の重みのうち、いちばん小さいもの、エラスティックネット"),
        "lasso_dropped": Number((lasso.w == 0).sum(axis=1), "個", "そっくりな5個のうち0にした数、L1"),
        "lasso_sum": Number(lasso.w.sum(axis=1), "", "そっくりな5個の重みの合計、L1"),
        "lasso_error": Number(lasso.error, "", "テスト誤差（RMSE）、L1"),
        "net_error": Number(net.error, "", "テスト誤差（RMSE）、エラスティックネット"),
        "near": Number(NEAR, "倍", "解けたとみなす、目的関数の残りの差。はじめの値に対して", digits=6),
        "near_sweeps": Number(near, "周", "座標降下法、相関0.9"),
        "far_sweeps": Number(far, "周", "座標降下法、相関0"),
        "near_steps": Number(near_steps, "歩", "近接勾配法、相関0.9"),
        "path_patients": Number(150, "人", "経路を引くときの人数", digits=0),
        "path_features": Number(10, "個", "経路を引くときの項目の数", digits=0),
        "moves": Number(entered + dropped, "回", "経路の初めから終わりまでの、項目の出入り"),
        "dropped": Number(dropped, "回", "そのうち、いちど入った項目が抜けた回数"),
        "lasso_is_uneven": Claim(lasso.w[:, 0], ">", 1.5, 0.8, "本当は1の重みのうち、いちばん大きいもの、L1"),
        "net_is_even": Claim(net.w[:, -1], ">", lasso.w[:, -1], about="本当は1の重みのうち、いちばん小さいもの"),
        "similar_takes_longer": Claim(near, ">", 5 * far, about="座標降下法の周、相関0.9と、相関0の5倍"),
        "descent_is_sooner": Claim(near, "<", near_steps, about="座標降下法の周と近接勾配法の歩、相関0.9"),
        "errors_are_close": Claim(
            np.abs(lasso.error - net.error), "<", 0.05 * lasso.error, 0.9, "テスト誤差の差と、L1の誤差の5%"
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Features that have nothing to do with one another; the two ways exchanged; a λ2 that crushes."""
    seeds = tuple(seeds)
    apart, crushed, lasso = fitted(seeds, 0, rho=0), fitted(seeds, 10.0), fitted(seeds, 0)
    far, far_steps = rounds(seeds, 0)
    return {
        "lasso_is_uneven": Claim(apart.w[:, 0], ">", 1.5, 0.8),
        "net_is_even": Claim(fitted(seeds, L2, rho=0).w[:, -1], ">", apart.w[:, -1]),
        "similar_takes_longer": Claim(far, ">", 5 * far),
        "descent_is_sooner": Claim(far_steps, "<", far),
        "errors_are_close": Claim(np.abs(lasso.error - crushed.error), "<", 0.05 * lasso.error, 0.9),
    }
