"""いちばん良かった点は、そのまま信じてよいのか。

データ: 糖尿病データ442人（figures/data/diabetes.md）と、合成データ（figures/data/synthetic.py）。合成データは、
50項目のうち5個だけが効くものと、どの項目も y と無関係なもの。種ごとに引きなおす。
糖尿病データでは、150人の選び方を20通り試すのを一回と数え、残りの292人で測る。
解き方: 最小二乗法と、1/(2n)‖y−Xw‖² に λ/2‖w‖² か λ‖w‖₁ を足したもの。λは5分割の交差検証か、取っておいた20行で選ぶ。
でたらめなモデルの予測は、正規乱数を重みにした式の符号。
自由度は、Xを固定し、雑音だけの y を200回引いて、定義 Σ cov(ŷ_i, y_i)/σ² のまま測る。
出典: 選んだあとで交差検証をするまちがいは Ambroise & McLachlan (2002), PNAS 99(10)。
自由度の定義は Efron (1986), J. Amer. Statist. Assoc. 81(394)。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import orthonormal, sparse_linear
from figures.models.cross_validation import Split, choose_lambdas, leave_out, split
from figures.models.lasso_many import lasso_many
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.ridge import ridge, ridge_many
from figures.models.standardize import fit_standardization
from figures.results import Claim, Number, Result

SEEDS = range(20)
GRID = 10.0 ** (np.arange(-32, 17) / 8)  # the λ to choose from, 0.0001 to 100
GUESSES, SEEN, TEST_ROWS = 1000, 100, 1000  # models that guess, rows on which all of them are tried, rows kept fresh
LEARN, VALIDATION = 80, 20  # rows to learn from, rows that choose λ
SMALL, WIDE, KEPT, FOLDS = 50, 1000, 10, 5  # rows, features of noise, and how many of these are kept; folds
CANDIDATES, LONG, DRAWS = 50, 100, 200  # features to choose from, rows, and y drawn for the degrees of freedom
TRAIN, SPLITS = 150, 20  # patients to learn from, and how often they are chosen anew


def guesses(seeds: Iterable[int], n_models: int = GUESSES) -> Floats:
    """Share of right signs, of the best of models that have learnt nothing: where it was chosen, and on fresh rows."""
    best = []
    for seed in seeds:
        X, y, _ = sparse_linear(seed, SEEN + TEST_ROWS, n_real=0)
        w = np.random.default_rng([seed, 1]).standard_normal((X.shape[1], n_models))
        right = (X @ w > 0) == (y > 0)[:, None]
        winner = right[:SEEN].mean(axis=0).argmax()
        best.append((right[:SEEN, winner].mean(), right[SEEN:, winner].mean()))
    return np.array(best).T


def validated(seeds: Iterable[int], grid: Floats = GRID) -> Floats:
    """Mean squared error at the λ that 20 rows have chosen, on these and on fresh rows; the mean of 50 such choices."""
    means = []
    for seed in seeds:
        t = split(*sparse_linear(seed, LEARN + 2 * TEST_ROWS)[:2], LEARN)
        squares = t.squared_errors(lasso_many([(t.X, t.y)], grid)[0])
        sets = squares[:TEST_ROWS].reshape(-1, VALIDATION, len(grid)).mean(axis=1)  # (n_sets, n_lambdas)
        fresh = squares[TEST_ROWS:].mean(axis=0)
        means.append((sets.min(axis=1).mean(), fresh[sets.argmin(axis=1)].mean()))
    return np.array(means).T


def strongest(X: Floats, y: Floats) -> Floats:
    """Keep the features that correlate most with y."""
    z = fit_standardization(X).apply(X)
    return np.asarray(np.argsort(-np.abs(z.T @ (y - y.mean())), kind="stable")[:KEPT])


@cache  # the falsifier asks again
def selected(seeds: tuple[int, ...], outside: bool = True) -> Floats:
    """R² by cross-validation of a y that is noise; features are selected once before it, or anew without each fold."""
    shares = []
    for seed in seeds:
        X, y, _ = sparse_linear(seed, SMALL, WIDE, n_real=0)
        once, error, total = strongest(X, y), 0.0, 0.0
        for fold in leave_out(X, y, FOLDS):
            kept = once if outside else strongest(fold.X, fold.y)
            part = Split(fold.X[:, kept], fold.y, fold.X_test[:, kept], fold.y_test)
            error += part.squared_errors(least_squares(part.X, part.y)).sum()
            total += np.square(fold.y_test).sum()
        shares.append(1 - error / total)
    return np.array(shares)


def freedom(seeds: Iterable[int], chosen: bool = True) -> Floats:
    """Σ cov(ŷ_i, y_i)/σ² of a fit with one feature: the one of 50 that fits best, or the first."""
    found = []
    for seed in seeds:
        X, _ = orthonormal(seed, np.zeros(CANDIDATES), LONG)
        Y = np.random.default_rng([seed, 1]).standard_normal((DRAWS, LONG))
        w = Y @ X / LONG
        best = np.abs(w).argmax(axis=1) if chosen else np.zeros(DRAWS, dtype=int)
        found.append((Y * w[np.arange(DRAWS), best][:, None] * X[:, best].T).sum(axis=1).mean())
    return np.array(found)


@cache  # the falsifier asks again
def repeated(seeds: tuple[int, ...], fixed: float | None = None) -> Floats:
    """Test error (RMSE) of 20 choices of patients, without a penalty and with L2, whose λ may be fixed.

    (2, n_seeds, 20).
    """
    X, y = load_diabetes()
    rows = []
    for seed in seeds:
        orders = [np.random.default_rng([seed, turn]).permutation(len(y)) for turn in range(SPLITS)]
        tables = [(X[o[:TRAIN]], y[o[:TRAIN]]) for o in orders]
        lambdas = choose_lambdas(tables, ridge_many, GRID, FOLDS) if fixed is None else np.full(SPLITS, fixed)
        splits = [split(X[o], y[o], TRAIN) for o in orders]
        l2 = [t.rmse(ridge(t.X, t.y, lam)[0]) for t, lam in zip(splits, lambdas, strict=True)]
        rows.append(([t.rmse(least_squares(t.X, t.y)) for t in splits], l2))
    return np.array(rows).transpose(1, 0, 2)


def standard_error(values: Floats) -> Floats:
    return np.asarray(values.std(axis=1, ddof=1) / np.sqrt(values.shape[1]))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    (seen, fresh), (tried, kept) = guesses(seeds), validated(seeds)
    outside, inside, df = selected(tuple(seeds)), selected(tuple(seeds), outside=False), freedom(seeds)
    none, l2 = repeated(tuple(seeds))
    luck, gain = none.mean(axis=1) - none.min(axis=1), (none - l2).mean(axis=1)
    apart, paired = np.hypot(standard_error(none), standard_error(l2)), standard_error(none - l2)
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "guesses": Number(GUESSES, "個", "でたらめなモデルの数", digits=0),
        "seen_rows": Number(SEEN, "行", "くり返し使ったテストデータ", digits=0),
        "guess_seen": Number(seen, "%", "正解率、1000個のうちいちばん良いもの、選ぶのに使った100行"),
        "guess_fresh": Number(fresh, "%", "正解率、その同じもの、新しい1000行"),
        "learn_rows": Number(LEARN, "行", "重みを決めるのに使った行", digits=0),
        "validation_rows": Number(VALIDATION, "行", "λを選ぶのに使った行", digits=0),
        "lambdas": Number(len(GRID), "個", "λの候補", digits=0),
        "flattered": Number(1 - tried / kept, "%", "選ぶのに使った20行での2乗誤差が、新しい行より小さく見えた割合"),
        "noise_rows": Number(SMALL, "行", "雑音だけのデータの行", digits=0),
        "noise_features": Number(WIDE, "個", "雑音だけのデータの項目", digits=0),
        "noise_kept": Number(KEPT, "個", "そこから、相関の大きい順に残した項目", digits=0),
        "folds": Number(FOLDS, "組", "交差検証の組の数", digits=0),
        "selected_outside": Number(outside, "%", "交差検証のR²、項目は先に全部の行で選んだ"),
        "selected_inside": Number(inside, "%", "交差検証のR²、項目も組ごとに選びなおした"),
        "candidates": Number(CANDIDATES, "個", "一つを選ぶときの候補", digits=0),
        "freedom": Number(df, "", "50個から選んだ一つの項目の自由度"),
        "patients": Number(TRAIN, "人", "糖尿病データで学習に使う人数", digits=0),
        "splits": Number(SPLITS, "通り", "一回のくり返しで試す、人の選び方", digits=0),
        "luck": Number(luck, "", "テスト誤差（RMSE）、20通りの平均といちばん良い1通りの差、正則化なし"),
        "l2_gain": Number(gain, "", "L2で減ったテスト誤差（RMSE）、20通りの平均"),
        "pairing": Number(apart / paired, "倍", "L2の効きめの標準誤差、別々に測ったときと、同じ選び方どうしの差との比"),
        "winners_flatter": Claim(seen, ">", fresh, about="正解率、選ぶのに使った行と新しい行"),
        "validation_flatters": Claim(tried, "<", kept, about="選ばれたλの誤差、使った行と新しい行"),
        "selection_leaks": Claim(outside, ">", 0, about="交差検証のR²、項目を先に選んだとき"),
        "choosing_costs": Claim(df, ">", 2, about="50個から選んだ一つの項目の自由度"),
        "luck_beats_l2": Claim(gain, "<", luck, about="L2で減ったテスト誤差と、いちばん良い1通りの得"),
        "pairing_helps": Claim(paired, "<", apart / 2, about="標準誤差、差をとったときと、別々のときの半分"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Nothing to choose from; features chosen inside the folds; no learning at all; other patients for L2."""
    seeds = list(seeds)
    none, l2 = repeated(tuple(seeds))
    _, mean_only = repeated(tuple(seeds), 1e9)
    apart, shifted = np.hypot(standard_error(none), standard_error(l2)), standard_error(none - np.roll(l2, 1, axis=1))
    (seen, fresh), (tried, kept) = guesses(seeds, 1), validated(seeds, GRID[24:25])
    return {
        "winners_flatter": Claim(seen, ">", fresh),
        "validation_flatters": Claim(tried, "<", kept),
        "selection_leaks": Claim(selected(tuple(seeds), outside=False), ">", 0),
        "choosing_costs": Claim(freedom(seeds, chosen=False), ">", 2),
        "luck_beats_l2": Claim((mean_only - none).mean(axis=1), "<", none.mean(axis=1) - none.min(axis=1)),
        "pairing_helps": Claim(shifted, "<", apart / 2),
    }
