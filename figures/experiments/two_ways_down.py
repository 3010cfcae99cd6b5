"""途中でやめた重みは、どれかのλのL2と同じ重みなのか。

データ: 二つの重みの谷の例と、糖尿病データから無作為に選んだ30人を20回（early_stopping.py と同じ人）。
解き方: 1/(2n)‖y−Xw‖² を重み0から限りなく小さい歩幅で下りた重みと、λ/2‖w‖² を足して最後まで解いた重みを、
どちらも特異値分解で求める。谷の例は、学習率0.01の勾配降下法でも解く。
出典: Ali, Kolter & Tibshirani (2019), AISTATS。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from figures.experiments.early_stopping import FINE, LAMBDAS, parts
from figures.models.gradient_descent import descent_factors
from figures.models.gradient_flow import flow_factors, gradient_flow
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)
RATE = 0.1  # η of gradient descent
CURVATURES, LEAST = np.array([1.8, 0.2]), np.array([1.0, 1.0])  # of (1, 1) and (1, -1); weights there without penalty
STOP = 10  # t in the valley
FEW = 10  # steps by hand that hardly learn
APART = 0.01  # of the length of the weights without penalty


# region hand
def by_hand(rate: float = 0.01, steps: int = 1000) -> tuple[list[float], list[float]]:
    import numpy as np

    A, bottom = np.array([[1, 0.8], [0.8, 1]]), np.array([2.0, 0.0])  # the valley ½ (w - bottom)'A (w - bottom)
    w = np.zeros(2)
    for _ in range(steps):  # no penalty, stopped at t = rate * steps
        w -= rate * A @ (w - bottom)
    lam = 1 / (rate * steps)
    ridge = np.linalg.solve(A + lam * np.eye(2), A @ bottom)  # a penalty, run to the end
    return w.round(3).tolist(), ridge.round(3).tolist()


if __name__ == "__main__":
    print(*by_hand())
# endregion


def distances(seeds: Iterable[int], even: bool = False) -> tuple[Floats, Floats]:
    """The largest ||w(t) - w(λ)|| over t, as a share of ||least squares||: at λ = 1/t, and at the nearest of all λ.

    With ``even`` every direction varies alike: X = U diag(d) V' becomes √n U V'.
    """
    found = []
    for seed in seeds:
        X, y = parts(seed)[0][:2]
        if even:
            U, _, Vt = np.linalg.svd(X, full_matrices=False)
            X = np.sqrt(len(X)) * U @ Vt
        stopped, along = gradient_flow(X, y, 1 / LAMBDAS), ridge(X, y, [*FINE, 0])
        apart = np.linalg.norm(stopped[:, None] - along, axis=2)  # (n_times, n_lambdas)
        at_inverse = apart[np.arange(len(LAMBDAS)), 10 * np.arange(len(LAMBDAS))]
        found.append(np.array([at_inverse.max(), apart.min(axis=1).max()]) / np.linalg.norm(ridge(X, y, [0])))
    return tuple(np.array(found).T)


def filters(points: int) -> tuple[float, float]:
    """How far a direction is gone, 1 - exp(-x) and x / (x + 1) with x = s² t: largest difference and ratio over x."""
    x = np.linspace(20 / points, 20, points)
    return float(np.max(-np.expm1(-x) - x / (x + 1))), float(np.max(-np.expm1(-x) * (x + 1) / x))


def reached(t: float) -> dict[str, Result]:
    """The valley by hand, at one t: how far both directions are gone, and the weights."""
    stopped, shrunk = -np.expm1(-CURVATURES * t), CURVATURES * t / (CURVATURES * t + 1)
    found: dict[str, Result] = {"valley_time": Number(t, "", "谷の例、やめる時間t", digits=0)}
    found["valley_lambda"] = Number(1 / t, "", "谷の例、λ＝1/t", digits=1)
    for key, way, f in (("stopped", "途中でやめる", stopped), ("shrunk", "L2", shrunk)):
        about = f"谷の例、{way}"
        found[f"{key}_wide"] = Number(f[0], "%", f"{about}、二つが一緒に動く向きで届く割合", digits=0)
        found[f"{key}_narrow"] = Number(f[1], "%", f"{about}、二つが食い違う向きで届く割合", digits=0)
        found[f"{key}_first"] = Number(f @ LEAST, "", f"{about}、一つ目の重み", digits=3)
        found[f"{key}_second"] = Number(f[0] * LEAST[0] - f[1] * LEAST[1], "", f"{about}、二つ目の重み", digits=3)
    return found


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    at_inverse, nearest = distances(seeds)
    (apart, ratio), (apart_fine, ratio_fine) = filters(2_000), filters(200_000)
    steps = np.unique(np.rint(1 / (RATE * LAMBDAS[LAMBDAS <= 1 / RATE])))
    (first, second), _ = by_hand()
    by_steps = [np.array(by_hand(steps=steps)) for steps in (1000, FEW)]  # a share, for short paths lie close anyway
    apart_at = [np.linalg.norm(stopped - shrunk) / np.linalg.norm(stopped) for stopped, shrunk in by_steps]
    designs = [parts(seed)[0].X for seed in seeds]
    finite = [np.abs(descent_factors(X, RATE, steps) - flow_factors(X, RATE * steps)).max() for X in designs]
    return {
        "filter_gap": Number(apart, "", "届く割合の差、いちばん大きいところ", digits=3),
        "filter_ratio": Number(ratio, "倍", "届く割合の比、いちばん大きいところ", digits=3),
        "filter_gap_fine": Number(apart_fine, "", "届く割合の差、100倍細かく調べて", digits=3),
        "filter_ratio_fine": Number(ratio_fine, "倍", "届く割合の比、100倍細かく調べて", digits=3),
        "valley_correlation": Number(0.8, "", "谷の例、二項目の相関", digits=1),
        "first_none": Number(2, "", "谷の例、谷底の一つ目の重み", digits=0),
        "second_none": Number(0, "", "谷の例、谷底の二つ目の重み", digits=0),
        **reached(STOP),
        "hand_first": Number(first, "", "谷の例、一つ目の重み、学習率0.01で1000歩下りて", digits=3),
        "hand_second": Number(second, "", "谷の例、二つ目の重み、学習率0.01で1000歩下りて", digits=3),
        "hand_rate": Number(0.01, "", "手を動かすコードの学習率", digits=2),
        "hand_steps": Number(1000, "歩", "手を動かすコードの歩数", digits=0),
        "hand_apart": Number(apart_at[0], "%", "谷の例、途中でやめた重みの長さに対する隔たり、1000歩", digits=0),
        "few_steps": Number(FEW, "", "手を動かすコードの歩数、減らしたとき", digits=0),
        "few_apart": Number(apart_at[1], "%", "谷の例、途中でやめた重みの長さに対する隔たり、10歩", digits=0),
        # diabetes
        "apart": Number(at_inverse, "%", "重みの隔たりの最大、λ＝1/t、罰なしの重みの長さに対して"),
        "nearest": Number(nearest, "%", "重みの隔たりの最大、いちばん近いλと比べて"),
        "rate": Number(RATE, "", "一歩ずつ下りるときの学習率η", digits=1),
        "finite": Number(np.array(finite), "", "届く割合の差の最大、学習率0.1の歩みと限りなく小さい歩みで"),
        "no_lambda_matches": Claim(nearest, ">", APART, about="どのλの重みとも隔たっている分の最大と、1%"),
        "valley": valley(),
    }  # fmt: skip


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Data that vary alike in every direction: both paths are the same straight line."""
    return {"no_lambda_matches": Claim(distances(seeds, even=True)[1], ">", APART)}


