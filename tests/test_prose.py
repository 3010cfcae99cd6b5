"""The check of the prose: it tells what is planted, passes what is good, and knows where everything stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import PROJECT

from figures.record import Record, path_of, to_json
from figures.results import Claim, Figure, Number
from tests.prose import __main__ as command
from tests.prose import lint
from tests.prose.lint import Told, check
from tests.prose.standin import shown

needs_textlint = pytest.mark.skipif(
    not lint.KERNEL.exists() and not os.environ.get("REQUIRE_BROWSER"),
    reason=f"文章を調べるテストを飛ばしました。{lint.INSTALL} を打つと走ります",
)

FOLDER = PROJECT / "tests" / "prose"
BLOCKS = re.compile(r"^==[ ]*(.*)\n((?:(?!==).*\n)*)", re.MULTILINE)
PLANTED = [
    (*match[1].rsplit(" ", 1), match[2])
    for match in BLOCKS.finditer((FOLDER / "planted.txt").read_text(encoding="utf-8"))
]
GOOD = [match[2] for match in BLOCKS.finditer((FOLDER / "good.txt").read_text(encoding="utf-8"))]

TOY = {
    "mean": Number([1.0, 2.0, 3.6], "個"),
    "features": Number(10, "個", digits=0),
    "lambda": Number(0.5, digits=1),
    "share": Number(0.95, "%", digits=0),
    "loss": Number(-38, digits=0),
    "sparser": Claim([1, 2, 3], ">", 0),
    "line": Figure({"一本": {"y": [1.0, 2.0]}}, "見出し", "線です。", "線"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the record of one experiment."""
    folder = tmp_path_factory.mktemp("prose")
    path_of(folder, "toy").parent.mkdir(parents=True)
    path_of(folder, "toy").write_text(to_json(Record("toy", TOY)), encoding="utf-8")
    return folder


