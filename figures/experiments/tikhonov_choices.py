"""ぼけを戻すλは、どの決め方に任せればよいのか。

データ: ぼけて雑音の乗った、なだらかな山の写真の1行、40画素（figures/data/blurred.py）。
種ごとに引きなおして20回と、別の100回（2階差分では雑音が3倍のときも）。星は100回。
解き方: 1/(2n)‖y−Xw‖² に λ/2‖Γw‖² を足して最小にする。L2はΓ＝I−11'/p、もう一つは2階差分。
λは次の通りに決める。もとの写真にいちばん近いもの（実際には選べない）、雑音σを知っている不一致原理、σを1割まちがえた不一致原理、
L字曲線の角、5分割の交差検証（外すのは5画素ごとのセンサーの値）、一般化交差検証（GCV）。角と交差検証の格子はどちらのΓでも同じ。
出典: 不一致原理は Morozov (1966), Soviet Math. Dokl. 7。L字曲線は Hansen & O'Leary (1993), SIAM J. Sci. Comput. 14(6)、
その限界は Hanke (1996), BIT 36。GCVは Golub, Heath & Wahba (1979), Technometrics 21(2)。
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from figures.data.blurred import blur, hills, photograph, stars
from figures.experiments.tikhonov import FINE, FOLDS, GAMMAS, GRID, MANY, NOISE, WIDTH, off
from figures.models.discrepancy import discrepancy_lambda
from figures.models.folds import k_folds
from figures.models.l_curve import l_curve
from figures.models.regression_data import Floats
from figures.models.tikhonov import generalized_svd, tikhonov
from figures.results import Claim, Number, Result, Table

SEEDS = range(20)
LOUD = 3  # times the noise
WRONG = 0.1  # by which share σ is misjudged
SIGMAS = {"noise": 1.0, "low": 1 - WRONG, "high": 1 + WRONG}  # what the discrepancy principle is told, times σ
BAD, FAILED = 1.5, 2.0  # an error that is larger than the smallest one by this is called so
RULES = {
    "best": "最良（本物に最も近い）",
    "noise": "不一致原理",
    "low": "不一致原理、σを小さく",
    "high": "不一致原理、σを大きく",
    "corner": "L字曲線の角",
    "cv": "交差検証（中央値）",
}


def validated_lambda(X: Floats, y: Floats, Gamma: Floats) -> float:
    """Cross-validation on the rows of y: X stays as it is, since its unit means something."""
    fold, curve = k_folds(len(y), FOLDS), np.zeros(len(GRID))
    for k in range(FOLDS):
        out = fold == k
        w = tikhonov(X[~out], y[~out], Gamma, GRID)
        curve += np.square(y[out] - w @ X[out].T).sum(axis=1)
    return float(GRID[curve.argmin()])


def gcv_lambda(X: Floats, y: Floats, Gamma: Floats) -> float:
    """Generalised cross-validation: the smallest ||y - Xw||² / (n - df)², where df is the sum of the f_k."""
    _, c, s, _ = generalized_svd(X, Gamma)
    df = (1 / (1 + len(y) * GRID[:, None] * np.square(s / c))).sum(axis=1)
    rest = np.square(y - tikhonov(X, y, Gamma, GRID) @ X.T).sum(axis=1)
    return float(GRID[(rest / np.square(len(y) - df)).argmin()])


def errors_by_rule(
    seeds: Iterable[int], gamma: str, sigmas: dict[str, float] = SIGMAS, noise: float = NOISE
) -> dict[str, Floats]:
    """For each rule the error of what it restores: (n_seeds,); and two ratios of λ.

    ``corner_ratio`` is the best λ by that of the corner, ``noise_ratio`` that of the discrepancy principle by the best.
    """
    X, Gamma = blur(WIDTH), GAMMAS[gamma]
    rows = []
    for seed in seeds:
        truth, y = photograph(seed, hills, X, noise)
        chosen = {rule: discrepancy_lambda(X, y, Gamma, noise * share) for rule, share in sigmas.items()} | {
            "corner": l_curve(X, y, Gamma, GRID).corner,
            "cv": validated_lambda(X, y, Gamma),
            "gcv": gcv_lambda(X, y, Gamma),
        }
        errors = off(tikhonov(X, y, Gamma, [*GRID, *chosen.values()]), truth)
        by_lambda, by_rule = errors[: len(GRID)], errors[len(GRID) :]
        best = GRID[by_lambda.argmin()]
        rows.append(
            dict(zip(chosen, by_rule, strict=True))
            | {
                "best": by_lambda.min(),
                "corner_ratio": best / chosen["corner"],
                "noise_ratio": chosen["noise"] / best,
            }
        )
    return {rule: np.array([row[rule] for row in rows], dtype=float) for rule in rows[0]}


def corner_cost(seeds: Iterable[int], gamma: str) -> Floats:
    """The error at the corner of a grid ten times as fine, divided by the smallest one: (n_seeds,)."""
    X, Gamma, cost = blur(WIDTH), GAMMAS[gamma], []
    for seed in seeds:
        truth, y = photograph(seed, hills, X, NOISE)
        corner = l_curve(X, y, Gamma, FINE).corner
        *by_lambda, at_corner = off(tikhonov(X, y, Gamma, [*GRID, corner]), truth)
        cost.append(at_corner / min(by_lambda))
    return np.array(cost)


def stars_at_noise(seeds: Iterable[int], gamma: str) -> Floats:
    """The error on a night sky, λ from the discrepancy principle: (n_seeds,)."""
    X, Gamma, errors = blur(WIDTH), GAMMAS[gamma], []
    for seed in seeds:
        truth, y = photograph(seed, stars, X, NOISE)
        errors.append(off(tikhonov(X, y, Gamma, discrepancy_lambda(X, y, Gamma, NOISE))[0], truth))
    return np.array(errors)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    l2, bend = (errors_by_rule(seeds, name) for name in ("l2", "second"))
    night = {name: stars_at_noise(MANY, name) for name in ("l2", "second")}
    many = {"l2": errors_by_rule(MANY, "l2"), "second": errors_by_rule(MANY, "second", {"noise": 1.0})}
    loud = errors_by_rule(MANY, "second", {"noise": 1.0}, LOUD * NOISE)
    results: dict[str, Result] = {
        "loud": Number(LOUD, "倍", "雑音を大きくする倍率", digits=0),
        **{
            f"loud_{rule}_fails": Number(
                np.sum(loud[rule] > FAILED * loud["best"]),
                "回",
                f"2階差分、{RULES[rule]}の誤差が最小の2倍を超えた回数、雑音が3倍、別の100枚",
                digits=0,
            )
            for rule in ("corner", "noise")
        },
        "wrong": Number(WRONG, "%", "σを見まちがえる割合", digits=0),
        "bad": Number(BAD, "倍", "角が外したと言うときの、最小の誤差との比", digits=1),
        "failed": Number(FAILED, "倍", "交差検証が外したと言うときの、最小の誤差との比", digits=0),
        "folds": Number(FOLDS, "組", "交差検証の組の数", digits=0),
    }
    for name, word, of in (("l2", "L2", l2), ("second", "2階差分", bend)):
        results |= {f"{name}_{rule}": Number(of[rule], "", f"誤差、{word}、{said}") for rule, said in RULES.items()}
        more = many[name]
        results |= {
            f"{name}_corner_cost": Number(of["corner"] / of["best"], "倍", f"{word}、角の誤差と最小の誤差の比"),
            f"{name}_noise_cost": Number(of["noise"] / of["best"], "倍", f"{word}、不一致原理の誤差と最小の誤差の比"),
            # A single miss of 200 times rules the mean: the median for the typical error, a count for the misses.
            f"{name}_cv": Number(np.median(of["cv"]), "", f"{word}、交差検証の誤差の中央値", digits=4),
            **{
                f"{name}_{rule}_fails": Number(
                    np.sum(more[rule] > FAILED * more["best"]),
                    "回",
                    f"{word}、{said}の誤差が最小の2倍を超えた回数、別の100枚",
                    digits=0,
                )
                for rule, said in (("cv", "交差検証"), ("gcv", "一般化交差検証"))
            },
            f"{name}_corner_many": Number(more["corner"] / more["best"], "倍", f"{word}、角の比、別の100枚"),
            f"{name}_noise_many": Number(more["noise"] / more["best"], "倍", f"{word}、不一致原理の比、別の100枚"),
        }
    low, high = (many["l2"][rule] / many["l2"]["best"] for rule in ("low", "high"))
    return results | {
        "l2_low_fails": Number(
            np.sum(low > FAILED), "回", "L2、σを小さくして最小の2倍を超えた回数、別の100枚", digits=0
        ),
        "l2_low_worst": Number(low.max(), "倍", "L2、σを小さくしたときの最も悪い比、別の100枚", digits=1),
        "l2_high_worst": Number(high.max(), "倍", "L2、σを大きくしたときの最も悪い比、別の100枚", digits=1),
        "l2_corner_fine": Number(corner_cost(seeds, "l2"), "倍", "L2、角を10倍細かい格子で取った比"),
        "corner_early": Number(np.sum(l2["corner_ratio"] > 1), "回", "L2、角のλが最良のλより小さい回数", digits=0),
        "noise_late": Number(
            np.sum(bend["noise_ratio"] > 1), "回", "2階差分、不一致原理のλが最良より大きい回数", digits=0
        ),
        "wins_noise": Number(
            np.sum(bend["noise"] < l2["noise"]), "回", "2階差分の誤差が小さい回数、不一致原理", digits=0
        ),
        "stars_loss": Number(
            night["second"] / night["l2"] - 1, "%", "2階差分に替えて増えた誤差、星、不一致原理、100枚"
        ),
        "stars_l2_wins": Claim(night["l2"], "<", night["second"], 0.8, "誤差、L2と2階差分、星、不一致原理、100枚", 2),
        "corner_ruins_l2": Claim(l2["corner"], ">", BAD * l2["best"], 0.9, "L2、角の誤差と、最小の誤差の1.5倍"),
        "corner_suits_second": Claim(bend["corner"], "<", bend["noise"], 0.7, "2階差分、角と不一致原理の誤差", 2),
        "noise_suits_l2": Claim(l2["noise"], "<", l2["corner"], about="L2、不一致原理と角の誤差"),
        "by_rule": Table(
            ["λの決め方", "L2", "2階差分"],
            {said: [f"l2_{rule}", f"second_{rule}"] for rule, said in RULES.items()},
            "本物との誤差。不一致原理と角の順位が、Γで入れかわる。σの大小は{{ tikhonov_choices.wrong }}の見まちがい。",
        ),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Hills for stars; and each claim about one Γ, asked of the other one."""
    seeds = list(seeds)
    l2, bend = (errors_by_rule(seeds, name) for name in ("l2", "second"))
    return {
        "stars_l2_wins": Claim(l2["noise"], "<", bend["noise"], 0.8, "", 2),
        "corner_ruins_l2": Claim(bend["corner"], ">", BAD * bend["best"], 0.9),
        "corner_suits_second": Claim(l2["corner"], "<", l2["noise"], 0.7, "", 2),
        "noise_suits_l2": Claim(bend["noise"], "<", bend["corner"]),
    }
