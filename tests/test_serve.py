"""`mkdocs serve` under an author's hands: right after one rebuild, no hang, no loop, and errors on the page."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from conftest import Site

PATIENCE = 40.0  # seconds for a machine under load; a rebuild takes about one


class Preview:
    """A running `mkdocs serve`."""

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        self.log = (site.root.parent / "serve.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
            cwd=site.root,
            env={k: v for k, v in os.environ.items() if k != "CI"},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.url = ""
        self.wait(lambda: "Serving on" in self.said())
        self.url = re.findall(r"Serving on (\S+)", self.said())[0]

    def said(self) -> str:
        return (self.site.root.parent / "serve.log").read_text(encoding="utf-8")

    def builds(self) -> int:
        return self.said().count("Building documentation...")

    def get(self, path: str = "") -> str:
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
                text: str = answer.read().decode()
                return text
        except urllib.error.HTTPError as error:
            return f"HTTP status {error.code}"  # not the digits alone: the reload script's clock may hold them
        except (urllib.error.URLError, ConnectionError):  # it is starting again
            return ""

    def wait(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def see(self, words: str, path: str = "") -> None:
        self.wait(lambda: words in self.get(path))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.log.close()


@pytest.fixture
def preview(site: Site) -> Iterator[Preview]:
    running = Preview(site, 8123)
    yield running
    running.stop()


def test_every_edit_is_on_the_page_after_one_rebuild(preview: Preview) -> None:
    site = preview.site
    preview.see("26.0個")
    nav = "nav: [index.md, 目次での名: other.md]\n\nplugins:"
    edits: list[tuple[Callable[[], None], str, str]] = [
        (lambda: site.edit("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = 20"), "46.0個", ""),
        (lambda: site.edit("figures/models/double.py", "FACTOR * x", "FACTOR * x + 1"), "47.0個", ""),
        (lambda: site.edit("figures/models/factor.py", "FACTOR = 2", "FACTOR = 1"), "24.0", ""),
        (lambda: site.edit("figures/data/base.txt", "1.0", "2.0"), "25.0", ""),
        (lambda: site.page("# 新しい題\n\n{{ toy.exact }}です。\n"), "新しい題", ""),
        (lambda: site.edit("mkdocs.yml", "site_name: 重みを減らす", "site_name: 別の名前"), "別の名前", ""),
        (lambda: site.page("# 別の頁\n\n{{ toy.mean }}です。\n", "docs/other.md"), "25.0", "other/"),
        (lambda: site.edit("mkdocs.yml", "plugins:", nav), "<title>目次での名", "other/"),
        (lambda: site.edit("mkdocs.yml", nav, "plugins:"), "<title>別の頁", "other/"),
        ((site.root / "docs/other.md").unlink, "HTTP status 404", "other/"),
    ]
    for edit, words, path in edits:
        before = preview.builds()
        assert words not in preview.get(path)
        edit()
        preview.see(words, path)
        time.sleep(1.2)  # long enough for a loop to show
        assert preview.builds() == before + 1


def test_prose_runs_no_experiment(preview: Preview) -> None:
    before = preview.said().count("実験 toy")
    preview.site.page("# 別の題\n")
    preview.see("別の題")
    assert preview.said().count("実験 toy") == before


def test_broken_and_mended_ten_times(preview: Preview) -> None:
    site = preview.site
    for turn in range(10):
        if turn % 2:
            site.page("# 題\n\n値は{{ toy.maen }}。\n")
            preview.see("docs/index.md:3: ")
        else:
            site.edit("figures/experiments/toy.py", "values = [", "values = 1 / 0 or [")
            preview.see("figures/experiments/toy.py:13: ")
        page = preview.get()
        assert 'id="build-error"' in page
        assert "→" in page
        assert re.search(r'data-cite="toy.mean"', page), "the last good page is not shown"
        if turn % 2 == 0:
            site.edit("figures/experiments/toy.py", "values = 1 / 0 or [", "values = [")
            site.edit("figures/experiments/toy.py", "OFFSET = 1", "OFFSET = 11" if turn == 0 else "OFFSET = 1")
        site.page(f"# 題{turn}\n\n値は{{{{ toy.mean }}}}。\n")
        preview.see(f"題{turn}")
        preview.wait(lambda: 'id="build-error"' not in preview.get())  # it goes a moment after the exchange
        assert f">{site.text('toy.mean')}</data>" in preview.get()
    assert "Traceback" not in preview.said()


def test_an_edit_of_a_hook_starts_again(preview: Preview) -> None:
    preview.site.edit("hooks/render.py", '"class": "cite"', '"class": "cite edited"')
    preview.see('class="cite edited"')


def test_a_taken_port_is_passed_over(preview: Preview, site: Site) -> None:
    second = Preview(site, 8123)
    try:
        assert second.url != preview.url
        assert "26.0個" in second.get()
        assert "使われているので" in second.said()
    finally:
        second.stop()


def test_two_builds_beside_it_are_never_torn(preview: Preview) -> None:
    """10 rounds of one edit, two builds and the preview at once, while a reader looks at the site."""
    site = preview.site
    site.good()
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    author = {key: value for key, value in os.environ.items() if key != "CI"}
    looks = 0
    for turn in range(10):
        known = {26 + 2 * turn, 28 + 2 * turn}
        site.edit("figures/data/base.txt", f"{turn + 1}.0", f"{turn + 2}.0")
        running = [
            subprocess.Popen(command, cwd=site.root, env=author, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        while any(process.poll() is None for process in running):
            page = site.html()
            assert page.rstrip().endswith("</html>")
            assert {float(value) for value in re.findall(r'data-cite="toy.mean">([\d.]+)個<', page)} <= known
            looks += 1
            time.sleep(0.01)
        assert [process.wait() for process in running] == [0, 0]
        assert f">{28 + 2 * turn}.0個</data>" in site.html()
        preview.see(f">{28 + 2 * turn}.0個</data>")
        assert 'id="build-error"' not in preview.get()
        assert [path.name for path in site.root.iterdir() if "staging" in path.name] == []
    assert looks > 100


def test_a_draft_is_shown_with_a_banner(preview: Preview) -> None:
    command = [sys.executable, "-m", "figures", "new", "下書きの題", "draft_here"]
    subprocess.run(command, cwd=preview.site.root, check=True, capture_output=True)
    preview.see("下書きです。", "articles/draft-here/")
    assert 'data-cite="draft_here.mean"' in preview.get("articles/draft-here/")
