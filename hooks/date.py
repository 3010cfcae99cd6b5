"""Dates in the sitemap are the author's, not the day of the build: two builds of one commit give the same bytes.

A page without a date of its own (home, receipts) gets that of the newest article.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

BEFORE_ALL = "1980-01-01"  # the first day that a ZIP or gzip header of any system can hold


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """When all pages are read and none is written."""
    pages = [file.page for file in files.documentation_pages() if file.page is not None]
    newest = max((last_change(page) for page in pages), default="") or BEFORE_ALL
    for page in pages:
        page.update_date = last_change(page) or newest
    return env


def last_change(page: Page) -> str:
    """The latest date of the page's front matter, ``YYYY-MM-DD``, or ''."""
    date = page.meta.get("date")
    dates = date.values() if isinstance(date, Mapping) else [date]
    return max((str(day)[:10] for day in dates if isinstance(day, datetime.date)), default="")
