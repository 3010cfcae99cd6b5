"""``python -m figures run | list | verify | drift | new | bench``: the laboratory without the site."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from figures import children, citations, cluster, commits, drift, new, progress, runner
from figures.errors import FiguresError
from figures.published.compare import printable
from figures.published.sites import Folder, Web
from figures.published.verify import verify as check_site

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 100  # of differences that are printed


def run(names: list[str], scheduler: str | None) -> int:
    """Bring experiments up to date, here or on a cluster, and write their records; name every result that changed."""
    unknown = [name for name in names if name not in runner.experiments(ROOT)]
    if unknown:
        raise FiguresError(f"'{unknown[0]}' という実験はありません。python -m figures list で名前を確かめてください。")
    with (
        nullcontext() if scheduler is None else cluster.connected(scheduler) as executor,
        progress.shown(_say) as display,
    ):
        runs = runner.update(ROOT, names or None, display, executor)
    changes = runner.compare_records(ROOT, runs, everything=not names)
    runner.write_records(ROOT, runs, everything=not names)
    for line in changes:
        print(line)
    print(f"実験{len(runs)}件、変わった結果{len(changes)}件")
    return 0


def show(unused: bool) -> int:
    """A line an experiment: fresh, stale or missing, and why. ``unused``: instead the results that no page shows."""
    if unused:
        for citation in citations.unused(ROOT, runner.committed_records(ROOT)):
            print(citation)
        return 0
    for name in runner.experiments(ROOT):
        why = runner.why_stale(ROOT, name)
        word = "fresh" if not why else "missing" if why == "missing" else "stale"
        print(f"{word:8}{name}" + (f"  {why}" if word == "stale" else ""))
    return 0


def verify() -> int:
    """Run everything from nothing in a copy and compare with the records here; 1 when they differ."""
    runs = _from_nothing()
    differences = runner.compare_records(ROOT, runs)
    for line in differences:
        print(line)
    print(f"実験{len(runs)}件を最初から走らせました: " + ("記録と違います" if differences else "記録と同じです"))
    return 1 if differences else 0


def verify_site(address: str, fresh: bool, private: bool) -> int:
    """Hold what a site shows against the records, or a run from nothing; 1 when it differs, 2 when it cannot look."""
    try:
        site = Web(address, private) if "://" in address else Folder(Path(address))
        if fresh:
            runs = _from_nothing()
            records = {name: run.record for name, run in runs.items()}
            drawings = {
                f"{name}.{key}": "".join(svgs.values())
                for name, run in runs.items()
                for key, svgs in run.drawings.items()
            }
        else:
            records, drawings = runner.committed_records(ROOT), None
        with progress.looking(_say) as told:
            audit = check_site(site, records, drawings, told)
    except FiguresError as error:
        print("\n".join(map(printable, str(error).splitlines())), file=sys.stderr)
        return 2
    for difference in audit.differences[:MOST_LINES]:
        print(difference)
    if len(audit.differences) > MOST_LINES:
        print(f"ほかに{len(audit.differences) - MOST_LINES}か所")
    here = commits.head(ROOT)
    if audit.commit != here.commit or here.changed or audit.changed:
        theirs, mine = _edition(audit.commit, audit.changed), _edition(here.commit, here.changed)
        print(f"サイトは {theirs} から作られています。手元は {mine} です。")
    verdict = f"違うところが{len(audit.differences)}か所あります" if audit.differences else "どれも同じです"
    print(f"{audit.pages}ページ、{audit.looked_at}か所を{'走らせた結果' if fresh else '記録'}と比べました: {verdict}")
    return 1 if audit.differences else 0


def _edition(commit: str, changed: bool) -> str:
    return (printable(commit[:7]) or "不明") + ("（コミットしていない変更あり）" if changed else "")


def _from_nothing() -> dict[str, runner.Run]:
    """Run everything in a copy that has neither records nor cache."""
    with tempfile.TemporaryDirectory() as place:
        ignore = shutil.ignore_patterns("records", "__pycache__")
        shutil.copytree(ROOT / "figures", Path(place) / "figures", ignore=ignore)
        with progress.shown(_say) as display:
            return runner.update(Path(place), progress=display)


def compare(base: str) -> int:
    """Print what changed since a revision; 1 when a page still says what turned, 2 when there is nothing to look at."""
    try:
        text, turned = drift.report(ROOT, base)
    except FiguresError as error:
        print(error, file=sys.stderr)
        return 2
    print(text)
    for line in turned:
        print(line, file=sys.stderr)
    return 1 if turned else 0


def start(title: str | None, name: str | None) -> int:
    """Make a draft with its experiment and test; ask for what was not given."""
    title = title or input("題: ")
    name = name or input("実験の名前（英小文字、数字、_）: ")
    for file in new.create(ROOT, title, name):
        print(file.relative_to(ROOT))
    print("下書きです。mkdocs serve で見られます。公開するときは draft: true の行を消してください。")
    return 0


def bench(suite: str, as_json: bool) -> int:
    """Measure a suite and print its rows; it measures and judges, so that a goal not met is no failure."""
    os.environ.update(children.ENVIRONMENT)  # one BLAS thread for everyone, before anyone loads NumPy
    from figures.bench import measure
    from figures.bench.rows import print_table, to_json
    from figures.bench.timing import machine

    print(machine(), file=sys.stderr)
    rows = measure(suite)
    if as_json:
        print(to_json(rows))
    else:
        print_table(rows)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """The command line; an error of the laboratory is one message and exit status 1."""
    parser = argparse.ArgumentParser(prog="python -m figures", description="実験を走らせ、記録と比べます。")
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | list | verify | drift | new | bench")
    running = commands.add_parser("run", help="古くなった実験を走らせ、記録を書きます")
    running.add_argument("names", nargs="*", metavar="NAME")
    running.add_argument("--dask", metavar="tcp://…", help="Daskのスケジューラーにつなぎ、そのワーカーで走らせます")
    listing = commands.add_parser("list", help="実験ごとに fresh, stale, missing と、その理由を出します")
    listing.add_argument("--unused", action="store_true", help="代わりに、どのページも使っていない結果を出します")
    verifying = commands.add_parser("verify", help="すべてを最初から走らせて記録と、またはサイトを記録と比べます")
    verifying.add_argument("site", nargs="?", metavar="SITE", help="作ったサイトのフォルダーか、https://… の住所")
    verifying.add_argument("--fresh", action="store_true", help="SITEを、記録ではなく、最初から走らせた結果と比べます")
    verifying.add_argument("--private", action="store_true", help="手元や社内の住所にあるSITEも調べます")
    drifting = commands.add_parser("drift", help="記録をほかのコミットの記録と比べ、変わった数字と主張を出します")
    drifting.add_argument("base", metavar="BASE", help="比べる相手のコミット（origin/main など）")
    starting = commands.add_parser("new", help="記事の下書きと、その実験とテストを作ります")
    starting.add_argument("title", nargs="?", metavar="題")
    starting.add_argument("name", nargs="?", metavar="名前")
    measuring = commands.add_parser("bench", help="目標のある測定をして、達成と未達を出します")
    measuring.add_argument("suite", choices=["lab"], metavar="lab")
    measuring.add_argument("--json", action="store_true", help="表の代わりにJSONを出します")
    chosen = parser.parse_args(arguments)
    try:
        match chosen.command:
            case "run":
                return run(chosen.names, chosen.dask)
            case "list":
                return show(chosen.unused)
            case "verify":
                return verify_site(chosen.site, chosen.fresh, chosen.private) if chosen.site is not None else verify()
            case "drift":
                return compare(chosen.base)
            case "bench":
                return bench(chosen.suite, chosen.json)
            case _:
                return start(chosen.title, chosen.name)
    except FiguresError as error:
        print(error, file=sys.stderr)
    except (KeyboardInterrupt, EOFError):
        print("止めました。途中のファイルは残していません。", file=sys.stderr)
    return 1


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
