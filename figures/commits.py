"""Ask git, where there is one: what works without it only says less.

Nothing that is published may depend on the settings of who asks: options that a configuration could change are given.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # set where a build runs inside a hook of git


def git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes | None:
    """Return what git prints; None where it is not installed, fails, or ``root`` is no work tree of its."""
    environment = {key: value for key, value in os.environ.items() if key not in ELSEWHERE}
    command = ["git", "--no-optional-locks", "--literal-pathspecs", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, env=environment, input=stdin, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


class Head(NamedTuple):
    """The commit that is checked out, its day (YYYY-MM-DD, where the committer was), whether files changed since."""

    commit: str = ""
    day: str = ""
    changed: bool = False


def head(root: Path) -> Head:
    """Return it; empty without git, and before the first commit."""
    found = git(root, "log", "-1", "--no-show-signature", "--format=%H %cs")
    if not found:
        return Head()
    commit, day = found.decode().split()
    return Head(commit, day, bool(git(root, "status", "--porcelain")))
