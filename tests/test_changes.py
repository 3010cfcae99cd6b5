"""What a run says of the results that it changed, and which results nobody cites."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import Lab

from figures.changes import Change, describe
from figures.citations import all_places, unused
from figures.record import Record
from figures.results import Claim, Figure, Number, Result, Table
from figures.runner import committed_records


def figures(lab: Lab, *arguments: str) -> str:
    command = [sys.executable, "-m", "figures", *arguments]
    done = subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def cited(lab: Lab) -> Lab:
    lab.write("docs/a.md", "# 題\n\n値は{{ toy.exact }}です。[大きい]{{ toy.is_large }}。`\\{{ toy.is_large }}`\n")
    lab.write("docs/sub/b.md", "{{ toy.all }}\n\n<!-- {{ toy.none }} -->\n")
    figures(lab, "run")
    return lab


def test_run_ends_with_what_changed_and_who_cites_it(cited: Lab) -> None:
    cited.edit("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = 12")
    assert figures(cited, "run").splitlines() == [
        # five values, 22 to 30 in steps of 2, then 4 more: the standard error is √2, of the difference 2
        "toy.mean: 26.0個 ±1.4 → 30.0個 ±1.4（標準誤差の2倍）  ← docs/sub/b.md:1",
        "toy.exact: 10人 → 12人  ← docs/a.md:3",
        "toy.is_large: 5/5 → 5/5（値か、条件か、説明が変わりました）  ← docs/a.md:3",
        "実験1件、変わった結果3件",
    ]
    assert figures(cited, "run") == "実験1件、変わった結果0件\n"


def test_unused_are_those_that_no_page_table_or_caption_shows(cited: Lab) -> None:
    assert figures(cited, "list", "--unused") == ""
    cited.write("docs/sub/b.md", "")
    assert figures(cited, "list", "--unused") == "toy.mean\ntoy.all\n"
    (cited.root / "docs/a.md").unlink()
    assert figures(cited, "list", "--unused") == "toy.mean\ntoy.exact\ntoy.is_large\ntoy.all\n"


def test_a_figure_uses_what_its_caption_and_alt_text_cite(lab: Lab) -> None:
    numbers = {name: Number(1, digits=0) for name in ("a", "b", "c")}
    figure = Figure({"x": [1]}, "題", "{{ e.a }}を見る。", "{{ e.b }}の線")
    records = {"e": Record("e", {**numbers, "f": figure})}
    lab.write("docs/a.md", "{{ e.f }}\n")
    assert unused(lab.root, records) == ["e.c"]
    assert all_places(lab.root, records) == {key: ["docs/a.md:1"] for key in ("e.f", "e.a", "e.b")}


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (None, Number(3, "個", digits=0), "（なし） → 3個"),
        (Number(3, "個", digits=0), None, "3個 → （なし）"),
        (Number(3, "個", digits=0), Number(3, "人", digits=0), "3個 → 3人（単位が変わりました）"),
        (Number(3.0, digits=0), Number(3.0, digits=1), "3 → 3.0（桁が変わりました）"),
        (Number(3, about="a", digits=0), Number(3, about="b", digits=0), "3 → 3（値は同じ、説明が変わりました）"),
        (Number([1, 3]), Number([0, 4]), "2.0 ±1.0 → 2 ±2（平均は同じ、種ごとの値が変わりました）"),
        (Number([1, 3]), Number([1, 3.0001]), "2.0 ±1.0 → 2.0 ±1.0（標準誤差の3.5e-05倍）"),
        (Claim([1, 1], ">", 0), Claim([1, 0], ">", 0), "2/2 → 1/2（主張が成り立たなくなりました）"),
        (Claim([1, 0], ">", 0), Claim([1, 1], ">", 0), "1/2 → 2/2（主張が成り立つようになりました）"),
        (
            Claim([1, 0], ">", 0, 0.5),
            Claim([0, 1], ">", 0, 0.5),
            "1/2 → 1/2（値か、条件か、説明が変わりました）",
        ),
        (Table(["", "a"], {"r": ["x"]}, "c"), Table(["", "a"], {"r": ["y"]}, "c"), "表 → 表（中身が変わりました）"),
        (Number([1, 3]), Claim([1, 3], ">", 0), "2.0 ±1.0 → 2/2"),
    ],
)
def test_how_much_a_result_changed(before: Result | None, after: Result | None, line: str) -> None:
    def record(result: Result | None) -> Record:
        return Record("e", {} if result is None else {"x": result})

    assert describe(record(before), record(after)) == [f"e.x: {line}"]
    assert describe(record(before), record(before)) == []


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (None, "主張がなくなりました"),
        (Number([2, 3]), "主張ではなくなりました"),
        (Claim([2, 1], ">", 1, 1.0, "aとb", 0.5), "主張が成り立たなくなりました"),
        (Claim([2, 3], ">=", 1, 1.0, "aとb", 0.5), "比べ方が > から >= に変わりました"),
        (Claim([-2, -3], "<", -1, 1.0, "aとb", 0.5), "比べ方が > から < に変わりました"),
        (Claim([2, 3], ">", 1, 0.9, "aとb", 0.5), "成り立つべき割合が 1 から 0.9 にゆるみました"),
        (Claim([2, 3], ">", 1, 1.0, "aとb", 0.4), "margin（標準誤差の倍数）が 0.5 から 0.4 にゆるみました"),
        (Claim([2], ">", 1, 1.0, "aとb"), "margin（標準誤差の倍数）が 0.5 から 0 にゆるみました"),
        (Claim([4, 5], ">", 1, 1.0, "bとa", 0.5), "比べているものが「aとb」から「bとa」に変わりました"),
        # What is no turn: other values, more asked, a word corrected.
        (Claim([4, 5], ">", 1, 1.0, "aとb", 0.5), ""),
        (Claim([2, 3, 4], ">", 1, 1.0, "aとb", 0.6), ""),
        (Claim([2, 3], ">", 1, 1.0, "bとa", 0.5), ""),
    ],
)
def test_a_claim_turns_when_it_takes_something_from_the_words_about_it(after: Result | None, why: str) -> None:
    claim = Claim([2, 3], ">", 1, 1.0, "aとb", 0.5)
    assert claim.true
    change = Change("e.x", claim, after)
    assert change.turned == why
    assert why in str(change)


def test_fewer_seeds_and_a_lower_score() -> None:
    nine_of_ten = Claim([2] * 10, ">", 1, 0.9)
    assert Change("e.x", nine_of_ten, Claim([2] * 9, ">", 1, 0.9)).turned == "くり返しの数が 10 から 9 にゆるみました"
    assert Change("e.x", nine_of_ten, Claim([0] + [2] * 9, ">", 1, 0.9)).turned == ""
    assert Change("e.x", Claim([0], ">", 1), None).turned == ""  # it never could be published


def test_a_missing_record_is_said(lab: Lab) -> None:
    command = [sys.executable, "-m", "figures", "list", "--unused"]
    done = subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "figures/records/toy.json:1: まだありません。python -m figures run が作ります。\n"
    lab.update()
    assert set(committed_records(lab.root)) == {"toy"}
