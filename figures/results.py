"""What an experiment may return: ``Number``, ``Claim``, ``Table`` and ``Figure``.

Every float is kept with 8 significant digits, so that a record does not depend on the last bits of a processor's
arithmetic, and everything printed or compared follows from those kept digits. This file needs no NumPy: a build in
which nothing changed must not import it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, SupportsFloat, TypeAlias

from figures.digits import MISSPELLED, printed
from figures.errors import ResultError
from figures.live import Live

SIGNIFICANT_DIGITS = 8

Relation = Literal["<", "<=", ">", ">=", "==", "!="]
RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def keep(value: SupportsFloat) -> float:
    """Round to 8 significant digits; ``ResultError`` for NaN and infinity. Minus zero becomes zero."""
    number = float(value)
    if not math.isfinite(number):
        raise ResultError(f"{number} は結果にできません。有限の値になるように実験を直してください。")
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0


def _keep_all(values: SupportsFloat | Iterable[SupportsFloat]) -> tuple[float, ...]:
    kept = tuple(keep(v) for v in values) if isinstance(values, Iterable) else (keep(values),)
    if not kept:
        raise ResultError("値が一つもありません。乱数の種ごとに一つの値を渡してください。")
    return kept


@dataclass(frozen=True)
class Number:
    """One quantity, measured once per seed, or one exact value.

    Printed value: the mean of ``values`` (n,), rounded to the place of its standard error ``s / sqrt(n)``, where ``s``
    is the standard deviation with ``n - 1``. The standard error itself is printed with one digit, or two when it
    begins with 1. With ``digits`` the value is exact (a count, a constant, a solution in closed form), must be the
    only one or the same for all seeds, and is printed with that many decimals. From 1,000 on thousands are parted; a
    measured value that is not exact is written with a power of ten below 0.0001 and from 10⁸ on.

    A difference or ratio of two numbers is a number of its own, made seed by seed: ``Number(a / b, "倍")``.

    Args:
        values: one per seed, or a single value together with ``digits``.
        unit: printed behind the value. ``%`` and ``ポイント`` are shares: 0.873 is printed as 87.3%.
        about: what was measured, in a few words (shown on the receipt).
        digits: decimals of an exact value.

    Raises:
        ResultError: for NaN, infinity, no value, or a single value without ``digits``.
    """

    values: tuple[float, ...]
    unit: str = ""
    about: str = ""
    digits: int | None = None

    def __init__(
        self,
        values: SupportsFloat | Iterable[SupportsFloat],
        unit: str = "",
        about: str = "",
        digits: int | None = None,
    ) -> None:
        kept = _keep_all(values)
        if digits is not None and len(set(kept)) > 1:
            raise ResultError("digits は、種によらず一つに決まる値だけに付けます。ばらつく値では外してください。")
        if digits is None and len(kept) == 1:
            raise ResultError("値が一つでは標準誤差が出ません。種ごとの値か、厳密な値なら digits= を渡してください。")
        if unit in MISSPELLED:
            raise ResultError(
                f"単位 '{unit}' は '{MISSPELLED[unit]}' と書いてください。割合のまま渡せば100倍して出します。"
            )
        object.__setattr__(self, "values", kept)
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "about", about)
        object.__setattr__(self, "digits", digits)

    @property
    def n(self) -> int:
        """How many seeds were measured."""
        return len(self.values)

    @property
    def value(self) -> float:
        """The mean over seeds, to 8 significant digits."""
        return keep(math.fsum(self.values) / self.n)

    @property
    def standard_error(self) -> float:
        """``s / sqrt(n)`` with ``s`` over ``n - 1``; 0 when all seeds agree."""
        if len(set(self.values)) == 1:
            return 0.0
        mean = math.fsum(self.values) / self.n
        variance = math.fsum((v - mean) ** 2 for v in self.values) / (self.n - 1)
        return keep(math.sqrt(variance / self.n))

    def _print(self, value: float) -> str:
        return printed(value, self.unit, self.value, self.standard_error, self.digits)

    @property
    def text(self) -> str:
        """What stands in the sentence: ``87.3%``, ``−0.42``, ``8.40個``."""
        return self._print(self.value) + self.unit

    @property
    def error_text(self) -> str:
        """The standard error at the same place: ``0.4``; empty for an exact value."""
        return "" if self.digits is not None else self._print(self.standard_error)


@dataclass(frozen=True)
class Claim:
    """A comparison that must hold, seed by seed: ``left relation right`` in at least ``share`` of the seeds.

    With ``margin`` also the mean of the differences must lie on that side of 0, by ``margin`` standard errors of it:

        distance = ± mean(left - right) / SE(left - right)  >=  margin,        + for ">" and ">=", - for "<" and "<="

    Values are compared after rounding to 8 significant digits, so that the verdict is the same on every machine.

    Args:
        left, right: one value per seed; a single value stands for all seeds.
        relation: ``<  <=  >  >=  ==  !=``.
        share: smallest share of seeds in which the comparison must hold (1 means every seed).
        about: what is compared, in a few words (shown on the receipt).
        margin: in standard errors of the mean difference; 0 asks for nothing.
    """

    left: tuple[float, ...]
    relation: Relation
    right: tuple[float, ...]
    share: float = 1.0
    about: str = ""
    margin: float = 0.0

    def __init__(
        self,
        left: SupportsFloat | Iterable[SupportsFloat],
        relation: Relation,
        right: SupportsFloat | Iterable[SupportsFloat],
        share: float = 1.0,
        about: str = "",
        margin: float = 0.0,
    ) -> None:
        a, b = _keep_all(left), _keep_all(right)
        if relation not in RELATIONS:
            raise ResultError(f"比較 '{relation}' はありません。{' '.join(RELATIONS)} のどれかにしてください。")
        if not 0 < share <= 1:
            raise ResultError(f"share={share} は使えません。0より大きく1以下にしてください。")
        if len(a) != len(b) and 1 not in (len(a), len(b)):
            raise ResultError(f"左は{len(a)}個、右は{len(b)}個です。種ごとに同じ数を渡してください。")
        n = max(len(a), len(b))
        if not 0 <= margin < math.inf or (margin and (n == 1 or relation in ("==", "!="))):
            raise ResultError(
                f"margin={margin} は使えません。種が2個以上の大小の比較に、標準誤差の倍数を0以上で渡してください。"
            )
        object.__setattr__(self, "left", a * n if len(a) == 1 else a)
        object.__setattr__(self, "relation", relation)
        object.__setattr__(self, "right", b * n if len(b) == 1 else b)
        object.__setattr__(self, "share", share)
        object.__setattr__(self, "about", about)
        object.__setattr__(self, "margin", keep(margin))

    @property
    def n(self) -> int:
        """How many seeds were compared."""
        return len(self.left)

    @property
    def seeds_held(self) -> tuple[bool, ...]:
        """Seed by seed, whether the comparison holds."""
        compare = RELATIONS[self.relation]
        return tuple(compare(a, b) for a, b in zip(self.left, self.right, strict=True))

    @property
    def held(self) -> int:
        """In how many seeds it holds."""
        return sum(self.seeds_held)

    @property
    def needed(self) -> int:
        """The smallest number of seeds that passes. A share such as 0.9 of 20 is 18, not 19 by a rounding error."""
        return math.ceil(round(self.share * self.n, 9))

    @property
    def distance(self) -> float:
        """How many standard errors the mean difference lies from 0; infinite where all seeds differ by the same."""
        differences = [keep(a - b) for a, b in zip(self.left, self.right, strict=True)]
        mean = math.fsum(differences) / self.n * (-1 if self.relation in ("<", "<=") else 1)
        if len(set(differences)) == 1:
            return math.copysign(math.inf, mean) if mean else 0.0
        return keep(mean / Number(differences).standard_error)

    @property
    def true(self) -> bool:
        """The verdict; a false claim stops the build."""
        return self.held >= self.needed and (not self.margin or self.distance >= self.margin)

    @property
    def text(self) -> str:
        """The score beside the words: ``20/20``."""
        return f"{self.held}/{self.n}"


@dataclass(frozen=True)
class Table:
    """Rows of cited numbers.

    Args:
        columns: head of each column, the first being that of the row heads.
        rows: head of the row -> for each further column the name of a ``Number`` of the same experiment.
        caption: what to see, in one sentence.
    """

    columns: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]
    caption: str

    def __init__(self, columns: Sequence[str], rows: Mapping[str, Sequence[str]], caption: str) -> None:
        if not rows:
            raise ResultError("表に行がありません。")
        for head, cells in rows.items():
            if len(cells) != len(columns) - 1:
                raise ResultError(f"表の行「{head}」は{len(cells)}列、見出しは{len(columns) - 1}列です。")
        object.__setattr__(self, "columns", tuple(columns))
        object.__setattr__(self, "rows", {head: tuple(cells) for head, cells in rows.items()})
        object.__setattr__(self, "caption", caption)


@dataclass(frozen=True)
class Figure:
    """The data of a picture. It is drawn later, in another process, by ``draw_<name>(ax, data)`` of the experiment.

    Args:
        panels: title of the panel -> its data (numbers, strings, lists and dicts of them; arrays are accepted).
            One panel is a single figure, two are a pair: side by side on a wide page, stacked on a phone.
        title: the finding, as a headline.
        caption: what to see; the first sentence is set in bold. May cite, as prose does.
        alt: the same for those who cannot see the picture. May cite numbers.
        live: the problem behind it, for the reader's browser (``figures/live.py``).
    """

    panels: Mapping[str, Any]
    title: str
    caption: str
    alt: str
    data_sha256: str = ""
    live: Live | None = None

    def __init__(
        self,
        panels: Mapping[str, Any],
        title: str,
        caption: str,
        alt: str,
        data_sha256: str = "",
        live: Live | None = None,
    ) -> None:
        if not data_sha256 and not panels:
            raise ResultError("図にデータがありません。")
        for what, words in (("title", title), ("caption", caption), ("alt", alt)):
            if not words.strip():
                raise ResultError(f"図の {what} が空です。何を見ればよいかを書いてください。")
        object.__setattr__(self, "panels", {name: plain(data) for name, data in panels.items()})
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "caption", caption)
        object.__setattr__(self, "alt", alt)
        object.__setattr__(self, "data_sha256", data_sha256)
        object.__setattr__(self, "live", live)


def plain(data: Any) -> Any:
    """Turn arrays and tuples into lists, and every float into its kept digits, so that the data can stand in JSON."""
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, Mapping):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple | range):
        return [plain(value) for value in data]
    if data is None or isinstance(data, bool | int | str):
        return data
    return keep(data)


Result: TypeAlias = Number | Claim | Table | Figure
