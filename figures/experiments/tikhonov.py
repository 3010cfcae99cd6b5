"""ティホノフ正則化は、L2の別名なのか。

データ: ぼけて雑音の乗った、40画素の写真の1行（figures/data/blurred.py）。種ごとに引きなおす。
なだらかな山を20回と別の100回、点の星と、段のある帯を100回。
ぼけの幅は標準偏差1.5画素（山の100回は1画素と2.5画素でも）、雑音の標準偏差は0.6。誤差は、もとの明るさとの差の2乗平均の平方根。
解き方: 1/(2n)‖y−Xw‖² に λ/2‖Γw‖² を足して最小にする。反復はせず、Xと Γ を一緒に対角にして解く。
L2はΓ＝I−11'/p（明るさの平均には罰をかけない）、ほかに単位行列、1階差分、2階差分。
λの格子はどのΓでも同じで、もとの写真にいちばん近くなるものを取る。
出典: Phillips (1962), J. ACM 9(1)。Γのある形は Hansen (1998), SIAM。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from figures.data.blurred import HILLS, PIXELS, STARS, blocks, blur, hills, photograph, stars
from figures.live import Live
from figures.models.cross_validation import Split, leave_out
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.standardize import fit_standardization
from figures.models.tikhonov import first_differences, second_differences, tikhonov
from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)
MANY = range(1000, 1100)  # the headline once more, with other photographs
GRID = 10.0 ** (np.arange(-24, 17) / 4)  # the λ to choose from, a millionth to 10,000
FINE = 10.0 ** (np.arange(-240, 161) / 40)  # the same, ten times as fine
WIDTH, NOISE, FOLDS = 1.5, 0.6, 5
NARROW, WIDE = 1.0, 2.5  # the headline once more, with other blurs
SHOWN = 3  # the photograph of the figures: among the 20 its gain is the 10th smallest, neither lucky nor unlucky
LAMBDA = 0.1  # where the live figure begins
AXIS = 10.0 ** (np.arange(-12, 9) / 4)  # its λ, 0.001 to 100
ALIKE = 9  # decimals to which two ways to solve one problem are compared; finer is rounding
GAMMAS = {
    "plain": np.eye(PIXELS),
    "l2": np.eye(PIXELS) - 1 / PIXELS,  # the mean is not penalised, as an intercept is not
    "first": first_differences(PIXELS),
    "second": second_differences(PIXELS),
}
WORDS = {"plain": "L2（平均にも罰）", "l2": "L2", "first": "1階差分", "second": "2階差分"}


def off(w: Floats, truth: Floats) -> Floats:
    """How far a restored row is from the original, per pixel: one number for each row of w."""
    return np.asarray(np.sqrt(np.mean((w - truth) ** 2, axis=-1)))


def best(
    seeds: Iterable[int],
    scene: Callable[[np.random.Generator], Floats],
    gamma: str,
    grid: Floats = GRID,
    width: float = WIDTH,
) -> tuple[Floats, Floats]:
    """The error at the λ that is best for each photograph, and that λ: (n_seeds,) each."""
    X, found = blur(width), []
    for seed in seeds:
        truth, y = photograph(seed, scene, X, NOISE)
        errors = off(tikhonov(X, y, GAMMAS[gamma], grid), truth)
        found.append((errors.min(), grid[errors.argmin()]))
    errors, lambdas = np.array(found, dtype=float).T
    return errors, lambdas


def escape(gamma: str) -> float:
    """How many times smaller the best λ is for stars than for hills: medians over MANY of each."""
    return float(np.median(best(MANY, hills, gamma)[1]) / np.median(best(MANY, stars, gamma)[1]))


def numpy_alone() -> list[float]:
    """The heart of it with nothing but NumPy: the photograph SHOWN, restored with both Γ. Return both errors."""
    # region by_hand
    import numpy as np

    rng, p = np.random.default_rng(3), 40
    i, truth = np.arange(p), np.zeros(p)
    for height, centre, spread in rng.uniform((0.3, 8, 2), (1, 32, 4), (3, 3)):
        truth += height * np.exp(-(((i - centre) / spread) ** 2) / 2)
    far = (i - i[:, None] + p // 2) % p - p // 2  # of two pixels, on a ring
    X = np.exp(-((far / 1.5) ** 2) / 2)
    X /= X[0].std()
    y = X @ truth + 0.6 * rng.standard_normal(p)  # noise in the sensor's unit

    found = []
    for Gamma in (np.eye(p) - 1 / p, np.diff(np.eye(p), 2, axis=0)):  # L2, then 2nd differences
        errors = []
        for lam in 10.0 ** (np.arange(-24, 17) / 4):
            rows = np.vstack([X, np.sqrt(p * lam) * Gamma])
            w = np.linalg.lstsq(rows, np.append(y, np.zeros(len(Gamma))), rcond=None)[0]
            errors.append(np.sqrt(np.mean((w - truth) ** 2)))
        found.append(float(min(errors)))
    print(np.round(found, 4))
    # endregion
    return found


def run(seeds: Iterable[int]) -> dict[str, Result]:
    seeds = list(seeds)
    errors = {name: best(seeds, hills, name)[0] for name in GAMMAS}
    night = {name: best(MANY, stars, name)[0] for name in ("l2", "second")}
    edges = {name: best(MANY, blocks, name)[0] for name in ("l2", "second")}
    fine, many = (
        {name: best(of, hills, name, grid)[0] for name in ("l2", "second")}
        for of, grid in ((seeds, FINE), (MANY, GRID))
    )
    narrow, wide = (
        {name: best(MANY, hills, name, width=width)[0] for name in ("l2", "second")} for width in (NARROW, WIDE)
    )
    X, hand, same = blur(WIDTH), numpy_alone(), [errors[name][SHOWN] for name in ("l2", "second")]
    pairs, gain = [photograph(seed, hills, X, NOISE) for seed in seeds], X.sum(axis=1)[0]
    skies = [photograph(seed, stars, X, NOISE) for seed in MANY]
    return {
        "repeats": Number(len(seeds), "回", "くり返し", digits=0),
        "many": Number(len(MANY), "回", "くり返しを増やしたとき", digits=0),
        "pixels": Number(PIXELS, "画素", "写真の1行の長さ", digits=0),
        "hills": Number(HILLS, "個", "写真の山の数", digits=0),
        "stars": Number(STARS, "個", "夜空の星の数", digits=0),
        "width": Number(WIDTH, "画素", "ぼけの幅（標準偏差）", digits=1),
        "noise_share": Number(NOISE / gain, "", "雑音の標準偏差、明るさの目盛りで", digits=3),
        "grid_low": Number(GRID[0], "", "λの候補、いちばん小さい値", digits=6),
        "grid_high": Number(GRID[-1], "", "λの候補、いちばん大きい値", digits=0),
        "grid_size": Number(len(GRID), "個", "λの候補の数", digits=0),
        "fine_size": Number(len(FINE), "個", "λの候補の数、細かい格子", digits=0),
        "fixed_lambda": Number(LAMBDA, "", "図のはじめのλ", digits=1),
        "condition": Number(np.linalg.cond(X), "倍", "ぼけの行列の条件数", digits=0),
        # the photographs of hills
        "peak": Number([truth.max() for truth, _ in pairs], "", "いちばん明るい画素"),
        "blurred": Number([off(y / gain, truth) for truth, y in pairs], "", "誤差、ぼけたまま"),
        "divided": Number(
            [off(np.asarray(np.linalg.solve(X, y)), truth) for truth, y in pairs], "", "誤差、割り戻したとき"
        ),
        **{name: Number(of, "", f"誤差、{WORDS[name]}、最良のλ") for name, of in errors.items()},
        "gain": Number(1 - errors["second"] / errors["l2"], "%", "L2から2階差分に替えて、誤差が減った割合"),
        "gain_fine": Number(1 - fine["second"] / fine["l2"], "%", "同じく、λの格子を10倍細かくしたとき"),
        "gain_many": Number(1 - many["second"] / many["l2"], "%", "同じく、別の100枚"),
        "narrow": Number(NARROW, "画素", "細いぼけの幅（標準偏差）", digits=0),
        "wide": Number(WIDE, "画素", "太いぼけの幅（標準偏差）", digits=1),
        "gain_narrow": Number(1 - narrow["second"] / narrow["l2"], "%", "誤差が減った割合、ぼけが1画素、別の100枚"),
        "gain_wide": Number(1 - wide["second"] / wide["l2"], "%", "誤差が減った割合、ぼけが2.5画素、別の100枚"),
        "wins_wide": Number(
            np.sum(wide["second"] < wide["l2"]), "回", "2階差分の勝ち、ぼけが2.5画素、別の100枚", digits=0
        ),
        "shown_rank": Number(
            1 + np.sum(errors["second"] / errors["l2"] > errors["second"][SHOWN] / errors["l2"][SHOWN]),
            "番目",
            "図の写真の、誤差の減り方の順位（小さいほうから）",
            digits=0,
        ),
        "wins_many": Number(np.sum(many["second"] < many["l2"]), "回", "2階差分の勝ち、別の100枚", digits=0),
        "smooth_wins": Claim(errors["second"], "<", errors["l2"], about="誤差、2階差分とL2、最良のλ、山"),
        # other scenes
        "stars_blurred": Number([off(y / gain, truth) for truth, y in skies], "", "誤差、ぼけたまま、星"),
        "stars_l2": Number(night["l2"], "", "誤差、L2、星"),
        "stars_second": Number(night["second"], "", "誤差、2階差分、星"),
        "stars_loss": Number(night["second"] / night["l2"] - 1, "%", "L2から2階差分に替えて、誤差が増えた割合、星"),
        "blocks_loss": Number(edges["second"] / edges["l2"] - 1, "%", "L2から2階差分に替えて、誤差が増えた割合、帯"),
        "escape": Number(escape("second"), "倍", "2階差分の最良のλの中央値、山と星の比、100枚ずつ", digits=0),
        "escape_l2": Number(escape("l2"), "倍", "L2の最良のλの中央値、山と星の比、100枚ずつ", digits=1),
        "l2_wins_stars": Claim(night["l2"], "<", night["second"], 0.6, "誤差、L2と2階差分、最良のλ、星、100枚", 2),
        # the same with NumPy alone
        "hand_l2": Number(hand[0], "", "誤差、L2、図の写真", digits=4),
        "hand_second": Number(hand[1], "", "誤差、2階差分、図の写真", digits=4),
        "hand_agrees": Claim(np.round(np.subtract(hand, same), ALIKE), "==", 0, about="誤差、短いコードとの差"),
        **live_problem(),
        **restored(),
    }


def falsify(seeds: Iterable[int]) -> dict[str, Claim]:
    """Stars for hills, and hills for stars; the short code held against another photograph."""
    seeds = list(seeds)
    on_stars, on_hills = ([best(seeds, of, name)[0] for name in ("second", "l2")] for of in (stars, hills))
    hand, other = numpy_alone(), [best([1], hills, name)[0][0] for name in ("l2", "second")]
    return {
        "smooth_wins": Claim(on_stars[0], "<", on_stars[1]),
        "l2_wins_stars": Claim(on_hills[1], "<", on_hills[0], 0.6, "", 2),
        "hand_agrees": Claim(np.round(np.subtract(hand, other), ALIKE), "==", 0),
    }


def shown() -> tuple[Floats, Floats, Floats]:
    """X, the original and y of SHOWN, with no more digits than the reader's browser is given."""
    X = np.round(blur(WIDTH), 6)
    truth, y = photograph(SHOWN, hills, X, NOISE)
    return X, truth, np.round(y, 5)


