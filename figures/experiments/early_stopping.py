"""途中でやめるのは、L2をかけるのと同じ成績になるのか。

データ: 糖尿病データ442人、10項目（figures/data/diabetes.md）。30人を無作為に選んで学習し、別の100人で検証し、残りの
312人で試すのを20回。標準誤差が表すのは選び方のばらつきで、別の集団でのばらつきではない。
解き方: 1/(2n)‖y−Xw‖² を、重み0から限りなく小さい歩幅で下りて、時間tでやめる（学習率ηでT歩なら t＝ηT）。L2は
λ/2‖w‖² を足して最後まで解く。どちらも特異値分解で解き、候補は λ＝1/t でそろえ、同じ100人で選ぶ。
標準化は学習の行だけで決め、切片は罰しない。
出典: Ali, Kolter & Tibshirani (2019), AISTATS。Goodfellow, Bengio & Courville (2016), Deep Learning, 7.8節。
データは Efron, Hastie, Johnstone & Tibshirani (2004), Ann. Statist. 32(2)。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from figures.data.diabetes import NAMES, load_diabetes
from figures.live import Live
from figures.models.cross_validation import Split, leave_out, split
from figures.models.gradient_flow import gradient_flow
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.standardize import fit_standardization
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(20)
MANY = range(1000, 1100)  # the headline once more, with other seeds and five times as many
N_TRAIN, N_VALID = 30, 100
LAMBDAS = 10.0 ** (np.arange(16, -33, -1) / 8)  # 100 to 0.0001; t = 1/λ
FINE = 10.0 ** (np.arange(160, -321, -1) / 80)  # ten times as fine
CLOSE = 0.05  # two errors that differ by less of themselves are called close
AXIS = 10.0 ** (np.arange(-20, 21) / 10)  # λ of the figure, 0.01 to 100
CURSOR, FOLDS = 1.0, 5


class Errors(NamedTuple):
    """Test errors (n_seeds,) and more of what a way of choosing t, or λ, gives."""

    none: Floats
    flow: Floats
    ridge: Floats
    time: Floats  # t chosen
    norm_flow: Floats
    norm_ridge: Floats
    apart: Floats  # distance of the two weights chosen, as a share of norm_flow


def parts(seed: int, n_train: int = N_TRAIN, n_valid: int = N_VALID) -> tuple[Split, Split]:
    """The training rows with the validation rows, and with the test rows."""
    X, y = load_diabetes()
    order = np.argsort(np.random.default_rng(seed).random(len(y)), kind="stable")
    t = split(X[order], y[order], n_train)
    return (t._replace(X_test=t.X_test[:n_valid], y_test=t.y_test[:n_valid]),
            t._replace(X_test=t.X_test[n_valid:], y_test=t.y_test[n_valid:]))  # fmt: skip


def flow(t: Split, times: Floats, start: Floats | float = 0.0) -> Floats:
    """w(t): (n_times, n_features) from any start: what is learnt of the rest, added to it."""
    w0 = start + np.zeros(t.X.shape[1])
    return gradient_flow(t.X, t.y - t.X @ w0, times) + w0


def chosen(seeds: Iterable[int], lambdas: Floats = LAMBDAS, far: bool = False, n_train: int = N_TRAIN) -> Errors:
    """Choose t and λ by the same validation rows; ``far`` starts the flow as far from 0 as least squares is."""
    found = []
    for seed in seeds:
        valid, test = parts(seed, n_train)
        least = ridge(valid.X, valid.y, [0])[0]
        away = np.random.default_rng([seed, 1]).standard_normal(len(least))
        start = far * np.linalg.norm(least) / np.linalg.norm(away) * away
        ways = [flow(valid, 1 / lambdas, start), ridge(valid.X, valid.y, lambdas)]
        # Rounded, for late times are equal but for rounding: of equals the earliest is chosen, on any processor.
        best = [int(np.round(valid.squared_errors(w).mean(axis=0), 6).argmin()) for w in ways]
        kept = [w[k] for w, k in zip(ways, best, strict=True)]
        norms = [np.linalg.norm(w) for w in kept]
        apart = np.linalg.norm(kept[0] - kept[1]) / norms[0]
        found.append([test.rmse(least), *map(test.rmse, kept), 1 / lambdas[best[0]], *norms, apart])
    return Errors(*np.round(found, 9).T)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    base, fine, many, far = chosen(seeds), chosen(seeds, FINE), chosen(MANY), chosen(seeds, far=True)
    designs = [parts(seed)[0].X for seed in seeds]
    narrow = [np.linalg.svd(X, compute_uv=False)[-1] ** 2 / N_TRAIN for X in designs]
    plenty = chosen(seeds, n_train=300)
    least = [ridge(*parts(seed)[0][:2], [0])[0] for seed in seeds]
    error, gain, won = "テスト誤差（RMSE）", "テスト誤差の減り", "途中でやめるほうの誤差が小さかった回数"
    return {
        "patients": Number(442, "人", "糖尿病データの人数", digits=0),
        "train": Number(N_TRAIN, "人", "学習に使う人数", digits=0),
        "valid": Number(N_VALID, "人", "やめる時とλを選ぶのに使う人数", digits=0),
        "test": Number(442 - N_TRAIN - N_VALID, "人", "試すのに使う人数", digits=0),
        "features": Number(10, "個", "項目の数", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "candidates": Number(len(LAMBDAS), "個", "tの候補の数。λの候補も同じ数", digits=0),
        "lambda_low": Number(LAMBDAS[-1], "", "λの候補、いちばん小さい値", digits=4),
        "lambda_high": Number(LAMBDAS[0], "", "λの候補、いちばん大きい値", digits=0),
        "finer": Number(10, "倍", "候補を細かくしたときの細かさ", digits=0),
        "close": Number(CLOSE, "%", "誤差が近いと言うときの、差の上限", digits=0),
        "many": Number(len(MANY), "回", "くり返しを増やしたとき", digits=0),
        "plenty": Number(300, "人", "人数を増やしたときの、学習に使う人数", digits=0),
        "plenty_test": Number(442 - 300 - N_VALID, "人", "人数を増やしたときの、試すのに使う人数", digits=0),
        "none_error": Number(base.none, "", f"{error}、罰なしで最後まで"),
        "flow_error": Number(base.flow, "", f"{error}、途中でやめる"),
        "ridge_error": Number(base.ridge, "", f"{error}、L2"),
        "flow_gain": Number(base.none - base.flow, "", f"{gain}、途中でやめる"),
        "ridge_gain": Number(base.none - base.ridge, "", f"{gain}、L2"),
        "flow_norm": Number(base.norm_flow, "", "重みの長さ、途中でやめる"),
        "ridge_norm": Number(base.norm_ridge, "", "重みの長さ、L2"),
        "none_norm": Number([np.linalg.norm(w) for w in least], "", "重みの長さ、罰なしで最後まで"),
        "ratio": Number(base.flow / base.ridge, "倍", "テスト誤差の比、途中でやめる÷L2"),
        "ratio_fine": Number(fine.flow / fine.ridge, "倍", "テスト誤差の比、候補を10倍細かくして"),
        "ratio_many": Number(many.flow / many.ridge, "倍", "テスト誤差の比、別の100回"),
        "difference": Number(np.abs(base.flow / base.ridge - 1), "%", "テスト誤差の差の大きさ、L2の誤差に対して"),
        "chosen_apart": Number(base.apart, "%", "選ばれた二つの重みの隔たり、途中でやめた重みの長さに対して"),
        "plenty_gain": Number(plenty.none - plenty.flow, "", f"{gain}、途中でやめる、300人で学習"),
        "wins": Number(np.sum(base.flow < base.ridge), "回", won, digits=0),
        "wins_many": Number(np.sum(many.flow < many.ridge), "回", f"{won}、別の100回", digits=0),
        "far_error": Number(far.flow, "", f"{error}、0から遠い初期値で始めて途中でやめる"),
        "far_kept": Number(np.exp(-np.array(narrow) * far.time), "%", "いちばん緩い向きに残る初期値の割合"),
        "errors": Table(
            ["", "テスト誤差", "減り", "重みの長さ"],
            {
                "罰なしで最後まで": ["none_error", "zero", "none_norm"],
                "途中でやめる": ["flow_error", "flow_gain", "flow_norm"],
                "L2で最後まで": ["ridge_error", "ridge_gain", "ridge_norm"],
            },
            "糖尿病データ、{{ early_stopping.repeats }}の平均 ± 標準誤差。減りは、同じ分け方での罰なしとの差。",
        ),
        "zero": Number(0, "", "罰なしどうしの差", digits=0),
        "stopping_helps": Claim(base.flow, "<", base.none, 0.9, f"{error}、途中でやめると最後まで", margin=3),
        "errors_are_close": Claim(
            np.abs(base.flow - base.ridge), "<", CLOSE * base.ridge, about="テスト誤差の差と、L2の誤差の5%"
        ),
        **at_cursor(),
        **figures(),
    }  # fmt: skip


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """So many rows that nothing is left to gain; a start far from 0."""
    plenty, far = chosen(seeds, n_train=300), chosen(seeds, far=True)
    return {
        "stopping_helps": Claim(plenty.flow, "<", plenty.none, 0.9, margin=3),
        "errors_are_close": Claim(np.abs(far.flow - far.ridge), "<", CLOSE * far.ridge),
    }


def first_split() -> tuple[Floats, Floats]:
    """The 30 people of the first seed, as measured: what the live figure shows."""
    X, y = load_diabetes()
    order = np.argsort(np.random.default_rng(0).random(len(y)), kind="stable")[:N_TRAIN]
    return X[order], y[order]


def at_cursor() -> dict[str, Result]:
    """At the cursor of the live figure, what the reader's browser computes again; and the same of the flow."""
    X, y = first_split()
    Z, c = fit_standardization(X).apply(X), y - y.mean()
    found = dict[str, Result]()
    for key, way, solve, at in (("l2", "L2", ridge, CURSOR), ("flow", "途中でやめる", gradient_flow, 1 / CURSOR)):
        w = solve(Z, c, [at])[0]
        left_out = [fold.squared_errors(solve(fold.X, fold.y, [at])[0]) for fold in leave_out(X, y, FOLDS)]
        about = f"{way}、λ＝1/t＝1、図の30人"
        validation = np.sqrt(np.concatenate(left_out).mean())
        found |= {
            f"all_{key}_norm": Number(np.linalg.norm(w), "", f"重みの長さ、{about}", digits=3),
            f"all_{key}_validation": Number(validation, "", f"5分割の交差検証の誤差（RMSE）、{about}", digits=3),
        }
    w = ridge(Z, c, [CURSOR])[0]
    training = Split(Z, c, Z, c).rmse(w)
    return found | {
        "all_l2_zeros": Number(np.sum(w == 0), "個", "ちょうど0の重み、L2、λ＝1、図の30人", digits=0),
        "all_l2_training": Number(training, "", "学習誤差（RMSE）、L2、λ＝1、図の30人", digits=3),
    }


