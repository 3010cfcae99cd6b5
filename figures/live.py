"""What a figure hands to the reader's browser, so that it can compute there and check published numbers itself.

An experiment makes a figure live with one attribute::

    "paths": Figure(panels, title=…, caption=…, alt=…, live=Live("penalty", {"X": X, "y": y, "folds": 5}, check="all"))

Kinds, and what each needs (``docs/assets/<kind>.js`` draws it, ``docs/assets/solvers.js`` solves it):

    penalty    λ under the finger, on panels of ``plot.paths``: X (n, p) and y (n,) as measured, the number of folds of
               the cross-validation (row i is in fold i mod folds); with a panel of method ``en`` also ``ratio``, the
               share ρ of L1:  1/(2n) ||y - X w||² + λ (ρ ||w||₁ + (1 - ρ)/2 ||w||²),  X standardised, y centred
    descent    λ under the finger, on one panel of ``plot.valley`` with method ``l2``, a bottom and a cursor: the valley
               ½ (w - w₀)'A (w - w₀) + λ/2 ||w||²  over two weights, A (2, 2) symmetric and positive definite, w (2,)
               its bottom w₀ without a penalty; gradient descent and momentum from ``start`` (2,), with one ``rate`` η
               and ``momentum`` μ for all λ, ``steps`` of each drawn; ``lambdas``, the ends of the ruler. Along a
               direction of curvature s² each step leaves 1 - η (s² + λ) of the way: η must be small enough for the
               right end, and large enough to be NEAR the bottom after LONGEST steps at the left one

The numbers that the browser recomputes are exact Numbers of the same experiment, at the panels' cursor. Their names are
``<check>_<method>_<quantity>``, for example ``all_l1_norm``, with the quantities below; those of a valley's bottom have
no method: ``<check>_first``.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from figures.errors import ResultError

NEEDS = {
    "penalty": ("X", "y", "folds"),
    "descent": ("A", "w", "start", "rate", "momentum", "steps", "lambdas"),
}
SHOWN = {"penalty": ("method", "names", "cursor"), "descent": ("method", "cursor")}  # of a panel
DRAWN_BY = {"penalty": "plot.paths", "descent": "plot.valley"}
RATIO = {"l1": 1.0, "l2": 0.0}  # ρ of a method; that of "en" is the author's
QUANTITIES = ("zeros", "norm", "training", "validation")
ENDS = {"plain": ("steps", "first", "second"), "momentum": ("steps", "first", "second"), "": ("first", "second")}
NEAR, LONGEST = 0.01, 200  # a way has arrived when this share of it is left; steps that are looked at
DIGITS = 8  # significant ones, as ``figures.results`` keeps them
MAX_BYTES = 20_000  # compressed, as it travels


@dataclass(frozen=True)
class Live:
    """A problem for the reader's browser.

    Args:
        kind: a key of ``NEEDS``.
        data: what the kind needs; arrays are accepted. Floats have 8 significant digits at most: what the browser
            computes from the published data is then what the experiment computed from its own.
        check: how the names of the numbers begin that the browser recomputes.

    Raises:
        ResultError: for an unknown kind, data that are missing, too large, not finite or finer than 8 digits, and for
            a problem that cannot be solved.
    """

    kind: str
    data: Mapping[str, Any]
    check: str
    data_sha256: str = ""

    def __init__(self, kind: str, data: Mapping[str, Any], check: str, data_sha256: str = "") -> None:
        if kind not in NEEDS:
            raise ResultError(f"live の '{kind}' はありません。{', '.join(NEEDS)} のどれかにしてください。")
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "data", data if data_sha256 else _sound(kind, data))
        object.__setattr__(self, "check", check)
        object.__setattr__(self, "data_sha256", data_sha256)

    def checked(self, methods: list[str]) -> Iterator[tuple[str, str, str]]:
        """The numbers that are recomputed: (name of the Number, method, quantity)."""
        computed = ENDS if self.kind == "descent" else dict.fromkeys(methods, QUANTITIES)
        for method, quantities in computed.items():
            for quantity in quantities:
                yield "_".join(filter(None, (self.check, method, quantity))), method, quantity


def refuse_panels(live: Live, panels: Mapping[str, Any]) -> None:
    """``ResultError`` unless the panels are such as the kind draws, on the same weights, at one cursor."""
    wanted = SHOWN[live.kind]
    for title, panel in panels.items():
        if not isinstance(panel, Mapping) or any(key not in panel for key in wanted):
            raise ResultError(
                f"パネル「{title}」に {'、'.join(wanted)} がありません。"
                f"live の '{live.kind}' は {DRAWN_BY[live.kind]} の図に付けます。"
            )
    if len({panel["cursor"] for panel in panels.values()}) > 1:
        raise ResultError("live の図では、パネルの cursor を同じ λ にしてください。")
    if live.kind == "descent":
        _refuse_valley(live, panels)
        return
    for title, panel in panels.items():
        if panel["method"] not in RATIO and "ratio" not in live.data:
            raise ResultError(
                f"パネル「{title}」は {panel['method']} です。live に ratio（L1の割合）を渡してください。"
            )
        if len(panel["names"]) != len(live.data["X"][0]):
            columns = len(live.data["X"][0])
            raise ResultError(f"パネル「{title}」の names は{len(panel['names'])}個、live の X は{columns}列です。")


def _refuse_valley(live: Live, panels: Mapping[str, Any]) -> None:
    if [panel["method"] for panel in panels.values()] != ["l2"]:
        raise ResultError("live の 'descent' は、method が l2 のパネル一つに付けます。L1の谷は楕円ではありません。")
    cursor, (low, high) = next(iter(panels.values()))["cursor"], live.data["lambdas"]
    if not low <= cursor <= high:
        raise ResultError(f"cursor の λ = {cursor} が live の lambdas（{low}から{high}）の外です。")


def to_json(content: Any) -> str:
    """As it is published: no space, and no ``.0`` behind whole numbers."""
    return json.dumps(_whole(content), ensure_ascii=False, separators=(",", ":"))


def _sound(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    if missing := [name for name in NEEDS[kind] if name not in data]:
        raise ResultError(
            f"live に {'、'.join(missing)} がありません。'{kind}' が要るのは {'、'.join(NEEDS[kind])} です。"
        )
    kept: dict[str, Any] = _plain(data)
    {"penalty": _refuse_table, "descent": _refuse_descent}[kind](kept)
    size = len(gzip.compress(to_json(kept).encode(), 9))
    if size > MAX_BYTES:
        raise ResultError(f"live のデータが圧縮して{size:,}バイトあります。{MAX_BYTES:,}バイトまでに減らしてください。")
    return kept


def _refuse_table(data: Mapping[str, Any]) -> None:
    X, y, folds = data["X"], data["y"], data["folds"]
    if not X or not X[0] or len(X) != len(y) or any(len(row) != len(X[0]) for row in X):
        raise ResultError("live の X は (n, p)、y は (n,) の配列にしてください。")
    if not isinstance(folds, int) or not 2 <= folds <= len(y):
        raise ResultError(f"live の folds={folds} は使えません。2から行数 {len(y)} までの整数にしてください。")
    if not 0 < data.get("ratio", 0.5) < 1:
        raise ResultError(f"live の ratio={data['ratio']} は使えません。0と1のあいだの値にしてください。")


def _refuse_descent(data: Mapping[str, Any]) -> None:
    A, rate, momentum, steps = data["A"], data["rate"], data["momentum"], data["steps"]
    if not (_is_vector(A, None) and all(map(_is_vector, [*A, *(data[name] for name in ("w", "start", "lambdas"))]))):
        raise ResultError("live の A は (2, 2)、w と start と lambdas は (2,) の配列にしてください。")
    (a, b), (also_b, d) = A
    if b != also_b or a <= 0 or a * d <= b * b:
        raise ResultError(f"live の A={A} は使えません。対称で正定値の行列にしてください。")
    low, high = data["lambdas"]
    if not 0 < low < high:
        raise ResultError(f"live の lambdas={[low, high]} は使えません。正の、小さい順の二つにしてください。")
    if not 0 < momentum < 1:
        raise ResultError(f"live の momentum={momentum} は使えません。0と1のあいだの値にしてください。")
    if not isinstance(steps, int) or not 1 <= steps <= LONGEST:
        raise ResultError(f"live の steps={steps} は使えません。1から{LONGEST}までの整数にしてください。")
    middle, spread = (a + d) / 2, math.hypot((a - d) / 2, b)  # s² of both directions are middle ± spread
    steepest, flattest = middle + spread + high, middle - spread + low
    if not 0 < rate < (limit := 2 / steepest):
        raise ResultError(
            f"live の rate={rate} では、λ = {high} の谷で発散します。0より大きく {limit:.3g} より小さくしてください。"
        )
    left = max(abs(1 - rate * flattest), abs(1 - rate * steepest), math.sqrt(momentum))  # of the way, by each step
    if left**LONGEST > NEAR:
        raise ResultError(
            f"live の rate={rate}、momentum={momentum} では、λ = {low} から {high} のどこかで、"
            f"{LONGEST}歩かけても谷底に着きません。一歩で残りが{left:.3g}倍にしかならない向きがあります。"
        )


def _is_vector(data: Any, of: tuple[type, ...] | None = (int, float)) -> bool:
    """Two values, numbers unless ``of`` is None."""
    return isinstance(data, list) and len(data) == 2 and (of is None or all(isinstance(value, of) for value in data))


def _plain(data: Any) -> Any:
    """Arrays as lists; ``ResultError`` for a float that is not finite, or has more digits than are kept."""
    data = data.tolist() if hasattr(data, "tolist") else data
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    if isinstance(data, float) and float(f"{data:.{DIGITS}g}") != data:
        raise ResultError(
            f"live のデータ {data!r} は{DIGITS}桁に収まる有限の値ではありません。丸めてから、丸めた値で解いてください。"
        )
    return data


def _whole(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {key: _whole(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_whole(value) for value in content]
    return int(content) if isinstance(content, float) and content.is_integer() else content