def live_problem() -> dict[str, Result]:
    """L2 on the photograph SHOWN, along λ: what the reader's browser computes again at LAMBDA."""
    X, _, y = shown()
    whole = Split(*2 * (fit_standardization(X).apply(X), y - y.mean()))
    w = ridge(whole.X, whole.y, LAMBDA)[0]
    left_out = [fold.squared_errors(ridge(fold.X, fold.y, LAMBDA)[0]) for fold in leave_out(X, y, FOLDS)]
    names = [f"{place}番" for place in range(PIXELS)]
    panel = {
        "method": "l2",
        "lambdas": AXIS,
        "names": names,
        "coef": ridge(whole.X, whole.y, AXIS).T,
        "cursor": LAMBDA,
        "at_cursor": w,
        "zero": w == 0,
    }
    about = f"図の写真、L2、λ={LAMBDA}"
    return {
        "all_l2_zeros": Number(np.sum(w == 0), "個", f"ちょうど平均の明るさになった画素、{about}", digits=0),
        "all_l2_norm": Number(np.linalg.norm(w), "", f"重みの長さ、{about}", digits=3),
        "all_l2_training": Number(whole.rmse(w), "", f"学習誤差（RMSE）、{about}", digits=3),
        "all_l2_validation": Number(
            np.sqrt(np.concatenate(left_out).mean()), "", f"検証誤差（RMSE）、5分割の交差検証、{about}", digits=3
        ),
        "paths": Figure(
            {"L2": panel},
            title="L2のλを強くすると、どの画素も平均の明るさに集まる",
            caption="線の一本が、画素一つの明るさです（平均との差）。右へいくほどλが強く、右の端では、どの線も0、つまり平均の明るさの近くです。"
            "左では、雑音で画素ごとに散らばります。はじめの縦線はλ＝{{ tikhonov.fixed_lambda }}です。"
            "前の図と同じ写真、{{ tikhonov.pixels }}です。表の「重みの長さ」は、線を全部合わせた、0からの遠さです。"
            "検証誤差はセンサーの値の誤差で、明るさの誤差ではありません。",
            alt="横軸はλ、縦軸は画素の明るさの平均との差。左で大きく散らばった線が、右へいくほど0に集まる。",
            live=Live("penalty", {"X": X, "y": y, "folds": FOLDS}, check="all"),
        ),
    }


