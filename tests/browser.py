"""Chromium, and a site for it to open; without Chromium or axe-core the tests of pages are skipped and say what to do.

These two and textlint's (test_prose.py) are the only skips of the suite, for a machine that has no Debian or no npm.
``.ci/run`` sets REQUIRE_BROWSER, and then the tests fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.page.npm import AXE
from tests.servers import serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"),
    reason="画面のテストを飛ばしました。Chromiumを入れると走ります（Debian: apt-get install chromium fonts-noto-cjk）",
)

needs_axe = pytest.mark.skipif(
    not AXE.exists() and not os.environ.get("REQUIRE_BROWSER"),
    reason="axe-coreのテストを飛ばしました。npm ci --prefix tests/page を打つと走ります",
)


@contextmanager
def started() -> Iterator[Browser]:
    """Chromium, without a window and without calls home."""
    assert CHROMIUM, "there is no Chromium"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder behind an address of its own on this machine."""
    with serving(partial(_Quiet, directory=str(folder))) as address:
        yield address
