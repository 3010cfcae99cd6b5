"""Find the forms of terms in a text: the longest one at each place, and only where it is a word of its own.

Written Japanese has no spaces, so a form is bounded by a change of script: 学習 is no word of its own in 過学習, nor
勾配 in 勾配計算, nor ノルム in アブノルム. A form that ends in hiragana (重み) may be followed by a particle, not by
what makes another word of it (重みづけ). Latin letters are alike in full and half width and in upper and lower case,
and may have the s of a plural. Knows nothing of pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SCRIPTS = re.compile(
    "(?P<kanji>[\u3400-\u9fff々〆])|(?P<hiragana>[ぁ-ゖ])|(?P<katakana>[ァ-ヺー])|(?P<latin>[0-9a-zα-ω])"
)
WIDE = re.compile("[０-９ａ-ｚ]")
NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF41, 0xFF5B))}
PLURAL = re.compile("e?s(?![0-9a-z])")
# What may stand behind a noun that ends in hiragana: particles, and the beginnings of です, なら, まで, より, しか …
PARTICLES = set("をがはもにでとのへやかだなよりましさばぐくほずっじみ")
END = ""  # in the tree of letters: a form ends here


@dataclass(frozen=True)
class Found:
    """A form in a text, from ``start`` to ``end``; ``form`` is as it was given."""

    start: int
    end: int
    form: str


def folded(text: str) -> str:
    """Upper case as lower, full-width Latin as half-width; one character for one, so that every place stays."""
    lower = text.lower()
    lower = lower if len(lower) == len(text) else text  # İ is two in lower case
    return lower.translate(NARROW) if WIDE.search(lower) else lower


class Finder:
    """Finds some forms in many texts, in one pass over each.

    Args:
        forms: what to look for. Of two that are alike when folded, the first one counts.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self.forms: Mapping[str, str] = {folded(form): form for form in reversed(list(forms))}
        tree: dict[str, Any] = {}
        for form in self.forms:
            node = tree
            for sign in form:
                node = node.setdefault(sign, {})
            node[END] = {}
        self.pattern = re.compile(_alternatives(tree)) if tree else None

    def find(self, text: str) -> Iterator[Found]:
        """In the order of the text; none inside another."""
        if self.pattern is None:
            return
        plain = folded(text)
        for match in self.pattern.finditer(plain):
            start, end = match.span()
            if _script(plain[end - 1]) == "latin":
                end = plural.end() if (plural := PLURAL.match(plain, end)) else end
            before, after = plain[start - 1 : start], plain[end : end + 1]
            if not _joined(before, plain[start]) and not _goes_on(plain[end - 1], after):
                yield Found(start, end, self.forms[match[0]])


def _alternatives(tree: Mapping[str, Any]) -> str:
    """A regular expression for a tree of letters: one branch a letter, so that no place is tried once a form."""
    branches = [re.escape(sign) + _alternatives(node) for sign, node in tree.items() if sign != END]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)})" + ("?" if END in tree else "")


def _script(sign: str) -> str:
    match = SCRIPTS.match(sign)
    return match.lastgroup or "" if match else ""


def _joined(before: str, first: str) -> bool:
    """Whether the letter before belongs to the same word; hiragana before a word is grammar."""
    script = _script(first)
    return bool(script) and script != "hiragana" and _script(before) == script


def _goes_on(last: str, after: str) -> bool:
    """Whether the word goes on behind the form."""
    script = _script(last)
    if script == "hiragana":
        return _script(after) == "kanji" or (_script(after) == "hiragana" and after not in PARTICLES)
    return bool(script) and _script(after) == script
