"""What changed since another revision, in real repositories: the table, and claims that turned behind a page's back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from browser import served
from conftest import PROJECT, Lab

from figures import drift
from figures.changes import Change
from figures.errors import FiguresError
from figures.results import Claim, Number

HEAD = "| 数字 | 前 | いま | 標準誤差の何倍 | 引用している記事 |"
TOY = "figures/experiments/toy.py"
CLAIM = 'Claim(values, ">", 1, about="1より大きい")'
FALSE = 'Claim([0 for _ in seeds], ">", 1)'
# What makes the claim another one that is true as well.
TURNS = {
    "reversed": [(CLAIM, 'Claim([-v for v in values], "<", 1)'), (FALSE, 'Claim([1 for _ in seeds], "<", 1)')],
    "weaker": [(CLAIM, 'Claim(values, ">=", 1)'), (FALSE, 'Claim([0 for _ in seeds], ">=", 1)')],
    "loosened": [(CLAIM, 'Claim(values, ">", 1, 0.5)'), (FALSE, 'Claim([0 for _ in seeds], ">", 1, 0.5)')],
    "fewer seeds": [("range(5)", "range(4)")],
    "exchanged": [('values, ">", 1, about="1より大きい"', '99, ">", values, about="99より小さい"')],
    "gone": [(f'        "is_large": {CLAIM},\n', ""), (f'{{"is_large": {FALSE}}}', "{}")],
    "a number": [(CLAIM, "Number(1, digits=0)"), (f'{{"is_large": {FALSE}}}', "{}")],
}
STAYS = {
    "other values": [("OFFSET = 10", "OFFSET = 12")],
    "a word corrected": [("1より大きい", "1よりも大きい")],
    "more seeds": [("range(5)", "range(6)")],
}


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "変更")


def figures(lab: Lab, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "figures", *arguments]
    environment = {**os.environ, **environment}
    done = subprocess.run(command, cwd=lab.root, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def edit(lab: Lab, edits: list[tuple[str, str]]) -> None:
    """Edit the experiment and run it, as an author does."""
    for old, new in edits:
        lab.edit(TOY, old, new)
    assert figures(lab, "run").returncode == 0


@pytest.fixture
def repository(lab: Lab) -> Lab:
    """One commit: a laboratory that has run, and two pages."""
    lab.write("docs/記事.md", "# 題\n\n値は{{ toy.exact }}です。[大きい]{{ toy.is_large }}。\n")
    lab.write("docs/sub/b.md", "{{ toy.all }}\n")
    lab.write(".gitignore", ".cache/\n__pycache__/\n.venv/\n")
    assert figures(lab, "run").returncode == 0
    git(lab.root, "init", "-q", "-b", "main")
    commit(lab.root)
    return lab


def test_nothing_changed_is_a_sentence(repository: Lab) -> None:
    done = figures(repository, "drift", "main")
    assert (done.returncode, done.stdout, done.stderr) == (0, "main の記録から変わった結果はありません。\n", "")


@pytest.mark.parametrize("committed", [False, True])
def test_numbers_that_moved_are_rows_and_no_error(repository: Lab, committed: bool) -> None:
    before = git(repository.root, "rev-parse", "HEAD")
    edit(repository, [("OFFSET = 10", "OFFSET = 12")])
    if committed:
        commit(repository.root)
    done = figures(repository, "drift", before)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        HEAD,
        "| --- | --- | --- | --- | --- |",
        # five values, 22 to 30 in steps of 2, then 4 more: the standard error is √2, of the difference 2
        "| toy.mean | 26.0個 ±1.4 | 30.0個 ±1.4 | 2倍 | docs/sub/b.md:1 |",
        "| toy.exact | 10人 | 12人 |  | docs/記事.md:3 |",
        "| toy.is_large | 5/5 | 5/5 | 値か、条件か、説明が変わりました | docs/記事.md:3 |",
    ]


@pytest.mark.parametrize("how", TURNS)
def test_a_claim_that_turned_is_an_error_until_each_page_that_cites_it_changes(repository: Lab, how: str) -> None:
    repository.write("docs/c.md", "# 題\n[とても大きい]{{ toy.is_large }}\n[大きい]{{ toy.is_large }}\n")
    commit(repository.root)
    edit(repository, TURNS[how])
    done = figures(repository, "drift", "HEAD")
    assert done.returncode == 1
    assert [line.split(" ")[0] for line in done.stderr.splitlines()] == ["docs/c.md:2:", "docs/記事.md:3:"]
    assert "記事も同じpushで直してください" in done.stderr
    assert "| toy.is_large | 5/5 |" in done.stdout  # the table is there as well
    repository.edit("docs/c.md", "とても大きい", "小さい")
    (said,) = figures(repository, "drift", "HEAD").stderr.splitlines()
    assert said.startswith("docs/記事.md:3: toy.is_large の主張が変わったのに")
    repository.edit("docs/記事.md", "[大きい]{{ toy.is_large }}", "")
    done = figures(repository, "drift", "HEAD")
    assert (done.returncode, done.stderr) == (0, "")
    commit(repository.root)
    assert figures(repository, "drift", "HEAD~1").returncode == 0


@pytest.mark.parametrize("how", STAYS)
def test_what_takes_nothing_from_the_words_is_no_error(repository: Lab, how: str) -> None:
    edit(repository, STAYS[how])
    done = figures(repository, "drift", "HEAD")
    assert "| toy.is_large | 5/5 |" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_under_another_name_is_the_same_page(repository: Lab) -> None:
    edit(repository, TURNS["weaker"])
    git(repository.root, "mv", "docs/記事.md", "docs/別.md")
    assert figures(repository, "drift", "HEAD").stderr.startswith("docs/別.md:3: ")


def test_a_claim_that_nobody_cites_may_turn(repository: Lab) -> None:
    repository.write("docs/記事.md", "# 題\n")
    commit(repository.root)
    edit(repository, TURNS["gone"])
    done = figures(repository, "drift", "HEAD")
    assert done.returncode == 0
    assert "| toy.is_large | 5/5 | （なし） | 主張がなくなりました |  |" in done.stdout


def test_an_experiment_that_is_gone_takes_its_claims_along(repository: Lab) -> None:
    repository.write("figures/experiments/other.py", "from figures.results import Number\nSEEDS = [0]\n" + OTHER)
    (repository.root / TOY).unlink()
    assert figures(repository, "run").returncode == 0
    done = figures(repository, "drift", "HEAD")
    assert done.returncode == 1
    assert done.stderr.startswith("docs/記事.md:3: toy.is_large の主張が変わった")
    assert "| other.one | （なし） | 1 |  |  |" in done.stdout


OTHER = 'def run(seeds):\n    return {"one": Number(1, digits=0)}\n'


# ---------------------------------------------------------------- where there is nothing to compare with


def test_the_first_push_has_nothing_to_compare(repository: Lab) -> None:
    done = figures(repository, "drift", "0" * 40)
    assert (done.returncode, done.stdout, done.stderr) == (0, "はじめてのpushなので、比べる記録がありません。\n", "")


def test_a_revision_without_records_makes_all_of_them_new(repository: Lab) -> None:
    (repository.root / "figures/records/toy.json").rename(repository.root / "toy.json")
    commit(repository.root)
    (repository.root / "toy.json").rename(repository.root / "figures/records/toy.json")
    done = figures(repository, "drift", "HEAD")
    assert done.returncode == 0
    assert done.stdout.count("| （なし） |") == 4


@pytest.mark.parametrize("base", ["nowhere", "", "1234567", "main:docs"])
def test_an_unknown_revision_is_a_sentence(repository: Lab, base: str) -> None:
    done = figures(repository, "drift", base)
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert f"'{base}' というコミットはありません" in said
    assert "git fetch origin" in said


def test_a_revision_is_no_option(repository: Lab, tmp_path: Path) -> None:
    with pytest.raises(FiguresError, match="というコミットはありません"):
        drift.report(repository.root, f"--output={tmp_path / 'made'}")
    assert not (tmp_path / "made").exists()


def test_a_shallow_clone_is_told_to_fetch(repository: Lab, tmp_path: Path) -> None:
    before = git(repository.root, "rev-parse", "HEAD")
    repository.write("docs/c.md", "# 題\n")
    commit(repository.root)
    shallow = Lab(tmp_path / "shallow")
    git(tmp_path, "clone", "-q", "--depth", "1", repository.root.as_uri(), str(shallow.root))
    done = figures(shallow, "drift", before)
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert "浅い複製" in said
    assert "git fetch --unshallow" in said
    git(shallow.root, "fetch", "-q", "--unshallow")
    assert figures(shallow, "drift", before).returncode == 0


def test_without_git_it_is_a_sentence(repository: Lab, tmp_path: Path) -> None:
    done = figures(repository, "drift", "main", PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert "gitが動かない" in said
    (repository.root / ".git").rename(tmp_path / "elsewhere")
    assert figures(repository, "drift", "main", GIT_CEILING_DIRECTORIES=str(tmp_path)).stderr.strip() == said


def test_a_bad_record_here_is_a_sentence(repository: Lab) -> None:
    repository.edit("figures/records/toy.json", '"version": 1', '"version": 2')
    done = figures(repository, "drift", "main")
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert said.startswith("figures/records/toy.json:2: ")


def test_a_bad_record_there_is_said_and_does_not_stop_the_push_that_mends_it(repository: Lab) -> None:
    repository.edit("figures/records/toy.json", '"exact": {', "<<<<<<< HEAD\n")
    commit(repository.root)
    assert figures(repository, "run").returncode == 0
    done = figures(repository, "drift", "HEAD")
    assert (done.returncode, done.stderr) == (0, "")
    assert "HEAD の figures/records/toy.json:" in done.stdout
    assert "この実験の結果は比べていません" in done.stdout
    assert "（なし）" not in done.stdout


def test_a_record_edited_by_hand_there_is_compared_by_its_values(repository: Lab) -> None:
    repository.edit("figures/records/toy.json", '"26.0個"', '"99.0個"')
    commit(repository.root)
    assert figures(repository, "run").returncode == 0
    assert figures(repository, "drift", "HEAD").stdout == "HEAD の記録から変わった結果はありません。\n"


def test_whatever_stands_in_a_cell_a_row_is_a_row() -> None:
    changes = [Change("e.a", Number(1, "|`<b>\n[x](y)", digits=0), None, ("docs/a|b.md:1",))]
    *_, row = drift.table(changes).splitlines()
    assert row == r"| e.a | 1\|\`\<b\> \[x\](y) | （なし） |  | docs/a\|b.md:1 |"
    turned = Change("e.c", Claim(2, ">", 1), Claim(1, "<", 2))
    assert r"比べ方が \> から \< に変わりました" in drift.table([turned])


# ---------------------------------------------------------------- in CI


def flow(name: str) -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load((PROJECT / ".github/workflows" / name).read_text(encoding="utf-8"))
    return loaded


def steps(job: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = flow("publish.yml")["jobs"][job]["steps"]  # type: ignore[index]
    return found


def script(job: str, name: str) -> str:
    (found,) = (step["run"] for step in steps(job) if step.get("name") == name)
    return found


@pytest.mark.parametrize(("edits", "status"), [(STAYS["other values"], 0), (TURNS["gone"], 1)])
def test_the_job_summary_has_the_table_and_the_job_its_status(
    repository: Lab, tmp_path: Path, edits: list[tuple[str, str]], status: int
) -> None:
    edit(repository, edits)
    repository.write(".venv/bin/python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (repository.root / ".venv/bin/python").chmod(0o755)
    environment = {**os.environ, "BASE": "HEAD", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    command = ["sh", "-e", "-c", script("check", "What changed in the records")]
    done = subprocess.run(command, cwd=repository.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stderr
    summary = (tmp_path / "summary").read_text(encoding="utf-8")
    assert HEAD in summary
    assert ("docs/記事.md:3: toy.is_large" in summary) == bool(status)
    assert (repository.root / "drift.md").read_text(encoding="utf-8") == summary


@pytest.mark.parametrize("published", [True, False])
def test_on_main_a_claim_that_turned_is_held_back_until_its_article_is_read(
    repository: Lab, tmp_path: Path, published: bool
) -> None:
    """The push after a failed one starts from what is published, not from the failed one."""
    first = git(repository.root, "rev-parse", "HEAD").strip()
    edit(repository, TURNS["gone"])
    commit(repository.root)
    (tmp_path / "site").mkdir()
    if published:
        (tmp_path / "site/numbers.json").write_text(json.dumps({"commit": first}), encoding="utf-8")
    repository.write(".venv/bin/python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (repository.root / ".venv/bin/python").chmod(0o755)
    with served(tmp_path / "site") as address:
        environment = {
            **os.environ,
            **{"BASE": "HEAD", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")},
            **{"GITHUB_REF": "refs/heads/main", "SITE_URL": address},
        }
        command = ["bash", "-e", "-c", script("check", "What changed in the records")]
        done = subprocess.run(
            command, cwd=repository.root, env=environment, capture_output=True, text=True, check=False
        )
    assert done.returncode == int(published), done.stderr


@pytest.mark.parametrize("known", ["", "77\n88\n"])
def test_one_comment_is_written_anew_from_data(tmp_path: Path, known: str) -> None:
    """A stand-in for ``gh`` answers what comments there are, and keeps what it is given."""
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(f'#!/bin/sh\necho "$@" >> calls\ncase "$*" in *--paginate*) printf "{known}" ;; esac\n')
    gh.chmod(0o755)
    table = "| $(touch made) | `touch made` | あ |\n" * 3000
    (tmp_path / "drift.md").write_text(table, encoding="utf-8")
    environment = {"PATH": f"{gh.parent}:{os.environ['PATH']}", "COMMENTS": "repos/o/r/1", "COMMENT": "repos/o/r/c"}
    command = ["bash", "-e", "-c", script("comment", "One comment, written anew each time")]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    asked, written = (tmp_path / "calls").read_text().splitlines()
    assert asked.startswith("api --paginate repos/o/r/1 ")
    where = "--method PATCH repos/o/r/c/77" if known else "repos/o/r/1"
    assert written == f"api --silent {where} --field body=@body.md"
    body = (tmp_path / "body.md").read_text(encoding="utf-8")  # whole characters
    assert body.startswith("<!-- drift -->\n| $(touch made) |")
    assert 50_000 < len(body) < 65_536
    assert not (tmp_path / "made").exists()


def test_only_the_comment_may_write_and_it_runs_nothing_of_the_pull_request() -> None:
    jobs = flow("publish.yml")["jobs"]
    assert isinstance(jobs, dict)
    assert [name for name, job in jobs.items() if "pull-requests" in job.get("permissions", {})] == ["comment"]
    assert jobs["comment"]["permissions"] == {"pull-requests": "write"}
    assert "head.repo.full_name == github.repository" in jobs["comment"]["if"]
    (used,) = (step["uses"] for step in steps("comment") if "uses" in step)
    assert used.startswith("actions/download-artifact@")
    for step in [step for job in jobs for step in steps(job)]:
        assert "${{" not in step.get("run", "")  # what a stranger may name never becomes part of a script
