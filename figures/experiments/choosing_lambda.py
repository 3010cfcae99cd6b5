"""λを選ぶ、いちばん損をしない方法は何か。

データ: 互いに無関係な20項目のうち5個だけが効く合成データ50行（figures/data/synthetic.py）。
その重みも雑音の標準偏差も1。種ごとに引きなおす。
解き方: 1/(2n)‖y−Xw‖² に λ‖w‖₁ を足して最小にする（L1）。折れ線をたどって解き、反復の打ち切りはない。
標準化は学習の行だけで、組を外すたびにやりなおし、切片は罰しない。λの候補はどの方法も同じ。選んだあと全部の行で学びなおす。
損は、候補のうち本当にいちばん良いλより、新しい行での誤差（RMSE）が何%大きいか。データの作り方を知っているので、
新しい行での誤差を √(σ² + ‖ŵ−w‖² + b̂²) で計算する（無限に多い新しい行で測るのと同じ）。
出典: Stone (1974), J. R. Stat. Soc. B 36(2)。Hastie, Tibshirani & Friedman (2009), 7.10.1節。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from figures.data.synthetic import sparse_linear
from figures.live import Live
from figures.models.choose_lambda import CVCurve
from figures.models.cross_validation import cv_curves, leave_out, split
from figures.models.lasso_many import lasso_many
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization
from figures.results import Claim, Figure, Number, Result

SEEDS = range(40)
ROWS, FEATURES, REAL, FRESH = 50, 20, 5, 1000
GRID = 10.0 ** (np.arange(-60, 21) / 20)  # the λ to choose from, 0.001 to 10
SHOWN = slice(67)  # the λ of the figures, 0.001 to 2
CURSOR, FLAT, CLOSE = 0.1, 0.02, 0.01  # its λ at first; so near the smallest error is flat; losses, close
METHODS = {"hold": "ホールドアウト", "five": "5分割", "ten": "10分割", "one": "一つ抜き", "rule": "1標準誤差ルール"}


class Tables(NamedTuple):
    """Many tables: X and y as measured; their weights and the error (RMSE) on fresh rows, at each λ of a grid."""

    rows: list[tuple[Floats, Floats]]
    w: Floats  # (n_tables, n_lambdas, n_features)
    error: Floats  # (n_tables, n_lambdas)
    grid: Floats

    def loss(self, chosen: Iterable[float]) -> Floats:
        """By how much the error at the chosen λ exceeds the smallest one on the grid, as a share of it."""
        at = self.error[range(len(self.error)), self.place(chosen)]
        return np.asarray(np.round(at / self.error.min(axis=1) - 1, 9))

    def place(self, chosen: Iterable[float]) -> Any:
        """Where the chosen λ stand in the grid."""
        return np.abs(np.log(np.array(list(chosen))[:, None] / self.grid)).argmin(axis=1)

    def curves(self, folds: int) -> list[CVCurve]:
        """Errors by cross-validation."""
        return cv_curves([leave_out(X, y, folds) for X, y in self.rows], lasso_many, self.grid)


def tables(
    seeds: Iterable[int], rows: int = ROWS, real: int = REAL, grid: Floats = GRID, weight: float = 1.0
) -> Tables:
    """Draw a table for each seed and solve it; fresh rows have E(y - ŷ)² = σ² + ||ŵ - w||² + b²."""
    drawn = [sparse_linear(seed, rows, FEATURES, real, weight) for seed in seeds]
    scalings = [fit_standardization(X) for X, _, _ in drawn]
    z = lasso_many([(s.apply(X), y - y.mean()) for s, (X, y, _) in zip(scalings, drawn, strict=True)], grid)
    w = z / np.array([s.scale for s in scalings])[:, None]
    b = np.array([y.mean() - of_one @ s.mean for s, of_one, (_, y, _) in zip(scalings, w, drawn, strict=True)])
    error = np.sqrt(1 + np.square(w - np.array([true for _, _, true in drawn])[:, None]).sum(axis=2) + b**2)
    return Tables([(X, y) for X, y, _ in drawn], w, error, grid)


@cache  # the falsifier asks again
def shared(seeds: tuple[int, ...]) -> tuple[Tables, dict[int, list[CVCurve]]]:
    """The tables of 50 rows, and their errors by cross-validation with 5, 10 and 50 folds."""
    data = tables(seeds)
    return data, {folds: data.curves(folds) for folds in (5, 10, ROWS)}


def smallest(curves: list[CVCurve]) -> list[float]:
    return [curve.minimum() for curve in curves]


def rule(curves: list[CVCurve]) -> list[float]:
    return [curve.one_standard_error() for curve in curves]


def held_out(curves: list[CVCurve], k: int = 0) -> list[float]:
    """The λ that fold k alone would choose."""
    return [CVCurve(curve.lambdas, curve.errors[[k]], curve.sizes[[k]]).minimum() for curve in curves]


def paired(curve: CVCurve) -> float:
    """The rule with the standard error of a difference: the largest λ with mean(d) <= SE(d), d = e(λ) - e(λ̂)."""
    d = curve.errors - curve.errors[:, curve.lambdas == curve.minimum()]
    return float(curve.lambdas[d.mean(axis=0) <= d.std(axis=0, ddof=1) / np.sqrt(len(d))].max())


@cache  # the falsifier asks again
def validated(seeds: tuple[int, ...]) -> tuple[list[float], Floats]:
    """The λ that 1000 rows choose instead of ten; and their error (RMSE) at each λ, all 50 rows having been learnt."""
    one_fold, errors = [], []
    for seed in seeds:
        X, y, _ = sparse_linear(seed, ROWS + FRESH, FEATURES, REAL)
        learn = np.append(np.flatnonzero(np.arange(ROWS) % 5), np.arange(ROWS, ROWS + FRESH))
        one_fold.append(split(X[learn], y[learn], ROWS - ROWS // 5))
        errors.append(split(X, y, ROWS))
    w = lasso_many([(t.X, t.y) for t in errors], GRID)
    fresh = [t.squared_errors(of_one).mean(axis=0) for t, of_one in zip(errors, w, strict=True)]
    return smallest(cv_curves([[one] for one in one_fold], lasso_many, GRID)), np.sqrt(fresh)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    data, curves = shared(seeds)
    five, ten, one = curves.values()
    chosen = dict(zip(METHODS, (held_out(five), smallest(five), smallest(ten), smallest(one), rule(five)), strict=True))
    mended = [paired(curve) for curve in five]
    loss = {name: data.loss(lambdas) for name, lambdas in chosen.items()}
    spread = {name: np.exp(np.log(lambdas).std(ddof=1)) for name, lambdas in chosen.items()}
    other_folds = [data.loss(held_out(five, k)) for k in range(1, 5)]
    default, other_unit = (data.loss([lam] * len(seeds)) for lam in (1.0, 0.1))
    by_fresh, fresh = validated(seeds)
    at_five = (range(len(seeds)), data.place(chosen["five"]))
    at_end = f"、下の端の{np.sum(data.place(chosen['hold']) == 0)}回も入れて"
    width = [curve.standard_error[k] / curve.mean[k] for curve, k in zip(five, at_five[1], strict=True)]
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "rows": Number(ROWS, "行", "学習の行", digits=0),
        "features": Number(FEATURES, "個", "項目の数", digits=0),
        "real": Number(REAL, "個", "効く項目の数", digits=0),
        "candidates": Number(len(GRID), "個", "λの候補", digits=0),
        "low": Number(GRID[0], "", "λの候補、いちばん小さい値", digits=3),
        "high": Number(GRID[-1], "", "λの候補、いちばん大きい値", digits=0),
        "held_rows": Number(ROWS // 5, "行", "ホールドアウトで取っておく行", digits=0),
        **{f"{name}_loss": Number(loss[name], "%", f"損、{METHODS[name]}") for name in METHODS},
        "hold_median": Number(np.median(loss["hold"]), "%", "損の中央値、ホールドアウト", digits=1),
        "five_median": Number(np.median(loss["five"]), "%", "損の中央値、5分割", digits=1),
        "hold_max": Number(loss["hold"].max(), "%", "いちばん大きい損、ホールドアウト", digits=0),
        "five_max": Number(loss["five"].max(), "%", "いちばん大きい損、5分割", digits=0),
        "hold_others": Number(np.mean(other_folds, axis=0), "%", "損、ホールドアウト、ほかの4組を取っておいた平均"),
        "hold_better": Number(np.sum(loss["hold"] < loss["five"]), "回", "ホールドアウトの損が小さい回数", digits=0),
        "one_gain": Number(loss["five"] - loss["one"], "ポイント", "5分割の損から一つ抜きの損を引いた差"),
        "hold_spread": Number(spread["hold"], "倍", f"λの散らばり（対数の標準偏差）、ホールドアウト{at_end}", digits=1),
        "five_spread": Number(spread["five"], "倍", "λの散らばり（対数の標準偏差）、5分割", digits=1),
        "fresh_rows": Number(FRESH, "行", "取っておく行を増やしたとき", digits=0),
        "many_held_loss": Number(data.loss(by_fresh), "%", "損、40行で学び、1000行で選ぶ"),
        "fresh_gap": Number(fresh[at_five] / data.error[at_five] - 1, "%", "誤差、新しい1000行で測った値と式の値の差"),
        "one_default": Number(default, "%", "損、選ばずにλ=1"),
        "one_other_unit": Number(other_unit, "%", "損、選ばずにλ=1、yの単位を変えて値が10倍"),
        "width": Number(width, "%", "交差検証の2乗の誤差に対する、その標準誤差"),
        "mended_loss": Number(data.loss(mended), "%", "損、差の標準誤差に直した1標準誤差ルール"),
        "five_noise": Number(needless(data, chosen["five"]), "個", "残った効かない項目、5分割"),
        "rule_noise": Number(needless(data, chosen["rule"]), "個", "残った効かない項目、1標準誤差ルール"),
        "mended_noise": Number(needless(data, mended), "個", "残った効かない項目、差の標準誤差"),
        "hold_out_loses": Claim(loss["hold"], ">", loss["five"], 0.6, "損、ホールドアウトと5分割", 2),
        "one_gains_little": Claim(loss["five"] - loss["one"], "<", CLOSE, 0.6, "一つ抜きで減る損と1ポイント", 2),
        "rule_loses": Claim(loss["rule"], ">", loss["five"], 0.6, "損、1標準誤差ルールと5分割", 2),
        "pairing_mends": Claim(data.loss(mended), "<", loss["rule"], 0.6, "損、差の標準誤差と1標準誤差ルール", 2),
        "default_ruins": Claim(default, ">", loss["hold"], about="損、選ばずにλ=1とホールドアウト"),
        "regret": regret(loss),
        **worst(data, int(loss["hold"].argmax()), five),
    }


def needless(data: Tables, chosen: Iterable[float]) -> Floats:
    """How many of the features that do not matter are kept."""
    return np.array([np.sum(w[k, REAL:] != 0) for w, k in zip(data.w, data.place(chosen), strict=True)])


def regret(loss: dict[str, Floats]) -> Figure:
    return Figure(
        {"選び方ごとの損": {METHODS[name]: of_one for name, of_one in loss.items()}},
        title="5分割、10分割、一つ抜きは引き分け。離れているのは上と下",
        caption="点の一つが、くり返しの一回です。左端が、本当にいちばん良いλを引き当てた回です。"
        "ホールドアウトは左端の近くにも多いのに、大外れが混ざります。1標準誤差ルールは、全体が右へずれています。"
        "{{ choosing_lambda.rows }}の合成データ、L1、{{ choosing_lambda.repeats }}。右の数と下の線は、平均と標準誤差。",
        alt="横軸は損。5分割は平均{{ choosing_lambda.five_loss }}、10分割は{{ choosing_lambda.ten_loss }}、"
        "一つ抜きは{{ choosing_lambda.one_loss }}で、左に固まる。"
        "ホールドアウトは{{ choosing_lambda.hold_max }}まで散る。1標準誤差ルールは{{ choosing_lambda.rule_loss }}。",
    )


def worst(data: Tables, k: int, five: list[CVCurve]) -> dict[str, Result]:
    """The table on which the hold-out lost most: what it saw; and, rounded for the browser, the weights along λ."""
    X, y = (part.round(2) for part in data.rows[k])
    z, t = fit_standardization(X).apply(X), y - y.mean()
    along, left_out = lasso_many([(z, t)], GRID)[0], cv_curves([leave_out(X, y, 5)], lasso_many, GRID)[0]
    validation, at = np.sqrt(left_out.mean), int(np.searchsorted(GRID, CURSOR))
    w, low, high = along[at], *np.flatnonzero(validation <= (1 + FLAT) * validation.min())[[0, -1]]
    curve, about = five[k], "、λ=0.1、ホールドアウトがいちばん外した回の50行"
    found: dict[str, Result] = {
        "cursor": Number(CURSOR, "", "はじめの縦線のλ", digits=1),
        "worst_hold": Number(held_out([curve])[0], "", "選ばれたλ、ホールドアウト、いちばん外した回", digits=3),
        "worst_five": Number(curve.minimum(), "", "選ばれたλ、5分割、いちばん外した回", digits=3),
        "worst_best": Number(GRID[data.error[k].argmin()], "", "本当にいちばん良いλ、その回", digits=3),
        "flat": Number(FLAT, "%", "検証誤差の、いちばん小さい値からの増え", digits=0),
        "flat_low": Number(GRID[low], "", "増えがそこまでの、いちばん小さいλ", digits=3),
        "flat_high": Number(GRID[high], "", "増えがそこまでの、いちばん大きいλ", digits=3),
        "flat_low_zeros": Number(np.sum(along[low] == 0), "個", "そのいちばん小さいλで、ちょうど0の重み", digits=0),
        "flat_high_zeros": Number(np.sum(along[high] == 0), "個", "そのいちばん大きいλで、ちょうど0の重み", digits=0),
        "all_l1_zeros": Number(np.sum(w == 0), "個", f"ちょうど0の重み{about}", digits=0),
        "all_l1_norm": Number(np.linalg.norm(w), "", f"重みの長さ{about}", digits=3),
        "all_l1_training": Number(np.sqrt(np.square(t - z @ w).mean()), "", f"学習誤差（RMSE）{about}", digits=3),
        "all_l1_validation": Number(validation[at], "", f"5分割の検証誤差（RMSE）{about}", digits=3),
    }
    seen = {"ホールドアウト": np.sqrt(curve.errors[0]), "5分割": np.sqrt(curve.mean), "新しい行": data.error[k]}
    names = [f"効く{j + 1}" if j < REAL else f"効かない{j + 1 - REAL}" for j in range(FEATURES)]
    panel = {"method": "l1", "lambdas": GRID[SHOWN], "names": names, "cursor": CURSOR, "at_cursor": w, "zero": w == 0}
    found["valleys"] = Figure(
        {"いちばん外した回": {"x": GRID[SHOWN], "y": {name: of[SHOWN] for name, of in seen.items()}}},
        title="ホールドアウトの谷だけ、底の場所が違う",
        caption="「新しい行」が本当の谷です。ホールドアウトの底は、左の平らな所の{{ choosing_lambda.worst_hold }}。"
        "5分割は{{ choosing_lambda.worst_five }}、本当は{{ choosing_lambda.worst_best }}にあります。"
        "{{ choosing_lambda.repeats }}のうち、ホールドアウトがいちばん外した回。"
        "縦軸は誤差（RMSE、外れの2乗の平均の平方根）。",
        alt="横軸はλ、縦軸はRMSE。5分割と新しい行の谷底は近く、ホールドアウトの谷底だけが離れている。",
    )
    found["paths"] = Figure(
        {"L1": panel | {"coef": along[SHOWN].T}},
        title="検証誤差があまり動かないあいだにも、0の重みは増える",
        caption="λを動かして、表の検証誤差と0の重みを見比べてください。"
        "名前のある線が、本当に効く{{ choosing_lambda.real }}の重みです。"
        "縦軸は重みで、白丸一つが、ちょうど0の重み一つです。"
        "前の図と同じ{{ choosing_lambda.rows }}（小数第2位に丸めたもの）。検証誤差は5分割の交差検証です。"
        "はじめの縦線はλ＝{{ choosing_lambda.cursor }}。",
        alt="横軸はλ、縦軸は{{ choosing_lambda.features }}の重み。λを強くすると、"
        "効かない重みが先に次々と0になり、効く重みが遅れて縮む。",
        live=Live("penalty", {"X": X, "y": y, "folds": 5}, check="all"),
    )
    return found


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """1000 rows to choose by; the hold-out in place of five folds; nothing that matters; y in another unit."""
    seeds = tuple(seeds)
    (data, curves), none = shared(seeds), tables(seeds, real=0)
    no_real = none.curves(5)
    five, hold, one = (data.loss(of) for of in (smallest(curves[5]), held_out(curves[5]), smallest(curves[ROWS])))
    by_rule, mended = none.loss(rule(no_real)), none.loss([paired(curve) for curve in no_real])
    return {
        "hold_out_loses": Claim(data.loss(validated(seeds)[0]), ">", five, 0.6, margin=2),
        "one_gains_little": Claim(hold - one, "<", CLOSE, 0.6, margin=2),
        "rule_loses": Claim(by_rule, ">", none.loss(smallest(no_real)), 0.6, margin=2),
        "pairing_mends": Claim(mended, "<", by_rule, 0.6, margin=2),
        "default_ruins": Claim(data.loss([0.1] * len(seeds)), ">", hold),
    }


def draw_regret(ax: Any, data: Any) -> None:
    from figures import plot

    plot.strips(ax, data, 0, 40, "損（いちばん良いλとの差）、%", "%")


def draw_valleys(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.001, 2)
    plot.value_axis(ax, 1, 2.5, "RMSE")
    plot.curves(ax, data["x"], data["y"])


def draw_paths(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.001, 2)
    plot.value_axis(ax, -1, 2)
    plot.paths(ax, **data, primary=data["names"][:5])
