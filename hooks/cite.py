r"""Citations ``{{ experiment.result }}`` in Markdown: one form, three places.

    正解率は {{ l1_vs_l2.accuracy }} でした。             in a sentence: the number
    [L1のほうが多くを0にします]{{ l1_vs_l2.sparser }}     after bracketed words: the words are a claim
    {{ l1_vs_l2.weights }}                                alone on its line: the figure or the table; the number only
                                                          in a term's ``!!! measured``

It is an extension of Python-Markdown, so it works wherever Markdown does (tables, lists, footnotes, excerpts) and
leaves code, maths and what stands after ``\`` alone. It knows nothing of MkDocs but for the two hooks at the end.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from html.parser import HTMLParser
from urllib.parse import urlsplit

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from figures.citations import CITATION
from figures.results import Claim, Figure, Number, Table
from hooks.regenerate import runs
from hooks.render import NOTHING, RECEIPT, Citations
from hooks.report import Problem, around, problems
from hooks.wording import overstated

ALONE = re.compile(rf"^[ ]{{0,3}}{CITATION.pattern}[ ]*$", re.MULTILINE)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class CiteExtension(Extension):
    """Installs the three places and the checks; see the module's head."""

    def __init__(self, citations: Citations) -> None:
        super().__init__()
        self.citations = citations

    def extendMarkdown(self, md: Markdown) -> None:
        """Register with the priorities that decide who sees a citation first."""
        # Above the paragraph (10), the lists and the rest: only a line of its own is looked at.
        md.parser.blockprocessors.register(_AloneProcessor(md.parser, self.citations, md), "cite-alone", 95)
        # Between code spans (190), whose content is then out of sight, and the escapes (180).
        md.inlinePatterns.register(_ClaimProcessor(md, self.citations), "cite-claim", 187)
        md.inlinePatterns.register(_NumberProcessor(md, self.citations), "cite-number", 186)
        # After the inline patterns (20): a heading shows what it holds; before the table of contents (5) copies it.
        md.treeprocessors.register(_HeadingCheck(md, self.citations), "cite-headings", 15)
        # After MkDocs has checked the author's links (0): these are ours, and always right.
        md.treeprocessors.register(_Links(md, self.citations), "cite-links", -10)
        # Before raw HTML is put back (30).
        md.postprocessors.register(_RawHtmlCheck(md, self.citations), "cite-raw-html", 40)


class CiteProcessor(InlineProcessor):
    """What all inline forms need: where a citation stands, and where it is only text."""

    def __init__(self, pattern: str, md: Markdown, citations: Citations) -> None:
        super().__init__(pattern, md)
        self.citations = citations

    def place(self, data: str, start: int, end: int) -> Problem:
        """Where a problem with what stands there will be looked up."""
        return Problem("", data[start:end], *around(data, start, end))

    def ignored(self, data: str, start: int) -> bool:
        """Behind an odd number of backslashes, or in an HTML comment."""
        backslashes = len(data[:start]) - len(data[:start].rstrip("\\"))
        return backslashes % 2 == 1 or data.rfind("<!--", 0, start) > data.rfind("-->", 0, start)

    def in_raw_html(self, data: str, start: int, end: int) -> bool:
        """Inside a tag, or between an opening tag and its end."""
        if re.search(r"<[a-zA-Z/][^<>]*$", data[:start]) and re.match(r"[^<>]*>", data[end:]):
            return True
        open_tags: list[str] = []
        for close, name in re.findall(r"<(/?)([a-zA-Z][\w-]*)[^<>]*>", data[:start]):
            if close and name in open_tags:
                open_tags.remove(name)
            elif not close and name.lower() not in VOID and re.search(rf"</{name}\s*>", data[end:]):
                open_tags.append(name)
        return bool(open_tags)


class _NumberProcessor(CiteProcessor):
    def __init__(self, md: Markdown, citations: Citations) -> None:
        super().__init__(CITATION.pattern, md, citations)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | str | None, int | None, int | None]:
        start, end = m.span()
        if self.ignored(data, start):
            return None, None, None
        place = self.place(data, start, end)
        if self.in_raw_html(data, start, end):
            self.citations.problems.append(Problem(_RAW, place.text, place.before, place.after))
            return "", start, end
        result = self.citations.find(m[1], place)
        if isinstance(result, Number):
            return self.citations.number(m[1], result), start, end
        if result is not None:
            self.citations.wrong_place(m[1], result, place)
        return "", start, end


class _ClaimProcessor(CiteProcessor):
    def __init__(self, md: Markdown, citations: Citations) -> None:
        super().__init__(r"\[", md, citations)

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | str | None, int | None, int | None]:
        start = m.start()
        close = _closing_bracket(data, start)
        citation = CITATION.match(data, close + 1) if close > 0 else None
        if citation is None or self.ignored(data, start):
            return None, None, None
        words, end = data[start + 1 : close], citation.end()
        place = self.place(data, start, end)
        result = self.citations.find(citation[1], place)
        if isinstance(result, Claim) and not self.in_raw_html(data, start, end):
            if word := overstated(words, result):
                message = (
                    f"主張「{words}」の「{word}」は、{result.n}回すべてで成り立つことを求めます。'{citation[1]}' は"
                    f"{result.needed}回からです。言葉を弱めるか、share を1にしてください。"
                )
                self.citations.problems.append(Problem(message, place.text, place.before, place.after))
            return self.citations.claim(citation[1], result, words), start, end
        if isinstance(result, Claim):
            self.citations.problems.append(Problem(_RAW, place.text, place.before, place.after))
        elif result is not None:
            self.citations.wrong_place(citation[1], result, place)
        return "", start, end


