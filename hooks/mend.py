r"""MathML as it should look, from what latex2mathml makes of a right formula.

It gives TeX's words, but not TeX's spaces: ``\log p`` comes out as logp, ``= -1`` as a difference, norm bars stand
apart from what they enclose, ``arg\,min`` is six italic letters, and what belongs under ``\min`` stands beside it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

OPERATOR = re.compile(r"\\operatorname\{[^{}]*\}")
THIN_SPACE = "\u2009"
ROWS = {"math", "mrow", "mtd", "msqrt", "mstyle", "mpadded"}
SCRIPTS = {"msub": "munder", "msup": "mover", "msubsup": "munderover", "munder": "", "mover": "", "munderover": ""}
LIMITS = {"min", "max", "sup", "inf", "lim", f"arg{THIN_SPACE}min", f"arg{THIN_SPACE}max"}
BARS = {"|", "‖"}
CLOSING = {")", "]", "}", "⟩", "!", *BARS}
SIGNS = {"−", "+", "±", "∓"}
OPERATORS = {"±": "±", "~": "∼", "⟺": "⟺", "⟂": "⟂", ";": ";"}  # which it takes for letters
LETTERS = {"∞", "∅", "⊤"}  # which it takes for operators
THIN = "0.167em"
# MathML Core knows no names of widths.
WIDTHS = {
    "negativethinmathspace": "-0.167em",
    "negativemediummathspace": "-0.222em",
    "negativethickmathspace": "-0.278em",
}


def prepare(latex: str) -> str:
    r"""The formula as the converter understands it: it knows no ``\,`` in the name of an operator."""
    return OPERATOR.sub(lambda match: match[0].replace("\\,", THIN_SPACE), latex)


def mend(element: etree.Element) -> None:
    """An element and all that it holds, in place."""
    for child in element:
        mend(child)
    if element.tag == "mspace":
        element.set("width", WIDTHS.get(element.get("width", ""), element.get("width", "")))
    elif element.tag == "mo" and element.text in BARS | {"/"} and element.get("stretchy") != "true":
        element.attrib = {"stretchy": "false", "lspace": "0", "rspace": "0"}
    elif "minsize" in element.attrib:  # \bigl(
        element.set("form", "postfix" if element.text in CLOSING else "prefix")
    elif element.text in LETTERS:
        element.tag = "mi"
    if SCRIPTS.get(element.tag) and _core(element, 0).text in LIMITS:
        element.tag = SCRIPTS[element.tag]
        _core(element, 0).set("movablelimits", "true")  # under it in a formula of its own, beside it in a line
    if element.tag in SCRIPTS and len(element) and "minsize" in element[0].attrib:
        row = etree.Element("mrow")  # else Chromium drops the bracket below the line
        row.append(element[0])
        element[0] = row
    if element.tag in ROWS:
        for letter in element.findall("mi"):
            if letter.text in OPERATORS:
                letter.tag, letter.text = "mo", OPERATORS[letter.text]
        _space([child for child in element if child.tag != "mspace"])


def _space(row: list[etree.Element]) -> None:
    """Names of functions and signs of numbers, by what stands on both sides."""
    for index, element in enumerate(row):
        core = _core(element, 0)
        before = _core(row[index - 1], -1) if index else None
        after = _core(row[index + 1], 0) if index + 1 < len(row) else None
        opened = before is None or (before.tag == "mo" and before.text not in CLOSING)
        if _is_name(core):
            core.tag = "mo"
            core.set("lspace", "0" if opened else THIN)
            core.set("rspace", THIN if after is not None and (after.tag != "mo" or _is_name(after)) else "0")
        elif core.tag == "mo" and core.text in SIGNS and opened:
            core.set("form", "prefix")


def _is_name(element: etree.Element) -> bool:
    text = (element.text or "").replace(THIN_SPACE, "")
    return element.tag in ("mi", "mo") and len(text) > 1 and text.isascii() and text.isalpha()


def _core(element: etree.Element, end: int) -> etree.Element:
    """What stands at the beginning (0) or end (-1) of a group, without its scripts: ``log`` of log₂."""
    while len(element) and (element.tag in SCRIPTS or element.tag == "mrow"):
        element = element[0 if element.tag in SCRIPTS else end]
    return element
