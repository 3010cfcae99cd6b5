"""``python -m tests.prose``: check the pages and print what was found, with the place in the file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .lint import check

PROJECT = Path(__file__).resolve().parent.parent.parent
EXEMPT = PROJECT / "docs/license.md"  # names of licences and data, in the words of those who made them


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 for nothing but notes, 1 for more, 2 when it cannot check."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.prose",
        description="日本語の文章を調べます。「読みなおす」のほかに何もなければ0で終わります。",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILES", help="ページ（なければ docs/ の全部）")
    chosen = parser.parse_args(arguments)
    files = chosen.files or [path for path in sorted((PROJECT / "docs").rglob("[!.]*.md")) if path != EXEMPT]
    try:
        if missing := [str(path) for path in files if not path.is_file()]:
            raise RuntimeError(f"{'、'.join(missing)} がありません。ページのファイル名を渡してください。")
        found = check([path.resolve() for path in files], PROJECT)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    for told in found:
        print(told)
    wrong = sum(not told.note for told in found)
    print(
        f"{wrong}か所を直してください。" if wrong else "直すところはありません。",
        f"読みなおすのは{len(found) - wrong}か所です。",
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
