"""正則化は、いつ、どれだけ得なのか。

データ: 50項目の合成データ。項目は互いに無関係で、本当の重みは番号に沿って山なり（0.5 sin²(πj/50)）、雑音の標準偏差は1。
25、50、500行で学習し、別の1,000行で試すのを20回。種ごとに引きなおす。
解き方: 1/(2n)‖y−Xw‖² に、L2は λ/2‖w‖² を、ティホノフは λ/2‖Γw‖² を足して最小にする。Γは重みの並びの2階差分。
λは、どちらも同じ格子と同じ5分割の交差検証で選ぶ。正則化なしで解が決まらないときは、いちばん短い解。標準化は学習の行だけで決める。
出典: 行数と項目数がそろうところで誤差がはね上がる話は Belkin, Hsu, Ma & Mandal (2019), PNAS 116(32)。
L2は Hoerl & Kennard (1970), Technometrics 12(1)。Γのある形は Hansen (1998), SIAM, 2.1.2節。
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from figures.data.synthetic import autoregressive
from figures.models.cross_validation import Split, choose_lambdas, split
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.ridge import ridge, ridge_many
from figures.models.tikhonov import second_differences, tikhonov
from figures.results import Claim, Number, Result

SEEDS = range(20)
GRID = 10.0 ** (np.arange(-32, 17) / 8)  # the λ to choose from, 0.0001 to 100
N_FEATURES, N_TEST, FOLDS = 50, 1000, 5
HILL = 0.5 * np.sin(np.pi * np.arange(N_FEATURES) / N_FEATURES) ** 2  # the true weights
MIXED = HILL[np.random.default_rng(0).permutation(N_FEATURES)]  # the same in an order that means nothing
ROUGH = MIXED - MIXED.mean()
SMOOTH = second_differences(N_FEATURES)


class Fits(NamedTuple):
    """One repetition a place: the splits, the chosen λ, weights, and test errors without a penalty and with L2."""

    splits: list[Split]
    lambdas: Floats
    w: Floats
    none: Floats
    l2: Floats


@cache  # the falsifier asks again
def fitted(seeds: tuple[int, ...], n_rows: int) -> Fits:
    data = [autoregressive(seed, HILL, n_rows + N_TEST, rho=0) for seed in seeds]
    lambdas = choose_lambdas([(X[:n_rows], y[:n_rows]) for X, y in data], ridge_many, GRID, FOLDS)
    splits = [split(X, y, n_rows) for X, y in data]
    w = np.array([ridge(t.X, t.y, lam)[0] for t, lam in zip(splits, lambdas, strict=True)])
    none = [t.rmse(least_squares(t.X, t.y)) for t in splits]
    return Fits(splits, lambdas, w, np.array(none), np.array([t.rmse(v) for t, v in zip(splits, w, strict=True)]))


def penalty_share(fits: Fits) -> Floats:
    """Return λ/2 ||w||² as a share of the sum that was minimised."""
    loss = np.array([np.square(t.y - t.X @ w).mean() / 2 for t, w in zip(fits.splits, fits.w, strict=True)])
    penalty = fits.lambdas / 2 * np.square(fits.w).sum(axis=1)
    return np.asarray(penalty / (loss + penalty))


def off_by(fits: Fits, factor: float) -> Floats:
    """Return by what share the test error of L2 grows where λ is ``factor`` times the chosen one."""
    wrong = [t.rmse(ridge(t.X, t.y, factor * lam)[0]) for t, lam in zip(fits.splits, fits.lambdas, strict=True)]
    return np.array(wrong) / fits.l2 - 1


def smooth_many(problems: Sequence[tuple[ArrayLike, ArrayLike]], lambdas: ArrayLike) -> Floats:
    return np.array([tikhonov(X, y, SMOOTH, lambdas) for X, y in problems])


@cache  # the falsifier asks again
def smooth_errors(seeds: tuple[int, ...], n_rows: int) -> Floats:
    """The test errors of Tikhonov with second differences, and of L2, for each of three true weights: (3, 2, n_seeds).

    The three of a seed share X and stand together, so that ``tikhonov`` decomposes it once.
    """
    data = [autoregressive(seed, w, n_rows + N_TEST, rho=0) for seed in seeds for w in (HILL, MIXED, ROUGH)]
    splits, errors = [split(X, y, n_rows) for X, y in data], []
    for many in (smooth_many, ridge_many):
        lambdas = choose_lambdas([(X[:n_rows], y[:n_rows]) for X, y in data], many, GRID, FOLDS)
        errors.append([t.rmse(many([(t.X, t.y)], lam)[0, 0]) for t, lam in zip(splits, lambdas, strict=True)])
    return np.array(errors).reshape(2, len(seeds), 3).transpose(2, 0, 1)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    few, even, many = (fitted(seeds, n_rows) for n_rows in (25, 50, 500))
    (smooth, plain), (lost, mixed), (worse, rough) = smooth_errors(seeds, 50)
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "features": Number(N_FEATURES, "個", "項目の数", digits=0),
        "few_rows": Number(25, "行", "学習の行、少ないとき", digits=0),
        "even_rows": Number(50, "行", "学習の行、項目の数と同じとき", digits=0),
        "many_rows": Number(500, "行", "学習の行、多いとき", digits=0),
        "few_l2": Number(few.l2, "", "テスト誤差（RMSE）、25行、L2"),
        "even_l2": Number(even.l2, "", "テスト誤差（RMSE）、50行、L2"),
        "none_jump": Number(even.none / few.none, "倍", "行を25から50に増やしたときの、誤差の変わり方、正則化なし"),
        "even_gain": Number(1 - even.l2 / even.none, "%", "L2でテスト誤差が減った割合、50行"),
        "many_gain": Number(1 - many.l2 / many.none, "%", "L2でテスト誤差が減った割合、500行"),
        "many_wins": Number(np.sum(many.l2 < many.none), "回", "L2の誤差のほうが小さかった回数、500行", digits=0),
        "penalty_share": Number(penalty_share(even), "%", "最小にした合計のうち、罰の分、50行"),
        "penalty_share_many": Number(penalty_share(many), "%", "最小にした合計のうち、罰の分、500行"),
        "lambda_spread": Number(
            even.lambdas.max() / even.lambdas.min(), "倍", "20回で選ばれたλの、最大と最小の比、50行", digits=0
        ),
        "lambda_spread_many": Number(
            many.lambdas.max() / many.lambdas.min(), "倍", "20回で選ばれたλの、最大と最小の比、500行", digits=1
        ),
        "three_times": Number(off_by(even, 3), "%", "λを3倍にしたときの、テスト誤差の増え方、50行"),
        "a_tenth": Number(off_by(even, 0.1), "%", "λを10分の1にしたときの、テスト誤差の増え方、50行"),
        "smooth_gain": Number(1 - smooth / plain, "%", "L2からティホノフ（2階差分）に替えて、誤差が減った割合、50行"),
        "mixed_gain": Number(1 - lost / mixed, "%", "同じく、重みの順番をばらばらにしたとき"),
        "rough_loss": Number(worse / rough - 1, "%", "さらに平均を0にずらしたとき、誤差が増えた割合"),
        "more_rows_hurt": Claim(even.none, ">", few.none, about="正則化なしのテスト誤差、50行と25行"),
        "l2_is_calm": Claim(even.l2, "<", few.l2, 0.9, about="L2のテスト誤差、50行と25行"),
        "smooth_wins": Claim(smooth, "<", plain, about="テスト誤差、ティホノフ（2階差分）とL2、50行"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """L2 where there was no penalty, none where there was L2, and weights in an order that means nothing, around 0."""
    seeds = tuple(seeds)
    few, even, (*_, (lost, rough)) = fitted(seeds, 25), fitted(seeds, 50), smooth_errors(seeds, 50)
    return {
        "more_rows_hurt": Claim(even.l2, ">", few.l2),
        "l2_is_calm": Claim(even.none, "<", few.none, 0.9),
        "smooth_wins": Claim(lost, "<", rough),
    }
