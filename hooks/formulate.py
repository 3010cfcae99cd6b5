r"""Maths ``$…$`` and ``$$…$$`` becomes MathML at build: no script in the browser, and the LaTeX kept as annotation.

``$`` opens a formula when no space follows and closes it when no space precedes and no digit follows; ``\$`` is a
dollar sign. latex2mathml accepts almost anything in silence, so commands, braces and arity are checked first against
the list below, which is the LaTeX that this blog writes. What is not on it stops the build with file and line.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from mkdocs.config.defaults import MkDocsConfig

from hooks.mend import mend, prepare
from hooks.report import Problem, around, problems

INLINE = r"(?<![\\$])\$(?![\s$])([^$\n]*?[^\s\\$])\$(?![\d$])"
DISPLAY = re.compile(r"^[ ]{0,3}\$\$(.+?)\$\$[ ]*$", re.DOTALL)

# Commands with the number of braced arguments that each must have.
WITHOUT_ARGUMENT = """
    alpha beta gamma delta epsilon varepsilon eta theta kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega
    sum prod int partial nabla infty ell forall exists in notin subset cup cap emptyset
    cdot cdots ldots dots times div pm mp leq geq le ge neq approx equiv sim propto ll gg
    to mapsto rightarrow leftarrow Rightarrow iff mid parallel perp top prime circ star odot otimes oplus
    sin cos tan exp log ln max min sup inf lim det dim Pr
    lvert rvert lVert rVert vert Vert langle rangle lfloor rfloor lceil rceil lbrace rbrace
    quad qquad left right big Big bigl bigr Bigl Bigr displaystyle textstyle
"""
WITH_ONE = """
    sqrt hat bar tilde vec dot ddot overline underline widehat widetilde
    mathrm mathbf mathbb mathcal mathsf boldsymbol operatorname text
"""
ARITY = {
    **dict.fromkeys(WITHOUT_ARGUMENT.split(), 0),
    **dict.fromkeys(WITH_ONE.split(), 1),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "binom"), 2),
}
SYMBOLS = set("\\,;:!{}|% &_#")
ENVIRONMENTS = {"cases", "matrix", "pmatrix", "bmatrix", "vmatrix", "array"}
DELIMITED = set("left right big Big bigl bigr Bigl Bigr".split())
DELIMITER = re.compile(r"\s*(?:[()\[\]|./<>]|\\[{}|]|\\(?:[lr]?[vV]ert|[lr](?:angle|floor|ceil|brace))(?![a-zA-Z]))")
TOKEN = re.compile(r"\\([a-zA-Z]+|.)|([{}&])", re.DOTALL)


def check(latex: str) -> str:
    """What is wrong with a formula, in words for the author; '' when nothing is."""
    opened: list[str] = []  # braces, environments and \\left, innermost last
    for match in TOKEN.finditer(latex):
        command, sign = match.groups()
        rest = latex[match.end() :]
        wrong = _command(command, rest) if command else ""
        if sign or command.isalpha():  # \\{ is printed and opens nothing
            wrong = wrong or _structure(sign or command, rest, opened)
        if wrong:
            return wrong
    if opened:
        return f"{opened[-1]} が閉じていません"
    return "_ か ^ のあとに何もありません" if re.search(r"[_^]\s*(?:[}_^&]|$)", latex) else ""


def _structure(token: str, rest: str, opened: list[str]) -> str:
    r"""Keep track of what is open; what is wrong with a brace, an ``&``, an environment or a ``\left``."""
    if token in DELIMITED and not DELIMITER.match(rest):
        return f"\\{token} のすぐあとに括弧がありません（要らない側は . と書きます）"
    if token in ("begin", "end"):
        name = re.match(r"\{(\w+)\}", rest)
        if name is None or name[1] not in ENVIRONMENTS:
            return f"\\{token} の環境は {', '.join(sorted(ENVIRONMENTS))} のどれかにしてください"
        token = f"\\{token}{name[0]}"
    elif token in ("left", "right"):
        token = f"\\{token}"
    elif token == "&" and not any(item.startswith("\\begin") for item in opened):
        return "& は行列や場合分けの中でだけ使えます"
    if token == "{" or token.startswith(("\\begin", "\\left")):
        opened.append(token)
    elif token == "}" or token.startswith(("\\end", "\\right")):
        partner = "{" if token == "}" else token.replace("\\end", "\\begin").replace("\\right", "\\left")
        if not opened or opened.pop() != partner:
            return f"{token} に対応する {partner} がありません"
    return ""


@lru_cache(4096)  # every article is converted twice: for its page, and for the list
def mathml(latex: str, display: bool) -> str:
    """A checked formula as MathML. Raises ``ValueError`` with what is wrong."""
    wrong = check(latex)
    if wrong:
        raise ValueError(wrong)
    try:
        made = convert(prepare(latex), display="block" if display else "inline")
        tree = etree.fromstring(made[made.index(">") + 1 : made.rindex("<")])
        mend(tree)
    except Exception as error:  # the converter has no common base for its errors
        raise ValueError(f"変換できません（{type(error).__name__}）") from error
    if "\\" in "".join(tree.itertext()):
        raise ValueError("変換できない命令が残りました")
    body = etree.tostring(tree, encoding="unicode", short_empty_elements=False)  # HTML knows no <mspace/>
    kind = ' display="block"' if display else ""
    annotation = f'<annotation encoding="application/x-tex">{escape(latex, quote=False)}</annotation>'
    return f"<math{kind}><semantics>{body}{annotation}</semantics></math>"


def in_heading(math: str) -> str:
    """MathML whose LaTeX stands in an attribute: as an element its text would be copied along with the heading's."""
    body, _, latex = math.removesuffix("</annotation></semantics></math>").rpartition("<annotation")
    latex = latex.partition(">")[2].replace('"', "&quot;")
    return body.replace("<math>", f'<math alttext="{latex}">', 1).replace("<semantics>", "", 1) + "</math>"


