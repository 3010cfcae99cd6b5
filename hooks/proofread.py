"""Read one page's Markdown as the build will, and say what is wrong with it, each with its line.

The page is marked, converted by the real extensions, and what would be published is looked at: a sample in a code
block, a comment or a formula is none of it, and so is never reported. Knows nothing of files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from markdown import Markdown

from figures.citations import CITATION
from hooks.cite import VOID
from hooks.mark import ADDRESS, COMMENT_MARK, FENCE, FENCE_MARK, INSIDE, LINE, OPTIONAL_END, Marks, marked, unclosed
from hooks.passages import Passage, passages, unsigned

NESTED = re.compile(r"(?: *(?:>|(?:[-*+]|\d+[.)]|[!?]{3}\+?)(?= )))*")
MAX_DEPTH = 20  # of lists and quotes; Python-Markdown takes 70 seconds for 1000, and then fails

REFUSED = {"script", "style", "iframe", "frame", "object", "embed", "base", "link", "meta"}
CODE = {"code", "pre", "math", "kbd", "samp", "textarea", "script", "style"}
FILES = {
    "a": "href",
    "img": "src srcset",
    "source": "src srcset",
    "video": "src poster",
    "audio": "src",
    "track": "src",
}
ADDRESSES = {"href", "src", "srcset", "poster", "action", "formaction", "data", "xlink:href"}
EXECUTED = re.compile(r"(?:java|vb)script:|data:text/html", re.IGNORECASE)
END_TAG = re.compile(rf'</[^\s>]+ {LINE}="(\d+)"')
TORN_TAG = re.compile(rf'<([a-zA-Z]\w*) {LINE}="(\d+)"\s[^<>]*[\w-]+\s*=\s*["\']')


@dataclass(frozen=True)
class Link:
    """An address in a page: of a Markdown link or image, or ``raw`` as HTML that nobody rewrites."""

    line: int
    tag: str
    url: str
    raw: bool


@dataclass
class Reading:
    """What is wrong within a page, where it points, what others may point at, and what it says."""

    problems: list[tuple[int, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    passages: list[Passage] = field(default_factory=list)


class Proofreader:
    """One converter for all pages of a build; ``extensions`` and ``configs`` as in MkDocs."""

    def __init__(self, extensions: Sequence[Any], configs: Mapping[str, Mapping[str, Any]]) -> None:
        self.marks = Marks()
        self.md = Markdown(extensions=[*extensions, self.marks], extension_configs=dict(configs))

    def read(self, markdown: str, first: int = 1) -> Reading:
        """A page without its front matter, which begins at line ``first`` of its file."""
        deep = too_deep(markdown, first)
        if deep:
            what = f"箇条書きや引用の入れ子が{MAX_DEPTH}段を超えています。"
            return Reading([(deep, what + "段を減らすか、見出しで分けてください。")])
        self.md.reset()
        self.marks.begin(first)
        try:
            html = self.md.convert("\n".join(marked(markdown, first)))
            output = _Output(html, markdown, first)
            output.feed(html)
            output.close()
        except Exception as error:  # whatever a converter raises, the author gets one sentence
            what = f"Markdownを変換できません（{type(error).__name__}）。"
            return Reading([(first, what + "入れ子や記号の並びを単純にしてください。")])
        reading = output.reading
        reading.passages = passages(html)
        reading.problems += self.marks.problems(output.fences)
        # What `cite` will add where it draws a figure.
        reading.ids |= {f"figure-{match[1].replace('.', '-', 1)}" for match in CITATION.finditer(markdown)}
        return reading


def too_deep(markdown: str, first: int) -> int:
    """The first line with more than ``MAX_DEPTH`` lists, quotes and admonitions around it, or 0."""
    levels: list[int] = []  # of the items that are open
    for number, line in _outside_fences(markdown, first):
        match = NESTED.match(line)
        prefix = match[0] if match else ""
        level, signs = prefix.count(" ") // 4, len(re.findall(r">|[^\s>]+", prefix))
        if signs and (len(line) - len(line.lstrip())) // 4 <= len(levels):  # what is further in is code
            while levels and levels[-1] >= level:
                levels.pop()
            levels.append(level)
            if len(levels) - 1 + signs > MAX_DEPTH:
                return number
    return 0


def _outside_fences(markdown: str, first: int) -> Iterator[tuple[int, str]]:
    held: list[tuple[int, str]] = []  # since a fence, as long as it has no end
    fence: re.Match[str] | None = None
    for number, line in enumerate((line.expandtabs(4) for line in markdown.split("\n")), first):
        match = FENCE.match(line)
        if fence is None:
            fence = match
            if match is None:
                yield number, line
            continue
        held.append((number, line))
        if line.strip() and not line.startswith(fence["indent"].rstrip()):  # the fence was none
            fence = None
            yield from held
            held.clear()
        elif match and [match["indent"], match["fence"], match["info"].strip()] == [
            fence["indent"],
            fence["fence"],
            "",
        ]:
            fence = None
            held.clear()
    yield from held


class _Output(HTMLParser):
    """Looks at the page that would be published. What has no mark, Markdown wrote; that is right, and closed."""

    def __init__(self, html: str, markdown: str, first: int) -> None:
        super().__init__(convert_charrefs=True)
        self.reading = Reading()
        self.fences: set[int] = set()
        self.html = html.split("\n")
        self.source = list(enumerate(markdown.split("\n"), first))
        self.open: list[tuple[str, int | None]] = []
        self.misnested: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self._element(tag, attrs)
        if tag not in VOID:
            self.open.append((tag, line))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self._element(tag, attrs)
        drawing = tag in ("svg", "math") or any(name in ("svg", "math") for name, _ in self.open)
        if line is not None and tag not in VOID and not drawing:
            self._report(line, unclosed(tag))  # browsers ignore the slash

    def handle_endtag(self, tag: str) -> None:
        row, column = self.getpos()
        mark = END_TAG.match(self.html[row - 1], column)
        depth = len(self.open) - 1
        while depth >= 0 and (self.open[depth][0] != tag or (self.open[depth][1] is None) != (mark is None)):
            depth -= 1
        if depth >= 0:
            self._leave(depth + 1, marked=mark is not None)
            self.open.pop()
        elif mark and self.misnested[tag]:
            self.misnested[tag] -= 1
        elif mark:
            self._report(int(mark[1]), f"</{tag}> に対応する <{tag}> がありません。消すか、<{tag}> を足してください。")

    def close(self) -> None:
        super().close()
        self._leave(0, marked=False)

    def handle_data(self, data: str) -> None:
        if any(tag in CODE for tag, _ in self.open):
            return
        self.fences |= {int(match[1]) for match in FENCE_MARK.finditer(data)}
        for match in COMMENT_MARK.finditer(data):
            what = "コメント <!-- が閉じていないか、途中に空行があります。"
            self._report(int(match[1]), what + "--> で閉じるか、空行を消してください。")
        for match in TORN_TAG.finditer(data):
            self._report(int(match[2]), f"<{match[1]} のタグが > で終わっていません。引用符と > を足してください。")

    def _element(self, tag: str, attrs: list[tuple[str, str | None]]) -> int | None:
        """Look at one element; the line of its start, if its end has a mark too."""
        attrs = [(name, value and unsigned(value)) for name, value in attrs]
        marks = {name: int(value or 0) for name, value in attrs if name in (LINE, INSIDE)}
        line = marks.get(LINE, marks.get(INSIDE))
        if tag in REFUSED and line is not None:
            self._report(line, f"<{tag}> は使えません。消してください。")
        for name, value in attrs:
            mark = ADDRESS.match(value or "")
            where, text = (int(mark[1]), mark[2]) if mark else (line, value or "")
            if name == "id" or (name == "name" and tag == "a"):
                self.reading.ids.add(text)
            elif name.startswith("on"):
                self._report(where or self._line_of(name), f"{name} 属性は使えません。消してください。")
            elif name in ADDRESSES and EXECUTED.match(re.sub(r"[\x00-\x20]", "", text)):
                self._report(where or self._line_of(text), f"'{text}' のアドレスは使えません。消してください。")
            elif name in FILES.get(tag, "").split() and value is not None:
                parts = [part.split()[0] for part in text.split(",") if part.strip()] if name == "srcset" else [text]
                raw = mark is None and line is not None
                self.reading.links += [Link(where or self._line_of(url), tag, url, raw) for url in parts]
        return marks.get(LINE)

    def _leave(self, depth: int, *, marked: bool) -> None:
        """All above ``depth`` ends here; a marked end may also end what HTML lets go without one."""
        for tag, line in self.open[depth:]:
            if line is not None and not (marked and tag in OPTIONAL_END) and tag not in REFUSED | {"textarea", "title"}:
                self._report(line, unclosed(tag))
                self.misnested[tag] += 1
        del self.open[depth:]

    def _report(self, line: int, message: str) -> None:
        self.reading.problems.append((line, message))

    def _line_of(self, text: str) -> int:
        """Of what Markdown wrote without a mark: a footnote's way back stands at the note, the rest as it reads."""
        wanted = re.sub(r"^#fnref\d*:(.*)$", r"[^\1]:", text)
        return next((number for number, line in self.source if wanted in line), self.source[0][0])
