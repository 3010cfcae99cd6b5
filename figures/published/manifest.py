"""The two files in which a site says what it shows: ``numbers.json`` for everybody, ``pages.json`` to check it by.

    numbers.json   {"version": 1, "licence": …, "commit": …, "numbers": {citation: number}}
    number         {"kind": "number", "text": "8.40個", "value": 8.4, "error": 0.31, "n": 20, "unit": "個", "about": …,
                    "receipt": …, "pages": {page: how often}}
    pages.json     {"version": 1, "pages": {page: {"parts": {id: digest}, "description": text with its citations}},
                    "files": {path: digest}}

``error`` is the standard error, null for an exact value. Claims stand beside the numbers, with ``held`` of ``n``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from figures.published.pages import Page
from figures.record import Record
from figures.results import Claim, Number

VERSION = 1
NUMBERS, PAGES = "numbers.json", "pages.json"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def numbers(records: Mapping[str, Record], pages: Mapping[str, Page]) -> dict[str, Any]:
    """Return every number and claim of the records, with the pages that show it: path -> how often."""
    cites = {path: page.cites for path, page in sorted(pages.items())}
    found = {}
    for experiment, record in sorted(records.items()):
        for name, result in record.results.items():
            if not isinstance(result, Number | Claim):
                continue
            key = f"{experiment}.{name}"
            shown_on = {path: counts[key] for path, counts in cites.items() if counts[key]}
            place = {"receipt": f"receipts/{experiment}/#{name}", "pages": shown_on}
            found[key] = {**_described(result), "about": result.about, **place}
    return found


def parts(page: Page, description: str = "") -> dict[str, Any]:
    """What ``pages.json`` says of a page; ``description`` where it cites, with its citations."""
    return {"parts": page.digests, **({"description": description} if description else {})}


def digest(content: bytes) -> str:
    """Of a file; JSON by its content, not by how it is written."""
    with suppress(ValueError, RecursionError):
        content = to_json(json.loads(content)).encode()
    return hashlib.sha256(content).hexdigest()


def to_json(content: Any) -> str:
    """Equal contents are equal bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _described(result: Number | Claim) -> dict[str, Any]:
    if isinstance(result, Claim):
        return {"kind": "claim", "text": result.text, "held": result.held, "n": result.n, "needed": result.needed}
    error = result.standard_error if result.digits is None else None
    shown = {"text": result.text, "value": result.value, "error": error, "n": result.n, "unit": result.unit}
    return {"kind": "number", **shown}
