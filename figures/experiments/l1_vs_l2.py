"""L1とL2は、重みをどう変えるのか。

データ: 糖尿病データ442人、10項目（figures/data/diabetes.md）。150人を無作為に選んで学習し、残りの292人で試すのを20回。
標準誤差が表すのは選び方のばらつきで、別の集団でのばらつきではない。
解き方: 1/(2n)‖y−Xw‖² に、L1は λ‖w‖₁、L2は λ/2‖w‖² を足して最小にする。標準化は学習の行だけで決め、切片は罰しない。
反復はせず、L1は折れ線の経路、L2は特異値分解で解く。λを選ぶときは、どちらも同じ格子と同じ5分割の交差検証。
出典: L1は Tibshirani (1996), J. R. Stat. Soc. B 58(1)。L2は Hoerl & Kennard (1970), Technometrics 12(1)。
データは Efron, Hastie, Johnstone & Tibshirani (2004), Ann. Statist. 32(2)。
分け方が重なるときの標準誤差は Nadeau & Bengio (2003), Mach. Learn. 52(3)。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np

from figures.data.diabetes import NAMES, load_diabetes
from figures.live import Live
from figures.models.cross_validation import Split, choose_lambdas, leave_out, split
from figures.models.lasso_many import lasso_many
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge, ridge_many
from figures.models.side_by_side import Weights, fit, lasso
from figures.models.standardize import fit_standardization
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(20)
LAMBDA = 1.0  # where no λ is chosen: scikit-learn's Lasso(alpha=1)
GRID = 10.0 ** (np.arange(-32, 17) / 8)  # the λ to choose from, 0.0001 to 100
AXIS = 10.0 ** (np.arange(-30, 21) / 10)  # the λ of the figure, 0.001 to 100
FOLDS = 5
CLOSE = 0.05  # two errors that differ by less of themselves are called close
MANY = range(1000, 1100)  # the headlines once more, with other seeds and five times as many

Solver: TypeAlias = Callable[[Floats, Floats, Floats], Floats]  # X, y, lambdas -> w: (n_lambdas, n_features)


def shuffled(seed: int) -> tuple[Floats, Floats]:
    X, y = load_diabetes()
    order = np.argsort(np.random.default_rng(seed).random(len(y)), kind="stable")
    return X[order], y[order]


def subsamples(seeds: Iterable[int], n_train: int = 150) -> list[Split]:
    return [split(*shuffled(seed), n_train) for seed in seeds]


def decorrelated(t: Split) -> Split:
    """Replace X = U diag(d) V' by √n U V', the nearest matrix with X'X/n = I."""
    U, _, Vt = np.linalg.svd(t.X, full_matrices=False)
    return t._replace(X=np.sqrt(len(t.X)) * U @ Vt)


def tuned(seeds: Iterable[int]) -> tuple[Weights, Floats, Floats]:
    """λ by cross-validation: the weights, test errors (n_seeds, 3), and chosen λ (n_seeds, 2) of L1 and L2."""
    tables = [shuffled(seed) for seed in seeds]
    training = [(X[:150], y[:150]) for X, y in tables]
    chosen = np.stack([choose_lambdas(training, many, GRID, FOLDS) for many in (lasso_many, ridge_many)], axis=1)
    weights, errors = [], []
    for (X, y), (l1, l2) in zip(tables, chosen, strict=True):
        t = split(X, y, 150)
        w = fit([(t.X, t.y)], l1, l2)
        weights.append([part[0] for part in w])
        errors.append([t.rmse(part[0]) for part in w])
    return Weights(*np.array(weights).transpose(1, 0, 2)), np.array(errors), chosen


def zeros(w: Floats) -> Floats:
    return np.asarray(np.sum(w == 0, axis=1))


def grown(w: Floats, none: Floats) -> Floats:
    """How many weights are larger than without a penalty, by more than rounding."""
    return np.asarray(np.sum(np.abs(w) > np.abs(none) * (1 + 1e-9), axis=1))


