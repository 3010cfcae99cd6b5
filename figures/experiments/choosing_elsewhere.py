"""λの選び方の順位は、データが変わっても同じか。

データ: choosing_lambda と同じ作り方で、1000行に増やしたもの、20項目とも効かないもの。糖尿病データ442人
（figures/data/diabetes.md、150人で学び、残りの292人で測るのを、選びなおして40回）。L2では、同じ形の50行。
いちばん小さい例は、三つの数の平均を 1/(1+λ) 倍する見積もり。
解き方: L1は choosing_lambda と同じ。L2は 1/(2n)‖y−Xw‖² に λ/2‖w‖² を足した連立方程式を解く。L2では項目も y も
平均が0になる作り方なので、標準化も切片もしない。くり返しは400回、λは0.8倍（40/50）きざみ。
学びなおし: 選ばれたλで0にならなかった項目だけを、罰なしの最小二乗で解きなおす。損はL1のいちばん良いλと比べる。
標準誤差が表すのは、合成データでは引きなおしのばらつき、糖尿病データでは同じ442人からの選び方のばらつき。
出典: 既定値の λ=1 は scikit-learn の Lasso(alpha=1.0)。Meinshausen (2007), Comput. Stat. Data Anal. 52(1)。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from figures.experiments.choosing_lambda import FEATURES, GRID, REAL, ROWS, Tables, held_out, rule, smallest, tables
from figures.experiments.l1_vs_l2 import shuffled
from figures.models.choose_lambda import CVCurve
from figures.models.cross_validation import split
from figures.models.lasso_many import lasso_many
from figures.models.regression_data import Floats
from figures.results import Claim, Number, Result, Table

SEEDS = range(40)
MANY, TRAIN = 1000, 150  # rows; patients
WEAK = 0.5  # the weight of the features that matter, in place of 1
WIDE = 10 * GRID  # λ for diabetes, whose y has a larger unit: 0.01 to 100


def patients(seeds: Iterable[int]) -> Tables:
    """Diabetes: 150 to learn from; the error on the other 292."""
    drawn = [shuffled(seed) for seed in seeds]
    splits = [split(X, y, TRAIN) for X, y in drawn]
    w = lasso_many([(t.X, t.y) for t in splits], WIDE)
    error = np.array([np.sqrt(t.squared_errors(v).mean(axis=0)) for t, v in zip(splits, w, strict=True)])
    return Tables([(X[:TRAIN], y[:TRAIN]) for X, y in drawn], w, error, WIDE)


@cache  # the falsifier asks again
def shared(seeds: tuple[int, ...]) -> dict[str, tuple[Tables, list[CVCurve]]]:
    """Tables of every kind, and their errors by cross-validation with 5 folds."""
    kinds = {
        "many": tables(seeds, MANY),
        "none": tables(seeds, real=0),
        "sick": patients(seeds),
        "same": tables(seeds),
        "weak": tables(seeds, weight=WEAK),
    }
    return {kind: (data, data.curves(5)) for kind, data in kinds.items()}


def learnt_again(data: Tables, chosen: list[float], weight: float = 1.0) -> Floats:
    """The loss when the features that λ keeps are fitted anew, by least squares (relaxed lasso with φ = 0)."""
    true, error = np.repeat([weight, 0.0], [REAL, FEATURES - REAL]), []
    for (X, y), w, k in zip(data.rows, data.w, data.place(chosen), strict=True):
        b, *again = np.linalg.lstsq(np.column_stack([np.ones(len(y)), X * (w[k] != 0)]), y)[0]
        error.append(np.sqrt(1 + np.sum((again - true) ** 2) + b**2))
    return np.asarray(error / data.error.min(axis=1) - 1)


def with_numpy_alone() -> tuple[Floats, Floats, Floats]:
    """L2 with nothing but NumPy: the losses of the hold-out, of five folds, and of five folds' nλ kept, as shares."""
    # region by_hand
    import numpy as np

    lambdas = 0.8 ** np.arange(-10, 33)  # from 9.3 to 0.0008
    losses = []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        X, true = rng.standard_normal((50, 20)), np.repeat([1.0, 0.0], [5, 15])
        y = X @ true + rng.standard_normal(50)
        fold, errors = np.arange(50) % 5, []
        for k in range(6):  # there is no fold 5: the last turn learns from all rows
            Z, t = X[fold != k], y[fold != k]
            A = Z.T @ Z / len(t) + lambdas[:, None, None] * np.eye(20)
            w = np.linalg.solve(A, (Z.T @ t / len(t))[:, None])[..., 0]  # one row for each λ
            if k < 5:
                errors.append(np.mean((y[fold == k] - w @ X[fold == k].T) ** 2, axis=1))
        fresh = np.sqrt(1 + np.sum((w - true) ** 2, axis=1))
        one_fold, five = (np.argmin(cv[:-1]) for cv in (errors[0], np.mean(errors, axis=0)))
        kept = five + 1  # the next λ is 40/50 of it: the same n*λ as when 40 rows were learnt
        losses.append([fresh[k] / fresh.min() - 1 for k in (one_fold, five, kept)])
    print("損の平均: ホールドアウト {:.1%}、5分割 {:.2%}、alphaのまま {:.2%}".format(*np.mean(losses, axis=0)))
    # endregion
    by_one_fold, by_five, alpha_kept = np.array(losses).T
    return by_one_fold, by_five, alpha_kept


