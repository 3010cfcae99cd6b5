"""Problems of pages become one message each, with file and line, all of a build at once.

Python-Markdown forgets line numbers. A problem therefore keeps the text around its place, and the line is looked up in
the author's file when, and only when, there is something to report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from figures import citations

MAX_PROBLEMS = 20  # that are printed of one file
FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})")


@dataclass(frozen=True)
class Problem:
    """What is wrong with ``text``, which stands between ``before`` and ``after`` on its line."""

    message: str
    text: str
    before: str = ""
    after: str = ""


def problems(config: MkDocsConfig) -> list[Problem]:
    """The list that extensions append to while a page is converted; a new one for each build."""
    found: list[Problem] = config.extra.setdefault("problems", [])
    return found


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """After a page is converted and before the next one: give its problems their file and line."""
    source, name = page.file.content_string, f"{Path(config.docs_dir).name}/{page.file.src_uri}"
    lines = sorted((line_of(source, problem), problem.message) for problem in dict.fromkeys(problems(config)))
    config.extra.setdefault("messages", []).extend(f"{name}:{line}: {message}" for line, message in lines)
    problems(config).clear()
    return html


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """When all pages are converted and none is written yet: all problems of all pages are one error."""
    messages: list[str] = config.extra.get("messages", [])
    if messages:
        raise PluginError("\n".join(messages))
    return env


def around(data: str, start: int, end: int) -> tuple[str, str]:
    """The text of the same line on both sides, as far as no placeholder of Python-Markdown interrupts it."""
    before = re.split(r"[\n\x02\x03]", data[:start])[-1].lstrip()
    after = re.split(r"[\n\x02\x03]", data[end:])[0].rstrip()
    return before, after


def line_of(source: str, problem: Problem) -> int:
    """The line of a problem, 1-based: most context first, outside of code before inside."""
    lines = source.splitlines()
    wanted = (problem.before + problem.text + problem.after, problem.text, problem.text.split("\n")[0])
    for text in wanted:
        first = text.split("\n")[0]
        for inside_code in (False, True):
            for number, fenced in enumerate(_fenced(lines), 1):
                if fenced == inside_code and first in lines[number - 1]:
                    return number
    return 1


def citing(root: Path, experiment: str, result: str | None) -> list[str]:
    """``file:line`` of the first citation of a result (else of its experiment) in each page."""
    first: dict[str, tuple[bool, int]] = {}
    for citation, places in citations.places(root).items():
        for file, _, line in (place.rpartition(":") for place in places):
            if citation.startswith(f"{experiment}."):
                rank = (citation != f"{experiment}.{result}", int(line))
                first[file] = min(rank, first.get(file, rank))
    return [f"{file}:{line}" for file, (_, line) in sorted(first.items())]


def limited(found: Iterable[tuple[str, int, str]]) -> list[str]:
    """(file, line, message) as lines in the order of the files, without repetition, of one file not too many."""
    counts, lines = Counter[str](), []
    for file, line, message in sorted(dict.fromkeys(found)):
        counts[file] += 1
        if counts[file] <= MAX_PROBLEMS:
            lines.append(f"{file}:{line}: {message}")
        elif counts[file] == MAX_PROBLEMS + 1:
            more = "ここから先にもまだあります。上のものを直してからビルドしてください。"
            lines.append(f"{file}:{line}: {more}")
    return lines


def _fenced(lines: list[str]) -> Iterator[bool]:
    fence = ""
    for line in lines:
        mark = FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
            yield True
        elif mark and mark[1].startswith(fence):
            fence = ""
            yield True
        else:
            yield bool(fence)
