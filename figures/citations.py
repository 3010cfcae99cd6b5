"""Where the pages cite results: the laboratory reads the Markdown for ``{{ experiment.result }}``, and nothing else.

A result is in use if a page cites it, if a cited table shows it, or if the caption or alt text of a cited figure does.
Citations in code samples count as well: for what this is used (what to look at again, what nobody would miss) a mention
too many does no harm.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from figures.record import Record
from figures.results import Figure, Table

CITATION = re.compile(r"\{\{\s*([^\s{}]+)\s*\}\}")


def places(root: Path) -> dict[str, list[str]]:
    """Return for each citation where it stands, as ``docs/articles/name.md:line`` in the order of the files."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for page in sorted(path for path in (root / "docs").rglob("[!.]*.md") if path.is_file()):
        for number, line in enumerate(page.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for match in CITATION.finditer(line):
                if not line[: match.start()].endswith("\\"):
                    found[match[1]].append(f"{page.relative_to(root).as_posix()}:{number}")
    return dict(found)


def shown_by(citation: str, records: Mapping[str, Record]) -> list[str]:
    """Return the other results that a cited table or figure shows."""
    experiment, _, name = citation.partition(".")
    result = records[experiment].results.get(name) if experiment in records else None
    if isinstance(result, Table):
        return [f"{experiment}.{cell}" for cells in result.rows.values() for cell in cells]
    if isinstance(result, Figure):
        return CITATION.findall(result.caption) + CITATION.findall(result.alt)
    return []


def all_places(root: Path, records: Mapping[str, Record]) -> dict[str, list[str]]:
    """``places``, and those of a table or figure for what it shows."""
    found = places(root)
    for citation, where in list(found.items()):
        for shown in shown_by(citation, records):
            found[shown] = [*found.get(shown, []), *(place for place in where if place not in found.get(shown, []))]
    return found


def unused(root: Path, records: Mapping[str, Record]) -> list[str]:
    """Return the results that no page shows, as ``experiment.result``."""
    found = all_places(root, records)
    every = (f"{name}.{key}" for name, record in records.items() for key in record.results)
    return [citation for citation in every if citation not in found]
