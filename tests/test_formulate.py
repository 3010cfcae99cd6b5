"""Maths: what is right becomes MathML, what is wrong is said, and a dollar sign stays a dollar sign."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from markdown import Markdown

from hooks.formulate import ARITY, MathExtension, check, mathml
from hooks.report import Problem, line_of

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
    formula = {"left": r"\left( x \right)", "right": r"\left( x \right)"}.get(command)
    mathml(formula or f"\\{command}" + "{x}" * ARITY[command] + " y", display=False)


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
