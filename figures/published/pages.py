"""Read an HTML page back: which results it shows, and a digest of all that it says, part by part.

A part is what stands from one element with an ``id`` to the next. Its digest covers tags, attributes, text and JSON, as
a browser reads them. What a minifier may leave out makes no difference: quotes, comments, the order of attributes, ends
that may be omitted, and whitespace where there is some other whitespace. Scripts and style sheets inside the page are
left to its policy, which allows them by their own digests.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

# What a minifier may leave out: tags without attributes, ends, and attributes that say what is so anyway.
TAGS = {"html", "head", "body", "tbody", "colgroup"}
ENDS = TAGS | set("p li dt dd td th tr thead tfoot caption option optgroup rt rp".split())
DEFAULTS = {"type", "xmlns", "media"}
# Ends whatever a page left open: html.parser would look for the end of each unclosed sign through all that follows.
END = "\"'-->"
# Elements whose end may be left out, and what then begins behind it.
ENDED_BY = {"td": {"td", "th", "tr", "tbody"}, "p": {"p", "div", "figcaption", "table"}}
MOST_OPEN = 8  # elements that are read at the same time; a page of ours has three
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True)
class Shown:
    """One thing that a page shows of a result: ``what`` is its kind, ``text`` what a reader finds in this ``part``."""

    key: str
    what: str
    text: str
    part: str


@dataclass
class Page:
    """A page as a reader finds it."""

    shown: list[Shown] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=lambda: {"": []})  # id -> the pieces of its stream
    description: str = ""

    @property
    def cites(self) -> Counter[str]:
        """How often each result is shown, by any of its kinds that stand once a citation."""
        return Counter(shown.key for shown in self.shown if shown.what in ("数字", "主張", "図", "表"))

    @property
    def digests(self) -> dict[str, str]:
        """The first 16 hexadecimal digits of the SHA-256 of each part."""
        return {part: hashlib.sha256(self.text(part).encode()).hexdigest()[:16] for part in self.parts}

    def text(self, part: str) -> str:
        """The stream of a part."""
        return "".join(self.parts.get(part, []))

    def words(self, *parts: str) -> str:
        """What is read in parts, or on the whole page: text without tags and whitespace."""
        pieces = (piece for part in parts or self.parts for piece in self.parts.get(part, []))
        return "".join("".join(piece.split()) for piece in pieces if not piece.startswith("\x1f"))


def read(html: str) -> Page:
    """Read a page, whatever it is: what is no HTML is text."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.feed(END)
        reader.close()
    except AssertionError:  # html.parser gives up at <![ without a known name behind it
        reader.page.parts[""].append(html)
    return reader.page


def spaced(text: str) -> str:
    """Text with one space where there was any whitespace, and none at its ends; without the joiner of a score."""
    return " ".join(text.replace("\u2060", "").split())


