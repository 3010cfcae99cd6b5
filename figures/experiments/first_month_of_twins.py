"""一か月ぶんの表で、五つ子はどう別れるのか。

データ: elastic_net と同じ20項目。動かせる図は、はじめの月の100行（小数第3位まで）。短いコードは40か月ぶん。
解き方: 1/(2n)‖y−Xw‖² に λ1‖w‖₁ と λ2/2‖w‖² を足して最小にする。図では、scikit-learnのように λ1=ρλ、λ2=(1−ρ)λ と動かす。
図は折れ線の経路で解き、短いコードは座標降下法で解く。
出典: 座標降下法は Friedman, Hastie & Tibshirani (2010), J. Stat. Softw. 33(1), 式(5)。
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from figures.experiments.elastic_net import FIRST, FOLDS, LITTLE, MUCH, N_OTHERS, N_TWINS
from figures.live import Live
from figures.models.cross_validation import Split, leave_out, split
from figures.models.elastic_net import elastic_net_many
from figures.models.regression_data import Floats
from figures.models.standardize import fit_standardization
from figures.results import Claim, Figure, Number, Result

SEEDS = range(40)
CODE_L1 = 0.4  # λ1 of the short code
AXIS = 10.0 ** (np.arange(-20, 11) / 10)  # the λ of the figure
CURSOR, SHARE, MONTH = 1.0, 0.5, 0  # λ at first, ρ, and the seed of the month
NAMES = [*"ABCDE", *(f"無関係{j + 1}" for j in range(N_OTHERS))]


def months(l2: float, l1: float = 0.4, sweeps: int = 400) -> float:
    import numpy as np

    draws = np.array([np.random.default_rng(s).standard_normal((100, 22)) for s in range(40)])
    X = draws[..., :20].copy()
    X[..., :5] = np.sqrt(0.99) * draws[..., 20:21] + 0.1 * X[..., :5]  # twins: one source, a little of their own
    y = X[..., :5].sum(axis=2) + 3 * draws[..., 21]
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    G = X.transpose(0, 2, 1) @ X / 100
    c = np.einsum("sij,si->sj", X, y - y.mean(axis=1, keepdims=True)) / 100
    w = np.zeros((40, 20))
    for _ in range(sweeps):
        for j in range(20):  # one weight at a time, where it is best while the others stand still
            z = c[:, j] - (G[:, j] * w).sum(axis=1) + w[:, j]
            w[:, j] = np.sign(z) * np.maximum(abs(z) - l1, 0) / (1 + l2)
    return float((w[:, :5] != 0).sum(axis=1).mean())  # twins that stay, of five


def first_month() -> tuple[Floats, Floats]:
    """The rows to learn from, with three decimals: small enough to travel to a reader's browser."""
    X, y = FIRST.tables([MONTH])[0]
    return X[: FIRST.rows].round(3), y[: FIRST.rows].round(3)


def shared(X: Floats, y: Floats, lambdas: Floats, share: float) -> Floats:
    """λ1 = ρλ and λ2 = (1-ρ)λ: (n_lambdas, n_features)."""
    return np.array([elastic_net_many([(X, y)], share * lam, (1 - share) * lam)[0, 0] for lam in lambdas])


def at_cursor(method: str, share: float) -> tuple[Floats, dict[str, Result]]:
    """The weights of the first month at the cursor, and what the reader's browser computes again."""
    X, y = first_month()
    one = np.array([CURSOR])
    whole = Split(*2 * (fit_standardization(X).apply(X), y - y.mean()))
    w = shared(whole.X, whole.y, one, share)[0]
    left_out = [fold.squared_errors(shared(fold.X, fold.y, one, share)[0]) for fold in leave_out(X, y, FOLDS)]
    validation = np.sqrt(np.concatenate(left_out).mean())
    about = f"{method}、λ={CURSOR:g}、はじめの月"
    return w, {
        f"all_{method}_zeros": Number(np.sum(w == 0), "個", f"ちょうど0の重み、{about}", digits=0),
        f"all_{method}_norm": Number(np.linalg.norm(w), "", f"重みの長さ、{about}", digits=3),
        f"all_{method}_training": Number(whole.rmse(w), "", f"学習誤差（RMSE）、{about}", digits=3),
        f"all_{method}_validation": Number(validation, "", f"検証誤差（RMSE）、5分割の交差検証、{about}", digits=3),
    }


