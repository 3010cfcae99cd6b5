"""Citations in Markdown: one form, three places, and nowhere else."""

from __future__ import annotations

import re

import pytest
from conftest import Site
from markdown import Markdown

from figures.record import Record
from figures.results import Claim, Figure, Number, Table
from figures.runner import Run
from hooks.cite import CiteExtension
from hooks.formulate import MathExtension
from hooks.render import Citations
from hooks.report import Problem, line_of

RECORD = Record(
    "toy",
    {
        "mean": Number([0.871, 0.879, 0.869], "%", "正解率"),
        "exact": Number(442, "人", digits=0),
        "large": Claim([1, 2, 3], ">", 0),
        "cells": Table(["", "値"], {"L1": ["mean"]}, "表の{{ toy.exact }}。"),
        "line": Figure({"左": [1], "右": [2]}, "見出し", "見どころ。値は{{ toy.mean }}。", "線。{{ toy.mean }}", "abc"),
    },
)
RUN = Run(RECORD, "", {"line": {"左": "<svg>1</svg>", "右": "<svg>2</svg>"}}, {})
NUMBER = (
    '<a class="cite" data-about="正解率" data-error="0.3" data-n="3" href="/base/receipts/toy/#mean">'
    '<data data-cite="toy.mean" value="0.873">87.3%</data></a>'
)
CLAIM = (
    '<span class="claimed"><span class="claim" data-claim="toy.large">{}</span>'
    '<a aria-label="3/3、3回中3回" class="claim-score" data-held="3" data-n="3" data-needed="3"'
    ' href="/base/receipts/toy/#large">\u20603/3</a></span>'
)
EXTENSIONS = [
    "tables",
    "footnotes",
    "admonition",
    "attr_list",
    "md_in_html",
    "pymdownx.superfences",
    "pymdownx.details",
]


def convert(text: str) -> tuple[str, list[Problem]]:
    problems: list[Problem] = []
    citations = Citations({"toy": RUN}, "/base/receipts/", problems)
    html = Markdown(extensions=[*EXTENSIONS, MathExtension(problems), CiteExtension(citations)]).convert(text)
    return html, problems


def good(text: str) -> str:
    html, problems = convert(text)
    assert problems == []
    return html


@pytest.mark.parametrize(
    "text",
    [
        "正解率は{{ toy.mean }}でした。",
        "正解率は{{toy.mean}}でした。",
        "**強く{{ toy.mean }}**",
        "- 一つ目は{{ toy.mean }}\n- 二つ目",
        "- {{ toy.mean }}",
        "1. 一\n\n    {{ toy.mean }}です。",
        "| a | b |\n|---|---|\n| {{ toy.mean }} | x |",
        '!!! note "要点"\n\n    正解率は{{ toy.mean }}。',
        '??? note "答え"\n\n    正解率は{{ toy.mean }}。',
        "文[^1]。\n\n[^1]: 注の{{ toy.mean }}。",
        "> 引用の{{ toy.mean }}。",
        "一行目は\n{{ toy.mean }}\nと続きます。",
        "<div markdown>\n\n正解率は{{ toy.mean }}。\n\n</div>",
        "\\\\{{ toy.mean }}",
        "「{{ toy.mean }}」、（{{ toy.mean }}）。",
    ],
)
def test_a_number_stands_in_a_sentence_wherever_markdown_has_sentences(text: str) -> None:
    html = good(text)
    assert NUMBER in html
    assert html.count("<data ") == html.count("87.3%</data>") == text.count("toy.mean")


def test_a_number_in_a_link_is_no_second_link() -> None:
    assert good("[リンク{{ toy.mean }}](#x)") == (
        '<p><a href="#x">リンク<span class="cite" data-about="正解率" data-error="0.3" data-n="3">'
        '<data data-cite="toy.mean" value="0.873">87.3%</data></span></a></p>'
    )


