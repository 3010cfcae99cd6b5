"""What the 奥付 says of this edition: how many numbers, computed when, from which commit; and the date of an article's.

The day is that of the commit, since whatever is published was computed from nothing when it was pushed: two builds of
one commit give the same bytes. Without git nothing is said.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from figures.commits import head
from figures.results import Number
from hooks.commits import last_commit
from hooks.regenerate import runs
from hooks.render import cited_experiments


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """When all pages are read, and none is written."""
    root, experiments = Path(config.config_file_path).parent, runs(config)
    here = head(root)
    numbers = sum(isinstance(result, Number) for run in experiments.values() for result in run.record.results.values())
    config.extra["colophon"] = {
        "numbers": numbers,
        "receipts": len(experiments),
        "day": here.day,
        "in_words": in_words(here.day),
        "edition": here.commit[:7] + ("（このあとの変更あり）" if here.changed else ""),
    }
    records = {name: last_commit(root, [f"figures/records/{name}.json"]) for name in experiments}
    days = {name: commit.date for name, commit in records.items() if commit is not None}
    for page in (file.page for file in files.documentation_pages()):
        cited = cited_experiments(page.content or "") & days.keys() if page else set()
        if page and cited:
            page.meta["numbers_date"] = max(days[name] for name in cited)
    return env


def in_words(date: str) -> str:
    """``2026-11-24`` as 2026年11月24日."""
    year, month, of_month = date.split("-") if date else ("", "", "")
    return f"{year}年{int(month)}月{int(of_month)}日" if date else ""