class MathExtension(Extension):
    """Installs both forms; problems go to the list that the report reads."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems

    def extendMarkdown(self, md: Markdown) -> None:
        """Below code spans (190), above citations and escapes, so that both leave formulas alone."""
        md.inlinePatterns.register(_InlineMath(md, self.problems), "math", 188)
        md.parser.blockprocessors.register(_DisplayMath(md.parser, self.problems, md), "math-display", 96)


class _InlineMath(InlineProcessor):
    def __init__(self, md: Markdown, problems: list[Problem]) -> None:
        super().__init__(INLINE, md)
        self.problems = problems

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str | None, int | None, int | None]:
        start, end = m.span()
        try:
            return self.md.htmlStash.store(mathml(m[1].strip(), display=False)), start, end
        except ValueError as error:
            self.problems.append(_problem(m[0], str(error), *around(data, start, end)))
            return "", start, end


class _DisplayMath(BlockProcessor):
    def __init__(self, parser: BlockParser, problems: list[Problem], md: Markdown) -> None:
        super().__init__(parser)
        self.problems = problems
        self.md = md

    def test(self, parent: etree.Element, block: str) -> bool:
        return DISPLAY.match(block) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        match = DISPLAY.match(block)
        assert match
        try:
            placeholder = self.md.htmlStash.store(mathml(match[1].strip(), display=True))
            etree.SubElement(parent, "div", {"class": "formula"}).text = placeholder
        except ValueError as error:
            self.problems.append(_problem(block.strip(), str(error)))


def _command(command: str, rest: str) -> str:
    """What is wrong with one command, given the text behind it."""
    if command in ("begin", "end"):
        return ""
    if not command.isalpha():
        return "" if command in SYMBOLS else f"\\{command} という命令は使えません"
    if command not in ARITY:
        return f"\\{command} という命令は使えません（綴りを確かめるか、hooks/formulate.py の一覧に足してください）"
    if command == "sqrt":
        rest = re.sub(r"^\s*\[[^\]]*\]", "", rest)
    for count in range(ARITY[command]):
        argument = re.match(r"\s*\{", rest)
        if argument is None:
            return f"\\{command} には {{ }} で囲んだ引数が{ARITY[command]}個いりますが、{count}個しかありません"
        rest = rest[_end_of_group(rest, argument.end() - 1) :]
    return ""


def _end_of_group(text: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0 and match[0] == "}":
            return match.end()
    return len(text)


def _problem(text: str, what: str, before: str = "", after: str = "") -> Problem:
    return Problem(f"数式 {' '.join(text.split())} を組めません。{what}。", text, before, after)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Hand the extension to Markdown."""
    config.markdown_extensions.append(MathExtension(problems(config)))  # type: ignore[arg-type]
    return config
