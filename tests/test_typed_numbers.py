"""No measured number is typed by hand: it is found wherever readers see it, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import PROJECT, Site
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config import load_config
from mkdocs.structure.files import File

from figures.record import Record
from figures.results import Claim, Figure, Number, Table
from figures.runner import Run
from hooks.account import account, cited, nearest, said
from hooks.forms import Finder
from hooks.proofread import Proofreader
from hooks.read import read
from hooks.spot import TypedNumber, spot

RUN = Run(
    Record(
        "toy",
        {
            "mean": Number([0.871, 0.879, 0.869], "%", "正解率"),
            "half": Number(0.5, "%", digits=0),
            "zeros": Number(1.75, "個", digits=2),
            "repeats": Number(20, "回", digits=0),
            "norm": Number(12.3, "", digits=1),
            "is_large": Claim([1, 2, 3], ">", 0),
            "line": Figure({"左の2本": [1]}, "題の3割", "見どころは4割。", "線の5割。{{ toy.mean }}", "abc"),
            "cells": Table(["", "はじめの6回"], {"7倍": ["mean"]}, "表の8割。{{ toy.repeats }}"),
        },
    ),
    "",
    {},
    {},
)
OTHER = Run(Record("other", {"repeats": Number(20, "回", digits=0), "folds": Number(5, "組", digits=0)}), "", {}, {})
EXPERIMENT = '''"""おもちゃ。はじめの6回と、表の8割。"""
results = {
    "line": Figure(
        panels={"左の2本": [1]},
        title="題の3割",
        caption="見どころは"
        "4割。",
        alt="線の5割。{{ toy.mean }}",
    ),
    "cells": Table(
        ["", "はじめの6回"],
        {"7倍": ["mean"]},
        "表の8割。{{ toy.repeats }}",
    ),
}
'''
MARKED = re.compile("⟦(.*?)⟧")


@pytest.fixture(scope="module")
def proofreader() -> Proofreader:
    config = load_config(str(PROJECT / "mkdocs.yml"))
    return Proofreader(config.markdown_extensions, config.mdx_configs)


def problems(proofreader: Proofreader, root: Path, text: str) -> list[tuple[str, int, str]]:
    """File, line and message of all that is wrong with the numbers of one page."""
    for path, content in (("docs/page.md", text), ("figures/experiments/toy.py", EXPERIMENT)):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    source = read(File("page.md", str(root / "docs"), str(root / "site"), True))
    reading = proofreader.read(source.body, source.first)
    assert source.problems == reading.problems == []
    known = {"other": OTHER, "toy": RUN}
    shown = said("docs/page.md", source, reading, known, root)
    return account("docs/page.md", source, shown, cited(reading), known, Finder([]))


def typed(proofreader: Proofreader, root: Path, text: str) -> list[tuple[str, int, str]]:
    """File, line and number of each that was typed."""
    return [(file, line, message.split("'")[1]) for file, line, message in problems(proofreader, root, text)]


def sentences(name: str) -> tuple[list[str], list[str]]:
    """The typed and the innocent ones of a list."""
    head, innocent = (PROJECT / "tests" / name).read_text(encoding="utf-8").split("== innocent\n")
    return head.splitlines()[1:], innocent.splitlines()


def as_page(sentence: str) -> str:
    return ("| 一 | 二 | 三 |\n|--|--|--|\n" if sentence.startswith("|") else "") + MARKED.sub(r"\1", sentence) + "\n"


TYPED, INNOCENT = sentences("typed_numbers.txt")
MORE_TYPED, MORE_INNOCENT = sentences("typed_numbers_2.txt")


def test_the_lists_are_as_long_as_was_agreed() -> None:
    assert [len(part) for part in (TYPED, INNOCENT, MORE_TYPED, MORE_INNOCENT)] == [40, 40, 20, 20]


@pytest.mark.parametrize("sentence", [*TYPED, *MORE_TYPED])
def test_each_typed_number_is_caught(proofreader: Proofreader, tmp_path: Path, sentence: str) -> None:
    found = [number for _, _, number in typed(proofreader, tmp_path, as_page(sentence))]
    for number in MARKED.findall(sentence):
        assert any(number in each for each in found), f"{number} is not in {found}"
    assert len(found) <= len(MARKED.findall(sentence))


# What was agreed is at most 4 of the first 40; these are the numbers found, 三冊の本 and 2年後 being the two.
@pytest.mark.parametrize(("innocent", "limit"), [(INNOCENT, 0), (MORE_INNOCENT, 2)])
def test_few_innocent_sentences_are_refused(
    proofreader: Proofreader, tmp_path: Path, innocent: list[str], limit: int
) -> None:
    refused = [sentence for sentence in innocent if typed(proofreader, tmp_path, as_page(sentence))]
    assert len(refused) <= limit, refused


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# 題\n\n一行目。\n二行目は9割です。\n三行目。\n", 4),
        ("# 題\n\n- 一\n- 二は9割\n", 4),
        ("# 題\n\n- 一\n\n    続きの9割。\n", 5),
        ("# 題\n\n1. 一\n2. 二は9割\n", 4),
        ("# 題\n\n| 一 | 二 |\n|---|---|\n| 三 | 9割 |\n", 5),
        ("# 題\n\n## 9割の話 { #share }\n", 3),
        ("# 題\n\n文[^1]。\n\n[^1]: 注の9割。\n", 5),
        ('# 題\n\n!!! points "要点"\n\n    1. 値は9割です。\n', 5),
        ('# 題\n\n!!! points "9割の話"\n\n    本文。\n', 3),
        ('# 題\n\n??? answer "答え"\n\n    9割です。\n', 5),
        ("# 題\n\n> 引用の9割。\n", 3),
        ("# 題\n\n![9割の図](x.png)\n", 3),
        ('# 題\n\n![図](x.png "9割の図")\n', 3),
        ("# 題\n\n[9割の話](https://x.test/10)です。\n", 3),
        ("# 題\n\n**9**割と、`5割`と、*三*倍。\n", 3),
        ("# 題\n\n<div>\n9割\n</div>\n", 4),
        ("# 題\n\n<div markdown>\n\n9割です。\n\n</div>\n", 5),
        ("# 題\n\n[9割を超える]{{ toy.is_large }}。\n", 3),
        ("```\n9割\n```\n\n$9割$、`9割`、9割。\n", 5),
        ("9割です。\n", 1),
        ("---\ndescription: 9割の話\n---\n\n# 題\n", 2),
        ("---\nhide: [toc]\ntitle: 9割の話\n---\n\n# 題\n", 3),
        ("---\ntitle: 題\n---\n\n本文の9割。\n", 5),
        ("文は\n9割です。\n\n文は\n9割です。\n", 2),
    ],
)
def test_it_is_named_with_its_line_wherever_readers_see_it(
    proofreader: Proofreader, tmp_path: Path, text: str, line: int
) -> None:
    found = typed(proofreader, tmp_path, text)
    assert found[0] == ("docs/page.md", line, "9割")


@pytest.mark.parametrize(
    "text",
    [
        "`9割`と``三倍``",
        "```\n9割\n```",
        "    9割\n    三倍",
        "- 項目\n\n    ```\n    9割\n    ```",
        "$x = 0.9$です。この記事の $n$ 倍、つまりその$n$倍です。",
        "$$\nx = 0.9\n$$",
        "値は{{ toy.mean }}、{{ toy.repeats }}の{{ toy.zeros }}倍、{{toy.mean}}。",
        "\\{{ toy.mean_0.9 }}",
        "<!-- 9割 -->",
        "文 <!-- 三倍 --> 文",
        "[話](https://x.test/90%/0.5/10個)、<https://x.test/12.5>、https://x.test/12.5 です。",
        "![図](figure-20.png)",
        '<div style="width: 50%" class="a10">文</div>',
        '<p\ndata-value="0.9">文</p>',
        "文[^12]。\n\n[^12]: 注。",
        "".join(f"文[^{n}]。\n\n[^{n}]: 注。\n\n" for n in range(1, 12)),
        "10. 十番から\n11. 続けます",
        "文。 { #part-10 }",
        "| 一 | 二 |\n|---:|---:|\n| a | b |",
    ],
)
def test_what_no_reader_takes_for_a_number_is_free(proofreader: Proofreader, tmp_path: Path, text: str) -> None:
    assert typed(proofreader, tmp_path, text + "\n") == []


def test_the_words_of_a_figure_and_a_table_are_those_of_the_experiment(
    proofreader: Proofreader, tmp_path: Path
) -> None:
    found = typed(proofreader, tmp_path, "図です。\n\n{{ toy.line }}\n\n{{ toy.cells }}\n")
    experiment = "figures/experiments/toy.py"
    expected = [(4, "2本"), (5, "3割"), (7, "4割"), (8, "5割"), (11, "6回"), (12, "7倍"), (13, "8割")]
    assert sorted(found) == [(experiment, line, number) for line, number in expected]
    allowed = "".join(f'  "{number}": 決め\n' for _, number in expected)
    assert (
        typed(proofreader, tmp_path, f"---\ntyped:\n{allowed}---\n\n{{{{ toy.line }}}}\n\n{{{{ toy.cells }}}}\n") == []
    )


@pytest.mark.parametrize(
    ("front", "body", "expected"),
    [
        ('"9割": たとえ話', "9割です。", []),
        ('"9割": たとえ話', "9割です。もう一度、9割。", []),
        ('"体重の9割": たとえ話', "体重の9割です。", []),
        ('"体重の9割": たとえ話', "体重の9割です。正解率の9割。", [(6, "手で打った数字 '9割'")]),
        ('"9割": たとえ話', "99割です。", [(6, "手で打った数字 '99割'"), (3, "出てきません")]),
        ('"9割":', "9割です。", [(3, "'9割' に理由がありません")]),
        ('"9割": " "', "9割です。", [(3, "'9割' に理由がありません")]),
        ('"9割": 10', "9割です。", [(3, "'9割' に理由がありません")]),
        ('"9割": たとえ話\n  "8割": 古い', "9割です。", [(4, "typed の '8割' は、このページに")]),
        ('"0": 端', "0です。", [(3, "typed の '0' は、このページに")]),
        ("- 9割", "0です。", [(2, '"5個": 理由 の並び')]),
        ("0.5: 決め", "0.5です。", []),
    ],
)
def test_the_list_of_the_page_allows_with_a_reason_and_cannot_rot(
    proofreader: Proofreader, tmp_path: Path, front: str, body: str, expected: list[tuple[int, str]]
) -> None:
    text = f"---\ntyped:\n  {front}\n---\n\n{body}\n"
    if "\n" in front:
        text = text.replace("---\n\n", "---\n")
    found = problems(proofreader, tmp_path, text)
    assert [line for _, line, _ in found] == [line for line, _ in expected]
    for (_, _, message), (_, words) in zip(found, expected, strict=True):
        assert words in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("約9割でした", "{{ toy.mean }} が 87.3% です"),
        ("87％でした", "{{ toy.mean }} が 87.3% です"),
        ("88％でした", "いちばん近い結果は {{ toy.mean }} の 87.3% です"),
        ("30％でした", "この値の結果はありません"),
        ("半分でした", "{{ toy.half }} が 50% です"),
        ("0.5倍でした", "{{ toy.half }} が 50% です"),
        ("二分の一でした", "{{ toy.half }} が 50% です"),
        ("2個でした", "{{ toy.zeros }} が 1.75個 です"),
        ("二個が残りました", "{{ toy.zeros }} が 1.75個 です"),
        ("2つが残りました", "{{ toy.zeros }} が 1.75個 です"),
        ("二十回でした", "{{ toy.repeats }} が 20回 です"),
        ("５組でした", "{{ other.folds }} が 5組 です"),
        ("12.3でした", "{{ toy.norm }} が 12.3 です"),
        ("20枚でした", "この値の結果はありません"),
        ("桁違いでした", "この値の結果はありません"),
    ],
)
def test_the_result_that_has_the_value_is_named(text: str, words: str) -> None:
    (number,) = spot(text)
    assert words in nearest(number, {"other": OTHER, "toy": RUN}, {"toy"})


def test_of_two_results_with_the_value_that_of_the_page_is_named() -> None:
    (number,) = spot("20回")
    assert [nearest(number, {"other": OTHER, "toy": RUN}, {name})[3:8] for name in ("other", "toy")] == [
        "other",
        "toy.r",
    ]


@pytest.mark.parametrize(
    ("text", "value", "unit", "reach"),
    [
        ("９８.5％", 0.985, "%", 0.0005),
        ("3〜5%", 0.04, "%", 0.015),
        ("2.3ポイント", 0.023, "%", 0.0005),
        ("1,797枚", 1797, "枚", 0.5),
        ("2.5万人", 25000, "人", 500),
        ("二百三十四回", 234, "回", 0.5),
        ("二〇回", 20, "回", 0.5),
        ("三万五千人", 35000, "人", 0.5),
        ("四分の三", 0.75, "%", 0.0375),
        ("1e-3", 0.001, "", 0.0005),
        ("三倍", 3, "倍", 0.5),
    ],
)
def test_what_a_number_says(text: str, value: float, unit: str, reach: float) -> None:
    assert list(spot(text)) == [
        TypedNumber(0, len(text), text, pytest.approx(value), unit, pytest.approx(reach))  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9 割と 5 個と10 %", ["9 割", "5 個", "10 %"]),
        ("重みは1/3に、2004/11/24", ["1/3"]),
        ("3対1で勝ち、1対1で対応", ["3対1"]),
        ("数十倍、数百枚、何十回、何倍", ["数十倍", "数百枚"]),
        ("AUC0.93、RMSE 54.7、ResNet-18、GPT-4、SGD100回", ["0.93", "54.7", "100回"]),
        ("λ＝1、λ = 0.5、λ＝0", ["λ＝1", "λ = 0.5"]),
        ("32(2), 407–499、pp. 61–73、式（3.47）、（3.47）", ["3.47"]),
        ("2004年、2004 年、2000回", ["2000回"]),
        ("十分の一、十分な、五分五分", ["十分の一"]),
        ("半分散、半減期、半数、半減", ["半数", "半減"]),
        ("定数倍、倍率、ほぼ倍、桁違い、桁落ち", ["倍", "桁違い"]),
        ("3割引、割り算、2で割る、役割", ["3割"]),
        ("2.1×10⁻⁴、1e−3、1,797枚、２万個", ["2.1×10⁻⁴", "1e−3", "1,797枚", "２万個"]),
        ("3行目、20行目、三行目", ["20"]),
        ("1kgずつ、1回あたり、2kgずつ", ["2kg"]),
        ("scikit-learn 1.9.1、Python 3.11、CC BY 4.0、速さ 4.0", ["4.0"]),
    ],
)
def test_neighbours_are_told_apart(text: str, found: list[str]) -> None:
    assert [number.text for number in spot(text)] == found


@given(st.text(alphabet="019.,-/=〜e×10⁻³ 一二十百万数何分の割倍半桁％個回目第年月式L１９λ"))
def test_no_text_is_too_strange(text: str) -> None:
    end = 0
    for number in spot(text):
        assert end <= number.start < number.end
        assert text[number.start : number.end] == number.text
        end = number.end


POST = """
    ---
    date: 2026-11-20
    slug: post
    title: 題
    typed:
      "体重の2％": たとえ話の <体重>
    ---

    # 題

    体重の2％です。平均は{{ toy.mean }}でした。
