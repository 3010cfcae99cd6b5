"""The last commit that touched some files. Without git, or in a shallow clone, there is a sentence instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from figures.commits import git

SHALLOW = "履歴の浅い複製から作ったので、書けません"
UNCOMMITTED = "まだコミットしていません"


@dataclass(frozen=True)
class Commit:
    """One of them. ``remark``: why there is none, or not all of the story."""

    date: str = ""
    sha: str = ""
    subject: str = ""
    remark: str = ""


def last_commit(root: Path, paths: list[str]) -> Commit | None:
    """The last commit that touched one of the files; None without git."""
    missing = incomplete(root)
    if missing is None:
        return None
    if missing:
        return Commit(remark=missing)
    found = git(root, "log", "-1", "--no-show-signature", "--format=%cs%x00%H%x00%s", "--", *paths)
    edited = git(root, "status", "--porcelain", "--", *paths)
    if not found:
        return Commit(remark=UNCOMMITTED)
    date, sha, subject = found.decode(errors="replace").rstrip("\n").split("\0")
    return Commit(date, sha[:7], subject, "このあとの、まだコミットしていない変更があります" if edited else "")


def incomplete(root: Path) -> str | None:
    """Why the history cannot be told, '' if it can; None without git."""
    shallow = git(root, "rev-parse", "--is-shallow-repository")
    if shallow is None:
        return None
    return "" if shallow.strip() == b"false" else SHALLOW
