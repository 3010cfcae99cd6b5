"""ものさしを替えただけで、重みは変わるのか。

データ: 糖尿病データ442人、10項目（figures/data/diabetes.md）。150人を無作為に選んで学習し、残りの292人で試すのを20回。
向きを回すのは、50項目のうち5個だけが効く合成データ（figures/data/synthetic.py）。100行で学習し、1000行で試す。
解き方: 1/(2n)‖y−Xw‖² に、L1は λ‖w‖₁、L2は λ/2‖w‖² を足して最小にする。ものさしは学習の行だけで決め、切片は、罰すると
書いたとき以外は罰しない。条件数はX'Xのもの。勾配降下法の学習率は、いちばん広い向きの曲がりの逆数。
出典: 単位と切片は Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., 3.4.1節。
向きは Ng (2004), Feature selection, L1 vs. L2 regularization, and rotational invariance, ICML。
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from figures.data.diabetes import NAMES, load_diabetes
from figures.data.synthetic import sparse_linear
from figures.experiments.l1_vs_l2 import shuffled, tuned
from figures.models.cross_validation import Split, split
from figures.models.decompose import decompose
from figures.models.gradient_descent import descent_factors, stability_limit
from figures.models.lasso_many import lasso_many
from figures.models.lasso_path import lasso_path
from figures.models.regression_data import Floats
from figures.models.ridge import ridge, ridge_many
from figures.models.standardize import fit_standardization
from figures.results import Claim, Number, Result

SEEDS = range(20)
N_TRAIN, LAMBDA = 150, 1.0
PRESSURE, COARSER = NAMES.index("血圧"), 1000  # mmHg becomes mHg
N_TURNED, N_FEATURES, N_REAL, TURNED_LAMBDA = 100, 50, 5, 0.1
ARRIVED = 0.99  # of the way to least squares, along the slowest direction


def as_measured(X: Floats, y: Floats) -> Split:
    """Centred on the training rows, in the units of X."""
    mean, level = X[:N_TRAIN].mean(axis=0), y[:N_TRAIN].mean()
    return Split(X[:N_TRAIN] - mean, y[:N_TRAIN] - level, X[N_TRAIN:] - mean, y[N_TRAIN:] - level)


def units(seed: int, coarser: float = COARSER) -> tuple[float, ...]:
    """Does L1 keep 血圧 in a coarser unit, and standardised after that; L2's RMSE standardised and in 0…1; force."""
    X, y = shuffled(seed)
    other = X.copy()
    other[:, PRESSURE] /= coarser
    low, high = X[:N_TRAIN].min(axis=0), X[:N_TRAIN].max(axis=0)
    raw, standard, ranged = as_measured(other, y), split(other, y, N_TRAIN), as_measured((X - low) / (high - low), y)
    kept = [lasso_path(t.X, t.y, LAMBDA).at(LAMBDA)[0, PRESSURE] != 0 for t in (raw, standard)]
    return (*kept, *(t.rmse(ridge(t.X, t.y, LAMBDA)[0]) for t in (standard, ranged)), np.mean(1 / ranged.X.var(axis=0)))


def intercept(seed: int, shrunk: bool = True) -> tuple[float, float]:
    """Return the mean of y - ŷ and the RMSE on the test rows with L2, the intercept being one of the weights or not."""
    X, y = shuffled(seed)
    t, level = split(X, y, N_TRAIN), y[:N_TRAIN].mean()
    w = ridge(np.insert(t.X, 0, 1, axis=1), t.y + level * shrunk, LAMBDA)[0]
    errors = t.y_test + level * shrunk - np.insert(t.X_test, 0, 1, axis=1) @ w
    return float(errors.mean()), float(np.sqrt(np.mean(errors**2)))


def turned(seeds: Iterable[int], turn: bool = True) -> Floats:
    """Return per seed by how much ‖w‖₁ and ‖w‖₂ of the true weights change, and the RMSE of L1, L2 before and after."""
    lengths, tests = [], []
    for seed in seeds:
        X, y, truth = sparse_linear(seed, N_TURNED + 1000, N_FEATURES, N_REAL)
        normal = np.random.default_rng([seed, 1]).standard_normal((N_FEATURES, N_FEATURES))
        Q = np.linalg.qr(normal)[0] if turn else np.eye(N_FEATURES)
        t = split(X, y, N_TURNED)
        tests += [t, t._replace(X=t.X @ Q, X_test=t.X_test @ Q)]
        lengths.append([np.linalg.norm(truth @ Q, order) / np.linalg.norm(truth, order) for order in (1, 2)])
    fits = [many([(t.X, t.y) for t in tests], np.array([TURNED_LAMBDA])) for many in (lasso_many, ridge_many)]
    errors = [np.reshape([t.rmse(w[0]) for t, w in zip(tests, fit, strict=True)], (-1, 2)) for fit in fits]
    return np.hstack([lengths, *errors]).T


def condition(X: Floats) -> tuple[float, int]:
    """Return κ(X'X), and the steps after which gradient descent has arrived along the slowest direction."""
    d = decompose(X)[1]
    kappa = float((d[0] / d[-1]) ** 2)
    return kappa, int(np.ceil(np.log(1 - ARRIVED) / np.log1p(-1 / kappa)))


