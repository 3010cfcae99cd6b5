"""L1は、要らない重みを0にするのか。

データ: 互いに無関係な50項目のうち5個だけが効く合成データ。その重みも雑音の標準偏差も1（figures/data/synthetic.py）。
ほかに、重みの2乗の和を変えずに、50項目すべてに等しく配ったデータ。
100行で学習し、別の1000行で試す。種ごとに引きなおす。
解き方: 1/(2n)‖y−Xw‖² に、L1は λ‖w‖₁、L2は λ/2‖w‖² を足して最小にする。標準化は学習の行だけで決め、切片は罰しない。
λは、どちらも同じ格子と同じ5分割の交差検証で選ぶ。
出典: 選びそこなう証明は Meinshausen & Bühlmann (2006), Ann. Statist. 34(3), 命題1。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np

from figures.data.synthetic import sparse_linear
from figures.models.choose_lambda import CVCurve
from figures.models.cross_validation import Split, cv_curves, leave_out, split
from figures.models.lasso_many import lasso_many
from figures.models.least_squares import least_squares
from figures.models.regression_data import Floats
from figures.models.ridge import ridge, ridge_many
from figures.results import Claim, Number, Result

SEEDS = range(20)
GRID = 10.0 ** (np.arange(-32, 17) / 8)  # the λ to choose from, 0.0001 to 100
N_ROWS, N_FEATURES, N_REAL = 100, 50, 5  # rows to learn from, features, those that matter
N_TEST, FOLDS = 1000, 5
SPREAD = (N_REAL / N_FEATURES) ** 0.5  # the weight if all features share the same Σ w²
Table: TypeAlias = tuple[Split, Floats]  # with the true weights
Choice: TypeAlias = Callable[[CVCurve], float]  # of λ


class Selection(NamedTuple):
    """What L1 keeps of the features that matter and of the others, zeros of L2, test errors; a value a repetition."""

    real: Floats
    false: Floats
    l2_zeros: Floats
    none_error: Floats
    l1_error: Floats
    l2_error: Floats


@cache  # the falsifier asks again, and so does another way to choose λ
def tables(seeds: tuple[int, ...], n_real: int, weight: float) -> tuple[list[Table], list[CVCurve], list[CVCurve]]:
    """Rows to learn from and others for the test, and the errors of L1 and of L2 by cross-validation on the former."""
    data = [sparse_linear(seed, N_ROWS + N_TEST, N_FEATURES, n_real, weight) for seed in seeds]
    folds = [leave_out(X[:N_ROWS], y[:N_ROWS], FOLDS) for X, y, _ in data]
    l1, l2 = (cv_curves(folds, many, GRID) for many in (lasso_many, ridge_many))
    return [(split(X, y, N_ROWS), truth) for X, y, truth in data], l1, l2


def selected(
    seeds: Iterable[int], choose_l1: Choice = CVCurve.minimum, n_real: int = N_REAL, weight: float = 1.0
) -> Selection:
    """Train on rows of which ``n_real`` features matter, test on others; λ by cross-validation."""
    data, l1_curves, l2_curves = tables(tuple(seeds), n_real, weight)
    l1, rows = lasso_many([(t.X, t.y) for t, _ in data], GRID), []
    for (t, truth), path, l1_curve, l2_curve in zip(data, l1, l1_curves, l2_curves, strict=True):
        w1, w2 = path[np.searchsorted(GRID, choose_l1(l1_curve))], ridge(t.X, t.y, l2_curve.minimum())[0]
        errors = [t.rmse(w) for w in (least_squares(t.X, t.y), w1, w2)]
        rows.append(((w1 != 0)[truth != 0].sum(), (w1 != 0)[truth == 0].sum(), (w2 == 0).sum(), *errors))
    return Selection(*np.array(rows).T)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    sparse, dense = selected(seeds), selected(seeds, n_real=N_FEATURES, weight=SPREAD)
    cautious = selected(seeds, CVCurve.one_standard_error)
    perfect, cautious_perfect = ((s.real == N_REAL) & (s.false == 0) for s in (sparse, cautious))
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "rows": Number(N_ROWS, "行", "学習の行", digits=0),
        "features": Number(N_FEATURES, "個", "項目の数", digits=0),
        "real": Number(N_REAL, "個", "効く項目の数", digits=0),
        "noise": Number(N_FEATURES - N_REAL, "個", "効かない項目の数", digits=0),
        "false_kept": Number(sparse.false, "個", "効かない45項目のうち、L1が残した数"),
        "perfect": Number(np.sum(perfect), "回", "効く5項目だけを残せた回数", digits=0),
        "cautious_false_kept": Number(cautious.false, "個", "効かない45項目のうち、L1が残した数、1標準誤差ルール"),
        "cautious_perfect": Number(
            np.sum(cautious_perfect), "回", "効く5項目だけを残せた回数、1標準誤差ルール", digits=0
        ),
        "l2_zeros": Number(sparse.l2_zeros, "個", "50項目のうち、L2が0にした数"),
        "none_error": Number(sparse.none_error, "", "テスト誤差（RMSE）、正則化なし"),
        "l1_error": Number(sparse.l1_error, "", "テスト誤差（RMSE）、L1"),
        "l2_error": Number(sparse.l2_error, "", "テスト誤差（RMSE）、L2"),
        "dense_none_error": Number(dense.none_error, "", "テスト誤差（RMSE）、正則化なし、すべてが効くデータ"),
        "dense_l1_error": Number(dense.l1_error, "", "テスト誤差（RMSE）、L1、すべてが効くデータ"),
        "dense_l2_error": Number(dense.l2_error, "", "テスト誤差（RMSE）、L2、すべてが効くデータ"),
        "l2_wins": Claim(dense.l2_error, "<", dense.l1_error, about="テスト誤差、L2とL1、すべてが効くデータ"),
        "l1_wins": Claim(sparse.l1_error, "<", sparse.l2_error, about="テスト誤差、L1とL2"),
        "l1_keeps_noise": Claim(sparse.false, ">", 0, 0.9, "効かない項目を残した数、L1"),
        "l1_keeps_real": Claim(sparse.real, "==", N_REAL, about="効く項目を残した数、L1"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """All features matter, or few; λ is so large that none is kept; what matters is weak."""
    seeds = list(seeds)
    sparse, dense = selected(seeds), selected(seeds, n_real=N_FEATURES, weight=SPREAD)
    crushed, weak = selected(seeds, lambda _: 100), selected(seeds, weight=0.1)
    return {
        "l1_wins": Claim(dense.l1_error, "<", dense.l2_error),
        "l2_wins": Claim(sparse.l2_error, "<", sparse.l1_error),
        "l1_keeps_noise": Claim(crushed.false, ">", 0, 0.9),
        "l1_keeps_real": Claim(weak.real, "==", N_REAL),
    }
