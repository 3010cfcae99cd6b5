"""A receipt for every experiment: a generated page with all its results, its code, and the command that repeats it.

Every number, claim, table and figure links here. Nothing on it differs between two builds of one commit.
"""

from __future__ import annotations

import ast
import csv
import io
from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from figures.results import Claim, Figure, Number, Table
from figures.runner import Run
from hooks.regenerate import runs

NO_SEARCH = "search:\n  exclude: true\n"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and their CSV files; nothing is written to docs/."""
    root = Path(config.config_file_path).parent
    rows = []
    for name, run in runs(config).items():
        source = (root / "figures" / "experiments" / f"{name}.py").read_text(encoding="utf-8")
        asked = question(source, name)
        rows.append(f"- [{asked}]({name}.md) `{name}`")
        files.append(File.generated(config, f"receipts/{name}.md", content=page(name, asked, source, run)))
        files.append(File.generated(config, f"receipts/{name}.csv", content=table(run)))
    index = (
        "---\ntitle: レシート\n---\n\n# レシート\n\n"
        "このブログの数字は、どれも実験から出てきます。実験ごとに一枚、結果とコードの控えがあります。\n\n"
    )
    files.append(File.generated(config, "receipts/index.md", content=index + "\n".join(rows) + "\n"))
    return files


def question(source: str, name: str) -> str:
    """The first line of the experiment's docstring."""
    return (ast.get_docstring(ast.parse(source)) or name).splitlines()[0]


def page(name: str, asked: str, source: str, run: Run) -> str:
    """The receipt as Markdown with HTML tables."""
    results = run.record.results
    numbers = {key: r for key, r in results.items() if isinstance(r, Number)}
    claims = {key: r for key, r in results.items() if isinstance(r, Claim)}
    others = {key: r for key, r in results.items() if isinstance(r, Table | Figure)}
    parts = [
        f"---\ntitle: {_yaml(asked)}\n{NO_SEARCH}---\n\n# {asked}\n",
        f"実験 `{name}` の控えです。数字{len(numbers)}個、主張{len(claims)}個。\n",
        "## 手元で計算しなおす\n",
        f"```console\n$ python -m figures run {name}\n```\n",
        "## 数字\n",
        _rows(["数字", "値", "標準誤差", "回数", "名前"], [_number_row(name, k, n) for k, n in numbers.items()]),
    ]
    if claims:
        head = ["主張", "成り立った回数", "合格の線", "壊した設定では", "名前"]
        rows = [_claim_row(name, k, c, run.record.falsified.get(k, "")) for k, c in claims.items()]
        parts += ["## 主張\n", _rows(head, rows)]
    if others:
        listed = [_cells(name, k, [r.caption if isinstance(r, Table) else r.title]) for k, r in others.items()]
        parts += ["## 図と表\n", _rows(["見出し", "名前"], listed)]
    parts += [
        f"種ごとの値まで全部入った表は [{name}.csv]({name}.csv) にあります。\n",
        "## この実験が読んだもの\n",
        _rows(["ファイル", "内容のハッシュ"], [_dependency_row(p, d) for p, d in _dependencies(run)]),
        "## 走ったコード\n",
        f"```python\n{source.rstrip()}\n```\n",
    ]
    return "\n".join(parts)


def table(run: Run) -> str:
    """All values of all seeds as CSV: a row a value, so that any tool reads it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["result", "kind", "about", "unit", "run", "value", "compared_with"])
    for name, result in run.record.results.items():
        if isinstance(result, Number):
            for seed, value in enumerate(result.values):
                writer.writerow([name, "number", result.about, result.unit, seed, f"{value:.8g}", ""])
        elif isinstance(result, Claim):
            for seed, (a, b) in enumerate(zip(result.left, result.right, strict=True)):
                compared = f"{result.relation} {b:.8g}"
                writer.writerow([name, "claim", result.about, "", seed, f"{a:.8g}", compared])
    return text.getvalue()


def _number_row(experiment: str, key: str, number: Number) -> str:
    data = f'<data value="{number.value:.8g}" data-cite="{experiment}.{key}">{escape(number.text)}</data>'
    error = f"±{number.error_text}" if number.error_text else "厳密"
    return _cells(experiment, key, [escape(number.about), data, error, f"{number.n}回"], html=True)


def _claim_row(experiment: str, key: str, claim: Claim, broken: str) -> str:
    verdict = f'<span data-claim="{experiment}.{key}">{claim.text}</span>'
    needed = f"{claim.n}回中{claim.needed}回"
    return _cells(experiment, key, [escape(claim.about), verdict, needed, broken], html=True)


def _cells(experiment: str, key: str, cells: list[str], html: bool = False) -> str:
    """A row with the anchor that citations point to."""
    inner = "".join(f"<td>{cell if html else escape(cell)}</td>" for cell in cells)
    return f'<tr id="{key}">{inner}<td><code>{experiment}.{key}</code></td></tr>'


def _dependencies(run: Run) -> list[tuple[str, str]]:
    seen = run.dependencies
    files = {**seen["modules"], **{path: digest for path, digest in seen["files"].items() if digest}}
    return [*sorted((path, digest[:12]) for path, digest in files.items()), *sorted(seen["libraries"].items())]


def _dependency_row(path: str, digest: str) -> str:
    return f"<tr><td><code>{escape(path)}</code></td><td><code>{escape(digest)}</code></td></tr>"


def _rows(head: list[str], rows: list[str]) -> str:
    cells = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "\n".join(rows)
    table = f'<table class="results">\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'
    return f'<div class="receipt-table">\n{table}\n</div>\n'


def _yaml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
