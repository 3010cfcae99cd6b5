"""学習データによく合うモデルは、よいモデルか。

データ: 互いに無関係な項目のうち、はじめの5個だけが効く合成データ。その重みも雑音の標準偏差も1（data/synthetic.py）。
断りがなければ、はじめの30項目を40行で学習し、別の1000行で試す。種ごとに引きなおす。
解き方: 最小二乗法（項目が行より多ければ、長さがいちばん短い重み）と、1/(2n)‖y−Xw‖² + λ/2‖w‖² のL2。標準化は
学習の行だけで決め、切片は罰しない。偏りと分散は、学習の行で、式から求める
（偏りは、雑音のない y への当てはめと真の値の差。分散は Σ f_k²/n）。
出典: 偏りと分散は Hoerl & Kennard (1970), Technometrics 12(1)。項目が行より多いときの誤差は
Hastie, Montanari, Rosset & Tibshirani (2022), Ann. Statist. 50(2)。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from figures.data.synthetic import sparse_linear
from figures.models.cross_validation import Split, split
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge
from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)
ROWS, MORE, MANY, TEST_ROWS = 40, 100, 400, 1000
REAL, FEATURES, NEAR, FULL, WIDE = 5, 30, 36, 39, 400  # 39 is what 40 centred rows can carry
RIGHT, LARGE = 0.1, 100.0  # λ: about right, far too large
AXIS = 10.0 ** (np.arange(-12, 9) / 4)  # the λ to choose from and of the figure, 0.001 to 100

Tables: TypeAlias = Sequence[tuple[Floats, Floats]]  # X and y of each seed, the rows to learn from first
Fit: TypeAlias = Callable[[Floats, Floats], Floats]


@cache  # the falsifier asks again
def tables(seeds: tuple[int, ...], n_real: int, n_rows: int) -> Tables:
    return [sparse_linear(seed, n_rows + TEST_ROWS, WIDE, n_real)[:2] for seed in seeds]


def first(data: Tables, n: int) -> Tables:
    """The same with n rows to learn from: as if only so many were drawn."""
    return [(X[: n + TEST_ROWS], y[: n + TEST_ROWS]) for X, y in data]


def errors(data: Tables, fit: Fit = least_squares, p: int = FEATURES) -> Floats:
    """Training and test error (RMSE) with the first p features: (2, n_seeds), or (n_lambdas, 2, n_seeds).

    A training error of rounding is 0.
    """
    rows = []
    for X, y in data:
        t = split(X[:, :p], y, len(y) - TEST_ROWS)
        w = fit(t.X, t.y)
        squares = [of.squared_errors(w).mean(axis=0) for of in (Split(t.X, t.y, t.X, t.y), t)]
        rows.append((np.round(np.sqrt(squares[0]), 9), np.sqrt(squares[1])))
    return np.array(rows).T


def nothing(X: Floats, y: Floats) -> Floats:
    """Answer with the mean of the training rows."""
    return np.zeros(X.shape[1])


def penalised(X: Floats, y: Floats) -> Floats:
    """L2 with every λ of the axis, then with the right one and the large one."""
    return ridge(X, y, [*AXIS, RIGHT, LARGE])


def bias_and_variance(seeds: Iterable[int], n: int = ROWS) -> tuple[Floats, Floats]:
    """bias²(λ) and variance(λ) of the answers for the training rows, per row: (n_seeds, n_lambdas) twice."""
    bias, variance = [], []
    for seed in seeds:
        X, _, w = sparse_linear(seed, n, FEATURES)
        X = X - X.mean(axis=0)
        bias.append(np.square(ridge(X, X @ w, AXIS) @ X.T - X @ w).mean(axis=1))
        variance.append(np.square(filter_factors(X, AXIS)).sum(axis=1) / n)
    return np.array(bias), np.array(variance)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    drawn, noise = tables(seeds, REAL, MANY), tables(seeds, 0, ROWS)
    data = first(drawn, ROWS)
    (few, few_test), (more, more_test), (many, many_test) = (errors(first(drawn, n)) for n in (ROWS, MORE, MANY))
    near, full, wide = (errors(data, p=p) for p in (NEAR, FULL, WIDE))
    *path, (_, right_test), (large, large_test) = errors(data, penalised)
    training, test = np.mean(path, axis=2).T
    _, mean_test = errors(data, nothing)
    (noise_training, noise_test), (noise_spread, noise_mean) = errors(noise), errors(noise, nothing)
    new_rows = (1 + 1 / MORE) * (1 + FEATURES / (MORE - FEATURES - 2)) - (1 - (FEATURES + 1) / MORE)
    bias, variance = bias_and_variance(seeds)
    bias4, variance4 = bias_and_variance(seeds, 4 * ROWS)
    best, best4 = (bias + variance).mean(axis=0).argmin(), (bias4 + variance4).mean(axis=0).argmin()
    return {
        "rows": Number(ROWS, "行", "学習の行", digits=0),
        "more_rows": Number(MORE, "行", "増やしたときの学習の行", digits=0),
        "many_rows": Number(MANY, "行", "もっと増やしたときの学習の行", digits=0),
        "test_rows": Number(TEST_ROWS, "行", "試す行", digits=0),
        "features": Number(FEATURES, "個", "項目の数", digits=0),
        "real": Number(REAL, "個", "効く項目の数", digits=0),
        "near_features": Number(NEAR, "個", "項目の数、行より少し少ないとき", digits=0),
        "full_features": Number(FULL, "個", "項目の数、行をちょうど使いきるとき", digits=0),
        "wide_features": Number(WIDE, "個", "項目の数、行よりずっと多いとき", digits=0),
        "right_lambda": Number(RIGHT, "", "ほどよいλ", digits=1),
        "large_lambda": Number(LARGE, "", "大きすぎるλ", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "mean_test": Number(mean_test, "", "テスト誤差（RMSE）、平均を答えるだけ"),
        "near_training": Number(near[0], "", "学習誤差（RMSE）、36項目"),
        "near_test": Number(near[1], "", "テスト誤差（RMSE）、36項目"),
        "full_training": Number(np.maximum(full[0], wide[0]), "", "学習誤差（RMSE）、39項目と400項目", digits=0),
        "full_test": Number(full[1], "", "テスト誤差（RMSE）、39項目"),
        "real_test": Number(errors(data, p=REAL)[1], "", "テスト誤差（RMSE）、効く5項目だけ"),
        "wide_test": Number(wide[1], "", "テスト誤差（RMSE）、400項目"),
        "few_training": Number(few, "", "学習誤差（RMSE）、40行"),
        "few_test": Number(few_test, "", "テスト誤差（RMSE）、40行"),
        "few_gap": Number(few_test - few, "", "テスト誤差から学習誤差を引いた差、40行"),
        "many_training": Number(many, "", "学習誤差（RMSE）、400行"),
        "many_test": Number(many_test, "", "テスト誤差（RMSE）、400行"),
        "many_gap": Number(many_test - many, "", "テスト誤差から学習誤差を引いた差、400行"),
        "squared_gap": Number(more_test**2 - more**2, "", "2乗誤差の平均の差、テストから学習を引く、100行"),
        "same_rows_gap": Number(2 * (FEATURES + 1) / MORE, "", "100行で測りなおすだけの差、2(p+1)/n", digits=2),
        "new_rows_gap": Number(new_rows, "", "2乗誤差の平均の差、新しい行での式、100行", digits=2),
        "right_test": Number(right_test, "", "テスト誤差（RMSE）、λ=0.1"),
        "large_training": Number(large, "", "学習誤差（RMSE）、λ=100"),
        "large_test": Number(large_test, "", "テスト誤差（RMSE）、λ=100"),
        "large_gap": Number(large_test - large, "", "テスト誤差から学習誤差を引いた差、λ=100"),
        "noise_explained": Number(1 - (noise_training / noise_spread) ** 2, "%", "学習データでのR²、yは雑音だけ"),
        "noise_test": Number(noise_test, "", "テスト誤差（RMSE）、yは雑音だけ"),
        "noise_mean": Number(noise_mean, "", "テスト誤差（RMSE）、yは雑音だけ、平均を答えるだけ"),
        "variance_none": Number(FEATURES / ROWS, "", "分散、最小二乗法（項目の数÷行の数）", digits=2),
        "bias": Number(bias[:, best], "", "偏りの2乗、合計が最小になるλ"),
        "variance": Number(variance[:, best], "", "分散、合計が最小になるλ"),
        "best_lambda": Number(AXIS[best], "", "偏りの2乗と分散の合計が最小になるλ", digits=2),
        "bias_4": Number(bias4[:, best4], "", "偏りの2乗、行を4倍にして選びなおしたλ"),
        "variance_4": Number(variance4[:, best4], "", "分散、行を4倍にして選びなおしたλ"),
        "wide_is_milder": Claim(wide[1], "<", full[1], about="テスト誤差、400項目と39項目"),
        "fitted_noise_harms": Claim(noise_test, ">", noise_mean, about="テスト誤差、yは雑音だけ"),
        "more_rows_fit_worse": Claim(many, ">", few, about="学習誤差、400行と40行"),
        "bias_pays": Claim((bias + variance)[:, best], "<", FEATURES / ROWS, about="偏りの2乗と分散の合計、L2となし"),
        "both": Figure(
            {"学習とテスト": {"lambdas": AXIS, "training": training, "test": test}},
            title="学習誤差は左で、テスト誤差は途中で小さくなる",
            caption="左端が過学習、右端が学習不足です。縦は誤差（RMSE）で、{{ fit_or_learn.rows }}、"
            "{{ fit_or_learn.features }}の項目、{{ fit_or_learn.repeats }}の平均です。"
            "右へ行くほど二つの線は近づきますが、それは良くなることではありません。",
            alt="λを大きくすると学習誤差は増えつづけ、テスト誤差はいちど減ってから増える。",
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Only the features that matter, with a y that they explain; a model that learns only a mean; far too large a λ."""
    seeds = tuple(seeds)
    many = tables(seeds, REAL, MANY)
    data = first(many, ROWS)
    bias, variance = bias_and_variance(seeds)
    return {
        "wide_is_milder": Claim(errors(data, p=WIDE)[1], "<", errors(data, p=REAL)[1]),
        "fitted_noise_harms": Claim(errors(data, p=REAL)[1], ">", errors(data, nothing, REAL)[1]),
        "more_rows_fit_worse": Claim(errors(many, nothing)[0], ">", errors(data, nothing)[0]),
        "bias_pays": Claim((bias + variance)[:, -1], "<", FEATURES / ROWS),
    }


def draw_both(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.001, 100)
    plot.value_axis(ax, 0, 3)
    plot.curves(ax, data["lambdas"], {"学習誤差": data["training"], "テスト誤差": data["test"]})
