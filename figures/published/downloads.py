"""The files of a site that are no pages: downloads against the records, the search index against its pages."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from figures import record
from figures.csv_of import csv_of
from figures.published import manifest, pages
from figures.published.compare import Difference
from figures.published.pages import Page
from figures.record import Record


def compare_file(
    path: str, content: bytes, built: str, records: Mapping[str, Record], shown: Mapping[str, Page]
) -> Iterator[Difference]:
    """What can be downloaded, against the record; other files by their digest."""
    kind, name = PurePosixPath(path).suffix, PurePosixPath(path).stem
    text = content.decode("utf-8", "replace")
    if path.startswith("receipts/") and name in records:
        true = csv_of(records[name]) if kind == ".csv" else record.to_json(records[name])
        if kind == ".json" and manifest.digest(content) == manifest.digest(true.encode()):
            return  # as it was, however it is written
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
        whole = {
            page: shown[page].words() for page in {entry["location"].partition("#")[0] for entry in entries} & {*shown}
        }
        for entry in entries:
            there = whole.get(entry["location"].partition("#")[0], "")
            words = (*_words(entry["text"]), *_words(entry["title"]))
            missing = next((word for word in words if word not in there), None)
            if missing is not None:
                yield Difference(path, entry["location"], missing, _nearest(missing, there))
                return
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    yield Difference(path, "検索の索引", "書き換わっています", "ページの文")


def _words(html: str) -> list[str]:
    """The texts between the tags."""
    read = pages.read(html)
    pieces = (piece for part in read.parts.values() for piece in part if not piece.startswith("\x1f"))
    return ["".join(piece.split()) for piece in pieces]


def _nearest(words: str, whole: str) -> str:
    """What stands on the page where the longest beginning of ``words`` does."""
    length = bisect_left(range(1, len(words) + 1), True, key=lambda n: words[:n] not in whole)
    start = whole.find(words[:length])
    return whole[start : start + len(words)] if length else "ありません"


def _lines(a: str, b: str) -> list[tuple[str, str]]:
    """Both line by line, the shorter one filled up."""
    left, right = a.splitlines(), b.splitlines()
    longest = max(len(left), len(right))
    return list(zip([*left, *[""] * (longest - len(left))], [*right, *[""] * (longest - len(right))], strict=True))
