"""The libraries that a result depends on: which installed distributions its modules belong to, and their versions.

Asked of the parent process, which knows them for all its children: finding them takes longer than many an experiment.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path


def belonging_to(modules: Iterable[str]) -> set[str]:
    """Return the installed distributions that the modules, named by the first part of their names, belong to."""
    # What is installed or removed changes a folder of the path, and so its time.
    folders = tuple((entry, Path(entry or ".").stat().st_mtime_ns) for entry in sys.path if Path(entry or ".").is_dir())
    known = _known(folders)
    return {distribution for name in modules for distribution in known.get(name, ())}


def versions(distributions: Iterable[str]) -> dict[str, str]:
    """Installed version of each distribution; an absent one has the version ''."""
    found = {}
    for name in sorted(distributions):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = ""
    return found


@lru_cache(maxsize=1)
def _known(folders: tuple[tuple[str, int], ...]) -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()
