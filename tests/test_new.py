"""A new article is on screen at once, with one cited number, and in no published site until its author says so."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from conftest import PROJECT, Site


def new(site: Site, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "figures", "new", *arguments]
    return subprocess.run(command, cwd=site.root, input=said, capture_output=True, text=True, check=False)


def test_what_is_made_runs_passes_and_builds(site: Site) -> None:
    done = new(site, "平均は正か", "mean_sign")
    assert done.returncode == 0, done.stderr
    made = ["docs/articles/mean-sign.md", "figures/experiments/mean_sign.py", "tests/test_mean_sign.py"]
    assert done.stdout.splitlines()[:3] == made
    site.good()
    assert not (site.root / "site/articles/mean-sign").exists(), "a draft was published"
    article = site.root / made[0]
    article.write_text(article.read_text(encoding="utf-8").replace("draft: true\n", ""), encoding="utf-8")
    site.good()
    page = site.html("articles/mean-sign/index.html")
    assert 'data-cite="mean_sign.mean"' in page
    assert 'data-claim="mean_sign.is_positive"' in page
    assert "<svg" in page
    shutil.copy(PROJECT / "pyproject.toml", site.root)
    passed = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", made[2]], cwd=site.root, capture_output=True, text=True, check=False
    )
    assert passed.returncode == 0, passed.stdout
    ruff = [sys.executable, "-m", "ruff", "check", "figures/experiments/mean_sign.py", made[2]]
    assert subprocess.run(ruff, cwd=site.root, check=False).returncode == 0


def test_it_asks_for_what_was_not_given(site: Site) -> None:
    done = new(site, said="平均は正か\nmean_sign\n")
    assert done.returncode == 0
    assert "# 平均は正か" in (site.root / "docs/articles/mean-sign.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("題", "Mean"), "'Mean' は使えません"),
        (("題", "../x"), "'../x' は使えません"),
        (("題", "toy"), "figures/experiments/toy.py はもうあります"),
        ((" ", "mean_sign"), "題がありません"),
    ],
)
def test_what_cannot_be_made_is_one_message_and_writes_nothing(
    site: Site, arguments: tuple[str, ...], words: str
) -> None:
    before = sorted(site.root.rglob("*"))
    done = new(site, *arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path for path in site.root.rglob("*") if "__pycache__" not in path.parts) == [
        path for path in before if "__pycache__" not in path.parts
    ]
