"""Each kind of plot with made data, as an article would show it: figure -> (draw, panels)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from figures import plot
from figures.data.digits import load_digits
from figures.results import plain

LAMBDAS = 10.0 ** np.linspace(-3, 2, 51)
ERRORS = {"l1": 54, "l2": 53.6, "en": 53.7, "none": 56}


def draw_paths(ax: Axes, data: Any) -> None:
    plot.lambda_axis(ax, 0.001, 100)
    plot.value_axis(ax, -40, 40)
    plot.paths(ax, **data, primary=["BMI", "LDL", "血圧", "総コレ"])


def draw_curves(ax: Axes, data: Any) -> None:
    plot.lambda_axis(ax, 0.001, 100)
    plot.value_axis(ax, 50, 60, "検証誤差")
    plot.curves(ax, data["lambdas"], data["error"], cursor=1)


def draw_against(ax: Axes, data: Any) -> None:
    plot.against(ax, data["none"], {"l1": data["l1"], "l2": data["l2"]}, -6, 6, joined=True)


def draw_strips(ax: Axes, data: Any) -> None:
    plot.strips(ax, data, 51, 58, "検証誤差（RMSE）")


def draw_paired(ax: Axes, data: Any) -> None:
    plot.paired(ax, data, 51, 58, "検証誤差（RMSE）")


def draw_images(ax: Axes, data: Any) -> None:
    plot.images(ax, data["pictures"], data["titles"], 16)


def draw_valley(ax: Axes, data: Any) -> None:
    plot.linear_axis(ax, -3, 3, "重み1")
    plot.value_axis(ax, -2, 2, "重み2")
    plot.valley(ax, **data)


def kinds() -> dict[str, tuple[Callable[[Axes, Any], None], dict[str, Any]]]:
    generator = np.random.default_rng(0)
    names = "年齢 性別 BMI 血圧 総コレ LDL HDL".split()
    full = np.array([-0.4, -11, 25, 15, -38, 23, 4.8])[:, None]
    l2 = full / (1 + LAMBDAS)
    l1 = np.sign(full) * np.maximum(abs(full) - 8 * LAMBDAS, 0)
    at = 30

    def path(method: str, coef: np.ndarray) -> dict[str, Any]:
        now = {"cursor": LAMBDAS[at], "at_cursor": coef[:, at], "zero": coef[:, at] == 0}
        return {"method": method, "lambdas": LAMBDAS, "names": names, "coef": coef, **now}

    shared = generator.normal(0, 1, 20)
    errors = {key: mean + shared + generator.normal(0, 0.35, 20) for key, mean in ERRORS.items()}
    weights = np.array([5, -4, 3, -2.5, 2, -1.5, 1, -0.75, 0.4, -0.2])
    shrunk = np.sign(weights) * np.maximum(abs(weights) - 0.5, 0)
    pictures, digits = load_digits().X[:20].reshape(20, 8, 8), load_digits().y[:20]
    x, y = np.linspace(-3, 3, 41), np.linspace(-2, 2, 31)
    heights = 0.5 * x[None, :] ** 2 + 3 * y[:, None] ** 2
    curves = {key: mean + (np.log10(LAMBDAS) - 0.2) ** 2 / 3 for key, mean in ERRORS.items()}
    made = {
        "paths": (draw_paths, {"L1": path("l1", l1), "L2": path("l2", l2)}),
        "curves": (draw_curves, {"誤差": {"lambdas": LAMBDAS, "error": curves}}),
        "against": (draw_against, {"縮み方": {"none": weights, "l1": shrunk, "l2": weights / 1.5}}),
        "strips": (draw_strips, {"検証誤差": errors}),
        "paired": (draw_paired, {"L1とL2": {key: errors[key] for key in ("l1", "l2")}}),
        "images": (draw_images, {"最初の20枚": {"pictures": pictures, "titles": [f"{digit}" for digit in digits]}}),
        "valley": (
            draw_valley,
            {
                "谷の地図": {
                    "x": x,
                    "y": y,
                    "heights": heights,
                    "ways": {"SGD": way(0, 0.3), "モメンタム": way(0.8, 0.1)},
                }
            },
        ),
    }
    return {name: (draw, plain(panels)) for name, (draw, panels) in made.items()}


def way(momentum: float, rate: float) -> np.ndarray:
    """Down ½x² + 3y² with heavy-ball momentum."""
    w, v, seen = np.array([-2.6, 1.4]), np.zeros(2), []
    for _ in range(26):
        seen.append(w)
        v = momentum * v - rate * w * np.array([1, 6])
        w = w + v
    return np.array(seen)
