"""L1は引き算、L2は掛け算なのか。

データ: 項目が互いに無関係（直交）な合成データを20回、100行、10項目（figures/data/synthetic.py）。
ほかに、相関のある二項目の例。
解き方: 1/(2n)‖y−Xw‖² に、L1は λ‖w‖₁、L2は λ/2‖w‖² を足して最小にする。反復はせず、L1は折れ線の経路、
L2は特異値分解で解く。二項目の例は、重み0からの勾配降下でも解く。
出典: 直交するときの式は Tibshirani (1996), J. R. Stat. Soc. B 58(1), 2.2節の式(3)。
向きごとの式は Hoerl & Kennard (1970), Technometrics 12(1)。
向きごとの速さとモメンタムは Polyak (1964), USSR Comput. Math. Math. Phys. 4(5) と Goh (2017), Distill。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from figures.data.synthetic import orthonormal
from figures.live import LONGEST, NEAR, Live
from figures.models.optimizers import SGD, step
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge
from figures.models.side_by_side import Weights, fit
from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)
TRUTH = np.array([5, -4, 3, -2.5, 2, -1.5, 1, -0.75, 0.4, -0.2])  # true weights
LAMBDA = 0.5
PAIR = (2, -0.5)  # weights of the smallest example without a penalty
CORRELATION, PAIR_LAMBDA = 0.9, 0.1  # of its two features; its λ
WEAKEST, STRONGEST = 0.001, 1  # λ of the figure
RATE, MOMENTUM = 0.5, 0.6  # η and μ, for every λ
DRAWN = 20  # steps


def straight(seeds: Iterable[int], correlation: float = 0.0) -> Weights:
    """Features with X'X/n = I, or with one ``correlation`` between any two of them."""
    mixed = np.linalg.cholesky((1 - correlation) * np.eye(len(TRUTH)) + correlation).T
    return fit(((X @ mixed, y) for X, y in (orthonormal(seed, TRUTH) for seed in seeds)), LAMBDA, LAMBDA)


def shift_error(w: Floats, none: Floats) -> Floats:
    """Largest | |w_none| - |w| - λ | over the weights that are not 0, in millionths (finer is rounding)."""
    shift = np.where(w == 0, np.nan, np.abs(none) - np.abs(w))
    return np.asarray(np.round(np.nanmax(np.abs(shift - LAMBDA), axis=1), 6))


def factor_error(w: Floats, none: Floats) -> Floats:
    """Largest | w / w_none - 1 / (1 + λ) |, in millionths."""
    return np.asarray(np.round(np.max(np.abs(w / none - 1 / (1 + LAMBDA)), axis=1), 6))


def pair(correlation: float = CORRELATION, lam: float = PAIR_LAMBDA) -> tuple[Floats, Floats]:
    """The smallest example: two features, weights 2 and -0.5 without a penalty. Return L2's weights and what it keeps.

    X'X/n = [[1, r], [r, 1]] has the directions (1, 1) and (1, -1), with s² = 1 + r and 1 - r.
    """
    X = np.sqrt(2) * np.linalg.cholesky(np.array([[1, correlation], [correlation, 1]])).T
    y = X @ np.array(PAIR)
    return ridge(X, y, lam)[0], filter_factors(X, lam)[0]


def descend(
    lam: float,
    momentum: float = 0.0,
    weights: Floats = np.array(PAIR, dtype=float),  # noqa: B008  # never written to
    correlation: float = CORRELATION,
    rate: float = RATE,
) -> tuple[Floats, Floats]:
    """The same example, step by step from w = 0 down to the bottom of ½ (w - w₀)'A (w - w₀) + λ/2 ||w||².

    Args:
        lam: λ.
        momentum: μ.
        weights: (2,) or (2, n), w₀: the bottom without a penalty.
        correlation: r of A = [[1, r], [r, 1]].
        rate: η.

    Returns:
        (LONGEST + 1, 2) or (LONGEST + 1, 2, n), all w; and how many steps it takes until w stays NEAR the bottom.
    """
    A = np.array([[1, correlation], [correlation, 1]])
    w, optimizer = np.zeros_like(weights), SGD(momentum)
    way = [w.copy()]
    for _ in range(LONGEST):
        step(optimizer, {"W": w}, {"W": A @ (w - weights)}, rate, l2=lam)
        way.append(w.copy())
    bottom = np.linalg.solve(A + lam * np.eye(2), A @ weights)
    distance = np.linalg.norm(np.array(way) - bottom, axis=1)
    late = distance > NEAR * distance[0]
    return np.array(way), LONGEST + 1 - np.argmax(late[::-1], axis=0)


