"""Titles break between phrases: ``<wbr>`` where BudouX says, for browsers without ``word-break: auto-phrase``.

A title of four lines must not end one of them in the middle of 正則｜化. The style sheet then keeps all words whole
(``keep-all``), so that these places and spaces are the only ones. No place is inside code, a formula or a number.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Sequence
from itertools import chain

from budoux import load_default_japanese_parser
from jinja2 import Environment
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from hooks.typeset import WIDE

TITLES = {"h1", "h2", "h3", "h4"}
WHOLE = {"code", "data", "kbd", "sup", "math", "svg"}
# What counts as one letter: a formula that Markdown has put aside, an entity, a sign with the selector of its variant.
UNIT = re.compile("\x02[^\x03]*\x03|&#?\\w+;|.[\ufe00-\ufe0f\U000e0100-\U000e01ef]?", re.DOTALL)
LETTER = "x"
NOT_FIRST = set("、。，．・：；！？）」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョヶ々〜～％… ")
PARSER = load_default_japanese_parser()


class PhrasesExtension(Extension):
    """Works on headings, and on the links of 次に読む."""

    def extendMarkdown(self, md: Markdown) -> None:
        """After the contents have copied the headings (5)."""
        md.treeprocessors.register(_Phrases(md), "phrases", 4)


class _Phrases(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        for element in list(root.iter()):
            if element.tag in TITLES:
                _divide(element)
            elif "next" in element.get("class", "").split():
                for link in list(element.iter("a")):
                    _divide(link)


def phrases(title: str) -> str:
    """The same for a title in a template."""
    return "<wbr>".join(_divided([title])[0])


def _divide(title: etree.Element) -> None:
    """A phrase may begin in one element of the title and end in the next."""
    places = list(_texts(title))
    for (parent, element, _), parts in zip(places, _divided([text for *_, text in places]), strict=True):
        if parent is None or len(parts) == 1:
            continue
        if parent is element:
            index, element.text = 0, parts[0]
        else:
            index, element.tail = list(parent).index(element) + 1, parts[0]
        for offset, part in enumerate(parts[1:]):
            place = etree.Element("wbr")
            place.tail = part
            parent.insert(index + offset, place)


def _texts(element: etree.Element) -> Iterator[tuple[etree.Element | None, etree.Element, str]]:
    """The parts of a text: the element they are in, the one that they follow (itself at its start), and the words."""
    if element.tag in WHOLE:
        yield None, element, LETTER
        return
    yield element, element, element.text or ""
    for child in element:
        yield from _texts(child)
        yield element, child, child.tail or ""


def _divided(texts: Sequence[str]) -> list[list[str]]:
    """Each part of one text, cut between phrases; at least one piece each."""
    units = [UNIT.findall(text) for text in texts]
    letters = "".join(LETTER if unit[-1] in "\x03;" else unit[0] for unit in chain.from_iterable(units))
    cuts, place = set(), 0
    for phrase in PARSER.parse(letters):
        if place and _may_break(letters[place - 1], letters[place]):
            cuts.add(place)
        place += len(phrase)
    divided, place = [], 0
    for part in units:
        pieces = [""]
        for unit in part:
            if place in cuts:
                pieces.append("")
            pieces[-1] += unit
            place += 1
        divided.append(pieces)
    return divided


def _may_break(before: str, after: str) -> bool:
    """The model was made for sentences: it also cuts before a colon or a space, and in the middle of Latin."""
    return after not in NOT_FIRST and bool(re.match(WIDE, before) or re.match(WIDE, after))


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    config.markdown_extensions.append(PhrasesExtension())  # type: ignore[arg-type]
    return config


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Titles that a template prints: ``{{ title | phrases }}``."""
    env.filters["phrases"] = phrases
    return env