def tell(root: Path, *texts: str) -> list[list[Told]]:
    """What is told about each of the texts, as a page of its own, from one run of textlint."""
    files = [root / f"{number:03}.md" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    found = check(files, root)
    return [[told for told in found if told.path == file.name] for file in files]


@pytest.fixture(scope="module")
def planted(root: Path) -> list[list[Told]]:
    return tell(root, *(text for *_, text in PLANTED))


@pytest.fixture(scope="module")
def good(root: Path) -> list[list[Told]]:
    return tell(root, *GOOD)


@needs_textlint
@pytest.mark.parametrize("number", range(len(PLANTED)), ids=[f"{rule}-{line}" for rule, line, _ in PLANTED])
def test_what_is_planted_is_told_where_it_stands(planted: list[list[Told]], number: int) -> None:
    rule, line, text = PLANTED[number]
    found = planted[number]
    assert (rule, int(line)) in [(told.rule, told.line) for told in found], "\n".join([text, *map(str, found)])


@needs_textlint
@pytest.mark.parametrize("number", range(len(GOOD)))
def test_what_is_good_is_let_pass(good: list[list[Told]], number: int) -> None:
    assert not good[number], "\n".join([GOOD[number], *map(str, good[number])])


@needs_textlint
def test_every_rule_has_been_planted_twice() -> None:
    names = "import('./config.mjs').then(({rules}) => console.log(JSON.stringify(rules.map(([name]) => name))))"
    done = subprocess.run(["node", "-e", names], cwd=FOLDER, capture_output=True, text=True, check=True)
    rules = json.loads(done.stdout)
    told = [rule for rule, *_ in PLANTED]
    assert sorted(set(told)) == sorted(rules)
    assert [rule for rule in rules if told.count(rule) < 2] == []
    assert len(GOOD) >= 40


# ¦ stands before what has to be told, and is taken out.
PLACES = [
    "値は{{ toy.mean }}で、¦ことができる",
    "重み $w_{j}$ と $x$ は、¦ことができる",
    "`ridge(X, y)` と `a`は、¦ことができる",
    "見る<!-- ここで\n切る -->と、¦ことができる",
    "[重みを$n$個に¦ことができる]{{ toy.sparser }}",
    "[前]{{ toy.sparser }}と[後](https://example.org/a)で¦ことができる",
    "<span>重み</span>は<br>¦ことができる",
    "🙂の{{ toy.mean }}🙂を¦ことができる",
    "## 見出し{ .plain #a }\n\n一行目は\n  二行目で\n三行目の¦ことができる",
    "| 列 |\n|---|\n| {{ toy.mean }}と¦ことができる |",
    "```python\n{{ toy.mean }}\nことができる\n```\n\n$$\n\\sum_j\n$$\n\n¦ことができる",
    "¦ことができる\n\n```python\nことができる",
    "目的は\n\n$$\n\\sum_j\n$$\n\nで¦ことができる",
    '!!! guess "予想"\n\n    本文は\n    ¦ことができる\n\n    {{ toy.line }}\n\n    ¦ことができる\n\n¦ことができる',
    '??? answer "¦ことができる"\n\n    前\n\n    !!! note "注"\n\n        ¦ことができる\n\n    ¦ことができる',
    '1. 一つ\n\n    !!! note "注"\n\n        - 項目\n          の¦ことができる\n\n2. ¦ことができる',
    "---\ntitle: ことができる\ndescription: 前の文。¦ことができる\n---\n\n¦ことができる",
    '---\nlist:\n  - word: "前の文。¦ことができる"\n    text: >-\n      折った文。\n      ¦ことができる\n---\n\n本文',
]


@needs_textlint
def test_what_is_told_has_its_place_in_the_file(root: Path) -> None:
    told = tell(root, *(text.replace("¦", "") for text in PLACES))
    for text, found in zip(PLACES, told, strict=True):
        wanted = []
        for part in re.finditer("¦", text):
            before = text[: part.start()].replace("¦", "")
            wanted.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
        assert [(one.line, one.column) for one in found if one.rule == "ことができる"] == wanted, text


def test_a_page_reads_as_it_is_printed() -> None:
    text = """---
title: 題
description: "{{ toy.mean }}の話。"
definition: >-
  折った
  文。
---
<!-- more -->
!!! points "要点"

    1. 重み $w$ の
    `code` です { .a }

{{ toy.line }}

[L1は
多い]{{ toy.sparser }}。{{ toy.share }}、{{ lost.name }}。\\{{ toy.mean }}

[線](a.md)<br>字を、<br>見ます。

目的は

$$
x
$$
"""
    page = shown(text, lambda citation: TOY.get(citation.removeprefix("toy.")))
    assert [line for line in page.text.split("\n") if line.strip()] == [
        "2.2個の話。",
        "折った文。",
        "###### 要点",
        "1. 重みxのxです",
        "L1は多い。95％、1個。\\{{ toy.mean }}",
        "[線](a.md)。字を、見ます。",
        "目的はxです。",
    ]
    assert [page.text[first:last] for first, last in page.evidence if last > first] == (
        ["2.2個", "x", "L1は多い", "95％", "1個", "x"]
    )
    assert page.text[: page.body].split() == ["2.2個の話。", "折った文。"]


@needs_textlint
def test_the_command_tells_and_ends_with_1(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "PROJECT", root)
    page = root / "docs" / "a.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text("# 題\n\n重みは減るかもしれません。\n", encoding="utf-8")
    assert command.main([]) == command.main([str(page)]) == 1
    out = capsys.readouterr().out
    assert out.count("docs/a.md:3:6: [ぼかし結び] 「かもしれま」があります。言い切るか、") == 2
    page.write_text("順序は重要だからです。\n", encoding="utf-8")
    assert command.main([]) == 0
    assert "直すところはありません" in capsys.readouterr().out


@needs_textlint
def test_a_note_is_no_failure(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = root / "note.md"
    page.write_text("重みは記録されます。誤差は計算されます。それは表示されます。\n", encoding="utf-8")
    assert command.main([str(page)]) == 0
    assert "note.md:1:21: 読みなおす [同じ文末]" in capsys.readouterr().out


def test_licences_are_not_read_and_all_other_pages_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(command, "check", lambda files, root: asked.extend(files) or [])
    assert command.main([]) == 0
    names = {path.relative_to(PROJECT).as_posix() for path in asked}
    assert {"docs/about.md", "docs/index.md", "docs/articles/l1-vs-l2.md"} <= names
    assert "docs/license.md" not in names


def test_without_textlint_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(lint, "KERNEL", tmp_path / "missing")
    assert command.main([]) == 2
    assert "npm ci --prefix tests/prose を先に打ってください" in capsys.readouterr().err
    assert command.main([str(tmp_path / "lost.md")]) == 2
    assert "lost.md がありません" in capsys.readouterr().err


def test_the_lock_holds_hashes_and_no_address() -> None:
    lock = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(lock)["packages"]
    assert all(entry["integrity"].startswith("sha512-") for name, entry in packages.items() if name)
    assert "://" not in lock
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
