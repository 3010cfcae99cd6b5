"""The first mention of a term on an article or a term's page becomes a link to its page; a card shows the definition.

Never in a heading, code, a formula, a link, a caption or what is operated by a finger, and never inside a longer word
(``forms``). ``unlinked: [重み]`` in the front matter leaves a term alone on that page, ``unlinked: all`` all of them.
In an article the headword also has to give the English in brackets where it first stands, 重み減衰（weight decay）,
unless it is written in Latin letters itself: a reader who looks further will need it. What another says, in 「」, and
the box of 要点 are not ours to interrupt: there the English may be missing.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from hooks.anchor import HEADINGS
from hooks.forms import Finder, Found, folded
from hooks.report import Problem, problems
from hooks.terms import FOLDER, Term, terms_of
from hooks.typeset import EDGE, VERBATIM

CLOSED = {
    *HEADINGS,
    *VERBATIM,
    "a",
    "button",
    "data",
    "figcaption",
    "figure",
    "label",
    "legend",
    "summary",
    "sup",
    "th",
}
LATIN = re.compile("[A-Za-z]")
RAW_TAG = re.compile(r"<(/?)([a-z]+)\b")
QUOTED = re.compile("「[^「」]*」")
ALL = "all"
NEAR = 3  # characters around a mention by which its line is found


@dataclass
class Mentions:
    """What the page that is being converted may link to; ``places`` are the pages on which a term was found."""

    terms: dict[str, Term]
    base: str
    problems: list[Problem]

    def __post_init__(self) -> None:
        self.of = {form: term for term in self.terms.values() for form in term.forms}
        self.finder = Finder(self.of)
        self.glossed = {name for name in self.terms if not LATIN.search(name)}
        self.places: dict[str, list[Page]] = {name: [] for name in self.terms}
        self.page: Page | None = None
        self.left_alone: set[str] = set()

    def begin(self, page: Page, *, links: bool) -> None:
        """A page is about to be converted."""
        unlinked = page.meta.get("unlinked") or ()
        self.left_alone = set(self.terms) if unlinked == ALL else {str(name) for name in unlinked}
        self.page = page if links else None
        for name in sorted(self.left_alone - set(self.terms)):
            what = f"unlinked の「{name}」という見出しの用語がありません。"
            self.problems.append(Problem(what + "term のとおりに書くか、消してください。", name))

    @property
    def is_article(self) -> bool:
        """Whether the English belongs to the first mention."""
        return self.page is not None and not self.page.file.src_uri.startswith(FOLDER)

    def link(self, term: Term, words: str) -> etree.Element:
        """``<a class="term">`` with what its card shows."""
        card = {"data-term": term.term, "data-english": term.english, "data-definition": term.definition}
        link = etree.Element("a", {"class": "term", "href": f"{self.base}{FOLDER}{term.slug}/", **card})
        link.text = AtomicString(words)
        return link


class MentionExtension(Extension):
    """Installs the treeprocessor; see the module's head."""

    def __init__(self, mentions: Mentions) -> None:
        super().__init__()
        self.mentions = mentions

    def extendMarkdown(self, md: Markdown) -> None:
        """On the finished tree, when contents (5) and phrases (4) are made and MkDocs has looked at the links (0)."""
        md.treeprocessors.register(_Links(md, self.mentions), "mention", -5)


