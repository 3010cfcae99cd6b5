"""A row of a benchmark: what was measured, its goal, and whether it was met; as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Column, Table


@dataclass(frozen=True)
class Row:
    """One measure.

    Attributes:
        name: for machines, the same for ever.
        title: for people.
        value: what was measured; None where it could not be.
        goal: what the value has to reach: at least this much, or at most where ``at_most``.
        at_most: which of the two.
        ours, rival: what the value was made of, in words.
        why: why there is no value.
    """

    name: str
    title: str
    value: float | None
    goal: float
    at_most: bool = False
    ours: str = ""
    rival: str = ""
    why: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is reached; a row without a value does not."""
        if self.value is None:
            return False
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def to_json(rows: Sequence[Row]) -> str:
    """Return the rows as a list of name, value, goal and met; ``reason`` where there is no value."""
    described = [
        {"name": row.name, "value": row.value, "goal": row.goal, "met": row.met}
        | ({"reason": row.why} if row.why else {})
        for row in rows
    ]
    return json.dumps(described, ensure_ascii=False, indent=1)


def print_table(rows: Sequence[Row]) -> None:
    """Print the rows for people, on standard output."""
    console = Console()
    if not console.is_terminal:
        console.width = 150
    table = Table(*(Column(head, overflow="fold") for head in ("", "自分", "相手", "値", "目標", "")))
    for row in rows:
        value = row.why if row.value is None else _short(row.value)
        goal = f"{_short(row.goal)} {'以下' if row.at_most else '以上'}"
        table.add_row(row.title, row.ours, row.rival, value, goal, "達成" if row.met else "未達")
    console.print(table)


def _short(value: float) -> str:
    return f"{value:.1e}" if 0 < abs(value) < 0.001 else f"{value:.3g}"
