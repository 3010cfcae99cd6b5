"""学習を40回だけ許すなら、λの候補と交差検証の組に、どう分けるのか。

データ: choosing_lambda と同じ（50行、20項目のうち5個だけが効く、L1）。損も同じ。種は別で、数は三倍。
λの目は二倍に細かい。
どの探し方も、40行か45行での学習を40回だけ使う。格子の位置は種ごとに動かす。くじは、同じ範囲の対数で均等に引く。
逐次半減法は、候補16個を1組で試し、半分に減らすたびに組を1、2、4、8と増やす（10分割のうち）。前に試した組は使いまわす。
二度の格子は、10倍きざみの4個のあと、良かった値の両側を二つずつ試す。比べるために、161個すべてを試したものも載せる。
出典: Bergstra & Bengio (2012), J. Mach. Learn. Res. 13。Jamieson & Talwalkar (2016), AISTATS, 3節。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np

from figures.experiments.choosing_elsewhere import learnt_again
from figures.experiments.choosing_lambda import Tables, held_out, rule, smallest, tables
from figures.models.choose_lambda import CVCurve
from figures.models.regression_data import Floats
from figures.models.search import Search, successive_halving, try_all
from figures.results import Claim, Number, Result, Table

SEEDS = range(1000, 1120)
GRID = 10.0 ** (np.arange(-120, 41) / 40)  # 0.001 to 10
CELLS = len(GRID) - 1
FITS, CLOSE = 40, 0.01


def losses_of(curve: CVCurve) -> Callable[[Floats, int], Floats]:
    """The mean error on so many of the folds, at λ of the grid."""
    return lambda lambdas, folds: curve.errors[:folds, np.searchsorted(curve.lambdas, lambdas)].mean(axis=0)


def even(seed: int, n: int) -> Floats:
    """λ with equal ratios over the whole range, their place drawn."""
    place = np.random.default_rng([seed, 1]).random()
    return np.asarray(GRID[(CELLS / n * (np.arange(n) + place)).astype(int)])


def drawn(seed: int, n: int) -> Floats:
    """λ from the range, log λ uniform."""
    return np.asarray(GRID[np.random.default_rng([seed, 2]).integers(0, CELLS, n)])


def in_two_steps(curve: CVCurve, seed: int) -> Search:
    """Four λ, a power of ten apart; then two on either side of the best, a third of that apart."""
    first = try_all(losses_of(curve), even(seed, 4), 5)
    centre = int(np.searchsorted(GRID, first.chosen))
    around = np.clip(centre + np.array([-27, -13, 0, 13, 27]), 0, CELLS)
    second = try_all(losses_of(curve), GRID[np.unique(around)], 5)
    return Search(second.chosen, [*first.rounds, (np.delete(GRID[around], 2), 5)])


def halved(curve: CVCurve, seed: int) -> Search:
    """16, 8, 4 and 2 λ on 1, 2, 4 and 8 of ten folds."""
    return successive_halving(losses_of(curve), even(seed, 16), 64, 10)


def fits(search: Search) -> int:
    """Fits that are made when a λ keeps its errors of earlier rounds."""
    before, total = 0, 0
    for tried, folds in search.rounds:
        total += len(tried) * (folds - before)
        before = folds if len(search.rounds) == 4 else 0
    return total


def searches(seeds: Sequence[int], five: list[CVCurve], ten: list[CVCurve]) -> dict[str, list[Search]]:
    """Every way to spend 40 fits, seed by seed."""
    rows = list(zip(seeds, five, ten, strict=True))
    return {
        "hold": [try_all(losses_of(a), even(seed, 40), 1) for seed, a, _ in rows],
        "five": [try_all(losses_of(a), even(seed, 8), 5) for seed, a, _ in rows],
        "ten": [try_all(losses_of(b), even(seed, 4), 10) for seed, _, b in rows],
        "lottery": [try_all(losses_of(a), drawn(seed, 8), 5) for seed, a, _ in rows],
        "halving": [halved(b, seed) for seed, _, b in rows],
        "twice": [in_two_steps(a, seed) for seed, a, _ in rows],
    }


@cache  # the falsifier asks again
def shared(seeds: tuple[int, ...]) -> tuple[Tables, list[CVCurve], list[CVCurve], dict[str, list[Search]]]:
    """The tables, their errors by cross-validation with 5 and 10 folds, and every way to spend 40 fits."""
    data = tables(seeds, grid=GRID)
    five, ten = data.curves(5), data.curves(10)
    return data, five, ten, searches(seeds, five, ten)


def within_reach(data: Tables, found: list[Search]) -> Floats:
    """The loss of the best λ among those that were tried: what a search loses before any error is measured."""
    tried = [np.searchsorted(GRID, one.rounds[0][0]) for one in found]
    return np.array([of[k].min() / of.min() - 1 for of, k in zip(data.error, tried, strict=True)])


def losses(data: Tables, found: dict[str, list[Search]]) -> dict[str, Floats]:
    return {name: data.loss([one.chosen for one in of]) for name, of in found.items()}


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    data, five, ten, found = shared(seeds)
    spent = {fits(one) for of in found.values() for one in of}
    loss = losses(data, found)
    names = {
        "hold": ("ホールドアウト", 40),
        "five": ("格子", 8),
        "ten": ("格子、組を増やす", 4),
        "lottery": ("くじ", 8),
        "halving": ("逐次半減法", 16),
        "twice": ("二度の格子", 8),
    }
    everything = {"hold": held_out(five), "five": smallest(five), "ten": smallest(ten), "rule": rule(five)}
    about = {"hold": "ホールドアウト", "five": "5分割", "ten": "10分割", "rule": "1標準誤差ルール"}
    results: dict[str, Result] = {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "fits": Number(max(spent), "回", "学習の回数", digits=0),
        "twice_gain": Number(loss["five"] - loss["twice"], "ポイント", "一度の格子の損から、二度の格子の損を引いた差"),
        "five_reach": Number(within_reach(data, found["five"]), "%", "損、試した8個のうち本当に良いλ、格子"),
        "lottery_reach": Number(within_reach(data, found["lottery"]), "%", "損、試した8個のうち本当に良いλ、くじ"),
        "candidates": Number(len(GRID), "個", "λの細かい候補", digits=0),
        "all_fits": Number(5 * len(GRID), "回", "161個すべてを5分割で試す学習の回数", digits=0),
    }
    for name, of in loss.items():
        search, tried = names[name]
        results[f"{name}_loss"] = Number(of, "%", f"損、40回の学習、{search}")
        results[f"{name}_tried"] = Number(tried, "個", f"λの候補、{search}", digits=0)
        results[f"{name}_folds"] = Number(FITS / tried, "組", f"候補一つあたりに使う組、{search}", digits=1)
    for name, chosen in everything.items():
        results[f"all_{name}"] = Number(data.loss(chosen), "%", f"損、{about[name]}、161個すべて")
    again = learnt_again(data, everything["rule"])
    results["all_again"] = Number(again, "%", "損、1標準誤差ルールで残った項目を罰なしで学びなおす、161個すべて")
    order = sorted(loss, key=lambda name: float(loss[name].mean()))
    rows = {names[name][0]: [f"{name}_{what}" for what in ("tried", "folds", "loss")] for name in order}
    return results | {
        "budget": Table(
            ["探し方", "候補", "候補ごとの組", "損"], rows, "同じ回数の学習での、損の平均±標準誤差。小さい順。"
        ),
        "folds_beat_candidates": Claim(loss["five"], "<", loss["hold"], 0.5, "損、格子8個の5分割と候補40個", 2),
        "grid_beats_lottery": Claim(loss["five"], "<", loss["lottery"], 0.5, "損、格子8個とくじ8個", 2),
        "two_steps_suffice": Claim(
            loss["twice"] - data.loss(everything["five"]), "<", CLOSE, 0.6, "40回と805回の損の差、1ポイント", 2
        ),
        "halving_saves_little": Claim(loss["five"] - loss["halving"], "<", CLOSE, 0.5, "半減法で減る損と1ポイント", 2),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Four times as many lots as the grid has; eight λ on a single fold in the place of others."""
    seeds = tuple(seeds)
    data, five, _, found = shared(seeds)
    loss = losses(data, found)
    many = data.loss([try_all(losses_of(a), drawn(seed, 32), 5).chosen for seed, a in zip(seeds, five, strict=True)])
    few = data.loss([try_all(losses_of(a), even(seed, 8), 1).chosen for seed, a in zip(seeds, five, strict=True)])
    return {
        "folds_beat_candidates": Claim(few, "<", loss["hold"], 0.5, margin=2),
        "grid_beats_lottery": Claim(loss["five"], "<", many, 0.5, margin=2),
        "two_steps_suffice": Claim(few - data.loss(smallest(five)), "<", CLOSE, 0.6, margin=2),
        "halving_saves_little": Claim(few - loss["halving"], "<", CLOSE, 0.5, margin=2),
    }
