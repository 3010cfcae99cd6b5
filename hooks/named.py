"""The lines of a Python file that have a name: of a function or class, or of a region.

A method is ``Class.method``. A region begins below a comment ``# region decomposition``, whose second word is its name,
and ends above ``# endregion``; regions may lie in one another.
"""

from __future__ import annotations

import ast
import difflib
import re
import tokenize
from collections.abc import Iterator, Mapping
from io import StringIO

from figures.errors import FiguresError

BEGIN, END = re.compile(r"#\s*region\s+(\S+)\s*"), re.compile(r"#\s*endregion\b.*")


def lines_of(text: str, path: str, name: str) -> tuple[int, int]:
    """First and last line of what has this name. ``FiguresError`` where nothing has it, or more than one thing."""
    comments = _comments(text)
    parts = [*_definitions(ast.parse(text), comments), *_regions(comments)]
    found = [(first, last) for known, first, last in parts if known == name]
    if not found:
        names = dict.fromkeys(known for known, _, _ in parts)
        near = difflib.get_close_matches(name, names, 1, 0.5)
        hint = f"'{near[0]}' のことですか?" if near else f"あるのは {'、'.join(names) or '（なし）'} です。"
        raise FiguresError(f"{path} に '{name}' という関数、クラス、region はありません。{hint}")
    if len(found) > 1:
        where = "と".join(f"{first}行目" for first, _ in found)
        raise FiguresError(f"{path} の '{name}' は{where}にあります。見せるほうを別の名前の region にしてください。")
    first, last = found[0]
    empty = marks(text) | {number for number, line in enumerate(text.split("\n"), 1) if not line.strip()}
    while first <= last and first in empty:
        first += 1
    while first <= last and last in empty:
        last -= 1
    if first > last:
        raise FiguresError(f"{path} の # region {name} は、空か、# endregion で閉じていません。直してください。")
    return first, last


def marks(text: str) -> set[int]:
    """The lines that begin or end a region."""
    return {number for number, comment in _comments(text).items() if _is_mark(comment)}


def _is_mark(comment: str) -> bool:
    return bool(BEGIN.fullmatch(comment) or END.match(comment))


def _comments(text: str) -> dict[int, str]:
    """The lines that hold nothing but a comment."""
    tokens = tokenize.generate_tokens(StringIO(text).readline)
    found = {token.start: token.string for token in tokens if token.type == tokenize.COMMENT}
    lines = text.split("\n")
    return {row: comment for (row, column), comment in found.items() if not lines[row - 1][:column].strip()}


def _definitions(node: ast.AST, comments: Mapping[int, str], prefix: str = "") -> Iterator[tuple[str, int, int]]:
    """Functions and classes with their qualified names, from the comments above them on."""
    for child in ast.iter_child_nodes(node):
        inside = prefix
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            while first - 1 in comments and not _is_mark(comments[first - 1]):
                first -= 1
            yield prefix + child.name, first, child.end_lineno or first
            inside = f"{prefix}{child.name}."
        yield from _definitions(child, comments, inside)


def _regions(comments: Mapping[int, str]) -> Iterator[tuple[str, int, int]]:
    """What stands between the marks; a region without an end has the last line 0."""
    begun: list[tuple[str, int]] = []
    for number, comment in comments.items():
        if begin := BEGIN.fullmatch(comment):
            begun.append((begin[1], number + 1))
        elif begun and END.match(comment):
            yield *begun.pop(), number - 1
    yield from ((name, first, 0) for name, first in begun)
