"""Which instrument looks at which page, how often, and what counts as a broken budget."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser

from figures.bench.rows import Row
from tests.browser import started

from . import axe, figure, lighthouse, maths, policy, visit
from .serve import Host, served

PAGES = {
    "home": "",
    "article": "articles/l1-vs-l2/",
    "glossary": "glossary/weight-decay/",
    "receipt": "receipts/l1_vs_l2/",
    "404": "no/such/page/",
}
SCORED = ("home", "article", "glossary", "receipt")  # Lighthouse refuses a page with status 404
# Speed depends on the machine and on what else it does: in CI a page fails only where it stops to be "good" in
# Lighthouse's own words, which no load explains. All else is a property of the page, and the goal is the budget.
FLOORS = {"performance": Row("", "", None, 90), "lcp": Row("", "", None, 2.5, at_most=True)}


def measure(site: Path, runs: int) -> list[Row]:
    """Return all rows; ``runs`` is how often Lighthouse takes each page.

    One run that breaks a floor of speed is followed by two more, and the median of the three counts.
    """
    with served(site) as host:
        with started() as browser:
            found = [row for name, path in PAGES.items() for row in _seen(browser, host, name, path)]
            found.append(maths.row(browser, "article", host.url + PAGES["article"]))
        found.append(figure.row(site))
        for name in SCORED:
            for form in lighthouse.FORMS:
                found += _scored(host, name, form, runs)
    return found


def _seen(browser: Browser, host: Host, name: str, path: str) -> Iterator[Row]:
    _say(f"{name}: バイト、CSP、axe")
    yield from visit.rows(name, visit.first_visit(browser, host, path))
    yield from policy.rows(browser, name, host.url + path)
    for form in axe.SIZES:
        for theme in axe.THEMES:
            yield axe.row(name, form, theme, axe.violations(browser, host.url + path, form, theme))


def _scored(host: Host, name: str, form: str, runs: int) -> list[Row]:
    _say(f"{name} {form}: Lighthouse {runs}回")
    reports = [lighthouse.run(host.url + PAGES[name], form) for _ in range(runs)]
    rows = lighthouse.rows(name, form, reports)
    if runs == 1 and any(_timed(row) and not within(row) for row in rows):
        reports += [lighthouse.run(host.url + PAGES[name], form) for _ in range(2)]
        rows = lighthouse.rows(name, form, reports)
    return rows


def within(row: Row) -> bool:
    """Whether a row keeps its budget: its floor where it is a matter of time, else its goal."""
    return replace(FLOORS[_kind(row)], value=row.value).met if _timed(row) else row.met


def _timed(row: Row) -> bool:
    return _kind(row) in FLOORS


def _kind(row: Row) -> str:
    return row.name.rpartition(".")[2]


def _say(line: str) -> None:
    print(line, file=sys.stderr)
