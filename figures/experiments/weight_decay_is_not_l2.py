"""重み減衰とL2正則化は、同じものなのか。

データ: 二つの重みの谷。曲がりは2（ゆるい）と20（急）、罰なしの谷底は種ごとに1から5の一様乱数、二つとも別々に引く。
ぶれは勾配に足す正規乱数で、標準偏差は曲がりの4分の1（0.5と5）。一歩ごとに独立で、L2と重み減衰には同じ列を使う。
解き方: L2は勾配に λw を足す（罰は λ/2‖w‖²）。重み減衰は一歩ごとに ηλw を重みから引く。λ=0.1。
素は η=0.05、モメンタム0.9は η=0.005（平均の形は0.05）で重み0から1,000歩。図では0.01と0.001。
Adamは η=0.01 で10,000歩。
ぶれなしは重み0から、ぶれありは罰なしの谷底からで、終わりの8,000歩の平均。Adamの β は0.9と0.999、ε は1e-8。
強さは、終わりの重みで釣り合うL2のλを、かけたλで割ったもの。L2が名前どおりに効けば100%になる。
出典: Loshchilov & Hutter (2019), ICLR, 命題1から3、アルゴリズム1と2。Xie & Li (2024), ICML, 定理1.1。
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from figures.models.optimizers import SGD, Adam, Optimizer, step
from figures.models.regression_data import Floats
from figures.results import Claim, Figure, Number, Result, Table

SEEDS = range(20)
MANY = range(1000, 1200)  # other seeds, for the noisy headline
CURVATURE, NOISE = np.array([2.0, 20.0]), np.array([0.5, 5.0])  # of the gentle and the steep weight
LAMBDA, MOMENTUM, BOTTOM = 0.1, 0.9, 3.0  # the last: of the figure
PLAIN, HEAVY, ADAM, FINE = 0.05, 0.005, 0.01, 0.0025  # learning rates: plain, momentum, Adam, and a finer one
STEPS, EARLY, LATE, AVERAGED = 1000, 2500, 10000, 8000
DRAWN = {"plain": 0.01, "momentum": 0.001}  # learning rates of the figure, smaller to tell the steps apart
SHOWN = {"plain": 300, "momentum": 300, "calm": 6000, "noisy": 6000}  # steps in the figure


def bottoms(seeds: Iterable[int]) -> Floats:
    """Return the bottom of each valley without a penalty: (n_seeds, 2)."""
    return np.array([1 + 4 * np.random.default_rng(seed).random(2) for seed in seeds])


def kicks(seeds: Iterable[int], steps: int) -> Floats:
    """Return the noise of the gradients: (n_steps, n_seeds, 2)."""
    return NOISE * np.stack([np.random.default_rng(seed).standard_normal((steps, 2)) for seed in seeds], axis=1)


def walk(
    optimizer: Optimizer,
    rate: float,
    steps: int,
    bottom: Floats,
    l2: tuple[float, ...] = (LAMBDA, 0.0),
    decay: tuple[float, ...] = (0.0, LAMBDA),
    noise: Floats | None = None,
    start: Floats | float = 0.0,
) -> Floats:
    """Return every w of each pair of λ in the loss and in the update: (n_steps + 1, n_pairs, n_seeds, 2)."""
    w = np.zeros((len(l2), *bottom.shape)) + start
    inside, beside = (np.array(of)[:, None, None] for of in (l2, decay))
    way = np.empty((steps + 1, *w.shape))
    way[0] = w
    for t in range(steps):
        g = CURVATURE * (w - bottom)
        step(optimizer, {"W": w}, {"W": g if noise is None else g + noise[t]}, rate, inside, beside)
        way[t + 1] = w
    return way


def strength(w: Floats, bottom: Floats) -> Floats:
    """Return the λ of the L2 whose bottom is w, in shares of the λ in use: h (w₀ - w) = λ' w. In thousandths."""
    return np.asarray(np.round(CURVATURE * (bottom - w) / w / LAMBDA, 3))


@cache  # the falsifier asks again
def noisy(seeds: tuple[int, ...], rate: float = ADAM) -> Floats:
    """Return the strengths under noise: (2, n_seeds, 2)."""
    bottom = bottoms(seeds)
    way = walk(Adam(), rate, LATE, bottom, noise=kicks(seeds, LATE), start=bottom)
    return strength(way[-AVERAGED:].mean(axis=0), bottom)


