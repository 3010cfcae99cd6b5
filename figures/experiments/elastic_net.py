"""特徴が五つ子だったら、どの重みが残るのか。

データ: 20項目のうち、はじめの5個がそっくり（相関0.99）で、どれも本当の重みは1、残りの15個は効かない合成データ
（figures/data/synthetic.py）。雑音の標準偏差は3。100行で学習し、別の1000行で試す。種ごとに引きなおす。
標準化は学習の行だけで決め、切片は罰しない。
解き方: 1/(2n)‖y−Xw‖² に λ1‖w‖₁ と λ2/2‖w‖² を足して最小にする。λ2=0がL1。反復はせず、折れ線の経路で解く。
λ1は、どれも同じ格子と同じ5分割の交差検証で選ぶ。倍率は解に掛ける数で、選ぶときから掛けておく。
λ2ははじめの40種の結果を見て、L1の最良の倍率はそのテスト誤差で決めた。どちらも追試の100種は見ていない。
出典: Zou & Hastie (2005), J. R. Stat. Soc. B 67(2)。似た項目の差は定理1、1+λ2 倍は3.2節。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np

from figures.data.synthetic import twins
from figures.models.cross_validation import Split, cv_curves, leave_out, split
from figures.models.elastic_net import elastic_net_many
from figures.models.regression_data import Floats
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(40)
MANY = range(1000, 1100)  # the headlines once more, with other seeds
GRID, FINER = 10.0 ** (np.arange(-24, 9) / 8), 10.0 ** (np.arange(-96, 33) / 32)  # the λ1 to choose from
FOLDS, N_TEST, N_TWINS, N_OTHERS = 5, 1000, 5, 15
LITTLE, MUCH = 0.05, 0.3  # λ2
FACTOR = 1 + MUCH
STRETCHES = (1.1, 1.2, FACTOR, 1.4, 1.5, 1.6)  # of L1, which has no factor of its own


class Setting(NamedTuple):
    """How alike the twins are, σ, the rows to learn from, and the true weights of the twins."""

    rho: float = 0.99
    noise: float = 3.0
    rows: int = 100
    truth: tuple[float, ...] = (1.0,) * N_TWINS

    def tables(self, seeds: Iterable[int]) -> list[tuple[Floats, Floats]]:
        """X and y of each seed: the rows to learn from, then those for the test."""
        drawn = [twins(seed, self.rows + N_TEST, rho=self.rho, noise=self.noise) for seed in seeds]
        return [(X, y + X[:, :N_TWINS] @ (np.array(self.truth) - 1)) for X, y, _ in drawn]


FIRST = Setting()


class Fitted(NamedTuple):
    """The chosen λ1, all weights (n_seeds, 20), the test error (RMSE), the split of each seed."""

    lam: Floats
    w: Floats
    error: Floats
    splits: list[Split]

    def kept(self) -> Floats:
        """How many twins stay: (n_seeds,)."""
        return np.asarray((self.w[:, :N_TWINS] != 0).sum(axis=1))

    def others(self) -> Floats:
        """How many of the others stay: (n_seeds,)."""
        return np.asarray((self.w[:, N_TWINS:] != 0).sum(axis=1))


@lru_cache(2)  # every λ2 asks again, for the first seeds and for MANY
def drawn(seeds: tuple[int, ...], at: Setting) -> tuple[list[list[Split]], list[Split]]:
    """The folds of the rows to learn from, and these rows with those for the test, of each seed."""
    data = at.tables(seeds)
    folds = [leave_out(X[: at.rows], y[: at.rows], FOLDS) for X, y in data]
    return folds, [split(X, y, at.rows) for X, y in data]


@cache  # every factor asks again, and so does the falsifier
def solved(seeds: tuple[int, ...], l2: float, at: Setting, grid: tuple[float, ...]) -> tuple[Floats, Floats]:
    """All solutions, (n_problems, n_lambdas, 20): without each fold, and of all rows to learn from."""
    folds, splits = drawn(seeds, at)
    without, every = (
        elastic_net_many([(t.X, t.y) for t in some], grid, l2) for some in ([t for of in folds for t in of], splits)
    )
    return without, every


def fitted(seeds: Iterable[int], l2: float, at: Setting = FIRST, factor: float = 1.0, grid: Floats = GRID) -> Fitted:
    """λ1 by cross-validation; the solution is multiplied by ``factor``, in the choice as well."""
    seeds = tuple(seeds)
    (folds, splits), (without, every) = drawn(seeds, at), solved(seeds, l2, at, tuple(grid))
    lam = np.array([curve.minimum() for curve in cv_curves(folds, lambda *_: factor * without, grid)])
    w = factor * every[np.arange(len(seeds)), np.searchsorted(grid, lam)]
    return Fitted(lam, w, np.array([t.rmse(v) for t, v in zip(splits, w, strict=True)]), splits)


def stretched_only(net: Fitted) -> Floats:
    """The test error of ``FACTOR`` times the same solution, with the λ1 that was chosen without: (n_seeds,)."""
    return np.array([t.rmse(FACTOR * w) for t, w in zip(net.splits, net.w, strict=True)])


def promised(net: Fitted, l2: float) -> tuple[Floats, Floats]:
    """|w_i - w_j| and Theorem 1 in our scaling, √(2 (1 - r_ij)) √(‖y‖²/n) / λ2: (n_seeds, n_pairs) each."""
    i, j = np.triu_indices(N_TWINS, 1)
    r = np.array([(t.X.T @ t.X / len(t.X))[i, j] for t in net.splits])
    size = np.array([np.sqrt(np.square(t.y).mean()) for t in net.splits])
    return np.abs(net.w[:, i] - net.w[:, j]), np.sqrt(2 * (1 - r)) * size[:, None] / l2


def again(net: Fitted) -> Floats:
    """Of the twins kept with one seed, the share that is kept with the next one too: (n_seeds - 1,)."""
    kept = net.w[:, :N_TWINS] != 0
    return np.asarray((kept[:-1] & kept[1:]).sum(axis=1) / kept[:-1].sum(axis=1))


def constants() -> dict[str, Result]:
    return {
        "repeats": Number(len(SEEDS), "か月", "くり返し。種を変えて引いた、別の月", digits=0),
        "many": Number(len(MANY), "か月", "追試のくり返し", digits=0),
        "twins": Number(N_TWINS, "個", "そっくりな項目の数", digits=0),
        "n_others": Number(N_OTHERS, "個", "効かない項目の数", digits=0),
        "rows": Number(FIRST.rows, "行", "学習の行", digits=0),
        "test": Number(N_TEST, "行", "試す行", digits=0),
        "rho": Number(FIRST.rho, "", "そっくりな項目どうしの相関", digits=2),
        "noise": Number(FIRST.noise, "", "雑音の標準偏差", digits=0),
        "truth": Number(1, "", "そっくりな項目の、本当の重み", digits=0),
        "folds": Number(FOLDS, "組", "交差検証の組の数", digits=0),
        "low": Number(GRID[0], "", "λ1の候補、いちばん小さい値", digits=3),
        "high": Number(GRID[-1], "", "λ1の候補、いちばん大きい値", digits=0),
        "grid": Number(len(GRID), "個", "λ1の候補の数", digits=0),
        "finer": Number(len(FINER), "個", "細かくした、λ1の候補の数", digits=0),
        "little": Number(LITTLE, "", "弱いλ2", digits=2),
        "much": Number(MUCH, "", "強いλ2", digits=1),
        "factor": Number(FACTOR, "倍", "1+λ2", digits=1),
    }


def of(name: str, about: str, fit: Fitted) -> dict[str, Number]:
    """What each row of the table says."""
    return {
        f"{name}_kept": Number(fit.kept(), "個", f"残ったそっくりな項目、{about}"),
        f"{name}_others": Number(fit.others(), "個", f"残った効かない項目、{about}"),
        f"{name}_error": Number(fit.error, "", f"テスト誤差（RMSE）、{about}"),
    }


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    l1, little, much = (fitted(seeds, l2) for l2 in (0, LITTLE, MUCH))
    stretched = {factor: fitted(seeds, 0, factor=factor) for factor in STRETCHES}
    l1_times, much_times = stretched[FACTOR], fitted(seeds, MUCH, factor=FACTOR)
    best = min(STRETCHES, key=lambda factor: float(stretched[factor].error.mean()))  # hence judged on MANY
    l1_many, little_many, much_many = (fitted(MANY, l2) for l2 in (0, LITTLE, MUCH))
    best_many, times_many = fitted(MANY, 0, factor=best), fitted(MANY, MUCH, factor=FACTOR)
    l1_finer = fitted(seeds, 0, grid=FINER)
    gap, bound = promised(much, MUCH)
    return {
        **constants(),
        **of("l1", "L1", l1),
        **of("little", "弱いエラスティックネット", little),
        **of("much", "強いエラスティックネット", much),
        **of("l1_times", "L1の解を1.3倍", l1_times),
        **of("much_times", "強いエラスティックネットの解を1.3倍", much_times),
        "l1_many_kept": Number(l1_many.kept(), "個", "残ったそっくりな項目、L1、追試"),
        "l1_many_all": Number(np.sum(l1_many.kept() == N_TWINS), "か月", "五個とも残った月の数、L1、追試", digits=0),
        "much_many_kept": Number(much_many.kept(), "個", "残ったそっくりな項目、強いほう、追試"),
        "times_many_others": Number(times_many.others(), "個", "残った効かない項目、強いほうの解を1.3倍、追試"),
        "times_many_error": Number(times_many.error, "", "テスト誤差（RMSE）、強いほうの解を1.3倍、追試"),
        "l1_lambda": Number(l1.lam, "", "選ばれたλ1、L1"),
        "l1_times_lambda": Number(l1_times.lam, "", "選ばれたλ1、L1の解を1.3倍"),
        "much_lambda": Number(much.lam, "", "選ばれたλ1、強いエラスティックネット"),
        "times_lambda": Number(much_times.lam, "", "選ばれたλ1、強いエラスティックネットの解を1.3倍"),
        "l1_alone": Number(np.sum(l1.kept() == 1), "か月", "一個だけ残った月の数、L1", digits=0),
        "l1_casts": Number(
            len({tuple(kept) for kept in l1.w[:, :N_TWINS] != 0}), "通り", "残った顔ぶれの種類、L1", digits=0
        ),
        "little_all": Number(np.sum(little.kept() == N_TWINS), "か月", "五個とも残った月の数、弱いほう", digits=0),
        "much_all": Number(np.sum(much.kept() == N_TWINS), "か月", "五個とも残った月の数、強いほう", digits=0),
        "little_many_all": Number(
            np.sum(little_many.kept() == N_TWINS), "か月", "五個とも残った月の数、弱いほう、追試", digits=0
        ),
        "much_more": Number(
            np.sum(much.others() > l1.others()), "か月", "効かない項目がL1より多く残った月の数", digits=0
        ),
        "l1_again": Number(again(l1), "%", "残った項目のうち、次の月も残った割合、L1"),
        "l1_rate": Number(l1.kept() / N_TWINS, "%", "残った割合、L1"),
        "l1_largest": Number(l1.w[:, :N_TWINS].max(axis=1), "", "そっくりな項目の、いちばん大きい重み、L1"),
        "much_largest": Number(much.w[:, :N_TWINS].max(axis=1), "", "いちばん大きい重み、強いほう"),
        "much_smallest": Number(much.w[:, :N_TWINS].min(axis=1), "", "いちばん小さい重み、強いほう"),
        "l1_finer_kept": Number(l1_finer.kept(), "個", "残ったそっくりな項目、L1、細かい格子"),
        "gap": Number(gap.mean(axis=1), "", "そっくりな二つの重みの差、強いほう"),
        "bound": Number(bound.mean(axis=1), "", "定理1が許す差、強いほう"),
        "only_loss": Number(stretched_only(much) - l1.error, "", "テスト誤差の増え、強いほうの1.3倍、λ1は前のまま"),
        "much_loss": Number(much.error - l1.error, "", "テスト誤差の増え、強いほう、L1と比べて"),
        "little_loss": Number(little.error - l1.error, "", "テスト誤差の増え、弱いほう、L1と比べて"),
        "times_loss": Number(much_times.error - l1_times.error, "", "テスト誤差の増え、どちらも1.3倍"),
        "much_loss_many": Number(much_many.error - l1_many.error, "", "テスト誤差の増え、強いほう、追試"),
        "little_loss_many": Number(little_many.error - l1_many.error, "", "テスト誤差の増え、弱いほう、追試"),
        "stretches": Number(len(STRETCHES), "通り", "L1の解に掛けてみた倍率の数", digits=0),
        "best": Number(best, "倍", "L1のテスト誤差の平均が、いちばん小さい倍率", digits=1),
        "best_loss_many": Number(
            times_many.error - best_many.error, "", "テスト誤差の増え、最良の倍率のL1と比べて、追試"
        ),
        "l1_drops": Claim(l1.kept(), "<", N_TWINS, about="残ったそっくりな項目、L1"),
        "one_is_rare": Claim(l1.kept(), ">", 1, 0.75, "残ったそっくりな項目、L1"),
        "net_keeps_all": Claim(much.kept(), "==", N_TWINS, about="残ったそっくりな項目、強いほう"),
        "net_lets_in": Claim(much.others(), ">=", l1.others(), 0.8, "残った効かない項目、強いほうとL1", 2),
        "net_costs": Claim(much.error, ">", l1.error, 0.7, "テスト誤差、強いほうとL1", 2),
        "factor_pays": Claim(much_times.error, "<", l1.error, 0.7, "テスト誤差、強いほうの1.3倍とL1", 2),
        "l1_gains_too": Claim(l1_times.error, "<", l1.error, 0.7, "テスト誤差、L1の1.3倍とL1", 2),
        "net_is_ahead": Claim(much_times.error, "<", l1_times.error, 0.7, "テスト誤差、どちらも1.3倍", 2),
        "bound_holds": Claim((gap / bound).max(axis=1), "<=", 1, about="二つの重みの差、定理1が許す差に対して"),
        "prices": Table(
            ["", "五つ子", "無関係", "テスト誤差"],
            {
                "L1": ["l1_kept", "l1_others", "l1_error"],
                "エラスティックネット（弱）": ["little_kept", "little_others", "little_error"],
                "エラスティックネット（強）": ["much_kept", "much_others", "much_error"],
                "伸ばしたL1": ["l1_times_kept", "l1_times_others", "l1_times_error"],
                "伸ばした（強）": ["much_times_kept", "much_times_others", "much_times_error"],
            },
            "残った五つ子と無関係な項目の数、テスト誤差。誤差は（強）がいちばん大きく、"
            "解に倍率を掛けて伸ばすと、いちばん小さい。",
        ),
        "survivors": Figure(
            {"L1": {"l1": l1.w[:, :N_TWINS].T}, "エラスティックネット": {"en": much.w[:, :N_TWINS].T}},
            title="L1の出席簿は穴だらけで、毎月違う。エラスティックネットは皆勤",
            caption="中の抜けた丸が、ちょうど0になった月です。AからEが五つ子、左から右へ{{ elastic_net.repeats }}ぶん、"
            "棒の高さが重みです。点線は、本当の重みの{{ elastic_net.truth }}です。"
            "λ1は月ごとに交差検証、エラスティックネットのλ2は{{ elastic_net.much }}。",
            alt="L1では、どの子にも中の抜けた丸の月と、線を大きく超える棒の月がまざる。もう一方は、どの棒も線の近くにそろう。",
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Features with nothing in common, or hardly any difference; hardly any λ2; no factor, or an old λ1; no λ2."""
    seeds = list(seeds)
    l1, trace, much = (fitted(seeds, l2) for l2 in (0, 0.003, MUCH))
    times = fitted(seeds, MUCH, factor=FACTOR)
    return {
        "l1_drops": Claim(fitted(seeds, 0, Setting(rho=0)).kept(), "<", N_TWINS),
        "one_is_rare": Claim(fitted(seeds, 0, Setting(rho=0.9999)).kept(), ">", 1, 0.75),
        "net_keeps_all": Claim(trace.kept(), "==", N_TWINS),
        "net_lets_in": Claim(times.others(), ">=", l1.others(), 0.8, "", 2),
        "net_costs": Claim(times.error, ">", l1.error, 0.7, "", 2),
        "factor_pays": Claim(stretched_only(much), "<", l1.error, 0.7, "", 2),
        "l1_gains_too": Claim(much.error, "<", l1.error, 0.7, "", 2),
        "net_is_ahead": Claim(much.error, "<", l1.error, 0.7, "", 2),
        "bound_holds": Claim((promised(l1, MUCH)[0] / promised(much, MUCH)[1]).max(axis=1), "<=", 1),
    }