def figures() -> dict[str, Result]:
    """The weights of 30 people along both paths."""
    X, target = first_split()
    Z, c = fit_standardization(X).apply(X), target - target.mean()
    marked = ridge(Z, c, [CURSOR])[0]
    return {
        "weights": Figure(
            {"L2": {"method": "l2", "lambdas": AXIS, "names": NAMES, "coef": ridge(Z, c, AXIS).T, "cursor": CURSOR,
                    "at_cursor": marked, "zero": marked == 0, "stopped": gradient_flow(Z, c, 1 / AXIS).T}},
            title="実線のL2と破線の「途中でやめる」は、もつれながら同じ0へ向かう",
            caption="縦軸の重みは、実線がλを動かしたL2、破線が途中でやめたものです。右ほどλが強く、その逆数の時間tで早くやめます。"
            "はじめの縦線はλ＝{{ early_stopping.cursor }}。λを動かすと、L2の点と表の値を計算しなおします。"
            "糖尿病データの{{ early_stopping.train }}、標準化ずみ。",
            alt="横軸はλ、縦軸は重み。どの項目でも、破線は実線のそばを通って右端で0に近づく。",
            live=Live("penalty", {"X": X, "y": target, "folds": FOLDS}, check="all"),
        ),
        "cursor": Number(CURSOR, "", "図の、はじめのλ", digits=0),
        "folds": Number(FOLDS, "組", "図の交差検証の組の数", digits=0),
    }  # fmt: skip


def draw_weights(ax: Any, data: Any) -> None:
    from figures import plot, strokes

    plot.lambda_axis(ax, AXIS[0], AXIS[-1])
    plot.value_axis(ax, -50, 50)
    stopped = data.pop("stopped")
    plot.paths(ax, **data, primary=("BMI", "LDL", "HDL", "中性脂肪(log)"))
    ax.figure.columns |= {f"{name}、途中": curve for name, curve in zip(data["names"], stopped, strict=True)}
    for curve in stopped:
        strokes.stroke(ax, *strokes.units(ax, data["lambdas"], curve), strokes.COLOURS["s2"], dash=(4, 3))