def random_weights(seeds: Iterable[int]) -> Floats:
    """w₀ ~ N(0, I): (2, n_seeds)."""
    return np.array([np.random.default_rng(seed).standard_normal(2) for seed in seeds]).T


def valley() -> dict[str, Any]:
    """The height over both weights at the λ of the example, its bottom, and both ways from 0."""
    x, y = np.linspace(-0.5, 2.5, 91), np.linspace(-0.75, 1.25, 61)
    d, e = x[None, :] - PAIR[0], y[:, None] - PAIR[1]
    return {
        "method": "l2",
        "cursor": PAIR_LAMBDA,
        "x": x,
        "y": y,
        "heights": (d**2 + 2 * CORRELATION * d * e + e**2) / 2 + PAIR_LAMBDA / 2 * (x[None, :] ** 2 + y[:, None] ** 2),
        "bottom": pair()[0],
        "ways": {
            name: descend(PAIR_LAMBDA, momentum)[0][: DRAWN + 1]
            for name, momentum in (("勾配降下", 0.0), ("モメンタム", MOMENTUM))
        },
    }


def descents() -> dict[str, Result]:
    """Both ways down at the λ of the figure, drawn and checked by the reader's browser; and at its other λ."""
    found: dict[str, Result] = {
        "pair_rate": Number(RATE, "", "二項目の例、学習率η", digits=1),
        "pair_mu": Number(MOMENTUM, "", "二項目の例、モメンタムμ", digits=1),
        "pair_drawn": Number(DRAWN, "歩", "二項目の例、図に描いた歩数", digits=0),
        "pair_near": Number(NEAR, "%", "二項目の例、着いたとみなす、谷底までの残り", digits=0),
        "pair_strongest": Number(STRONGEST, "", "二項目の例、図の右端のλ", digits=0),
    }
    for method, name, momentum in (("plain", "勾配降下", 0.0), ("momentum", "モメンタム", MOMENTUM)):
        for lam, at in ((0, "_none"), (PAIR_LAMBDA, ""), (STRONGEST, "_strongest")):
            steps = descend(lam, momentum)[1]
            about = f"二項目の例、λ={lam}、{name}で谷底のそばに着くまで"
            found[f"pair_{method}_steps{at}"] = Number(steps, "歩", about, digits=0)
        end = descend(PAIR_LAMBDA, momentum)[0][DRAWN]
        for i, (which, word) in enumerate((("first", "2だった重み"), ("second", "−0.5だった重み"))):
            about = f"二項目の例、{name}で図に描いた歩数のあと、{word}"
            found[f"pair_{method}_{which}"] = Number(end[i], "", about, digits=3)
    return found


