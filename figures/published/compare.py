"""What a page, or the list of all numbers, shows otherwise than it should.

Two questions, since not all that a page shows is written in a record:

does it show what the records say       number, error, score, values of single runs, captions: published and true value
is it what was built                    any other character of a page, by the digests of ``pages.json``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

from figures import record
from figures.published import manifest, pages
from figures.published.expected import printed
from figures.published.pages import Page, spaced
from figures.record import Record

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
        return f"{printable(self.page) or '/'}  {printable(self.key)}  公開 {published}  正 {true}"


def compare_page(
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
    named = {part for part, _ in wrong}
    yield from (difference for _, difference in wrong)
    if drawings is not None:
        yield from _drawn(path, page, drawings)
    template = built.get("description")
    if isinstance(template, str) and spaced(printed(template, records)) != spaced(page.description):
        yield Difference(path, "description", page.description, printed(template, records))
        named.add("")  # where it stands
    yield from _parts(path, page, built.get("parts"), records, named)


def _results(path: str, page: Page, true: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Difference]]:
    """What differs from the records, and in which part of the page."""
    for shown in page.shown:
        key = f"{shown.key}（{shown.what}）"
        if shown.key not in true:
            yield shown.part, Difference(path, shown.key, shown.text, "この結果は記録にありません")
        elif shown.what in ("主張", "図の線"):  # the words are the author's; lines are compared when drawn again
            continue
        elif spaced(true[shown.key].get(shown.what, "")) != shown.text:
            yield shown.part, Difference(path, key, shown.text, true[shown.key].get(shown.what, "なし"))


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


def _parts(
    path: str, page: Page, built: object, records: Mapping[str, Record], named: set[str]
) -> Iterator[Difference]:
    """What is not as it was built, and not written in a record: the part that it stands in, unless ``named``."""
    known = built if isinstance(built, dict) else {}
    digests = page.digests
    experiment = PurePosixPath(path).name if path.startswith("receipts/") else ""
    for part in sorted({*known, *digests}):
        if digests.get(part) == known.get(part) or part in named:
            continue
        key, result = f"#{part}" if part else "ページの頭", None
        if experiment in records and part in records[experiment].results:
            key, result = f"{experiment}.{part}", records[experiment].results[part]
        true = record.summary(result) if result else f"作ったときの指紋 {known.get(part, 'なし')}"
        yield Difference(path, key, page.words(part) if part in digests else "ありません", true)


def compare_numbers(published: Mapping[str, Any], true: Mapping[str, Any]) -> Iterator[Difference]:
    """``numbers.json``, entry by entry."""
    if published.get("licence") != manifest.LICENCE:
        yield Difference(manifest.NUMBERS, "licence", str(published.get("licence")), manifest.LICENCE)
    entries = _fields(published.get("numbers"))
    for key in sorted({*entries, *true}):
        for name in sorted({*_fields(entries.get(key)), *_fields(true.get(key))}):
            a, b = _fields(entries.get(key)).get(name), _fields(true.get(key)).get(name)
            if manifest.to_json(a) != manifest.to_json(b):
                yield Difference(manifest.NUMBERS, f"{key}（{name}）", manifest.to_json(a), manifest.to_json(b))


def _fields(entry: object) -> dict[str, Any]:
    return entry if isinstance(entry, dict) else {}


def printable(text: str) -> str:
    """What a server sent, without signs that a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)


def _short(text: str, same: int) -> str:
    """The part of a long text where it begins to differ."""
    start = max(0, same - SNIPPET // 4) if len(text) > SNIPPET else 0
    clean = printable(text[start : start + SNIPPET])
    return ("…" if start else "") + (clean or "（なし）") + ("…" if start + SNIPPET < len(text) else "")
