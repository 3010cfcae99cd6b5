"""λを入れる場所で、谷と歩みのどちらが変わるのか。

データ: 曲がりが2と20の谷（底は3と3、地図に使う）と、損失が動かさない重み（はじめの値は種ごとに1から5の一様乱数）。
解き方: 地図はL2（勾配に λw を足す）で、勾配降下とモメンタム0.6、学習率0.03。損失のない重みは、Adam（学習率0.01）に
L2を足したものとAdamWで50歩。発散は、曲がり2と20の谷（底は種ごとに1から5）を、学習率とλの積を2の前後にして100歩。
出典: Loshchilov & Hutter (2019), ICLR, アルゴリズム2。Kingma & Ba (2015), ICLR, アルゴリズム1。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from figures.live import LONGEST, NEAR, Live
from figures.models.optimizers import SGD, Adam, step
from figures.models.regression_data import Floats
from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)
CURVATURE, BOTTOM = np.array([2.0, 20.0]), (3, 3)
LAMBDA, RATE, MOMENTUM, DRAWN = 0.1, 0.03, 0.6, 40  # of the map
ADAM, FEW, SMALL, LARGE = 0.01, 50, 1e-4, 1.0  # learning rate, steps, and two λ for a weight that the loss leaves alone
BELOW, ABOVE, UNSTABLE_STEPS = 1.9, 2.1, 100  # η λ


def starts(seeds: Iterable[int], n: int) -> Floats:
    """Return numbers between 1 and 5: (n_seeds, n)."""
    return np.array([1 + 4 * np.random.default_rng(seed).random(n) for seed in seeds])


def taken(seeds: Iterable[int], l2: float = 0.0, decay: float = 0.0) -> Floats:
    """Return what a few steps of Adam take off a weight without a gradient of its own: (n_seeds,), in thousandths."""
    start, optimizer = starts(seeds, 1), Adam()
    w = start.copy()
    for _ in range(FEW):
        step(optimizer, {"W": w}, {"W": np.zeros_like(w)}, ADAM, l2, decay)
    return np.asarray((start - w)[:, 0].round(3))


def largest(seeds: Iterable[int], product: float, inside: bool = False) -> Floats:
    """Return the largest weight on Adam's way with η λ = ``product``, beside the step or ``inside``: (n_seeds,)."""
    bottom, optimizer, lam = starts(seeds, 2), Adam(), product / ADAM
    l2, decay = (lam, 0.0) if inside else (0.0, lam)
    w = np.zeros_like(bottom)
    most = np.zeros(len(bottom))
    for _ in range(UNSTABLE_STEPS):
        step(optimizer, {"W": w}, {"W": CURVATURE * (w - bottom)}, ADAM, l2, decay)
        most = np.maximum(most, np.abs(w).max(axis=1))
    return most


def descend(momentum: float) -> tuple[Floats, int]:
    """L2 on the valley of the map: every w: (LONGEST + 1, 2), and how many steps it takes until w stays near."""
    w, optimizer = np.zeros(2), SGD(momentum)
    way = [w.copy()]
    for _ in range(LONGEST):
        step(optimizer, {"W": w}, {"W": CURVATURE * (w - BOTTOM)}, RATE, l2=LAMBDA)
        way.append(w.copy())
    left = np.linalg.norm(np.array(way) - CURVATURE * BOTTOM / (CURVATURE + LAMBDA), axis=1)
    return np.array(way), int(LONGEST + 1 - np.argmax((left > NEAR * left[0])[::-1]))


