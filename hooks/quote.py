"""Code of the laboratory on a page, by name: what is shown is what ran.

    {{ figures/models/ridge.py:ridge }}                      a function or class; a method is ``Class.method``
    {{ figures/experiments/l1_vs_l2.py:decomposition }}      from ``# region decomposition`` to ``# endregion``

One form, one place: alone on its line. An experiment that the page cites has to have loaded the file in its last run,
with the code that it holds now. A definition is shown whole, with its decorators, docstring and the comments right
above it; a region is moved to the left margin. Marks of regions are not shown.
"""

from __future__ import annotations

import ast
import difflib
import re
import textwrap
import xml.etree.ElementTree as etree
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from mkdocs.config.defaults import MkDocsConfig
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from figures import fingerprint
from figures.errors import FiguresError
from figures.runner import Run
from hooks.cite import CiteProcessor
from hooks.named import lines_of, marks
from hooks.render import RECEIPT, Citations
from hooks.report import Problem

# Names of results have neither / nor : in them.
CODE = re.compile(r"\{\{\s*(?=[^\s{}]*[/:])([^\s{}:]*):?([^\s{}]*)\s*\}\}")
ALONE = re.compile(rf"^[ ]{{0,3}}{CODE.pattern}[ ]*$", re.MULTILINE)
MAX_LINES = 40  # a telephone shows half of them at once


@dataclass(frozen=True)
class Quotation:
    """Lines ``first`` to ``last`` of a file, which ``experiment`` ran."""

    path: str
    first: int
    last: int
    code: str
    experiment: str


def quote(root: Path, known: Mapping[str, Run], cited: Iterable[str], path: str, name: str) -> Quotation:
    """Find a name in a file that one of the ``cited`` experiments ran. ``FiguresError``: why it may not be shown."""
    ran = [experiment for experiment, run in known.items() if path in run.dependencies["modules"]]
    experiment = next((experiment for experiment in cited if experiment in ran), None)
    if not ran:
        raise FiguresError(_not_run(root, known, path))
    if experiment is None:
        what = f"{path} を走らせたのは {'、'.join(ran)} ですが、このページは引いていません。"
        raise FiguresError(what + "その数字を引くか、この行を消してください。")
    source = (root / path).read_bytes() if (root / path).is_file() else b""
    mode = "run" if path == f"figures/experiments/{experiment}.py" else None
    if fingerprint.digest_code(source, mode) != known[experiment].dependencies["modules"][path]:
        raise FiguresError(f"{path} がビルドのあいだに書き換わりました。もう一度ビルドしてください。")
    text = decode_source(source)
    first, last = lines_of(text, path, name)
    if any(first <= (node.end_lineno or 0) and node.lineno <= last for node in _not_seen(source, mode)):
        what = f"{path} の {name} は作図のコードで、数字を出したものではありません。"
        raise FiguresError(what + "計算する関数か region を書いてください。")
    lines, hidden = text.split("\n"), marks(text)
    shown = [lines[number - 1] for number in range(first, last + 1) if number not in hidden]
    if len(shown) > MAX_LINES:
        what = f"{path} の {name} は{len(shown)}行あり、上限の{MAX_LINES}行を超えています。"
        raise FiguresError(what + "見せたいところを # region 名前 と # endregion で囲み、その名前を書いてください。")
    return Quotation(path, first, last, textwrap.dedent("\n".join(shown)), experiment)


def _not_run(root: Path, known: Mapping[str, Run], path: str) -> str:
    every = sorted({module for run in known.values() for module in run.dependencies["modules"]})
    if path.startswith("figures/") and (root / path).is_file():
        return f"{path} は、どの実験でも走っていません。実験から使うか、この行を消してください。"
    same = [module for module in every if Path(module).stem == Path(path).stem]
    near = (same or difflib.get_close_matches(path, every, 1, 0.5))[:1]
    hint = f"'{near[0]}' のことですか?" if near else "figures/models/ridge.py:ridge の形で書いてください。"
    return f"'{path}' というファイルを走らせた実験はありません。{hint}"


