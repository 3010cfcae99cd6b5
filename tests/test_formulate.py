"""Maths: what is right becomes MathML, what is wrong is said, and a dollar sign stays a dollar sign.

tests/formulas.txt holds formulas of the field: a name, the LaTeX, and how its MathML reads, spaces included, which a
person has compared with the LaTeX. They stand on one page, too, which is measured at the width of a small phone.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from browser import needs_browser
from conftest import PROJECT
from markdown import Markdown
from playwright.sync_api import Browser

from hooks.formulate import ARITY, DELIMITED, MathExtension, check, in_heading, mathml
from hooks.report import Problem, line_of

FORMULAS = [
    block.split("\n")
    for block in Path(__file__).with_name("formulas.txt").read_text(encoding="utf-8").strip().split("\n\n")
]
RELATIONS = set("=+−±≤≥<>≠∼∝∈→←⇒⊙×∣")

GOOD = [
    r"w_j",
    r"\lambda",
    r"\frac{1}{2n}\lVert y - Xw\rVert^2 + \lambda\lVert w\rVert_1",
    r"w_j^{\mathrm{L1}} = \operatorname{sign}(w_j)\max(\lvert w_j\rvert - \lambda,\, 0)",
    r"\frac{d_j^2}{d_j^2+\lambda}",
    r"\hat{w} = \operatorname{arg\,min}_w \sum_{i=1}^{n} (y_i - x_i^\top w)^2",
    r"\sqrt{s^2/n}",
    r"\sqrt[3]{x}",
    r"\left(\frac{a}{b}\right]",
    r"\begin{cases} w - \lambda & w > \lambda \\ 0 & \text{それ以外} \end{cases}",
    r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
    r"\{1, \dots, n\}",
    r"50\,\%",
    r"a < b > c",
]
BAD = {
    r"\foo": r"\foo という命令",
    r"\frac{1}": "引数が2個",
    r"\frac12": "引数が2個",
    r"\sqrt 2": "引数が1個",
    r"{x": "{ が閉じていません",
    r"x}": "} に対応する",
    r"\left( x": r"\left が閉じていません",
    r"x \right)": r"\right に対応する",
    r"\begin{aligned}a\end{aligned}": r"\begin の環境は",
    r"\begin{cases}a": r"\begin{cases} が閉じていません",
    r"\begin{cases}a\end{matrix}": r"\end{matrix} に対応する",
    r"\left(\begin{cases}a\right)\end{cases}": r"\right に対応する",
    r"a & b": "& は行列",
    r"x_": "のあとに何も",
    r"x^{a_}": "のあとに何も",
    r"\operatorname*{arg}": "引数が1個",
    r"\left x \right)": r"\left のすぐあとに括弧がありません",
    r"\left( x \right": r"\right のすぐあとに括弧がありません",
    r"\bigl x": r"\bigl のすぐあとに括弧がありません",
    r"\left\{ x \right\} \}}": "} に対応する",
}


@pytest.mark.parametrize("latex", GOOD)
def test_good_formulas_become_mathml_with_their_latex(latex: str) -> None:
    assert check(latex) == ""
    tree = ET.fromstring(mathml(latex, display=True))
    assert tree.tag == "math"
    assert tree.get("display") == "block"
    assert tree.findtext("semantics/annotation") == latex
    shown = "".join(text for element in tree.iter() if element.tag != "annotation" for text in [element.text or ""])
    assert "\\" not in shown


@pytest.mark.parametrize(("latex", "words"), BAD.items())
def test_broken_formulas_are_refused_with_the_reason(latex: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as caught:
        mathml(latex, display=False)
    assert words in str(caught.value)


@pytest.mark.parametrize("command", sorted(ARITY))
def test_every_command_on_the_list_is_known_to_the_converter(command: str) -> None:
    formula = f"\\{command}" + ("(" if command in DELIMITED else "{x}" * ARITY[command]) + " y"
    mathml({"left": formula + r"\right)", "right": r"\left( x" + formula}.get(command, formula), display=False)


def read(element: ET.Element) -> str:
    """MathML in one line: scripts as _[…]^[…], and a space where the page will show one."""
    parts = [read(child) for child in element if child.tag != "annotation"]
    match element.tag:
        case "mi" | "mn" | "mtext":
            return element.text or ""
        case "mo":
            left, right = (" " * (element.get(side, "0") != "0") for side in ("lspace", "rspace"))
            return left + (element.text or "") + right
        case "mspace":
            return "" if element.get("width", "").startswith("-") else " "
        case "mfrac":
            return f"[{parts[0]} over {parts[1]}]"
        case "msqrt":
            return f"√[{''.join(parts)}]"
        case "msub" | "munder":
            return f"{parts[0]}_[{parts[1]}]"
        case "msup" | "mover":
            return f"{parts[0]}^[{parts[1]}]"
        case "msubsup" | "munderover":
            return f"{parts[0]}_[{parts[1]}]^[{parts[2]}]"
        case "mtr":
            return ", ".join(parts)
        case "mtable":
            return "; ".join(parts)
        case "mrow" | "mtd":
            binary = [
                index > 0 and child.text in RELATIONS and child.get("form") is None
                for index, child in enumerate(element)
            ]
            return "".join(f" {part} " if between else part for part, between in zip(parts, binary, strict=True))
        case "math" | "semantics":
            return "".join(parts)
    raise AssertionError(f"<{element.tag}>")


@pytest.mark.parametrize(("name", "latex", "reading"), FORMULAS, ids=[name for name, *_ in FORMULAS])
def test_formulas_of_the_field_read_as_they_should(name: str, latex: str, reading: str) -> None:
    assert read(ET.fromstring(mathml(latex, display=True))) == reading


def test_there_are_sixty_of_them() -> None:
    assert len({latex for _, latex, _ in FORMULAS}) >= 60


def test_limits_stand_below_a_displayed_operator_and_beside_it_in_a_line() -> None:
    for name in (r"\min", r"\operatorname{arg\,min}"):
        tree = ET.fromstring(mathml(f"{name}_w f(w)", display=True))
        limits = tree.find(".//munder")
        assert limits is not None
        assert limits[0].get("movablelimits") == "true"
    assert ET.fromstring(mathml(r"\log_2 x", display=True)).find(".//munder") is None


def test_a_heading_keeps_the_latex_where_it_is_not_read() -> None:
    tree = ET.fromstring(in_heading(mathml(r"w_j < \frac{a}{b}", display=False)))
    assert tree.get("alttext") == r"w_j < \frac{a}{b}"
    assert "".join(tree.itertext()) == "wj<ab"


def convert(text: str) -> tuple[str, list[Problem]]:
    problems: list[Problem] = []
    extensions = ["tables", "attr_list", "footnotes", "pymdownx.superfences", MathExtension(problems)]
    return Markdown(extensions=extensions).convert(text), problems


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("重み $w_j$ と $\\lambda$。", 2),
        ("「$x$」、（$y$）", 2),
        ("$$\nx = 1\n$$", 1),
        ("$$x = 1$$", 1),
        ("- 項目 $x$\n\n    $$\n    y\n    $$\n", 2),
        ("| $a$ | b |\n|---|---|\n| $c$ | d |", 2),
        ("**太字の$x_1$と$x_2$**", 2),
        ("*a* $w_a * w_b$ *c*", 1),
        ("5ドルは$5、10ドルは$10です。", 0),
        ("値段は \\$5 と \\$6 です。", 0),
        ("`$x$` と $ x $", 0),
        ("```\n$x$\n```", 0),
    ],
)
def test_where_a_formula_begins_and_ends(text: str, count: int) -> None:
    html, problems = convert(text)
    assert problems == []
    assert html.count("<math") == count
    assert "\x02" not in html
    assert ("display=" in html) == ("$$" in text)


def test_a_broken_formula_names_its_line() -> None:
    text = "一\n\n二の $x$ と\n三の $\\foo{x}$ です。\n\n$$\n{x\n$$\n"
    _, problems = convert(text)
    assert sorted(line_of(text, problem) for problem in problems) == [4, 6]


@needs_browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_formulas_on_one_page_of_a_small_phone(browser: Browser, theme: str) -> None:
    """Ink on paper, inside the column; what is wider scrolls in its own box, and the page never does."""
    style = (PROJECT / "docs/assets/extra.css").read_text(encoding="utf-8")
    shown = "".join(f'<div class="formula">{mathml(latex, display=True)}</div>' for _, latex, _ in FORMULAS)
    scheme = {"light": "default", "dark": "slate"}[theme]
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_content(
        f'<!doctype html><style>{style}</style><body data-md-color-scheme="{scheme}" style="margin:0 19px;'
        f'background:var(--paper)"><article class="md-typeset">{shown}</article>'
    )
    found = page.evaluate(
        """() => [...document.querySelectorAll('math')].map(math => {
            const box = math.getBoundingClientRect(), parts = [...math.querySelectorAll('mi, mn, mo')];
            return {left: box.left, right: box.right, height: box.height, color: getComputedStyle(math).color,
                wide: math.scrollWidth > math.clientWidth, overflow: getComputedStyle(math).overflowX,
                tall: math.scrollHeight > math.clientHeight + 1,
                last: Math.max(...parts.map(part => part.getBoundingClientRect().right)),
                mute: parts.filter(part => part.textContent && part.getBoundingClientRect().width === 0).length};
        })"""
    )
    assert len(found) == len(FORMULAS)
    ink = {"light": "rgb(34, 32, 28)", "dark": "rgb(230, 226, 216)"}[theme]
    for (name, *_), box in zip(FORMULAS, found, strict=True):
        assert box["left"] >= 19, name
        assert box["right"] <= 341, name
        assert box["height"] > 15, name
        assert box["color"] == ink, name
        assert box["mute"] == 0, name
        assert not box["tall"], f"{name} is cut off below"
        assert box["last"] <= 341.5 or (box["wide"] and box["overflow"] == "auto"), name
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
