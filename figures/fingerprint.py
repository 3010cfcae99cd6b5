"""What a result depends on, as digests of content. Time, size and place of a file never decide anything."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

Documented: TypeAlias = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
STATEMENTS = ("body", "orelse", "finalbody", "handlers", "cases")  # fields that hold statements

# The parts of an experiment's own file that the other process does not see: the process that runs cannot draw, and the
# process that draws cannot run. So an edit of a drawing function trains nothing.
HIDDEN_FROM = {"run": ("draw_",), "draw": ("run", "falsify")}


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def parse(source: bytes, filename: str, mode: str | None = None) -> ast.Module:
    """Parse Python source; of an experiment's own file leave out what process ``mode`` may not see."""
    tree = ast.parse(source, filename)
    if mode is not None:
        tree.body = [node for node in tree.body if not _hidden(node, mode)]
    return tree


@lru_cache(maxsize=1024)
def digest_code(source: bytes, mode: str | None = None) -> str:
    """Digest of what Python source does: of its syntax tree, without comments, layout and docstrings.

    Docstrings count where the source mentions them (``__doc__``, ``getdoc``). Source that does not parse is digested
    as it stands.
    """
    try:
        tree = parse(source, "", mode)
    except (SyntaxError, ValueError):
        return digest(source)
    if b"__doc__" not in source and b"getdoc" not in source:
        for node in _definitions(tree):
            if _has_docstring(node):
                node.body = node.body[1:] or [ast.Pass()]
    return digest(ast.dump(tree).encode())


def digest_file(path: Path) -> str | None:
    """Digest of a file's bytes; None where there is no file."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return None


def digest_listing(path: Path) -> str | None:
    """Digest of the names in a folder (without Python's own caches); None where there is no folder."""
    try:
        names = sorted(entry.name for entry in path.iterdir() if entry.name != "__pycache__")
    except OSError:
        return None
    return digest("\0".join(names).encode())


def python_version() -> str:
    """Interpreter, version and processor family."""
    import platform  # not asked for in a child, where it would be a thirtieth of a short job

    return f"{sys.implementation.name} {platform.python_version()} {platform.machine()}"


def _hidden(node: ast.stmt, mode: str) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    return any(node.name == name or (name.endswith("_") and node.name.startswith(name)) for name in HIDDEN_FROM[mode])


def _definitions(node: ast.AST) -> Iterator[Documented]:
    """What may have a docstring. It stands among statements, so that expressions need not be searched."""
    if isinstance(node, Documented):
        yield node
    for field in STATEMENTS:
        for child in getattr(node, field, ()):
            yield from _definitions(child)


def _has_docstring(node: Documented) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
