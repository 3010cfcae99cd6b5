"""A line break inside a Japanese paragraph becomes nothing; between two Latin words it stays a space.

Authors break lines where it suits them; HTML would print each break as a space in the middle of a sentence.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig

# Kana, kanji (with the selectors of their variants) and full-width or squared signs.
WIDE = "[\u3000-\u33ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\uffe0-\uffe6\U00020000-\U0003ffff\U000e0100-\U000e01ef]"
BREAK = re.compile(rf"(?<={WIDE})[ \t]*\n[ \t]*|[ \t]*\n[ \t]*(?={WIDE})")
VERBATIM = {"pre", "code", "textarea", "script", "style", "math"}
EDGE = "\uffff"  # where a block begins or ends, and what is no text


class TypesetExtension(Extension):
    """Works on the finished tree, so that code and maths are known for what they are."""

    def extendMarkdown(self, md: Markdown) -> None:
        """After attribute lists (8), which stand on a line of their own; before the contents copy headings (5)."""
        md.treeprocessors.register(_JoinLines(md), "typeset", 7)


class _JoinLines(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        """Each text with the characters around it: **重み**⏎**減衰** has its break between two elements."""
        places = [place for place in self._places(root) if place[2]]
        for index, (element, name, text) in enumerate(places):
            if "\n" in text and text != EDGE:
                before = places[index - 1][2].strip()[-1:] if index else ""
                after = places[index + 1][2].strip()[:1] if index + 1 < len(places) else ""
                joined = BREAK.sub("", before + text + after)
                setattr(element, name, joined[len(before) : len(joined) - len(after)])
        for image in root.iter("img"):
            if "alt" in image.attrib:
                image.set("alt", BREAK.sub("", image.attrib["alt"]))

    def _places(self, element: etree.Element) -> Iterator[tuple[etree.Element, str, str]]:
        """Where the page holds text, in order: an element, the name of its attribute, and the text."""
        edge = element.tag in VERBATIM or element.tag == "br" or self.md.is_block_level(element.tag)
        if edge:
            yield element, "", EDGE
        if element.tag not in VERBATIM:
            yield element, "text", element.text or ""
            for child in element:
                yield from self._places(child)
                yield child, "tail", child.tail or ""
        if edge:
            yield element, "", EDGE


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    config.markdown_extensions.append(TypesetExtension())  # type: ignore[arg-type]
    return config