"""


def test_a_typed_number_stops_the_build_and_the_list_is_shown_to_readers(site: Site) -> None:
    site.write("docs/articles/post.md", POST)
    site.good()
    article = site.html("articles/post/index.html")
    shown = article[article.index('<details class="typed">') :]
    assert "<dt>体重の2％</dt><dd>たとえ話の &lt;体重&gt;</dd>" in shown
    site.edit("docs/articles/post.md", "でした", "、くり返しは10人でした")
    site.edit("figures/experiments/toy.py", '"表の説明。"', '"表の3割。"')
    site.page("# 別\n\n9割です。\n\n{{ toy.all }}\n", "docs/other.md")
    site.page(
        "---\ndate: 2026-11-20\nslug: draft\ndraft: true\n---\n\n# 下書き\n\n9割です。\n", "docs/articles/draft.md"
    )
    site.page("# 使ってよい範囲\n\n表示 4.0です。\n", "docs/license.md")
    said = site.bad()
    assert re.findall(r"^(?:ERROR.*- +)?(\S+?):(\d+): (?:手で打った数字 '(.*?)')", said, re.MULTILINE) == [
        ("docs/articles/post.md", "11", "10人"),
        ("docs/other.md", "3", "9割"),
        ("figures/experiments/toy.py", "18", "3割"),
    ]
    assert "{{ toy.exact }} が 10人 です" in said
    assert "docs/other.md の front matter の typed に" in said
    assert "10人" not in site.html("articles/post/index.html")