def new_people_error(differences: Floats) -> float:
    """Standard error of a mean difference for other people, √((1/J + n_test/n_train) S²): the J splits share theirs."""
    return float(np.sqrt((1 / len(differences) + 292 / 150) * differences.var(ddof=1)))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    splits = subsamples(seeds)
    fixed = fit([(t.X, t.y) for t in splits], LAMBDA, LAMBDA)
    best, errors, chosen = tuned(seeds)
    kept = np.array([filter_factors(t.X, lam)[0] for t, lam in zip(splits, chosen[:, 1], strict=True)])
    many = fit([(t.X, t.y) for t in subsamples(MANY)], LAMBDA, LAMBDA)
    many_best, many_errors, _ = tuned(MANY)
    ahead, ahead_many = errors[:, 1] - errors[:, 2], many_errors[:, 1] - many_errors[:, 2]
    _, target = load_diabetes()
    cholesterol, bmi = NAMES.index("総コレ"), NAMES.index("BMI")
    norm = {name: np.linalg.norm(w, axis=1) for name, w in best._asdict().items()}
    results: dict[str, Result] = {
        "patients": Number(442, "人", "糖尿病データの人数", digits=0),
        "train": Number(150, "人", "学習に使う人数", digits=0),
        "test": Number(292, "人", "試すのに使う人数", digits=0),
        "features": Number(10, "個", "項目の数", digits=0),
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "target_low": Number(target.min(), "", "病気の進み具合、いちばん小さい値", digits=0),
        "target_high": Number(target.max(), "", "病気の進み具合、いちばん大きい値", digits=0),
        # settings
        "fixed_lambda": Number(LAMBDA, "", "選ばずに決めたλ", digits=0),
        "grid_low": Number(GRID[0], "", "λの候補、いちばん小さい値", digits=4),
        "grid_high": Number(GRID[-1], "", "λの候補、いちばん大きい値", digits=0),
        "axis_low": Number(AXIS[0], "", "図のλ、いちばん小さい値", digits=3),
        "axis_high": Number(AXIS[-1], "", "図のλ、いちばん大きい値", digits=0),
        "folds": Number(FOLDS, "組", "交差検証の組の数", digits=0),
        "close": Number(CLOSE, "%", "誤差が近いと言うときの、差の上限", digits=0),
        # λ = 1
        "l1_zeros": Number(zeros(fixed.l1), "個", "ちょうど0の重み、L1、λ=1"),
        "l2_zeros": Number(zeros(fixed.l2), "個", "ちょうど0の重み、L2、λ=1"),
        "l1_zeros_many": Number(zeros(many.l1), "個", "ちょうど0の重み、L1、λ=1、別の100回"),
        "l2_grown_many": Number(grown(many_best.l2, many_best.none), "個", "大きくなった重み、L2、別の100回"),
        "l1_gain_many": Number(many_errors[:, 0] - many_errors[:, 1], "", "テスト誤差の減り、L1、別の100回"),
        "l2_gain_many": Number(many_errors[:, 0] - many_errors[:, 2], "", "テスト誤差の減り、L2、別の100回"),
        "many": Number(len(MANY), "回", "くり返しを増やしたとき", digits=0),
        # λ by cross-validation
        "l1_lambda": Number(chosen[:, 0], "", "選ばれたλ、L1"),
        "l2_lambda": Number(chosen[:, 1], "", "選ばれたλ、L2"),
        "none_error": Number(errors[:, 0], "", "テスト誤差（RMSE）、正則化なし"),
        "l1_error": Number(errors[:, 1], "", "テスト誤差（RMSE）、L1"),
        "l2_error": Number(errors[:, 2], "", "テスト誤差（RMSE）、L2"),
        "l2_wins": Number(np.sum(errors[:, 2] < errors[:, 1]), "回", "L2の誤差がL1より小さかった回数", digits=0),
        "l2_wins_many": Number(
            np.sum(many_errors[:, 2] < many_errors[:, 1]), "回", "L2の誤差がL1より小さかった回数、別の100回", digits=0
        ),
        "l1_gain": Number(errors[:, 0] - errors[:, 1], "", "テスト誤差の減り、L1"),
        "l2_gain": Number(errors[:, 0] - errors[:, 2], "", "テスト誤差の減り、L2"),
        "l2_ahead": Number(ahead, "", "テスト誤差の差、L1引くL2"),
        "l2_ahead_many": Number(ahead_many, "", "テスト誤差の差、L1引くL2、別の100回"),
        "l2_ahead_share": Number(ahead_many / many_errors[:, 2], "%", "その差の、L2の誤差に対する割合、別の100回"),
        "new_people_error": Number(
            new_people_error(ahead_many), "", "その差の標準誤差、新しい人たちに向けて補正、別の100回", digits=2
        ),
        "none_zeros": Number(zeros(best.none), "個", "ちょうど0の重み、正則化なし"),
        "l1_zeros_best": Number(zeros(best.l1), "個", "ちょうど0の重み、L1、λは交差検証"),
        "l2_zeros_best": Number(zeros(best.l2), "個", "ちょうど0の重み、L2、λは交差検証"),
        "none_norm": Number(norm["none"], "", "重みの長さ、正則化なし"),
        "l1_norm": Number(norm["l1"], "", "重みの長さ、L1"),
        "l2_norm": Number(norm["l2"], "", "重みの長さ、L2"),
        "l2_grown": Number(grown(best.l2, best.none), "個", "大きくなった重み、L2"),
        "l2_flipped": Number(np.sum(best.l2 * best.none < 0, axis=1), "個", "符号が変わった重み、L2"),
        "l1_grown": Number(grown(best.l1, best.none), "個", "大きくなった重み、L1"),
        "cholesterol_none": Number(best.none[:, cholesterol], "", "総コレの重み、正則化なし"),
        "cholesterol_l2": Number(best.l2[:, cholesterol], "", "総コレの重み、L2"),
        "bmi_none": Number(best.none[:, bmi], "", "BMIの重み、正則化なし"),
        "bmi_l2": Number(best.l2[:, bmi], "", "BMIの重み、L2"),
        "strongest_kept": Number(kept[:, 0], "%", "いちばん広がった向きで、L2のあと残る割合"),
        "weakest_kept": Number(kept[:, -1], "%", "いちばん狭い向きで、L2のあと残る割合"),
    }
    results |= {
        "l1_is_sparser": Claim(zeros(fixed.l1), ">", zeros(fixed.l2), 0.9, "ちょうど0の重みの数、L1とL2、λ=1"),
        "l2_has_no_zero": Claim(zeros(fixed.l2), "==", 0, about="ちょうど0の重みの数、L2、λ=1"),
        "l2_is_uneven": Claim(
            kept[:, -1], "<", kept[:, 0] / 2, 0.8, about="残る割合、いちばん狭い向きと広い向きの半分"
        ),
        "l2_grows_some": Claim(grown(best.l2, best.none), ">=", 1, 0.9, "L2で大きくなった重みの数"),
        "errors_are_close": Claim(
            np.abs(errors[:, 1] - errors[:, 2]), "<", CLOSE * errors[:, 2], about="テスト誤差の差と、L2の誤差の5%"
        ),
        "comparison": Table(
            ["", "0の重み", "重みの長さ", "テスト誤差"],
            {
                "正則化なし": ["none_zeros", "none_norm", "none_error"],
                "L1": ["l1_zeros_best", "l1_norm", "l1_error"],
                "L2": ["l2_zeros_best", "l2_norm", "l2_error"],
            },
            "λを交差検証で選んだときの、ちょうど0の重みの数、重みの長さ、予測の良さ。テスト誤差は低いほど良い。",
        ),
        "gains": Table(
            ["", "はじめ", "追試"],
            {
                "正則化なしからL1へ": ["l1_gain", "l1_gain_many"],
                "正則化なしからL2へ": ["l2_gain", "l2_gain_many"],
                "L1からL2へ": ["l2_ahead", "l2_ahead_many"],
            },
            "方法を替えたときの、テスト誤差の減り。マイナスは増え。同じ分け方どうしの差。",
        ),
        "points": Number(best.l2.size, "点", "図の、糖尿病データの点の数", digits=0),
        **at_cursor("l1", lasso),
        **at_cursor("l2", ridge),
        **figures(best),
    }
    return results


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """No λ, too large a λ, uncorrelated features: each claim under the change that has to break it."""
    seeds = list(seeds)
    splits = subsamples(seeds)
    weak = fit([(t.X, t.y) for t in splits], 1e-9, 1e-9)
    crushed = fit([(t.X, t.y) for t in splits], 100, 100)
    straightened = [decorrelated(t) for t in splits]
    kept = np.array([filter_factors(t.X, 0.2)[0] for t in straightened])
    even = fit([(t.X, t.y) for t in straightened], 0.2, 0.2)
    l2_error = tuned(seeds)[1][:, 2]
    crushed_error = np.array([t.rmse(w) for t, w in zip(splits, crushed.l1, strict=True)])
    return {
        "l1_is_sparser": Claim(zeros(weak.l1), ">", zeros(weak.l2), 0.9),
        "l2_has_no_zero": Claim(zeros(crushed.l1), "==", 0),
        "l2_is_uneven": Claim(kept[:, -1], "<", kept[:, 0] / 2, 0.8),
        "l2_grows_some": Claim(grown(even.l2, even.none), ">=", 1, 0.9),
        "errors_are_close": Claim(np.abs(crushed_error - l2_error), "<", CLOSE * l2_error),
    }


