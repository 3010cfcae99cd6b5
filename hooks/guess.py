"""Guess first: a list in ``!!! guess`` is a question's choices, and the right one is a citation, never typed.

    !!! guess "予想"

        λ＝1のL1をかけます。ちょうど0になるのは何個でしょうか。

        - 0個
        - 1個
        - {{ l1_vs_l2.all_l1_zeros }}
        - 5個

        Whatever stands below the list is shown with the answer, a figure as well.

The right choice is a number, and the others are then numbers with its unit, or a claim (``- [L1が先]{{ … }}``) among
words. The choices are radio buttons and the answer is a ``<details>``: keyboard, screen reader and a page without
script need nothing more, and nothing is remembered. What is said about a choice stands in the page and is shown by the
style sheet. A guess without a list stays the plain block that it is.
"""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from decimal import Decimal

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from mkdocs.config.defaults import MkDocsConfig

from hooks.report import Problem, problems

QUANTITY = re.compile(r"([−-]?[\d,]+(?:\.\d+)?)(.*)", re.DOTALL)
FEWEST, MOST = 2, 4  # choices; the style sheet knows the places of four
HOW = "正しい選択肢を一つだけ、引用で書いてください（数字は {{ … }}、言葉は [言葉]{{ … }}）。"


class GuessExtension(Extension):
    """Installs the treeprocessor; see the module's head."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__()
        self.problems = found

    def extendMarkdown(self, md: Markdown) -> None:
        """After the inline patterns (20), which make the citations, before the table of contents (5)."""
        md.treeprocessors.register(_Guesses(md, self.problems), "guess", 12)


class _Guesses(Treeprocessor):
    def __init__(self, md: Markdown, found: list[Problem]) -> None:
        super().__init__(md)
        self.problems = found

    def run(self, root: etree.Element) -> None:
        blocks = [block for block in root.iter("div") if "guess" in block.get("class", "").split()]
        for number, block in enumerate(blocks, 1):
            choices = block.find("ul")
            if choices is None:
                continue
            if wrong := rebuild(block, choices, f"guess-{number}"):
                self.problems.append(_place(choices, f"予想の選択肢が読めません。{wrong}"))


def _place(choices: etree.Element, message: str) -> Problem:
    """At the first choice that is typed: what is cited does not stand in the file as it is printed."""
    for item in choices:
        if item.text and item.text.strip():
            return Problem(message, item.text.strip(), "- ")
    return Problem(message, "!!! guess")


def rebuild(block: etree.Element, choices: etree.Element, name: str) -> str:
    """Turn a list into radio buttons, and what follows it into the answer; return what is wrong with it, or ''."""
    items = list(choices)
    cited = [next((e for e in item.iter() if e.get("class") in ("cite", "claimed")), None) for item in items]
    right = [place for place, element in enumerate(cited) if element is not None]
    if not FEWEST <= len(items) <= MOST:
        return f"{len(items)}個あります。{FEWEST}個から{MOST}個までにしてください。"
    if len(right) != 1:
        return f"引用が{len(right)}個あります。{HOW}"
    result = cited[right[0]]
    assert result is not None
    words = ["".join(item.itertext()).strip() for item in items]
    is_number = result.get("class") == "cite"
    words[right[0]] = _words(result)
    off = (
        distances(words, right[0])
        if is_number
        else ["当たりました。" if w == right[0] else "外れました。" for w in range(len(items))]
    )
    if off is None:
        return f"引用は「{words[right[0]]}」です。ほかの選択肢も、同じ単位の数字にしてください。"

    place = list(block).index(choices)
    below = list(block)[place + 1 :]
    for element in (choices, *below):
        block.remove(element)
    group = etree.SubElement(block, "div", {"class": "guess__choices", "role": "radiogroup", "aria-label": "予想"})
    for position, text in enumerate(words):
        label = etree.SubElement(group, "label", {"class": "guess__right"} if position == right[0] else {})
        etree.SubElement(label, "input", {"type": "radio", "name": name, "autocomplete": "off"})
        etree.SubElement(label, "span").text = AtomicString(text)
    answer = etree.SubElement(block, "details", {"class": "answer guess__answer"})
    etree.SubElement(answer, "summary").text = "答えを見る"
    said = etree.SubElement(answer, "p")
    said.text = "走らせた結果は、" if is_number else "走らせた結果は、「"
    shown = copy.deepcopy(result)
    shown.tail = "でした。" if is_number else "」でした。"
    said.append(shown)
    each = etree.SubElement(said, "span")
    for sentence in off:
        etree.SubElement(each, "span", {"class": "guess__off"}).text = AtomicString(sentence)
    answer.extend(below)
    etree.SubElement(block, "p", {"class": "guess__note"}).text = "選ばなくても、答えは見られます。"
    return ""


def distances(words: Sequence[str], right: int) -> list[str] | None:
    """How far each choice is from the right one; None if one has another unit, or is no number."""
    found = [QUANTITY.fullmatch(text) for text in words]
    if any(match is None or match[2] != (found[right] or match)[2] for match in found):
        return None
    values = [Decimal(match[1].replace("−", "-").replace(",", "")) for match in found if match]
    unit = (found[right] or [""] * 3)[2]
    unit = "ポイント" if unit == "%" else unit
    return [_distance(value - values[right], unit) for value in values]


def _distance(off: Decimal, unit: str) -> str:
    if not off:
        return "当たりました。"
    size = f"{abs(off):,}{unit}"
    return f"予想は{size}{'多すぎました' if off > 0 else '足りませんでした'}。"


def _words(result: etree.Element) -> str:
    """A number's text, or the words of a claim without its score."""
    claim = result.find("span[@class='claim']")
    return "".join((result if claim is None else claim).itertext()).strip()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After ``cite``."""
    config.markdown_extensions.append(GuessExtension(problems(config)))  # type: ignore[arg-type]
    return config
