"""How long an article takes to read, counted in characters: Japanese has no spaces between its words.

    minutes = (characters + 5 · symbols in formulas + 36 · lines of code + 100 · figures and tables) / 500, rounded up

The words of figures and tables count, too; spaces do not. The theme prints it as 読む時間; nobody types it.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from html import unescape as without_entities

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import strip_tags, unescape
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE
from material.plugins.blog.structure import Post  # type: ignore[import-untyped]
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from hooks.report import Problem, problems

PER_MINUTE = 500
# In characters:
SYMBOL = 5  # a formula is read under one's breath, and λ is ラムダ, w is ダブリュー
CODE_LINE = 36  # a line of code takes as long as a full line of text, which has 36 characters here
PICTURE = 100  # 12 seconds, what Medium's reading time gives a first picture; a table is compared like one

SKIPPED = "data-search-exclude"
LEAF = re.compile(r"<m(?:i|n|o|text)\b")


class ReadingTimeExtension(Extension):
    """``minutes`` is that of the page converted last."""

    minutes = 0

    def extendMarkdown(self, md: Markdown) -> None:
        """When the tree is finished, with formulas, code and drawings still put aside."""
        md.treeprocessors.register(_Count(md, self), "reading-time", 3)


class _Count(Treeprocessor):
    def __init__(self, md: Markdown, extension: ReadingTimeExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: etree.Element) -> None:
        pictures = sum(each.tag in ("img", "table") or each.get("role") == "img" for each in _read_through(root))
        self.extension.minutes = minutes(self._characters(root) + PICTURE * pictures)

    def _characters(self, root: etree.Element) -> int:
        text = unescape("".join(_words(root)))
        aside = [str(self.md.htmlStash.rawHtmlBlocks[int(match[1])]) for match in HTML_PLACEHOLDER_RE.finditer(text)]
        return _length(HTML_PLACEHOLDER_RE.sub("", text)) + sum(map(_weight, aside))


def _read_through(element: etree.Element) -> Iterator[etree.Element]:
    """An element and what is in it, but for what is only there to be opened (buttons and data of a figure)."""
    yield element
    for child in element:
        if not _to_open(child):
            yield from _read_through(child)


def _to_open(element: etree.Element) -> bool:
    return element.tag == "button" or SKIPPED in element.attrib


def _words(element: etree.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if not _to_open(child):
            yield from _words(child)
        yield child.tail or ""


def minutes(characters: float) -> int:
    """Whole minutes, at least one."""
    return max(1, math.ceil(characters / PER_MINUTE))


def _weight(html: str) -> int:
    """Of what Markdown has put aside, in characters."""
    if html.startswith("<math"):
        return SYMBOL * len(LEAF.findall(html))
    if html.startswith("<svg"):
        return 0  # counted as a picture
    if "<pre" in html:
        return CODE_LINE * sum(bool(line.strip()) for line in re.sub(r"<[^>]*>", "", html).split("\n"))
    return _length(without_entities(strip_tags(html)))


def _length(text: str) -> int:
    return len("".join(text.split()))


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    config.extra["reading_time"] = ReadingTimeExtension()
    config.markdown_extensions.append(config.extra["reading_time"])
    return config


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Right after an article is converted; the blog plugin has a place for it, and it stays off there."""
    if isinstance(page, Post):
        page.config.readtime = config.extra["reading_time"].minutes
        if "readtime" in page.meta:
            problems(config).append(Problem("readtime はビルドが数えます。この行を消してください。", "readtime:"))
    return html
