"""Mark a page's Markdown with line numbers that survive its conversion to HTML.

Python-Markdown forgets where anything stood. So each place that might become a tag, a link or a comment gets its line
written into it, so does each number in a text, and each line that might be a code fence keeps its number until the real
extensions have taken the code blocks out. What was code or maths after all comes out as text, mark and all, and nobody
looks there.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterable, Iterator

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.md_in_html import HTMLExtractorExtra
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor

from hooks.formulate import DISPLAY, INLINE
from hooks.passages import sign
from hooks.spot import HIDDEN

# The marks: attributes of a tag (the second: of one that Markdown inside HTML writes anew), and what leads an address.
LINE, INSIDE, ADDRESS = "data-check-line", "data-check-inside", re.compile(r"line-(\d+):(.*)", re.DOTALL)
COMMENT_MARK = re.compile(r"<!--line-(\d+) ")
FENCE_MARK = re.compile("\ue000fence-(\\d+)\ue000")

LINK = re.compile(r"((?:\]\(|^[ >]*\[[^\]^][^\]]*\]:)[ \t]*<?)(?=[ \t]*\S)")
# No mark in the end of what is read to its end as no HTML; nor in <https://…> and <a@b>.
TAG = re.compile(r"<(/(?!(?:script|style|textarea|title)\b)|)([a-z][^\s<>/@:]*)(?=[\s/>]|$)", re.IGNORECASE)
FENCE = re.compile(r"(?P<indent>(?:[ >]|[-*+] |\d+[.)] )*)(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$")
OPTIONAL_END = set("p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rt rp".split())


def marked(markdown: str, first: int) -> Iterator[str]:
    """The lines with their marks."""
    for number, line in enumerate(markdown.split("\n"), first):
        yield _mark(line, number)


def _mark(line: str, number: int) -> str:
    linked = LINK.sub(lambda match: f"{match[1]}line-{number}:", line)
    # The space at the end is for what follows in <svg/onload=…>.
    tagged = TAG.sub(lambda match: f'<{match[1]}{match[2]} {LINE}="{number}" ', linked)
    return tagged.replace("<!--", f"<!--line-{number} ")


def unclosed(tag: str) -> str:
    """The message, here and where the page is read."""
    return f"<{tag}> が閉じていません。同じ段落の中に </{tag}> を足してください（文字なら ` で囲みます）。"


class Marks(Extension):
    """Looks at the page between the steps of its conversion; ``begin`` first, then ``problems``."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Around superfences (25), which takes whole code blocks out; in the place of md_in_html's first step."""
        md.preprocessors.register(_Number(md, self), "check-number", 25.5)
        md.preprocessors.register(_Fences(md, self), "check-fences", 24.5)
        md.preprocessors.register(_Html(md, self), "html_block", 20)
        # Where `formulate` sets maths; here it is only taken out, which takes no time.
        md.inlinePatterns.register(_Formula(INLINE, md), "math", 188)
        md.parser.blockprocessors.register(_DisplayedFormula(md.parser), "math-display", 96)

    def begin(self, first: int) -> None:
        """A new page, whose first line has this number."""
        self.first = first
        self.lines: list[_Line] = []
        self.left: dict[int, re.Match[str]] = {}
        self.found: list[tuple[int, str]] = []

    def problems(self, visible: set[int]) -> list[tuple[int, str]]:
        """What is wrong, given the fences that came out as text."""
        return self.found + _unclosed_fences([(number, self.left[number]) for number in sorted(visible)])


class _Line(str):
    """A line that knows its number, for as long as no preprocessor touches it."""

    number: int


class _Step(Preprocessor):
    def __init__(self, md: Markdown, marks: Marks) -> None:
        super().__init__(md)
        self.marks = marks


class _Number(_Step):
    def run(self, lines: list[str]) -> list[str]:
        for number, text in enumerate(lines, self.marks.first):
            line = _Line(text)
            line.number = number
            self.marks.lines.append(line)
        return [*self.marks.lines]


