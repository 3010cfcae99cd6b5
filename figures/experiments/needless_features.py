"""要らない項目や、似た項目は、何をするのか。

データ: 糖尿病データ442人、10項目（figures/data/diabetes.md）を150人と292人に分けるのを20回。足す項目は正規乱数。
選ぶ実験は項目も目的の値も乱数で、50行、1000項目。分類と重みの長さは、50項目の合成データを60行で学習する。
効くのは、分類では1個、長さでは5個（figures/data/synthetic_classes.py、synthetic.py）。分類は別の1000行で試す。
解き方: 最小二乗法。分類はロジスティック回帰に λ/2‖w‖² を足したもの。切片は罰しない。標準化は学習の行だけで決め、
分類と重みの長さでは、項目の分散がはじめから1なのでしない。
出典: Ambroise & McLachlan (2002), PNAS 99(10)。Hoerl & Kennard (1970), Technometrics 12(1)。
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from figures.data.diabetes import NAMES, load_diabetes
from figures.data.synthetic import sparse_linear
from figures.data.synthetic_classes import irrelevant_features
from figures.experiments.l1_vs_l2 import shuffled, subsamples
from figures.models.cross_validation import Split, leave_out, split
from figures.models.decompose import decompose
from figures.models.folds import Ints
from figures.models.least_squares import least_squares
from figures.models.logistic_regression import logistic_l2
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization
from figures.results import Claim, Number, Result

SEEDS = range(20)
N_TRAIN, N_RANDOM = 150, 100  # patients to learn from; features that mean nothing, beside the ten
N_ROWS, N_CANDIDATES, N_CHOSEN = 50, 1000, 10
N_SHORT, N_WEIGHTS, N_REAL = 60, 50, 5  # rows, weights, and those that matter for the length
STRONG, WEAK = 1e-2, 1e-4  # λ of the logistic regression
CHOLESTEROL, BMI = NAMES.index("総コレ"), NAMES.index("BMI")


def random_features(seed: int, n_random: int) -> tuple[float, float]:
    """Return the RMSE on the training and the test rows with ``n_random`` further features that mean nothing."""
    X, y = shuffled(seed)
    noise = np.random.default_rng([seed, 1]).standard_normal((len(X), n_random))
    t = split(np.hstack([X, noise]), y, N_TRAIN)
    w = least_squares(t.X, t.y)
    return float(np.sqrt(np.mean((t.y - t.X @ w) ** 2))), t.rmse(w)


def most_correlated(X: Floats, y: Floats) -> Ints:
    """Return the ``N_CHOSEN`` columns that correlate most with y."""
    return np.argsort(-np.abs(fit_standardization(X).apply(X).T @ (y - y.mean())), kind="stable")[:N_CHOSEN]


def selection(seed: int, peep: bool = True) -> Floats:
    """Return R² by cross-validation on noise: features chosen on all rows, and anew for each fold."""
    draws = np.random.default_rng(seed).standard_normal((N_ROWS, N_CANDIDATES + 1))
    X, y = draws[:, :-1], draws[:, -1]
    before = most_correlated(X, y) if peep else np.arange(N_CHOSEN)
    squares = np.zeros(2)
    for t in leave_out(X, y, 5):
        for way, chosen in enumerate((before, most_correlated(t.X, t.y))):
            w = np.zeros(N_CANDIDATES)
            w[chosen] = least_squares(t.X[:, chosen], t.y)
            squares[way] += t.squared_errors(w).sum()
    return np.asarray(1 - squares / np.sum((y - y.mean()) ** 2))


def confidence(seed: int, lambdas: list[float]) -> Floats:
    """Return for each λ how sure the logistic regression is, and how often right: (2, n_lambdas)."""
    X, y, _ = irrelevant_features(seed, N_SHORT + 1000, N_WEIGHTS)
    fits = logistic_l2(X[:N_SHORT], y[:N_SHORT], lambdas)
    logits = X[N_SHORT:] @ fits.w.T + fits.b
    right = (logits > 0) == y[N_SHORT:, None]
    return np.array([np.mean(1 / (1 + np.exp(-np.abs(logits))), axis=0), np.mean(right, axis=0)])


def stretch(seed: int, noise: float = 1.0) -> float:
    """Return the length of the weights by least squares, over that of the true ones."""
    X, y, truth = sparse_linear(seed, N_SHORT, N_WEIGHTS, N_REAL, noise=noise)
    return float(np.linalg.norm(least_squares(X - X.mean(axis=0), y - y.mean())) / np.linalg.norm(truth))


def without(splits: Iterable[Split], feature: int) -> Floats:
    """Return by how much the test RMSE grows when ``feature`` is left out."""
    growth = []
    for t in splits:
        rest = t._replace(X=np.delete(t.X, feature, axis=1), X_test=np.delete(t.X_test, feature, axis=1))
        growth.append(rest.rmse(least_squares(rest.X, rest.y)) - t.rmse(least_squares(t.X, t.y)))
    return np.array(growth)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    X, y = load_diabetes()
    Z, target = fit_standardization(X).apply(X), y - y.mean()
    alone, more = (np.array([random_features(seed, n) for seed in seeds]).T for n in (0, N_RANDOM))
    before, anew = np.array([selection(seed) for seed in seeds]).T
    sure, right = np.array([confidence(seed, [STRONG, WEAK]) for seed in seeds]).swapaxes(0, 1)
    too_long = np.array([stretch(seed) for seed in seeds])
    cholesterol, bmi = (without(subsamples(seeds, N_TRAIN), feature) for feature in (CHOLESTEROL, BMI))
    w, inflation, (_, d, Vt) = least_squares(Z, target), np.diag(np.linalg.inv(Z.T @ Z / len(Z))), decompose(Z)
    spread, along = d**2 / np.sum(d**2), (Vt @ w) ** 2 / (w @ w)  # shares of each direction, the narrowest last
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "train": Number(N_TRAIN, "人", "糖尿病データで学習に使う人数", digits=0),
        "random": Number(N_RANDOM, "個", "足したでたらめな項目", digits=0),
        "training": Number(alone[0], "", "学習誤差（RMSE）、10項目"),
        "training_random": Number(more[0], "", "学習誤差（RMSE）、でたらめな項目を足したとき"),
        "test_random": Number(more[1], "", "テスト誤差（RMSE）、でたらめな項目を足したとき"),
        "rows": Number(N_ROWS, "行", "選ぶ実験の行", digits=0),
        "candidates": Number(N_CANDIDATES, "個", "選ぶ実験の項目", digits=0),
        "chosen": Number(N_CHOSEN, "個", "選ぶ実験で残す項目", digits=0),
        "chosen_before": Number(before, "", "交差検証の決定係数、分ける前に選んだとき"),
        "chosen_anew": Number(anew, "", "交差検証の決定係数、分けるたびに選びなおしたとき"),
        "short_rows": Number(N_SHORT, "行", "分類と、重みの長さの実験で学習する行", digits=0),
        "short_features": Number(N_WEIGHTS, "個", "分類と、重みの長さの実験の項目", digits=0),
        "short_real": Number(N_REAL, "個", "重みの長さの実験で、効く項目", digits=0),
        "weak": Number(WEAK, "", "弱いほうのλ", digits=4),
        "strong": Number(STRONG, "", "強いほうのλ", digits=2),
        "sure": Number(sure[:, 1], "%", "答えた側の確率の平均、弱いλ"),
        "right": Number(right[:, 1], "%", "正解率、弱いλ"),
        "sure_strong": Number(sure[:, 0], "%", "答えた側の確率の平均、強いλ"),
        "right_strong": Number(right[:, 0], "%", "正解率、強いλ"),
        "too_long": Number(too_long, "倍", "最小二乗法の重みの長さが、本当の重みの長さの何倍か"),
        "too_long_squared": Number(too_long**2, "倍", "同じものを2乗どうしで"),
        "cholesterol_weight": Number(w[CHOLESTEROL], "", "総コレの重み、最小二乗法、442人全員", digits=1),
        "without_cholesterol": Number(cholesterol, "", "テスト誤差（RMSE）の増え、総コレを捨てたとき"),
        "without_bmi": Number(bmi, "", "テスト誤差（RMSE）の増え、BMIを捨てたとき"),
        "inflation": Number(inflation[CHOLESTEROL], "倍", "総コレの分散拡大係数（VIF）", digits=1),
        "narrow_spread": Number(spread[-1], "%", "いちばん狭い向きが、項目の広がりに占める割合", digits=2),
        "narrow_weight": Number(along[-1], "%", "いちばん狭い向きが、重みの長さの2乗に占める割合", digits=0),
        "test_rises": Claim(more[1], ">", alone[1], about="テスト誤差、でたらめな項目を足したときと前"),
        "selection_deceives": Claim(before, ">", 0, about="分ける前に選んだときの決定係数"),
        "too_sure": Claim(sure[:, 1], ">", right[:, 1], about="答えた側の確率の平均と正解率、弱いλ"),
        "weights_too_long": Claim(too_long, ">", 1, about="最小二乗法の重みの長さ、本当の重みの何倍か"),
        "largest_is_needless": Claim(cholesterol, "<", bmi, 0.9, "捨てたときのテスト誤差の増え、総コレとBMI"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """No feature added, no peeping, a strong λ, no noise, and a target for which nothing can stand in for 総コレ."""
    seeds = list(seeds)
    alone = [random_features(seed, 0)[1] for seed in seeds]
    first_columns = [selection(seed, peep=False)[0] for seed in seeds]
    sure, right = np.array([confidence(seed, [1.0])[:, 0] for seed in seeds]).T
    itself = [t._replace(y=t.X[:, CHOLESTEROL], y_test=t.X_test[:, CHOLESTEROL]) for t in subsamples(seeds, N_TRAIN)]
    return {
        "test_rises": Claim(alone, ">", alone),
        "selection_deceives": Claim(first_columns, ">", 0),
        "too_sure": Claim(sure, ">", right),
        "weights_too_long": Claim([stretch(seed, noise=0) for seed in seeds], ">", 1),
        "largest_is_needless": Claim(without(itself, CHOLESTEROL), "<", without(itself, BMI), 0.9),
    }
