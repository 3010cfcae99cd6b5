"""The committed records as git has them: which commit touched which, and what stood in them.

One ``git log``, one ``git ls-tree`` and a ``git cat-file`` for every hundred records are all that is asked of git.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from figures.commits import git
from hooks.commits import Commit

FOLDER = "figures/records"
UNREADABLE = "gitの履歴を読めないので、書けません"
CHUNK = 100  # records that are held in memory at a time
LOG = (
    *("log", "--topo-order", "--root", "-c", "--raw", "-z"),
    *("--no-abbrev", "--no-renames", "--no-show-signature", "--encoding=UTF-8", "--format=%H %cs %s", "--", FOLDER),
)


class Untold(Exception):
    """Why there is no history."""


class Step(NamedTuple):
    """A record before and after a commit, as the hashes of its contents."""

    commit: Commit
    experiment: str
    before: str
    after: str


def steps(root: Path) -> Iterator[Step]:
    """The records that each commit touched, newest first; of a merge those that are none of its parents'."""
    printed = git(root, *LOG)
    if printed is None and git(root, "rev-parse", "--quiet", "--verify", "HEAD") is not None:
        raise Untold(UNREADABLE)
    words = iter((printed or b"").decode(errors="replace").split("\0"))
    commit = Commit()
    for word in map(str.strip, words):
        if word.startswith(":"):
            parents = len(word) - len(word.lstrip(":"))
            _, *hashes = word.split(" ")[parents:-1]
            if experiment := _experiment(next(words)):
                yield Step(commit, experiment, hashes[0], hashes[-1])
        elif word:
            sha, date, subject = f"{word} ".split(" ", 2)
            commit = Commit(date, sha[:7], subject.strip())


def heads(root: Path) -> dict[str, str]:
    """The records of the last commit: experiment -> hash of its content."""
    printed = git(root, "ls-tree", "-z", "HEAD", "--", f"{FOLDER}/") or b""
    entries = (entry.partition("\t") for entry in printed.decode(errors="replace").split("\0"))
    return {_experiment(path): head.rpartition(" ")[2] for head, _, path in entries}


def _experiment(path: str) -> str:
    """Whose record it is; '' for what is none, or could have no receipt."""
    name = path.rpartition("/")[2]
    experiment = name.removesuffix(".json")
    return experiment if experiment != name and experiment.isidentifier() and experiment != "index" else ""


def contents(root: Path, hashes: list[str]) -> Iterator[bytes]:
    """What stood under each hash; nothing where a record was taken away."""
    for start in range(0, len(hashes), CHUNK):
        chunk = hashes[start : start + CHUNK]
        printed = git(root, "cat-file", "--batch", stdin="".join(f"{sha}\n" for sha in chunk).encode())
        if printed is None:
            raise Untold(UNREADABLE)
        stream = io.BytesIO(printed)
        for _ in chunk:
            head = stream.readline()
            yield b"" if head.endswith(b" missing\n") else stream.read(int(head.rpartition(b" ")[2]) + 1)