def test_nothing_but_the_text_is_inside_data() -> None:
    assert re.findall(r"<data[^>]*>(.*?)</data>", good("{{ toy.mean }}と{{ toy.exact }}。")) == ["87.3%", "442人"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[L1のほうが多い]{{ toy.large }}です。", "L1のほうが多い"),
        ("[L1の**ほう**が`x`]{{ toy.large }}", "L1の<strong>ほう</strong>が<code>x</code>"),
        ("[角括弧[1]も]{{ toy.large }}", "角括弧[1]も"),
        ("[改行の\nあとも]{{ toy.large }}", "改行の\nあとも"),
        ("普通の[リンク](#a)と[主張]{{ toy.large }}", "主張"),
        ("- [主張]{{ toy.large }}", "主張"),
        ("| a |\n|---|\n| [主張]{{ toy.large }} |", "主張"),
        ("[正解率{{ toy.mean }}に届く]{{ toy.large }}", f"正解率{NUMBER}に届く"),
    ],
)
def test_bracketed_words_are_a_claim(text: str, words: str) -> None:
    assert CLAIM.format(words) in good(text)


@pytest.mark.parametrize("before", ["", "前の文。\n", "前の段落。\n\n"])
@pytest.mark.parametrize("after", ["", "\n次の文。", "\n\n次の段落。"])
def test_a_figure_stands_alone_on_its_line(before: str, after: str) -> None:
    html = good(f"{before}{{{{ toy.line }}}}{after}")
    assert html.count("<figure") == 1
    assert html.count("<svg>") == 2
    assert 'data-sha256="abc"' in html
    assert 'aria-label="線。87.3%"' in html
    assert f"<strong>見どころ。</strong><span>値は{NUMBER}。</span>" in html
    assert ("前の" in html) == bool(before)
    assert ("次の" in html) == bool(after)
    assert "\x02" not in html
    assert "{{" not in html


def test_a_number_alone_on_its_line_is_that_of_a_terms_page(site: Site) -> None:
    site.page('# 見出し\n\n!!! measured "測った数"\n\n    {{ toy.mean }}\n\n    平均です。\n')
    assert re.search(r'<div class="admonition measured">\s*<p[^>]*>測った数</p>\s*<p><a class="cite"', site.good())
    site.page("# 見出し\n\n{{ toy.mean }}\n")
    assert "docs/index.md:3: 'toy.mean' は数字です。文の中に書いてください。" in site.bad()


@pytest.mark.parametrize(
    "text", ["{{ toy.cells }}", "- 項目\n\n    {{ toy.cells }}", '!!! note "表"\n\n    {{ toy.cells }}']
)
def test_a_table_is_made_of_cited_numbers(text: str) -> None:
    html = good(text)
    assert f'<td>{NUMBER}<span class="error">±0.3</span></td>' in html
    assert '<data data-cite="toy.exact" value="442">442人</data>' in html