def at_cursor(method: str, solve: Solver) -> dict[str, Number]:
    """At the cursor of the figure, on all 442: what the reader's browser computes again."""
    X, y = load_diabetes()
    one = np.array([LAMBDA])
    whole = Split(*2 * (fit_standardization(X).apply(X), y - y.mean()))
    w = solve(whole.X, whole.y, one)[0]
    left_out = [fold.squared_errors(solve(fold.X, fold.y, one)[0]) for fold in leave_out(X, y, FOLDS)]
    name, about = f"all_{method}", f"{method.upper()}、λ=1、442人全員"
    return {
        f"{name}_zeros": Number(np.sum(w == 0), "個", f"ちょうど0の重み、{about}", digits=0),
        f"{name}_norm": Number(np.linalg.norm(w), "", f"重みの長さ、{about}", digits=3),
        f"{name}_training": Number(whole.rmse(w), "", f"学習誤差（RMSE）、{about}", digits=3),
        f"{name}_validation": Number(
            np.sqrt(np.concatenate(left_out).mean()), "", f"検証誤差（RMSE）、5分割の交差検証、{about}", digits=3
        ),
    }


def figures(best: Weights) -> dict[str, Figure]:
    """The weights of all 442 along λ, and each weight without a penalty against the same weight with one."""
    X, y = load_diabetes()
    scaled, centred = fit_standardization(X).apply(X), y - y.mean()
    panels = {}
    for name, solve in (("L1", lasso), ("L2", ridge)):
        at_cursor = solve(scaled, centred, np.array([LAMBDA]))[0]
        panels[name] = {
            "method": name.lower(),
            "lambdas": AXIS,
            "names": NAMES,
            "coef": solve(scaled, centred, AXIS).T,
            "cursor": LAMBDA,
            "at_cursor": at_cursor,
            "zero": at_cursor == 0,
        }
    return {
        "paths": Figure(
            panels,
            title="L1の線には、ちょうど0の区間がある。L2の線にはない",
            caption="縦が重みで、右へいくほどλが強くなります。はじめの縦線はλ＝{{ l1_vs_l2.fixed_lambda }}、"
            "白丸は縦線のところでちょうど0になった重みです。"
            "左端で離れている総コレ（総コレステロール）とLDLを見てください。符号の違う二つが、いっしょに0へ寄ります。"
            "重みの長さは2乗の和の平方根、検証誤差は{{ l1_vs_l2.folds }}の交差検証の誤差です。"
            "糖尿病データ{{ l1_vs_l2.patients }}、標準化ずみ。",
            alt="横軸はλ、縦軸は{{ l1_vs_l2.features }}の重み。"
            "L1の線は、λ＝{{ l1_vs_l2.axis_high }}までにどれもちょうど0になる。"
            "HDLは一度0になってから離れ、もう一度0に着く。L2には0をまたぐ線があるが、0にとどまる線はない。",
            live=Live("penalty", {"X": X, "y": y, "folds": FOLDS}, check="all"),
        ),
        "shrinkage": Figure(
            {"糖尿病データ": {"none": best.none.ravel(), "l2": best.l2.ravel()}},
            title="項目どうしが関係していると、掛け算でもなくなる",
            caption="横が罰なしの重み、縦がL2をかけたあとの重みです。"
            "{{ l1_vs_l2.repeats }}ぶんの{{ l1_vs_l2.points }}です。"
            "左上と右下の点は、符号が変わりました。"
            "「そのまま」の線より、0の横線から離れた点は、大きくなった重みです。",
            alt="同じ大きさの重みでも縮み方がばらばらで、平均{{ l1_vs_l2.l2_grown }}は大きくなっている。",
        ),
    }


def draw_paths(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.001, 100)
    plot.value_axis(ax, -40, 40)
    plot.paths(ax, **data, primary=("中性脂肪(log)", "BMI", "LDL", "血圧", "性別", "総コレ"))


def draw_shrinkage(ax: Any, data: Any) -> None:
    from figures import plot

    plot.against(ax, data["none"], {"l2": data["l2"]}, -100, 100)
