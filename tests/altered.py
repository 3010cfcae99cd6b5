"""Change one character of a published file, anywhere that shows a result: what ``figures verify SITE`` has to find.

Knows nothing of how the pages are read back. In HTML it is a digit of the text, of the numbers that attributes say or
draw, or of a block of JSON; or a sign, unit or verdict beside them. In files that are no HTML it is any digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>|<!--.*?-->|<![^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r"([\w:-]+)=\"([^\"]*)\"")
SHOWING = re.compile(r"value|content|alt|aria-label|datetime|data-(?:cite|claim|n|error|held|needed|sha256|values)")
DRAWING = re.compile(r"d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points|viewBox|transform")
SIGNS = ["−", "±", "×", "％", "%", "回", "個", "倍", "成り立つ", "ちがう", "＜", "＞", "≦", "≧"]
KINDS = {".html": "ページ", ".csv": "CSV", ".json": "JSON"}


@dataclass(frozen=True)
class Place:
    """Characters of a file, what kind of place it is, and what stands there."""

    file: Path
    kind: str
    start: int
    end: int


def places(file: Path) -> Iterator[Place]:
    """All of them in one file."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".html":
        for digit in re.finditer(r"\d", text):
            yield Place(file, KINDS[file.suffix], digit.start(), digit.end())
        return
    inside: list[str] = []
    last = 0
    for tag in TAG.finditer(text):
        yield from _in_text(file, text, last, tag.start(), inside)
        last = tag.end()
        if tag[2] is None:
            continue
        name = tag[2].lower()
        if tag[1]:
            inside = inside[:-1] if inside and inside[-1] == name else inside
            continue
        json = name == "script" and "json" in tag[3]
        for attribute in ATTRIBUTE.finditer(tag[3]):
            drawn = "svg" in [*inside, name] and DRAWING.fullmatch(attribute[1])
            if drawn or SHOWING.fullmatch(attribute[1]):
                kind = "図の線" if drawn else f"属性 {attribute[1]}"
                if attribute[1] == "content" and "description" not in tag[3]:
                    continue
                offset = tag.start(3) + attribute.start(2)
                for digit in re.finditer(r"\d", attribute[2]):
                    yield Place(file, kind, offset + digit.start(), offset + digit.end())
        if name in ("script", "style", "svg", "data", "td", "annotation"):
            inside = [*inside, "json" if json else name]
            if name == "script":
                inside = [*inside[:-1], "json" if json else "script"]


def _in_text(file: Path, text: str, start: int, end: int, inside: list[str]) -> Iterator[Place]:
    if inside and inside[-1] in ("script", "style"):
        return
    kind = {"json": "JSONの塊", "data": "数字の文字", "td": "表の升", "svg": "図の文字"}.get(
        inside[-1] if inside else "", "文"
    )
    for digit in re.finditer(r"\d", text[start:end]):
        yield Place(file, kind, start + digit.start(), start + digit.end())
    for sign in SIGNS:
        for found in re.finditer(re.escape(sign), text[start:end]):
            yield Place(file, f"{kind}（しるし）", start + found.start(), start + found.end())


def alter(text: str, place: Place, rng: Random) -> str:
    """The file with another digit there, or another sign."""
    now = text[place.start : place.end]
    others = (
        [digit for digit in "0123456789" if digit != now] if now.isdigit() else [sign for sign in SIGNS if sign != now]
    )
    return text[: place.start] + rng.choice(others) + text[place.end :]
