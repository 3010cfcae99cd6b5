"""The history of numbers: real histories of git, read as they are, whatever was committed and whoever builds."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from browser import needs_browser, served
from conftest import Site
from playwright.sync_api import Browser
from test_receipts import CONTRASTS, HOSTILE, experiment

from figures import record
from figures.record import Record
from figures.results import Claim, Figure, Number, Result, Table
from hooks.commits import SHALLOW, UNCOMMITTED
from hooks.versions import LIMIT, History, histories

WORDS = {"title": "題", "caption": "説明", "alt": "絵"}


class Repository:
    """A project that has records and nothing else; every commit is a day later than the last."""

    def __init__(self, root: Path) -> None:
        self.root, self.day = root, 0
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        when = f"2026-01-{self.day % 28 + 1:02d}T23:30:00-0900"
        environment = {**os.environ, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z"}
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", *arguments]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, check=True)
        return done.stdout.decode()

    def write(self, results: Mapping[str, Result] | str | None, name: str = "toy") -> None:
        path = self.root / f"figures/records/{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        if results is None:
            path.unlink()
        else:
            text = results if isinstance(results, str) else record.to_json(Record(name, results))
            path.write_text(text, encoding="utf-8")

    def commit(self, subject: str, results: Mapping[str, Result] | str | None, name: str = "toy") -> str:
        """Commit a record; the first digits of the hash."""
        self.write(results, name)
        self.day += 1
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty-message", "-m", subject)
        return self.git("rev-parse", "HEAD")[:7]

    def sign(self) -> None:
        """Give the last commit a signature (that is none): git then prints a line about it where it is set to."""
        head, message = self.git("cat-file", "commit", "HEAD").split("\n\n", 1)
        signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n eA==\n -----END PGP SIGNATURE-----"
        verify, signed = self.root / ".git/verify", self.root / ".git/signed"
        verify.write_text("#!/bin/sh\necho Good signature, says nobody >&2\n", encoding="utf-8")
        verify.chmod(0o755)
        signed.write_text(f"{head}\n{signature}\n\n{message}", encoding="utf-8")
        self.git("update-ref", "HEAD", self.git("hash-object", "-t", "commit", "-w", str(signed)).strip())

    def all(self) -> dict[str, History]:
        """The histories of what is there now."""
        records = (self.root / "figures/records").glob("*.json")
        return histories(self.root, {path.stem: path.read_text(encoding="utf-8") for path in records})

    def story(self, result: str = "x", name: str = "toy") -> list[tuple[str, str | None, str | None, str]]:
        """Each change: subject, before, after, remark."""
        return [
            (
                change.commit.subject or change.commit.remark,
                change.before and change.before.said,
                change.after and change.after.said,
                change.remark,
            )
            for change in self.all()[name].every.get(result, [])
        ]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


def exact(value: float) -> dict[str, Result]:
    return {"x": Number(value, "個", "数", digits=0)}


# ---------------------------------------------------------------- what changed


def test_a_change_has_its_date_commit_and_reason(repository: Repository) -> None:
    first = repository.commit("Measure", {"x": Number([1, 2, 3], "個")})
    second = repository.commit("Measure again", {"x": Number([2, 3, 4], "個")})
    [change, came] = repository.all()["toy"].changed["x"]
    assert (came.commit.date, came.commit.sha, came.commit.subject) == ("2026-01-02", first, "Measure")
    assert (change.commit.date, change.commit.sha, change.commit.subject) == ("2026-01-03", second, "Measure again")
    assert repository.story() == [
        ("Measure again", "2.0個 ±0.6", "3.0個 ±0.6", ""),
        ("Measure", None, "2.0個 ±0.6", "初めて載せた"),
    ]


def test_the_last_ten_of_more(repository: Repository) -> None:
    for value in range(14):
        repository.commit(f"{value}", exact(value))
    changed = repository.all()["toy"].changed["x"]
    assert len(changed) == LIMIT == 10
    assert [change.commit.subject for change in changed] == [f"{value}" for value in range(13, 3, -1)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Number([1, 2, 3]), Number([1, 2, 3], about="別の説明"), None),
        (Number([1, 2, 3]), Number([3, 2, 1]), ("2.0 ±0.6", "2.0 ±0.6", "表に出ない桁か、回ごとの値が変わった")),
        (Number(7, digits=0), Number(7, digits=1), ("7", "7.0", "値は同じ")),
        (Number(7, digits=0), Claim(7, ">", 0), ("7", "1/1", "")),
        (Claim([1, 2], ">", 0), Claim([1, 2], ">", 0, 0.5), ("2/2", "2/2", "読み方が変わった")),
        (Claim([1, 2], ">", 0), Claim([1, 3], ">", 0), ("2/2", "2/2", "表に出ない桁か、回ごとの値が変わった")),
        (Claim([1, 2], ">", 0), Claim([-1, 2], ">", 0, 0.5), ("2/2", "1/2", "")),
        (Table(["", "値"], {"行": ["n"]}, "説明"), Table(["", "値"], {"行": ["n"]}, "別の説明"), None),
        (Table(["", "値"], {"行": ["n"]}, "説明"), Table(["", "値"], {"行": ["m"]}, "説明"), ("表", "表", None)),
        (Figure({"a": 1}, **WORDS), Figure({"a": 1}, **{**WORDS, "caption": "別"}), None),
        (
            Figure({}, **WORDS, data_sha256="ab" * 32),
            Figure({}, **WORDS, data_sha256="cd" * 32),
            ("図 abababab", "図 cdcdcdcd", ""),
        ),
    ],
)
def test_what_counts_as_a_change(
    repository: Repository, before: Result, after: Result, told: tuple[str, str, str | None] | None
) -> None:
    repository.commit("one", {"x": before, "other": Number(1, digits=0)})
    repository.commit("two", {"x": after, "other": Number(1, digits=0)})
    assert len(repository.story("other")) == 1
    story = repository.story()
    assert len(story) == (1 if told is None else 2)
    if told:
        assert story[0][:3] == ("two", *told[:2])
        assert story[0][3] == told[2] or (told[2] is None and story[0][3])


def test_a_renamed_result_is_one_that_went_and_one_that_came(repository: Repository) -> None:
    repository.commit("one", {"x": Number(1, digits=0), "y": Number(2, digits=0)})
    repository.commit("two", {"z": Number(1, digits=0), "y": Number(2, digits=0)})
    assert repository.story("x") == [("two", "1", None, "載せるのをやめた"), ("one", None, "1", "初めて載せた")]
    assert repository.story("z") == [("two", None, "1", "初めて載せた")]
    repository.commit("three", {"x": Number(3, digits=0), "y": Number(2, digits=0)})
    assert repository.story("x")[0] == ("three", None, "3", "また載せた")
    history = repository.all()["toy"]
    assert list(history.changed) == ["x"]
    assert list(history.steady.values()) == [["y"]]
    assert [(commit.subject, names) for commit, names in history.retired.items()] == [("three", ["z"])]


def test_what_is_not_committed_says_so(repository: Repository) -> None:
    both = {"x": Number(1, digits=0), "y": Number(1, digits=0)}
    repository.commit("one", both)
    assert len(repository.story()) == 1
    repository.write({"x": Number(2, digits=0), "z": Number(1, digits=0)})
    assert repository.story()[0] == (UNCOMMITTED, "1", "2", "")
    assert repository.story("y")[0] == (UNCOMMITTED, "1", None, "載せるのをやめた")
    assert repository.story("z") == [(UNCOMMITTED, None, "1", "初めて載せた")]
    repository.write(both, "new")
    assert repository.story("x", "new") == [(UNCOMMITTED, None, "1", "初めて載せた")]


def test_an_experiment_that_went_is_still_told(repository: Repository) -> None:
    repository.commit("one", exact(1), "old")
    repository.commit("two", exact(5))
    repository.commit("Nobody asked", None, "old")
    found = repository.all()
    assert set(found) == {"old", "toy"}
    assert [(commit.subject, names) for commit, names in found["old"].retired.items()] == [("Nobody asked", ["x"])]
    assert found["old"].last("x").said == "1個"


# ---------------------------------------------------------------- old and odd records


def test_a_record_of_an_older_form_is_read_as_it_stands(repository: Repository) -> None:
    results = {"x": Number([1000, 2000], "円"), "c": Claim([1, 2], ">", 0)}
    text = record.to_json(Record("toy", results)).replace("1,500円", "1500円")
    old = re.sub(r' +"(margin|version)".*\n', "", text)
    assert '"margin"' in text
    assert '"margin"' not in old
    repository.commit("old", old)
    repository.commit("new", results)
    assert repository.story()[0] == ("new", "1500円 ±500", "1,500円 ±500", "値は同じ")
    assert len(repository.story("c")) == 1  # no margin is a margin of 0


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"results": {"x": {"kind": "?"}}}', "<<<<<<< HEAD\n", "[" * 10**5])
def test_a_version_that_is_no_record_is_passed_over(repository: Repository, torn: str) -> None:
    repository.commit("one", exact(1))
    repository.commit("torn", torn)
    repository.commit("two", exact(2))
    repository.commit("torn again", torn)
    assert repository.all()["toy"].unread == 2
    repository.write(exact(2))
    assert repository.story() == [("two", "1個", "2個", ""), ("one", None, "1個", "初めて載せた")]


def test_what_could_have_no_receipt_has_none(repository: Repository) -> None:
    for name in ("index", "not a name", "deeper/index"):
        repository.commit(name, exact(1), name)
    (repository.root / "figures/records/notes.txt").write_text("x", encoding="utf-8")
    repository.commit("two", exact(1))
    for name in ("index", "not a name"):
        (repository.root / f"figures/records/{name}.json").unlink()
    assert set(repository.all()) == {"toy"}


@pytest.mark.parametrize("subject", ["", ":100644 100644 a b M", "a\tb 'c' \"d\" 円 <b>", "deadbeef 2026-01-01 x"])
def test_any_subject_is_a_reason(repository: Repository, subject: str) -> None:
    repository.commit(subject, exact(1))
    repository.commit("two", exact(2))
    [_, came] = repository.all()["toy"].every["x"]
    assert came.commit.subject == subject


# ---------------------------------------------------------------- histories of git


def test_a_change_on_a_branch_is_compared_with_its_own_parent(repository: Repository) -> None:
    repository.day = 20
    repository.commit("one", exact(1))
    repository.git("checkout", "-q", "-b", "side")
    repository.day = 0  # by a clock that was wrong
    repository.commit("on the side", exact(2))
    repository.git("checkout", "-q", "main")
    repository.day = 22
    repository.commit("meanwhile", {"y": Number(7, digits=0)}, "other")
    repository.git("merge", "-q", "--no-edit", "side")
    assert [line[:3] for line in repository.story()] == [("on the side", "1個", "2個"), ("one", None, "1個")]
    assert [line[0] for line in repository.story("y", "other")] == ["meanwhile"]


def test_a_merge_that_had_to_decide_is_a_change(repository: Repository) -> None:
    repository.commit("one", exact(1))
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("on the side", exact(2))
    repository.git("checkout", "-q", "main")
    repository.commit("meanwhile", exact(3))
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "--no-edit", "side")
    repository.commit("Decide", exact(4))
    lines = repository.story()
    assert lines[0] == ("Decide", "3個", "4個", "")
    assert sorted(line[:3] for line in lines[1:3]) == [("meanwhile", "1個", "3個"), ("on the side", "1個", "2個")]


def test_a_project_inside_of_another_repository(tmp_path: Path) -> None:
    outer = Repository(tmp_path / "outer")
    outer.commit("not this one", exact(9))
    inner = outer.root / "inner"
    shutil.copytree(outer.root / "figures", inner / "figures")
    outer.commit("copied", exact(8))
    [change] = histories(inner, {"toy": (inner / "figures/records/toy.json").read_text(encoding="utf-8")})["toy"].every[
        "x"
    ]
    assert (change.commit.subject, change.after and change.after.said) == ("copied", "9個")


SETTINGS = {
    "log.showSignature": "true",
    "log.showRoot": "false",
    "gpg.program": "./.git/verify",
    "log.follow": "true",
    "log.mailmap": "true",
    "log.date": "relative",
    "log.decorate": "full",
    "log.abbrevCommit": "true",
    "log.diffMerges": "separate",
    "core.quotePath": "true",
    "core.abbrev": "12",
    "color.ui": "always",
    "diff.renames": "copies",
    "diff.relative": "true",
    "diff.noprefix": "true",
    "diff.wsErrorHighlight": "all",
    "format.pretty": "fuller",
    "i18n.logOutputEncoding": "EUC-JP",
}


def test_no_setting_of_who_builds_changes_the_history(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit("一つめ", exact(1))
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("よこ", exact(2), "名前")
    repository.git("checkout", "-q", "main")
    repository.commit("ふたつめ", exact(3))
    repository.git("merge", "-q", "--no-edit", "side")
    repository.git("mv", "figures/records/名前.json", "figures/records/新名.json")
    repository.commit("移した", exact(3))
    repository.sign()
    plain = repository.all()
    assert [line[0] for line in repository.story("x", "名前")] == ["移した", "よこ"]
    assert [line[0] for line in repository.story()] == ["ふたつめ", "一つめ"]
    for key, value in SETTINGS.items():
        repository.git("config", key, value)
    for key, value in {"TZ": "Asia/Tokyo", "LC_ALL": "C", "GIT_DIR": "/nowhere", "GIT_PAGER": "false"}.items():
        monkeypatch.setenv(key, value)
    assert repository.all() == plain


def test_without_a_whole_history_there_is_a_sentence(repository: Repository, tmp_path: Path) -> None:
    repository.write(exact(1))
    assert repository.story() == [(UNCOMMITTED, None, "1個", "初めて載せた")]  # a repository without a commit
    repository.commit("one", exact(1))
    repository.commit("two", exact(2))
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth=1", repository.root.as_uri(), str(clone))
    now = {"toy": record.to_json(Record("toy", exact(2)))}
    assert histories(clone, now) == {"toy": History(SHALLOW)}
    assert histories(tmp_path, now) == {"toy": History("gitの履歴がないので、書けません")}
    for pack in (repository.root / ".git/objects").glob("??/*"):
        pack.chmod(0o600)
        pack.write_bytes(b"torn")
    assert histories(repository.root, now) == {"toy": History("gitの履歴を読めないので、書けません")}


# ---------------------------------------------------------------- pages


def built(site: Site) -> Repository:
    """The repository of a site, with what a first build made in it."""
    shutil.rmtree(site.root / "figures/records", ignore_errors=True)
    (site.root / ".gitignore").write_text(".cache/\nsite/\n__pycache__/\n", encoding="utf-8")
    site.good()
    repository = Repository(site.root)
    commit_all(repository, "Measure <toys> & more")
    return repository


def commit_all(repository: Repository, subject: str) -> str:
    repository.day += 1
    repository.git("add", "-A")
    repository.git("commit", "-qm", subject)
    return repository.git("rev-parse", "HEAD")[:7]


def section(page: str, key: str) -> str:
    """What stands under a heading, without marks of HTML."""
    text = page.partition(f'id="{key}"')[2].partition("<h2")[0]
    return html.unescape(" ".join(re.sub("<[^>]*>", " ", f"<{text}").split()))


def test_a_receipt_tells_what_its_numbers_said(site: Site) -> None:
    repository = built(site)
    first = repository.git("rev-parse", "HEAD")[:7]
    site.good()
    told = section(site.html("receipts/toy/index.html"), "receipt.history")
    assert told == (
        f"数字の履歴 どの結果も、初めて載せたときから変わっていません。 2026-01-02 {first} Measure <toys> & more"
    )
    site.edit("figures/data/base.txt", "1.0", "2.0")
    site.good()
    second = commit_all(repository, "Another base")
    site.good()
    page = site.html("receipts/toy/index.html")
    [(result, changes)] = re.findall(r'<details data-history="toy.(.*?)">(.*?)</details>', page, re.DOTALL)[:1]
    told = html.unescape(" ".join(re.sub("<[^>]*>", " ", changes).split()))
    assert (result, told) == (
        "mean",
        f"平均 26.0個 ±1.4 → 28.0個 ±1.4 2026-01-03 {second} Another base"
        f" 26.0個 ±1.4 （初めて載せた） 2026-01-02 {first} Measure <toys> & more",
    )
    told = section(page, "receipt.history")
    assert f"初めて載せたままの結果 2個 2026-01-02 {first} Measure <toys> & more 決めた数 ／ 表の説明。" in told
    assert "receipt.retired" not in page
    site.edit("figures/data/base.txt", "2.0", "3.0")
    site.good()
    told = section(site.html("receipts/toy/index.html"), "receipt.history")
    assert "平均 28.0個 ±1.4 → 30.0個 ±1.4 まだコミットしていません 26.0個" in told


def test_a_retired_result_keeps_its_anchor_and_no_article_may_count_on_it(site: Site) -> None:
    repository = built(site)
    site.edit("figures/experiments/toy.py", '"exact": Number(OFFSET, "人", "決めた数", digits=0),', "")
    site.good()
    sha = commit_all(repository, "Nobody read it")
    site.good()
    page = site.html("receipts/toy/index.html")
    ids = re.findall(r' id="(.*?)"', page)
    assert {"exact", "receipt.retired"} <= set(ids)
    assert len(ids) == len(set(ids))
    told = section(page, "receipt.retired")
    assert told.endswith(f"2026-01-03 {sha} Nobody read it 決めた数 exact 10人")
    site.page("# 題\n\n[前の値](receipts/toy.md#exact)\n")
    assert "#exact" in site.bad()


def test_an_experiment_that_went_keeps_its_page(site: Site) -> None:
    old = '{"x": Number([1, 2, 3, 4], "個", "古い数"), "c": Claim(1, ">", 0)}\n\n\n'
    falsify = 'def falsify(seeds):\n    return {"c": Claim(0, ">", 0)}'
    site.write("figures/experiments/old.py", experiment(old + falsify))
    repository = built(site)
    for path in ("experiments/old.py", "records/old.json"):
        (site.root / "figures" / path).unlink()
    sha = commit_all(repository, HOSTILE)
    site.good()
    page = site.html("receipts/old/index.html")
    assert {"x", "c"} <= set(re.findall(r'<tr id="(.*?)"', page))
    text = html.unescape(" ".join(re.sub("<[^>]*>", " ", page).split()))
    assert f"2026-01-03 {sha} {HOSTILE} 古い数 x 2.5個 ±0.6 c 1/1" in text
    assert "<script>alert" not in page
    assert '<a href="old/"><code>old</code></a>' in site.html("receipts/index.html")
    assert not (site.root / "site/receipts/old.csv").exists()
    assert "receipts/old" not in site.html("search/search_index.json")
    site.page("# 題\n\n{{ old.x }}\n")
    assert "'old' という実験はありません" in site.bad()


def test_a_shallow_clone_builds_and_says_why_there_is_no_history(site: Site, tmp_path: Path) -> None:
    repository = built(site)
    site.write("docs/more.md", "# 別\n")
    commit_all(repository, "two")
    repository.git("clone", "-q", "--depth=1", repository.root.as_uri(), str(tmp_path / "clone"))
    clone = Site(tmp_path / "clone")
    clone.good()
    assert section(clone.html("receipts/toy/index.html"), "receipt.history") == f"数字の履歴 {SHALLOW}。"
    shutil.rmtree(clone.root / ".git")
    clone.good()
    told = section(clone.html("receipts/toy/index.html"), "receipt.history")
    assert told == "数字の履歴 gitの履歴がないので、書けません。"


def test_two_builds_of_a_history_are_equal(site: Site) -> None:
    def pages() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in (site.root / "site/receipts").rglob("*") if path.is_file()}

    site.write("figures/experiments/old.py", experiment('{"x": Number(1, digits=0), "y": Number(1, digits=0)}'))
    repository = built(site)
    (site.root / "figures/experiments/old.py").unlink()
    (site.root / "figures/records/old.json").unlink()
    site.edit("figures/data/base.txt", "1.0", "2.0")
    site.good()
    commit_all(repository, "二つめ")
    site.good(TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="1")
    first = pages()
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "core.quotePath", "true")
    site.good(TZ="America/Adak", LC_ALL="C.UTF-8", PYTHONHASHSEED="2")
    assert pages() == first


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_history_is_readable_and_never_scrolls_sideways(site: Site, browser: Browser, scheme: str) -> None:
    long, word = "とても長い題を持つ、いくつもの言葉からできた量", "averylongwordthatdoesnotbreakbyitselfanywhereatall"
    body = f"""{{
        "x": Number([float((Path(__file__).parent.parent / "data/base.txt").read_text())] * 4, "個", "{long}{word}"),
        {word[:40]!r}: Number([12345678, 12345679, 22345678, 32345678], "個", "{long}"),
    }}"""
    site.write("figures/experiments/wide.py", experiment(body).replace("from", "from pathlib import Path\nfrom", 1))
    repository = built(site)
    site.edit("figures/data/base.txt", "1.0", "0.00012345678")
    site.edit("figures/experiments/wide.py", f"{word[:40]!r}", "'kept'")
    site.good()
    commit_all(repository, f"{long}{word}")
    site.write("figures/experiments/wide.py", experiment('{"other": Number(1, digits=0)}'))
    site.good()
    commit_all(repository, f"{word} {long}")
    site.edit("figures/experiments/wide.py", '"other"', '"x": Number(2, "個", digits=0), "other"')
    site.good()
    page = browser.new_context(color_scheme=scheme).new_page()  # type: ignore[arg-type]
    with served(site.root / "site") as address:
        for width in (340, 360, 768, 1000, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{address}receipts/wide/#kept", wait_until="networkidle")
            page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
            assert page.locator(".change").count() >= 5
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            outside = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)"
            assert page.eval_on_selector_all(".history, .change, .commit, .retired", outside) == [], width
            assert [item for item in page.evaluate(CONTRASTS) if item[1] < 7 or item[2] < 12] == []
        marked = page.eval_on_selector("[id='kept']", "e => getComputedStyle(e).boxShadow")
        assert marked != "none"
