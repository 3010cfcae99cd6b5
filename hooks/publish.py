"""Build beside the site and exchange at the end: what is at ``site_dir`` is always a complete good site, or absent.

MkDocs empties the folder first and fails later. So ``on_config`` points it at a staging folder beside the real one, and
the last event of a build that logged no warning exchanges the two.
"""

from __future__ import annotations

import atexit
import ctypes
import logging
import os
import shutil
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.utils import CountHandler

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


@event_priority(-100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After every other hook has accepted the configuration: redirect the build, start to count warnings."""
    site = Path(config.site_dir)
    _recover(site)
    for left in site.parent.glob(f".{site.name}-staging-*"):
        if not _alive(int(left.name.rpartition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    config.extra["site_dir"] = str(site)
    config.site_dir = str(site.with_name(f".{site.name}-staging-{os.getpid()}"))
    atexit.register(shutil.rmtree, config.site_dir, ignore_errors=True)  # what a failed build leaves
    counter = CountHandler()
    counter.setLevel(logging.WARNING)
    counter.name = "publish"
    _stop_counting()
    log = logging.getLogger("mkdocs")
    log.setLevel(min(log.level, logging.WARNING))  # with --quiet MkDocs drops warnings, and `strict` with them
    log.addHandler(counter)
    config.extra["warnings"] = counter
    return config


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Exchange the folders, unless ``strict`` is going to fail this build for a warning."""
    counter: CountHandler = config.extra["warnings"]
    _stop_counting()
    if config.strict and counter.get_counts():
        shutil.rmtree(config.site_dir, ignore_errors=True)
        return
    _exchange(Path(config.site_dir), Path(config.extra["site_dir"]))
    config.site_dir = config.extra["site_dir"]


def _stop_counting() -> None:
    """Also what an earlier build of this process left when it failed."""
    log = logging.getLogger("mkdocs")
    for handler in [handler for handler in log.handlers if handler.name == "publish"]:
        log.removeHandler(handler)


def _exchange(staging: Path, site: Path) -> None:
    """Put ``staging`` in the place of ``site`` in one step where the system has one."""
    if not site.exists():
        staging.rename(site)
        return
    if _rename_exchange(staging, site):
        shutil.rmtree(staging, ignore_errors=True)
        return
    site.rename(_old(site))
    staging.rename(site)
    _recover(site)


def _recover(site: Path) -> None:
    """Bring back what was published if a build died between its two renames; else it is only what was replaced."""
    if _old(site).exists() and not site.exists():
        _old(site).rename(site)
    shutil.rmtree(_old(site), ignore_errors=True)


def _old(site: Path) -> Path:
    return site.with_name(f".{site.name}-old")


def _rename_exchange(a: Path, b: Path) -> bool:
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return bool(renameat2(AT_FDCWD, os.fsencode(a), AT_FDCWD, os.fsencode(b), RENAME_EXCHANGE) == 0)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