class _Links(Treeprocessor):
    def __init__(self, md: Markdown, mentions: Mentions) -> None:
        super().__init__(md)
        self.mentions = mentions

    def run(self, root: etree.Element) -> None:
        mentions, page = self.mentions, self.mentions.page
        if page is None:
            return
        places: list[_Place] = []
        _collect(root, frozenset(self.md.block_level_elements), places)
        starts, length = [], 0
        for place in places:
            starts.append(length)
            length += len(place.text)
        text = "".join(place.text for place in places)
        wanting = mentions.glossed if mentions.is_article else set()
        linked = {str(page.meta.get("term", "")), *mentions.left_alone}
        said = set(linked)
        quotes = [match.span() for match in QUOTED.finditer(text)]
        raw = list(_raw(text, self.md.htmlStash.rawHtmlBlocks))
        links: dict[int, list[tuple[Found, Term]]] = {}
        for found in mentions.finder.find(text):
            if any(start < found.start < end for start, end in raw):
                continue
            term = mentions.of[found.form]
            index = bisect_right(starts, found.start) - 1
            place, inside = places[index], found.end <= starts[index] + len(places[index].text)
            if term.term not in linked and inside:
                linked.add(term.term)
                mentions.places[term.term].append(page)
                links.setdefault(index, []).append((found, term))
            quoted = any(start < found.start < end for start, end in quotes)
            if found.form in wanting - said and not quoted and not place.in_points:
                said.add(found.form)
                english = f"（{term.english}）"
                if not folded(text[found.end : found.end + len(english)]).startswith(folded(english[:-1])):
                    what = f"「{found.form}」が初めて出ます。「{found.form}{english}」と、英語を添えてください。"
                    before, after = text[: found.start].split(EDGE)[-1], text[found.end :].split(EDGE)[0]
                    mentions.problems.append(Problem(what, found.form, before[-NEAR:], after[:NEAR]))
        for index, found_here in links.items():
            places[index].insert(
                [(f.start - starts[index], f.end - starts[index], term) for f, term in found_here], self
            )

    def element(self, term: Term, words: str) -> etree.Element:
        """A link."""
        return self.mentions.link(term, words)


@dataclass(slots=True)
class _Place:
    """A text of the tree: that of ``owner``, or what follows its child ``after``."""

    owner: etree.Element
    after: etree.Element | None
    text: str
    in_points: bool

    def insert(self, links: list[tuple[int, int, Term]], maker: _Links) -> None:
        """Cut the text around its links."""
        first, *_ = links
        index = 0 if self.after is None else list(self.owner).index(self.after) + 1
        if self.after is None:
            self.owner.text = self.text[: first[0]]
        else:
            self.after.tail = self.text[: first[0]]
        ends = [start for start, _, _ in links[1:]] + [len(self.text)]
        for offset, ((start, end, term), until) in enumerate(zip(links, ends, strict=True)):
            link = maker.element(term, self.text[start:end])
            link.tail = self.text[end:until]
            self.owner.insert(index + offset, link)


def _collect(element: etree.Element, blocks: frozenset[str], places: list[_Place], in_points: bool = False) -> None:
    """Every text that may hold a link, in order; what may not is an edge, which no form reaches across."""
    given = element.get("class", "")
    if element.tag in CLOSED or "claim-score" in given:
        places.append(_Place(element, None, EDGE, in_points))
        return
    block = element.tag in blocks or element.tag == "br"
    in_points = in_points or "points" in given.split()
    if block:
        places.append(_Place(element, None, EDGE, in_points))
    if element.text:
        places.append(_Place(element, None, element.text, in_points))
    for child in element:
        _collect(child, blocks, places, in_points)
        if child.tail:
            places.append(_Place(element, child, child.tail, in_points))
    if block:
        places.append(_Place(element, None, EDGE, in_points))


def _raw(text: str, stash: list[Any]) -> Iterator[tuple[int, int]]:
    """From the start to the end of each closed element that the author wrote as HTML; its tags were put aside."""
    begun: dict[str, int] = {}
    for match in HTML_PLACEHOLDER_RE.finditer(text):
        tag = RAW_TAG.match(str(stash[int(match[1])]))
        if tag and tag[2] in CLOSED:
            if tag[1] and tag[2] in begun:
                yield begun.pop(tag[2]), match.start()
            elif not tag[1]:
                begun.setdefault(tag[2], match.start())


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    base = urlsplit(config.site_url or "/").path or "/"
    mentions = Mentions(terms_of(config), base, problems(config))
    config.extra["mentions"] = mentions
    config.markdown_extensions.append(MentionExtension(mentions))  # type: ignore[arg-type]
    return config


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Articles and terms; home, about and the receipts are no places to learn a word."""
    mentions: Mentions = config.extra["mentions"]
    mentions.begin(page, links="slug" in page.meta or "term" in page.meta)
    return markdown


@event_priority(100)
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """What is converted from now on is an excerpt for a list."""
    config.extra["mentions"].page = None
    return html