def smallest_example() -> None:
    """The smallest example with NumPy alone: what the article shows is what runs here."""
    # region by_hand
    import numpy as np

    A = np.array([[1, 0.9], [0.9, 1]])  # X'X/n of two features with correlation 0.9
    w = np.array([2, -0.5])  # without a penalty
    for lam in (0, 0.1):
        print(np.linalg.solve(A + lam * np.eye(2), A @ w).round(2))
    # endregion


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    smallest_example()
    w = straight(seeds)
    l2, kept = pair()
    many = random_weights(seeds)
    return {
        # features that have nothing to do with one another
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "features": Number(len(TRUTH), "個", "直交するデータの項目の数", digits=0),
        "lambda": Number(LAMBDA, "", "直交するときのλ", digits=1),
        "l1_shift": Number(LAMBDA, "", "直交するとき、L1が引く量", digits=1),
        "l2_factor": Number(1 / (1 + LAMBDA), "倍", "直交するとき、L2が掛ける数", digits=3),
        "l1_subtracts": Claim(
            shift_error(w.l1, w.none), "==", 0, about="直交するとき、L1が引いた量とλとの、いちばん大きな差"
        ),
        "l2_multiplies": Claim(
            factor_error(w.l2, w.none), "==", 0, about="直交するとき、L2が掛けた数と1/(1+λ)との、いちばん大きな差"
        ),
        "lines": Figure(
            {"無関係な項目": {"none": w.none[0], "l1": w.l1[0], "l2": w.l2[0]}},
            title="項目が無関係なら、L1は引き算、L2は掛け算",
            caption="横が罰なしの重み、縦が罰ありの重みです。L1は「そのまま」の線と平行に、L2はまっすぐな坂に並びます。"
            "白丸は、L1でちょうど0になった重みです。",
            alt="L1の点は対角線から{{ subtract_or_multiply.l1_shift }}だけ0に近く、"
            "L2の点は傾き{{ subtract_or_multiply.l2_factor }}の直線に並ぶ。",
        ),
        # two features
        "pair_correlation": Number(CORRELATION, "", "二項目の例、相関", digits=1),
        "pair_lambda": Number(PAIR_LAMBDA, "", "二項目の例、λ", digits=1),
        "pair_first_none": Number(PAIR[0], "", "二項目の例、罰なしの重み、一つ目", digits=0),
        "pair_second_none": Number(PAIR[1], "", "二項目の例、罰なしの重み、二つ目", digits=1),
        "pair_sum_none": Number(PAIR[0] + PAIR[1], "", "二項目の例、罰なしの重みの和", digits=1),
        "pair_difference_none": Number(PAIR[0] - PAIR[1], "", "二項目の例、罰なしの重みの差", digits=1),
        "pair_first": Number(l2[0], "", "二項目の例、2だった重み", digits=2),
        "pair_second": Number(l2[1], "", "二項目の例、−0.5だった重み", digits=2),
        "pair_wide_kept": Number(kept[0], "%", "二項目の例、広がった向きで残る割合", digits=0),
        "pair_narrow_kept": Number(kept[1], "%", "二項目の例、狭い向きで残る割合", digits=0),
        # the way down to them
        **descents(),
        "l2_is_faster": Claim(
            descend(PAIR_LAMBDA, weights=many)[1],
            "<",
            descend(0, weights=many)[1],
            about="罰なしの重みを乱数で変えた、勾配降下の歩数。L2をかけたときと、かけないとき",
        ),
        "momentum_is_faster": Claim(
            descend(0, MOMENTUM, many)[1],
            "<",
            descend(0, weights=many)[1],
            about="罰なしの重みを乱数で変えた、L2をかけないときの歩数。モメンタムと、ただの勾配降下",
        ),
        "pair_valley": Figure(
            {"二つの重みの谷": valley()},
            title="λを強くすると、谷底が動き、谷が丸くなる",
            caption="＋が谷底です。λを左の端から右へ動かすと、＋が0の線をまたぎ、細長い輪が丸くなります。"
            "点の一つが一歩で、どちらの道も{{ subtract_or_multiply.pair_drawn }}まで。表の重みは、その終わりです。"
            "学習率{{ subtract_or_multiply.pair_rate }}とモメンタム{{ subtract_or_multiply.pair_mu }}は、いつも同じ。"
            "はじめはλ＝{{ subtract_or_multiply.pair_lambda }}です。",
            alt="横軸は一つ目の重み、縦軸は二つ目の重み。右下がりに細長い谷を、重み0から二つの道が下りる。"
            "勾配降下は谷に入ってから少しずつ進み、モメンタムは谷の反対側へ行きすぎ、揺れながら着く。"
            "谷底は一つ目が{{ subtract_or_multiply.pair_first }}、二つ目が{{ subtract_or_multiply.pair_second }}。",
            live=Live(
                "descent",
                {
                    "A": [[1, CORRELATION], [CORRELATION, 1]],
                    "w": PAIR,
                    "start": (0, 0),
                    "rate": RATE,
                    "momentum": MOMENTUM,
                    "steps": DRAWN,
                    "lambdas": (WEAKEST, STRONGEST),
                },
                check="pair",
            ),
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Features that are correlated: neither is a subtraction or a multiplication any more.

    On the way down: a rate so large that λ makes the steep direction too steep for it; a valley that is round already.
    """
    w, many = straight(seeds, CORRELATION), random_weights(seeds)
    return {
        "l1_subtracts": Claim(shift_error(w.l1, w.none), "==", 0),
        "l2_multiplies": Claim(factor_error(w.l2, w.none), "==", 0),
        "l2_is_faster": Claim(
            descend(PAIR_LAMBDA, weights=many, rate=1.0)[1], "<", descend(0, weights=many, rate=1.0)[1]
        ),
        "momentum_is_faster": Claim(
            descend(0, MOMENTUM, many, correlation=0)[1], "<", descend(0, weights=many, correlation=0)[1]
        ),
    }


def draw_lines(ax: Any, data: Any) -> None:
    from figures import plot

    plot.against(ax, data["none"], {"l1": data["l1"], "l2": data["l2"]}, -6, 6, joined=True)


def draw_pair_valley(ax: Any, data: Any) -> None:
    from figures import plot

    plot.linear_axis(ax, -0.5, 2.5, "一つ目")
    plot.value_axis(ax, -0.75, 1.25, "二つ目")
    plot.valley(ax, **{name: data[name] for name in ("x", "y", "heights", "ways", "bottom", "cursor")})
