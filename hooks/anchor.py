"""The address of a heading: ``{ #name }`` if the author wrote one, else its words, in Japanese as they stand.

The words are readable in the address bar and cannot be misread, as a reading in Latin letters could. An author who
rewords a heading keeps its old address by naming it: ``## 新しい見出し { #古い見出し }``. A formula adds nothing to the
address. Nothing is ever called ``_1``: two headings with one address, or a heading without words, stop the build.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from html import unescape as without_entities

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import remove_fnrefs, render_inner_html, slugify_unicode, strip_tags, unescape
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE
from mkdocs.config.defaults import MkDocsConfig

from hooks.formulate import in_heading
from hooks.report import Problem, problems

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
MATH = re.compile(r"<math.*?</math>", re.DOTALL)
ATTRIBUTES = re.compile(r"[ ]*\{[^{}]*\}[ ]*$")


class AnchorExtension(Extension):
    """Problems go to the list that the report reads."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems

    def extendMarkdown(self, md: Markdown) -> None:
        """What the author wrote is read before the inline patterns (20), ids are given before the contents (5)."""
        written = _Written(md)
        md.treeprocessors.register(written, "anchor-written", 21)
        md.treeprocessors.register(_Anchor(md, written, self.problems), "anchor", 6)


class _Written(Treeprocessor):
    """The headings as the author typed them, in order: by that the report finds their lines."""

    def run(self, root: etree.Element) -> None:
        self.headings = {element: element.text or "" for element in root.iter() if element.tag in HEADINGS}


class _Anchor(Treeprocessor):
    def __init__(self, md: Markdown, written: _Written, problems: list[Problem]) -> None:
        super().__init__(md)
        self.written = written
        self.problems = problems

    def run(self, root: etree.Element) -> None:
        taken = {element.get("id") for element in root.iter() if element.tag not in HEADINGS}
        for heading, text in self.written.headings.items():
            self._plain_formulas(heading)
            name = heading.get("id") or slugify_unicode(self._words(heading), "-")
            heading.set("id", name)
            words = ATTRIBUTES.sub("", text)
            how = "行の終わりに { #名前 } を足してください。"
            if not name:
                self.problems.append(Problem(f"見出し「{words}」には、アドレスにできる文字がありません。{how}", text))
            elif name in taken:
                what = f"見出し「{words}」のアドレス #{name} が、このページに二つあります。片方の"
                self.problems.append(Problem(what + how.replace("を足して", "を足すか変えて"), text))
            taken.add(name)

    def _words(self, heading: etree.Element) -> str:
        """As the contents would read it (footnotes left out), but without formulas."""
        element = remove_fnrefs(heading)
        text = unescape("".join(element.itertext()))
        if HTML_PLACEHOLDER_RE.search(text):  # entities and raw tags
            text = strip_tags(MATH.sub("", render_inner_html(element, self.md)))
        return without_entities(text)

    def _plain_formulas(self, heading: etree.Element) -> None:
        """A heading is copied as text into the contents, the page's title and the search."""
        blocks = self.md.htmlStash.rawHtmlBlocks
        for match in HTML_PLACEHOLDER_RE.finditer("".join(heading.itertext())):
            block = blocks[int(match[1])]
            if isinstance(block, str) and block.startswith("<math"):
                blocks[int(match[1])] = in_heading(block)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    config.markdown_extensions.append(AnchorExtension(problems(config)))  # type: ignore[arg-type]
    return config
