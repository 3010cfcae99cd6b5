"""いちばん良いλは、データを引きなおすと、どこまで動くのか。

データ: 互いに無関係な20項目の合成データ、40行。x も本当の重み v も N(0, 1)、雑音の標準偏差は3。種ごとに全部引きなおす。
切片はなく、標準化もしない。動かす図だけは、種0のデータを小数3桁に丸め、標準化して、5分割の交差検証で解く。
解き方: 1/(2n)‖y−Xw‖² + λ/2‖w‖² を最小にする（リッジ回帰）。新しい行での誤差は、本当の重みから √(‖w−v‖²+σ²) と
正確に分かる。いちばん良いλは、それが最小になるもの。λは0.001から1000まで、1桁を50に刻む（手で書いた例だけは100まで）。
出典: λ=σ²/(nτ²)（τ² は重みの分散）は Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning,
2nd ed., 3.4.1節、練習問題3.6（そこでのλは n 倍）。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from figures.errors import ResultError
from figures.live import Live
from figures.models.cross_validation import Split, leave_out
from figures.models.optimizers import SGD, step
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.standardize import fit_standardization
from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)
MANY = range(1000, 1500)  # the headline once more, with 25 times as many seeds
ROWS, FEATURES, NOISE = 40, 20, 3.0
MORE, LOUD, QUIET = 160, 10.0, 0.3  # rows; standard deviations of the noise
FORMULA = NOISE**2 / ROWS  # σ²/n, the weights having the variance 1
GRID = 10.0 ** np.arange(-3, 3.01, 0.02)  # so far that ten times the best λ is on it, with much noise, too
THREES = np.array([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30])
DECADE = 50  # so many places further λ is ten times as large
BATCH = 100  # of MANY: a ratio of each shows how far the ratio itself is to be trusted
SMALL, CUT = 0.05, 0.1  # growth of the error that is called small; share of the seeds cut off at each end
RATE, STEPS = 0.3, 400  # of gradient descent
AXIS = 10.0 ** (np.arange(-15, 6) / 5)  # the λ of the figure, 0.001 to 10
FOLDS, CURSOR = 5, 0.01  # and where λ stands at first


# region by_hand
def best_lambda(seed: int, n: int = 40, p: int = 20, noise: float = 3.0) -> float:
    import numpy as np

    rng = np.random.default_rng(seed)
    true = rng.standard_normal(p)
    X = rng.standard_normal((n, p))
    y = X @ true + noise * rng.standard_normal(n)
    lambdas = 10 ** np.arange(-3, 2.01, 0.02)
    w = [np.linalg.solve(X.T @ X / n + lam * np.eye(p), X.T @ y / n) for lam in lambdas]
    return float(lambdas[np.argmin(np.sum((w - true) ** 2, axis=1))])


if __name__ == "__main__":
    best = [best_lambda(seed) for seed in range(20)]
    print(f"{min(best):.3f} {max(best):.3f}")
# endregion


def draw(seed: int, n: int = ROWS, noise: float = NOISE) -> tuple[Floats, Floats, Floats]:
    """X, y and the true weights, drawn as in ``best_lambda``."""
    rng = np.random.default_rng(seed)
    true = rng.standard_normal(FEATURES)
    X = rng.standard_normal((n, FEATURES))
    return X, X @ true + noise * rng.standard_normal(n), true


def errors(seeds: Iterable[int], n: int = ROWS, noise: float = NOISE, lambdas: Floats = GRID) -> Floats:
    """RMSE on new rows, exactly: (n_seeds, n_lambdas)."""
    found = []
    for seed in seeds:
        X, y, true = draw(seed, n, noise)
        found.append(np.sqrt(np.square(ridge(X, y, lambdas) - true).sum(axis=1) + noise**2))
    return np.array(found)


def same_weights(seeds: Iterable[int]) -> Floats:
    """The same with weights that are all 1, not drawn: X and noise alone are left to move the best λ."""
    found = []
    for seed in seeds:
        X, y, true = draw(seed)
        w = ridge(X, y + X @ (1 - true), GRID)
        found.append(np.sqrt(np.square(w - 1).sum(axis=1) + NOISE**2))
    return np.array(found)


def best_of(found: Floats) -> Floats:
    """The λ with the smallest error: (n_seeds,)."""
    return np.asarray(GRID[found.argmin(axis=1)])


def off_by(found: Floats, places: int) -> Floats:
    """By what share the error grows where λ stands so many places from its best: (n_seeds,)."""
    there = found.argmin(axis=1) + places
    if there.min() < 0 or there.max() >= len(GRID):
        raise ResultError("最良から離したλが、候補の外に出ます。GRID を広げてください。")
    return np.asarray(np.take_along_axis(found, there[:, None], axis=1)[:, 0] / found.min(axis=1) - 1)


def middle(found: Floats) -> Floats:
    """Largest by smallest best λ of each ``BATCH`` seeds, without the share ``CUT`` at each end: (n_batches,)."""
    low, high = np.quantile(best_of(found).reshape(-1, BATCH), [CUT, 1 - CUT], axis=1)
    return np.asarray(high / low)


def band(found: Floats) -> Floats:
    """Largest by smallest λ whose error is within 1 % of the best: (n_seeds,)."""
    near = found <= 1.01 * found.min(axis=1, keepdims=True)
    return np.array([GRID[of_one].max() / GRID[of_one].min() for of_one in near])


def cost(seeds: Iterable[int], found: Floats, lambdas: Floats) -> Floats:
    """By what share the error is larger with the best of a few λ than with the best of all: (n_seeds,)."""
    return np.asarray(np.round(errors(seeds, lambdas=lambdas).min(axis=1) / found.min(axis=1) - 1, 12))


def one_weight(lam: float, noise: float) -> tuple[float, float]:
    """A single weight 1, whose feature has the variance 1: bias² and variance of what λ leaves of its estimate."""
    kept = 1 / (1 + lam)
    return (1 - kept) ** 2, kept**2 * noise**2 / ROWS


def disagreement(seeds: Iterable[int], alpha: float, weight_decay: float) -> Floats:
    """Largest difference of weights from ours: the sum of squares + α ||w||², and PyTorch's rule: (n_seeds,) each."""
    found = []
    for seed in seeds:
        X, y, _ = draw(seed)
        w = ridge(X, y, FORMULA)[0]
        summed = np.linalg.solve(X.T @ X + alpha * np.eye(FEATURES), X.T @ y)
        walked = {"W": np.zeros(FEATURES)}
        for _ in range(STEPS):
            step(SGD(), walked, {"W": X.T @ (X @ walked["W"] - y) / ROWS}, RATE, l2=weight_decay)
        found.append([np.abs(summed - w).max(), np.abs(walked["W"] - w).max()])
    return np.asarray(np.round(np.array(found).T, 8), dtype=np.float64)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    found, many, more = errors(seeds), errors(MANY), errors(seeds, MORE)
    loud = errors(seeds, noise=LOUD)
    best = np.array([best_lambda(seed) for seed in seeds])
    tenth, tenfold = off_by(found, -DECADE), off_by(found, DECADE)
    formula, formula_many = (cost(s, f, np.array([FORMULA])) for s, f in ((seeds, found), (MANY, many)))
    results: dict[str, Result] = {
        "rows": Number(ROWS, "行", "学習の行", digits=0),
        "more_rows": Number(MORE, "行", "増やしたときの学習の行", digits=0),
        "features": Number(FEATURES, "個", "項目の数", digits=0),
        "noise": Number(NOISE, "", "雑音の標準偏差", digits=0),
        "loud": Number(LOUD, "", "雑音の標準偏差、大きいとき", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "many": Number(len(MANY), "回", "くり返しを増やしたとき", digits=0),
        "folds": Number(FOLDS, "組", "交差検証の組の数", digits=0),
        "within": Number(0.01, "%", "いちばん良い誤差とほぼ同じと言うときの、差の上限", digits=0),
        "small": Number(SMALL, "%", "誤差の増え方が小さいと言うときの、上限", digits=0),
        "cut": Number(CUT, "%", "除いた端の割合、上下それぞれ", digits=0),
        "lowest": Number(best.min(), "", "20回のいちばん良いλ、最小", digits=3),
        "highest": Number(best.max(), "", "20回のいちばん良いλ、最大", digits=3),
        "ratio": Number(best.max() / best.min(), "倍", "20回のいちばん良いλ、最大と最小の比", digits=1),
        "batch": Number(BATCH, "回", "500回を分けた一組", digits=0),
        "middle_ratio": Number(middle(many), "倍", "100回のいちばん良いλ、上下10%を除いた最大と最小の比、5組の平均"),
        "same_weights": Number(middle(same_weights(MANY)), "倍", "同じ比、本当の重みを全部1にしたとき"),
        "band": Number(np.median(band(found)), "倍", "誤差が最良の1%以内に入るλの幅、20回の中央値", digits=1),
        "formula": Number(FORMULA, "", "σ²/n、40行", digits=3),
        "formula_more": Number(NOISE**2 / MORE, "", "σ²/n、160行", digits=3),
        "alpha": Number(NOISE**2, "", "σ²、合計の流儀の強さ", digits=0),
        "formula_cost": Number(formula, "%", "いつもλ=σ²/nのとき、最良のλより誤差が増えた割合"),
        "formula_cost_many": Number(formula_many, "%", "いつもλ=σ²/nのとき、誤差が増えた割合、別の500回"),
        "formula_fails": Number(
            np.sum(formula_many >= SMALL), "回", "いつもλ=σ²/nのとき、誤差が5%以上増えた回数、別の500回", digits=0
        ),
        "tenth": Number(tenth, "%", "最良のλの10分の1で、誤差が増えた割合"),
        "tenfold": Number(tenfold, "%", "最良のλの10倍で、誤差が増えた割合"),
        "loud_tenth": Number(off_by(loud, -DECADE), "%", "最良のλの10分の1で、誤差が増えた割合、雑音10"),
        "loud_tenfold": Number(off_by(loud, DECADE), "%", "最良のλの10倍で、誤差が増えた割合、雑音10"),
        "decades": Number(cost(seeds, found, THREES[::2]), "%", "10倍きざみの5個で、最良のλより誤差が増えた割合"),
        "threes": Number(cost(seeds, found, THREES), "%", "1と3の並びの10個で、最良のλより誤差が増えた割合"),
        "conventions_agree": Claim(
            disagreement(seeds, ROWS * FORMULA, FORMULA).max(axis=0),
            "==",
            0,
            about="重みの差の最大、合計の流儀とPyTorchの規則",
        ),
        "formula_is_cheap": Claim(formula, "<", SMALL, about="いつもλ=σ²/nのとき、誤差が増えた割合"),
        "too_large_costs_more": Claim(tenfold, ">", tenth, 0.9, "誤差の増え方、10倍と10分の1"),
        "more_rows_less_penalty": Claim(best_of(more), "<", best_of(found), 0.9, "最良のλ、160行と40行"),
        **at_cursor(),
        "one": path(),
    }
    bias, variance = one_weight(FORMULA, NOISE)
    results |= {
        "kept": Number(1 / (1 + FORMULA), "", "重み一つ、残る割合、λ=0.225", digits=3),
        "kept_bias": Number(bias, "", "重み一つ、ずれの2乗、λ=0.225", digits=3),
        "kept_variance": Number(variance, "", "重み一つ、揺れの2乗、λ=0.225", digits=3),
    }
    trials = {"none": (0, NOISE), "best": (1, NOISE), "weak": (0.1, NOISE), "strong": (10, NOISE)}
    for name, (times, noise) in (trials | {"quiet_none": (0, QUIET), "quiet_best": (1, QUIET)}).items():
        lam, digits = times * noise**2 / ROWS, 3 if noise == NOISE else 5
        about = f"重み一つ、外れの2乗の平均、雑音{noise:g}、λ={lam:g}"
        results[f"one_{name}"] = Number(sum(one_weight(lam, noise)), "", about, digits=digits)
    return results


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """λ as it is in another convention; ten times σ²/n; more noise; more rows with as much more noise."""
    seeds = list(seeds)
    found, loud, noisier = errors(seeds), errors(seeds, noise=LOUD), errors(seeds, MORE, 2 * NOISE)
    return {
        "conventions_agree": Claim(disagreement(seeds, FORMULA, 2 * FORMULA).max(axis=0), "==", 0),
        "formula_is_cheap": Claim(cost(seeds, found, np.array([10 * FORMULA])), "<", SMALL),
        "too_large_costs_more": Claim(off_by(loud, DECADE), ">", off_by(loud, -DECADE), 0.9),
        "more_rows_less_penalty": Claim(best_of(noisier), "<", best_of(found), 0.9),
    }


def table() -> tuple[Floats, Floats]:
    """The first draw, as the reader's browser gets it."""
    X, y, _ = draw(0)
    return np.round(X, 3), np.round(y, 3)


def squares(lambdas: Floats) -> Floats:
    """Squared errors by cross-validation of that draw: (n_rows, n_lambdas)."""
    return np.concatenate([fold.squared_errors(ridge(fold.X, fold.y, lambdas)) for fold in leave_out(*table(), FOLDS)])


def validated(lambdas: Floats) -> Floats:
    """RMSE by cross-validation of that draw: (n_lambdas,)."""
    return np.asarray(np.sqrt(squares(lambdas).mean(axis=0)))


def at_cursor() -> dict[str, Number]:
    """Of that draw at the cursor of the figure: what the reader's browser computes again; and its best λ."""
    X, y = table()
    scaling = fit_standardization(X)
    whole = Split(*2 * (scaling.apply(X), y - y.mean()))
    w, lambdas = ridge(whole.X, whole.y, CURSOR)[0], 10.0 ** np.arange(-3, 1.01, 0.01)
    curve, about = validated(lambdas), f"一つの表、λ={CURSOR:g}"
    near, best = lambdas[curve <= 1.01 * curve.min()], float(lambdas[curve.argmin()])
    by_row = squares(np.array([CURSOR, best]))
    v = ridge(whole.X, whole.y, [CURSOR, *GRID]) / scaling.scale  # in the units of X, and with what the mean is off
    fresh = np.sqrt(np.square(v - draw(0)[2]).sum(axis=1) + (y.mean() - v @ scaling.mean) ** 2 + NOISE**2)
    return {
        "cursor": Number(CURSOR, "", "図の、はじめのλ", digits=2),
        "draw_l2_zeros": Number(np.sum(w == 0), "個", f"ちょうど0の重み、{about}", digits=0),
        "draw_l2_norm": Number(np.linalg.norm(w), "", f"重みの長さ、{about}", digits=3),
        "draw_l2_training": Number(whole.rmse(w), "", f"学習誤差（RMSE）、{about}", digits=3),
        "draw_l2_validation": Number(validated(np.array([CURSOR]))[0], "", f"検証誤差（RMSE）、{about}", digits=3),
        "draw_best": Number(best, "", "一つの表、検証誤差が最小のλ", digits=2),
        "draw_gap": Number(by_row[:, 0] - by_row[:, 1], "", "検証の2乗誤差の差、λ=0.01と最小のλ、40行の平均"),
        "draw_cost": Number(
            fresh[0] / fresh[1:].min() - 1, "%", "一つの表、λ=0.01で、本当の誤差が最良より増えた割合", digits=1
        ),
        "draw_from": Number(near.min(), "", "一つの表、検証誤差が最小の1%以内のλ、下の端", digits=2),
        "draw_to": Number(near.max(), "", "一つの表、検証誤差が最小の1%以内のλ、上の端", digits=2),
    }


def path() -> Figure:
    X, y = table()
    Z, t, names = fit_standardization(X).apply(X), y - y.mean(), [f"項目{j}" for j in range(1, FEATURES + 1)]
    w = ridge(Z, t, CURSOR)[0]
    panel = {"method": "l2", "lambdas": AXIS, "names": names, "coef": ridge(Z, t, AXIS).T}
    return Figure(
        {"一つの表の重み": {**panel, "cursor": CURSOR, "at_cursor": w, "zero": w == 0}},
        title="左では重みがほとんど動かず、右では全部が0へ寄る",
        caption="つまみを左右に動かし、検証誤差がいちばん小さいところを探してください。"
        "{{ spread_of_the_best_lambda.repeats }}のうちの最初の一回の表で、縦は項目ごとの重みです。"
        "項目の平均と分散は、そろえてあります。"
        "検証誤差（RMSE）は{{ spread_of_the_best_lambda.folds }}に分け、一組ずつ外して測ります（交差検証）。"
        "はじめの縦線は、λ＝{{ spread_of_the_best_lambda.cursor }}です。",
        alt="横軸はλ、縦軸は{{ spread_of_the_best_lambda.features }}の重み。左端ではどの線も水平で、"
        "右へ行くと、符号を変えるものもありながら、全部が0へ近づく。",
        live=Live("penalty", {"X": X, "y": y, "folds": FOLDS}, check="draw"),
    )


def draw_one(ax: Any, data: Any) -> None:
    from figures import plot

    largest = sorted(zip(data["names"], data["coef"], strict=True), key=lambda pair: -abs(pair[1][0]))
    plot.lambda_axis(ax, 0.001, 10)
    plot.value_axis(ax, -2.5, 2.5)
    plot.paths(ax, **data, primary=[name for name, _ in largest[:6]])
