"""Ask git, where there is one: what works without it only says less.

Nothing that is published may depend on the settings of who asks: options that a configuration could change are given.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

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


def head(root: Path) -> tuple[str | None, bool]:
    """Return the commit that is checked out, and whether files have been changed since; (None, False) without git."""
    commit = git(root, "rev-parse", "HEAD")
    return (commit.decode().strip(), bool(git(root, "status", "--porcelain"))) if commit else (None, False)


def day(root: Path, *paths: str) -> str:
    """Return the day (YYYY-MM-DD, where the committer was) of the last commit, or of the last that touched ``paths``.

    '' without git, where none did, and in a shallow clone, which does not know.
    """
    if paths and git(root, "rev-parse", "--is-shallow-repository") != b"false\n":
        return ""
    return (git(root, "log", "-1", "--no-show-signature", "--format=%cs", "--", *paths) or b"").decode().strip()