def exactly(seeds: Iterable[int], l2: float) -> Floats:
    """What the short code computes, by the exact path: the twins that stay, (n_seeds,)."""
    splits = [split(X, y, FIRST.rows) for X, y in FIRST.tables(seeds)]
    w = elastic_net_many([(t.X, t.y) for t in splits], np.array([CODE_L1]), l2)[:, 0]
    return np.asarray((w[:, :N_TWINS] != 0).sum(axis=1), dtype=np.float64)


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    results: dict[str, Result] = {
        "code_lambda": Number(CODE_L1, "", "短いコードのλ1", digits=1),
        "cursor": Number(CURSOR, "", "動かせる図の、はじめのλ", digits=0),
        "share": Number(SHARE, "", "動かせる図の、L1の割合", digits=1),
    }
    code, exact = [], []
    for name, l2 in (("l1", 0.0), ("little", LITTLE), ("much", MUCH)):
        code.append(months(l2))
        exact.append(exactly(seeds, l2).mean())
        results[f"code_{name}"] = Number(code[-1], "", f"短いコードで残った五つ子の数、λ2={l2:g}", digits=3)
    results["code_is_exact"] = Claim(code, "==", exact, about="残った五つ子の数の平均、短いコードと、経路で解いたもの")
    return results | live()


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Too few sweeps: coordinate descent is still on its way."""
    doses = (0.0, LITTLE, MUCH)
    exact = [exactly(seeds, l2).mean() for l2 in doses]
    return {"code_is_exact": Claim([months(l2, sweeps=3) for l2 in doses], "==", exact)}


def live() -> dict[str, Result]:
    X, y = first_month()
    scaled, centred = fit_standardization(X).apply(X), y - y.mean()
    panels, found = {}, dict[str, Result]()
    for title, method, share in (("L1", "l1", 1.0), ("エラスティックネット", "en", SHARE)):
        w, numbers = at_cursor(method, share)
        found |= numbers
        panels[title] = {
            "method": method,
            "lambdas": AXIS,
            "names": NAMES,
            "coef": shared(scaled, centred, AXIS, share).T,
            "cursor": CURSOR,
            "at_cursor": w,
            "zero": w == 0,
        }
    return found | {
        "paths": Figure(
            panels,
            title="λを強めると、エラスティックネットの五つ子だけが一つに集まる",
            caption="AからEの太い線を、左から右へ追ってください。縦軸が重み、横軸がλです。"
            "細い線は無関係な{{ elastic_net.n_others }}。中の抜けた丸は、横の位置でなく数を見ます。"
            "縦線のλでちょうど0の重みの数で、細い線のぶんも入ります。"
            "はじめの縦線はλ＝{{ first_month_of_twins.cursor }}、はじめの月の{{ elastic_net.rows }}で、"
            "検証誤差は{{ elastic_net.folds }}の交差検証。"
            "エラスティックネットのλ1とλ2は、どちらもλに{{ first_month_of_twins.share }}を掛けたもの。",
            alt="横軸はλ、縦軸は{{ elastic_net.twins }}の五つ子と無関係な項目の重み。"
            "L1では、λを強くすると五つ子の線が離れ離れに0に着く。エラスティックネットでは、はじめ離れていた五つ子の線が一つに集まり、そろって0へ向かう。",
            live=Live("penalty", {"X": X, "y": y, "folds": FOLDS, "ratio": SHARE}, check="all"),
        ),
    }


def draw_paths(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.01, 10)
    plot.value_axis(ax, -2, 6)
    plot.paths(ax, **data, primary=NAMES[:N_TWINS])