def on_the_map() -> dict[str, Result]:
    """The valley that L2 makes, its bottom, and both ways down, which the reader's browser computes again."""
    x, y = np.linspace(0, 4, 81), np.linspace(0, 5, 101)
    (gentle, steep), ends = CURVATURE, CURVATURE * BOTTOM / (CURVATURE + LAMBDA)
    found: dict[str, Result] = {
        "rate": Number(RATE, "", "谷の地図、学習率η", digits=2),
        "mu": Number(MOMENTUM, "", "谷の地図、モメンタムμ", digits=1),
        "lambda": Number(LAMBDA, "", "谷の地図、はじめのλ", digits=1),
        "drawn": Number(DRAWN, "歩", "谷の地図、描いた歩数", digits=0),
        "near": Number(NEAR, "%", "谷の地図、谷底のそばとみなす、残りの距離の割合", digits=0),
        "map_first": Number(ends[0], "", "谷底、ゆるい重み、λ=0.1のL2", digits=3),
        "map_second": Number(ends[1], "", "谷底、急な重み、λ=0.1のL2", digits=3),
    }
    ways = {}
    for method, name, momentum in (("plain", "勾配降下", 0.0), ("momentum", "モメンタム", MOMENTUM)):
        way, steps = descend(momentum)
        ways[name] = way[: DRAWN + 1]
        found[f"map_{method}_steps"] = Number(steps, "歩", f"谷の地図、{name}で谷底のそばに着くまで", digits=0)
        for i, (which, word) in enumerate((("first", "ゆるい重み"), ("second", "急な重み"))):
            found[f"map_{method}_{which}"] = Number(way[DRAWN, i], "", f"谷の地図、{name}の終わり、{word}", digits=3)
    across, up = (h * (w - 3) ** 2 / 2 + LAMBDA / 2 * w**2 for h, w in ((gentle, x), (steep, y)))
    heights = across[None, :] + up[:, None]
    panel = {"method": "l2", "cursor": LAMBDA, "x": x, "y": y, "heights": heights, "bottom": ends, "ways": ways}
    problem = {
        "A": np.diag(CURVATURE),
        "w": BOTTOM,
        "start": (0, 0),
        "rate": RATE,
        "momentum": MOMENTUM,
        "steps": DRAWN,
        "lambdas": (0.01, 10),
    }
    found["map"] = Figure(
        {"L2が作る谷": panel},
        title="L2は谷底を動かす。歩き方が違っても、着く先は同じ",
        caption="λを右へ動かすと、谷底の＋が原点のほうへ動きます。二つの道は、どのλでも同じ＋へ向かいます。"
        "点の一つが一歩で、どちらも{{ decay_in_a_step.drawn }}まで。"
        "表の重みはその終わり、「残り」は谷底までの距離が出発の"
        "{{ decay_in_a_step.near }}に収まるまでの歩数です。"
        "はじめはλ＝{{ decay_in_a_step.lambda }}、学習率は{{ decay_in_a_step.rate }}、"
        "モメンタムは{{ decay_in_a_step.mu }}です。",
        alt="横軸はゆるい重み、縦軸は急な重み。重み0から二つの道が、まず急なほうへ、次にゆるいほうへ進む。"
        "谷底は横{{ decay_in_a_step.map_first }}、縦{{ decay_in_a_step.map_second }}。",
        live=Live("descent", problem, check="map"),
    )
    return found


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    small, large = taken(seeds, l2=SMALL), taken(seeds, l2=LARGE)
    below, above = largest(seeds, BELOW), largest(seeds, ABOVE)
    return on_the_map() | {
        "repeats": Number(len(seeds), "回", "くり返し（はじめの重みと谷底を引きなおす）", digits=0),
        "few": Number(FEW, "歩", "損失のない重みを歩かせた歩数", digits=0),
        "small": Number(SMALL, "", "小さいほうのλ", digits=4),
        "large": Number(LARGE, "", "大きいほうのλ", digits=0),
        "times": Number(LARGE / SMALL, "倍", "二つのλの比", digits=0),
        "l2_small": Number(small, "", "AdamとL2が引いた量、小さいλ"),
        "l2_large": Number(large, "", "AdamとL2が引いた量、大きいλ"),
        "decay_large": Number(taken(seeds, decay=LARGE), "", "AdamWが引いた量、大きいλ"),
        "below": Number(BELOW, "", "学習率とλの積、2より下", digits=1),
        "above": Number(ABOVE, "", "学習率とλの積、2より上", digits=1),
        "unstable_steps": Number(UNSTABLE_STEPS, "歩", "発散を見た歩数", digits=0),
        "largest_below": Number(below, "", "AdamW、途中でいちばん大きい重み、2より下"),
        "largest_above": Number(above, "", "AdamW、途中でいちばん大きい重み、2より上"),
        "largest_inside": Number(largest(seeds, ABOVE, inside=True), "", "AdamとL2、同じλで、途中でいちばん大きい重み"),
        "l2_forgets_lambda": Claim(np.abs(large - small), "<=", 0.001, about="AdamとL2が引いた量の、二つのλでの違い"),
        "decay_explodes": Claim(above, ">", 10 * below, about="AdamWの、途中でいちばん大きい重み。積が2の上と下"),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """λ beside the step; the same λ inside it."""
    seeds = list(seeds)
    small, large = taken(seeds, decay=SMALL), taken(seeds, decay=LARGE)
    return {
        "l2_forgets_lambda": Claim(np.abs(large - small), "<=", 0.001),
        "decay_explodes": Claim(largest(seeds, ABOVE, inside=True), ">", 10 * largest(seeds, BELOW, inside=True)),
    }


def draw_map(ax: Any, data: Any) -> None:
    from figures import plot

    plot.linear_axis(ax, 0, 4, "ゆるい重み")
    plot.value_axis(ax, 0, 5, "急な重み")
    plot.valley(ax, **{name: data[name] for name in ("x", "y", "heights", "ways", "bottom", "cursor")})
