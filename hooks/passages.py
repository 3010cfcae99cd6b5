"""What a converted page says to its readers: a text for each paragraph, heading, cell, alternative text and tooltip.

Code, maths, citations and the numbers of footnotes come out as one sign that is no text. The line of each number in the
author's file is carried through Markdown by a sign before it, which is taken out again here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html.parser import HTMLParser

from figures.citations import CITATION
from hooks.spot import HIDDEN
from hooks.typeset import BREAK

# A private sign whose code tells the line. It is no letter, so that Markdown makes the same ids with it and without.
FIRST, LAST = 0xF0000, 0x10FFFF
SIGN = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")
# Signs go before what may be a number, but into no tag, address, label, citation, attribute list or number of a list.
NUMERAL = re.compile(
    r"^(?:[ >]|[-*+] )*\d+[.)] |<(?=[a-zA-Z/!])[^<>]*>?|line-\d+:[^\s)>]*|\{[^{}]*\}|\[\^[^\]]*\]|\]\[[^\]]*\]|&#\w+;"
    r"|^[ ]*\[[^\]]*\]:|(?P<number>[\d０-９]+(?:[.．,，][\d０-９]+)*|[〇一二三四五六七八九十百千数半過倍桁])"
)
INLINE = set(
    "a abbr b bdi bdo cite data del dfn em font i ins label mark q s small span strong sub sup u var wbr".split()
)
UNREAD = {"code", "pre", "math", "kbd", "samp", "textarea", "script", "style", "svg"}
SPOKEN = ("alt", "title")


@dataclass(frozen=True)
class Passage:
    """Words that follow one another on the page, and what they cite.

    ``lines`` are pairs of a place in the text and its line in the file.
    """

    text: str
    lines: tuple[tuple[int, int], ...]
    citations: tuple[str, ...]

    def line(self, place: int) -> int:
        """The line of what stands at ``place``; 0 where no number is near."""
        index = bisect_right(self.lines, (place, LAST)) - 1
        return self.lines[max(index, 0)][1] if self.lines else 0


def sign(line: str, number: int) -> str:
    """The line with its number before everything that may be one."""
    mark = chr(min(FIRST + number, LAST))
    return NUMERAL.sub(lambda match: mark + match[0] if match["number"] else match[0], line)


def unsigned(text: str) -> str:
    """Without the signs."""
    return SIGN.sub("", text)


def passages(html: str) -> list[Passage]:
    """All passages of a page, in order; one in the middle of another (an alternative text) before it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Passage] = []
        self.text = ""
        self.unread: list[str] = []  # open elements from the outermost one that nobody reads

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.unread:
            self.unread += [tag] if tag == self.unread[0] else []
            return
        given = dict(attrs)
        for name in SPOKEN:
            self._keep(given.get(name) or "")
        if tag in UNREAD or (tag == "sup" and (given.get("id") or "").startswith("fnref")):
            self.unread = [tag]
            self.text += HIDDEN
        elif tag not in INLINE and tag != "img":
            self.end()

    def handle_endtag(self, tag: str) -> None:
        if self.unread:
            self.unread = self.unread[:-1] if tag == self.unread[0] else self.unread
        elif tag not in INLINE:
            self.end()

    def handle_data(self, data: str) -> None:
        self.text += "" if self.unread else data

    def end(self) -> None:
        """The passage ends here."""
        self._keep(self.text)
        self.text = ""

    def _keep(self, signed: str) -> None:
        lines, text = [], ""
        citations = tuple(match[1] for match in CITATION.finditer(signed))
        # A line that the author broke inside a number or before its unit is one.
        for part in re.split(f"({SIGN.pattern})", BREAK.sub("", CITATION.sub(HIDDEN, signed))):
            if SIGN.fullmatch(part):
                lines.append((len(text), ord(part) - FIRST))
            else:
                text += part
        if text.strip():
            self.found.append(Passage(text, tuple(lines), citations))
