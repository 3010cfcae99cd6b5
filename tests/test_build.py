"""A build by the real hooks: what comes out is right, what is wrong stops it, and the good site stays."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Lab, Site

POST = """
    ---
    date: 2026-11-20
    slug: post
    title: 値は{{ toy.mean }}
    description: 平均{{ toy.mean }}の話
    authors: [takaoka]
    ---

    # 記事

    出だしは{{ toy.mean }}です。[大きい]{{ toy.is_large }}と言えます。

    <!-- more -->

    続きの{{ toy.exact }}。
"""
CITED = re.compile(r'<data[^>]*data-cite="toy\.mean"[^>]*>([^<]*)</data>')


def content(site: Site, folder: str = "site") -> dict[str, str]:
    root = site.root / folder
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize(
    ("path", "old", "new", "printed"),
    [
        ("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = 20", "46.0個"),
        ("figures/models/factor.py", "FACTOR = 2", "FACTOR = 3", "39"),
        ("figures/data/base.txt", "1.0", "2.0", "28.0個"),
    ],
)
def test_an_edit_is_on_the_page_after_the_next_build(site: Site, path: str, old: str, new: str, printed: str) -> None:
    before = CITED.findall(site.good())
    site.edit(path, old, new)
    after = CITED.findall(site.good())
    assert before != after
    assert after[0].startswith(printed)


def test_a_build_with_nothing_changed_runs_nothing_and_imports_neither_numpy_nor_matplotlib(site: Site) -> None:
    site.edit("figures/experiments/toy.py", "from pathlib", "import numpy\nfrom pathlib")
    site.good()
    command = [sys.executable, "-X", "importtime", "-m", "mkdocs", "build", "-v"]
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "markdown" in imported
    assert imported.isdisjoint({"numpy", "matplotlib"})
    assert "実験 toy" not in done.stderr


def test_prose_and_css_run_nothing(site: Site) -> None:
    site.good()
    site.page("# 別の見出し\n\n今度は {{ toy.exact }} です。\n")
    site.write("docs/assets/extra.css", "body { color: red }\n")
    done = site.build("-v")
    assert done.returncode == 0
    assert "実験 toy" not in done.stderr
    assert "10人" in site.html()


def test_without_the_cache_the_site_is_the_same(site: Site) -> None:
    site.good()
    before = content(site)
    shutil.rmtree(site.root / ".cache")
    site.good()
    assert content(site) == before


def test_a_rebuild_leaves_git_status_clean(site: Site) -> None:
    shutil.copy(Path(__file__).parent.parent / ".gitignore", site.root)
    site.good()

    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
        return subprocess.run(
            ["git", *identity, *arguments], cwd=site.root, capture_output=True, text=True, check=True
        ).stdout

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "all")
    shutil.rmtree(site.root / ".cache")
    site.good()
    assert git("status", "--porcelain") == ""


def test_posts_excerpts_titles_and_descriptions_cite(site: Site) -> None:
    site.write("docs/articles/post.md", POST)
    home = site.good()
    article = site.html("articles/post/index.html")
    assert "<title>値は26.0個" in article
    assert '<meta name="description" content="平均26.0個の話">' in article
    assert CITED.findall(article)[0] == CITED.findall(home)[0] == "26.0個"
    assert 'data-claim="toy.is_large"' in home
    assert "10人" not in home
    assert 'href="/receipts/toy/#mean"' in article
    assert 'id="mean"' in site.html("receipts/toy/index.html")


def test_a_base_path_is_in_every_link_to_a_receipt(site: Site) -> None:
    assert 'href="/blog/receipts/toy/#mean"' in site.good(SITE_URL="https://example.invalid/blog/")


def test_the_receipt_holds_every_value_of_every_seed(site: Site) -> None:
    site.good()
    rows = site.html("receipts/toy.csv").splitlines()
    assert [row.split(",")[5] for row in rows if row.startswith("mean,")] == ["22", "24", "26", "28", "30"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# 題\n\n値は{{ toy.maen }}。\n", 3, "'mean' のことですか?"),
        ("# 題 {{ toy.mean }}\n", 1, "見出しに"),
        ("# 題\n\n数式 $\\foo{x}$ です。\n", 3, "\\foo という命令は使えません"),
        ("---\ntitle: 値は{{ toy.maen }}\n---\n\n# 題\n", 2, "'mean' のことですか?"),
        ("---\ntitle: 題\n---\n\n# 題\n\n{{ toy.mean }}\n", 7, "'toy.mean' は数字です"),
    ],
)
def test_a_wrong_page_stops_the_build_and_the_good_site_stays(site: Site, text: str, line: int, words: str) -> None:
    site.good()
    before = content(site)
    site.page(text)
    said = site.bad()
    assert f"docs/index.md:{line}: " in said
    assert words in said
    assert content(site) == before
    assert [path.name for path in site.root.iterdir() if "staging" in path.name] == []


def test_all_problems_of_all_pages_come_at_once(site: Site) -> None:
    site.page("# 題\n\n{{ toy.one_ }}と{{ toy.two_ }}\n\n[x]{{ toy.mean }}\n")
    site.page("# 別\n\n値は{{ toy.three_ }}\n", "docs/other.md")
    said = site.bad()
    assert re.findall(r"docs/(\w+)\.md:(\d+)", said) == [("index", "3"), ("index", "3"), ("index", "5"), ("other", "3")]


@pytest.mark.parametrize(
    ("old", "new", "line", "words", "cited"),
    [
        ("values = [", "values = 1 / 0 or [", 13, "ZeroDivisionError", 3),
        ("OFFSET = 10", "OFFSET = float('nan')", 15, "nan は結果にできません", 3),
        ('">", 1, about', '">", 99, about', 17, "'is_large' が成り立ちません", 5),
    ],
)
def test_a_failing_experiment_names_its_line_and_the_article(
    site: Site, old: str, new: str, line: int, words: str, cited: int
) -> None:
    site.page("# 題\n\n値は{{ toy.mean }}。\n\n[大きい]{{ toy.is_large }}\n")
    site.good()
    before = content(site)
    site.edit("figures/experiments/toy.py", old, new)
    said = site.bad()
    assert f"figures/experiments/toy.py:{line}: " in said
    assert words in said
    assert f"引用している記事: docs/index.md:{cited}" in said
    assert content(site) == before


def test_a_warning_publishes_nothing(site: Site) -> None:
    site.good()
    before = content(site)
    site.page("# 題\n\n[どこにもない](nowhere.md)\n")
    site.bad()
    assert content(site) == before


def test_a_changed_number_rewrites_the_record_here_and_stops_ci(site: Site) -> None:
    site.good()
    site.edit("figures/data/base.txt", "1.0", "2.0")
    said = site.bad(ci=True)
    assert "toy.mean: 26.0個 ±1.4 → 28.0個 ±1.4" in said
    record = site.root / "figures/records/toy.json"
    assert json.loads(record.read_text(encoding="utf-8"))["results"]["mean"]["text"] == "26.0個"
    site.good()
    assert json.loads(record.read_text(encoding="utf-8"))["results"]["mean"]["text"] == "28.0個"
    assert site.build(ci=True).returncode == 0


def test_a_missing_record_and_a_ghost_stop_ci(site: Site) -> None:
    assert "toy.mean: （なし） → 26.0個" in site.bad(ci=True)
    site.good()
    site.write("figures/records/ghost.json", "{}")
    assert "ghost: 実験がないのに記録があります" in site.bad(ci=True)
    site.good()
    assert not (site.root / "figures/records/ghost.json").exists()


def test_verify_compares_with_a_run_from_nothing(lab: Lab) -> None:
    def verify() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "figures", "verify"]
        return subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=False)

    lab.update()
    assert verify().returncode == 0
    record = lab.root / "figures/records/toy.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"26.0個"', '"27.0個"'), encoding="utf-8")
    done = verify()
    assert done.returncode == 1
    assert "記録と違います" in done.stdout
