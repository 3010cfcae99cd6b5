"""Hold what a site shows against the records: every number, claim, table and figure, on every page.

Two questions, since not all that a page shows is written in a record:

does it show what the records say       number, error, score, values of single runs, captions: published and true value
is it what was built                    any other character of a page, by the digests of ``pages.json``
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

from figures import record
from figures.csv_of import csv_of
from figures.published import manifest, pages
from figures.published.expected import expected, printed
from figures.published.pages import Page, bare
from figures.published.sites import Site, Unreadable
from figures.record import Record

AT_ONCE = 4
MOST_PAGES = 20_000
SNIPPET = 40  # characters of what is printed


@dataclass(frozen=True)
class Difference:
    """One place where a site does not show what it should."""

    page: str
    key: str
    published: str
    true: str

    def __str__(self) -> str:
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(self.published, self.true, strict=False))
        same = sum(1 for _ in pairs)
        published, true = (_short(text, same) for text in (self.published, self.true))
        return f"{self.page or '/'}  {self.key}  公開 {published}  正 {true}"


@dataclass(frozen=True)
class Audit:
    """What came out: the differences, how many results were looked at on how many pages, the commit of the site."""

    differences: list[Difference]
    looked_at: int
    pages: int
    commit: str


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
    every = sorted({*known, *site.listed()})
    if len(every) > MOST_PAGES:
        raise Unreadable(f"ページが{len(every)}あります。調べられるのは{MOST_PAGES}までです。")
    contents = _read_all(site, every, progress)
    shown = {
        path: pages.read(content.decode("utf-8", "replace")) for path, content in zip(every, contents, strict=True)
    }

    true = expected(records)
    differences: list[Difference] = []
    for path, page in shown.items():
        differences += _page(path, page, known.get(path), records, true, drawings)
    differences += _numbers(published.get("numbers"), manifest.numbers(records, shown))
    for path, content in zip(files, _read_all(site, list(files), progress), strict=True):
        differences += _file(path, content, str(files[path]), records, shown)
    looked_at = sum(len(page.shown) for page in shown.values())
    return Audit(differences, looked_at, len(shown), str(published.get("commit") or ""))


def _page(
    path: str,
    page: Page,
    built: object,
    records: Mapping[str, Record],
    true: Mapping[str, Mapping[str, str]],
    drawings: Mapping[str, str] | None,
) -> Iterator[Difference]:
    """What a page shows of results; where that is right, its other parts."""
    if not isinstance(built, dict):
        yield Difference(path, "ページ", "あります", f"{manifest.PAGES} にありません")
        return
    wrong = list(_results(path, page, true))
    if drawings is not None:
        wrong += _drawn(path, page, drawings)
    template = built.get("description")
    if isinstance(template, str) and bare(printed(template, records)) != bare(page.description):
        wrong.append(Difference(path, "description", page.description, printed(template, records)))
    yield from wrong
    if not wrong:  # the digest of its part would name it a second time
        yield from _parts(path, page, built.get("parts"), records)


def _results(path: str, page: Page, true: Mapping[str, Mapping[str, str]]) -> Iterator[Difference]:
    for shown in page.shown:
        if shown.key not in true:
            yield Difference(path, shown.key, shown.text, "この結果は記録にありません")
        elif shown.what in ("主張", "図の線"):  # the words are the author's; lines are compared when drawn again
            continue
        elif bare(true[shown.key].get(shown.what, "")) != shown.text:
            yield Difference(path, f"{shown.key}（{shown.what}）", shown.text, true[shown.key].get(shown.what, "なし"))


def _drawn(path: str, page: Page, drawings: Mapping[str, str]) -> Iterator[Difference]:
    """The lines of figures against those that were drawn again."""
    for key in dict.fromkeys(shown.key for shown in page.shown if shown.what == "図の線"):
        again = pages.read(f'<figure data-cite="{key}">{drawings.get(key, "")}</figure>')
        a, b = (
            [other.text for other in where.shown if (other.key, other.what) == (key, "図の線")]
            for where in (page, again)
        )
        if a != b:
            yield Difference(path, f"{key}（図の線）", "、".join(a), "、".join(b))


def _parts(path: str, page: Page, built: object, records: Mapping[str, Record]) -> Iterator[Difference]:
    """What is not as it was built, and not written in a record: the part of the page that it stands in."""
    known = built if isinstance(built, dict) else {}
    digests = page.digests
    experiment = PurePosixPath(path).name if path.startswith("receipts/") else ""
    for part in sorted({*known, *digests}):
        if digests.get(part) == known.get(part):
            continue
        key, result = f"#{part}" if part else "ページの頭", None
        if experiment in records and part in records[experiment].results:
            key, result = f"{experiment}.{part}", records[experiment].results[part]
        true = record.summary(result) if result else f"作ったときの指紋 {known.get(part, 'なし')}"
        yield Difference(path, key, page.text(part) if part in digests else "ありません", true)


def _numbers(published: object, true: Mapping[str, Any]) -> Iterator[Difference]:
    """``numbers.json``, entry by entry."""
    entries = published if isinstance(published, dict) else {}
    for key in sorted({*entries, *true}):
        for name in sorted({*_fields(entries.get(key)), *_fields(true.get(key))}):
            a, b = _fields(entries.get(key)).get(name), _fields(true.get(key)).get(name)
            if manifest.to_json(a) != manifest.to_json(b):
                yield Difference(manifest.NUMBERS, f"{key}（{name}）", manifest.to_json(a), manifest.to_json(b))


def _file(
    path: str, content: bytes, built: str, records: Mapping[str, Record], shown: Mapping[str, Page]
) -> Iterator[Difference]:
    """What can be downloaded, against the record; other files by their digest."""
    kind, name = PurePosixPath(path).suffix, PurePosixPath(path).stem
    text = content.decode("utf-8", "replace")
    if path.startswith("receipts/") and name in records:
        true = csv_of(records[name]) if kind == ".csv" else record.to_json(records[name])
        for number, (a, b) in enumerate(_lines(text, true), 1):
            if a != b:
                yield Difference(f"{path}:{number}", name, a, b)
                return
    elif path == "search/search_index.json" and manifest.digest(content) != built:
        yield from _search(path, text, shown)
    elif manifest.digest(content) != built:
        yield Difference(path, "ファイル", manifest.digest(content)[:16], built[:16])


def _search(path: str, text: str, shown: Mapping[str, Page]) -> Iterator[Difference]:
    """The entry of the search index that says something else than its page."""
    try:
        entries = json.loads(text)["docs"]
        for entry in entries:
            page = shown.get(entry["location"].partition("#")[0])
            whole = "".join(page.text(part) for part in page.parts) if page else ""
            words = [bare(word) for word in (*_words(entry["text"]), *_words(entry["title"]))]
            missing = next((word for word in words if word not in whole), None)
            if missing is not None:
                yield Difference(path, entry["location"], missing, _nearest(missing, whole))
                return
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    yield Difference(path, "検索の索引", "書き換わっています", "ページの文")


def _words(html: str) -> list[str]:
    """The texts between the tags."""
    return [piece for part in pages.read(html).parts.values() for piece in part if not piece.startswith("\x1f")]


def _nearest(words: str, whole: str) -> str:
    """What stands on the page where the longest beginning of ``words`` does."""
    length = bisect_left(range(1, len(words) + 1), True, key=lambda n: words[:n] not in whole)
    start = whole.find(words[:length])
    return whole[start : start + len(words)] if length else "ありません"


def _lines(a: str, b: str) -> list[tuple[str, str]]:
    """Both line by line, the shorter one filled up."""
    left, right = a.split("\n"), b.split("\n")
    longest = max(len(left), len(right))
    return list(zip([*left, *[""] * (longest - len(left))], [*right, *[""] * (longest - len(right))], strict=True))


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
    if len(paths) > MOST_PAGES or any(p.startswith("/") or ":" in p or ".." in p.split("/") for p in paths):
        raise Unreadable(f"{manifest.PAGES}: {name} に、サイトの外を指す道か、多すぎる道があります。")
    return paths


def _fields(entry: object) -> dict[str, Any]:
    return entry if isinstance(entry, dict) else {}


def _short(text: str, same: int) -> str:
    """The part of a long text where it begins to differ, without signs that a terminal would obey."""
    start = max(0, same - SNIPPET // 4) if len(text) > SNIPPET else 0
    clean = "".join(character if character.isprintable() else " " for character in text[start : start + SNIPPET])
    return ("…" if start else "") + (clean or "（なし）") + ("…" if start + SNIPPET < len(text) else "")