@pytest.mark.parametrize(
    "text",
    [
        "`{{ toy.mean }}`",
        "``{{ toy.line }}``",
        "```\n{{ toy.mean }}\n```",
        "```python\nx = '{{ toy.nothing }}'\n```",
        "~~~\n[主張]{{ toy.large }}\n~~~",
        "    {{ toy.mean }}\n",
        "- 項目\n\n    ```\n    {{ toy.mean }}\n    ```\n",
        "$x_{{ toy.mean }}$",
        "$$\nx_{{ toy.mean }}\n$$",
        "\\{{ toy.mean }}",
        "\\\\\\{{ toy.mean }}",
        "\\[主張]\\{{ toy.large }}",
        "<!-- {{ toy.mean }} -->",
        "文 <!-- {{ toy.nothing }} --> 文",
        "<pre><code>{{ toy.mean }}</code></pre>",
    ],
)
def test_code_maths_comments_and_escapes_are_left_alone(text: str) -> None:
    html = good(text)
    assert "<data" not in html
    assert "data-claim" not in html


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("一\n\n値は{{ toy.maen }}。", 3, "'toy.maen' という結果はありません。'mean' のことですか?"),
        ("値は{{ tyo.mean }}。", 1, "'tyo' という実験はありません。'toy' のことですか?"),
        ("一\n二\n\n{{ toy.lien }}", 4, "'line' のことですか?"),
        ("値は{{ mean }}。", 1, "'mean' という実験はありません"),
        ("値は{{ toy. }}。", 1, "という結果はありません"),
        ("[言葉]{{ toy.lrage }}", 1, "'large' のことですか?"),
        ("一\n\n文の中の{{ toy.line }}。", 3, "'toy.line' は図です"),
        ("文の中の{{ toy.cells }}。", 1, "'toy.cells' は表です"),
        ("主張は{{ toy.large }}。", 1, "'toy.large' は主張です"),
        ("一\n\n{{ toy.large }}", 3, "'toy.large' は主張です"),
        ("一\n\n{{ toy.mean }}", 3, "'toy.mean' は数字です"),
        ("[言葉]{{ toy.mean }}", 1, "'toy.mean' は数字です"),
        ("[言葉]{{ toy.line }}", 1, "'toy.line' は図です"),
        ("一\n\n## 見出し {{ toy.mean }}", 3, "見出しに 'toy.mean' は書けません"),
        ("[主張]{{ toy.large }}\n===", 1, "見出しに 'toy.large' は書けません"),
        ("一\n\n<div>\n{{ toy.mean }}\n</div>", 4, "HTMLの中では引用できません"),
        ('一\n\n<p title="{{ toy.mean }}">x</p>', 3, "HTMLの中では引用できません"),
        ("一\n\n文の<b>{{ toy.mean }}</b>です。", 3, "HTMLの中では引用できません"),
        ('文の<img alt="{{ toy.mean }}">です。', 1, "HTMLの中では引用できません"),
        ("文の<b>[主張]{{ toy.large }}</b>です。", 1, "HTMLの中では引用できません"),
        ("```\n値は{{ toy.maen }}。\n```\n\n値は{{ toy.maen }}。", 5, "'toy.maen' という結果"),
        ("{{ toy.line }}\n\n図は{{ toy.line }}。", 3, "'toy.line' は図です"),
    ],
)
def test_anything_else_is_one_problem_with_its_line(text: str, line: int, words: str) -> None:
    _, problems = convert(text)
    assert len(set(problems)) == 1
    assert words in problems[0].message
    assert line_of(text, problems[0]) == line


def test_plain_text_prints_numbers_only() -> None:
    problems: list[Problem] = []
    citations = Citations({"toy": RUN}, "/", problems)
    assert citations.plain("正解率{{ toy.mean }}、{{toy.exact}}", "") == "正解率87.3%、442人"
    assert problems == []
    citations.plain("{{ toy.line }}{{ toy.maen }}", "")
    assert len(problems) == 2


@pytest.mark.parametrize(
    "words",
    [
        "いつも大きい",
        "必ず大きい",
        "すべて大きい",
        "まったく減らない",
        "どの種でも大きい",
        "一度も負けない",
        "100％勝つ",
        "どれも勝つ",
    ],
)
def test_words_for_every_case_need_every_repetition(words: str) -> None:
    """That it happened to hold in all of them is not enough: the claim has to ask for it."""
    problems: list[Problem] = []
    claims = {"some": Claim([1, 2, 3], ">", 0, 0.6), "all": Claim([1, 2, 3], ">", 0)}
    citations = Citations({"toy": Run(Record("toy", dict(claims)), "", {}, {})}, "/", problems)
    markdown = Markdown(extensions=[CiteExtension(citations)])
    markdown.convert(f"ここで、[{words}]{{{{ toy.all }}}}。[たいてい大きい]{{{{ toy.some }}}}。いつも、という話。")
    assert problems == []
    markdown.convert(f"[{words}]{{{{ toy.some }}}}。")
    assert len(problems) == 1
    assert "3回すべてで成り立つことを求めます。'toy.some' は2回からです。" in problems[0].message
