"""Many lasso paths at once against scikit-learn, how exact they are, and how our time grows."""

from __future__ import annotations

from dataclasses import replace
from math import log2
from statistics import median

import numpy as np

from figures.bench.lasso_problems import DESCENT, LARS, SHARE, UNSCREENED, Batch, Contestants, rivals
from figures.bench.rows import Row
from figures.bench.timing import Seconds, in_turns, ratio
from figures.models.lasso_path import lasso_path

CORRELATIONS = (0.0, 0.2, 0.5)
FASTER_THAN_DESCENT, FASTER_THAN_LARS, LARGEST_GAP, LARGEST_GROWTH = 60.0, 5.0, 1e-10, 2.05
OURS = "ours"


def speed_and_accuracy(repeats: int, shrink: int) -> list[Row]:
    """200 paths: how many times as fast as each rival, for each ρ, and our largest duality gap."""
    rows, gaps = [], []
    for rho in CORRELATIONS:
        batch = Batch.draw(rho, 200 // shrink, 64 // shrink, 100 // shrink)
        gaps.append(batch.gap(batch.ours()))  # this also warms up
        about = f"経路{len(batch.problems)}本、相関{rho:g}"
        name = f"lasso_rho_{rho:.1f}_against"
        descent = Row(f"{name}_lasso_path", f"{about}、座標降下の何倍速いか", None, FASTER_THAN_DESCENT)
        lars = Row(f"{name}_lars_path", f"{about}、LARSの何倍速いか", None, FASTER_THAN_LARS)
        try:
            contestants: Contestants = {OURS: batch.ours, **rivals(batch)}
        except ImportError as error:
            rows += [replace(row, why=f"scikit-learn を使えません（{error}）") for row in (descent, lars)]
            continue
        seconds = in_turns(about, contestants, repeats)
        faster = min(DESCENT, UNSCREENED, key=lambda rival: ratio(seconds, rival, OURS))
        rows += [_against(row, rival, seconds) for row, rival in ((descent, faster), (lars, LARS))]
    title = "双対ギャップの最大（‖y‖²/n を1として）"
    return [*rows, Row("lasso_gap", title, max(gaps), LARGEST_GAP, at_most=True)]


def _against(row: Row, rival: str, seconds: Seconds) -> Row:
    return replace(
        row,
        value=SHARE * ratio(seconds, rival, OURS),
        ours=f"{median(seconds[OURS]):.3g}秒",
        rival=f"{rival} {SHARE * median(seconds[rival]):.3g}秒",
    )


def growth(repeats: int, shrink: int) -> list[Row]:
    """How many times as long it takes when the problems, the λ or the features double; for features also by the work.

    A pivot changes p (p + 1) numbers and a path has about p pivots: when p doubles the work grows eightfold, whatever
    the implementation. So that row stands twice: the factor as it is, beside those of the rivals, and the growth of the
    time when the work doubles, 2^(log(time) / log(work)), the pivots being counted.
    """
    n, p, n_lambdas = 200 // shrink, 64 // shrink, 100 // shrink
    once = Batch.draw(0, n, p, n_lambdas)
    twice = {
        "problems": Batch.draw(0, 2 * n, p, n_lambdas),
        "lambdas": Batch.draw(0, n, p, 2 * n_lambdas),
        "features": Batch.draw(0, n, 2 * p, n_lambdas),
    }
    seconds = in_turns("伸び", {name: batch.ours for name, batch in {"once": once, **twice}.items()}, repeats)
    factor = {name: ratio(seconds, name, "once") for name in twice}
    work = 4 * (2 * p + 1) / (2 * p + 2) * _pivots(twice["features"]) / _pivots(once)
    titles = {"problems": "問題の数", "lambdas": "λの数", "features": "項目の数"}
    rows = [
        Row(
            f"lasso_growth_{name}",
            f"{title}を2倍にしたときの時間",
            factor[name],
            LARGEST_GROWTH,
            at_most=True,
            ours=f"{median(seconds['once']):.3g} → {median(seconds[name]):.3g}秒",
            rival=_growth_of_rivals(once, twice[name], repeats) if name == "features" else "",
        )
        for name, title in titles.items()
    ]
    grown = 2 ** (log2(factor["features"]) / log2(work))
    words = f"時間{factor['features']:.2f}倍、仕事{work:.2f}倍"
    title = "仕事が2倍になるまで項目を増やしたときの時間"
    return [*rows, Row("lasso_growth_work", title, grown, LARGEST_GROWTH, at_most=True, ours=words)]


def _pivots(batch: Batch) -> float:
    """Return the mean number of entries and drops of a path, over every tenth problem."""
    end = float(batch.lambdas[-1])
    return float(np.mean([len(lasso_path(X, y, end).moves()) for X, y in batch.problems[::10]]))


def _growth_of_rivals(once: Batch, twice: Batch, repeats: int) -> str:
    try:
        both = [rivals(batch) for batch in (once, twice)]
    except ImportError:
        return ""
    contestants = {f"{name} {size}": both[size][name] for name in both[0] for size in (0, 1)}
    seconds = in_turns("相手の伸び", contestants, repeats)
    return "、".join(f"{name} {ratio(seconds, f'{name} 1', f'{name} 0'):.1f}倍" for name in both[0])
