"""Random edits of a project's files, drawn from a seed: such that may change results, and such that cannot.

    real edit       one digit becomes another, or an operator its opposite (+ -, * /, < >, <= >=, == !=)
    cosmetic edit   a comment, a blank line, a space beside an operator, a letter of a docstring

Both draw a file first, each with the same chance, and then a place in it. A real edit keeps the file's length; what
Python could not read is drawn again.

Source: DeMillo, Lipton & Sayward (1978), Hints on test data selection, Computer 11(4): small changes of a program show
what a check of it would miss.
"""

from __future__ import annotations

import ast
import io
import token
import tokenize
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np

from figures.data.sources import compiled

OPPOSITES = {"+": "-", "*": "/", "<": ">", "<=": ">=", "==": "!="}
OPPOSITES |= {after: before for before, after in OPPOSITES.items()}
T = TypeVar("T")


class Edit(NamedTuple):
    """One file as it is after the edit."""

    path: str
    text: str


class Place(NamedTuple):
    """A digit or an operator at ``text[start:end]``."""

    start: int
    end: int


def real_edit(texts: Mapping[str, str], generator: np.random.Generator) -> Edit:
    """Draw an edit that a result may depend on, of one of ``texts`` (path -> text)."""
    able = [path for path, text in texts.items() if places(path, text)]
    while True:
        path = _draw(able, generator)
        text = texts[path]
        start, end = _draw(places(path, text), generator)
        old = text[start:end]
        new = OPPOSITES.get(old) or _draw([digit for digit in "0123456789" if digit != old], generator)
        edited = text[:start] + new + text[end:]
        if not path.endswith(".py") or _is_python(edited):
            return Edit(path, edited)


def cosmetic_edit(texts: Mapping[str, str], generator: np.random.Generator) -> Edit:
    """Draw an edit that no result can depend on, of one of the Python files among ``texts``."""
    path = _draw([path for path in texts if path.endswith(".py")], generator)
    text = texts[path]
    kinds: list[Callable[[str, np.random.Generator], str]] = [_comment, _blank_line, _docstring]
    if _operators(text):
        kinds.append(_space)
    return Edit(path, _draw(kinds, generator)(text, generator))


@lru_cache(maxsize=256)
def places(path: str, text: str) -> list[Place]:
    """All digits of numbers and all operators of a file; of a table the digits below its head."""
    if not path.endswith(".py"):
        return [Place(i, i + 1) for i in range(text.index("\n"), len(text)) if text[i].isdigit()]
    lines = [0]
    for line in text.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    found, in_f_string = [], 0
    for part in tokenize.generate_tokens(io.StringIO(text).readline):
        name = token.tok_name[part.type]  # Python 3.11 has no tokens in an f-string, 3.12 has
        in_f_string += (name == "FSTRING_START") - (name == "FSTRING_END")
        start, end = (lines[row - 1] + column for row, column in (part.start, part.end))
        if in_f_string:
            continue
        if part.type == token.NUMBER:
            found += [Place(i, i + 1) for i in range(start, end) if text[i].isdigit()]
        elif part.string in OPPOSITES:
            found.append(Place(start, end))
    return found


def _operators(text: str) -> list[Place]:
    return [place for place in places(".py", text) if text[place.start : place.end] in OPPOSITES]


def _comment(text: str, generator: np.random.Generator) -> str:
    return _above_a_statement(text, "# あとで見なおす\n", generator)


def _blank_line(text: str, generator: np.random.Generator) -> str:
    return _above_a_statement(text, "\n", generator)


def _above_a_statement(text: str, what: str, generator: np.random.Generator) -> str:
    """Put a line above a statement that is not indented, where a blank line stands already."""
    lines = text.splitlines(keepends=True)
    rows = [node.lineno - 1 for node in ast.parse(text).body[1:] if not lines[node.lineno - 2].strip()]
    row = _draw(rows, generator)
    return "".join([*lines[:row], what, *lines[row:]])


def _space(text: str, generator: np.random.Generator) -> str:
    end = _draw(_operators(text), generator).end
    return f"{text[:end]} {text[end:]}"


def _docstring(text: str, generator: np.random.Generator) -> str:
    """Change a letter of the docstring with which the file begins, as all files here do."""
    inside = range(3, text.index('"""', 3))
    i = _draw([i for i in inside if text[i].isascii() and text[i].isalpha() and text[i - 1] != "\\"], generator)
    return text[:i] + ("x" if text[i] != "x" else "y") + text[i + 1 :]


def _draw(items: Sequence[T], generator: np.random.Generator) -> T:
    return items[int(generator.integers(len(items)))]


def _is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compiled(text)
        except (SyntaxError, ValueError):
            return False
    return True
