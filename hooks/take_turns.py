"""Builds of one project take turns: ``mkdocs build`` twice, or beside a ``serve``, never meet in the cache or the site.

The lock is the kernel's (``flock``) on a file in ``.cache``: it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import IO

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority

log = logging.getLogger("mkdocs.hooks.take_turns")

# The one thing here that outlives a build: the open file is the lock.
_held: list[IO[str]] = []


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Before any other hook: wait for the turn."""
    release()
    path = Path(config.config_file_path).parent / ".cache" / "lock"
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise PluginError(f"{path}: 書き込めません（{error.strerror}）。空きと権限を見てください。") from None
    _held.append(file)
    _wait(file)
    return config


@event_priority(-200)
def on_post_build(config: MkDocsConfig) -> None:
    """After the exchange."""
    release()


def on_build_error(error: Exception) -> None:
    """A failed build gives its turn away too."""
    release()


def release() -> None:
    """Closing the file ends the lock."""
    while _held:
        _held.pop().close()


def _wait(file: IO[str]) -> None:
    try:
        import fcntl
    except ImportError:  # no flock on this system: entries of the cache are still whole or absent
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        log.info("ほかのビルドが終わるのを待っています")
        fcntl.flock(file, fcntl.LOCK_EX)
