"""The blocks of a page as CommonMark has them, for a parser that knows neither admonitions nor front matter.

The body of an admonition is taken out of its indentation and its title becomes a heading. The lines of a paragraph are
joined as the page joins them (hooks/typeset.py). Of a code block only the fences stay, and of a displayed formula
nothing, unless it ends a sentence: 目的は次の式、⏎$$…$$. Of the front matter the values that are sentences are kept, a
paragraph each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from mkdocs.utils.meta import YAML_RE

from figures.citations import CITATION

from .text import Text, joined

ADMONITION = re.compile(r'(?:!!!|\?\?\?\+?) [^"]*(?:"(?P<title>[^"]*)")?')
FENCE = re.compile(r"`{3,}|~{3,}")
FORMULA = "\ue000"  # a line of its own, for a displayed formula
ALONE = re.compile(rf"{CITATION.pattern}[ ]*$")
# What never goes on with the paragraph above it, and with what no paragraph goes on. Rows of tables have a bar.
BEGINS = re.compile(r"$|[-*+] |\d+[.)] |#|>|<|[^|]*\||[-=]{2}|\[[^\]]*\]:|!!! |\?\?\?|`{3}|~{3}")
ENDS = re.compile(r"$|#|<!--|[^|]*\||[-=]{2}|\[[^\]]*\]:|`{3}|~{3}|.*(?:  |-->|\\)$")


def parted(source: str) -> tuple[Text, Text]:
    """The sentences of the front matter, and the body."""
    whole = Text(source + "\n", range(len(source) + 1))  # so that every line has an end
    matter = YAML_RE.match(source)
    if matter is None:
        return Text("", []), _body(whole)
    return joined(_sentences(whole.group(matter, 1))), _body(whole[matter.end() :])


def _sentences(matter: Text) -> Iterator[Text]:
    try:
        root = yaml.compose(matter.text, yaml.SafeLoader)
    except yaml.YAMLError:  # which stops the build, with its line
        return
    for node in _scalars(root):
        if "。" in node.value:
            value = matter[node.start_mark.index : node.end_mark.index]
            if node.style in ("'", '"'):
                value = value[1:-1]
            lines = [*value.lines()][1 if node.style in ("|", ">") else 0 :]
            yield joined(_unindented(line) for line in lines)
            yield value[-1:].instead("\n\n")


def _unindented(line: Text) -> Text:
    text = line.text.rstrip("\n")
    return line[len(text) - len(text.lstrip(" ")) : len(text)]


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _scalars(child)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value)


def _body(body: Text) -> Text:
    written: list[Text] = []
    above = ""  # the line of a paragraph that may go on
    unended = 0  # behind the last words, if a formula may end their sentence
    for line in _lines(body):
        end = len(line.text.rstrip("\n"))
        start = len(line.text) - len(line.text.lstrip(" "))
        words = line.text.strip()
        if words == FORMULA:
            if unended:
                written.insert(unended, line[:1].instead("$x$です。"))
            start, words, unended = end, "", 0
        elif above and not BEGINS.match(words) and not ALONE.match(words):
            latin = above[-1].isascii() and above[-1].isalnum() and words[0].isascii() and words[0].isalnum()
            written[-1] = line[:1].instead(" " if latin else "")
        else:
            start = 0
        written += [line[start:end], line[end:]]
        closed = ENDS.match(line.text[:end].lstrip(" ")) or ALONE.match(words)
        above = "" if closed else words
        if words:
            unended = 0 if closed or words[-1] in "。？！」）" else len(written) - 1
    return joined(written)


def _lines(body: Text) -> Iterator[Text]:
    """The lines without the indentation of admonitions, their titles as headings, formulas and code left out."""
    bodies: list[int] = []  # the indentation in each open admonition
    fence = ""  # of code, or of a formula
    for line in body.lines():
        words = line.text.strip()
        indent = len(line.text) - len(line.text.lstrip(" "))
        while bodies and words and not fence and indent < bodies[-1]:
            bodies.pop()
        margin = max(indent - 4 * len(bodies), 0)
        inner = line[indent - margin :]
        found = FENCE.match(words)
        if fence == "$$":
            fence = "" if words.endswith(fence) else fence
            yield line[-1:]
        elif fence:
            ended = found and words == found[0] and words.startswith(fence)
            fence = "" if ended else fence
            yield inner if ended else line[-1:]
        elif words.startswith("$$"):
            fence = "" if words.endswith("$$") and len(words) > len("$$") else "$$"
            yield joined([line[:1].instead(FORMULA), line[-1:]])
        elif found:
            fence = found[0]
            yield joined([inner[: margin + len(fence)], line[-1:]])
        elif title := ADMONITION.match(words):
            bodies.append(indent + 4)
            name = line[indent + title.start("title") : indent + title.end("title")] if title["title"] else line[:0]
            yield joined([line[:1].instead(" " * margin + "###### "), name, line[-1:]])
        else:
            yield inner
