"""A line break inside a Japanese paragraph becomes nothing; between two Latin words it stays a space.

Authors break lines where it suits them; HTML would print each break as a space in the middle of a sentence.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig

WIDE = "[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6]"  # kana, kanji, full-width signs
BREAK = re.compile(rf"(?<={WIDE})\n[ ]*|\n[ ]*(?={WIDE})")
VERBATIM = {"pre", "code", "textarea", "script", "style", "math"}


class TypesetExtension(Extension):
    """Works on the finished tree, so that code and maths are known for what they are."""

    def extendMarkdown(self, md: Markdown) -> None:
        """After attribute lists (8), which stand on a line of their own; before the contents copy headings (5)."""
        md.treeprocessors.register(_JoinLines(md), "typeset", 7)


class _JoinLines(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        self._join(root)

    def _join(self, element: etree.Element) -> None:
        if element.tag in VERBATIM:
            return
        if element.text:
            element.text = BREAK.sub("", element.text)
        for child in element:
            self._join(child)
            if child.tail:
                child.tail = BREAK.sub("", child.tail)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    config.markdown_extensions.append(TypesetExtension())  # type: ignore[arg-type]
    return config
