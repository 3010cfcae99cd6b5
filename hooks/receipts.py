"""A receipt for every experiment: a generated page with all its results, its code, and the command that repeats it.

Every number, claim, table and figure links here. ``theme/receipt.html`` sets the page; nothing that an experiment names
passes through Markdown, and nothing on it differs between two builds of one commit.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from importlib.util import decode_source
from itertools import groupby
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from figures import fingerprint
from figures.csv_of import csv_of
from figures.published.expected import digits
from figures.results import Claim, Figure, Number, Result, Table
from figures.runner import Run
from hooks import draw, figure_table
from hooks.commits import Commit, last_commit
from hooks.regenerate import runs
from hooks.render import cited_experiments
from hooks.typeset import BREAK

PAGE = "---\ntemplate: receipt.html\nsearch:\n  exclude: true\n---\n"
# Names of results are Python's, so none of them has a dot.
SECTIONS = {
    "receipt.runs": "一回ずつの値",
    "receipt.history": "数字の履歴",
    "receipt.read": "この実験が読んだもの",
    "receipt.notes": "出典とまちがえ方",
    "receipt.code": "走ったコード",
    "receipt.cited": "この実験を引いているページ",
}
# A line of a docstring, or what stands behind two spaces, may begin with a label: ``データ: …``, ``出典: …``.
LABEL = re.compile(r"(?:^|(?<=\n)|(?<=  ))([^\s:：、。()（）]{1,10})(?::[ \n]|：)")
JAPANESE = {"Data": "データ", "Split": "分け方", "Method": "解き方", "Source": "出典"}
MACHINERY = re.compile(r"figures/[^/]+|.*/__init__\.py")
LIBRARIES = {"cpython": "Python", "numpy": "NumPy"}


@dataclass(frozen=True)
class Receipt:
    """What the template shows of one experiment."""

    name: str
    question: str
    notes: list[tuple[str, str]]  # label or '', text
    repeats: int
    seeds: Sequence[int] | None  # of the repeats, when the experiment writes them out
    results: Mapping[str, Result]
    falsified: Mapping[str, str]
    digest: str
    files: list[tuple[str, str]]
    libraries: list[str]
    source: str
    commit: Commit | None
    cited: list[Page]
    printed: Callable[[str], str]  # a title or caption with the numbers that it cites

    numbers = property(lambda self: {k: r for k, r in self.results.items() if isinstance(r, Number)})
    claims = property(lambda self: {k: r for k, r in self.results.items() if isinstance(r, Claim)})
    others = property(lambda self: {k: r for k, r in self.results.items() if isinstance(r, Table | Figure)})

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """What the slip says of data and method: the first sentence of each label, but for sources."""
        return [(label, "".join(text.partition("。")[:2])) for label, text in self.notes if label not in ("", "出典")]

    @property
    def blocks(self) -> list[tuple[str, list[tuple[str, str, Number]]]]:
        """The numbers as the slip lists them: neighbours on one topic together, (topic or '', label, number)."""
        blocks: list[tuple[str, list[tuple[str, str, Number]]]] = []
        for topic, group in groupby(self.numbers.items(), key=lambda item: draw.topic(item[1])[0]):
            items = list(group)
            if topic and len(items) > 1:
                blocks.append((topic, [(key, draw.topic(number)[1], number) for key, number in items]))
                continue
            if not blocks or blocks[-1][0]:
                blocks.append(("", []))
            blocks[-1][1].extend((key, number.about, number) for key, number in items)
        return blocks

    @property
    def tables(self) -> list[tuple[Sequence[int], list[tuple[str, Number]]]]:
        """The measured numbers, at most three side by side, with the names of their rows (seeds, or 1, 2, 3 …)."""
        measured = [(key, number) for key, number in self.numbers.items() if number.digits is None]
        tables = []
        for n in dict.fromkeys(number.n for _, number in measured):
            columns = [(key, number) for key, number in measured if number.n == n]
            tables += [(self.rows(n), columns[start : start + 3]) for start in range(0, len(columns), 3)]
        return tables

    @property
    def panels(self) -> list[draw.Panel]:
        """The same as dots."""
        return draw.panels(self.numbers)

    @property
    def bars(self) -> Markup:
        """The fingerprint of the record."""
        return draw.fingerprint(self.digest)

    @property
    def code(self) -> Markup:
        """The experiment, highlighted."""
        return Markup(highlight(self.source, PythonLexer(), HtmlFormatter(wrapcode=True)))

    @property
    def seeds_text(self) -> str:
        """``0–19``, or all of them where they do not follow one another."""
        seeds = list(self.seeds or ())
        in_a_row = len(seeds) > 2 and seeds == list(range(seeds[0], seeds[0] + len(seeds)))
        return f"{seeds[0]}–{seeds[-1]}" if in_a_row else "、".join(map(str, seeds))

    @property
    def own_files(self) -> list[tuple[str, str]]:
        """Experiment, models and data; the rest of what it read is the machinery around all experiments."""
        return [(path, digest) for path, digest in self.files if MACHINERY.fullmatch(path) is None]

    @property
    def other_files(self) -> list[tuple[str, str]]:
        """The machinery."""
        return [(path, digest) for path, digest in self.files if MACHINERY.fullmatch(path)]

    def rows(self, n: int) -> Sequence[int]:
        """The seeds of ``n`` runs where they are known, else 1 to ``n``."""
        return self.seeds if self.seeds is not None and len(self.seeds) == n else range(1, n + 1)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and what can be downloaded; nothing is written to docs/."""
    for name, run in runs(config).items():
        if name == "index":
            raise PluginError("figures/experiments/index.py: この名前では作れません。別の名前にしてください。")
        files.append(File.generated(config, f"receipts/{name}.md", content=PAGE))
        files.append(File.generated(config, f"receipts/{name}.csv", content=csv_of(run.record)))
        files.append(File.generated(config, f"receipts/{name}.json", content=run.record_text))
        for figure, tables in run.tables.items():
            content = figure_table.csv_of_tables(tables)
            files.append(File.generated(config, f"receipts/{name}-{figure}.csv", content=content))
    files.append(File.generated(config, "receipts/index.md", content=PAGE))
    return files


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """When all pages are read, and so it is known which of them cite what; none is written yet."""
    root = Path(config.config_file_path).parent
    pages = {file.src_uri: file.page for file in files.documentation_pages() if file.page is not None}
    env.filters["digits"] = digits
    cited = [(page, cited_experiments(page.content or "")) for page in pages.values()]
    receipts = []
    for name, run in runs(config).items():
        citing = [page for page, experiments in cited if name in experiments]
        receipt = make(root, run, citing, partial(config.extra["citations"].plain, where=f"receipts/{name}"))
        receipts.append(receipt)
        page = pages[f"receipts/{name}.md"]
        counts = f"数字{len(receipt.numbers)}個、主張{len(receipt.claims)}個"
        page.meta.update(
            {
                "receipt": receipt,
                "sections": SECTIONS,
                # Material prints both as they are.
                "title": escape(receipt.question),
                "description": escape(
                    f"「{receipt.question}」のレシート。{counts}と、走ったコード、計算しなおす一行。"
                ),
            }
        )
        page.toc = TableOfContents([AnchorLink(title, key, 2) for key, title in SECTIONS.items()])
        page.present_anchor_ids = {*SECTIONS, *receipt.results}
    pages["receipts/index.md"].meta.update(title="レシート", receipts=receipts)
    return env


