"""What changed between two records: before and after, in standard errors, who cites it, and which claims turned."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from figures.record import Record, summary
from figures.results import Claim, Number, Result


@dataclass(frozen=True)
class Change:
    """A result that differs: ``before`` or ``after`` is None where there is none; ``places`` cite it."""

    citation: str
    before: Result | None
    after: Result | None
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        how_much = f"（{self.how_much}）" if self.how_much else ""
        cited = f"  ← {'、'.join(self.places)}" if self.places else ""
        return f"{self.citation}: {summary(self.before)} → {summary(self.after)}{how_much}{cited}"

    @property
    def how_much(self) -> str:
        """In words for the author; '' where before and after say it all."""
        a, b = self.before, self.after
        if self.turned:
            return self.turned
        if isinstance(a, Number) and isinstance(b, Number):
            if a.unit != b.unit:
                return "単位が変わりました"
            if a.values == b.values:
                return "値は同じ、説明が変わりました" if summary(a) == summary(b) else "桁が変わりました"
            if a.value == b.value:
                return "平均は同じ、種ごとの値が変わりました"
            error = math.hypot(a.standard_error, b.standard_error)
            return f"標準誤差の{abs(b.value - a.value) / error:.2g}倍" if error else ""
        if isinstance(a, Claim) and isinstance(b, Claim):
            if b.true and not a.true:
                return "主張が成り立つようになりました"
            return "値か、条件か、説明が変わりました" if a.text == b.text else ""
        return "中身が変わりました" if summary(a) == summary(b) else ""

    @property
    def turned(self) -> str:
        """Whether words that were written about this claim may have become wrong: why, or ''.

        A record holds true claims only, for a false one stops the build. So a claim seldom turns by becoming false; it
        turns by becoming another claim that is true. Counted is what takes something from a sentence that cites it:

        - it does not hold any more, is gone, or is no claim any more;
        - another relation. Also ``>`` to ``>=``: "more" is not "as many or more";
        - it asks for less: smaller ``share``, smaller ``margin``, or fewer seeds;
        - other words (``about``) about other values. An exchange of left and right cannot be seen in the values: of two
          true claims with one relation, the larger side is the larger side both times. The words are its only trace,
          and words that change alone are a correction.

        A lower score under the same conditions is no turn (the score is printed beside the sentence, and words such as
        "every" are checked against what is asked, not against how it came out), nor is asking for more.
        """
        a, b = self.before, self.after
        if not isinstance(a, Claim) or not a.true:
            return ""
        if not isinstance(b, Claim):
            return "主張がなくなりました" if b is None else "主張ではなくなりました"
        if not b.true:
            return "主張が成り立たなくなりました"
        if a.relation != b.relation:
            return f"比べ方が {a.relation} から {b.relation} に変わりました"
        for what, there, here in (
            ("成り立つべき割合", a.share, b.share),
            ("margin（標準誤差の倍数）", a.margin, b.margin),
            ("くり返しの数", a.n, b.n),
        ):
            if here < there:
                return f"{what}が {there:g} から {here:g} にゆるみました"
        if a.about != b.about and (a.left, a.right) != (b.left, b.right):
            return f"比べているものが「{a.about}」から「{b.about}」に変わりました"
        return ""


def between(old: Record | None, new: Record | None, cited: Mapping[str, Sequence[str]] | None = None) -> list[Change]:
    """Return each result that differs, in the order of the records.

    Args:
        old: the record so far; None if there was none.
        new: the record now; None if the experiment is gone.
        cited: citation -> the places that cite it.
    """
    before, after = dict(old.results) if old else {}, dict(new.results) if new else {}
    experiment = new.experiment if new else old.experiment if old else ""
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        a, b, citation = before.get(name), after.get(name), f"{experiment}.{name}"
        if a != b or summary(a) != summary(b):
            found.append(Change(citation, a, b, tuple((cited or {}).get(citation, ()))))
    return found


def describe(old: Record | None, new: Record | None, cited: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Return ``between`` as lines for the author."""
    return [str(change) for change in between(old, new, cited)]
