"""What a push or a pull request changes: the records here, compared with those of another revision.

A number that moved is a row of a table, for whoever reviews. A claim that turned (``Change.turned`` says what counts)
is an error, unless every page that cites it changed as well: a number in a sentence follows its experiment by itself,
the words of a claim do not. Whether the page was changed well is for the reviewer, who is shown both.
"""

from __future__ import annotations

import io
import re
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from figures import changes, citations, commits, record, runner
from figures.changes import Change
from figures.errors import FiguresError
from figures.record import summary

HEAD = ("数字", "前", "いま", "標準誤差の何倍", "引用している記事")


def report(root: Path, base: str) -> tuple[str, list[str]]:
    """Compare the records of the work tree with those of ``base``, a revision of git.

    ``base`` may be all zeros, as a forge says it of the first push: then there is nothing to compare.

    Returns:
        The table in Markdown, or a sentence if nothing changed; and a line for each page that has to be looked at
        again, because a claim that it cites turned and the page is what it was.

    Raises:
        FiguresError: there is no git, no such revision here, or a record of the work tree is not sound.
    """
    if re.fullmatch("0{40,}", base):
        return "はじめてのpushなので、比べる記録がありません。", []
    now = runner.committed_records(root)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _lay_out(root, base, place)
        before, unread = {}, {}
        for file in sorted((place / "figures" / "records").glob("*.json")):
            committed, wrong = record.read(place, file.stem)
            if committed:  # also one that was edited by hand: what it says follows from its values
                before[file.stem] = committed
            else:
                unread[file.stem] = f"{base} の {wrong}この実験の結果は比べていません。"
        then, here = citations.all_places(place, before), citations.all_places(root, now)
        found = [
            change
            for name in sorted({*before, *now} - set(unread))
            for change in changes.between(before.get(name), now.get(name), {**then, **here})
        ]
        pages = {file.read_bytes() for file in place.rglob("*.md")}
        turned = [
            f"{where}: {change.citation} の主張が変わったのに、記事がそのままです（{change.turned}）。"
            "この主張を述べている文を読みなおし、記事も同じpushで直してください。"
            for change in found
            if change.turned
            for where in _first_of_each([*here.get(change.citation, ()), *then.get(change.citation, ())])
            if _content(root / where.rpartition(":")[0]) in pages  # as it was, even if under another name
        ]
    text = table(found) if found else f"{base} の記録から変わった結果はありません。"
    return "\n\n".join([text, *unread.values()]), turned


def table(found: Iterable[Change]) -> str:
    """Changes as a table in Markdown, a row each."""
    rows = [HEAD, ("---",) * len(HEAD)]
    for change in found:
        how_much = change.how_much.removeprefix("標準誤差の")
        cells = (change.citation, summary(change.before), summary(change.after), how_much, "、".join(change.places))
        rows.append(tuple(_escape(cell) for cell in cells))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _escape(cell: str) -> str:
    """Text, whatever stands in it: a row must stay a row, and nothing in it becomes markup."""
    return re.sub(r"[\\`*\[\]|~<>&]", r"\\\g<0>", " ".join(cell.split()))


def _first_of_each(places: Iterable[str]) -> Iterable[str]:
    """The first ``file:line`` in each file."""
    first = dict[str, str]()
    for where in places:
        first.setdefault(where.rpartition(":")[0], where)
    return first.values()


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _lay_out(root: Path, base: str, place: Path) -> None:
    """Write the records and pages of a revision into a folder, so that they are read as those of the work tree are."""
    shallow = commits.git(root, "rev-parse", "--is-shallow-repository")
    if shallow is None:
        raise FiguresError("gitが動かないか、ここはgitの外です。git clone した中で、もう一度打ってください。")
    commit = commits.git(root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}")
    if commit is None and shallow.strip() == b"true":
        raise FiguresError(f"浅い複製なので '{base}' がありません。git fetch --unshallow で履歴を取ってください。")
    if commit is None:
        raise FiguresError(f"'{base}' というコミットはありません。git fetch origin で取るか、名前を直してください。")
    archive = commits.git(root, "archive", "--format=tar", commit.decode().strip())
    if archive is None:
        raise FiguresError(f"'{base}' の中身を取り出せません。git fsck で履歴を確かめてください。")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content and re.fullmatch(r"figures/records/[^/]+\.json|docs/.+\.md", member.name):
                (place / member.name).parent.mkdir(parents=True, exist_ok=True)
                (place / member.name).write_bytes(content.read())
