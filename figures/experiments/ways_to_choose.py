"""λは、どの方法で選ぶのがよいのか。

データ: 互いに無関係な50項目のうち5個だけが効く合成データ。その重みも雑音の標準偏差も1（figures/data/synthetic.py）。
100行で学習し、別の1000行で試す。種ごとに引きなおす。
解き方: 1/(2n)‖y−Xw‖² に λ‖w‖₁ を足して最小にする。一つ抜き交差検証だけは λ/2‖w‖²。つまみ二つの比べでは、
λ‖w‖₁ に λ₂/2‖w‖² も足す。標準化は学習の行だけで決め、切片は罰しない。
損は、49個のλのうち試す行でいちばん良いもの（実際には分からない）より、テスト誤差（RMSE）が何%大きいか。
つまみ二つの格子は、端から端までの位置を種ごとにずらす。
逐次半減法は、学習に使う行を倍にしながら候補を半分にする。手間は、学習した行の合計。
出典: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, 3.4.3節。
Bergstra & Bengio (2012), J. Mach. Learn. Res. 13。Jamieson & Talwalkar (2016), AISTATS。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from figures.data.synthetic import sparse_linear
from figures.models.choose_lambda import CVCurve
from figures.models.cross_validation import Split, cv_curves, split
from figures.models.folds import k_folds
from figures.models.lasso_many import lasso_many
from figures.models.leave_one_out import leave_one_out
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.search import log_grid, log_uniform, successive_halving, try_all
from figures.results import Claim, Number, Result

SEEDS = range(20)
GRID = 10.0 ** (np.arange(-32, 17) / 8)  # the λ to choose from, 0.0001 to 100
DECADE = 8  # every eighth of them is ten times the one before
ROWS, TEST_ROWS, FOLDS, LEARN = 100, 1000, 5, 80
PRESSES = 10  # ways to put the same rows into folds
SIDE, ENDS, ENDS_2 = 4, (0.001, 10.0), (0.0001, 1.0)  # of the square grid; ends of λ and λ₂
HALVED, ROUNDS, TOO_FEW, ENOUGH = 16, 4, 5, 10  # candidates, rounds, rows of the first round
DRAWN = 6  # λ alone, as many as the grid has powers of ten


class Problem(NamedTuple):
    """Rows to learn from; the same beside the test rows; the smallest test error (RMSE) on the grid."""

    X: Floats
    y: Floats
    whole: Split
    least: float

    def loss(self, w: Floats) -> float:
        """By what share the test error is larger than the smallest one."""
        return float(np.round(self.whole.rmse(w) / self.least - 1, 9))

    def folds(self, n_learn: int = LEARN) -> list[Split]:
        """Cross-validation that learns from the first rows outside each fold."""
        fold = k_folds(ROWS, FOLDS)
        orders = [np.append(np.flatnonzero(fold != k)[:n_learn], np.flatnonzero(fold == k)) for k in range(FOLDS)]
        return [split(self.X[order], self.y[order], n_learn) for order in orders]

    def error(self, lambdas: Floats, n_learn: int = LEARN) -> Floats:
        """Mean squared error by cross-validation: (n_lambdas,)."""
        return np.asarray(self.errors(lambdas, np.zeros(1), n_learn)[0])

    def errors(self, l1: Floats, l2: Floats, n_learn: int = LEARN) -> Floats:
        """The same at every λ and every λ₂: (n_l2, n_l1)."""
        each = self.folds(n_learn) * len(l2)
        w = lasso_many([(fold.X, fold.y) for fold in each], l1, np.repeat(l2, FOLDS))
        found = [fold.squared_errors(of_fold).mean(axis=0) for fold, of_fold in zip(each, w, strict=True)]
        return np.asarray(np.reshape(found, (len(l2), FOLDS, len(l1))).mean(axis=1))

    def pressed(self, turn: int) -> list[Split]:
        """Cross-validation with the rows in other folds."""
        order = np.random.default_rng(turn).permutation(ROWS)
        return self._replace(X=self.X[order], y=self.y[order]).folds()

    def paired(self, seed: int, lottery: bool) -> float:
        """The loss of the best of 16 pairs (λ, λ₂): drawn, or on a grid of 4×4 whose place is drawn."""
        if lottery:
            l1, l2 = (log_uniform(2 * seed + k, *ends, SIDE**2) for k, ends in enumerate((ENDS, ENDS_2)))
            pairs = [(k, k) for k in range(SIDE**2)]
        else:
            grids = [log_grid(*ends, SIDE + 1) for ends in (ENDS, ENDS_2)]
            place = np.random.default_rng(seed).random(2)
            l1, l2 = (grid[:-1] * (grid[1] / grid[0]) ** u for grid, u in zip(grids, place, strict=True))
            pairs = [(i, k) for i in range(SIDE) for k in range(SIDE)]
        errors = self.errors(l1, l2)
        _, lam, b = min((errors[k, i], l1[i], l2[k]) for i, k in pairs)
        return self.loss(lasso_many([(self.whole.X, self.whole.y)], [lam], b)[0, 0])

    def left_out(self, copies: int) -> tuple[float, float]:
        """L2 with λ by leave-one-out, every row being there so often: the error (RMSE) seen, and on test rows."""
        X, y = np.tile(self.whole.X, (copies, 1)), np.tile(self.whole.y, copies)
        errors = np.square(leave_one_out(X, y, GRID)).mean(axis=0)
        return float(np.sqrt(errors.min())), self.whole.rmse(ridge(X, y, GRID[errors.argmin()])[0])


def problems(seeds: Iterable[int]) -> list[Problem]:
    found = []
    for seed in seeds:
        X, y, _ = sparse_linear(seed, ROWS + TEST_ROWS)
        t = split(X, y, ROWS)
        errors = t.squared_errors(lasso_many([(t.X, t.y)], GRID)[0]).mean(axis=0)
        found.append(Problem(X[:ROWS], y[:ROWS], t, float(np.sqrt(errors.min()))))
    return found


def curves_of(splits: list[list[Split]]) -> list[CVCurve]:
    return cv_curves(splits, lasso_many, GRID)


def outcomes(data: list[Problem], chosen: Iterable[float]) -> Floats:
    """Losses, and how many weights are not 0: (2, n_seeds)."""
    lambdas, places = np.unique(np.fromiter(chosen, float), return_inverse=True)
    solved = lasso_many([(one.whole.X, one.whole.y) for one in data], lambdas)
    fitted = [(one, w[k]) for one, w, k in zip(data, solved, places, strict=True)]
    return np.array([(one.loss(w), (w != 0).sum()) for one, w in fitted], dtype=float).T


def every(data: list[Problem]) -> Floats:
    """λ, when all 16 learn from all rows: (n_seeds,)."""
    return np.array([try_all(one.error, log_grid(*ENDS, HALVED), LEARN).chosen for one in data])


def drawn(data: list[Problem], seeds: Iterable[int]) -> Floats:
    """λ, the best of six that were drawn: (n_seeds,)."""
    draws = [log_uniform(seed, float(GRID[0]), float(GRID[-1]), DRAWN) for seed in seeds]
    return np.array([try_all(one.error, of_one, LEARN).chosen for one, of_one in zip(data, draws, strict=True)])


def halved(data: list[Problem], first: int) -> Floats:
    """The λ left of 16, each of which has so many rows in the first round: (n_seeds,)."""
    budget, grid = HALVED * ROUNDS * first, log_grid(*ENDS, HALVED)
    return np.array([successive_halving(one.error, grid, budget, LEARN).chosen for one in data])


class Shared(NamedTuple):
    """What both ``run`` and ``falsify`` ask for."""

    data: list[Problem]
    curves: list[CVCurve]  # of cross-validation
    five: Floats  # its losses, and how many weights it keeps: (n_seeds,)
    kept: Floats
    held: Floats  # losses by hold-out
    full: Floats  # λ of ``every``
    lottery: Floats  # losses by ``drawn``
    left_out: Floats  # (2, n_seeds), with every row once


@cache
def shared(seeds: tuple[int, ...]) -> Shared:
    data = problems(seeds)
    curves, held_out = curves_of([one.folds() for one in data]), curves_of([one.folds()[:1] for one in data])
    five, kept = outcomes(data, [curve.minimum() for curve in curves])
    held, _ = outcomes(data, [curve.minimum() for curve in held_out])
    lottery, _ = outcomes(data, drawn(data, seeds))
    return Shared(data, curves, five, kept, held, every(data), lottery, np.array([one.left_out(1) for one in data]).T)


def coarse(data: list[Problem], curves: list[CVCurve]) -> Floats:
    """Losses with one candidate for each power of ten, for all eight places of the first: (n_seeds, 8)."""
    found = []
    for k in range(DECADE):
        parts = [CVCurve(GRID[k::DECADE], curve.errors[:, k::DECADE], curve.sizes) for curve in curves]
        found.append(outcomes(data, [part.minimum() for part in parts])[0])
    return np.array(found).T


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    data, curves, five, kept, held, full, lottery, (once, _) = shared(seeds)
    on_training = curves_of([[one.whole._replace(X_test=one.whole.X, y_test=one.whole.y)] for one in data])
    turns = curves_of([one.pressed(turn) for one in data for turn in range(PRESSES)])
    rule, rule_kept = outcomes(data, [curve.one_standard_error() for curve in curves])
    training, _ = outcomes(data, [curve.minimum() for curve in on_training])
    pressed = np.array([curve.minimum() for curve in turns]).reshape(-1, PRESSES)
    moved = np.array([outcomes(data, turn)[0] for turn in pressed.T]).T
    decade = coarse(data, curves)
    short, enough = halved(data, TOO_FEW), halved(data, ENOUGH)
    square, lottery_2 = (
        np.array([one.paired(seed, way) for seed, one in zip(seeds, data, strict=True)]) for way in (False, True)
    )
    twice, tested = np.array([one.left_out(2) for one in data]).T
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "rows": Number(ROWS, "行", "学習の行", digits=0),
        "real": Number(5, "個", "効く項目の数", digits=0),
        "candidates": Number(len(GRID), "個", "λの候補", digits=0),
        "folds": Number(FOLDS, "組", "交差検証の組の数", digits=0),
        "five_loss": Number(five, "%", "損、5分割の交差検証"),
        "five_kept": Number(kept, "個", "0でない重み、5分割の交差検証"),
        "rule_loss": Number(rule, "%", "損、1標準誤差ルール"),
        "rule_kept": Number(rule_kept, "個", "0でない重み、1標準誤差ルール"),
        "held_loss": Number(held, "%", "損、ホールドアウト（5組のうち1組だけで測る）"),
        "held_worse": Number(np.sum(held > five), "回", "ホールドアウトの損が5分割より大きかった回数", digits=0),
        "training_loss": Number(training, "%", "損、学習誤差でλを選ぶ"),
        "presses": Number(PRESSES, "回", "組に分けなおした回数", digits=0),
        "pressed_ratio": Number(pressed.max(axis=1) / pressed.min(axis=1), "倍", "10回で選ばれたλの、最大と最小の比"),
        "pressed_range": Number(np.ptp(moved, axis=1), "%", "損、10回の最大と最小の差"),
        "decade_best": Number(decade.min(axis=1), "%", "損、10倍きざみの格子、いちばん良い位置"),
        "decade_loss": Number(decade.mean(axis=1), "%", "損、10倍きざみの格子、8通りの位置の平均"),
        "decade_worst": Number(decade.max(axis=1), "%", "損、10倍きざみの格子、いちばん悪い位置"),
        "drawn": Number(DRAWN, "個", "くじで引いたλの数", digits=0),
        "lottery_loss": Number(lottery, "%", "損、λだけをくじで6個"),
        "pairs": Number(SIDE**2, "組", "λとλ₂の組の数", digits=0),
        "side": Number(SIDE, "通り", "つまみ二つの格子で試せる、λの値", digits=0),
        "square_loss": Number(square, "%", "損、つまみ二つ、4×4の格子"),
        "lottery_2_loss": Number(lottery_2, "%", "損、つまみ二つ、くじで16組"),
        "halved": Number(HALVED, "個", "半分にしていくλの候補", digits=0),
        "full_cost": Number(HALVED * LEARN, "行", "16個すべてを80行で試す手間", digits=0),
        "full_loss": Number(outcomes(data, full)[0], "%", "損、16個すべてを80行で試す"),
        "short_rows": Number(TOO_FEW, "行", "最初の回の行、少なすぎるとき", digits=0),
        "short_cost": Number(HALVED * ROUNDS * TOO_FEW, "行", "半減の手間、5行から", digits=0),
        "short_loss": Number(outcomes(data, short)[0], "%", "損、半減、5行から"),
        "short_ratio": Number(short / full, "倍", "残ったλと、16個すべてを試して選んだλの比、5行から"),
        "enough_rows": Number(ENOUGH, "行", "最初の回の行、増やしたとき", digits=0),
        "enough_cost": Number(HALVED * ROUNDS * ENOUGH, "行", "半減の手間、10行から", digits=0),
        "enough_loss": Number(outcomes(data, enough)[0], "%", "損、半減、10行から"),
        "once_seen": Number(once, "", "一つ抜き交差検証の誤差（RMSE）、L2"),
        "twice_seen": Number(twice, "", "一つ抜き交差検証の誤差（RMSE）、L2、どの行も2回ずつある"),
        "twice_tested": Number(tested, "", "テスト誤差（RMSE）、L2、どの行も2回ずつある"),
        "training_is_worse": Claim(training, ">", five, about="損、学習誤差で選ぶときと5分割の交差検証"),
        "rule_keeps_fewer": Claim(rule_kept, "<", kept, 0.9, "0でない重み、1標準誤差ルールといちばん小さい誤差"),
        "short_picks_larger": Claim(short, ">", full, 0.9, "λ、半減（5行から）と16個すべて"),
        "lottery_wins_two": Claim(lottery_2, "<", square, 0.6, "損、つまみ二つ、くじと格子", 2),
        "copies_flatter": Claim(twice, "<", 0.8 * tested, 0.9, "一つ抜き交差検証の誤差とテスト誤差の8割"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Rows that were left out choose λ; the rule without its standard error; many rows first; one λ; no copies."""
    data, curves, five, kept, held, full, lottery, (once, tested) = shared(tuple(seeds))
    late = halved(data, LEARN // 2)
    return {
        "training_is_worse": Claim(held, ">", five),
        "rule_keeps_fewer": Claim(kept, "<", kept, 0.9),
        "short_picks_larger": Claim(late, ">", full, 0.9),
        "lottery_wins_two": Claim(lottery, "<", coarse(data, curves).mean(axis=1), 0.6, margin=2),
        "copies_flatter": Claim(once, "<", 0.8 * tested, 0.9),
    }
