"""損失の谷を、何歩で下りられるのか。

データ: 糖尿病データの442人から300人を20通りに選ぶ（figures/data/diabetes.py）。10項目を平均0、分散1にそろえる。
ほかに、一変数の曲がった谷を、20の出発点から。
解き方: 1/(2n)‖y−Xw‖² を、全員ぶんの勾配で w=0 から下りる。勾配降下法は式で、モメンタムとネステロフの加速法は
一歩ずつ、特異値分解の向きで進める。「着いた」は、出発点の高さの100万分の1まで下りたこと。
出典: モメンタムのμとηは Polyak (1964), USSR Comput. Math. Math. Phys. 4(5)。曲がった谷と出発点の範囲は
Lessard, Recht & Packard (2016), SIAM J. Optim. 26(1)。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from figures.data.diabetes import load_diabetes
from figures.data.synthetic import orthonormal
from figures.models.decompose import decompose
from figures.models.gradient_descent import descent_factors, stability_limit
from figures.models.optimizers import SGD, step
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization
from figures.results import Claim, Number, Result

SEEDS = range(20)
N_ROWS = 300
ARRIVED = 1e-6  # of the height of the start
SHARES = (0.5, 0.9, 0.95, 0.98, 0.99, 0.992, 0.994, 0.996, 0.998, 0.999)  # learning rates, in shares of the limit
RATE = 0.1  # a usual learning rate
STALLED = 1e-4  # a usual reason to stop: the loss falls by less than this share a step
SLOW, OVER = 0.1, 1.01  # learning rates far below and just beyond the limit, in limits
HOP = 50  # steps
BENT, STEEP = 1.0, 25.0  # the least and the greatest curvature of the valley of one variable


class Valley(NamedTuple):
    """The loss along its principal directions: curvatures s², the bottom, and how high it lies."""

    X: Floats
    curvature: Floats
    bottom: Floats
    floor: float
    limit: float  # of the learning rate
    raw_limit: float  # the same for columns with their own variances

    def rest(self, rate: float, steps: Iterable[int]) -> Floats:
        """What gradient descent still has to go: (n_steps, rank)."""
        return self.bottom * (1 - descent_factors(self.X, rate, np.fromiter(steps, float)))

    def left(self, rest: Floats) -> Floats:
        """Its height over the bottom, in heights of the start: (n_steps,)."""
        return np.asarray(rest**2 @ self.curvature / (self.bottom**2 @ self.curvature))


def valley(X: Floats, y: Floats) -> Valley:
    raw, X, y = X - X.mean(axis=0), fit_standardization(X).apply(X), y - y.mean()
    U, d, _ = decompose(X)
    floor = float((y @ y - ((U.T @ y) ** 2).sum()) / len(X) / 2)
    return Valley(X, d**2 / len(X), U.T @ y / d, floor, stability_limit(X), stability_limit(raw))


def diabetes(seed: int) -> Valley:
    X, y = load_diabetes()
    rows = np.random.default_rng(seed).permutation(len(X))[:N_ROWS]
    return valley(X[rows], y[rows])


def steps_to(v: Valley, rate: float, at_most: int = 4000) -> int:
    """Steps of gradient descent until it has arrived, at most a multiple of ``HOP``."""

    def missing(steps: range) -> int:
        return int((v.left(v.rest(rate, steps)) > ARRIVED).sum())

    # The height falls with each step: the last hop that has not arrived, and from there on step by step.
    before = HOP * (missing(range(0, at_most, HOP)) - 1)
    return before + missing(range(before, before + HOP))


def angle(v: Valley) -> float:
    """Degrees at the start between the way against the gradient and the straight way to the bottom."""
    g = v.curvature * v.bottom
    cosine = g @ v.bottom / np.sqrt(g @ g * (v.bottom @ v.bottom))
    return float(np.round(np.degrees(np.arccos(np.minimum(cosine, 1))), 6))


def stalled(v: Valley) -> tuple[int, float, float]:
    """Where the loss has all but ceased to fall: the step, and what is left of the height and of the way."""
    rest = v.rest(RATE, range(2000))
    loss = v.left(rest) * (v.bottom**2 @ v.curvature) / 2 + v.floor
    k = int(np.argmax(1 - loss[1:] / loss[:-1] < STALLED))
    return k, v.left(rest)[k], float(np.sqrt((rest[k] @ rest[k]) / (v.bottom @ v.bottom)))


def walk(nesterov: bool, most: float, least: float, gradient: Callable[[Floats], Floats], start: Floats) -> Floats:
    """500 steps with the μ and η that are best (Nesterov: usual) between these curvatures: (501, n_weights)."""
    a, b = np.sqrt(most), np.sqrt(least)
    momentum, rate = ((a - b) / (a + b), 1 / most) if nesterov else (((a - b) / (a + b)) ** 2, (2 / (a + b)) ** 2)
    optimizer, parameters, way = SGD(momentum, nesterov), {"W1": start.copy()}, [start]
    for _ in range(500):
        step(optimizer, parameters, {"W1": gradient(parameters["W1"])}, rate)
        way.append(parameters["W1"].copy())
    return np.array(way)


def down(v: Valley, nesterov: bool = False) -> tuple[int, float]:
    """The step from which on it has arrived, and the highest place on the way, in heights of the start."""
    c = v.curvature
    left = v.left(walk(nesterov, c[0], c[-1], lambda w: c * (w - v.bottom), np.zeros_like(c)) - v.bottom)
    return int(np.flatnonzero(left > ARRIVED)[-1]) + 1, float(np.round(left.max(), 6))


@cache  # the falsifier asks again
def all_down(seeds: tuple[int, ...], nesterov: bool) -> Floats:
    """``down`` in the diabetes data: (2, n_seeds)."""
    return np.array([down(diabetes(seed), nesterov) for seed in seeds]).T


def bends(seeds: Iterable[int], nesterov: bool = False) -> Floats:
    """How far from the bottom at 0 the last 50 steps come in a valley that is less steep between 1 and 2."""
    start = np.array([3.07 + 0.02 * seed for seed in seeds])
    way = walk(nesterov, STEEP, BENT, lambda w: STEEP * w - (STEEP - BENT) * np.clip(w - 1, 0, 1), start)
    return np.asarray(np.abs(way[-50:]).max(axis=0))


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = tuple(seeds)
    valleys = [diabetes(seed) for seed in seeds]
    tried = np.array([[steps_to(v, share * v.limit) for share in SHARES] for v in valleys])
    (momentum, peak), (nesterov, top) = (all_down(seeds, which) for which in (False, True))
    stop, stop_height, stop_way = np.array([stalled(v) for v in valleys]).T
    over = np.array([v.left(v.rest(OVER * v.limit, range(1001))) for v in valleys])
    angles, fastest = [angle(v) for v in valleys], tried.min(axis=1)
    unscaled = [v.limit / v.raw_limit for v in valleys]
    return {
        "repeats": Number(len(valleys), "通り", "人の選び方", digits=0),
        "arrived": Number(ARRIVED, "%", "着いたとみなす、出発点の高さに対する割合", digits=4),
        "patients": Number(N_ROWS, "人", "学習に使う人の数", digits=0),
        "weights": Number(len(valleys[0].bottom), "個", "重みの数", digits=0),
        "gradient_angle": Number(angles, "度", "出発点で、勾配の逆の向きと、底の方角がなす角"),
        "points_elsewhere": Claim(angles, ">", 30, about="勾配の逆の向きと、底の方角がなす角"),
        "descent_steps": Number(fastest, "歩", "勾配降下法が着くまで、いちばん速い学習率で"),
        "slow": Number(SLOW, "%", "遅い学習率の、限界に対する割合", digits=0),
        "slow_steps": Number([steps_to(v, SLOW * v.limit, 20000) for v in valleys], "歩", "着くまで、遅い学習率で"),
        "limit": Number([v.limit for v in valleys], "", "勾配降下法の学習率の限界"),
        "fastest_share": Number(np.array(SHARES)[tried.argmin(axis=1)], "%", "いちばん速い学習率の、限界に対する割合"),
        "unscaled": Number(unscaled, "倍", "分散をそろえると、学習率の限界が何倍になるか"),
        "momentum_steps": Number(momentum, "歩", "モメンタムが着くまで"),
        "momentum_times": Number(fastest / momentum, "倍", "勾配降下法の歩数は、モメンタムの何倍か"),
        "momentum_faster": Claim(momentum, "<", fastest, about="着くまでの歩数、モメンタムと勾配降下法"),
        "momentum_peak": Number(peak, "倍", "モメンタムの途中でいちばん高いところ、出発点の高さの何倍か"),
        "nesterov_steps": Number(nesterov, "歩", "ネステロフの加速法が着くまで"),
        "never_climbs": Claim(top, "<=", 1, about="ネステロフの加速法の途中でいちばん高いところ、出発点が1"),
        "momentum_loops": Claim(bends(seeds), ">", 1, about="曲がった谷で最後の50歩、底から最も遠いところ、モメンタム"),
        "nesterov_settles": Claim(bends(seeds, True), "<", ARRIVED, about="同じ、ネステロフの加速法"),
        "rate": Number(RATE, "", "打ち切りの例の学習率", digits=1),
        "stop_rule": Number(STALLED, "%", "一歩で損失の減る割合がこれより小さくなったら止める", digits=2),
        "stop_step": Number(stop, "歩", "そのとき何歩目か"),
        "stop_height": Number(stop_height, "%", "そのとき残っている、底までの高さ"),
        "stop_way": Number(stop_way, "%", "そのとき残っている、底までの道のり（重みの差の長さ）"),
        "under_steps": Number(tried[:, SHARES.index(0.99)], "歩", "限界より1%小さい学習率で、着くまで"),
        "over": Number(OVER - 1, "%", "限界を超えた割合", digits=0),
        "over_lowest": Number(over.argmin(axis=1), "歩", "限界より1%大きい学習率で、いちばん低くなるまで"),
        "over_worse": Number((over[:, 1:] > 1).argmax(axis=1) + 1, "歩", "同じ、出発点より高くなるまで"),
        "over_end": Number(over[:, -1], "倍", "同じ、1000歩のあとの高さ、出発点の何倍か"),
        "over_steps": Number(over.shape[1] - 1, "歩", "同じ、歩かせた歩数", digits=0),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """A valley as steep in all directions; the two ways of keeping speed change places."""
    seeds = tuple(seeds)
    even = [valley(*orthonormal(seed, np.arange(1.0, 11))) for seed in seeds]
    return {
        "points_elsewhere": Claim([angle(v) for v in even], ">", 30),
        "momentum_faster": Claim([down(v)[0] for v in even], "<", [steps_to(v, v.limit / 2) for v in even]),
        "never_climbs": Claim(all_down(seeds, False)[1], "<=", 1),
        "momentum_loops": Claim(bends(seeds, True), ">", 1),
        "nesterov_settles": Claim(bends(seeds), "<", ARRIVED),
    }