def _not_seen(source: bytes, mode: str | None) -> list[ast.stmt]:
    """The parts of an experiment's own file that were taken out before it ran."""
    seen = {node.lineno for node in fingerprint.parse(source, "", mode).body}
    return [node for node in fingerprint.parse(source, "").body if node.lineno not in seen]


class QuoteExtension(Extension):
    """Shows code that stands alone on its line, and says of any other place that it is wrong."""

    def __init__(self, root: Path, citations: Citations) -> None:
        super().__init__()
        self.root = root
        self.citations = citations

    def extendMarkdown(self, md: Markdown) -> None:
        """Before ``cite`` looks at the same lines (95) and sentences (187)."""
        md.parser.blockprocessors.register(_Place(md.parser), "quote-alone", 96)
        md.inlinePatterns.register(_WrongPlace(CODE.pattern, md, self.citations), "quote-wrong", 188)
        # After the inline patterns (20): all that the page cites is known. Before lines of code are counted (3).
        md.treeprocessors.register(_Show(md, self.root, self.citations), "quote-show", 14)


class _Place(BlockProcessor):
    """Keeps the place; what to show there is known at the end."""

    def test(self, parent: etree.Element, block: str) -> bool:
        return ALONE.search(block) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        match = ALONE.search(block)
        assert match
        if block[: match.start()].strip():
            self.parser.parseBlocks(parent, [block[: match.start()].rstrip("\n")])
        etree.SubElement(parent, "figure", {"class": "code", "data-code": match[0].strip()})
        if block[match.end() :].strip():
            blocks.insert(0, block[match.end() :].lstrip("\n"))


class _WrongPlace(CiteProcessor):
    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str | None, int | None, int | None]:
        start, end = m.span()
        if self.ignored(data, start):
            return None, None, None
        place = self.place(data, start, end)
        message = "コードは文や見出しの中には書けません。前後を改行して、一行に単独で書いてください。"
        self.citations.problems.append(Problem(message, place.text, place.before, place.after))
        return "", start, end


class _Show(Treeprocessor):
    def __init__(self, md: Markdown, root: Path, citations: Citations) -> None:
        super().__init__(md)
        self.root = root
        self.citations = citations

    def run(self, root: etree.Element) -> None:
        results = (element.get("data-cite") or element.get("data-claim") for element in root.iter())
        cited = dict.fromkeys(result.partition(".")[0] for result in results if result)
        for figure in root.iter("figure"):
            if match := CODE.fullmatch(figure.get("data-code", "")):
                try:
                    quotation = quote(self.root, self.citations.runs, cited, match[1], match[2])
                except FiguresError as error:
                    self.citations.problems.append(Problem(str(error), match[0]))
                else:
                    figure.set("data-code", f"{match[1]}:{match[2]}")
                    self._fill(figure, quotation)

    def _fill(self, figure: etree.Element, quotation: Quotation) -> None:
        html = highlight(quotation.code, PythonLexer(), HtmlFormatter(wrapcode=True))
        figure.text = AtomicString(self.md.htmlStash.store(html))
        caption = etree.SubElement(figure, "figcaption")
        path = etree.SubElement(caption, "code")
        path.text = AtomicString(quotation.path)
        to = f"–{quotation.last}" if quotation.last > quotation.first else ""
        path.tail = AtomicString(f" {quotation.first}{to}行目 ")
        link = etree.SubElement(caption, "a", {"href": f"{RECEIPT}{quotation.experiment}.receipt.read"})
        link.text = AtomicString("レシート")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After ``cite``, whose list of problems and addresses of receipts this shares."""
    root = Path(config.config_file_path).parent
    config.markdown_extensions.append(QuoteExtension(root, config.extra["citations"]))  # type: ignore[arg-type]
    return config