def uneven(strengths: Floats) -> Floats:
    """Return the larger strength of a valley's two weights in smaller ones: (n_seeds,)."""
    return np.asarray(strengths.max(axis=1) / strengths.min(axis=1))


def apart(way: Floats) -> Floats:
    """Return how far the first two pairs ever are from each other, in 10⁻¹²: (n_seeds,)."""
    return np.asarray(np.round(np.abs(way[:, 0] - way[:, 1]).max(axis=(0, 2)), 12))


def twin(bottom: Floats, momentum: float) -> Floats:
    """How far decay under momentum ever is from L2 of strength (1 - μ) λ under another ``momentum``."""
    decayed = walk(SGD(MOMENTUM), HEAVY, STEPS, bottom, (0.0,), (LAMBDA,))
    other = walk(SGD(momentum), HEAVY, STEPS, bottom, ((1 - MOMENTUM) * LAMBDA,), (0.0,))
    return apart(np.concatenate([decayed, other], axis=1))


def checked_by_hand() -> dict[str, Floats]:
    """The check with both bottoms at 3, without the laboratory."""
    # region by_hand
    import numpy as np

    curvature, bottom, lam, rate = np.array([2, 20]), 3, 0.1, 0.1
    ends = {}
    for name, l2, decay in (("Adam + L2", lam, 0), ("AdamW", 0, lam)):
        w, m, s = np.zeros(2), np.zeros(2), np.zeros(2)
        for t in range(1, 2001):
            g = curvature * (w - bottom) + l2 * w
            m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
            stride = (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
            w = w - rate * (stride + decay * w)
        ends[name] = w
        print(name, w.round(3))
    # endregion
    return ends


def parting(seeds: Iterable[int]) -> Figure:
    """The gentle weight with its bottom at 3, from 0: L2 and decay, from where both have passed 2."""
    seeds = list(seeds)
    one, all_seeds = np.full((1, 2), BOTTOM), np.full((len(seeds), 2), BOTTOM)
    ways = {
        "素の勾配降下法": walk(SGD(), DRAWN["plain"], SHOWN["plain"], one),
        "モメンタム": walk(SGD(MOMENTUM), DRAWN["momentum"], SHOWN["momentum"], one),
        "Adam（ぶれなし）": walk(Adam(), ADAM, SHOWN["calm"], one),
        "Adam（ぶれあり）": walk(Adam(), ADAM, SHOWN["noisy"], all_seeds, noise=kicks(seeds, SHOWN["noisy"])),
    }
    panels = {}
    for name, way in ways.items():
        mean = way[..., 0].mean(axis=2)  # (n_steps + 1, 2)
        first = int(np.argmax((mean > 2).all(axis=1)))
        at = np.unique(np.linspace(first, len(mean) - 1, 75).astype(int))
        panels[name] = {"steps": at, "L2": mean[at, 0], "減衰": mean[at, 1], "last": len(mean) - 1}
    return Figure(
        panels,
        title="素の勾配降下法では重なり、ほかでは別れる",
        caption="別れたあと、破線は罰なしの谷底のほうへ向かいます。実線がL2、破線が重み減衰（AdamではAdamW）です。ゆるい重み一本を、重み0から歩かせました。どちらもλは"
        "{{ weight_decay_is_not_l2.lambda }}、罰なしの谷底は{{ weight_decay_is_not_l2.bottom }}です。"
        "学習率は素の勾配降下法が{{ weight_decay_is_not_l2.drawn_plain }}、モメンタムが"
        "{{ weight_decay_is_not_l2.drawn_momentum }}、Adamが{{ weight_decay_is_not_l2.rate }}です。"
        "縦軸は途中から始まり、"
        "ぶれありの線は{{ weight_decay_is_not_l2.repeats }}の平均です。",
        alt="素の勾配降下法では二つの線が重なったまま終わる。"
        "モメンタムでは、破線がはじめから実線の上にあり、離れていく。"
        "Adamでは、破線が遅れて実線の下を進み、途中で上へ抜ける。",
    )


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    bottom = bottoms(seeds)
    plain, heavy = walk(SGD(), PLAIN, STEPS, bottom), walk(SGD(MOMENTUM), HEAVY, STEPS, bottom)
    calm, twice = walk(Adam(), ADAM, LATE, bottom), walk(SGD(), PLAIN, STEPS, bottom, (2 * LAMBDA,), (0.0,))
    shaken = noisy((*seeds, *MANY))
    strengths = {
        "plain": strength(plain[-1], bottom),
        "momentum": strength(heavy[-1], bottom),
        "calm": strength(calm[EARLY], bottom),
        "late": strength(calm[LATE], bottom),
        "noisy": shaken[:, : len(seeds)],
    }
    # The average v ← μ v + (1 - μ) g with rate η and decay λ: the sum with rate (1 - μ) η and decay λ / (1 - μ).
    averaging = walk(SGD(MOMENTUM), HEAVY, STEPS, bottom, (0.0,), (LAMBDA / (1 - MOMENTUM),))
    many, fine, hand = shaken[:, len(seeds) :], noisy(seeds, FINE), checked_by_hand()
    ratio = strengths["noisy"][1, :, 1] / strengths["noisy"][1, :, 0]
    results: dict[str, Result] = {
        "repeats": Number(len(seeds), "回", "くり返し（谷底とぶれを引きなおす）", digits=0),
        "many": Number(len(MANY), "回", "種を替えた追試のくり返し", digits=0),
        "lambda": Number(LAMBDA, "", "λ", digits=1),
        "momentum": Number(MOMENTUM, "", "モメンタムの係数μ", digits=1),
        "bottom": Number(BOTTOM, "", "図の、罰なしの谷底", digits=0),
        "gentle": Number(CURVATURE[0], "", "谷の曲がり、ゆるい重み", digits=0),
        "steep": Number(CURVATURE[1], "", "谷の曲がり、急な重み", digits=0),
        "gentle_noise": Number(NOISE[0], "", "勾配のぶれの標準偏差、ゆるい重み", digits=1),
        "steep_noise": Number(NOISE[1], "", "勾配のぶれの標準偏差、急な重み", digits=0),
        "steps": Number(STEPS, "歩", "素の勾配降下法とモメンタムの歩数", digits=0),
        "early": Number(EARLY, "歩", "ぶれなしのAdam、はじめに見る歩数", digits=0),
        "late": Number(LATE, "歩", "Adamの終わりの歩数", digits=0),
        "averaged": Number(AVERAGED, "歩", "ぶれありのAdam、平均をとる終わりの歩数", digits=0),
        "drawn_plain": Number(DRAWN["plain"], "", "図の学習率、素の勾配降下法", digits=2),
        "drawn_momentum": Number(DRAWN["momentum"], "", "図の学習率、モメンタム", digits=3),
        "rate_plain": Number(PLAIN, "", "素の勾配降下法の学習率", digits=2),
        "rate_momentum": Number(HEAVY, "", "モメンタムの学習率", digits=3),
        "rate": Number(ADAM, "", "Adamの学習率", digits=2),
        "fine": Number(FINE / ADAM, "%", "学習率を小さくした追試の、もとの学習率に対する割合", digits=0),
        "fine_gentle": Number(fine[1, :, 0], "%", "AdamW、ぶれあり、ゆるい重みの強さ、小さい学習率"),
        "fine_steep": Number(fine[1, :, 1], "%", "AdamW、ぶれあり、急な重みの強さ、小さい学習率"),
        "halfless": Number(strength(twice[-1], bottom)[0, :, 0], "%", "損失にλ‖w‖²（1/2なし）を足したときの強さ", 0),
        "averaging_decay": Number(
            strength(averaging[-1], bottom)[0, :, 0], "%", "重み減衰の強さ、勢いを平均の形で書くとき", 0
        ),
        "ratio": Number(ratio, "倍", "AdamW、ぶれあり、急な重みにかかる強さはゆるい重みの何倍か"),
        "many_gentle": Number(many[1, :, 0], "%", "AdamW、ぶれあり、ゆるい重みの強さ、別の200回"),
        "many_steep": Number(many[1, :, 1], "%", "AdamW、ぶれあり、急な重みの強さ、別の200回"),
        "many_l2_steep": Number(many[0, :, 1], "%", "AdamとL2、ぶれあり、急な重みの強さ、別の200回"),
    }
    rows = {
        "plain": "素の勾配降下法",
        "momentum": "モメンタム",
        "calm": "Adam途中",
        "late": "Adam終わり",
        "noisy": "Adamぶれあり",
    }
    for case, found in strengths.items():
        for method, name, pair in (("l2", "L2", found[0]), ("decay", "重み減衰", found[1])):
            exact = 0 if case in ("plain", "momentum") else None
            for weight, word, values in (("gentle", "ゆるい", pair[:, 0]), ("steep", "急な", pair[:, 1])):
                about = f"{name}の強さ、{rows[case]}、{word}重み"
                results[f"{case}_{method}_{weight}"] = Number(values, "%", about, exact)
    for name, word, w in (("l2", "AdamとL2", hand["Adam + L2"]), ("decay", "AdamW", hand["AdamW"])):
        for i, weight in enumerate(("gentle", "steep")):
            results[f"hand_{name}_{weight}"] = Number(w[i], "", f"谷底が3のとき、{word}の2,000歩め", digits=3)
    (calm_l2, calm_decay), late_decay, noisy_l2 = strengths["calm"], strengths["late"][1], strengths["noisy"][0]
    return results | {
        "plain_is_same": Claim(apart(plain), "==", 0, about="素の勾配降下法での、重みの違いの最大（12桁めまで）"),
        "momentum_is_weaker": Claim(
            strengths["momentum"][1].max(axis=1), "<", 0.2, about="モメンタムでの重み減衰の強さと、λの2割"
        ),
        "momentum_has_a_twin": Claim(
            twin(bottom, MOMENTUM * (1 - HEAVY * LAMBDA)), "==", 0, about="換算したL2との違いの最大（12桁めまで）"
        ),
        "adam_l2_is_ridge": Claim(
            np.abs(calm_l2 - 1).max(axis=1), "<", 0.01, about="AdamとL2、ぶれなしの強さの、λからのずれ"
        ),
        "adamw_lets_go": Claim(
            late_decay.max(axis=1), "<", calm_decay.max(axis=1) / 5, about="AdamW、10,000歩と2,500歩の5分の1"
        ),
        "adam_l2_is_even": Claim(uneven(noisy_l2), "<", 2, about="AdamとL2、ぶれあり、二つの強さの大小の比"),
        "adamw_follows_noise": Claim(ratio, ">", 5, about="AdamW、ぶれあり、急な重みの強さはゆるい重みの何倍か"),
        "strengths": Table(
            ["", "L2", "重み減衰"],
            {
                row + word * (case not in ("plain", "momentum")): [f"{case}_l2_{weight}", f"{case}_decay_{weight}"]
                for case, row in rows.items()
                for weight, word in (("gentle", "、ゆるい"), ("steep", "、急"))
            },
            "重みから逆算した罰の強さ。かけたλと同じなら100%。±は標準誤差。",
        ),
        "parting": parting(seeds),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Momentum for plain; no momentum; its own μ; the penalty in the other place; noise; noise that is the same."""
    seeds = tuple(seeds)
    bottom = bottoms(seeds)
    plain, heavy = walk(SGD(), PLAIN, STEPS, bottom), walk(SGD(MOMENTUM), HEAVY, STEPS, bottom)
    calm = strength(walk(Adam(), ADAM, EARLY, bottom)[-1], bottom)
    shaken = noisy((*seeds, *MANY))[:, : len(seeds)]
    return {
        "plain_is_same": Claim(apart(heavy), "==", 0),
        "momentum_is_weaker": Claim(strength(plain[-1], bottom)[1].max(axis=1), "<", 0.2),
        "momentum_has_a_twin": Claim(twin(bottom, MOMENTUM), "==", 0),
        "adam_l2_is_ridge": Claim(np.abs(calm[1] - 1).max(axis=1), "<", 0.01),
        "adamw_lets_go": Claim(shaken[1].max(axis=1), "<", calm[1].max(axis=1) / 5),
        "adam_l2_is_even": Claim(uneven(shaken[1]), "<", 2),
        "adamw_follows_noise": Claim(shaken[0, :, 1] / shaken[0, :, 0], ">", 5),
    }


def draw_parting(ax: Any, data: Any) -> None:
    from figures import plot

    plot.linear_axis(ax, 0, data["last"], "歩数")
    plot.value_axis(ax, 2, 3.2, "重み")
    plot.curves(ax, data["steps"], {name: data[name] for name in ("L2", "減衰")})
