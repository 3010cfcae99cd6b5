"""A table wider than a phone scrolls in a box of its own, made here and not by a script when the page is open.

It is named by the heading above it, since Markdown's tables have no caption.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig

from hooks.anchor import HEADINGS


class WrapExtension(Extension):
    """After all that reads tables as tables of the author's."""

    def extendMarkdown(self, md: Markdown) -> None:
        """After the table of contents (5)."""
        md.treeprocessors.register(_Wrap(md), "wrap", 1)


class _Wrap(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        heading = None
        for element in root.iter():
            if element.tag in HEADINGS:
                heading = element.get("id")
            elif element.tag == "table" and not element.get("class") and heading:
                element.set("aria-labelledby", heading)
        for parent in list(root.iter()):
            for index, child in enumerate(parent):
                if child.tag == "table" and not child.get("class"):
                    outer = etree.Element("div", {"class": "md-typeset__scrollwrap"})
                    outer.tail, child.tail = child.tail, None
                    etree.SubElement(outer, "div", {"class": "md-typeset__table"}).append(child)
                    parent[index] = outer


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    config.markdown_extensions.append(WrapExtension())  # type: ignore[arg-type]
    return config