class _AloneProcessor(BlockProcessor):
    def __init__(self, parser: BlockParser, citations: Citations, md: Markdown) -> None:
        super().__init__(parser)
        self.citations = citations
        self.md = md

    def test(self, parent: etree.Element, block: str) -> bool:
        return ALONE.search(block) is not None and not block.startswith("    ")

    def run(self, parent: etree.Element, blocks: list[str]) -> bool | None:
        block = blocks[0]
        for match in ALONE.finditer(block):
            experiment, _, name = match[1].partition(".")
            result = self.citations.records.get(experiment, NOTHING).results.get(name)
            if isinstance(result, Table | Figure):
                blocks[0] = block[match.end() :].lstrip("\n")
                if block[: match.start()].strip():
                    self.parser.parseBlocks(parent, [block[: match.start()].rstrip("\n")])
                if isinstance(result, Table):
                    parent.append(self.citations.table(match[1], result))
                else:
                    parent.append(self.citations.figure(match[1], result, self.md.htmlStash.store))
                if not blocks[0].strip():
                    blocks.pop(0)
                return True
            own_place = parent.tag in ("li", "td", "dd") or "measured" in parent.get("class", "").split()
            if result is not None and match[0].strip() == block.strip() and not own_place:
                self.citations.wrong_place(match[1], result, Problem("", match[0].strip()))
                blocks.pop(0)
                return True
        return False  # also for unknown names: as text of a paragraph they are reported


class _HeadingCheck(Treeprocessor):
    def __init__(self, md: Markdown, citations: Citations) -> None:
        super().__init__(md)
        self.citations = citations

    def run(self, root: etree.Element) -> None:
        for heading in (element for element in root.iter() if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6")):
            for element in heading.iter():
                citation = element.get("data-cite") or element.get("data-claim")
                if citation:
                    message = f"見出しに '{citation}' は書けません。見出しのあとの文に移してください。"
                    self.citations.problems.append(Problem(message, citation, ""))


class _Links(Treeprocessor):
    def __init__(self, md: Markdown, citations: Citations) -> None:
        super().__init__(md)
        self.citations = citations

    def run(self, root: etree.Element) -> None:
        for element in root.iter("a"):
            for inside in (link for link in element.iter("a") if link is not element):
                inside.tag = "span"  # a link in a link is no HTML; the author's own one stays
                del inside.attrib["href"]
            href = element.get("href", "")
            if href.startswith(RECEIPT):
                element.set("href", self.citations.href(href.removeprefix(RECEIPT)))


class _RawHtmlCheck(Postprocessor):
    def __init__(self, md: Markdown, citations: Citations) -> None:
        super().__init__(md)
        self.citations = citations

    def run(self, text: str) -> str:
        for block in self.md.htmlStash.rawHtmlBlocks:
            if isinstance(block, str) and "{{" in block and block.lstrip().startswith("<"):
                finder = _CitationsInHtml()
                finder.feed(block)
                for citation in finder.found:
                    self.citations.problems.append(Problem(_RAW, citation))
        return text


class _CitationsInHtml(HTMLParser):
    """Finds citations in raw HTML, but for code, which may show how a citation is written."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in ("code", "pre", "annotation")
        for _, value in attrs:
            self.found += [match[0] for match in CITATION.finditer(value or "")]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in ("code", "pre", "annotation")

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.found += [match[0] for match in CITATION.finditer(data)]


_RAW = "HTMLの中では引用できません。Markdownの文に移してください。"


def _closing_bracket(data: str, start: int) -> int:
    """Index of the ``]`` that closes the ``[`` at ``start``, or -1."""
    depth = 0
    for index in range(start, len(data)):
        if data[index] == "[" and (index == start or data[index - 1] != "\\"):
            depth += 1
        elif data[index] == "]" and data[index - 1] != "\\":
            depth -= 1
            if not depth:
                return index
    return -1


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After ``regenerate``: give the extension the results of this build."""
    base = urlsplit(config.site_url or "/").path or "/"
    citations = Citations(runs(config), f"{base}receipts/", problems(config))
    config.extra["citations"] = citations
    config.markdown_extensions.append(CiteExtension(citations))  # type: ignore[arg-type]
    return config


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Front matter may cite: title and description hold no markup, so the numbers are printed; ``why`` has links."""
    citations: Citations = config.extra["citations"]
    for key in ("title", "description"):
        if isinstance(page.meta.get(key), str) and "{{" in page.meta[key]:
            if key == "description":
                path = page.file.dest_uri.removesuffix("index.html")
                config.extra.setdefault("descriptions", {})[path] = page.meta[key]
                page.meta["why"] = citations.linked(page.meta[key])
            page.meta[key] = citations.plain(page.meta[key], "")
    return markdown
