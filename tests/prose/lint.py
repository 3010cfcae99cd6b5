"""Pages as stand-ins (standin.py) through textlint (lint.mjs), and what is told about them back to the files."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from figures.record import Record, read
from figures.results import Result

from .standin import Shown, shown

FOLDER = Path(__file__).parent
KERNEL = FOLDER / "node_modules" / "@textlint" / "kernel"
INSTALL = "npm ci --prefix tests/prose"

# The only rule that speaks English.
TOO_LONG = re.compile(r"Line \d+ sentence length\((\d+)\) exceeds .* of (\d+)\..*", re.DOTALL)


@dataclass(frozen=True, order=True)
class Told:
    """Something about a place in a file. A note is a reason to read it again, and no failure."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    note: bool

    def __str__(self) -> str:
        kind = "読みなおす " if self.note else ""
        return f"{self.path}:{self.line}:{self.column}: {kind}[{self.rule}] {self.message}"


def check(files: Sequence[Path], root: Path) -> list[Told]:
    """All that is told about files, whose citations are those of the records below ``root``.

    Raises:
        RuntimeError: if textlint does not run; the message names the remedy.
    """

    @cache
    def record(experiment: str) -> Record | None:
        return read(root, experiment)[0]

    def find(citation: str) -> Result | None:
        experiment, _, name = citation.partition(".")
        found = record(experiment)
        return found.results.get(name) if found else None

    sources = [file.read_text(encoding="utf-8-sig", errors="replace") for file in files]
    pages = [shown(source, find) for source in sources]
    told = []
    for file, source, page, messages in zip(files, sources, pages, _textlint(pages), strict=True):
        name = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
        for message in messages:
            line, column = _position(source, page.places[message["index"]])
            told.append(Told(name, line, column, message["rule"], _words(message["message"]), message["note"]))
    return sorted(told)


def _textlint(pages: Sequence[Shown]) -> list[list[dict[str, Any]]]:
    """What lint.mjs tells about each page; a process for each core."""
    if not KERNEL.exists():
        raise RuntimeError(f"textlint がありません。{INSTALL} を先に打ってください。")
    cores = min(os.cpu_count() or 1, len(pages))
    said: list[list[dict[str, Any]]] = [[] for _ in pages]
    with ThreadPoolExecutor(cores) as pool:
        for core, told in enumerate(pool.map(_run, (pages[core::cores] for core in range(cores)))):
            said[core::cores] = told
    return said


def _run(pages: Sequence[Shown]) -> list[list[dict[str, Any]]]:
    given = json.dumps([{"text": page.text, "evidence": page.evidence, "body": page.body} for page in pages])
    command = ["node", str(FOLDER / "lint.mjs")]
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", check=False)
    except FileNotFoundError as error:
        raise RuntimeError("Node がありません。入れてから、もう一度打ってください。") from error
    if done.returncode:
        raise RuntimeError(f"textlint が止まりました。{INSTALL} を打ちなおしてください。\n{done.stderr}")
    told: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return told


def _position(source: str, place: int) -> tuple[int, int]:
    before = source[:place]
    return before.count("\n") + 1, place - before.rfind("\n")


def _words(message: str) -> str:
    if long := TOO_LONG.fullmatch(message):
        return f"一つの文が{long[1]}字あります。{long[2]}字までに分けてください。"
    return " ".join(message.split())