def valley() -> Figure:
    """The height over both weights, and both paths from 0, at the same t and λ = 1/t."""
    x, y = np.linspace(-0.5, 2.5, 91), np.linspace(-0.25, 1, 51)
    d, e = x[None, :] - 2, y[:, None]
    times = STOP * 1.45 ** np.arange(-14.0, 10)  # the point of STOP is the fifteenth
    factors = (-np.expm1(-CURVATURES * times[:, None]), 1 / (1 + 1 / (CURVATURES * times[:, None])))
    ends = [np.column_stack([f @ LEAST, f @ (LEAST * [1, -1])]).round(4) for f in factors]
    ends = [np.vstack([[0, 0], end]) for end in ends]
    return Figure(
        {"二つの重みの谷": {"x": x, "y": y, "heights": (d**2 + 1.6 * d * e + e**2) / 2, "bottom": (2, 0),
                     "ways": dict(zip(("途中でやめる", "l2"), ends, strict=True)),
                     "marked": 15}},
        title="二つの道は、出発点と谷底が同じで、途中が違う",
        caption="途中でやめる道は大きく曲がり、L2の道は近道をします。"
        "点は時間tを同じ倍率で延ばしたところで、二つの道のあいだの細い線は、λがその逆数になる点どうしを結びます。"
        "ほかの細い線は等高線です。"
        "大きな点は、t＝{{ two_ways_down.valley_time }}とλ＝{{ two_ways_down.valley_lambda }}。"
        "＋は罰なしの谷底です。",
        alt="横軸は一つ目の重み、縦軸は二つ目の重み。重み0から出た二つの道が、右下の谷底に着く。"
        "途中でやめる道は谷の底に突き当たってから折れ、L2の道はその内側を回る。大きな点は、途中でやめる道が"
        "{{ two_ways_down.stopped_first }}と{{ two_ways_down.stopped_second }}、"
        "L2の道が{{ two_ways_down.shrunk_first }}と{{ two_ways_down.shrunk_second }}。",
    )  # fmt: skip


def draw_valley(ax: Any, data: Any) -> None:
    from figures import plot, strokes

    plot.linear_axis(ax, -0.5, 2.5, "一つ目")
    plot.value_axis(ax, -0.25, 1, "二つ目")
    plot.valley(ax, **{name: data[name] for name in ("x", "y", "heights", "ways", "bottom")})
    ax.figure.columns = {"点" if head == "歩" else head: column for head, column in ax.figure.columns.items()}
    stopped, shrunk = (np.array(way) for way in data["ways"].values())
    for pair in np.stack([stopped, shrunk], axis=1):
        strokes.stroke(ax, *strokes.units(ax, *pair.T), strokes.RULE_2, zorder=2)
    for way, colour in ((stopped, strokes.INK), (shrunk, strokes.COLOURS["l2"])):
        strokes.dots(ax, *strokes.units(ax, *way[data["marked"]]), colour, 10)