def three_weeks() -> tuple[Floats, float]:
    """ŵ = mean/(1+λ) of the weeks 3, 1, 2: the λ that each week alone would choose, and that of all in turn."""
    y = np.array([3.0, 1.0, 2.0])
    others = (y.sum() - y) / 2
    each, together = y / others, y @ others / (others @ others)  # 1/(1+λ) of the smallest squared error
    return 1 / np.minimum(1, each) - 1, float(1 / together - 1)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    kinds = shared(seeds)
    (sick, sick_curves), (same, same_curves), (weak, weak_curves) = (kinds[kind] for kind in ("sick", "same", "weak"))
    at_1, at_10 = (sick.loss([lam] * len(seeds)) for lam in (1.0, 10.0))
    by_rule, by_five, weak_rule = rule(same_curves), smallest(same_curves), rule(weak_curves)
    again, kept = learnt_again(same, by_rule), [w[k, :REAL] for w, k in zip(same.w, same.place(by_rule), strict=True)]
    (hold, five, alpha_kept), (weeks, in_turn) = with_numpy_alone(), three_weeks()
    found: dict[str, Result] = {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "week_1": Number(weeks[0], "", "三週間の例、1週目だけで選ぶλ", digits=0),
        "week_2": Number(weeks[1], "", "三週間の例、2週目だけで選ぶλ", digits=1),
        "week_3": Number(weeks[2], "", "三週間の例、3週目だけで選ぶλ", digits=0),
        "in_turn": Number(in_turn, "", "三週間の例、順に外して選ぶλ", digits=3),
        "default": Number(1, "", "選ばずに決めたλ", digits=0),
        "unit": Number(10, "倍", "単位を変えたときの、yの値", digits=0),
        "learnt": Number(ROWS - ROWS // 5, "行", "5分割で、組を一つ外した残り", digits=0),
        "many": Number(MANY, "行", "学習の行を増やしたとき", digits=0),
        "patients": Number(TRAIN, "人", "糖尿病データで学習に使う人数", digits=0),
        "sick_default": Number(at_1, "%", "損、選ばずにλ=1、糖尿病データ"),
        "sick_other_unit": Number(at_10, "%", "損、選ばずにλ=1、yの値を10分の1にした糖尿病データ"),
        "rule_again": Number(again, "%", "損、1標準誤差ルールで残った項目を罰なしで学びなおす"),
        "five_again": Number(learnt_again(same, by_five), "%", "損、5分割の最小で残った項目を罰なしで学びなおす"),
        "weak": Number(WEAK, "", "効く重みを小さくしたとき", digits=1),
        "weak_again": Number(learnt_again(weak, weak_rule, WEAK), "%", "損、1標準誤差ルールから学びなおす、重み0.5"),
        "weak_five": Number(weak.loss(smallest(weak_curves)), "%", "損、5分割、重み0.5"),
        "hand_repeats": Number(len(hold), "回", "L2のくり返し", digits=0),
        "hand_hold": Number(hold, "%", "損、ホールドアウト、L2"),
        "hand_five": Number(five, "%", "損、5分割、L2"),
        "hand_kept": Number(alpha_kept, "%", "損、5分割、L2、40行で選んだ nλ を50行でも使う"),
        "hand_gain": Number(five - alpha_kept, "ポイント", "λを使う損から、nλ を使う損を引いた差"),
    }
    for name, where in (("many", "1000行"), ("none", "効く項目なし"), ("sick", "糖尿病データ")):
        data, curves = kinds[name]
        for method, about, of_one in (
            ("hold", "ホールドアウト", held_out),
            ("five", "5分割", smallest),
            ("rule", "1標準誤差ルール", rule),
        ):
            found[f"{name}_{method}"] = Number(data.loss(of_one(curves)), "%", f"損、{about}、{where}")
    chosen = sick.loss(smallest(sick_curves))
    return found | {
        "default_wins": Claim(at_1, "<", chosen, 0.5, "損、選ばずにλ=1と5分割、糖尿病データ", 2),
        "rule_keeps_real": Claim([np.sum(w != 0) for w in kept], "==", REAL, about="1標準誤差ルールで残った効く項目"),
        "again_wins": Claim(again, "<", same.loss(by_five), 0.6, "損、ルールから学びなおすのと5分割の最小", 2),
        "places": Table(
            ["", "ホールドアウト", "5分割", "1標準誤差"],
            {
                "行を増やす": ["many_hold", "many_five", "many_rule"],
                "効く項目なし": ["none_hold", "none_five", "none_rule"],
                "糖尿病データ": ["sick_hold", "sick_five", "sick_rule"],
            },
            "データを替えたときの損。小さいほど良い。±は標準誤差。",
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Diabetes with y in another unit, the values a tenth, so that λ = 1 is what 10 was; weights of one half."""
    seeds = tuple(seeds)
    (sick, sick_curves), (weak, weak_curves) = (shared(seeds)[kind] for kind in ("sick", "weak"))
    chosen, by_rule, by_five = sick.loss(smallest(sick_curves)), rule(weak_curves), smallest(weak_curves)
    kept = [np.sum(w[k, :REAL] != 0) for w, k in zip(weak.w, weak.place(by_rule), strict=True)]
    return {
        "default_wins": Claim(sick.loss([10.0] * len(seeds)), "<", chosen, 0.5, margin=2),
        "rule_keeps_real": Claim(kept, "==", REAL),
        "again_wins": Claim(learnt_again(weak, by_rule, WEAK), "<", weak.loss(by_five), 0.6, margin=2),
    }