class _Fences(_Step):
    def run(self, lines: list[str]) -> list[str]:
        self.marks.found += _swallowed(self.marks.lines, {line.number for line in lines if isinstance(line, _Line)})
        return [self._mark(line) if isinstance(line, _Line) else line for line in lines]

    def _mark(self, line: _Line) -> str:
        match = FENCE.match(line)
        if match is None:
            return sign(line, line.number)
        self.marks.left[line.number] = match
        return f"{match['indent']}\ue000fence-{line.number}\ue000{match['info']}"


def _swallowed(lines: list[_Line], left: set[int]) -> Iterator[tuple[int, str]]:
    """Code blocks with the beginning of another one in them: an end is missing in between."""
    opening: tuple[int, re.Match[str]] | None = None
    for line in lines:
        match = FENCE.match(line)
        if line.number in left:
            opening = None
        elif match and opening is None:
            opening = line.number, match
        elif match and opening and match["fence"] == opening[1]["fence"]:
            if not match["info"].strip():
                opening = None
            elif match["indent"] == opening[1]["indent"]:
                what = f"コードブロック {match['fence']} が閉じないまま、{line.number}行目で次が始まっています。"
                how = f"その前に {match['fence']} だけの行を足してください（見本なら、外側の記号を1つ増やします）。"
                yield opening[0], what + how


def _unclosed_fences(fences: list[tuple[int, re.Match[str]]]) -> list[tuple[int, str]]:
    """Fences that superfences left in the text, but for the ends of those that it could not begin."""
    found: list[tuple[int, str]] = []
    opening: re.Match[str] | None = None
    for number, match in fences:
        listed = opening is not None and opening["indent"].strip(" >") != ""
        ends = opening is not None and match["fence"] == opening["fence"] and not match["info"].strip()
        if opening and ends and (listed or (opening["info"].strip() and match["indent"] == opening["indent"])):
            if len(found) > 1 and not listed:
                found.pop()  # a good block, spoilt by the unclosed one before it
            opening = None
            continue
        opening, fence = match, match["fence"]
        if match["indent"].strip(" >"):
            how = f"記号の次の行に、4文字下げて {fence} を書いてください。"
            found.append((number, f"コードブロックを、箇条書きの記号と同じ行から始められません。{how}"))
        else:
            how = f"同じ字下げで {fence} だけの行を足し、{fence} のうしろの指定の綴りも見てください。"
            found.append((number, f"コードブロック {fence} が閉じていません。{how}"))
    return found


class _Formula(InlineProcessor):
    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        return HIDDEN, m.start(), m.end()


class _DisplayedFormula(BlockProcessor):
    def test(self, parent: etree.Element, block: str) -> bool:
        return DISPLAY.match(block) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        blocks.pop(0)


class _Html(_Step):
    def run(self, lines: list[str]) -> list[str]:
        parser = _Extractor(self.md)
        parser.feed("\n".join(lines))
        parser.close()
        self.marks.found += [(line, unclosed(tag)) for line, tag in dict.fromkeys(parser.unclosed)]
        return "".join(parser.cleandoc).split("\n")


class _Extractor(HTMLExtractorExtra):
    """As in md_in_html, which closes in silence what the author left open; here it is noted."""

    def reset(self) -> None:
        self.mdstack: list[str] = []
        self.opened: list[tuple[int, str]] = []  # beside it
        self.unclosed: list[tuple[int, str]] = []
        super().reset()

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        attrs = list(attrs)
        super().handle_starttag(tag, [(INSIDE if name == LINE else name, value) for name, value in attrs])
        if len(self.mdstack) > len(self.opened):
            self.opened.append((int(dict(attrs).get(LINE) or 0), tag))

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        ended = self.opened[len(self.mdstack) :]
        self.unclosed += [(line, name) for line, name in ended[1:] if name not in OPTIONAL_END]
        del self.opened[len(self.mdstack) :]

    def close(self) -> None:
        self.unclosed += self.opened
        super().close()
