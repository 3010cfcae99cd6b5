"""Hold what a site shows against the records: every number, claim, table and figure, on every page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from figures.published import manifest, pages
from figures.published.compare import Difference, compare_numbers, compare_page
from figures.published.downloads import compare_file
from figures.published.expected import expected
from figures.published.sites import Site, Unreadable
from figures.record import Record

AT_ONCE = 4
MOST_PAGES = 20_000


@dataclass(frozen=True)
class Audit:
    """What came out: the differences, how many results were looked at on how many pages, the commit of the site."""

    differences: list[Difference]
    looked_at: int
    pages: int
    commit: str
    changed: bool  # since that commit


def verify(
    site: Site,
    records: Mapping[str, Record],
    drawings: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = lambda path: None,
) -> Audit:
    """Read a site and compare it.

    Args:
        site: where it is.
        records: what is true.
        drawings: citation of a figure -> its SVG as it was drawn again; None compares what is drawn by digest only.
        progress: is told the path of each file that has been read.

    Raises:
        Unreadable: if something that the site lists cannot be looked at.
    """
    published = _object(site, manifest.NUMBERS)
    built = _object(site, manifest.PAGES)
    known, files = _paths(built, "pages"), _paths(built, "files")
    every = sorted({*known, *site.listed(), *(f"receipts/{name}/" for name in records)})
    if any(not _inside(path) for path in every):
        raise Unreadable("サイトの外を指す道が、サイトの地図かフォルダーにあります。")
    if len(every) > MOST_PAGES:
        raise Unreadable(f"ページが{len(every)}あります。調べられるのは{MOST_PAGES}までです。")
    contents = _read_all(site, every, progress)
    shown = {
        path: pages.read(content.decode("utf-8", "replace")) for path, content in zip(every, contents, strict=True)
    }

    true = expected(records)
    differences: list[Difference] = []
    for path, page in shown.items():
        differences += compare_page(path, page, known.get(path), records, true, drawings)
    differences += compare_numbers(published, manifest.numbers(records, shown))
    files = {**dict.fromkeys((f"receipts/{name}.{kind}" for name in records for kind in ("csv", "json")), ""), **files}
    for path, content in zip(files, _read_all(site, list(files), progress), strict=True):
        differences += compare_file(path, content, str(files[path]), records, shown)
    looked_at = sum(len(page.shown) for page in shown.values())
    commit, changed = str(published.get("commit") or ""), bool(published.get("changed_since_commit"))
    return Audit(differences, looked_at, len(shown), commit, changed)


def _read_all(site: Site, paths: list[str], progress: Callable[[str], None]) -> Iterator[bytes]:
    """The files in the order of ``paths``, a few at a time."""

    def read(path: str) -> bytes:
        content = site.read(path)
        progress(path)
        return content

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(read, paths)


def _object(site: Site, path: str) -> dict[str, Any]:
    try:
        content = json.loads(site.read(path))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path}: JSONとして読めません（{error}）。") from error
    version = content.get("version") if isinstance(content, dict) else None
    if version != manifest.VERSION:
        raise Unreadable(
            f"{path}: 版が {version} です。読めるのは {manifest.VERSION} です。サイトと同じ版で調べてください。"
        )
    return dict(content)


def _paths(built: Mapping[str, Any], name: str) -> dict[str, object]:
    """Path -> what is said of it; only paths that stay inside the site."""
    entries = built.get(name)
    paths = dict(entries) if isinstance(entries, dict) else {}
    if len(paths) > MOST_PAGES or any(not _inside(path) for path in paths):
        raise Unreadable(f"{manifest.PAGES}: {name} に、サイトの外を指す道か、多すぎる道があります。")
    return paths


def _inside(path: str) -> bool:
    """Whether a path stays inside the site, and is one that can be asked for and printed."""
    return path.isprintable() and not path.startswith("/") and ":" not in path and ".." not in path.split("/")