@dataclass
class _Open:
    """An element whose text is wanted; ``depth`` counts those of its name inside it."""

    tag: str
    key: str
    what: str
    text: list[str] = field(default_factory=list)
    depth: int = 0


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.part = ""
        self.open: list[_Open] = []
        self.number = self.claim = ""  # the last ones
        self.figure = ""  # the one around
        self.link: dict[str, str] = {}  # the last link to a receipt
        self.svg = 0  # how many are open
        self.drawing: list[str] = []
        self.text: list[str] = []  # since the last tag
        self.script: str | None = None  # type of the one around
        self.columns: list[tuple[str, str]] = []  # key and kind of the columns of a table of runs
        self.row = self.column = -1

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        self._pass("")
        attrs = [*dict(reversed([*attrs])).items()]  # of two with one name a browser takes the first
        a = {name: value for name, value in attrs if value}
        if a.get("id") and not self.svg:
            self.part = a["id"]
            self.page.parts.setdefault(self.part, [])
        if tag == "svg":
            self.svg += 1
            self.drawing = [] if self.svg == 1 else self.drawing
        if tag in ("script", "style"):
            self.script = a.get("type", tag)
        said = {name: spaced(value or "") for name, value in attrs if name not in DEFAULTS}
        said = {name: value for name, value in said.items() if value or name not in ("class", "style", "id")}
        if said or tag not in TAGS:
            self._pass("".join(f"\x1f{word}\x1f" for word in (tag, *(f"{name}={said[name]}" for name in sorted(said)))))
        for waiting in [waiting for waiting in self.open if tag in ENDED_BY.get(waiting.tag, ())]:
            self._close(waiting)
        for waiting in self.open:
            waiting.depth += waiting.tag == tag and tag not in VOID
        self._notice(tag, a, set(a.get("class", "").split()))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.svg:  # in HTML the slash means nothing
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ENDS and tag not in VOID:
            self._pass(f"\x1f/{tag}\x1f")
        if tag == "svg" and self.svg:
            self.svg -= 1
            if self.figure and not self.svg:
                self._show(self.figure, "図の線", hashlib.sha256("".join(self.drawing).encode()).hexdigest()[:16])
        if tag in ("script", "style"):
            self.script = None
        for waiting in [*self.open]:
            waiting.depth -= waiting.tag == tag
            if waiting.depth < 0 or (tag == "table" and waiting.tag == "td"):
                self._close(waiting)
        if tag == "figure":
            self.figure = ""
        if tag == "table":
            self.columns = []

    def handle_data(self, data: str) -> None:
        if self.script is not None and not self.svg:  # inside an SVG a browser reads on
            if self.script.endswith("json"):
                self._json(data)
            return
        self.text.append(data)
        for waiting in self.open:
            waiting.text.append(data)

    def handle_comment(self, data: str) -> None:
        """What html.parser takes for a comment, and a browser for the end of one with text behind it."""
        if data.startswith((">", "->")) or "--!>" in data:
            self._pass(spaced(data))

    def unknown_decl(self, data: str) -> None:
        """``<![CDATA[…]]>``: text, at least inside an SVG."""
        self._pass(spaced(data))

    def close(self) -> None:
        super().close()
        self._pass("")
        for waiting in [*self.open]:
            self._close(waiting)

    def _notice(self, tag: str, a: dict[str, str], classes: set[str]) -> None:
        """What the element says of a result."""
        cited = a.get("data-cite", "")
        if tag == "meta" and a.get("name") == "description":
            self.page.description = a.get("content", "")
        elif tag == "a" and classes & {"cite", "claim-score"}:
            self.link = a
        if tag == "data" and cited:
            self.number = cited
            self._show(cited, "値", a.get("value", ""))
            self._wait(tag, cited, "数字")
            self._attributes(cited)
        elif "data-claim" in a:
            self.claim = a["data-claim"]
            self._show(self.claim, "主張", "")
        elif classes & {"claim-score", "broken-score", "error", "spread"}:
            what = "得点" if "claim-score" in classes else "壊した得点" if "broken-score" in classes else "±"
            self._wait(tag, self.number if what == "±" else self.claim, what)
            if tag == "a":
                self._show(self.claim, "読み上げ", a.get("aria-label", ""))
                self._attributes(self.claim)
        elif cited:
            self.figure = cited if tag == "figure" else self.figure
            self._show(cited, "図" if "data-sha256" in a else "表", a.get("data-sha256", ""))
        elif self.figure and "plot-title" in classes:
            self._wait(tag, self.figure, "題")
        elif self.figure and tag == "figcaption":
            self._wait(tag, self.figure, "説明")
        elif self.figure and a.get("role") == "img" and self.svg == 0:
            self._show(self.figure, "代替文", a.get("aria-label", ""))
        self._table(tag, a)

    def _table(self, tag: str, a: dict[str, str]) -> None:
        """Tables of single runs: a column a number, or left, right and verdict of a claim."""
        key = a.get("data-values", "")
        if tag == "table":
            self.columns = [(key, "左"), (key, "右"), (key, "合否")] if key else []
            self.row = -1
        elif tag == "th" and key:
            self.columns.append((key, "値"))
        elif tag == "tr":
            self.column = -1
        elif tag == "td" and self.columns:
            self.row += self.column < 0  # the first of its row; a head has none
            self.column += 1
            if self.column < len(self.columns):
                key, what = self.columns[self.column]
                self._wait(tag, key, f"{self.row}回目の{what}")

    def _attributes(self, key: str) -> None:
        """What the card takes from the link around a number, or from the score of a claim."""
        for name, value in self.link.items():
            if name.startswith("data-"):
                self._show(key, name, value)
        self.link = {}

    def _json(self, text: str) -> None:
        try:
            content: Any = json.loads(text)
            self._pass(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
            if isinstance(content, dict) and content.get("@type") == "Dataset":
                for variable in content["variableMeasured"]:
                    key = f"{content['identifier']}.{variable['propertyID']}"
                    self._show(key, "JSON-LD", repr(variable["value"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            self._pass(spaced(text))

    def _pass(self, piece: str) -> None:
        """To the stream of the part, and to that of the drawing."""
        for said in filter(None, (spaced("".join(self.text)), piece)):
            self.page.parts[self.part].append(said)
            if self.svg:
                self.drawing.append(said)
        self.text = []

    def _wait(self, tag: str, key: str, what: str) -> None:
        if len(self.open) < MOST_OPEN:
            self.open.append(_Open(tag, key, what))

    def _close(self, waiting: _Open) -> None:
        self.open.remove(waiting)
        self._show(waiting.key, waiting.what, "".join(waiting.text))

    def _show(self, key: str, what: str, text: str) -> None:
        self.page.shown.append(Shown(key, what, spaced(text), self.part))
