"""``python -m tests.page``: measure the pages of the built site and print what was found beside the goals."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from figures.bench.rows import Row, to_json

from .measure import measure, within
from .npm import AXE, INSTALL, LIGHTHOUSE

PROJECT = Path(__file__).resolve().parent.parent.parent
RUNS = 5


def build(folder: Path) -> Path:
    """The project's site, made for an address without a base path; RuntimeError with what the build said."""
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "SITE_URL")}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(folder / "site")],
        cwd=PROJECT,
        env={**environment, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"サイトを作れませんでした。{done.stdout}{done.stderr}")
    return folder / "site"


def show(rows: list[Row]) -> None:
    """The table for people: what was judged, and beside it what the value is made of."""
    console = Console()
    if not console.is_terminal:
        console.width = 150
    table = Table("", "値", "目標", "", "内訳")
    for row in rows:
        value = "" if row.value is None else f"{row.value:.6g}"
        goal = f"{row.goal:g} {'以下' if row.at_most else '以上'}"
        table.add_row(row.name, value, goal, "達成" if row.met else "未達", row.why or row.ours)
    console.print(table)


def main(arguments: list[str] | None = None) -> int:
    """The command line; it measures and judges, and only with ``--budgets`` is a goal not met a failure."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.page", description="ページの重さと点数を測り、目標と比べます。"
    )
    parser.add_argument("site", nargs="?", type=Path, metavar="SITE", help="作ってあるサイト（なければ作ります）")
    parser.add_argument("--json", action="store_true", help="表の代わりにJSONを出します")
    parser.add_argument(
        "--budgets", action="store_true", help="Lighthouseを1回にし、予算を破る行があれば失敗にします（CIのため）"
    )
    chosen = parser.parse_args(arguments)
    try:
        if not (AXE.exists() and LIGHTHOUSE.exists()):
            raise RuntimeError(f"Lighthouse と axe-core がありません。{INSTALL} を先に打ってください。")
        with tempfile.TemporaryDirectory() as place:
            rows = measure(chosen.site or build(Path(place)), 1 if chosen.budgets else RUNS)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.json:
        print(to_json(rows))
    else:
        show(rows)
    broken = [row.name for row in rows if not within(row)]
    if chosen.budgets and broken:
        print(f"予算を破った行: {'、'.join(broken)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
