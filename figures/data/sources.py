"""The files of the project that one experiment runs on, as text, and the experiment run from that text.

An edit can then be tried without writing anything: change the text, run, compare. Paths are those below ``figures/``.
"""

from __future__ import annotations

import ast
import builtins
import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType, MappingProxyType, ModuleType, SimpleNamespace
from typing import Any

from figures import fingerprint

MOST_LINES = 100_000  # of the project's code in one run; an edit may have made a loop that never ends
PACKAGES = ("figures", "figures.data", "figures.models")  # what is imported from these is a file itself
DATA = ".csv"
NO_FILE = os.devnull  # of code that is text; Python would open any other, to quote it in a message


def experiment_file(name: str) -> str:
    """Where an experiment stands."""
    return f"experiments/{name}.py"


@lru_cache(maxsize=256)
def reads(path: str, text: str) -> list[str]:
    """The files that one file imports, or names as data that lies beside it; what only draws is left out."""
    if not path.endswith(".py"):
        return []
    found: set[str] = set()
    for node in ast.walk(fingerprint.parse(text.encode(), path, "run" if path.startswith("experiments/") else None)):
        if isinstance(node, ast.ImportFrom) and node.module in PACKAGES:
            found |= {_path(f"{node.module}.{name.name}") for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("figures."):
            found.add(_path(str(node.module)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(DATA):
            found.add(f"{path.rpartition('/')[0]}/{node.value}")
    return sorted(found)


def read_sources(name: str, root: Path | None = None) -> dict[str, str]:
    """Read all files that an experiment runs on: path -> text, what is read before what reads it.

    Args:
        name: of the experiment.
        root: the folder ``figures``; this one, if not given.
    """
    texts: dict[str, str] = {}
    done: dict[str, str] = {}

    def visit(path: str) -> None:
        if path not in texts:
            texts[path] = ((root or Path(__file__).parent.parent) / path).read_text(encoding="utf-8")
            for other in reads(path, texts[path]):
                visit(other)
            done[path] = texts[path]

    visit(experiment_file(name))
    return done


def depths(texts: Mapping[str, str]) -> dict[str, int]:
    """The longest chain of readings that ends at each file: 1 for a file that reads no other."""
    found: dict[str, int] = {}
    for path, text in texts.items():
        found[path] = 1 + max((found[other] for other in reads(path, text)), default=0)
    return found


def readers(path: str, texts: Mapping[str, str]) -> set[str]:
    """A file and all that depend on it; ``texts`` in the order of ``read_sources``."""
    found = {path}
    for other, text in texts.items():
        if found & set(reads(other, text)):
            found.add(other)
    return found


def execute(
    name: str, texts: Mapping[str, str], known: Mapping[str, ModuleType] = MappingProxyType({})
) -> dict[str, ModuleType]:
    """Execute an experiment and what it imports from ``texts``, apart from modules already ``known``: path -> module.

    Libraries are those installed.
    """
    loaded = dict(known)

    def importer(module: str, *arguments: Any) -> Any:
        if module == "pathlib":
            return SimpleNamespace(Path=lambda file: _Beside(str(file), texts))
        if module in PACKAGES:
            return SimpleNamespace(**{name: importer(f"{module}.{name}") for name in arguments[2]})
        if not module.startswith("figures."):
            return builtins.__import__(module, *arguments)
        path = _path(module)
        if path not in loaded:
            loaded[path] = made = ModuleType(__name__)  # dataclasses look for their module among those known
            vars(made).update(__file__=path, __builtins__={**vars(builtins), "__import__": importer})
            exec(compiled(texts[path]), vars(made))
        return loaded[path]

    importer(f"figures.experiments.{name}")
    return loaded


@lru_cache(maxsize=4096)
def compiled(text: str) -> CodeType:
    """Compile the text of a file. Raises ``SyntaxError`` or ``ValueError`` for what Python cannot read."""
    return compile(text, NO_FILE, "exec", dont_inherit=True)


@contextmanager
def line_limit() -> Iterator[None]:
    """Stop the project's code after ``MOST_LINES`` lines: counted, so that every machine stops at the same one."""
    lines, before = 0, sys.gettrace()

    def count(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal lines
        lines += 1
        if lines > MOST_LINES:
            raise RuntimeError("終わりません")
        return count

    def trace(frame: FrameType, _event: str, _argument: object) -> Any:
        return count if frame.f_globals["__name__"] == __name__ else None  # as ``execute`` names them

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


class _Beside:
    """What ``Path(__file__)`` is for a file that is text: it leads to the data beside it."""

    def __init__(self, file: str, texts: Mapping[str, str]) -> None:
        self.folder, self.texts = file.rpartition("/")[0], texts

    def with_name(self, name: str) -> io.StringIO:
        return io.StringIO(self.texts[f"{self.folder}/{name}"])


def _path(module: str) -> str:
    return module.removeprefix("figures.").replace(".", "/") + ".py"