def make(root: Path, run: Run, cited: list[Page], printed: Callable[[str], str] = str) -> Receipt:
    """Bring together what the receipt of one experiment shows."""
    name, results, seen = run.record.experiment, run.record.results, run.dependencies
    source = _source(root, run)
    tree = ast.parse(source)
    question, _, rest = (ast.get_docstring(tree) or name).partition("\n")
    counts = Counter(r.n for r in results.values() if isinstance(r, Number | Claim))
    seeds = seeds_of(tree)
    usual = max(counts, key=counts.__getitem__, default=1)
    repeats = len(seeds) if seeds is not None and len(seeds) in counts else usual
    files = {path: digest for path, digest in {**seen["modules"], **seen["files"]}.items() if digest}
    python, version, *_ = seen["python"].split()
    libraries = {python: version, **seen["libraries"]}
    return Receipt(
        name=name,
        question=question.strip(),
        notes=notes_of(rest),
        repeats=repeats,
        seeds=seeds if seeds is not None and len(seeds) == repeats else None,
        results=results,
        falsified=run.record.falsified,
        digest=fingerprint.digest(run.record_text.encode()),
        files=sorted(files.items()),
        libraries=[f"{LIBRARIES.get(library, library)} {number}" for library, number in libraries.items() if number],
        source=source,
        commit=last_commit(root, sorted(files)),
        cited=cited,
        printed=printed,
    )


def notes_of(docstring: str) -> list[tuple[str, str]]:
    """The paragraphs of a docstring as (label or '', text); line breaks inside Japanese are nothing, as on a page."""
    notes = []
    for paragraph in re.split(r"\n\s*\n", docstring.strip()):
        first, *labelled = LABEL.split(paragraph)
        pairs = [("", first), *zip(labelled[::2], labelled[1::2], strict=True)]
        notes += [(JAPANESE.get(label, label), BREAK.sub("", text).strip()) for label, text in pairs if text.strip()]
    return notes


def seeds_of(tree: ast.Module) -> Sequence[int] | None:
    """The constant SEEDS where it is written out as a range, a list or a tuple; read without running anything."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "SEEDS" for target in targets):
            value = getattr(node, "value", None)
            try:
                if isinstance(value, ast.Call) and ast.unparse(value.func) == "range":
                    return range(*(ast.literal_eval(argument) for argument in value.args))
                seeds = ast.literal_eval(value) if value else None
                return seeds if isinstance(seeds, list | tuple) and all(type(seed) is int for seed in seeds) else None
            except (ValueError, TypeError):
                return None
    return None


def _source(root: Path, run: Run) -> str:
    """The experiment's file, as long as it is what ran."""
    path = f"figures/experiments/{run.record.experiment}.py"
    source = (root / path).read_bytes()
    if fingerprint.digest_code(source, "run") != run.dependencies["modules"][path]:
        raise PluginError(f"{path}:1: ビルドのあいだに書き換わりました。もう一度ビルドしてください。")
    return decode_source(source)
