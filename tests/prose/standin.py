"""A page as its readers see it, for rules that know Japanese but not this blog.

    λ＝{{ l1_vs_l2.fixed_lambda }}で、重み $w_j$ は `Lasso` と同じです。
    λ＝1で、重みxはxと同じです。

A cited number stands as it is printed, with its counter; a claim as its words; a formula, a piece of code or the title
of a foreign work as a noun. What is alone on its line is shown large or drawn, and so is no sentence. Figures, tables,
displayed formulas, comments, tags and attribute lists are gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from figures.citations import CITATION
from figures.results import Number, Result
from hooks.formulate import INLINE

from .blocks import parted
from .text import Text, joined

NOUN = "x"  # Japanese reads a letter as a name, and no space belongs around it
WORK = "文献"  # its title is not our prose
UNKNOWN = "1個"  # for a result that no record has, which stops the build

# A space on each side of a formula or of code is the author's habit and part of it: the page shows a formula there.
BEFORE, AFTER = r"(?:(?<=[^\s\-*+.)|\#>])[ ])?", r"(?:[ ](?=[^\s|]))?"
PIECES = re.compile(
    rf"""
    (?P<hidden><!--.*?--> | [ ]*(?<!\{{)\{{:?[ ]*(?:[.\#][\w-]|[\w-]+=)[^{{}}\n]*\}})
    | {BEFORE}(?P<code>(?P<ticks>`+)(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)){AFTER}
    | (?P<escaped>\\.)
    | {BEFORE}(?P<formula>{INLINE}){AFTER}
    | (?P<work>\[[^\[\]ぁ-ヶ\n]*[A-Za-z]{{3}}[^\[\]ぁ-ヶ\n]*\]\(https?:[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\))
    | (?P<alone>^[ ]{{0,3}}{CITATION.pattern}[ ]*$)
    | (?P<proved>\[(?P<claim>[^\[\]]*)\]{CITATION.pattern})
    | (?P<cited>{CITATION.pattern})
    | (?P<broken><br[ ]?/?>)
    | (?P<tag></?[a-zA-Z](?![\w+.-]*:)[^<>]*>)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)

Find = Callable[[str], Result | None]


@dataclass(frozen=True)
class Shown:
    """``text`` for textlint, and about it, counted as textlint counts, in UTF-16 units:

    ``places`` in the file, one for each unit and one for the end; ``evidence``, which are the cited numbers, the claims
    and the formulas; and where, behind the sentences of the front matter, the ``body`` begins.
    """

    text: str
    places: tuple[int, ...]
    evidence: tuple[tuple[int, int], ...]
    body: int


def shown(source: str, find: Find) -> Shown:
    """What readers see of a file's text; ``find`` returns the result that a citation names, if there is one."""
    matter, body = ([*_pieces(part, find)] for part in parted(source))
    pieces = matter + body
    whole = joined(piece for piece, _ in pieces)
    widths = [2 if character > "\uffff" else 1 for character in whole.text]
    units = [0, *accumulate(widths)]
    ends = [0, *accumulate(len(piece.text) for piece, _ in pieces)]
    places = [place for place, width in zip(whole.places, widths, strict=True) for _ in range(width)]
    return Shown(
        whole.text,
        (*places, len(source)),
        tuple((units[ends[i]], units[ends[i + 1]]) for i, (_, evident) in enumerate(pieces) if evident),
        units[ends[len(matter)]],
    )


def _pieces(text: Text, find: Find) -> Iterator[tuple[Text, bool]]:
    """The pieces in order, and whether each is evidence: cited, or a formula."""
    done = 0
    for match in PIECES.finditer(text.text):
        yield text[done : match.start()], False
        done = match.end()
        kind, typed = match.lastgroup, text.group(match)
        if kind in ("code", "formula"):
            yield typed.instead(NOUN), kind == "formula"
        elif kind == "proved":
            for piece, _ in _pieces(text.group(match, "claim"), find):
                yield piece, True
        elif kind == "work":
            yield typed.instead(WORK), False
        elif kind == "alone":
            yield typed.instead(""), True
        elif kind == "cited":
            result = find(CITATION.search(match[0])[1])  # type: ignore[index]
            # As wide as a kana: the analyser takes "%、" for a word.
            number = isinstance(result, Number) and result.text.replace("%", "％")
            yield typed.instead(number or ("" if result else UNKNOWN)), True
        elif kind == "broken":
            said = text.text[: match.start()].rstrip()[-1:]
            yield typed.instead("" if said in "、。？！" else "。"), False
        elif kind == "escaped":
            yield typed, False
    yield text[done:], False