def draw_survivors(ax: Any, data: Any) -> None:
    from matplotlib.patches import PathPatch

    from figures.images import outline
    from figures.sheet import resize, tabulate
    from figures.strokes import COLOURS, HEAD_LINE, INK, INK_2, RULE_2, dots, down, frame, stroke, words

    ((method, weights),) = data.items()
    top, lane, unit, left, right, pitch = 34.5, 46.0, 8.0, 24.5, 343.5, 7.9  # a weight of 1 is `unit` high
    end = top + lane * len(weights)
    resize(ax, end + 26)
    frame(ax, left, top, right, end)
    ax.set(xticks=[], yticks=[])
    bars, zeros = [], []
    for row, values in enumerate(weights, 1):
        foot = top + lane * row
        words(ax, 0, foot - 2, "ABCDE"[row - 1], INK)
        stroke(ax, [left, right], [foot, foot], RULE_2)
        stroke(ax, [left, right], [foot - unit, foot - unit], RULE_2, dash=(2, 3))
        for month, value in enumerate(values):
            x = left + 2 + pitch * month
            bars += [(x, foot - unit * value, 4.6, unit * value)] if value > 0 else []
            zeros += [(x + 2.3, foot)] if value == 0 else []
    ax.figure.add_artist(PathPatch(outline(bars), fc=COLOURS[method], lw=0, transform=down(ax), clip_on=False))
    dots(ax, [x for x, _ in zeros], [y for _, y in zeros], COLOURS[method], 4.4, hollow=True)
    words(ax, right, HEAD_LINE, f"ちょうど0：{len(zeros)}個", COLOURS[f"{method}-text"], ha="right")
    words(ax, left, end + 20, "はじめの月", INK_2)
    words(ax, right, end + 20, f"{len(weights[0])}か月め", INK_2, ha="right")
    tabulate(ax, {"月": range(1, len(weights[0]) + 1), **dict(zip("ABCDE", weights, strict=True))})
