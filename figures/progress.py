"""What the author sees while experiments run: bars on a terminal, a plain line an experiment elsewhere."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, TaskID, TextColumn, TimeElapsedColumn

WORDS = {"run": "実験", "draw": "作図"}


class Bars:
    """A bar a job, filled by time against the last run's, with what is left of it."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.tasks: dict[tuple[str, str], TaskID] = {}

    def begin(self, experiment: str, what: str, why: str, expected: float | None) -> None:
        """Add a bar; without a last time it only pulses."""
        left = f"前回{expected:.1f}秒" if expected else "はじめて"
        name = f"{WORDS[what]} {experiment}"
        self.tasks[experiment, what] = self.bars.add_task(name, total=expected, left=left, why=why)

    def end(self, experiment: str, what: str, seconds: float | None) -> None:
        """Fill the bar."""
        task = self.tasks[experiment, what]
        self.bars.update(task, total=1, completed=1, left="失敗" if seconds is None else f"{seconds:.1f}秒")
        self.bars.stop_task(task)

    def tick(self) -> None:
        """Move every bar to where it should be by its last time."""
        for task in self.bars.tasks:
            if task.total and not task.finished and task.elapsed is not None:
                self.bars.update(task.id, completed=min(task.elapsed, 0.98 * task.total))


class Lines:
    """One plain line when a job begins and one when it ends."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say

    def begin(self, experiment: str, what: str, why: str, expected: float | None) -> None:
        """Say what runs and why."""
        last = f"、前回{expected:.1f}秒" if expected else ""
        self.say(f"{WORDS[what]} {experiment}: 始めます（{why}{last}）")

    def end(self, experiment: str, what: str, seconds: float | None) -> None:
        """Say how long it took."""
        self.say(f"{WORDS[what]} {experiment}: " + ("失敗しました" if seconds is None else f"{seconds:.1f}秒"))


@contextmanager
def shown(say: Callable[[str], None]) -> Iterator[Bars | Lines]:
    """The display that fits standard error; ``say`` takes the plain lines."""
    if not sys.stderr.isatty():
        yield Lines(say)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[left]}"))
    bars = _Moving(*columns, TextColumn("[dim]{task.fields[why]}"), console=Console(stderr=True), refresh_per_second=8)
    with bars:
        yield bars.display


@contextmanager
def looking(say: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """Told each file of a site that was read: a line that counts them, or a plain line for every hundredth."""
    console, count = Console(stderr=True), itertools.count(1)
    if not sys.stderr.isatty():
        yield lambda path: say(f"{n}個目: {path}") if (n := next(count)) % 100 == 0 else None
        return
    with console.status("サイトを読んでいます") as status:
        yield lambda path: status.update(f"{next(count)}個目: {escape(path)}")


class _Moving(Progress):
    """rich asks for a renderable a few times a second; that is when the bars move."""

    def __init__(self, *columns: ProgressColumn, console: Console, refresh_per_second: int) -> None:
        self.display = Bars(self)
        super().__init__(*columns, console=console, refresh_per_second=refresh_per_second)

    def get_renderables(self) -> Iterable[RenderableType]:
        self.display.tick()
        yield from super().get_renderables()