def arrived(X: Floats, steps: int) -> float:
    """Return the share of the way along the slowest direction."""
    return float(descent_factors(X, stability_limit(X) / 2, steps)[0, -1])


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    X, _ = load_diabetes()
    raw, standard = X - X.mean(axis=0), fit_standardization(X).apply(X)
    (kappa_raw, steps_raw), (kappa, steps) = condition(raw), condition(standard)
    kept, kept_standard, l2, l2_ranged, force = np.array([units(seed) for seed in seeds]).T
    too_low, penalised = np.array([intercept(seed) for seed in seeds]).T
    l1_longer, l2_longer, l1_error, l1_turned, l2_error, l2_turned = turned(seeds)
    best = tuned(seeds)[0]
    smaller = [np.linalg.norm(best.l1, order, axis=1) < np.linalg.norm(best.l2, order, axis=1) for order in (1, 2)]
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "train": Number(N_TRAIN, "人", "糖尿病データで学習に使う人数", digits=0),
        "lambda": Number(LAMBDA, "", "糖尿病データで、選ばずに決めたλ", digits=0),
        "coarser": Number(COARSER, "", "血圧の数字を割った数", digits=0),
        "dropped": Number(np.sum(kept == 0), "回", "血圧を1000で割ったとき、L1が血圧を捨てた回数", digits=0),
        "dropped_standardized": Number(np.sum(kept_standard == 0), "回", "割ってから標準化したときの回数", digits=0),
        "range_force": Number(force, "倍", "0から1へ正規化した項目に、同じλの罰が効く強さ（分散の逆数の平均）"),
        "l2_rmse": Number(l2, "", "テスト誤差（RMSE）、L2、λ=1、標準化"),
        "l2_rmse_range": Number(l2_ranged, "", "テスト誤差（RMSE）、L2、λ=1、0から1へ正規化"),
        "too_low": Number(too_low, "", "切片も罰したとき、予測が低すぎる分の平均"),
        "penalized_rmse": Number(penalised, "", "テスト誤差（RMSE）、L2、λ=1、切片も罰したとき"),
        "kappa_raw": Number(kappa_raw, "", "条件数、測ったままの単位", digits=0),
        "kappa": Number(kappa, "", "条件数、標準化のあと", digits=0),
        "arrived": Number(ARRIVED, "%", "着いたと数える割合", digits=0),
        "steps_raw": Number(steps_raw, "歩", "いちばん遅い向きが着くまでの歩数、測ったままの単位", digits=0),
        "steps": Number(steps, "歩", "いちばん遅い向きが着くまでの歩数、標準化のあと", digits=0),
        "disagree": Number(np.sum(smaller[0] != smaller[1]), "回", "重みの小さいほうが入れ替わった回数", digits=0),
        "l1_smaller_by_l1": Number(np.sum(smaller[0]), "回", "L1ノルムではL1の重みが小さい回数", digits=0),
        "l1_smaller_by_l2": Number(np.sum(smaller[1]), "回", "L2ノルムではL1の重みが小さい回数", digits=0),
        "turned_features": Number(N_FEATURES, "個", "向きを回すデータの項目", digits=0),
        "turned_real": Number(N_REAL, "個", "向きを回すデータで、効く項目", digits=0),
        "turned_lambda": Number(TURNED_LAMBDA, "", "向きを回すデータでのλ", digits=1),
        "l1_norm_turned": Number(l1_longer, "倍", "本当の重みのL1ノルム、向きを回したあと"),
        "l1_error": Number(l1_error, "", "テスト誤差（RMSE）、L1、回す前"),
        "l1_error_turned": Number(l1_turned, "", "テスト誤差（RMSE）、L1、回したあと"),
        "l2_error": Number(l2_error, "", "テスト誤差（RMSE）、L2、回す前もあとも"),
        "unit_decides": Claim(kept, "<", kept_standard, about="L1が血圧を残したか、1000で割ったままと標準化"),
        "intercept_matters": Claim(penalised, ">", l2, about="テスト誤差、切片を罰したときと罰しないとき"),
        "steps_are_enough": Claim(arrived(raw, steps_raw), ">=", ARRIVED, about="その歩数での、いちばん遅い向きの進み"),
        "l2_norm_stays": Claim(np.round(l2_longer, 6), "==", 1, about="L2ノルム、回したあとが前の何倍か"),
        "l2_error_stays": Claim(np.round(l2_turned - l2_error, 6), "==", 0, about="L2のテスト誤差、回す前とあとの差"),
        "l1_suffers": Claim(l1_turned, ">", l1_error, about="L1のテスト誤差、回したあとと前"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """The same unit, an intercept that is not shrunk, no turn, L1 in the place of L2, and half the steps."""
    seeds = list(seeds)
    raw = load_diabetes()[0] - load_diabetes()[0].mean(axis=0)
    kept, kept_standard, l2, *_ = np.array([units(seed, 1) for seed in seeds]).T
    _, free = np.array([intercept(seed, shrunk=False) for seed in seeds]).T
    still, moved = turned(seeds, turn=False), turned(seeds)
    return {
        "unit_decides": Claim(kept, "<", kept_standard),
        "intercept_matters": Claim(free, ">", np.round(l2, 6)),
        "steps_are_enough": Claim(arrived(raw, condition(raw)[1] // 2), ">=", ARRIVED),
        "l2_norm_stays": Claim(np.round(moved[0], 6), "==", 1),
        "l2_error_stays": Claim(np.round(moved[3] - moved[2], 6), "==", 0),
        "l1_suffers": Claim(still[3], ">", still[2]),
    }
