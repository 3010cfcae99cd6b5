"""What a figure hands to the reader's browser, so that it can compute there and check published numbers itself.

An experiment makes a figure live with one attribute::

    "paths": Figure(panels, title=…, caption=…, alt=…, live=Live("penalty", {"X": X, "y": y, "folds": 5}, check="all"))

Kinds, and what each needs (``docs/assets/live.js`` draws them, ``docs/assets/solvers.js`` solves them):

    penalty    λ under the finger, on panels of ``plot.paths``: X (n, p) and y (n,) as measured, the number of folds of
               the cross-validation (row i is in fold i mod folds); with a panel of method ``en`` also ``ratio``, the
               share ρ of L1:  1/(2n) ||y - X w||² + λ (ρ ||w||₁ + (1 - ρ)/2 ||w||²),  X standardised, y centred

The numbers that the browser recomputes are exact Numbers of the same experiment, at the panels' cursor. Their names are
``<check>_<method>_<quantity>``, for example ``all_l1_norm``, with the quantities below.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from figures.errors import ResultError

NEEDS = {"penalty": ("X", "y", "folds")}
RATIO = {"l1": 1.0, "l2": 0.0}  # ρ of a method; that of "en" is the author's
QUANTITIES = ("zeros", "norm", "training", "validation")
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
        ResultError: for an unknown kind, data that are missing, too large, not finite or finer than 8 digits.
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
        for method in methods:
            for quantity in QUANTITIES:
                yield f"{self.check}_{method}_{quantity}", method, quantity


def refuse_panels(live: Live, panels: Mapping[str, Any]) -> None:
    """``ResultError`` unless the panels are those of ``plot.paths`` on the same weights, at one cursor."""
    wanted = ("method", "names", "cursor")
    for title, panel in panels.items():
        if not isinstance(panel, Mapping) or any(key not in panel for key in wanted):
            raise ResultError(
                f"パネル「{title}」に {'、'.join(wanted)} がありません。live は plot.paths の図に付けます。"
            )
        if panel["method"] not in RATIO and "ratio" not in live.data:
            raise ResultError(
                f"パネル「{title}」は {panel['method']} です。live に ratio（L1の割合）を渡してください。"
            )
        if len(panel["names"]) != len(live.data["X"][0]):
            columns = len(live.data["X"][0])
            raise ResultError(f"パネル「{title}」の names は{len(panel['names'])}個、live の X は{columns}列です。")
    if len({panel["cursor"] for panel in panels.values()}) > 1:
        raise ResultError("live の図では、パネルの cursor を同じ λ にしてください。")


def to_json(content: Any) -> str:
    """As it is published: no space, and no ``.0`` behind whole numbers."""
    return json.dumps(_whole(content), ensure_ascii=False, separators=(",", ":"))


def _sound(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    if missing := [name for name in NEEDS[kind] if name not in data]:
        raise ResultError(
            f"live に {'、'.join(missing)} がありません。'{kind}' が要るのは {'、'.join(NEEDS[kind])} です。"
        )
    kept: dict[str, Any] = _plain(data)
    X, y, folds = kept["X"], kept["y"], kept["folds"]
    if not X or not X[0] or len(X) != len(y) or any(len(row) != len(X[0]) for row in X):
        raise ResultError("live の X は (n, p)、y は (n,) の配列にしてください。")
    if not isinstance(folds, int) or not 2 <= folds <= len(y):
        raise ResultError(f"live の folds={folds} は使えません。2から行数 {len(y)} までの整数にしてください。")
    if not 0 < kept.get("ratio", 0.5) < 1:
        raise ResultError(f"live の ratio={kept['ratio']} は使えません。0と1のあいだの値にしてください。")
    size = len(gzip.compress(to_json(kept).encode(), 9))
    if size > MAX_BYTES:
        raise ResultError(f"live のデータが圧縮して{size:,}バイトあります。{MAX_BYTES:,}バイトまでに減らしてください。")
    return kept


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
