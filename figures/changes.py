"""What a run changed: before and after, in standard errors, who cites it, and which claims turned."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from figures.record import Record, summary
from figures.results import Claim, Number, Result


def describe(old: Record | None, new: Record | None, cited: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Return a line for each result that differs, in the order of the records, in words for the author.

    Args:
        old: the record so far; None if there was none.
        new: the record now; None if the experiment is gone.
        cited: citation -> the places that cite it; they follow behind an arrow.
    """
    before, after = dict(old.results) if old else {}, dict(new.results) if new else {}
    experiment = new.experiment if new else old.experiment if old else ""
    lines = []
    for name in [*before, *(name for name in after if name not in before)]:
        a, b = before.get(name), after.get(name)
        if a == b and summary(a) == summary(b):
            continue
        line = f"{experiment}.{name}: {summary(a)} → {summary(b)}{_how_much(a, b)}"
        places = (cited or {}).get(f"{experiment}.{name}", [])
        lines.append(line + (f"  ← {'、'.join(places)}" if places else ""))
    return lines


def _how_much(a: Result | None, b: Result | None) -> str:
    if isinstance(a, Number) and isinstance(b, Number):
        if a.unit != b.unit:
            return "（単位が変わりました）"
        if a.values == b.values:
            return "（値は同じ、説明が変わりました）" if summary(a) == summary(b) else "（桁が変わりました）"
        if a.value == b.value:
            return "（平均は同じ、種ごとの値が変わりました）"
        error = math.hypot(a.standard_error, b.standard_error)
        return f"（標準誤差の{abs(b.value - a.value) / error:.2g}倍）" if error else ""
    if isinstance(a, Claim) and isinstance(b, Claim):
        if a.true != b.true:
            return "（主張が成り立つようになりました）" if b.true else "（主張が成り立たなくなりました）"
        return "（種ごとの値か、説明が変わりました）" if a.text == b.text else ""
    return "（中身が変わりました）" if summary(a) == summary(b) else ""