def restored() -> dict[str, Result]:
    """The original and the blurred photograph; and how far both Γ, each at its best λ, are from the original."""
    X, truth, y = shown()
    left = {}
    for name, key in (("l2", "l2"), ("second", "2階差分")):
        w = tikhonov(X, y, GAMMAS[name], FINE)
        left[key] = w[off(w, truth).argmin()] - truth
    nearer = np.sum(np.abs(left["2階差分"]) < np.abs(left["l2"]))
    figure = Figure(
        {
            "ぼけた写真": {
                "lines": {"本物": truth, "ぼけた": y / X.sum(axis=1)},
                "low": -0.5,
                "high": 2,
                "name": "明るさ",
            },
            "戻したあと、本物との差": {"lines": left, "low": -0.2, "high": 0.2, "name": "明るさの差"},
        },
        title="同じ写真を戻しても、L2はさざ波を残す",
        caption="「本物との差」で、0の線からの離れ方を見てください。L2は端から端まで波うちます。"
        "{{ tikhonov.pixels }}のうち{{ tikhonov.nearer }}で、2階差分のほうが0に近く、右の端では逆です。"
        "どちらも、本物にいちばん近くなるλで戻しました。{{ tikhonov.repeats }}のうち、"
        "誤差の減り方が小さいほうから{{ tikhonov.shown_rank }}の写真です。"
        "山{{ tikhonov.hills }}は重なって、一つに見えます。縦の目盛りは、二つの図で違います。",
        alt="左は、本物の明るさとぼけた写真。横軸は画素の番号。右は、戻したあとの明るさから本物を引いた差で、"
        "L2は端から端まで上下に振れ、2階差分の振れは、右の端のほかではたいてい小さい。",
    )
    return {"nearer": Number(nearer, "画素", "図の写真、2階差分のほうが本物に近い画素", digits=0), "restored": figure}


def draw_paths(ax: Any, data: Any) -> None:
    from figures import plot

    plot.lambda_axis(ax, 0.001, 100)
    plot.value_axis(ax, -2, 2)
    plot.paths(ax, **data, primary=("8番", "16番", "24番", "32番"))


def draw_restored(ax: Any, data: Any) -> None:
    from figures import plot

    plot.linear_axis(ax, 0, PIXELS - 1, "画素の番号")
    plot.value_axis(ax, data["low"], data["high"], data["name"])
    plot.curves(ax, range(PIXELS), data["lines"])
